// Every row of the clock table of domain.md §3.2, counted by hand in Paris: what starts the clock, when it ends, what a rest of exactly two
// days makes of it, what meets it; or why no house can know it.
import type { AskedTerms, ClockEvent } from '../../src/domain/deadlines'
import type { Beside } from '../../src/domain/beside'
import type { TimeLimitRow } from '../../src/domain/law/register'
import type { Act, BesideAct, MeasureCode, Obligation, RequestKind, RequestStatus, SubState, Urgency } from '../../src/domain/vocabulary'

/** Monday. */
const RECEIVED = '2026-03-02T09:00:00.000Z'
const DECIDED = '2026-03-10T10:00:00.000Z'
const ARRESTED = '2026-03-03T08:00:00.000Z'
const CONSENTED = '2026-03-05T08:00:00.000Z'

export interface ClockRow {
  /** As domain.md has it. */
  row: string
  cites: string
  kind: RequestKind
  obligation: Obligation
  source: string
  measures?: readonly MeasureCode[]
  urgency?: Urgency
  asks?: AskedTerms
  /** Rows that the register of the day would have besides its own. */
  with?: readonly TimeLimitRow[]
  /** The last event starts the clock. */
  way: readonly ClockEvent[]
  /** All ends that run then of this obligation by this source. */
  ends: readonly string[]
  /** The ends after a rest of 48 hours; null: runs on. */
  rested: readonly string[] | null
  /** How the requested side comes to rest there. */
  rests?: readonly Rest[]
  met: ClockEvent
}
export interface UnknowableRow { row: string; because: string; source?: string }
export type Rest = 'INFO_REQUESTED' | 'POSTPONED' | 'LEGAL_REMEDY_PENDING'

const received = (at = RECEIVED, sentAt = at): ClockEvent => ({ type: 'DELIVERED', act: null, from: 'SUBMITTED', to: 'DELIVERED', at, sentAt })
export const act = (name: Act, from: RequestStatus, to: RequestStatus, at: string, more: Partial<ClockEvent> = {}): ClockEvent => ({ type: 'ACT', act: name, from, to, at, ...more })
export const beside = (name: BesideAct, status: RequestStatus, at: string, words: Beside, more: Partial<ClockEvent> = {}): ClockEvent => act(name, status, status, at, { beside: words, ...more })
const recorded = (subState: SubState, status: RequestStatus, at: string, on?: string): ClockEvent => beside('RECORD_SUB_STATE', status, at, { subState, ...(on && { on }) })

const acknowledged = act('ACKNOWLEDGE', 'DELIVERED', 'ACKNOWLEDGED', '2026-09-01T10:00:00.000Z')
const accepted = (at = DECIDED): ClockEvent => act('ACCEPT', 'ASSESSMENT', 'ACCEPTED', at)
const executed = act('REPORT_RESULTS', 'EXECUTING', 'EXECUTED', '2026-09-20T10:00:00.000Z')
const kept = recorded('KEPT_FOR_FOLLOW_UP', 'ACCEPTED', '2026-09-20T10:00:00.000Z')
const arrested = recorded('PROVISIONAL_ARREST', 'ACKNOWLEDGED', '2026-03-04T08:00:00.000Z', ARRESTED)
const consented = recorded('CONSENT_OF_PERSON', 'ASSESSMENT', CONSENTED)
const surrendered = recorded('SURRENDERED', 'EXECUTING', '2026-06-16T10:00:00.000Z')
const inCourt = recorded('JUDICIAL_PHASE', 'ASSESSMENT', '2026-03-12T10:00:00.000Z')

const prolonged = (obligation: Obligation, status: RequestStatus, at: string): ClockEvent => beside('EXTEND_LIMIT', status, at, { obligation })

const eio = { cites: 'EIO', kind: 'EVIDENCE', measures: ['SEARCH_PREMISES'] } as const
const freezing = { cites: 'EU_2018_1805', kind: 'ASSET_FREEZING', source: 'Regulation (EU) 2018/1805' } as const
/** Applies from 2026-08-18; 1 September is a Tuesday. */
const orders = { cites: 'EU_2023_1543', kind: 'SUBSCRIBER_INFORMATION', measures: ['SUBSCRIBER'], source: 'Regulation (EU) 2023/1543', obligation: 'EXECUTE' } as const
const september = received('2026-09-01T09:00:00.000Z')
const tca = { cites: 'EU_GB_TCA', kind: 'EVIDENCE', measures: ['DOCUMENTS'], source: 'EU_GB_TCA part three, title on mutual assistance' } as const
const second = { cites: 'COE224', kind: 'SUBSCRIBER_INFORMATION', measures: ['SUBSCRIBER'] } as const
const extradition = { cites: 'COE024', kind: 'EXTRADITION' } as const
const warrant = { cites: 'EAW', kind: 'EXTRADITION' } as const
const needed = { kind: 'EVIDENCE', measures: ['DOCUMENTS'], obligation: 'EXECUTE', asks: { neededBy: '2026-03-20T12:00:00.000Z', withReasons: true }, way: [received()], ends: ['2026-03-20T12:00:00.000Z'], rested: ['2026-03-22T12:00:00.000Z'], met: executed } as const
const release = (limit: string): TimeLimitRow => ({ obligation: 'RELEASE', limit, runsFrom: 'ARREST', kinds: ['EXTRADITION'], counted: 'EVERY_DAY', source: 'a bilateral treaty', verified: false })

export const CLOCKS: readonly ClockRow[] = [
  { row: 'EIO art. 16(1): acknowledge (Annex B), 7 days from receipt', ...eio, obligation: 'ACKNOWLEDGE', source: 'EIO art. 16(1)', way: [received()], ends: ['2026-03-09T23:00:00.000Z'], rested: ['2026-03-11T23:00:00.000Z'], met: acknowledged },
  // The clocks go forward on 29 March.
  { row: 'EIO art. 12(3), (5): decide, 30 days from receipt', ...eio, obligation: 'DECIDE', source: 'EIO art. 12(3), (5)', way: [received()], ends: ['2026-04-01T22:00:00.000Z'], rested: ['2026-04-03T22:00:00.000Z'], met: accepted() },
  // 1 May is a holiday and a Friday.
  { row: 'EIO art. 12(5): decide, 30 days more with reasons', ...eio, obligation: 'DECIDE', source: 'EIO art. 12(3), (5)', way: [received(), prolonged('DECIDE', 'ASSESSMENT', '2026-03-20T10:00:00.000Z')], ends: ['2026-05-04T22:00:00.000Z'], rested: ['2026-05-06T22:00:00.000Z'], met: accepted() },
  { row: 'EIO art. 12(4): execute, 90 days from the decision', ...eio, obligation: 'EXECUTE', source: 'EIO art. 12(4)', way: [received(), accepted()], ends: ['2026-06-08T22:00:00.000Z'], rested: ['2026-06-10T22:00:00.000Z'], met: executed },
  { row: 'EIO art. 32: decide on a provisional measure, 24 h from receipt', ...eio, measures: ['PRESERVE'], obligation: 'DECIDE', source: 'EIO art. 32', way: [received()], ends: ['2026-03-03T09:00:00.000Z'], rested: ['2026-03-05T09:00:00.000Z'], met: accepted() },
  { row: 'EU Reg. 2018/1805: urgent freezing recognised within 48 h of receipt', ...freezing, measures: ['FREEZE'], urgency: 'URGENT', obligation: 'DECIDE', way: [received()], ends: ['2026-03-04T09:00:00.000Z'], rested: ['2026-03-06T09:00:00.000Z'], met: accepted() },
  { row: 'EU Reg. 2018/1805: urgent freezing executed within 48 h of the decision', ...freezing, measures: ['FREEZE'], urgency: 'URGENT', obligation: 'EXECUTE', way: [received(), accepted('2026-03-03T10:00:00.000Z')], ends: ['2026-03-05T10:00:00.000Z'], rested: ['2026-03-07T10:00:00.000Z'], met: executed },
  // 16 April; two days later Saturday 18, so Monday 20.
  { row: 'EU Reg. 2018/1805: confiscation recognised within 45 days of receipt', ...freezing, measures: ['CONFISCATE'], obligation: 'DECIDE', way: [received()], ends: ['2026-04-16T22:00:00.000Z'], rested: ['2026-04-20T22:00:00.000Z'], met: accepted() },
  // 11 September; two days later Sunday 13, so Monday 14.
  { row: 'EU Reg. 2023/1543: production order answered within 10 days of receipt', ...orders, way: [september], ends: ['2026-09-11T22:00:00.000Z'], rested: ['2026-09-14T22:00:00.000Z'], met: executed },
  { row: 'EU Reg. 2023/1543: production order answered within 8 h of receipt in an emergency', ...orders, urgency: 'EMERGENCY', way: [september], ends: ['2026-09-01T17:00:00.000Z'], rested: ['2026-09-03T17:00:00.000Z'], met: executed },
  // Sunday 1 November, All Saints.
  { row: 'EU Reg. 2023/1543: preservation, 60 days from the order', ...orders, kind: 'PRESERVATION', measures: ['PRESERVE'], obligation: 'PRESERVE', way: [september, accepted('2026-09-02T10:00:00.000Z')], ends: ['2026-11-02T23:00:00.000Z'], rested: null, met: kept },
  { row: 'EU Reg. 2023/1543: preservation, 30 days more', ...orders, kind: 'PRESERVATION', measures: ['PRESERVE'], obligation: 'PRESERVE', way: [september, accepted('2026-09-02T10:00:00.000Z'), prolonged('PRESERVE', 'ACCEPTED', '2026-10-20T10:00:00.000Z')], ends: ['2026-12-02T23:00:00.000Z'], rested: null, met: kept },
  { row: 'EU–UK TCA, MLA title: decide within 45 days of receipt', ...tca, obligation: 'DECIDE', way: [received()], ends: ['2026-04-16T22:00:00.000Z'], rested: ['2026-04-20T22:00:00.000Z'], met: accepted() },
  { row: 'EU–UK TCA, MLA title: execute within 90 days of the decision', ...tca, obligation: 'EXECUTE', way: [received(), accepted()], ends: ['2026-06-08T22:00:00.000Z'], rested: ['2026-06-10T22:00:00.000Z'], met: executed },
  // Saturday 9 May.
  { row: 'Budapest 29(7): preserve for a foreign state at least 60 days from the order, then until the follow-up is decided', cites: 'COE185', kind: 'PRESERVATION', measures: ['PRESERVE'], obligation: 'PRESERVE', source: 'COE185 art. 29(7)', way: [received(), accepted()], ends: ['2026-05-11T22:00:00.000Z'], rested: null, met: kept },
  { row: 'Budapest 35: contact point acknowledges within 2 h of receipt (ours)', cites: 'COE185', kind: 'PRESERVATION', measures: ['PRESERVE'], obligation: 'ACKNOWLEDGE', source: 'COE185 art. 35 sets no hour; hub rule (ours)', way: [received()], ends: ['2026-03-02T11:00:00.000Z'], rested: ['2026-03-04T11:00:00.000Z'], met: acknowledged },
  { row: 'CETS 224 art. 7: subscriber data within 30 days of receipt', ...second, obligation: 'EXECUTE', source: 'COE224 art. 7', way: [received()], ends: ['2026-04-01T22:00:00.000Z'], rested: ['2026-04-03T22:00:00.000Z'], met: executed },
  { row: 'CETS 224 art. 8: provider served within 45 days of full information', ...second, obligation: 'SERVE', source: 'COE224 art. 8', way: [received()], ends: ['2026-04-16T22:00:00.000Z'], rested: ['2026-04-20T22:00:00.000Z'], rests: ['POSTPONED', 'LEGAL_REMEDY_PENDING'], met: executed },
  {
    row: 'CETS 224 art. 8: full information that comes with a supplement starts it anew', ...second, obligation: 'SERVE', source: 'COE224 art. 8',
    way: [received(), act('ASK_FOR_INFORMATION', 'ASSESSMENT', 'INFO_REQUESTED', '2026-03-04T09:00:00.000Z'), act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-03-06T09:00:00.000Z')],
    ends: ['2026-04-20T22:00:00.000Z'], rested: ['2026-04-22T22:00:00.000Z'], rests: ['POSTPONED', 'LEGAL_REMEDY_PENDING'], met: executed,
  },
  { row: 'CETS 224 art. 8: subscriber data back within 20 days of the order', ...second, obligation: 'EXECUTE', source: 'COE224 art. 8', way: [received(), accepted()], ends: ['2026-03-30T22:00:00.000Z'], rested: ['2026-04-01T22:00:00.000Z'], met: executed },
  { row: 'CETS 224 art. 8: traffic data back within 45 days of the order', ...second, kind: 'EVIDENCE', measures: ['TRAFFIC_STORED'], obligation: 'EXECUTE', source: 'COE224 art. 8', way: [received(), accepted()], ends: ['2026-04-24T22:00:00.000Z'], rested: ['2026-04-27T22:00:00.000Z'], met: executed },
  { row: 'CETS 224 art. 9, 10: emergency acknowledged within 1 h (ours)', ...second, urgency: 'EMERGENCY', obligation: 'ACKNOWLEDGE', source: 'COE224 art. 9, 10 set no number; hub rule (ours)', way: [received()], ends: ['2026-03-02T10:00:00.000Z'], rested: ['2026-03-04T10:00:00.000Z'], met: acknowledged },
  { row: 'CETS 224 art. 9, 10: emergency answered within 24 h (ours)', ...second, urgency: 'EMERGENCY', obligation: 'DECIDE', source: 'COE224 art. 9, 10 set no number; hub rule (ours)', way: [received()], ends: ['2026-03-03T09:00:00.000Z'], rested: ['2026-03-05T09:00:00.000Z'], met: accepted() },
  // Saturday 21 March and Sunday 12 April: liberty waits for no working day.
  { row: 'ETS 024 art. 16(4): provisional arrest without the request may end at 18, must end at 40 days', ...extradition, measures: ['ARREST_PROVISIONAL'], obligation: 'RELEASE', source: 'COE024 art. 16(4)', way: [received(), arrested], ends: ['2026-03-21T23:00:00.000Z', '2026-04-12T22:00:00.000Z'], rested: null, met: inCourt },
  {
    row: 'ETS 024 art. 18(4): person not taken over may be released at 15, must be at 30 days', ...extradition, measures: ['SURRENDER'], obligation: 'RELEASE', source: 'COE024 art. 18(4)',
    way: [received(), accepted('2026-05-20T10:00:00.000Z'), recorded('SURRENDER_SCHEDULED', 'ACCEPTED', '2026-06-01T08:00:00.000Z', '2026-06-12T08:00:00.000Z')],
    // Saturday 27 June and Sunday 12 July.
    ends: ['2026-06-27T22:00:00.000Z', '2026-07-12T22:00:00.000Z'], rested: null, met: surrendered,
  },
  { row: 'Bilateral extradition: provisional arrest of 45 or 60 days, a treaty parameter', cites: 'US_CA', kind: 'EXTRADITION', measures: ['ARREST_PROVISIONAL'], obligation: 'RELEASE', source: 'a bilateral treaty', with: [release('P45D'), release('P60D')], way: [received(), arrested], ends: ['2026-04-17T22:00:00.000Z', '2026-05-02T22:00:00.000Z'], rested: null, met: inCourt },
  { row: 'CETS 209: decide within 20 days of the consent', cites: 'COE209', kind: 'EXTRADITION', obligation: 'DECIDE', source: 'COE209 (simplified extradition)', way: [received(), consented], ends: ['2026-03-25T23:00:00.000Z'], rested: ['2026-03-27T23:00:00.000Z'], met: accepted() },
  { row: 'CETS 209: surrender within 10 days of the decision', cites: 'COE209', kind: 'EXTRADITION', obligation: 'SURRENDER', source: 'COE209 (simplified extradition)', way: [received(), consented, accepted()], ends: ['2026-03-20T23:00:00.000Z'], rested: ['2026-03-23T23:00:00.000Z'], met: surrendered },
  // Saturday 2 May.
  { row: 'EAW art. 17: decide within 60 days of the arrest', ...warrant, obligation: 'DECIDE', source: 'EAW art. 17', way: [received(), arrested], ends: ['2026-05-04T22:00:00.000Z'], rested: ['2026-05-06T22:00:00.000Z'], met: accepted() },
  { row: 'EAW art. 17: decide, 30 days more', ...warrant, obligation: 'DECIDE', source: 'EAW art. 17', way: [received(), arrested, prolonged('DECIDE', 'ASSESSMENT', '2026-04-20T10:00:00.000Z')], ends: ['2026-06-03T22:00:00.000Z'], rested: ['2026-06-05T22:00:00.000Z'], met: accepted() },
  // Sunday 15 March; the 60 days fall away.
  { row: 'EAW art. 17: decide within 10 days of the consent instead', ...warrant, obligation: 'DECIDE', source: 'EAW art. 17', way: [received(), arrested, consented], ends: ['2026-03-16T23:00:00.000Z'], rested: ['2026-03-18T23:00:00.000Z'], met: accepted() },
  { row: 'EAW art. 23: surrender within 10 days of the final decision', ...warrant, obligation: 'SURRENDER', source: 'EAW art. 23', way: [received(), arrested, accepted()], ends: ['2026-03-20T23:00:00.000Z'], rested: ['2026-03-23T23:00:00.000Z'], met: surrendered },
  { row: 'UNTOC 18(24): a deadline that carries reasons', cites: 'UNTOC', source: 'UNTOC art. 18(24)', ...needed },
  { row: 'UNCAC 46(24): a deadline that carries reasons', cites: 'UNCAC', source: 'UNCAC art. 46(24)', ...needed },
  { row: 'EU 2000 art. 4: a deadline that was asked for', cites: 'EU2000', source: 'EU2000 art. 4', ...needed },
  // Sent on a Sunday, received eight days later: counted from the sending to Saturday 22 August.
  { row: 'Hague Service 15: judgment without certificate at the earliest 6 months after the transmission', cites: 'HCCH65', kind: 'SERVICE_OF_DOCUMENTS', measures: ['SERVE'], obligation: 'SERVE', source: 'HCCH65 art. 15', way: [received(RECEIVED, '2026-02-22T10:00:00.000Z')], ends: ['2026-08-22T22:00:00.000Z'], rested: ['2026-08-24T22:00:00.000Z'], met: recorded('SERVED', 'EXECUTING', '2026-06-01T10:00:00.000Z', '2026-06-01T09:00:00.000Z') },
]

export const UNKNOWABLE: readonly UnknowableRow[] = [
  { row: 'EIO art. 31: object to interception without technical help, 96 h from the notice (Annex C)', source: 'EIO art. 31', because: 'The notice of Annex C informs and asks for nothing: no kind of request is one, so nothing starts the 96 hours here. The row is told to whoever asks for the basis.' },
  { row: 'Budapest 16(2): preserve at home up to 90 days, renewable', because: 'What a state orders at home for a case of its own is no request between authorities.' },
  { row: 'ETS 024 art. 14: speciality ends if the person stays 45 days after the final discharge', because: 'Discharge and stay happen in the requesting state after the surrender; neither side records them with the request. It stands among the conditions of the basis.' },
  { row: 'ETS 112 art. 3: at least 6 months left to serve on receipt of the request', because: 'A condition and no clock: checkDraft judges it (SENTENCE_LEFT_AT_LEAST); that both states and the person agree are states of their own.' },
  { row: 'UNTOC 18(24), UNCAC 46(24): as soon as possible, progress questions answered', because: 'No number is set. What the requesting side gives as a deadline runs as such.' },
  { row: 'EU 2000 art. 4: say promptly where a formality cannot be met', because: 'No number is set.' },
]
