// What moves beside the shared status: sub-states of single kinds, overlays, use of evidence elsewhere, safeguards, notice to the person, answers in
// a consultation.
// Tables like the shared one: who may lead where, from what, while the request has which status. Nothing here changes the status.
import type { RequestState } from './request'
import { BESIDE_ACTS, REQUEST_STATUSES, SUB_STATES, type Act, type BesideAct, type Obligation, type Overlay, type RequestKind, type RequestStatus, type Side, type SubState } from './vocabulary'

type PartySide = Exclude<Side, 'HUB'>

/** The clear part of an act beside the status. */
export interface Beside {
  subState?: SubState
  /** When that happened, or is to happen. */
  on?: string
  overlay?: Overlay
  /** The version at which the use was asked for that is decided. */
  asked?: number
  granted?: boolean
  /** TELL_PERSON: the day of the next review; absent: the person was told. */
  reviewOn?: string
  /** EXTEND_LIMIT: whose clock is prolonged. */
  obligation?: Obligation
}

interface SubStateRow {
  readonly by: readonly PartySide[]
  /** Sub-states from which it is reached; null: none was reached yet. */
  readonly from: readonly (SubState | null)[]
  readonly in: readonly RequestStatus[]
  /** Whether `on` must be said. */
  readonly dated?: true
}

const RQ: readonly PartySide[] = ['REQUESTING'], RD: readonly PartySide[] = ['REQUESTED'], BOTH: readonly PartySide[] = ['REQUESTING', 'REQUESTED']
const BEFORE_DELIVERY: readonly RequestStatus[] = ['DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED']
const UNTIL_CLOSED: readonly RequestStatus[] = REQUEST_STATUSES.filter(status => !BEFORE_DELIVERY.includes(status) && status !== 'CLOSED')
const UNDECIDED: readonly RequestStatus[] = ['DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION', 'CONDITIONS_PENDING', 'POSTPONED']
const CARRIED_OUT: readonly RequestStatus[] = ['ACCEPTED', 'EXECUTING', 'POSTPONED', 'PARTIALLY_EXECUTED', 'EXECUTED', 'CONFIRMED']
const UNTIL_DONE: readonly RequestStatus[] = [...UNDECIDED, 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED']

const row = (by: readonly PartySide[], from: readonly (SubState | null)[], statuses: readonly RequestStatus[], dated?: true): SubStateRow => ({ by, from, in: statuses, ...(dated && { dated }) })

type KindTable = Partial<Record<SubState, SubStateRow>>

const HEARING: KindTable = {
  HEARING_SCHEDULED: row(RD, [null, 'HEARING_SCHEDULED', 'NOT_HEARD'], CARRIED_OUT, true),
  HEARD: row(RD, ['HEARING_SCHEDULED'], CARRIED_OUT), NOT_HEARD: row(RD, ['HEARING_SCHEDULED'], CARRIED_OUT),
}

/** Kinds without a row have no states of their own. */
const KIND_TABLES: Readonly<Partial<Record<RequestKind, KindTable>>> = {
  EXTRADITION: {
    PROVISIONAL_ARREST: row(RD, [null], UNDECIDED), DOCUMENTS_AWAITED: row(RQ, ['PROVISIONAL_ARREST'], UNDECIDED),
    CONSENT_OF_PERSON: row(RD, [null, 'PROVISIONAL_ARREST', 'DOCUMENTS_AWAITED', 'JUDICIAL_PHASE'], UNTIL_DONE),
    JUDICIAL_PHASE: row(RD, [null, 'PROVISIONAL_ARREST', 'DOCUMENTS_AWAITED'], UNTIL_DONE),
    EXECUTIVE_DECISION: row(RD, ['CONSENT_OF_PERSON', 'JUDICIAL_PHASE'], UNTIL_DONE),
    SURRENDER_SCHEDULED: row(RD, ['CONSENT_OF_PERSON', 'JUDICIAL_PHASE', 'EXECUTIVE_DECISION', 'SURRENDER_SCHEDULED', 'TEMPORARY_SURRENDER'], CARRIED_OUT, true),
    TEMPORARY_SURRENDER: row(RD, ['EXECUTIVE_DECISION', 'SURRENDER_SCHEDULED'], CARRIED_OUT), SURRENDERED: row(RD, ['SURRENDER_SCHEDULED'], CARRIED_OUT),
    RELEASED: row(RD, ['PROVISIONAL_ARREST', 'DOCUMENTS_AWAITED', 'CONSENT_OF_PERSON', 'JUDICIAL_PHASE', 'EXECUTIVE_DECISION', 'SURRENDER_SCHEDULED'], UNTIL_CLOSED),
  },
  TRANSFER_OF_SENTENCED_PERSON: {
    CONSENT_OF_PERSON: row(BOTH, [null], UNTIL_DONE),
    CONSENT_OF_REQUESTING_STATE: row(RQ, ['CONSENT_OF_PERSON', 'CONSENT_OF_REQUESTED_STATE'], UNTIL_DONE),
    CONSENT_OF_REQUESTED_STATE: row(RD, ['CONSENT_OF_PERSON', 'CONSENT_OF_REQUESTING_STATE'], UNTIL_DONE),
    CONTINUED_ENFORCEMENT: row(BOTH, ['CONSENT_OF_REQUESTING_STATE', 'CONSENT_OF_REQUESTED_STATE'], CARRIED_OUT),
    CONVERSION: row(BOTH, ['CONSENT_OF_REQUESTING_STATE', 'CONSENT_OF_REQUESTED_STATE'], CARRIED_OUT),
    TRANSFERRED: row(RD, ['CONTINUED_ENFORCEMENT', 'CONVERSION'], CARRIED_OUT),
  },
  JOINT_INVESTIGATION_TEAM: {
    PROPOSED: row(RQ, [null], UNTIL_DONE), NEGOTIATED: row(BOTH, ['PROPOSED'], UNTIL_DONE), SIGNED: row(RD, ['NEGOTIATED'], CARRIED_OUT), OPERATING: row(BOTH, ['SIGNED'], CARRIED_OUT),
    EXTENDED: row(BOTH, ['OPERATING', 'EXTENDED'], CARRIED_OUT, true), ENDED: row(BOTH, ['OPERATING', 'EXTENDED'], CARRIED_OUT), EVALUATED: row(BOTH, ['ENDED'], CARRIED_OUT),
  },
  SPONTANEOUS_INFORMATION: {
    OFFERED: row(RQ, [null], UNTIL_DONE), CONDITIONS_ACCEPTED: row(RD, ['OFFERED'], UNTIL_DONE), CONDITIONS_DECLINED: row(RD, ['OFFERED'], UNTIL_DONE),
    HANDED_OVER: row(RQ, ['CONDITIONS_ACCEPTED'], CARRIED_OUT),
  },
  SERVICE_OF_DOCUMENTS: { SERVED: row(RD, [null, 'NOT_SERVED'], CARRIED_OUT, true), NOT_SERVED: row(RD, [null], CARRIED_OUT) },
  PRESERVATION: {
    PRESERVED: row(RD, [null], ['ACCEPTED', 'EXECUTING', 'EXECUTED']), EXTENDED: row(RD, [null, 'PRESERVED', 'EXTENDED'], ['ACCEPTED', 'EXECUTING', 'EXECUTED'], true),
    KEPT_FOR_FOLLOW_UP: row(RD, [null, 'PRESERVED', 'EXTENDED'], ['ACCEPTED', 'EXECUTING', 'EXECUTED']),
  },
  ASSET_FREEZING: {
    FROZEN: row(RD, [null], CARRIED_OUT), CONFISCATED: row(RD, [null, 'FROZEN'], CARRIED_OUT), ASSETS_SHARED: row(RD, ['CONFISCATED'], CARRIED_OUT), RELEASED: row(RD, ['FROZEN'], UNTIL_CLOSED),
  },
  CIVIL_EVIDENCE: HEARING,
  VIDEO_HEARING: HEARING,
}

const RAISED_BY: Readonly<Record<Overlay, readonly PartySide[]>> = {
  DISPUTED: BOTH, ESCALATED: BOTH, CONFIDENTIALITY_BREACHED: BOTH, LEGAL_REMEDY_PENDING: RD, ON_HOLD_BY_COURT: RD,
}

const BY: Readonly<Record<BesideAct, readonly PartySide[]>> = {
  RECORD_SUB_STATE: BOTH, RAISE_OVERLAY: BOTH, LIFT_OVERLAY: BOTH, ASK_FURTHER_USE: RQ, DECIDE_FURTHER_USE: RD, TRIGGER_SAFEGUARD: RD, TELL_PERSON: BOTH, EXTEND_LIMIT: RD, ANSWER_CONSULTATION: RD,
}
const WITH_EVIDENCE: readonly RequestStatus[] = ['PARTIALLY_EXECUTED', 'EXECUTED', 'CONFIRMED']

export const isBesideAct = (act: Act): act is BesideAct => (BESIDE_ACTS as readonly Act[]).includes(act)

/** Where the kind's own states lead next, for one side. */
export function availableSubStates(state: RequestState, side: Side | null): SubState[] {
  const table = KIND_TABLES[state.kind]
  if (!table || side === null || side === 'HUB' || state.deliveredAt === null || state.pending.length > 0) return []
  return SUB_STATES.filter(subState => {
    const found = table[subState]
    return found !== undefined && found.by.includes(side) && found.from.includes(state.subState) && found.in.includes(state.status)
  })
}

/** Whether a side may take this act beside the status, with these clear words. */
export function mayTakeBeside(state: RequestState, side: PartySide, act: BesideAct, beside: Beside): boolean {
  if (act === 'ANSWER_CONSULTATION') return state.status === 'CONSULTATION' && BY[act].includes(side)
  if (state.deliveredAt === null || !UNTIL_CLOSED.includes(state.status) || !BY[act].includes(side)) return false
  switch (act) {
    case 'RECORD_SUB_STATE': return isNext(state, side, beside)
    case 'RAISE_OVERLAY': return beside.overlay !== undefined && overlayOf(state, beside.overlay) === null && RAISED_BY[beside.overlay].includes(side)
    case 'LIFT_OVERLAY': return beside.overlay !== undefined && mayLift(overlayOf(state, beside.overlay)?.by ?? null, side, beside.overlay)
    case 'ASK_FURTHER_USE': return WITH_EVIDENCE.includes(state.status)
    case 'DECIDE_FURTHER_USE': return beside.granted !== undefined && state.furtherUses.some(use => use.asked === beside.asked && use.decision === null)
    case 'EXTEND_LIMIT': return state.deadlines.some(({ obligation, state: at, extension }) => obligation === beside.obligation && at !== 'MET' && extension !== undefined)
    case 'TRIGGER_SAFEGUARD': case 'TELL_PERSON': return true
  }
}

function isNext(state: RequestState, side: PartySide, { subState, on }: Beside): boolean {
  const dated = subState !== undefined && KIND_TABLES[state.kind]?.[subState]?.dated === true
  return subState !== undefined && (!dated || on !== undefined) && availableSubStates({ ...state, pending: [] }, side).includes(subState)
}

/** Whoever raised it lifts it; an escalation either side, for the hub raised it as often. */
const mayLift = (raisedBy: Side | null, side: PartySide, overlay: Overlay): boolean => raisedBy !== null && (raisedBy === side || overlay === 'ESCALATED')

export const overlayOf = (state: Pick<RequestState, 'overlays'>, overlay: Overlay) => state.overlays.find(mark => mark.overlay === overlay) ?? null

/** While a legal remedy is pending nothing is transmitted. */
export const isSuspended = (state: Pick<RequestState, 'overlays'>, act: Act): boolean => act === 'REPORT_RESULTS' && overlayOf(state, 'LEGAL_REMEDY_PENDING') !== null

/** Every step of the tables, for documentation and for table tests. */
export const besideTable = (): { kind: RequestKind; subState: SubState; by: readonly PartySide[]; from: readonly (SubState | null)[]; in: readonly RequestStatus[]; dated: boolean }[] =>
  Object.entries(KIND_TABLES).flatMap(([kind, table]) => Object.entries(table).map(([subState, { dated, ...found }]) => ({ kind: kind as RequestKind, subState: subState as SubState, ...found, dated: dated ?? false })))
