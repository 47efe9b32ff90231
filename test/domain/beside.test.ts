// Acts beside the shared status: every move of every kind's own table by either side from every state, overlays, and the use of evidence elsewhere.
import { availableSubStates, besideTable, mayTakeBeside } from '../../src/domain/beside'
import { availableActs } from '../../src/domain/lifecycle'
import type { Deadline, RequestState } from '../../src/domain/request'
import { OVERLAYS, REQUEST_KINDS, SUB_STATES, type RequestKind, type RequestStatus, type SubState } from '../../src/domain/vocabulary'
import { act, after, at, from, SECOND, type Happened } from '../support/given'
import { ALL_STATUSES, BOTH, WAY_TO } from './acts-and-states.table'

/** The whole way of each kind, as the domain tells it: who moves where, with which status beside it. */
const WAYS: Readonly<Record<string, readonly (readonly [SubState, 'REQUESTING' | 'REQUESTED', RequestStatus])[]>> = {
  EXTRADITION: [
    ['PROVISIONAL_ARREST', 'REQUESTED', 'ACKNOWLEDGED'], ['DOCUMENTS_AWAITED', 'REQUESTING', 'ACKNOWLEDGED'], ['JUDICIAL_PHASE', 'REQUESTED', 'ASSESSMENT'], ['EXECUTIVE_DECISION', 'REQUESTED', 'ASSESSMENT'],
    ['SURRENDER_SCHEDULED', 'REQUESTED', 'ACCEPTED'], ['SURRENDERED', 'REQUESTED', 'EXECUTING'],
  ],
  TRANSFER_OF_SENTENCED_PERSON: [
    ['CONSENT_OF_PERSON', 'REQUESTED', 'ASSESSMENT'], ['CONSENT_OF_REQUESTING_STATE', 'REQUESTING', 'ASSESSMENT'], ['CONSENT_OF_REQUESTED_STATE', 'REQUESTED', 'ASSESSMENT'],
    ['CONVERSION', 'REQUESTING', 'ACCEPTED'], ['TRANSFERRED', 'REQUESTED', 'EXECUTING'],
  ],
  JOINT_INVESTIGATION_TEAM: [
    ['PROPOSED', 'REQUESTING', 'ASSESSMENT'], ['NEGOTIATED', 'REQUESTED', 'NEGOTIATION'], ['SIGNED', 'REQUESTED', 'ACCEPTED'], ['OPERATING', 'REQUESTING', 'EXECUTING'], ['EXTENDED', 'REQUESTED', 'EXECUTING'],
    ['ENDED', 'REQUESTED', 'EXECUTED'], ['EVALUATED', 'REQUESTING', 'CONFIRMED'],
  ],
  SPONTANEOUS_INFORMATION: [['OFFERED', 'REQUESTING', 'DELIVERED'], ['CONDITIONS_ACCEPTED', 'REQUESTED', 'ASSESSMENT'], ['HANDED_OVER', 'REQUESTING', 'ACCEPTED']],
  SERVICE_OF_DOCUMENTS: [['NOT_SERVED', 'REQUESTED', 'EXECUTING'], ['SERVED', 'REQUESTED', 'EXECUTING']],
  PRESERVATION: [['PRESERVED', 'REQUESTED', 'ACCEPTED'], ['EXTENDED', 'REQUESTED', 'EXECUTED'], ['KEPT_FOR_FOLLOW_UP', 'REQUESTED', 'EXECUTED']],
  ASSET_FREEZING: [['FROZEN', 'REQUESTED', 'EXECUTING'], ['CONFISCATED', 'REQUESTED', 'EXECUTING'], ['ASSETS_SHARED', 'REQUESTED', 'CONFIRMED']],
  CIVIL_EVIDENCE: [['HEARING_SCHEDULED', 'REQUESTED', 'ACCEPTED'], ['HEARD', 'REQUESTED', 'EXECUTING']],
  VIDEO_HEARING: [['HEARING_SCHEDULED', 'REQUESTED', 'ACCEPTED'], ['NOT_HEARD', 'REQUESTED', 'EXECUTING'], ['HEARING_SCHEDULED', 'REQUESTED', 'EXECUTING'], ['HEARD', 'REQUESTED', 'EXECUTING']],
}

const STANDING = Object.fromEntries(ALL_STATUSES.map(status => [status, after(...WAY_TO[status])])) as Record<RequestStatus, RequestState>
const standing = (kind: RequestKind, status: RequestStatus, subState: SubState | null): RequestState => ({ ...STANDING[status], kind, subState })
const other = (side: 'REQUESTING' | 'REQUESTED') => (side === 'REQUESTING' ? 'REQUESTED' : 'REQUESTING')

test.each(Object.entries(WAYS))('%s goes its own way, each step by the side that the domain names', (kind, steps) => {
  let before: SubState | null = null
  for (const [subState, by, status] of steps) {
    const state = standing(kind as RequestKind, status, before)
    const fact = from(state).when('RECORD_SUB_STATE', { by: 'REQUESTED', beside: { subState, on: at(30) }, ...(by === 'REQUESTING' && { by }) }).then({ from: status, to: status, version: state.version + 1, beside: { subState, on: at(30) } })
    expect(fact.act).toBe('RECORD_SUB_STATE')
    before = subState
  }
})

test('kinds without a table have no states of their own, and every sub-state belongs to a kind', () => {
  expect(REQUEST_KINDS.filter(kind => !(kind in WAYS))).toEqual(['EVIDENCE', 'SUBSCRIBER_INFORMATION'])
  expect([...new Set(besideTable().map(({ kind }) => kind))].sort()).toEqual(Object.keys(WAYS).sort())
  expect([...new Set(besideTable().map(({ subState }) => subState))].sort()).toEqual([...SUB_STATES].sort())
  for (const kind of ['EVIDENCE', 'SUBSCRIBER_INFORMATION'] as const) for (const side of BOTH) expect(availableSubStates(standing(kind, 'EXECUTING', null), side)).toEqual([])
})

test('what a side is offered is what it may record, in every state of every kind, and nothing before delivery or once closed', () => {
  for (const status of ALL_STATUSES) {
    const states = BOTH.flatMap(side => REQUEST_KINDS.flatMap(kind => [null, ...SUB_STATES].map(subState => ({ side, state: { ...STANDING[status], kind, subState } }))))
    const offered = states.map(({ state, side }) => availableSubStates(state, side).join())
    expect(states.map(({ state, side }) => SUB_STATES.filter(next => mayTakeBeside(state, side, 'RECORD_SUB_STATE', { subState: next, on: at(1) })).join())).toEqual(offered)
    if (['DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED', 'CLOSED'].includes(status)) expect(offered.join('')).toBe('')
  }
})

test('a step of the wrong side, out of order, or without the day that it needs is refused; one that arrives as a proposal too', () => {
  const scheduled = standing('EXTRADITION', 'ACCEPTED', 'EXECUTIVE_DECISION')
  from(scheduled).when('RECORD_SUB_STATE', { by: 'REQUESTED', beside: { subState: 'SURRENDER_SCHEDULED' } }).thenRefused('ACT_NOT_ALLOWED')
  from(scheduled).when('RECORD_SUB_STATE', { by: 'REQUESTED', beside: { subState: 'SURRENDERED' } }).thenRefused('ACT_NOT_ALLOWED')
  from(scheduled).whenProposed('RECORD_SUB_STATE', { by: 'REQUESTING', beside: { subState: 'SURRENDER_SCHEDULED', on: at(1) } }).thenRefused('ACT_NOT_ALLOWED')
  from(scheduled).whenArrives('RECORD_SUB_STATE', { by: 'REQUESTING', beside: { subState: 'SURRENDER_SCHEDULED', on: at(1) } }).then({ type: 'PROPOSAL_REFUSED', refusal: { code: 'ACT_NOT_ALLOWED' } })
  from(scheduled).when('RECORD_SUB_STATE', { by: 'REQUESTED' }).thenRefused('ACT_NOT_ALLOWED')
})

describe('an overlay', () => {
  const raised = (overlay: (typeof OVERLAYS)[number], by: 'REQUESTING' | 'REQUESTED' | 'HUB') => after(...WAY_TO.EXECUTING, act('RAISE_OVERLAY', 'EXECUTING', { by, beside: { overlay } }))

  test.each(OVERLAYS)('%s is raised once, by whom the domain names, and lifted by who raised it', overlay => {
    const bare = after(...WAY_TO.EXECUTING)
    const ofRequested = overlay === 'LEGAL_REMEDY_PENDING' || overlay === 'ON_HOLD_BY_COURT'
    expect(BOTH.filter(side => mayTakeBeside(bare, side, 'RAISE_OVERLAY', { overlay }))).toEqual(ofRequested ? ['REQUESTED'] : BOTH)
    for (const side of BOTH) {
      const state = raised(overlay, side)
      expect(state).toMatchObject({ status: 'EXECUTING', overlays: [{ overlay, by: side }] })
      expect(BOTH.some(each => mayTakeBeside(state, each, 'RAISE_OVERLAY', { overlay }))).toBe(false)
      expect(mayTakeBeside(state, side, 'LIFT_OVERLAY', { overlay })).toBe(true)
      expect(mayTakeBeside(state, other(side), 'LIFT_OVERLAY', { overlay })).toBe(overlay === 'ESCALATED')
    }
    expect(after(...WAY_TO.EXECUTING, act('RAISE_OVERLAY', 'EXECUTING', { by: 'REQUESTED', beside: { overlay } }), act('LIFT_OVERLAY', 'EXECUTING', { by: 'REQUESTED', beside: { overlay } })).overlays).toEqual([])
  })

  test('LEGAL_REMEDY_PENDING suspends the transfer of results, and nothing else', () => {
    const bare = availableActs(after(...WAY_TO.EXECUTING), 'REQUESTED', SECOND)
    const state = raised('LEGAL_REMEDY_PENDING', 'REQUESTED')
    expect(availableActs(state, 'REQUESTED', SECOND)).toEqual(bare.filter(name => name !== 'REPORT_RESULTS'))
    from(state).when('REPORT_RESULTS', { by: 'REQUESTED', said: { complete: true } }).thenRefused('ACT_NOT_ALLOWED')
  })

  test('ESCALATED is raised by a clock and ends when nothing is late any more', () => {
    const clock: Omit<Deadline, 'state'> = { obligation: 'DECIDE', of: 'REQUESTED', dueAt: at(0), source: 's', pausedSince: null, unit: 'HOURS', tell: [] }
    const escalated: Happened = { type: 'ESCALATED', by: 'HUB', obligation: 'DECIDE', deadlines: [{ ...clock, state: 'RUNNING' }] }
    const told = [...WAY_TO.ASSESSMENT, escalated]
    expect(after(...told, escalated).overlays).toMatchObject([{ overlay: 'ESCALATED', by: 'HUB' }])
    expect(after(...told, act('POSTPONE', 'POSTPONED', { by: 'REQUESTED', deadlines: [{ ...clock, state: 'RUNNING' }] })).overlays).toHaveLength(1)
    expect(after(...told, act('ACCEPT', 'ACCEPTED', { by: 'REQUESTED', deadlines: [{ ...clock, state: 'MET' }] })).overlays).toEqual([])
  })
})

test('an answer in a consultation is the requested side\'s alone, while it lasts, and leaves all as it is but the version', () => {
  for (const status of ALL_STATUSES) expect(BOTH.filter(side => mayTakeBeside(after(...WAY_TO[status]), side, 'ANSWER_CONSULTATION', {}))).toEqual(status === 'CONSULTATION' ? ['REQUESTED'] : [])
  const asked = after(...WAY_TO.CONSULTATION)
  from(asked).whenProposed('ANSWER_CONSULTATION', { by: 'REQUESTED', beside: {} }).then({})
  from(asked).whenArrives('ANSWER_CONSULTATION', { by: 'REQUESTED', beside: {} }).then({ type: 'ACT', by: 'REQUESTED', to: 'CONSULTATION', version: asked.version + 1, answers: 'proposal-1', prev: null })
  const answered = after(...WAY_TO.CONSULTATION, act('ANSWER_CONSULTATION', 'CONSULTATION', { by: 'REQUESTED' }), act('AMEND', 'CONSULTATION'), act('VALIDATE', 'VALIDATED'), act('SUBMIT', 'SUBMITTED'))
  expect(answered.consultation.map(({ act: name, by, version }) => [name, by, version])).toEqual([['CONSULT', 'REQUESTING', 2], ['ANSWER_CONSULTATION', 'REQUESTED', 3], ['AMEND', 'REQUESTING', 4]])
})

test('the use of evidence in another case is asked by the one side once there is evidence, and decided once by the other', () => {
  for (const status of ALL_STATUSES) expect(mayTakeBeside(after(...WAY_TO[status]), 'REQUESTING', 'ASK_FURTHER_USE', {})).toBe(['PARTIALLY_EXECUTED', 'EXECUTED', 'CONFIRMED'].includes(status))
  const asked = after(...WAY_TO.CONFIRMED, act('ASK_FURTHER_USE', 'CONFIRMED', { by: 'REQUESTING', beside: {} }))
  const question = asked.version
  expect(asked.furtherUses).toMatchObject([{ asked: question, decision: null }])
  from(asked).when('DECIDE_FURTHER_USE', { by: 'REQUESTED', beside: { asked: question - 1, granted: true } }).thenRefused('ACT_NOT_ALLOWED')
  from(asked).when('DECIDE_FURTHER_USE', { by: 'REQUESTING', beside: { asked: question, granted: true } }).thenRefused('ACT_NOT_ALLOWED')
  from(asked).when('DECIDE_FURTHER_USE', { by: 'REQUESTED', beside: { asked: question, granted: false } }).then({ to: 'CONFIRMED', beside: { asked: question, granted: false } })
  const decided = after(...WAY_TO.CONFIRMED, act('ASK_FURTHER_USE', 'CONFIRMED', { beside: {} }), act('DECIDE_FURTHER_USE', 'CONFIRMED', { by: 'REQUESTED', beside: { asked: question, granted: false } }))
  expect(decided.furtherUses).toMatchObject([{ asked: question, decision: { granted: false } }])
  from(decided).when('DECIDE_FURTHER_USE', { by: 'REQUESTED', beside: { asked: question, granted: true } }).thenRefused('ACT_NOT_ALLOWED')
})
