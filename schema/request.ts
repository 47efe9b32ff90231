// A request, its decision, its results and its place in lists. Types alone, no behaviour.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Act, DeadlineState, DecisionResult, LinkDirection, Matter, MeasureCode, Obligation, Overlay, RequestKind, RequestRelation, RequestStatus, Side, SubState, Urgency } from '../src/domain/vocabulary'
import { ActEnum, DeadlineStateEnum, DecisionResultEnum, MatterEnum, MeasureCodeEnum, ObligationEnum, LinkDirectionEnum, OverlayEnum, RequestKindEnum, RequestRelationEnum, RequestStatusEnum, SideEnum, SubStateEnum, UrgencyEnum } from './enums'
import { Finding } from './finding'
import { RequestLaw } from './legal-basis'
import { DualCriminalityFinding } from './test-finding'
import { ByteCountScalar, CursorScalar, DurationScalar, InstantScalar, Sha256Scalar } from './scalars'
import { Node } from './node'
import { Authority } from './authority'
import { Dossier } from './dossier'
import { Addressee } from './duty'
import { PageInfo } from './page'
import { Source } from './source'

@ObjectType('RequestOrigin', { description: 'Where an answer comes from.' })
export class RequestOrigin {
  @Field(() => ID, { description: 'Id of the authority whose store answered.' })
  authority!: string
  @Field(() => Boolean, { description: 'Whether it is a copy that stands in for the store that decides.' })
  stale!: boolean
  @Field(() => InstantScalar, { description: 'The state of that store that was told.' })
  asOf!: string
}

@ObjectType('PendingAct', { description: 'An act that waits for the deciding store.' })
export class PendingAct {
  @Field(() => ActEnum, { description: 'The act.' })
  act!: Act
  @Field(() => InstantScalar, { description: 'When it was taken.' })
  at!: string
}

@ObjectType('CitedBasis', { description: 'A legal basis as cited.' })
export class CitedBasis {
  @Field(() => String, { nullable: true, description: 'Code of the instrument; null where reciprocity is offered.' })
  treatyCode?: string | null
  @Field(() => String, { nullable: true, description: 'Article cited; null without.' })
  article?: string | null
  @Field(() => String, { nullable: true, description: 'Offer of reciprocity, in words; null where an instrument is cited.' })
  reciprocity?: string | null
}

@ObjectType('Deadline', { description: 'One obligation with its end.' })
export class Deadline {
  @Field(() => ObligationEnum, { description: 'What must happen.' })
  obligation!: Obligation
  @Field(() => SideEnum, { description: 'Whose obligation it is.' })
  of!: Side
  @Field(() => InstantScalar, { description: 'When it ends.' })
  dueAt!: string
  @Field(() => DeadlineStateEnum, { description: 'Whether it runs, rests, was met, or ended unmet.' })
  state!: DeadlineState
  @Field(() => String, { description: 'The rule that it rests on.' })
  source!: string
  @Field(() => InstantScalar, { nullable: true, description: 'Since when it rests; null where it does not.' })
  pausedSince?: string | null
  @Field(() => DurationScalar, { nullable: true, description: 'By how much the requested side may prolong it once, with `extendLimit`; null where the rule knows no prolongation, or it was used.' })
  extension?: string | null
}

@ObjectType('ResultItem', { description: 'One item transmitted.' })
export class ResultItem {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string
  @Field(() => String, { description: 'What it is, at most 200 characters.' })
  label!: string
  @Field(() => String, { description: 'Media type.' })
  mediaType!: string
  @Field(() => ByteCountScalar, { description: 'Size in bytes.' })
  bytes!: number
  @Field(() => Sha256Scalar, { description: 'Digest of the item.' })
  sha256!: string
  @Field(() => [String], { description: 'Sensitivity labels by code (list SENSITIVITY).' })
  sensitivity!: string[]
}

@ObjectType('Decision', { description: 'The decision on a request.' })
export class Decision {
  @Field(() => InstantScalar, { description: 'When it was taken.' })
  at!: string
  @Field(() => DecisionResultEnum, { description: 'What was decided.' })
  result!: DecisionResult
  @Field(() => [String], { description: 'Grounds by code where refused (list REFUSAL_GROUND).' })
  codes!: string[]
  @Field(() => String, { description: 'Reasons in words.' })
  reasons!: string
  @Field(() => String, { nullable: true, description: 'Remedies that are open, in words; null without.' })
  remedies?: string | null
  @Field(() => [String], { description: 'Conditions by code (list CONDITION); empty without.' })
  conditions!: string[]
  @Field(() => DualCriminalityFinding, { nullable: true, description: 'What the test of double criminality found; null where it was not recorded.' })
  dualCriminality?: DualCriminalityFinding | null
}

@ObjectType('OverlayMark', { description: 'Something that stands beside the status.' })
export class OverlayMark {
  @Field(() => OverlayEnum, { description: 'What.' })
  overlay!: Overlay
  @Field(() => SideEnum, { description: 'Side that raised it; HUB: a clock did.' })
  by!: Side
  @Field(() => InstantScalar, { description: 'Since when.' })
  since!: string
}

@ObjectType('Escalation', { description: 'A step of the escalation ladder, climbed because something was late.' })
export class Escalation {
  @Field(() => InstantScalar, { description: 'When it was climbed.' })
  at!: string
  @Field(() => ObligationEnum, { description: 'What was late.' })
  obligation!: Obligation
  @Field(() => Addressee, { description: 'Whom it reached.' })
  addressee!: Addressee
}

@ObjectType('FurtherUse', { description: 'A question whether evidence may be used in another case, and its decision.' })
export class FurtherUse {
  @Field(() => Int, { description: 'Version of the request at which it was asked; names the question.' })
  asked!: number
  @Field(() => InstantScalar, { description: 'When it was asked.' })
  at!: string
  @Field(() => String, { description: 'Which case, and for what; empty once deleted at the end of retention.' })
  purpose!: string
  @Field(() => Boolean, { nullable: true, description: 'Whether it is permitted; null while undecided.' })
  granted?: boolean | null
  @Field(() => InstantScalar, { nullable: true, description: 'When it was decided; null while undecided.' })
  decidedAt?: string | null
  @Field(() => String, { nullable: true, description: 'Reasons of the decision; null while undecided.' })
  reasons?: string | null
  @Field(() => [String], { description: 'Conditions by code (list CONDITION); empty without.' })
  conditions!: string[]
}

@ObjectType('RequestLink', { description: 'Another request that this one stands beside.' })
export class RequestLink {
  @Field(() => String, { description: 'Reference of the other request; `request` shows it.' })
  reference!: string
  @Field(() => RequestRelationEnum, { description: 'How the one that names stands to the one that is named.' })
  relation!: RequestRelation
  @Field(() => LinkDirectionEnum, { description: 'Which of the two names the other.' })
  direction!: LinkDirection
}

@ObjectType('ConsultationEntry', { description: 'What was asked, answered or shown anew in the consultation before a request. It is no evidence.' })
export class ConsultationEntry {
  @Field(() => Int, { description: 'Version of the request after it.' })
  version!: number
  @Field(() => ActEnum, { description: 'CONSULT: the draft was shown with a question. ANSWER_CONSULTATION: an answer. AMEND: the draft was shown anew.' })
  act!: Act
  @Field(() => SideEnum, { description: 'Side that said it.' })
  by!: Side
  @Field(() => InstantScalar, { description: 'When.' })
  at!: string
  @Field(() => String, { nullable: true, description: 'The question, the answer, or what was said with the draft shown anew; null where nothing was, empty once deleted at the end of retention.' })
  text?: string | null
}

@ObjectType('Request', { description: 'A request for mutual legal assistance. A third state cannot tell it from one that does not exist.', implements: [Node] })
export class Request {
  @Field(() => ID, { description: 'Opaque global id.' })
  id!: string
  @Field(() => String, { description: 'Given by the requesting node, readable, unique for ever: country, year of the draft, number: `DE-2026-000123`.' })
  reference!: string
  @Field(() => Int, { description: 'Number of decided acts so far, 1 for a new draft, counted on without a hole across delivery. Mutations name the version that they saw.' })
  version!: number
  @Field(() => RequestKindEnum, { description: 'Kind of assistance.' })
  kind!: RequestKind
  @Field(() => MatterEnum, { description: 'Branch of law.' })
  matter!: Matter
  @Field(() => UrgencyEnum, { description: 'Level of urgency.' })
  urgency!: Urgency
  @Field(() => RequestStatusEnum, { description: 'Where it stands.' })
  status!: RequestStatus
  @Field(() => [MeasureCodeEnum], { description: 'Measures asked for; an accepted scope replaces them.' })
  measures!: MeasureCode[]
  @Field(() => Authority, { description: 'The authority that asks.' })
  requesting!: Authority
  @Field(() => Authority, { description: 'The authority that is asked; it decides from delivery on.' })
  requested!: Authority
  @Field(() => String, { description: 'Case number of the requesting side, at most 64 characters; empty once deleted at the end of retention.' })
  requestingReference!: string
  @Field(() => String, { nullable: true, description: 'Case number of the requested side; null until acknowledged.' })
  requestedReference?: string | null
  @Field(() => [CitedBasis], { description: 'Instruments cited, or an offer of reciprocity.' })
  legalBases!: CitedBasis[]
  @Field(() => InstantScalar, { description: 'When it was drafted.' })
  createdAt!: string
  @Field(() => InstantScalar, { nullable: true, description: 'When it was handed over to be sent; null before.' })
  submittedAt?: string | null
  @Field(() => InstantScalar, { description: 'When the last entry was made, as the answering store has it.' })
  lastActivityAt!: string
  @Field(() => [Deadline], { description: 'Every obligation that runs or ran, each with its source.' })
  deadlines!: Deadline[]
  @Field(() => [ActEnum], { description: 'What the viewer may do with this request now; empty while an own act is pending.' })
  availableActs!: Act[]
  @Field(() => Dossier, { nullable: true, description: 'The content of the request. Null for those who may know of the request but not read it: a LIAISON unless it is URGENT or EMERGENCY.' })
  dossier?: Dossier | null
  @Field(() => Decision, { nullable: true, description: 'Null while none is taken, and for those who may know of the request but not read it.' })
  decision?: Decision | null
  @Field(() => RequestLaw, { nullable: true, description: 'The law that the request relied on when it was sent, with the rows as they stood then. Null before it is sent.' })
  law?: RequestLaw | null
  @Field(() => [Finding], { description: 'What the law that the request relied on asks of its decision and the record does not show, as warnings: CONSULTATION_NOT_LOGGED where it was refused under an instrument that has the requested side consult first, and that side neither asked, proposed nor answered anything here before. Both sides see them; empty without any.' })
  findings!: Finding[]
  @Field(() => [ResultItem], { nullable: true, description: 'What was transmitted, oldest first; empty while nothing was. Null for those who may know of the request but not read it.' })
  results?: ResultItem[] | null
  @Field(() => SubStateEnum, { nullable: true, description: 'The kind\'s own state beside the status; null before the first, and for kinds without any.' })
  subState?: SubState | null
  @Field(() => [SubStateEnum], { description: 'Where the viewer\'s side may move the kind\'s own state now, with `recordSubState`; empty while an own act is pending.' })
  availableSubStates!: SubState[]
  @Field(() => [OverlayMark], { description: 'What stands beside the status, longest first; both sides see it.' })
  overlays!: OverlayMark[]
  @Field(() => [Escalation], { description: 'Steps of the escalation ladder that clocks have climbed, oldest first, from the viewer\'s own store; both sides see them. They stay when nothing is late any more: those at or after `since` of the overlay ESCALATED are of what is late now. Empty without any.' })
  escalatedTo!: Escalation[]
  @Field(() => [FurtherUse], { nullable: true, description: 'Questions whether evidence may be used in another case, oldest first. Null for those who may know of the request but not read it.' })
  furtherUses?: FurtherUse[] | null
  @Field(() => [RequestLink], { description: 'Other requests that this one names in `dossier.relatedRequests`, and such as name it, by reference; at most 100 that name it. Only those that the viewer may see; empty without any.' })
  relations!: RequestLink[]
  @Field(() => [ConsultationEntry], { nullable: true, description: 'The consultation before the request, oldest first; empty without one. Seen by both sides, by the requested one while it lasts and once the request is delivered. Null for those who may know of the request but not read it.' })
  consultation?: ConsultationEntry[] | null
  @Field(() => [PendingAct], { description: 'Acts that the viewer\'s side has taken and the deciding side has not yet confirmed; at most one.' })
  pending!: PendingAct[]
  @Field(() => RequestOrigin, { description: 'Which store this answer comes from and how old it is.' })
  origin!: RequestOrigin
}

@ObjectType('RequestEdge', { description: 'A row of a page.' })
export class RequestEdge {
  @Field(() => Request, { description: 'The request.' })
  node!: Request
  @Field(() => CursorScalar, { description: 'Its place in the list.' })
  cursor!: string
}

@ObjectType('RequestConnection', { description: 'A page of requests merged over the stores that decide them.' })
export class RequestConnection {
  @Field(() => [RequestEdge], { description: 'Rows with their cursors.' })
  edges!: RequestEdge[]
  @Field(() => [Request], { description: 'The rows alone.' })
  nodes!: Request[]
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo
  @Field(() => [Source], { description: 'Every authority that was asked, with its answer.' })
  sources!: Source[]
  @Field(() => CursorScalar, { description: 'Where every feed goes on so that nothing newer than this answer is missed. Over several pages: the first page\'s, ordered by CREATED.' })
  feedCursor!: string
}

@ObjectType('RequestPayload', { description: 'What an act answers.' })
export class RequestPayload {
  @Field(() => Request, { description: 'The request after the act, from the viewer\'s own store.' })
  request!: Request
}
