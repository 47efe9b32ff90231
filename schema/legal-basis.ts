// Which instruments may be cited, and what a request needs. Types alone, no behaviour.
import { Field, Int, ObjectType } from 'type-graphql'
import type { ClockStart, CodeList, DayCounting, DualCriminality, ExclusionReason, Obligation, Presence, RequestKind, TestNeed } from '../src/domain/vocabulary'
import { ClockStartEnum, CodeListEnum, DayCountingEnum, DualCriminalityEnum, ExclusionReasonEnum, ObligationEnum, PresenceEnum, RequestKindEnum, TestNeedEnum } from './enums'
import { DurationScalar, LocalDateScalar } from './scalars'
import { Treaty } from './treaty'

@ObjectType('LegalBasisAnswer', { description: 'Which instruments may be cited, and why the others may not.' })
export class LegalBasisAnswer {
  @Field(() => LocalDateScalar, { description: 'The day that was judged.' })
  on!: string
  @Field(() => [LegalBasis], { description: 'May be cited, best first.' })
  usable!: LegalBasis[]
  @Field(() => [ExcludedBasis], { description: 'May not be cited, each with its first reason.' })
  excluded!: ExcludedBasis[]
  @Field(() => ReciprocityOffer, { nullable: true, description: 'What is left where nothing may be cited; null otherwise.' })
  reciprocity?: ReciprocityOffer | null
}

@ObjectType('ReciprocityOffer', { description: 'A request may rest on an offer to do the same.' })
export class ReciprocityOffer {
  @Field(() => String, { description: 'Why, in words.' })
  explanation!: string
  @Field(() => [String], { description: 'Languages that the requested state accepts, ISO 639-1.' })
  languages!: string[]
  @Field(() => DualCriminalityTest, { description: 'Whether the requested state tests double criminality of its own law.' })
  dualCriminalityTest!: DualCriminalityTest
}

@ObjectType('DualCriminalityTest', { description: 'Whether double criminality is tested for the measures asked for.' })
export class DualCriminalityTest {
  @Field(() => TestNeedEnum, { description: 'Whether.' })
  needed!: TestNeed
  @Field(() => String, { description: 'Why, in words, with the source.' })
  reason!: string
  @Field(() => String, { nullable: true, description: 'The rule; null where none is known.' })
  source?: string | null
  @Field(() => Boolean, { description: 'Whether the rule was checked at its source.' })
  verified!: boolean
}

@ObjectType('LegalBasis', { description: 'An instrument that may be cited for a request.' })
export class LegalBasis {
  @Field(() => Treaty, { description: 'The instrument.' })
  treaty!: Treaty
  @Field(() => [String], { description: 'Articles to cite.' })
  articles!: string[]
  @Field(() => String, { description: 'Channel of transmission, in words.' })
  channel!: string
  @Field(() => String, { nullable: true, description: 'Channel for urgent cases, in words; null where it names none.' })
  urgentChannel?: string | null
  @Field(() => [String], { description: 'Languages that instrument and requested state accept, ISO 639-1.' })
  languages!: string[]
  @Field(() => DualCriminalityEnum, { description: 'When double criminality is tested under it.' })
  dualCriminality!: DualCriminality
  @Field(() => DualCriminalityTest, { description: 'Whether it is tested for the measures that were named.' })
  dualCriminalityTest!: DualCriminalityTest
  @Field(() => [TimeLimit], { description: 'What must happen within how long.' })
  timeLimits!: TimeLimit[]
  @Field(() => [String], { description: 'Conditions that follow from statements and the instrument, in words.' })
  conditions!: string[]
  @Field(() => Boolean, { description: 'Whether all that it rests on was checked at its source.' })
  verified!: boolean
}

@ObjectType('ExcludedBasis', { description: 'An instrument that may not be cited.' })
export class ExcludedBasis {
  @Field(() => Treaty, { description: 'The instrument.' })
  treaty!: Treaty
  @Field(() => ExclusionReasonEnum, { description: 'The first reason, in the order of the enum.' })
  because!: ExclusionReason
  @Field(() => String, { description: 'The reason in words, with dates.' })
  explanation!: string
}

@ObjectType('TimeLimit', { description: 'What must happen within how long, e.g. EIO art. 16(1): acknowledge within 7 days of receipt.' })
export class TimeLimit {
  @Field(() => ObligationEnum, { description: 'What must happen.' })
  obligation!: Obligation
  @Field(() => DurationScalar, { description: 'How long, ISO 8601 in one unit.' })
  limit!: string
  @Field(() => ClockStartEnum, { description: 'Where it starts.' })
  runsFrom!: ClockStart
  @Field(() => DurationScalar, { nullable: true, description: 'By how much it may be prolonged, with reasons; null where the rule knows no prolongation.' })
  extension?: string | null
  @Field(() => DayCountingEnum, { description: 'How its days are counted; hours are exact, in UTC.' })
  counted!: DayCounting
  @Field(() => String, { nullable: true, description: 'What else the rule says; null without.' })
  note?: string | null
  @Field(() => String, { description: 'The rule.' })
  source!: string
  @Field(() => Boolean, { description: 'Whether the rule was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day as of which the row was written; null where a sent request kept the row without it.' })
  asOf?: string | null
}

@ObjectType('RequestTemplate', { description: 'Which fields a request of this kind needs between these states.' })
export class RequestTemplate {
  @Field(() => RequestKindEnum, { description: 'The kind asked for.' })
  kind!: RequestKind
  @Field(() => [TemplateField], { description: 'Every field, with its presence.' })
  fields!: TemplateField[]
  @Field(() => [String], { description: 'Languages in which it may be written, ISO 639-1.' })
  languages!: string[]
  @Field(() => [TimeLimit], { description: 'Time limits that will run.' })
  timeLimits!: TimeLimit[]
}

@ObjectType('TemplateField', { description: 'One field of a template.' })
export class TemplateField {
  @Field(() => String, { description: 'Where it stands in the draft, `dossier.facts`.' })
  path!: string
  @Field(() => PresenceEnum, { description: 'Whether it is needed.' })
  presence!: Presence
  @Field(() => String, { description: 'Type of the field, in the schema\'s words.' })
  type!: string
  @Field(() => [String], { description: 'Codes that may stand there; empty where it is free.' })
  codes!: string[]
  @Field(() => CodeListEnum, { nullable: true, description: 'List that the codes are of; null where they are of none.' })
  codeList?: CodeList | null
  @Field(() => String, { nullable: true, description: 'The condition or the reason in words; null where it is plain.' })
  because?: string | null
  @Field(() => Int, { nullable: true, description: 'Least number of characters; null where none is asked.' })
  minLength?: number | null
  @Field(() => Int, { nullable: true, description: 'Most characters that the input takes; null where it is no text.' })
  maxLength?: number | null
  @Field(() => Int, { nullable: true, description: 'Most entries that the input takes; null where it is no list.' })
  maxItems?: number | null
  @Field(() => String, { description: 'How to fill it.' })
  hint!: string
  @Field(() => String, { description: 'The rule that asks for it.' })
  source!: string
  @Field(() => Boolean, { description: 'Whether the rule was checked at its source.' })
  verified!: boolean
}

@ObjectType('RequestLaw', { description: 'What a sent request relies on, as it stood when it was sent; a newer register never rewrites it.' })
export class RequestLaw {
  @Field(() => Int, { description: 'Version of the register.' })
  registerVersion!: number
  @Field(() => LocalDateScalar, { description: 'The day as of which that version speaks.' })
  registerAsOf!: string
  @Field(() => LocalDateScalar, { description: 'The day on which it was judged.' })
  on!: string
  @Field(() => [LegalBasis], { description: 'The instruments cited, with the rows as they stood; empty where the request rests on reciprocity alone.' })
  bases!: LegalBasis[]
  @Field(() => DualCriminalityTest, { description: 'The requested state\'s own rule on double criminality, for what rests on reciprocity.' })
  dualCriminality!: DualCriminalityTest
}
