// Folds facts into the state of a request. Total: a recorded fact is never refused here, whoever decided it.
import { isDecided } from './lifecycle'
import { overlayOf } from './beside'
import type { RelatedRequest } from './dossier-parts'
import type { ConsultationEntry, Digest, Fact, OverlayMark, RequestState, Said } from './request'
import type { Act } from './vocabulary'

/** A fact with what the fold needs of its content; `said` null where the text was deleted at the end of retention. */
export interface Recorded {
  fact: Fact
  /** Digest of the fact's canonical form; read only where the state keeps it. */
  readonly digest: Digest
  said: Said | null
  /** Subject that acted, own store only. */
  actor: string
  /** All related requests that the own side named with it; absent where it named none anew, and for the other side's facts. */
  relations?: RelatedRequest[]
}

/** Acts of the requested side that seek an understanding before it decides. */
const CONSULTING: readonly Act[] = ['ANSWER_CONSULTATION', 'ASK_FOR_INFORMATION', 'PROPOSE_SCOPE']

export function evolve(state: RequestState | null, recorded: Recorded): RequestState {
  const before = state ?? begin(recorded)
  if (!isDecided(recorded.fact.type)) return answered(notice(before, recorded.fact), recorded.fact)
  return answered(decided(before, recorded), recorded.fact)
}

function begin({ fact }: Recorded): RequestState {
  if (!fact.index) throw new TypeError(`the first fact of ${fact.reference} carries no index`)
  return {
    reference: fact.reference, version: fact.version, status: fact.to, statusSince: fact.version, resumeTo: null, decider: 'REQUESTING',
    deliveryRefused: false, undeliveredTold: false, createdAt: fact.createdAt ?? fact.at, submittedAt: null, deliveredAt: null, acknowledgedAt: null, lastActivityAt: fact.at, requestingReference: '',
    requestedReference: null, legalBases: [], deadlines: [], dossier: null, relations: [], law: null, decision: null, results: [], draftedBy: '', amendedBy: '', scope: null, subState: null, overlays: [], escalatedTo: [], furtherUses: [], consultedAt: null, consultation: [], head: null, pending: [],
    ...fact.index,
  }
}

const notice = (state: RequestState, fact: Fact): RequestState => ({
  ...state,
  lastActivityAt: latest(state.lastActivityAt, fact.at),
  deadlines: fact.deadlines ?? state.deadlines,
  ...(fact.type === 'OVERDUE' && state.deliveredAt === null && { undeliveredTold: true }),
  ...(fact.type === 'ESCALATED' && overlayOf(state, 'ESCALATED') === null && { overlays: [...state.overlays, { overlay: 'ESCALATED', by: 'HUB', since: fact.at } satisfies OverlayMark] }),
  ...(fact.type === 'ESCALATED' && fact.addressee && fact.obligation && { escalatedTo: [...state.escalatedTo, { ...fact.addressee, obligation: fact.obligation, at: fact.at }] }),
  ...(fact.type === 'DELIVERY_REFUSED' && { deliveryRefused: true, decider: 'REQUESTING' as const }),
})

const answered = (state: RequestState, fact: Fact): RequestState =>
  fact.answers === undefined ? state : { ...state, pending: state.pending.filter(act => act.id !== fact.answers) }

const latest = (one: string, other: string): string => (one > other ? one : other)

function decided(state: RequestState, recorded: Recorded): RequestState {
  const { fact } = recorded
  // Assigned to a copy: names that a literal gives anew behind a spread cost microseconds, and a rebuild comes here for each entry.
  const next: RequestState = { ...state }
  if (fact.index) Object.assign(next, fact.index)
  next.version = fact.version
  next.status = fact.to
  next.statusSince = fact.from === fact.to ? state.statusSince : fact.version
  next.resumeTo = fact.act === 'POSTPONE' ? fact.from : fact.to === 'POSTPONED' ? state.resumeTo : null
  next.lastActivityAt = latest(state.lastActivityAt, fact.at)
  next.deadlines = fact.deadlines ?? state.deadlines
  next.dossier = fact.contents.dossier ?? state.dossier
  next.relations = recorded.relations ?? state.pending.find(act => act.id === fact.answers)?.relations ?? fact.relations ?? state.relations
  // Back under assessment nothing is decided, whatever was offered before.
  next.decision = fact.to === 'ASSESSMENT' ? null : state.decision
  next.law = fact.contents.law ?? state.law
  next.head = fact.act === 'SUBMIT' || state.head ? recorded.digest : null
  next.overlays = overlaysAfter(state, fact)
  next.consultedAt = fact.act && CONSULTING.includes(fact.act) ? fact.at : state.consultedAt
  next.consultation = consultationAfter(state, fact)
  return Object.assign(next, passing(state, fact), spoken(state, recorded))
}

/** What was raised and lifted; an escalation by the clock ends with the last obligation that is late. */
function overlaysAfter({ overlays }: RequestState, { act, beside, by, at, deadlines }: Fact): OverlayMark[] {
  const late = deadlines?.some(deadline => deadline.state === 'RUNNING' && deadline.dueAt <= at) ?? true
  const kept = late ? overlays : overlays.filter(mark => mark.overlay !== 'ESCALATED' || mark.by !== 'HUB')
  const overlay = beside?.overlay
  if (overlay === undefined) return kept
  const others = kept.filter(mark => mark.overlay !== overlay)
  return act === 'RAISE_OVERLAY' ? [...others, { overlay, by, since: at }] : act === 'LIFT_OVERLAY' ? others : kept
}

/** Everything that leaves it a consultation: what was asked, answered and shown anew. */
function consultationAfter({ consultation }: RequestState, { version, act, by, at, to, contents }: Fact): ConsultationEntry[] {
  return act && to === 'CONSULTATION' ? [...consultation, { version, act, by, at, said: contents.said ?? null }] : consultation
}

/** Who decides from here on, and when the request passed. */
function passing(state: RequestState, fact: Fact): Partial<RequestState> {
  if (fact.act === 'SUBMIT') return { decider: 'REQUESTED', submittedAt: fact.at, deliveryRefused: false }
  if (fact.act === 'CONSULT') return { deliveryRefused: false }
  if (fact.type === 'DELIVERED') return { decider: 'REQUESTED', deliveredAt: fact.at, deliveryRefused: false }
  return { decider: state.decider }
}

/** What the content of an act adds to the state. */
function spoken(state: RequestState, { fact, said, actor }: Recorded): Partial<RequestState> {
  switch (fact.act) {
    case 'DRAFT': return { ...drafted(state, said), draftedBy: actor, amendedBy: actor }
    case 'AMEND': return { ...drafted(state, said), amendedBy: actor }
    case 'CONSULT': case 'SUBMIT': return drafted(state, said)
    case 'ACKNOWLEDGE': return { requestedReference: said?.ownReference ?? '', acknowledgedAt: fact.at }
    case 'PROPOSE_SCOPE': return { scope: fact.contents.said ?? null }
    case 'ANSWER_SCOPE': return { scope: null }
    case 'ACCEPT': case 'REFUSE': case 'DECLARE_IMPOSSIBLE':
      return { decision: { at: fact.at, result: fact.decision ?? 'ACCEPTED', said: fact.contents.said ?? null } }
    case 'REPORT_RESULTS': return { results: fact.contents.said ? [...state.results, fact.contents.said] : state.results }
    case 'RECORD_SUB_STATE': return { subState: fact.beside?.subState ?? state.subState }
    case 'ASK_FURTHER_USE': return { furtherUses: [...state.furtherUses, { asked: fact.version, at: fact.at, said: fact.contents.said ?? null, decision: null }] }
    case 'DECIDE_FURTHER_USE': {
      const decision = { at: fact.at, granted: fact.beside?.granted ?? false, said: fact.contents.said ?? null }
      return { furtherUses: state.furtherUses.map(use => (use.asked === fact.beside?.asked ? { ...use, decision } : use)) }
    }
    default: return {}
  }
}

const drafted = (state: RequestState, said: Said | null): Partial<RequestState> => ({
  requestingReference: said?.ownReference ?? state.requestingReference,
  legalBases: said?.legalBases ?? state.legalBases,
})
