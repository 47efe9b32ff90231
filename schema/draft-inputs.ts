// What a draft holds. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, Max, Min, ValidateNested } from 'class-validator'
import { Field, Float, InputType, Int } from 'type-graphql'
import type { Confidentiality, DataClass, Matter, MeasureCode, ProceedingsStage, RequestKind, Urgency } from '../src/domain/vocabulary'
import { Bounded } from './bounded'
import { ConfidentialityEnum, DataClassEnum, MatterEnum, MeasureCodeEnum, ProceedingsStageEnum, RequestKindEnum, UrgencyEnum } from './enums'
import { CountryCodeScalar, InstantScalar, LocalDateScalar } from './scalars'
import { ActInput } from './act-input'
import { DossierParts } from './dossier-parts'
import { OptionalCoded, OptionalName, OptionalNames, OptionalProse } from './texts'

@InputType('CitedBasisInput', { description: 'A legal basis to cite: a treaty, or an offer of reciprocity.' })
export class CitedBasisInput {
  @Field(() => String, { nullable: true, description: 'Code of an instrument of the register, at most 64 characters.' })
  @IsOptional() @Bounded(0, 64)
  treatyCode?: string | null
  @Field(() => String, { nullable: true, description: 'Article, at most 200 characters.' })
  @IsOptional() @Bounded(0, 200)
  article?: string | null
  @Field(() => String, { nullable: true, description: 'Offer of reciprocity, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  reciprocity?: string | null
}

@InputType('PreservationInput', { description: 'A preservation of data.' })
export class PreservationInput {
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day asked for.' })
  @IsOptional()
  until?: string | null
  @Field(() => String, { nullable: true, description: 'Reference of an earlier preservation, at most 200 characters.' })
  @IsOptional() @Bounded(0, 200)
  reference?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Whether a formal request will follow.' })
  @IsOptional()
  followUpIntended?: boolean | null
}

@InputType('OffenceInput', { description: 'An offence.' })
export class OffenceInput {
  @Field(() => String, { description: 'At most 200 characters.' })
  @Bounded(0, 200)
  name!: string
  @Field(() => String, { description: 'Its provision, copied; at most 20,000 characters.' })
  @Bounded(0, 20000)
  provision!: string
  @Field(() => Float, { nullable: true, description: 'Highest penalty in years.' })
  @IsOptional() @Min(0) @Max(1_000)
  maxPenaltyYears?: number | null
  @OptionalCoded('Code of the list OFFENCE_CATEGORY')
  category?: string | null
}

@InputType('PersonInput', { description: 'A person concerned.' })
export class PersonInput {
  @Field(() => String, { description: 'Code of the list PERSON_ROLE.' })
  @Bounded(0, 64)
  role!: string
  @Field(() => String, { description: 'At most 200 characters.' })
  @Bounded(0, 200)
  name!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'Date of birth.' })
  @IsOptional()
  birthDate?: string | null
  @Field(() => CountryCodeScalar, { nullable: true, description: 'Nationality.' })
  @IsOptional()
  nationality?: string | null
  @OptionalNames('Other names')
  aliases?: string[] | null
  @OptionalProse('Address')
  address?: string | null
  @OptionalName('Number of a passport or other document')
  documentNumber?: string | null
  @OptionalName('Defence counsel')
  defenceCounsel?: string | null
}

@InputType('IdentifierInput', { description: 'Something that identifies data, an account or a thing.' })
export class IdentifierInput {
  @Field(() => String, { description: 'Code of the list IDENTIFIER_KIND.' })
  @Bounded(0, 64)
  kind!: string
  @Field(() => String, { description: 'At most 2,000 characters.' })
  @Bounded(0, 2000)
  value!: string
  @Field(() => Int, { nullable: true, description: 'Port of an IP address, 0 to 65,535; null where not known.' })
  @IsOptional() @Min(0) @Max(65_535)
  port?: number | null
  @Field(() => InstantScalar, { nullable: true, description: 'Moment at which an IP address was used; null where not known.' })
  @IsOptional()
  at?: string | null
}

@InputType('TimeWindowInput', { description: 'A period of time.' })
export class TimeWindowInput {
  @Field(() => InstantScalar, { description: 'Its beginning.' })
  from!: string
  @Field(() => InstantScalar, { description: 'Its end.' })
  to!: string
}

@InputType('ProportionalityInput', { description: 'Why a measure is proportionate.' })
export class ProportionalityInput {
  @Field(() => String, { description: 'At most 20,000 characters.' })
  @Bounded(0, 20000)
  aim!: string
  @Field(() => String, { description: 'At most 20,000 characters.' })
  @Bounded(0, 20000)
  necessity!: string
  @Field(() => String, { description: 'At most 20,000 characters.' })
  @Bounded(0, 20000)
  lessIntrusive!: string
  @OptionalProse('How the scope is kept narrow')
  scopeLimits?: string | null
  @OptionalProse('Third persons affected, and how they are spared')
  thirdParties?: string | null
}

@InputType('DossierInput', { description: 'The content of a request. Upper bounds are checked at once, what is missing is found by `checkDraft`.' })
export class DossierInput extends DossierParts {
  @Field(() => String, { nullable: true, description: 'At most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  facts?: string | null
  @Field(() => String, { nullable: true, description: 'At most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  purpose?: string | null
  @Field(() => String, { nullable: true, description: 'At most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  nexus?: string | null
  @Field(() => [OffenceInput], { nullable: true, description: 'At most 100.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  offences?: OffenceInput[] | null
  @Field(() => [PersonInput], { nullable: true, description: 'At most 100.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  persons?: PersonInput[] | null
  @Field(() => [IdentifierInput], { nullable: true, description: 'At most 100.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  identifiers?: IdentifierInput[] | null
  @Field(() => ProceedingsStageEnum, { nullable: true, description: 'Stage of the proceedings.' })
  @IsOptional()
  stage?: ProceedingsStage | null
  @Field(() => String, { nullable: true, description: 'Function of the issuing official, no personal name; at most 200 characters.' })
  @IsOptional() @Bounded(0, 200)
  issuedBy?: string | null
  @Field(() => String, { nullable: true, description: 'Why it is urgent; at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  urgencyGround?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'When it is needed.' })
  @IsOptional()
  neededBy?: string | null
  @Field(() => TimeWindowInput, { nullable: true, description: 'Period that the data are from.' })
  @IsOptional() @ValidateNested()
  timeWindow?: TimeWindowInput | null
  @Field(() => [DataClassEnum], { nullable: true, description: 'Classes of data, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  dataClasses?: DataClass[] | null
  @Field(() => String, { nullable: true, description: 'Provider or custodian, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  custodian?: string | null
  @Field(() => PreservationInput, { nullable: true, description: 'Preservation asked for or relied on.' })
  @IsOptional() @ValidateNested()
  preservation?: PreservationInput | null
  @Field(() => [String], { nullable: true, description: 'At most 100, each at most 20,000 characters.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(0, 20000, true)
  formalities?: string[] | null
  @Field(() => ProportionalityInput, { nullable: true, description: 'Why the measure is proportionate.' })
  @IsOptional() @ValidateNested()
  proportionality?: ProportionalityInput | null
  @Field(() => String, { nullable: true, description: 'At most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  emergencyStatement?: string | null
  @Field(() => String, { nullable: true, description: 'At most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  dualCriminalityStatement?: string | null
  @Field(() => ConfidentialityEnum, { nullable: true, defaultValue: 'CONFIDENTIAL', description: 'Level of confidentiality.' })
  @IsOptional()
  confidentiality?: Confidentiality | null
  @Field(() => [String], { nullable: true, description: 'Codes of the list USE_RESTRICTION, at most 100.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(1, 64, true)
  useRestrictions?: string[] | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day of retention.' })
  @IsOptional()
  retainUntil?: string | null
  @Field(() => String, { nullable: true, description: 'ISO 639-1 (list LANGUAGE).' })
  @IsOptional() @Bounded(0, 64)
  language?: string | null
}

@InputType('DraftRequestInput', { description: 'A new draft; it may lack what `checkDraft` will ask for.' })
export class DraftRequestInput {
  @Field(() => String, { description: '1 to 200 characters, the caller\'s own. Repeating a call with the same key returns the request as it is now and creates nothing; other content is IDEMPOTENCY_CONFLICT.' })
  @Bounded(1, 200)
  idempotencyKey!: string
  @Field(() => RequestKindEnum, { description: 'Kind of assistance.' })
  kind!: RequestKind
  @Field(() => MatterEnum, { description: 'Branch of law.' })
  matter!: Matter
  @Field(() => UrgencyEnum, { description: 'Level of urgency.' })
  urgency!: Urgency
  @Field(() => CountryCodeScalar, { description: 'State that is asked; its authority comes from the directory.' })
  requested!: string
  @Field(() => String, { description: 'The requesting side\'s own case number, 1 to 64 characters.' })
  @Bounded(1, 64)
  ownReference!: string
  @Field(() => [CitedBasisInput], { description: 'Instruments cited, or an offer of reciprocity; at most 100.' })
  @ArrayMaxSize(100) @ValidateNested({ each: true })
  legalBases!: CitedBasisInput[]
  @Field(() => [MeasureCodeEnum], { description: 'Measures asked for, at most 100.' })
  @ArrayMaxSize(100)
  measures!: MeasureCode[]
  @Field(() => DossierInput, { description: 'The content.' })
  @ValidateNested()
  dossier!: DossierInput
}

@InputType('AmendDraftInput', { description: 'What to change in a draft; what is absent stays.' })
export class AmendDraftInput extends ActInput {
  @Field(() => UrgencyEnum, { nullable: true, description: 'New level of urgency.' })
  @IsOptional()
  urgency?: Urgency | null
  @Field(() => [CitedBasisInput], { nullable: true, description: 'New legal bases, all of them; at most 100.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  legalBases?: CitedBasisInput[] | null
  @Field(() => [MeasureCodeEnum], { nullable: true, description: 'New measures, all of them; at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  measures?: MeasureCode[] | null
  @Field(() => DossierInput, { nullable: true, description: 'New dossier, replacing the whole one.' })
  @IsOptional() @ValidateNested()
  dossier?: DossierInput | null
  @Field(() => String, { nullable: true, description: 'What was changed, or in a consultation a further question, in words; at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}
