// What an act says. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator'
import { Field, ID, InputType } from 'type-graphql'
import type { MeasureCode, Urgency } from '../src/domain/vocabulary'
import { Bounded } from './bounded'
import { MeasureCodeEnum, UrgencyEnum } from './enums'
import { ByteCountScalar, InstantScalar, Sha256Scalar } from './scalars'
import { DossierInput, TimeWindowInput } from './draft-inputs'
import { ActInput } from './act-input'
import { DualCriminalityFinding } from './test-finding'

@InputType('ResultItemInput', { description: 'One item transmitted.' })
export class ResultItemInput {
  @Field(() => String, { description: 'What it is, 1 to 200 characters.' })
  @Bounded(1, 200)
  label!: string
  @Field(() => String, { description: 'Media type, 1 to 200 characters.' })
  @Bounded(1, 200)
  mediaType!: string
  @Field(() => ByteCountScalar, { description: 'Size in bytes.' })
  bytes!: number
  @Field(() => Sha256Scalar, { description: 'Digest of the item.' })
  sha256!: string
  @Field(() => [String], { nullable: true, description: 'Codes of the list SENSITIVITY, at most 100.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(1, 64, true)
  sensitivity?: string[] | null
}

@InputType('ConsultInput', { description: 'A draft to be shown to the other side, with a question.' })
export class ConsultInput extends ActInput {
  @Field(() => String, { description: 'The question, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  question!: string
}

@InputType('ValidateInput', { description: 'Sign-off of a draft by a second official.' })
export class ValidateInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('SubmitInput', { description: 'Sending of a validated request.' })
export class SubmitInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('WithdrawInput', { description: 'Withdrawal of a request.' })
export class WithdrawInput extends ActInput {
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}

@InputType('ConfirmResultsInput', { description: 'Confirmation of all results.' })
export class ConfirmResultsInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('BeginAssessmentInput', { description: 'Begin of the assessment.' })
export class BeginAssessmentInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('ResumeInput', { description: 'Resumption of a postponed request.' })
export class ResumeInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('BeginExecutionInput', { description: 'Begin of the execution.' })
export class BeginExecutionInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('DeclareImpossibleInput', { description: 'Declaration that a request cannot be carried out.' })
export class DeclareImpossibleInput extends ActInput {
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}

@InputType('CloseInput', { description: 'End of a file.' })
export class CloseInput extends ActInput {
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('AcknowledgeInput', { description: 'Acknowledgement of a request.' })
export class AcknowledgeInput extends ActInput {
  @Field(() => String, { description: 'Unit or function that handles it, no personal name; 1 to 200 characters.' })
  @Bounded(1, 200)
  handler!: string
  @Field(() => String, { description: 'The requested side\'s own case number, 1 to 64 characters.' })
  @Bounded(1, 64)
  ownReference!: string
}

@InputType('AskForInformationInput', { description: 'A question to the requesting side.' })
export class AskForInformationInput extends ActInput {
  @Field(() => [String], { description: 'What is missing, at most 100 lines.' })
  @ArrayMaxSize(100) @Bounded(0, 20000, true)
  missing!: string[]
  @Field(() => InstantScalar, { description: 'By when it is needed.' })
  answerBy!: string
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('SupplementInput', { description: 'The answer to a question.' })
export class SupplementInput extends ActInput {
  @Field(() => DossierInput, { description: 'The whole new dossier.' })
  @ValidateNested()
  dossier!: DossierInput
  @Field(() => String, { description: 'Note in words, at most 20,000 characters.' })
  @Bounded(1, 20000)
  note!: string
}

@InputType('ProposeScopeInput', { description: 'A narrower scope.' })
export class ProposeScopeInput extends ActInput {
  @Field(() => [String], { description: 'Codes of the list OBJECTION, at most 100.' })
  @ArrayMaxSize(100) @Bounded(1, 64, true)
  objections!: string[]
  @Field(() => String, { description: 'The scope that would do, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  proposal!: string
  @Field(() => [MeasureCodeEnum], { nullable: true, description: 'Measures proposed, at most 100; absent: they stay.' })
  @IsOptional() @ArrayMaxSize(100)
  measures?: MeasureCode[] | null
  @Field(() => TimeWindowInput, { nullable: true, description: 'Window proposed; absent: it stays.' })
  @IsOptional() @ValidateNested()
  timeWindow?: TimeWindowInput | null
}

@InputType('AnswerScopeInput', { description: 'The answer to a proposed scope.' })
export class AnswerScopeInput extends ActInput {
  @Field(() => Boolean, { description: 'Whether it is accepted.' })
  accept!: boolean
  @Field(() => String, { nullable: true, description: 'Counter-proposal, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  counter?: string | null
}

@InputType('AcceptInput', { description: 'Acceptance of a request.' })
export class AcceptInput extends ActInput {
  @Field(() => String, { description: 'Reasons, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reasons!: string
  @Field(() => [String], { nullable: true, description: 'Codes of the list CONDITION, at most 100; with conditions the requesting side has to agree.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(1, 64, true)
  conditions?: string[] | null
  @Field(() => DualCriminalityFinding, { nullable: true, description: 'What the test of double criminality found; null where it is not recorded.' })
  @IsOptional() @ValidateNested()
  dualCriminality?: DualCriminalityFinding | null
}

@InputType('AnswerConditionsInput', { description: 'The answer to conditions.' })
export class AnswerConditionsInput extends ActInput {
  @Field(() => Boolean, { description: 'Whether they are agreed to.' })
  accept!: boolean
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('RefuseInput', { description: 'Refusal of a request.' })
export class RefuseInput extends ActInput {
  @Field(() => [String], { description: 'Codes of the list REFUSAL_GROUND, at most 100.' })
  @ArrayMaxSize(100) @Bounded(1, 64, true)
  grounds!: string[]
  @Field(() => String, { description: 'Reasons, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reasons!: string
  @Field(() => String, { nullable: true, description: 'Remedies that are open, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  remedies?: string | null
  @Field(() => DualCriminalityFinding, { nullable: true, description: 'What the test of double criminality found; null where it is not recorded.' })
  @IsOptional() @ValidateNested()
  dualCriminality?: DualCriminalityFinding | null
}

@InputType('PostponeInput', { description: 'Postponement of a request.' })
export class PostponeInput extends ActInput {
  @Field(() => String, { description: 'Code of the list POSTPONEMENT_GROUND.' })
  @Bounded(0, 64)
  ground!: string
  @Field(() => InstantScalar, { description: 'Until when.' })
  until!: string
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('ReportResultsInput', { description: 'Report of what was transmitted.' })
export class ReportResultsInput extends ActInput {
  @Field(() => [ResultItemInput], { description: 'The items, at most 100.' })
  @ArrayMaxSize(100) @ValidateNested({ each: true })
  items!: ResultItemInput[]
  @Field(() => Boolean, { description: 'Whether that was all.' })
  complete!: boolean
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('RedirectInput', { description: 'Redirection of a request.' })
export class RedirectInput extends ActInput {
  @Field(() => ID, { description: 'Id of the competent authority.' })
  @Bounded(1, 200)
  to!: string
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}

@InputType('ChangeUrgencyInput', { description: 'Change of the level of urgency.' })
export class ChangeUrgencyInput extends ActInput {
  @Field(() => UrgencyEnum, { description: 'The new level.' })
  urgency!: Urgency
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}
