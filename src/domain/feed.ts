// What a feed tells of one ledger entry, and whether a filter lets it through. Clear index only: what is said is read under the desk's own rights.
import type { AuthorityId, Fact, Reference } from './request'
import { endsConsultation } from './consultation'
import type { Addressee } from './duty'
import { isDecided, isOpen, sideOf } from './lifecycle'
import { URGENCIES, type Act, type RequestKind, type RequestStatus, type Side, type TimelineEventType, type UrgentCause, type Urgency } from './vocabulary'

export interface RequestLine {
  reference: Reference
  type: TimelineEventType
  act: Act | null
  by: Side
  at: string
  version: number
  from: RequestStatus | null
  to: RequestStatus
  kind: RequestKind
  requesting: AuthorityId
  requested: AuthorityId
  before: { status: RequestStatus; urgency: Urgency } | null
  after: { status: RequestStatus; urgency: Urgency }
  respondBy: string | null
  /** Told on `statusChanged` to this store's own desks. */
  statusChange: boolean
  urgent: UrgentCause | null
  /** The desk that an urgent notice is addressed to, where the entry names one. */
  addressee: Addressee | null
}

export interface ContactLine { id: string; authority: AuthorityId; at: string; retired: boolean }

export interface HandOverLine { id: string; at: string; acknowledged: boolean }

/** One ledger entry as feeds carry it. `cursor` is sealed by the node, `seq` its position. */
export interface FeedLine { seq: number; cursor: string; request?: RequestLine; contact?: ContactLine; handOver?: HandOverLine }

export interface FeedIndex { kind: RequestKind; requesting: AuthorityId; requested: AuthorityId; before: RequestLine['before']; after: RequestLine['after']; respondBy: string | null }

/** The feed's view of a fact at the store of `own`. */
export function requestLine(fact: Fact, index: FeedIndex, own: AuthorityId): RequestLine {
  const { reference, type, act, by, at, version, from, to } = fact
  return { reference, type, act, by, at, version, from, to, ...index, statusChange: isStatusChange(fact, index, own), urgent: urgentCause(fact, index, own), addressee: fact.addressee ?? null }
}

/** Changes of status only; what happens between a consultation and delivery is the requesting side's affair. */
const isStatusChange = (fact: Fact, index: FeedIndex, own: AuthorityId): boolean =>
  isDecided(fact.type) && fact.from !== fact.to && !((fact.act === 'SUBMIT' || endsConsultation(fact)) && index.requested === own)

/** Statuses in which the requested side may know of a request or not: its own copy tells. */
const UNSURE: readonly RequestStatus[] = ['CONSULTATION', 'VALIDATED', 'WITHDRAWN']

/** Whether the store of `own` has to look whether its authority may see the request of this line. */
export const isUnsure = ({ requested, before, after }: RequestLine, own: AuthorityId): boolean =>
  requested === own && (UNSURE.includes(after.status) || (before !== null && UNSURE.includes(before.status)))

const isUrgent = (urgency: Urgency): boolean => URGENCIES.indexOf(urgency) >= URGENCIES.indexOf('URGENT')

function urgentCause(fact: Fact, index: FeedIndex, own: AuthorityId): UrgentCause | null {
  if (fact.urgency) return urgencyCause(fact.urgency.before, fact.urgency.after)
  if (!isUrgent(index.after.urgency)) return null
  switch (fact.type) {
    case 'DELIVERED': return index.requested === own ? 'RECEIVED' : null
    case 'DUE_SOON': case 'OVERDUE': case 'ESCALATED': return fact.type
    case 'ACT': return fact.act === 'ACKNOWLEDGE' ? 'ACKNOWLEDGED' : null
    case 'DELIVERY_REFUSED': case 'PROPOSAL_REFUSED': case 'EXPIRED': return null
  }
}

function urgencyCause(before: Urgency, after: Urgency): UrgentCause | null {
  if (before === after || (!isUrgent(before) && !isUrgent(after))) return null
  return URGENCIES.indexOf(after) > URGENCIES.indexOf(before) ? 'RAISED' : 'LOWERED'
}

/** The filter of a feed, with partners as authority ids. */
export interface FeedFilter {
  references?: readonly string[]
  side?: Side
  partners?: readonly AuthorityId[]
  kinds?: readonly RequestKind[]
  statuses?: readonly RequestStatus[]
  urgencies?: readonly Urgency[]
  open?: boolean
}

/** The narrowest keys under which lines that fit are found (see `lineKeys`); null: any line may fit. */
export function filterKeys({ references, partners, statuses, kinds, urgencies }: FeedFilter): string[] | null {
  return references?.map(keyOfReference) ?? partners?.map(id => `party ${id}`) ?? statuses?.map(status => `status ${status}`) ?? kinds?.map(kind => `kind ${kind}`) ?? urgencies?.map(urgency => `urgency ${urgency}`) ?? null
}

export const keyOfReference = (reference: Reference): string => `reference ${reference}`

export function lineKeys({ request, contact, handOver }: FeedLine): string[] {
  if (contact) return ['contact']
  if (handOver) return ['hand-over']
  if (!request) return []
  const states = [request.before, request.after].filter(state => state !== null)
  return [
    'request', keyOfReference(request.reference), `party ${request.requesting}`, `party ${request.requested}`, `kind ${request.kind}`, ...(request.urgent ? ['urgent'] : []),
    ...states.flatMap(({ status, urgency }) => [`status ${status}`, `urgency ${urgency}`]),
  ]
}

/** Judged on the state before and after; told where either fits. */
export function letsThrough(filter: FeedFilter, line: RequestLine, authority: AuthorityId): boolean {
  const side = sideOf(line, authority)
  const partner = side === 'REQUESTING' ? line.requested : line.requesting
  const constant = holds(filter.references, line.reference) && (filter.side === undefined || filter.side === side) && holds(filter.partners, partner) && holds(filter.kinds, line.kind)
  if (!constant) return false
  return [line.before, line.after].some(state => state !== null && holds(filter.statuses, state.status) && holds(filter.urgencies, state.urgency)
    && (filter.open === undefined || filter.open === isOpen(state.status)))
}

const holds = <Value>(list: readonly Value[] | undefined, value: Value): boolean => list === undefined || list.includes(value)
