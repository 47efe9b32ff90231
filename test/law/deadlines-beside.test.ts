// What moves beside the status moves clocks too: a pending remedy pauses, a kind's own state starts and ends, a deferred notice is reviewed.
import { deadlineLaw, deadlinesAfter, openDeadlines, type ClockEvent } from '../../src/domain/deadlines'
import { mayTakeBeside, type Beside } from '../../src/domain/beside'
import type { Deadline, RequestState } from '../../src/domain/request'
import type { BesideAct, Obligation, RequestKind, RequestStatus } from '../../src/domain/vocabulary'
import { calendars } from '../../src/register/calendar'
import { register } from './register'

const law = register(), calendarOf = calendars()
const calendar = (code: string) => calendarOf(law.jurisdictions.find(row => row.code === code) ?? { code, capitalTimeZone: 'UTC' })
const restsOn = (kind: RequestKind, treatyCode: string, requested: string, more: { reviewNoticeOn?: string } = {}) =>
  deadlineLaw(law, { kind, measures: kind === 'PRESERVATION' ? ['PRESERVE'] : [], urgency: 'ROUTINE', legalBases: [{ treatyCode }] }, calendar(requested), more)

const beside = (act: BesideAct, status: RequestStatus, at: string, words: Beside): ClockEvent => ({ type: 'ACT', act, from: status, to: status, at, beside: words })
const told = (list: readonly Deadline[], obligation: string): string[] => list.filter(each => each.obligation === obligation).map(({ dueAt, state, source }) => `${dueAt} ${state} ${source}`)

test('a provisional arrest may end after 18 and must end after 40 days, until the court has the request; a missed day of surrender after 15 and 30', () => {
  const rests = restsOn('EXTRADITION', 'COE024', 'CH')
  const arrested = deadlinesAfter([], beside('RECORD_SUB_STATE', 'ACKNOWLEDGED', '2026-03-05T08:00:00.000Z', { subState: 'PROVISIONAL_ARREST', on: '2026-03-03T08:00:00.000Z' }), rests)
  // 21 March is a Saturday, 12 April a Sunday: liberty waits for no working day.
  expect(told(arrested, 'RELEASE')).toEqual(['2026-03-21T23:00:00.000Z RUNNING COE024 art. 16(4)', '2026-04-12T22:00:00.000Z RUNNING COE024 art. 16(4)'])
  const asked = deadlinesAfter(arrested, { type: 'ACT', act: 'ASK_FOR_INFORMATION', from: 'ACKNOWLEDGED', to: 'INFO_REQUESTED', at: '2026-03-06T08:00:00.000Z' }, rests)
  expect(told(asked, 'RELEASE')).toEqual(told(arrested, 'RELEASE'))
  const heard = deadlinesAfter(arrested, beside('RECORD_SUB_STATE', 'ASSESSMENT', '2026-03-10T08:00:00.000Z', { subState: 'JUDICIAL_PHASE' }), rests)
  expect(heard.every(each => each.state === 'MET')).toBe(true)
  const agreed = deadlinesAfter(heard, beside('RECORD_SUB_STATE', 'ACCEPTED', '2026-06-01T08:00:00.000Z', { subState: 'SURRENDER_SCHEDULED', on: '2026-06-15T08:00:00.000Z' }), rests)
  expect(told(agreed, 'RELEASE').filter(each => each.includes('18(4)'))).toEqual(['2026-06-30T22:00:00.000Z RUNNING COE024 art. 18(4)', '2026-07-15T22:00:00.000Z RUNNING COE024 art. 18(4)'])
  const surrendered = deadlinesAfter(agreed, beside('RECORD_SUB_STATE', 'EXECUTING', '2026-06-15T08:00:00.000Z', { subState: 'SURRENDERED' }), rests)
  expect(surrendered.every(each => each.state === 'MET')).toBe(true)
})

test('a pending remedy pauses the requested side as a postponement does, across other acts, and lengthens by its own time', () => {
  const rests = restsOn('EVIDENCE', 'EIO', 'FR')
  const opened = openDeadlines(rests, '2026-03-02T09:00:00.000Z')
  const decide = (list: readonly Deadline[]): string[] => told(list, 'DECIDE')
  expect(decide(opened)).toEqual(['2026-04-01T22:00:00.000Z RUNNING EIO art. 12(3), (5)'])
  const pending = deadlinesAfter(opened, beside('RAISE_OVERLAY', 'ASSESSMENT', '2026-03-10T09:00:00.000Z', { overlay: 'LEGAL_REMEDY_PENDING' }), rests)
  expect(pending.find(each => each.obligation === 'DECIDE')).toMatchObject({ state: 'PAUSED', pausedSince: '2026-03-10T09:00:00.000Z' })
  const asked = deadlinesAfter(pending, { type: 'ACT', act: 'ASK_FOR_INFORMATION', from: 'ASSESSMENT', to: 'INFO_REQUESTED', at: '2026-03-12T09:00:00.000Z', remedyPending: true }, rests)
  const answered = deadlinesAfter(asked, { type: 'ACT', act: 'SUPPLEMENT', from: 'INFO_REQUESTED', to: 'ASSESSMENT', at: '2026-03-14T09:00:00.000Z', remedyPending: true }, rests)
  expect(decide(answered)).toEqual(decide(pending))
  const lifted = deadlinesAfter(answered, { ...beside('LIFT_OVERLAY', 'ASSESSMENT', '2026-03-20T09:00:00.000Z', { overlay: 'LEGAL_REMEDY_PENDING' }), remedyPending: true }, rests)
  // Ten days: 11 April is a Saturday.
  expect(decide(lifted)).toEqual(['2026-04-13T22:00:00.000Z RUNNING EIO art. 12(3), (5)'])
})

test('a remedy that ends while the request is postponed leaves the clocks at rest', () => {
  const rests = restsOn('EVIDENCE', 'EIO', 'FR')
  const postponed = deadlinesAfter(openDeadlines(rests, '2026-03-02T09:00:00.000Z'), { type: 'ACT', act: 'POSTPONE', from: 'ASSESSMENT', to: 'POSTPONED', at: '2026-03-10T09:00:00.000Z' }, rests)
  const lifted = deadlinesAfter(postponed, { ...beside('LIFT_OVERLAY', 'POSTPONED', '2026-03-20T09:00:00.000Z', { overlay: 'LEGAL_REMEDY_PENDING' }), remedyPending: true }, rests)
  expect(lifted).toEqual(postponed)
})

test('a preservation is extended to the day that is said, and kept without end once a follow-up came', () => {
  const rests = restsOn('PRESERVATION', 'COE185', 'FR')
  const kept = deadlinesAfter([], { type: 'ACT', act: 'ACCEPT', from: 'ASSESSMENT', to: 'ACCEPTED', at: '2026-03-02T09:00:00.000Z' }, rests)
  expect(told(kept, 'PRESERVE')).toHaveLength(1)
  const extended = deadlinesAfter(kept, beside('RECORD_SUB_STATE', 'ACCEPTED', '2026-04-01T09:00:00.000Z', { subState: 'EXTENDED', on: '2026-09-01T12:00:00.000Z' }), rests)
  expect(told(extended, 'PRESERVE')).toEqual(['2026-09-01T12:00:00.000Z RUNNING extended by the requested authority'])
  const followed = deadlinesAfter(extended, beside('RECORD_SUB_STATE', 'ACCEPTED', '2026-05-01T09:00:00.000Z', { subState: 'KEPT_FOR_FOLLOW_UP' }), rests)
  expect(followed.map(({ state }) => state)).toEqual(['MET'])
})

test('a limit is prolonged once, where its rule knows a prolongation, and by the requested side alone', () => {
  const rests = restsOn('EVIDENCE', 'EIO', 'FR')
  const opened = openDeadlines(rests, '2026-03-02T09:00:00.000Z')
  const state = (deadlines: Deadline[]) => ({ deadlines, deliveredAt: '2026-03-02T09:00:00.000Z', status: 'ASSESSMENT' }) as unknown as RequestState
  const may = (deadlines: Deadline[], obligation: Obligation, side: 'REQUESTED' | 'REQUESTING' = 'REQUESTED') => mayTakeBeside(state(deadlines), side, 'EXTEND_LIMIT', { obligation })
  expect([may(opened, 'DECIDE'), may(opened, 'ACKNOWLEDGE'), may(opened, 'EXECUTE'), may(opened, 'DECIDE', 'REQUESTING')]).toEqual([true, false, false, false])
  const extend = beside('EXTEND_LIMIT', 'ASSESSMENT', '2026-03-20T09:00:00.000Z', { obligation: 'DECIDE' })
  const once = deadlinesAfter(opened, extend, rests)
  expect(told(once, 'DECIDE')).toEqual(['2026-05-04T22:00:00.000Z RUNNING EIO art. 12(3), (5)'])
  expect(may(once, 'DECIDE')).toBe(false)
  expect(deadlinesAfter(once, extend, rests)).toEqual(once)
  expect(told(once, 'ACKNOWLEDGE')).toEqual(told(opened, 'ACKNOWLEDGE'))
})

test('a deferred notice to the person is reviewed by the end of its day, deferred again, and ends once the person was told', () => {
  const rests = restsOn('EVIDENCE', 'EIO', 'FR', { reviewNoticeOn: '2026-06-01' })
  const delivered = deadlinesAfter([], { type: 'DELIVERED', act: null, from: 'SUBMITTED', to: 'DELIVERED', at: '2026-03-02T09:00:00.000Z' }, rests)
  expect(told(delivered, 'NOTIFY_PERSON')).toEqual(['2026-06-01T22:00:00.000Z RUNNING deferred until this day of review'])
  const again = deadlinesAfter(delivered, beside('TELL_PERSON', 'ASSESSMENT', '2026-05-30T09:00:00.000Z', { reviewOn: '2026-12-01' }), rests)
  expect(told(again, 'NOTIFY_PERSON')).toEqual(['2026-12-01T23:00:00.000Z RUNNING deferred until this day of review'])
  expect(told(deadlinesAfter(again, beside('TELL_PERSON', 'ASSESSMENT', '2026-07-01T09:00:00.000Z', {}), rests), 'NOTIFY_PERSON')).toEqual(['2026-12-01T23:00:00.000Z MET deferred until this day of review'])
})
