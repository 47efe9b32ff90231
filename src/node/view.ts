// Rows and entries as the public schema shows them. One shape at the schema; nothing here reads a store.
import { addresseeView } from '../../resolvers/duty'
import { availableSubStates } from '../domain/beside'
import { isInConsultation } from '../domain/consultation'
import { refusalText } from '../domain/decide'
import type { RequestLine } from '../domain/feed'
import { availableActs, sideOf } from '../domain/lifecycle'
import type { AuthorityId, ConsultationEntry, Deadline, Digest, Fact, FurtherUse, Reached, RequestState, Said } from '../domain/request'
import { actsOfRole, readsContent, takesBeside, type Viewer } from '../domain/viewer'
import type { Act, DeadlineState, SubState } from '../domain/vocabulary'
import type { DocketRow } from '../store/store'

/** A request as resolvers get it; fields that need a read are resolved from `row`. */
export const requestView = (row: DocketRow, own: AuthorityId, now: string) => ({
  __typename: 'Request' as const,
  row,
  id: `request:${row.reference}`,
  ...plainFields(row.state),
  requesting: { id: row.state.requesting },
  requested: { id: row.state.requested },
  deadlines: row.state.deadlines.map(deadline => deadlineView(deadline, now)),
  pending: row.state.pending.map(({ act, at }) => ({ act, at })),
  origin: { authority: own, stale: row.decider !== own, asOf: now },
})
export type RequestView = ReturnType<typeof requestView>

function plainFields(state: RequestState) {
  const { reference, version, kind, matter, urgency, status, measures, requestingReference, requestedReference, legalBases, createdAt, submittedAt, lastActivityAt, subState, overlays } = state
  return { reference, version, kind, matter, urgency, status, measures, requestingReference, requestedReference, legalBases, createdAt, submittedAt, lastActivityAt, subState, overlays }
}

const deadlineView = (deadline: Deadline, now: string): Omit<Deadline, 'state'> & { state: DeadlineState } => ({
  ...deadline, state: deadline.state === 'RUNNING' && deadline.dueAt < now ? 'OVERDUE' : deadline.state, ...(deadline.state === 'MET' && { extension: undefined }),
})

export const escalationView = ({ at, obligation, ...addressee }: Reached) => ({ at, obligation, addressee: addresseeView(addressee) })

/** What this viewer may do now: the side's acts that its role allows. */
export function actsFor(row: DocketRow, viewer: Viewer): Act[] {
  const allowed = actsOfRole(viewer.role)
  return availableActs(row.state, sideOf(row.state, viewer.authority), viewer.subject).filter(act => allowed.includes(act))
}

export const subStatesFor = (row: DocketRow, viewer: Viewer): SubState[] =>
  takesBeside(viewer.role, 'RECORD_SUB_STATE') ? availableSubStates(row.state, sideOf(row.state, viewer.authority)) : []

export const mayReadContent = (viewer: Viewer, row: DocketRow): boolean => readsContent(viewer.role, row.state.urgency)

/** One entry of a timeline as resolvers get it; its words are read from `fact` where the viewer may. */
export const timelineView = (line: RequestLine, cursor: string, fact: Fact) => ({
  __typename: 'TimelineEvent' as const, cursor, fact, type: line.type, at: line.at, by: line.by, addressee: addresseeView(line.addressee), status: line.to, version: line.version, act: line.act, notEvidence: isInConsultation(fact), reference: line.reference,
})
export type TimelineView = ReturnType<typeof timelineView>

export const refusalView = (fact: Fact): { code: string; message: string } | null => (fact.refusal ? { code: fact.refusal.code, message: refusalText(fact) } : null)

const words = (text: string | null | undefined): string => text ?? ''

/** What an act said, by the act; null where it said nothing. A text deleted at the end of retention reads as an empty string. */
export function detailsView(fact: Fact, said: Said): Record<string, unknown> | null {
  switch (fact.act) {
    case 'ACKNOWLEDGE': return { __typename: 'Acknowledgement', handler: words(said.handler), ownReference: words(said.ownReference) }
    case 'ASK_FOR_INFORMATION': return { __typename: 'InformationWanted', missing: said.missing ?? [], answerBy: said.answerBy ?? fact.at }
    case 'SUPPLEMENT': return { __typename: 'Supplement', dossierDigest: fact.contents.dossier }
    case 'PROPOSE_SCOPE': return { __typename: 'ScopeProposal', objections: said.objections ?? [], proposal: words(said.proposal), measures: said.measures ?? null, timeWindow: said.timeWindow ?? null }
    case 'ANSWER_SCOPE': return { __typename: 'ScopeAnswer', accept: said.accept ?? false, counter: said.counter ?? null }
    case 'ACCEPT': case 'REFUSE': return decisionView(fact.at, fact.decision ?? 'ACCEPTED', said)
    case 'ANSWER_CONDITIONS': return { __typename: 'ConditionsAnswer', accept: said.accept ?? false }
    case 'POSTPONE': return { __typename: 'Postponement', ground: words(said.ground), until: said.until ?? fact.at }
    case 'REDIRECT': return { __typename: 'Redirection', to: { id: said.to ?? '' }, reason: words(said.reason) }
    case 'CHANGE_URGENCY': return fact.urgency ? { __typename: 'UrgencyChange', ...fact.urgency, reason: words(said.reason) } : null
    case 'REPORT_RESULTS': return { __typename: 'ResultsReported', items: said.items ?? [], complete: said.complete ?? fact.to === 'EXECUTED' }
    case 'WITHDRAW': case 'DECLARE_IMPOSSIBLE': return { __typename: 'Reason', reason: words(said.reason) }
    case 'CONSULT': return { __typename: 'ConsultationAsked', question: words(said.question) }
    case 'ANSWER_CONSULTATION': return { __typename: 'ConsultationAnswered', answer: words(said.answer) }
    case 'RECORD_SUB_STATE': return { __typename: 'SubStateRecorded', subState: fact.beside?.subState, on: fact.beside?.on ?? null }
    case 'RAISE_OVERLAY': case 'LIFT_OVERLAY': return { __typename: 'OverlayChange', overlay: fact.beside?.overlay, raised: fact.act === 'RAISE_OVERLAY', reason: words(said.reason) }
    case 'ASK_FURTHER_USE': return { __typename: 'FurtherUseAsked', purpose: words(said.purpose) }
    case 'DECIDE_FURTHER_USE': return { __typename: 'FurtherUseDecided', asked: fact.beside?.asked, granted: fact.beside?.granted ?? false, reasons: words(said.reasons) }
    case 'TRIGGER_SAFEGUARD': return { __typename: 'SafeguardTriggered', safeguard: words(said.safeguard) }
    case 'EXTEND_LIMIT': return { __typename: 'LimitExtended', obligation: fact.beside?.obligation, reasons: words(said.reasons) }
    case 'TELL_PERSON': return { __typename: 'PersonNotice', reviewOn: fact.beside?.reviewOn ?? null, reason: words(said.reason) }
    default: return null
  }
}

export const decisionView = (at: string, result: string, said: Said | null) => ({
  __typename: 'Decision', at, result, codes: said?.codes ?? [], reasons: words(said?.reasons ?? said?.reason), remedies: said?.remedies ?? null, conditions: said?.conditions ?? [], dualCriminality: said?.dualCriminality ?? null,
})

export const consultationView = ({ version, act, by, at }: ConsultationEntry, said: Said | null) =>
  ({ version, act, by, at, text: said?.question ?? said?.answer ?? said?.note ?? (act === 'AMEND' ? null : '') })

export function furtherUseView({ asked, at, said, decision }: FurtherUse, saidOf: (digest: Digest | null) => Said | undefined) {
  const words = decision ? saidOf(decision.said) : undefined
  return {
    asked, at, purpose: saidOf(said)?.purpose ?? '', granted: decision?.granted ?? null, decidedAt: decision?.at ?? null,
    reasons: decision ? (words?.reasons ?? '') : null, conditions: words?.conditions ?? [],
  }
}
