// What acts beside the shared status say. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, Max, Min } from 'class-validator'
import { Field, InputType, Int } from 'type-graphql'
import type { Obligation, Overlay, SubState } from '../src/domain/vocabulary'
import { ActInput } from './act-input'
import { Bounded } from './bounded'
import { ObligationEnum, OverlayEnum, SubStateEnum } from './enums'
import { InstantScalar, LocalDateScalar } from './scalars'

@InputType('RecordSubStateInput', { description: 'A move of the kind\'s own state.' })
export class RecordSubStateInput extends ActInput {
  @Field(() => SubStateEnum, { description: 'The state that is reached; one of `availableSubStates`.' })
  subState!: SubState
  @Field(() => InstantScalar, { nullable: true, description: 'When it was, or is to be. Needed with HEARING_SCHEDULED, SURRENDER_SCHEDULED, SERVED and EXTENDED; else absent: now.' })
  @IsOptional()
  on?: string | null
  @Field(() => String, { nullable: true, description: 'Note in words, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('RaiseOverlayInput', { description: 'Something that stands beside the status from now on.' })
export class RaiseOverlayInput extends ActInput {
  @Field(() => OverlayEnum, { description: 'What. LEGAL_REMEDY_PENDING and ON_HOLD_BY_COURT are raised by the requested side alone.' })
  overlay!: Overlay
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}

@InputType('LiftOverlayInput', { description: 'The end of something that stood beside the status.' })
export class LiftOverlayInput extends ActInput {
  @Field(() => OverlayEnum, { description: 'What; the side that raised it lifts it, ESCALATED either.' })
  overlay!: Overlay
  @Field(() => String, { description: 'Why, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reason!: string
}

@InputType('AnswerConsultationInput', { description: 'An answer in a consultation before a request.' })
export class AnswerConsultationInput extends ActInput {
  @Field(() => String, { description: 'The answer, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  answer!: string
}

@InputType('AskFurtherUseInput', { description: 'The question whether evidence may be used in another case.' })
export class AskFurtherUseInput extends ActInput {
  @Field(() => String, { description: 'Which case, and for what, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  purpose!: string
}

@InputType('DecideFurtherUseInput', { description: 'The decision whether evidence may be used in another case.' })
export class DecideFurtherUseInput extends ActInput {
  @Field(() => Int, { description: '`asked` of the question that is decided.' })
  @Min(1) @Max(1_000_000)
  asked!: number
  @Field(() => Boolean, { description: 'Whether it is permitted.' })
  granted!: boolean
  @Field(() => String, { description: 'Reasons, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reasons!: string
  @Field(() => [String], { nullable: true, description: 'Codes of the list CONDITION, at most 100.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(1, 64, true)
  conditions?: string[] | null
}

@InputType('TriggerSafeguardInput', { description: 'Notice that an extraordinary safeguard was used.' })
export class TriggerSafeguardInput extends ActInput {
  @Field(() => String, { description: 'Which safeguard, and of what, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  safeguard!: string
}

@InputType('ExtendLimitInput', { description: 'Prolongs a running time limit by what its rule allows.' })
export class ExtendLimitInput extends ActInput {
  @Field(() => ObligationEnum, { description: 'Whose clocks: one of `deadlines` that still has an `extension`.' })
  obligation!: Obligation
  @Field(() => String, { description: 'Why it cannot be kept, for the other side, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  reasons!: string
}

@InputType('TellPersonInput', { description: 'Notice to the person concerned, given or deferred again.' })
export class TellPersonInput extends ActInput {
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day on which a deferral is reviewed next; absent: the person was told.' })
  @IsOptional()
  reviewOn?: string | null
  @Field(() => String, { nullable: true, description: 'Why it is deferred, or how the person was told; at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  reason?: string | null
}
