// The table "Acts and states" of the specification, copied row by row by hand. It imports no rule: it is what the rules are held against.
import type { CaseAct, PartySide } from '../../src/domain/lifecycle'
import type { Said } from '../../src/domain/request'
import type { RequestStatus } from '../../src/domain/vocabulary'
import { act, DELIVERED, type Happened } from '../support/given'

export const ALL_STATUSES: readonly RequestStatus[] = [
  'DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED', 'DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION', 'CONDITIONS_PENDING', 'ACCEPTED',
  'EXECUTING', 'POSTPONED', 'PARTIALLY_EXECUTED', 'EXECUTED', 'CONFIRMED', 'REFUSED', 'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED', 'CLOSED',
]
export const FINAL_STATUSES: readonly RequestStatus[] = ['CONFIRMED', 'REFUSED', 'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED']

export interface Row { act: CaseAct; by: PartySide; from: readonly RequestStatus[]; to: RequestStatus | 'same'; said?: Said }

const OPEN_FROM_DELIVERED: readonly RequestStatus[] = [
  'DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION', 'CONDITIONS_PENDING', 'ACCEPTED', 'EXECUTING', 'POSTPONED', 'PARTIALLY_EXECUTED', 'EXECUTED',
]

export const ROWS: readonly Row[] = [
  { act: 'AMEND', by: 'REQUESTING', from: ['DRAFT', 'CONSULTATION'], to: 'same' },
  { act: 'AMEND', by: 'REQUESTING', from: ['VALIDATED'], to: 'DRAFT' },
  { act: 'CONSULT', by: 'REQUESTING', from: ['DRAFT'], to: 'CONSULTATION' },
  { act: 'VALIDATE', by: 'REQUESTING', from: ['DRAFT', 'CONSULTATION'], to: 'VALIDATED' },
  { act: 'SUBMIT', by: 'REQUESTING', from: ['VALIDATED'], to: 'SUBMITTED' },
  { act: 'ACKNOWLEDGE', by: 'REQUESTED', from: ['DELIVERED'], to: 'ACKNOWLEDGED' },
  { act: 'REDIRECT', by: 'REQUESTED', from: ['DELIVERED', 'ACKNOWLEDGED'], to: 'REDIRECTED' },
  { act: 'BEGIN_ASSESSMENT', by: 'REQUESTED', from: ['ACKNOWLEDGED', 'INFO_REQUESTED', 'NEGOTIATION', 'CONDITIONS_PENDING'], to: 'ASSESSMENT' },
  { act: 'ASK_FOR_INFORMATION', by: 'REQUESTED', from: ['ACKNOWLEDGED', 'ASSESSMENT'], to: 'INFO_REQUESTED' },
  { act: 'SUPPLEMENT', by: 'REQUESTING', from: ['INFO_REQUESTED'], to: 'ASSESSMENT' },
  { act: 'PROPOSE_SCOPE', by: 'REQUESTED', from: ['ASSESSMENT'], to: 'NEGOTIATION' },
  { act: 'ANSWER_SCOPE', by: 'REQUESTING', from: ['NEGOTIATION'], to: 'ASSESSMENT' },
  { act: 'ACCEPT', by: 'REQUESTED', from: ['ASSESSMENT'], to: 'ACCEPTED' },
  { act: 'ACCEPT', by: 'REQUESTED', from: ['ASSESSMENT'], to: 'CONDITIONS_PENDING', said: { conditions: ['USE_ONLY_FOR_CASE'] } },
  { act: 'ANSWER_CONDITIONS', by: 'REQUESTING', from: ['CONDITIONS_PENDING'], to: 'ACCEPTED', said: { accept: true } },
  { act: 'ANSWER_CONDITIONS', by: 'REQUESTING', from: ['CONDITIONS_PENDING'], to: 'ASSESSMENT', said: { accept: false } },
  { act: 'REFUSE', by: 'REQUESTED', from: ['ASSESSMENT', 'INFO_REQUESTED', 'NEGOTIATION', 'CONDITIONS_PENDING'], to: 'REFUSED' },
  { act: 'POSTPONE', by: 'REQUESTED', from: ['ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED'], to: 'POSTPONED' },
  // From POSTPONED back to where it came from: ASSESSMENT on the path below; the other three have a test of their own.
  { act: 'RESUME', by: 'REQUESTED', from: ['POSTPONED'], to: 'ASSESSMENT' },
  { act: 'BEGIN_EXECUTION', by: 'REQUESTED', from: ['ACCEPTED'], to: 'EXECUTING' },
  { act: 'REPORT_RESULTS', by: 'REQUESTED', from: ['EXECUTING', 'PARTIALLY_EXECUTED'], to: 'PARTIALLY_EXECUTED' },
  { act: 'REPORT_RESULTS', by: 'REQUESTED', from: ['EXECUTING', 'PARTIALLY_EXECUTED'], to: 'EXECUTED', said: { complete: true } },
  { act: 'DECLARE_IMPOSSIBLE', by: 'REQUESTED', from: ['ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED'], to: 'IMPOSSIBLE' },
  { act: 'CONFIRM_RESULTS', by: 'REQUESTING', from: ['EXECUTED'], to: 'CONFIRMED' },
  {
    act: 'WITHDRAW', by: 'REQUESTING', to: 'WITHDRAWN',
    from: ['DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED', 'DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION', 'CONDITIONS_PENDING', 'ACCEPTED', 'EXECUTING', 'POSTPONED', 'PARTIALLY_EXECUTED'],
  },
  { act: 'CHANGE_URGENCY', by: 'REQUESTING', from: OPEN_FROM_DELIVERED, to: 'same' },
  { act: 'CHANGE_URGENCY', by: 'REQUESTED', from: OPEN_FROM_DELIVERED, to: 'same' },
  { act: 'CLOSE', by: 'REQUESTING', from: FINAL_STATUSES, to: 'CLOSED' },
  { act: 'CLOSE', by: 'REQUESTED', from: [...FINAL_STATUSES, 'EXECUTED'], to: 'CLOSED' },
]

export const ALL_ACTS: readonly CaseAct[] = [...new Set(ROWS.map(row => row.act))]
export const BOTH: readonly PartySide[] = ['REQUESTING', 'REQUESTED']

const SUBMITTED = [act('VALIDATE', 'VALIDATED'), act('SUBMIT', 'SUBMITTED')]
const ARRIVED = [...SUBMITTED, DELIVERED]
const TAKEN = [...ARRIVED, act('ACKNOWLEDGE', 'ACKNOWLEDGED', { by: 'REQUESTED' })]
const ASSESSED = [...TAKEN, act('BEGIN_ASSESSMENT', 'ASSESSMENT', { by: 'REQUESTED' })]
const ACCEPTED = [...ASSESSED, act('ACCEPT', 'ACCEPTED', { by: 'REQUESTED', decision: 'ACCEPTED' })]
const EXECUTING = [...ACCEPTED, act('BEGIN_EXECUTION', 'EXECUTING', { by: 'REQUESTED' })]
const EXECUTED = [...EXECUTING, act('REPORT_RESULTS', 'EXECUTED', { by: 'REQUESTED' })]
const REFUSED = [...ASSESSED, act('REFUSE', 'REFUSED', { by: 'REQUESTED', decision: 'REFUSED' })]

/** One way to each status, after the draft. */
export const WAY_TO: Readonly<Record<RequestStatus, readonly Happened[]>> = {
  DRAFT: [], CONSULTATION: [act('CONSULT', 'CONSULTATION')], VALIDATED: SUBMITTED.slice(0, 1), SUBMITTED, DELIVERED: ARRIVED, ACKNOWLEDGED: TAKEN, ASSESSMENT: ASSESSED,
  INFO_REQUESTED: [...TAKEN, act('ASK_FOR_INFORMATION', 'INFO_REQUESTED', { by: 'REQUESTED' })],
  NEGOTIATION: [...ASSESSED, act('PROPOSE_SCOPE', 'NEGOTIATION', { by: 'REQUESTED' })],
  CONDITIONS_PENDING: [...ASSESSED, act('ACCEPT', 'CONDITIONS_PENDING', { by: 'REQUESTED', decision: 'CONDITIONALLY_ACCEPTED' })],
  ACCEPTED, EXECUTING, EXECUTED, REFUSED,
  POSTPONED: [...ASSESSED, act('POSTPONE', 'POSTPONED', { by: 'REQUESTED' })],
  PARTIALLY_EXECUTED: [...EXECUTING, act('REPORT_RESULTS', 'PARTIALLY_EXECUTED', { by: 'REQUESTED' })],
  CONFIRMED: [...EXECUTED, act('CONFIRM_RESULTS', 'CONFIRMED')],
  IMPOSSIBLE: [...EXECUTING, act('DECLARE_IMPOSSIBLE', 'IMPOSSIBLE', { by: 'REQUESTED', decision: 'IMPOSSIBLE' })],
  WITHDRAWN: [...TAKEN, act('WITHDRAW', 'WITHDRAWN')],
  REDIRECTED: [...ARRIVED, act('REDIRECT', 'REDIRECTED', { by: 'REQUESTED' })],
  EXPIRED: [...ACCEPTED, { type: 'EXPIRED', by: 'HUB', to: 'EXPIRED' }],
  CLOSED: [...REFUSED, act('CLOSE', 'CLOSED')],
}

/** The rows for one triple: none, or one for each thing that may be said. */
export const rowsFor = (name: CaseAct, by: PartySide, status: RequestStatus): Row[] => ROWS.filter(row => row.act === name && row.by === by && row.from.includes(status))
