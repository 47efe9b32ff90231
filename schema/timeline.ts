// What happened to a request, and what was said with it. Types alone, no behaviour.
import { Field, Int, ObjectType, createUnionType } from 'type-graphql'
import type { Act, MeasureCode, Obligation, Overlay, RequestStatus, Side, SubState, TimelineEventType, Urgency } from '../src/domain/vocabulary'
import { ActEnum, MeasureCodeEnum, ObligationEnum, OverlayEnum, RequestStatusEnum, SideEnum, SubStateEnum, TimelineEventTypeEnum, UrgencyEnum } from './enums'
import { CursorScalar, InstantScalar, LocalDateScalar, Sha256Scalar } from './scalars'
import { TimeWindow } from './dossier'
import { Authority } from './authority'
import { Addressee } from './duty'
import { Decision, Request, ResultItem } from './request'
import { Resumable } from './node'
import { PageInfo } from './page'

@ObjectType('ActRefusal', { description: 'Why an act was not taken.' })
export class ActRefusal {
  @Field(() => String, { description: 'Stable code.' })
  code!: string
  @Field(() => String, { description: 'The reason in words.' })
  message!: string
}

@ObjectType('Acknowledgement', { description: 'Said with ACKNOWLEDGE.' })
export class Acknowledgement {
  @Field(() => String, { description: 'Unit or function that handles it, no personal name.' })
  handler!: string
  @Field(() => String, { description: 'The requested side\'s own case number.' })
  ownReference!: string
}

@ObjectType('InformationWanted', { description: 'Said with ASK_FOR_INFORMATION.' })
export class InformationWanted {
  @Field(() => [String], { description: 'What is missing.' })
  missing!: string[]
  @Field(() => InstantScalar, { description: 'By when it is needed.' })
  answerBy!: string
}

@ObjectType('Supplement', { description: 'Said with SUPPLEMENT.' })
export class Supplement {
  @Field(() => Sha256Scalar, { description: 'Digest of the new dossier.' })
  dossierDigest!: string
}

@ObjectType('ScopeProposal', { description: 'Said with PROPOSE_SCOPE.' })
export class ScopeProposal {
  @Field(() => [String], { description: 'Objections by code (list OBJECTION).' })
  objections!: string[]
  @Field(() => String, { description: 'The scope that would do, in words.' })
  proposal!: string
  @Field(() => [MeasureCodeEnum], { nullable: true, description: 'Measures proposed; null where they stay.' })
  measures?: MeasureCode[] | null
  @Field(() => TimeWindow, { nullable: true, description: 'Window proposed; null where it stays.' })
  timeWindow?: TimeWindow | null
}

@ObjectType('ScopeAnswer', { description: 'Said with ANSWER_SCOPE.' })
export class ScopeAnswer {
  @Field(() => Boolean, { description: 'Whether the scope is accepted.' })
  accept!: boolean
  @Field(() => String, { nullable: true, description: 'Counter-proposal in words; null without.' })
  counter?: string | null
}

@ObjectType('ConditionsAnswer', { description: 'Said with ANSWER_CONDITIONS.' })
export class ConditionsAnswer {
  @Field(() => Boolean, { description: 'Whether the conditions are agreed to.' })
  accept!: boolean
}

@ObjectType('Postponement', { description: 'Said with POSTPONE.' })
export class Postponement {
  @Field(() => String, { description: 'Ground by code (list POSTPONEMENT_GROUND).' })
  ground!: string
  @Field(() => InstantScalar, { description: 'Until when.' })
  until!: string
}

@ObjectType('Redirection', { description: 'Said with REDIRECT.' })
export class Redirection {
  @Field(() => Authority, { description: 'The competent authority.' })
  to!: Authority
  @Field(() => String, { description: 'Why, in words.' })
  reason!: string
}

@ObjectType('UrgencyChange', { description: 'Said with CHANGE_URGENCY.' })
export class UrgencyChange {
  @Field(() => UrgencyEnum, { description: 'Level before.' })
  before!: Urgency
  @Field(() => UrgencyEnum, { description: 'Level after.' })
  after!: Urgency
  @Field(() => String, { description: 'Why, in words.' })
  reason!: string
}

@ObjectType('ResultsReported', { description: 'Said with REPORT_RESULTS.' })
export class ResultsReported {
  @Field(() => [ResultItem], { description: 'What was transmitted.' })
  items!: ResultItem[]
  @Field(() => Boolean, { description: 'Whether that was all.' })
  complete!: boolean
}

@ObjectType('Reason', { description: 'Said with WITHDRAW and DECLARE_IMPOSSIBLE.' })
export class Reason {
  @Field(() => String, { description: 'Why, in words.' })
  reason!: string
}

@ObjectType('ConsultationAsked', { description: 'Said with CONSULT. No evidence.' })
export class ConsultationAsked {
  @Field(() => String, { description: 'The question that goes with the draft.' })
  question!: string
}

@ObjectType('ConsultationAnswered', { description: 'Said with ANSWER_CONSULTATION. No evidence.' })
export class ConsultationAnswered {
  @Field(() => String, { description: 'The answer.' })
  answer!: string
}

@ObjectType('SubStateRecorded', { description: 'Said with RECORD_SUB_STATE.' })
export class SubStateRecorded {
  @Field(() => SubStateEnum, { description: 'The state that was reached.' })
  subState!: SubState
  @Field(() => InstantScalar, { nullable: true, description: 'When it was, or is to be; null where not said.' })
  on?: string | null
}

@ObjectType('OverlayChange', { description: 'Said with RAISE_OVERLAY and LIFT_OVERLAY.' })
export class OverlayChange {
  @Field(() => OverlayEnum, { description: 'What.' })
  overlay!: Overlay
  @Field(() => Boolean, { description: 'Whether it stands from then on.' })
  raised!: boolean
  @Field(() => String, { description: 'Why, in words.' })
  reason!: string
}

@ObjectType('FurtherUseAsked', { description: 'Said with ASK_FURTHER_USE.' })
export class FurtherUseAsked {
  @Field(() => String, { description: 'Which case, and for what.' })
  purpose!: string
}

@ObjectType('FurtherUseDecided', { description: 'Said with DECIDE_FURTHER_USE.' })
export class FurtherUseDecided {
  @Field(() => Int, { description: 'Version at which it was asked.' })
  asked!: number
  @Field(() => Boolean, { description: 'Whether it is permitted.' })
  granted!: boolean
  @Field(() => String, { description: 'Reasons in words.' })
  reasons!: string
}

@ObjectType('SafeguardTriggered', { description: 'Said with TRIGGER_SAFEGUARD.' })
export class SafeguardTriggered {
  @Field(() => String, { description: 'Which safeguard, and of what.' })
  safeguard!: string
}

@ObjectType('LimitExtended', { description: 'Said with EXTEND_LIMIT.' })
export class LimitExtended {
  @Field(() => ObligationEnum, { description: 'Whose clocks were prolonged.' })
  obligation!: Obligation
  @Field(() => String, { description: 'Why, in words.' })
  reasons!: string
}

@ObjectType('PersonNotice', { description: 'Said with TELL_PERSON.' })
export class PersonNotice {
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day of the next review; null where the person was told.' })
  reviewOn?: string | null
  @Field(() => String, { description: 'Why it is deferred, or how the person was told; may be empty.' })
  reason!: string
}

export const ActDetails = createUnionType({
  name: 'ActDetails',
  description: 'What was said with an act, by its kind.',
  types: () => [Acknowledgement, InformationWanted, Supplement, ScopeProposal, ScopeAnswer, Decision, ConditionsAnswer, Postponement, Redirection, UrgencyChange, ResultsReported, Reason, ConsultationAsked, ConsultationAnswered, SubStateRecorded, OverlayChange, FurtherUseAsked, FurtherUseDecided, SafeguardTriggered, LimitExtended, PersonNotice] as const,
  resolveType: (value: unknown) => (value as { __typename: string }).__typename,
})

@ObjectType('TimelineEvent', { description: 'What happened. Acts carry what was said with them; an entry that is no decided act carries the version that it met.', implements: [Resumable] })
export class TimelineEvent {
  @Field(() => CursorScalar, { description: 'Position of the entry in the viewer\'s authority\'s ledger.' })
  cursor!: string
  @Field(() => TimelineEventTypeEnum, { description: 'Kind of entry.' })
  type!: TimelineEventType
  @Field(() => InstantScalar, { description: 'When it was decided, by the deciding store\'s clock.' })
  at!: string
  @Field(() => SideEnum, { description: 'Side that acted; HUB marks what no human did.' })
  by!: Side
  @Field(() => RequestStatusEnum, { description: 'Status after the entry.' })
  status!: RequestStatus
  @Field(() => Int, { description: 'Version after the entry.' })
  version!: number
  @Field(() => Addressee, { nullable: true, description: 'The desk that a delivery or clock notice of an urgent request is addressed to; null for others.' })
  addressee?: Addressee | null
  @Field(() => Request, { description: 'The request, as it is now.' })
  request!: Request
  @Field(() => ActEnum, { nullable: true, description: 'Set where an act was taken or proposed.' })
  act?: Act | null
  @Field(() => Boolean, { description: 'True for everything that happened in a consultation before the request, from CONSULT to the act that ended it: what was said there is no evidence and must not be used as such. False for all else.' })
  notEvidence!: boolean
  @Field(() => String, { nullable: true, description: 'Note said with the act; null without one and for those who may know of the request but not read it.' })
  note?: string | null
  @Field(() => ActDetails, { nullable: true, description: 'What was said with the act, by its kind; null without, and for those who may know of the request but not read it.' })
  details?: typeof ActDetails | null
  @Field(() => ActRefusal, { nullable: true, description: 'Why a proposed act was not taken. Null for those who may know of the request but not read it.' })
  refusal?: ActRefusal | null
}

@ObjectType('TimelineEdge', { description: 'A row of a page.' })
export class TimelineEdge {
  @Field(() => TimelineEvent, { description: 'The entry.' })
  node!: TimelineEvent
  @Field(() => CursorScalar, { description: 'Its cursor, the same as in the feeds.' })
  cursor!: string
}

@ObjectType('TimelineConnection', { description: 'A page of a timeline, oldest first.' })
export class TimelineConnection {
  @Field(() => [TimelineEdge], { description: 'Entries with their cursors.' })
  edges!: TimelineEdge[]
  @Field(() => [TimelineEvent], { description: 'The entries alone.' })
  nodes!: TimelineEvent[]
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo
}
