// The table of acts and states (semantics.md, "Acts and states"): who may do what from where, and where it leads.
// One row an act; the compiler asks for a missing one. Questions about it are answered here, decisions in decide.ts.
import { isSuspended } from './beside'
import type { RequestState, Said } from './request'
import { REQUEST_STATUSES, type Act, type BesideAct, type RequestStatus, type Side, type TimelineEventType } from './vocabulary'

/** Acts on a request that exists. */
export type CaseAct = Exclude<Act, 'DRAFT' | 'PUBLISH_CONTACT_POINT' | BesideAct>
export type PartySide = Exclude<Side, 'HUB'>

export const FINAL: readonly RequestStatus[] = ['CONFIRMED', 'REFUSED', 'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED']
export const OPEN: readonly RequestStatus[] = REQUEST_STATUSES.filter(status => status !== 'CLOSED' && !FINAL.includes(status))
const BEFORE_DELIVERY: readonly RequestStatus[] = ['DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED']

interface Row {
  /** Which side may take the act, and from which states. */
  readonly from: Partial<Record<PartySide, readonly RequestStatus[]>>
  /** Where it leads. */
  readonly to: (state: Pick<RequestState, 'status' | 'resumeTo'>, said: Said) => RequestStatus
}

const to = (status: RequestStatus) => () => status
const unchanged: Row['to'] = state => state.status

const TABLE: Readonly<Record<CaseAct, Row>> = {
  AMEND: { from: { REQUESTING: ['DRAFT', 'CONSULTATION', 'VALIDATED'] }, to: state => (state.status === 'VALIDATED' ? 'DRAFT' : state.status) },
  CONSULT: { from: { REQUESTING: ['DRAFT'] }, to: to('CONSULTATION') },
  VALIDATE: { from: { REQUESTING: ['DRAFT', 'CONSULTATION'] }, to: to('VALIDATED') },
  SUBMIT: { from: { REQUESTING: ['VALIDATED'] }, to: to('SUBMITTED') },
  WITHDRAW: { from: { REQUESTING: OPEN.filter(status => status !== 'EXECUTED') }, to: to('WITHDRAWN') },
  ACKNOWLEDGE: { from: { REQUESTED: ['DELIVERED'] }, to: to('ACKNOWLEDGED') },
  REDIRECT: { from: { REQUESTED: ['DELIVERED', 'ACKNOWLEDGED'] }, to: to('REDIRECTED') },
  BEGIN_ASSESSMENT: { from: { REQUESTED: ['ACKNOWLEDGED', 'INFO_REQUESTED', 'NEGOTIATION', 'CONDITIONS_PENDING'] }, to: to('ASSESSMENT') },
  ASK_FOR_INFORMATION: { from: { REQUESTED: ['ACKNOWLEDGED', 'ASSESSMENT'] }, to: to('INFO_REQUESTED') },
  SUPPLEMENT: { from: { REQUESTING: ['INFO_REQUESTED'] }, to: to('ASSESSMENT') },
  PROPOSE_SCOPE: { from: { REQUESTED: ['ASSESSMENT'] }, to: to('NEGOTIATION') },
  ANSWER_SCOPE: { from: { REQUESTING: ['NEGOTIATION'] }, to: to('ASSESSMENT') },
  ACCEPT: { from: { REQUESTED: ['ASSESSMENT'] }, to: (_, said) => (said.conditions?.length ? 'CONDITIONS_PENDING' : 'ACCEPTED') },
  ANSWER_CONDITIONS: { from: { REQUESTING: ['CONDITIONS_PENDING'] }, to: (_, said) => (said.accept ? 'ACCEPTED' : 'ASSESSMENT') },
  REFUSE: { from: { REQUESTED: ['ASSESSMENT', 'INFO_REQUESTED', 'NEGOTIATION', 'CONDITIONS_PENDING'] }, to: to('REFUSED') },
  POSTPONE: { from: { REQUESTED: ['ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED'] }, to: to('POSTPONED') },
  RESUME: { from: { REQUESTED: ['POSTPONED'] }, to: state => state.resumeTo ?? 'ASSESSMENT' },
  BEGIN_EXECUTION: { from: { REQUESTED: ['ACCEPTED'] }, to: to('EXECUTING') },
  REPORT_RESULTS: { from: { REQUESTED: ['EXECUTING', 'PARTIALLY_EXECUTED'] }, to: (_, said) => (said.complete ? 'EXECUTED' : 'PARTIALLY_EXECUTED') },
  DECLARE_IMPOSSIBLE: { from: { REQUESTED: ['ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED'] }, to: to('IMPOSSIBLE') },
  CONFIRM_RESULTS: { from: { REQUESTING: ['EXECUTED'] }, to: to('CONFIRMED') },
  CHANGE_URGENCY: {
    from: { REQUESTING: OPEN.filter(status => !BEFORE_DELIVERY.includes(status)), REQUESTED: OPEN.filter(status => !BEFORE_DELIVERY.includes(status)) },
    to: unchanged,
  },
  CLOSE: { from: { REQUESTING: FINAL, REQUESTED: [...FINAL, 'EXECUTED'] }, to: to('CLOSED') },
}

export const CASE_ACTS = Object.keys(TABLE) as CaseAct[]

const isCaseAct = (act: Act): act is CaseAct => act in TABLE

/** Whether the table lets this side take the act in this status. Asked of acts out of letters too: one that no request can take is not allowed. */
export const isAllowed = (act: Act, side: PartySide, status: RequestStatus): boolean => isCaseAct(act) && (TABLE[act].from[side]?.includes(status) ?? false)

/** The status after an allowed act. */
export const statusAfter = (act: CaseAct, state: Pick<RequestState, 'status' | 'resumeTo'>, said: Said): RequestStatus => TABLE[act].to(state, said)

export const isOpen = (status: RequestStatus): boolean => OPEN.includes(status)

/** Every transition of the table, for documentation and for table tests. */
export function transitions(): { act: CaseAct; by: PartySide; from: RequestStatus }[] {
  const sides: PartySide[] = ['REQUESTING', 'REQUESTED']
  return CASE_ACTS.flatMap(act => sides.flatMap(by => (TABLE[act].from[by] ?? []).map(from => ({ act, by, from }))))
}

/** Acts of the requesting side that answer something the requested side said: only to what stands now. */
export const ANSWERS: readonly CaseAct[] = ['SUPPLEMENT', 'ANSWER_SCOPE', 'ANSWER_CONDITIONS']

/** Entry types that raise the version. */
export const isDecided = (type: TimelineEventType): boolean => type === 'ACT' || type === 'DELIVERED' || type === 'EXPIRED'

/** The side of an authority in a request; null for a third one. */
export function sideOf(state: Pick<RequestState, 'requesting' | 'requested'>, authority: string | null): PartySide | null {
  if (authority === state.requesting) return 'REQUESTING'
  return authority === state.requested ? 'REQUESTED' : null
}

/**
 * What a side may do now, before roles: nothing while its own proposal is pending; VALIDATE not by who wrote what is to be validated.
 * A request whose delivery was refused, or that never left, is decided by the requesting side alone.
 */
export function availableActs(state: RequestState, side: PartySide | null, subject: string | null): CaseAct[] {
  if (!side || state.pending.length > 0) return []
  return CASE_ACTS.filter(act => isAllowed(act, side, state.status) && !isSuspended(state, act) && (act !== 'VALIDATE' || !isWriter(state, subject)))
}

/** Whether a subject drafted the request, or amended it last. */
export const isWriter = (state: RequestState, subject: string | null): boolean => subject === state.draftedBy || subject === state.amendedBy
