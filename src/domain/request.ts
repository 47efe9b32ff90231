// A request for mutual legal assistance: what is said (content), what is decided (facts), what stands (state).
// Pure types; times are RFC 3339 UTC strings with milliseconds, so that they sort as text.
import type {
  Act, Confidentiality, DataClass, DayCounting, DeadlineState, DecisionResult, Matter, MeasureCode, Obligation, Overlay, ProceedingsStage, RequestKind, RequestStatus,
  Side, SubState, TestResult, TimelineEventType, Urgency,
} from './vocabulary'
import type { Beside } from './beside'
import type { DossierParts, RelatedRequest } from './dossier-parts'
import type { Addressee } from './duty'

export type AuthorityId = string
export type Reference = string
/** Lower-case hex SHA-256. */
export type Digest = string

export interface TimeWindow { from: string; to: string }
/** `category`: code of the list OFFENCE_CATEGORY, for which some instruments test no double criminality. */
export interface Offence { name: string; provision: string; maxPenaltyYears?: number | null; category?: string | null }
export interface Person {
  role: string; name: string; birthDate?: string | null; nationality?: string | null
  aliases?: string[] | null; address?: string | null; documentNumber?: string | null; defenceCounsel?: string | null
}
/** `port` and `at` tell an IP address that many share at once. */
export interface Identifier { kind: string; value: string; port?: number | null; at?: string | null }
export interface Preservation { until?: string | null; reference?: string | null; followUpIntended?: boolean | null }
export interface Proportionality { aim: string; necessity: string; lessIntrusive: string; scopeLimits?: string | null; thirdParties?: string | null }

/** The content of a request as drafted; every part may be missing until `checkDraft` asks for it. */
export interface Dossier extends DossierParts {
  facts?: string | null; purpose?: string | null; nexus?: string | null
  offences?: Offence[] | null; persons?: Person[] | null; identifiers?: Identifier[] | null
  stage?: ProceedingsStage | null; issuedBy?: string | null; urgencyGround?: string | null; neededBy?: string | null
  timeWindow?: TimeWindow | null; dataClasses?: DataClass[] | null; custodian?: string | null
  preservation?: Preservation | null; formalities?: string[] | null; proportionality?: Proportionality | null
  emergencyStatement?: string | null; dualCriminalityStatement?: string | null
  confidentiality: Confidentiality; useRestrictions?: string[] | null; retainUntil?: string | null; language?: string | null
}

export interface CitedBasis { treatyCode?: string | null; article?: string | null; reciprocity?: string | null }

/** One running obligation. Whether it is overdue is judged at reading: state RUNNING and dueAt behind now. */
export interface Deadline {
  obligation: Obligation; of: Side; dueAt: string; state: Exclude<DeadlineState, 'OVERDUE'>
  source: string; pausedSince: string | null
  /** How the limit is counted; a fixed instant (`answerBy`) counts as hours. */
  unit: 'HOURS' | 'DAYS'
  /** How its days are counted; absent: TO_WORKING_DAY. */
  counted?: DayCounting
  /** By how much it may be prolonged once; absent: the rule knows no prolongation, or it was used. */
  extension?: string
  /** The levels of urgency that the limit is bound to; absent: any. */
  urgencies?: Urgency[]
  /** What is still to be told of it, in order: warnings, the end, escalations. Fixed by rows when the clock starts. */
  tell: ClockNotice[]
}
export interface ClockNotice { type: 'DUE_SOON' | 'OVERDUE' | 'ESCALATED'; at: string }

export interface ResultItem { id: string; label: string; mediaType: string; bytes: number; sha256: Digest; sensitivity: string[] }

/** What the requested side found when it tested double criminality. */
export interface DualCriminalityFinding { result: TestResult; matchedOffence?: string | null; note?: string | null }

/** What was said with one act: free text and whatever else is read only by those who may read the content. */
export interface Said {
  note?: string | null
  handler?: string; ownReference?: string
  missing?: string[]; answerBy?: string
  objections?: string[]; proposal?: string; measures?: MeasureCode[] | null; timeWindow?: TimeWindow | null
  accept?: boolean; counter?: string | null
  reasons?: string; codes?: string[]; conditions?: string[]; remedies?: string | null; dualCriminality?: DualCriminalityFinding | null
  ground?: string; until?: string
  items?: ResultItem[]; complete?: boolean
  to?: AuthorityId; reason?: string
  legalBases?: CitedBasis[]
  /** CONSULT and ANSWER_CONSULTATION. */
  question?: string; answer?: string
  /** ASK_FURTHER_USE: for what; TRIGGER_SAFEGUARD: which. */
  purpose?: string; safeguard?: string
}

/** Where what a fact says lies: content documents, by salted digest. Absent where nothing was said. */
export interface ContentRefs { said?: Digest; dossier?: Digest; law?: Digest }

/** The clear index of a request: what lists, filters and feeds need. No free text. */
export interface RequestIndex {
  kind: RequestKind; matter: Matter; urgency: Urgency; measures: MeasureCode[]
  requesting: AuthorityId; requested: AuthorityId
}

/**
 * One decided fact about one request: the part of a ledger entry that travels to the other side and is the same, byte for byte,
 * in both ledgers. `version` is that after the act; refusals and clock notices carry the version that they met.
 */
export interface Fact {
  reference: Reference
  type: TimelineEventType
  act: Act | null
  by: Side
  at: string
  from: RequestStatus | null
  to: RequestStatus
  version: number
  /** Set on DRAFT, CONSULT and SUBMIT, and on whatever changes it: the index after the act. */
  index?: RequestIndex
  createdAt?: string
  /** All deadlines after the act, where the act changed them. */
  deadlines?: Deadline[]
  /** The proposal that this fact answers. */
  answers?: string
  /** Set on CHANGE_URGENCY. */
  urgency?: { before: Urgency; after: Urgency }
  /** Set on PROPOSAL_REFUSED and DELIVERY_REFUSED: why, by code; the act was met in status `to` at `version`. */
  refusal?: { code: string }
  /** Set on ACCEPT, REFUSE and DECLARE_IMPOSSIBLE. */
  decision?: DecisionResult
  /** Set on clock notices: the deadline that is meant. */
  obligation?: Obligation
  /** Set on DELIVERED and clock notices of urgent requests: the desk that it is addressed to. */
  addressee?: Addressee
  /** Set on acts beside the status. */
  beside?: Beside
  /** Set where the dossier is shown or replaced: the related requests to which both sides are parties. */
  relations?: RelatedRequest[]
  contents: ContentRefs
  /** Digest of the decided fact before it on the same request, from SUBMITTED on; null at SUBMITTED and before. */
  prev: Digest | null
}

/** An act proposed by the side that does not decide. */
export interface Proposal {
  id: string
  reference: Reference
  act: Act
  by: Side
  at: string
  expectedVersion: number
  contents: ContentRefs
  /** CHANGE_URGENCY: the level asked for. */
  urgency?: Urgency
  /** Acts beside the status: the clear part. */
  beside?: Beside
  /** With a dossier, as in facts. */
  relations?: RelatedRequest[]
}

/** Whom a step of the ladder reached, when, and for what was late. */
export interface Reached extends Addressee { obligation: Obligation; at: string }

/** Something that stands beside the status; HUB: raised by the clock. */
export interface OverlayMark { overlay: Overlay; by: Side; since: string }
/** A question whether evidence may be used in another case; `asked` is the version of the question. */
export interface FurtherUse { asked: number; at: string; said: Digest | null; decision: { at: string; granted: boolean; said: Digest | null } | null }

/** What was said, or the draft shown anew, in a consultation; `version` is that of the act. */
export interface ConsultationEntry { version: number; act: Act; by: Side; at: string; said: Digest | null }

/** `relations`: those that the own side named with it, all of them. */
export interface PendingAct { id: string; act: Act; at: string; contents: ContentRefs; relations?: RelatedRequest[] }

/** What stands: the fold of all facts known to one store. */
export interface RequestState extends RequestIndex {
  reference: Reference
  version: number
  status: RequestStatus
  /** The version at which the present status began. */
  statusSince: number
  /** Where RESUME leads while POSTPONED. */
  resumeTo: RequestStatus | null
  /** Who decides: REQUESTING until submitted and again where delivery was refused, else REQUESTED. */
  decider: 'REQUESTING' | 'REQUESTED'
  /** The own desk was told that the request is urgent and not delivered yet. */
  undeliveredTold: boolean
  /** The last try to deliver was refused: the requesting side decides again. */
  deliveryRefused: boolean
  createdAt: string
  submittedAt: string | null
  deliveredAt: string | null
  acknowledgedAt: string | null
  lastActivityAt: string
  requestingReference: string
  requestedReference: string | null
  legalBases: CitedBasis[]
  deadlines: Deadline[]
  dossier: Digest | null
  /** Requests that this one names. The requesting side's store has all, the other one's those that it was told. */
  relations: RelatedRequest[]
  /** The law that it relied on when it was sent; null before, and for requests sent before this was kept. */
  law: Digest | null
  decision: { at: string; result: DecisionResult; said: Digest | null } | null
  /** Contents that list transmitted items, oldest first. */
  results: Digest[]
  /** Subject that drafted; own store only, '' where unknown. */
  draftedBy: string
  /** Subject that amended last, or drafted; own store only, '' where unknown. */
  amendedBy: string
  /** The scope on the table while NEGOTIATION: content of the last PROPOSE_SCOPE. */
  scope: Digest | null
  /** The kind's own state beside the status; null before the first. */
  subState: SubState | null
  overlays: OverlayMark[]
  /** Whom the escalations of each obligation have reached, oldest first. */
  escalatedTo: Reached[]
  furtherUses: FurtherUse[]
  /** When the requested side last asked, proposed or answered something before it decided; null where it never did. */
  consultedAt: string | null
  /** Of the consultation before the request, oldest first. */
  consultation: ConsultationEntry[]
  /** Digest of the last decided fact from SUBMITTED on. */
  head: Digest | null
  /** Own side's proposals that the deciding store has not answered; at most one. */
  pending: PendingAct[]
}
