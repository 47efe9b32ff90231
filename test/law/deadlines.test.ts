// Clocks against fixed instants, counted by hand from the limits of domain.md §3.2 and §3.3.
import { endOfDay, parseDuration } from '../../src/domain/calendar-days'
import { nextClock, noticesDue } from '../../src/domain/clock-notices'
import {
  deadlinesAfter, isOverdue, openDeadlines, respondBy, type ClockEvent, type DeadlineLaw,
} from '../../src/domain/deadlines'
import type { TimeLimitRow } from '../../src/domain/law/register'
import type { Deadline } from '../../src/domain/request'
import type { Act, DayCounting, RequestStatus, Urgency } from '../../src/domain/vocabulary'
import { calendars } from '../../src/register/calendar'
import templates from '../../seeds/register/templates.json'
import type { TemplateSet } from '../../src/domain/law/register'

const calendarOf = calendars()
const CAPITALS = {
  FR: { code: 'FR', capitalTimeZone: 'Europe/Paris' }, DE: { code: 'DE', capitalTimeZone: 'Europe/Berlin', capitalRegion: 'BE' },
  JP: { code: 'JP', capitalTimeZone: 'Asia/Tokyo' }, US: { code: 'US', capitalTimeZone: 'America/New_York', capitalRegion: 'DC' },
} as const

const limit = (obligation: TimeLimitRow['obligation'], duration: string, runsFrom: TimeLimitRow['runsFrom'], source: string, more: Partial<TimeLimitRow> = {}): TimeLimitRow =>
  ({ obligation, limit: duration, runsFrom, source, verified: false, ...more })

const EIO = [
  limit('ACKNOWLEDGE', 'P7D', 'RECEIPT', 'EIO art. 16(1)'), limit('DECIDE', 'P30D', 'RECEIPT', 'EIO art. 12(3)'), limit('EXECUTE', 'P90D', 'DECISION', 'EIO art. 12(4)'),
]
const BUDAPEST = [limit('PRESERVE', 'P60D', 'ORDER', 'ETS 185 art. 29(7)', { kinds: ['PRESERVATION'] })]
const LEVELS = [
  limit('ACKNOWLEDGE', 'PT1H', 'RECEIPT', 'EMERGENCY level', { urgencies: ['EMERGENCY'] }), limit('DECIDE', 'PT24H', 'RECEIPT', 'EMERGENCY level', { urgencies: ['EMERGENCY'] }),
  limit('ACKNOWLEDGE', 'PT24H', 'RECEIPT', 'URGENT level', { urgencies: ['URGENT'] }), limit('DECIDE', 'PT72H', 'RECEIPT', 'URGENT level', { urgencies: ['URGENT'] }),
  limit('ACKNOWLEDGE', 'P3D', 'RECEIPT', 'PRIORITY level', { urgencies: ['PRIORITY'] }),
]

const law = (more: Partial<DeadlineLaw> = {}, state: keyof typeof CAPITALS = 'FR'): DeadlineLaw => ({
  limits: EIO, urgencyLimits: LEVELS, warnings: (templates as TemplateSet).clockWarnings, kind: 'EVIDENCE', measures: ['DOCUMENTS'], urgency: 'ROUTINE', calendar: calendarOf(CAPITALS[state]), ...more,
})

const act = (name: Act, from: RequestStatus, to: RequestStatus, at: string, more: Partial<ClockEvent> = {}): ClockEvent => ({ type: 'ACT', act: name, from, to, at, ...more })
const find = (deadlines: readonly Deadline[], obligation: Deadline['obligation'], source?: string): Deadline | undefined =>
  deadlines.find(each => each.obligation === obligation && (source === undefined || each.source === source))

describe('a limit that starts at an instant', () => {
  test.each<[string, string, keyof typeof CAPITALS, string, string]>([
    ['7 days end at midnight in Paris', 'P7D', 'FR', '2026-11-20T10:00:00.000Z', '2026-11-27T23:00:00.000Z'],
    ['a last day on a Sunday waits for Monday', 'P7D', 'FR', '2026-11-22T10:00:00.000Z', '2026-11-30T23:00:00.000Z'],
    ['a last day on a Saturday waits for Monday', 'P7D', 'FR', '2026-11-21T10:00:00.000Z', '2026-11-30T23:00:00.000Z'],
    ['what arrives after midnight in Paris counts from that day though UTC is a day behind', 'P7D', 'FR', '2026-11-19T23:30:00.000Z', '2026-11-27T23:00:00.000Z'],
    ['Christmas Day and the weekend behind it move the end to Monday', 'P7D', 'FR', '2026-12-18T10:00:00.000Z', '2026-12-28T23:00:00.000Z'],
    ['Good Friday is a holiday in Berlin: Easter passes first', 'P7D', 'DE', '2027-03-19T10:00:00.000Z', '2027-03-30T22:00:00.000Z'],
    ['Good Friday is a working day in Paris', 'P7D', 'FR', '2027-03-19T10:00:00.000Z', '2027-03-26T23:00:00.000Z'],
    ['summer time begins within it: midnight is an hour earlier in UTC', 'P7D', 'FR', '2026-03-23T10:00:00.000Z', '2026-03-30T22:00:00.000Z'],
    ['summer time ends within it', 'P7D', 'FR', '2026-10-20T10:00:00.000Z', '2026-10-27T23:00:00.000Z'],
    ['a leap day is a day like others', 'P7D', 'FR', '2028-02-22T10:00:00.000Z', '2028-02-29T23:00:00.000Z'],
    ['30 days over a leap day', 'P30D', 'FR', '2028-01-31T10:00:00.000Z', '2028-03-01T23:00:00.000Z'],
    ['Tokyo is ahead: the next day has begun there', 'P3D', 'JP', '2026-11-20T16:00:00.000Z', '2026-11-24T15:00:00.000Z'],
    ['a Japanese holiday on Monday', 'P2D', 'JP', '2026-11-20T16:00:00.000Z', '2026-11-24T15:00:00.000Z'],
    ['Thanksgiving in Washington', 'P7D', 'US', '2026-11-19T18:00:00.000Z', '2026-11-28T05:00:00.000Z'],
    ['six months end with the last day of a short month, here a Sunday', 'P6M', 'FR', '2026-08-31T10:00:00.000Z', '2027-03-01T23:00:00.000Z'],
    ['one week', 'P1W', 'FR', '2026-11-20T10:00:00.000Z', '2026-11-27T23:00:00.000Z'],
    ['48 hours are exact over a weekend and a change of clocks', 'PT48H', 'FR', '2026-03-28T12:00:00.000Z', '2026-03-30T12:00:00.000Z'],
    ['24 hours run through Christmas', 'PT24H', 'FR', '2026-12-24T12:00:00.000Z', '2026-12-25T12:00:00.000Z'],
  ])('%s', (_, duration, state, at, due) => {
    const [deadline] = openDeadlines(law({ limits: [limit('DECIDE', duration, 'RECEIPT', 'x')], urgencyLimits: [] }, state), at)
    expect(deadline?.dueAt).toBe(due)
  })

  test.each(['', 'P', 'PT', '7D', 'P1Y2M', 'P1DT1H', 'PT1S', '-P1D', 'P1.5D', 'P999999D', 'p7d', 'P7D ', 'P٣D'])('%j is no limit in one unit', text => expect(() => parseDuration(text)).toThrow(/one unit/))

  test('a midnight that daylight saving skips ends with the first moment of the next day', () => {
    expect(endOfDay('2018-11-03', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z')
    expect(endOfDay('2018-02-17', 'America/Sao_Paulo')).toBe('2018-02-18T03:00:00.000Z')
  })

  test('a calendar on which nobody ever works still ends the clock', () => {
    const never = { timeZone: 'Europe/Paris', isHoliday: () => true }
    expect(openDeadlines(law({ calendar: never }), '2026-11-20T10:00:00.000Z')[0]?.dueAt).toMatch(/^2026-12-/)
  })
})

describe('limits of §3.2 that the hub can know', () => {
  const AT = '2026-11-20T10:00:00.000Z'
  const after = (limits: TimeLimitRow[], events: ClockEvent[], more: Partial<DeadlineLaw> = {}): Deadline[] => {
    const rests = law({ limits, urgencyLimits: [], ...more })
    return events.reduce((list, event) => deadlinesAfter(list, event, rests), openDeadlines(rests, AT))
  }
  const accept = act('ACCEPT', 'ASSESSMENT', 'ACCEPTED', '2026-12-01T09:00:00.000Z')

  test.each<[string, TimeLimitRow, 'RECEIPT' | 'DECISION', Partial<DeadlineLaw>, string]>([
    ['EIO art. 16(1)', limit('ACKNOWLEDGE', 'P7D', 'RECEIPT', 'a'), 'RECEIPT', {}, '2026-11-27T23:00:00.000Z'],
    ['EIO art. 12(3)', limit('DECIDE', 'P30D', 'RECEIPT', 'a'), 'RECEIPT', {}, '2026-12-21T23:00:00.000Z'],
    ['EIO art. 12(4)', limit('EXECUTE', 'P90D', 'DECISION', 'a'), 'DECISION', {}, '2027-03-01T23:00:00.000Z'],
    ['EIO art. 32', limit('DECIDE', 'PT24H', 'RECEIPT', 'a', { measures: ['SEIZE'] }), 'RECEIPT', { measures: ['SEIZE'] }, '2026-11-21T10:00:00.000Z'],
    ['Regulation 2018/1805, urgent freezing, recognised', limit('DECIDE', 'PT48H', 'RECEIPT', 'a', { kinds: ['ASSET_FREEZING'] }), 'RECEIPT', { kind: 'ASSET_FREEZING' }, '2026-11-22T10:00:00.000Z'],
    ['Regulation 2018/1805, urgent freezing, executed', limit('EXECUTE', 'PT48H', 'DECISION', 'a'), 'DECISION', { kind: 'ASSET_FREEZING' }, '2026-12-03T09:00:00.000Z'],
    ['Regulation 2018/1805, confiscation', limit('DECIDE', 'P45D', 'RECEIPT', 'a'), 'RECEIPT', { kind: 'ASSET_FREEZING' }, '2027-01-04T23:00:00.000Z'],
    ['Regulation 2023/1543, emergency', limit('EXECUTE', 'PT8H', 'RECEIPT', 'a', { urgencies: ['EMERGENCY'] }), 'RECEIPT', { urgency: 'EMERGENCY' }, '2026-11-20T18:00:00.000Z'],
    ['Regulation 2023/1543, production', limit('EXECUTE', 'P10D', 'RECEIPT', 'a'), 'RECEIPT', {}, '2026-11-30T23:00:00.000Z'],
    ['EU–UK agreement, decide', limit('DECIDE', 'P45D', 'RECEIPT', 'a'), 'RECEIPT', {}, '2027-01-04T23:00:00.000Z'],
    ['EU–UK agreement, execute', limit('EXECUTE', 'P90D', 'DECISION', 'a'), 'DECISION', {}, '2027-03-01T23:00:00.000Z'],
    ['Budapest art. 29(7)', limit('PRESERVE', 'P60D', 'ORDER', 'a'), 'DECISION', { kind: 'PRESERVATION' }, '2027-02-01T23:00:00.000Z'],
    ['Budapest art. 35 (default of the hub)', limit('ACKNOWLEDGE', 'PT2H', 'RECEIPT', 'a'), 'RECEIPT', { kind: 'PRESERVATION' }, '2026-11-20T12:00:00.000Z'],
    ['CETS 224 art. 7', limit('EXECUTE', 'P30D', 'RECEIPT', 'a'), 'RECEIPT', { kind: 'SUBSCRIBER_INFORMATION' }, '2026-12-21T23:00:00.000Z'],
    ['CETS 224 art. 8, from full information', limit('SERVE', 'P45D', 'FULL_INFORMATION', 'a'), 'RECEIPT', { kind: 'SUBSCRIBER_INFORMATION' }, '2027-01-04T23:00:00.000Z'],
    ['CETS 224 art. 8, from the order', limit('EXECUTE', 'P20D', 'ORDER', 'a'), 'DECISION', { kind: 'SUBSCRIBER_INFORMATION' }, '2026-12-21T23:00:00.000Z'],
    ['EAW art. 17', limit('DECIDE', 'P60D', 'RECEIPT', 'a'), 'RECEIPT', { kind: 'EXTRADITION' }, '2027-01-19T23:00:00.000Z'],
    ['EAW art. 23', limit('SURRENDER', 'P10D', 'DECISION', 'a'), 'DECISION', { kind: 'EXTRADITION' }, '2026-12-11T23:00:00.000Z'],
    ['Hague Service art. 15', limit('SERVE', 'P6M', 'TRANSMISSION', 'a'), 'RECEIPT', { kind: 'SERVICE_OF_DOCUMENTS' }, '2027-05-20T22:00:00.000Z'],
  ])('%s', (_, row, start, more, due) => {
    const opened = after([row], [], more), decided = after([row], [accept], more)
    expect((start === 'RECEIPT' ? opened : decided).map(each => [each.obligation, each.dueAt])).toContainEqual([row.obligation, due])
    if (start === 'DECISION') expect(opened).toEqual([])
  })

  test.each(['ARREST', 'CONSENT', 'AGREED_DATE'] as const)('what runs from %s, of which no act tells, starts no clock', start => {
    expect(after([limit('SURRENDER', 'P10D', start, 'a')], [accept])).toEqual([])
  })

  test.each([[{ kinds: ['EXTRADITION'] }], [{ measures: ['SEIZE'] }], [{ urgencies: ['EMERGENCY'] }]] as Partial<TimeLimitRow>[][])('a row narrowed to %j starts no clock elsewhere', narrowing => {
    expect(after([limit('DECIDE', 'P10D', 'RECEIPT', 'a', narrowing)], [])).toEqual([])
  })
})

describe('levels of urgency', () => {
  const AT = '2026-11-20T10:00:00.000Z'
  const opened = (urgency: Urgency): Deadline[] => openDeadlines(law({ urgency }), AT)

  test('each obligation of instrument and level is a deadline of its own with its source', () => {
    expect(opened('EMERGENCY').map(({ obligation, source, of, state }) => [obligation, source, of, state])).toEqual([
      ['ACKNOWLEDGE', 'EIO art. 16(1)', 'REQUESTED', 'RUNNING'], ['DECIDE', 'EIO art. 12(3)', 'REQUESTED', 'RUNNING'],
      ['ACKNOWLEDGE', 'EMERGENCY level', 'REQUESTED', 'RUNNING'], ['DECIDE', 'EMERGENCY level', 'REQUESTED', 'RUNNING'],
    ])
  })
  test.each<[Urgency, string]>([
    ['EMERGENCY', '2026-11-20T11:00:00.000Z'], ['URGENT', '2026-11-21T10:00:00.000Z'], ['PRIORITY', '2026-11-23T23:00:00.000Z'], ['ROUTINE', '2026-11-27T23:00:00.000Z'],
  ])('%s is answered first by %s', (urgency, due) => expect(respondBy(opened(urgency))).toBe(due))
  test('acknowledging meets every ACKNOWLEDGE and leaves the decision running', () => {
    const after = deadlinesAfter(opened('EMERGENCY'), act('ACKNOWLEDGE', 'DELIVERED', 'ACKNOWLEDGED', '2026-11-20T10:20:00.000Z'), law({ urgency: 'EMERGENCY' }))
    expect(after.filter(each => each.state === 'MET').map(each => each.obligation)).toEqual(['ACKNOWLEDGE', 'ACKNOWLEDGE'])
    expect(respondBy(after)).toBe('2026-11-21T10:00:00.000Z')
  })
  const change = (before: Urgency, after: Urgency, status: RequestStatus, at: string, more: Partial<ClockEvent> = {}): ClockEvent =>
    act('CHANGE_URGENCY', status, status, at, { urgency: { before, after }, ...more })

  test('a raised level starts its clocks at the change', () => {
    const after = deadlinesAfter(opened('ROUTINE'), change('ROUTINE', 'URGENT', 'DELIVERED', '2026-11-22T08:00:00.000Z'), law())
    expect(find(after, 'ACKNOWLEDGE', 'URGENT level')?.dueAt).toBe('2026-11-23T08:00:00.000Z')
    expect(find(after, 'DECIDE', 'URGENT level')?.dueAt).toBe('2026-11-25T08:00:00.000Z')
    expect(find(after, 'DECIDE', 'EIO art. 12(3)')?.dueAt).toBe(find(opened('ROUTINE'), 'DECIDE')?.dueAt)
  })
  test('a lowered level ends its clocks', () => {
    const after = deadlinesAfter(opened('EMERGENCY'), change('EMERGENCY', 'ROUTINE', 'DELIVERED', '2026-11-20T10:30:00.000Z'), law({ urgency: 'EMERGENCY' }))
    expect(after.map(each => each.source)).toEqual(['EIO art. 16(1)', 'EIO art. 12(3)'])
  })
  test('what was acknowledged or decided already is not owed again', () => {
    const assessed = deadlinesAfter(opened('ROUTINE'), change('ROUTINE', 'URGENT', 'ASSESSMENT', '2026-11-22T08:00:00.000Z'), law())
    expect(assessed.filter(each => each.source === 'URGENT level').map(each => each.obligation)).toEqual(['DECIDE'])
    const executing = deadlinesAfter([], change('ROUTINE', 'URGENT', 'POSTPONED', '2026-11-22T08:00:00.000Z', { resumeTo: 'EXECUTING' }), law())
    expect(executing).toEqual([])
  })
  test('a clock of the instrument that hangs on the level goes with it, one that covers both levels runs on', () => {
    const freezing = [limit('DECIDE', 'PT48H', 'RECEIPT', 'x', { urgencies: ['URGENT', 'EMERGENCY'] }), limit('DECIDE', 'P45D', 'RECEIPT', 'x')]
    const rests = law({ limits: freezing, urgencyLimits: [], urgency: 'URGENT' })
    const list = openDeadlines(rests, AT)
    expect(list).toHaveLength(2)
    expect(deadlinesAfter(list, change('URGENT', 'EMERGENCY', 'DELIVERED', '2026-11-20T12:00:00.000Z'), rests)).toEqual(list)
    const routine = deadlinesAfter(list, change('URGENT', 'ROUTINE', 'DELIVERED', '2026-11-20T12:00:00.000Z'), rests)
    expect(routine).toEqual([list[1]])
    expect(deadlinesAfter(routine, change('ROUTINE', 'URGENT', 'ASSESSMENT', '2026-11-20T13:00:00.000Z'), rests).map(each => each.dueAt)).toEqual([list[1]?.dueAt, '2026-11-22T13:00:00.000Z'])
  })
  test('a level changed while the requested side waits starts paused', () => {
    const after = deadlinesAfter([], change('ROUTINE', 'URGENT', 'INFO_REQUESTED', '2026-11-22T08:00:00.000Z'), law())
    expect(after.map(each => [each.state, each.pausedSince])).toEqual([['PAUSED', '2026-11-22T08:00:00.000Z']])
  })
})

describe('days are counted as the instrument counts them', () => {
  // From Wednesday 23 December; a rest from Thursday to Monday begins four days, one of them a working day. Friday 1 January is a holiday.
  test.each<[DayCounting | undefined, string, string]>([
    [undefined, '2026-12-28T23:00:00.000Z', '2027-01-04T23:00:00.000Z'], ['TO_WORKING_DAY', '2026-12-28T23:00:00.000Z', '2027-01-04T23:00:00.000Z'],
    ['EVERY_DAY', '2026-12-26T23:00:00.000Z', '2026-12-30T23:00:00.000Z'], ['WORKING_DAYS', '2026-12-29T23:00:00.000Z', '2026-12-30T23:00:00.000Z'],
  ])('%s: three days end %s, and after the rest %s', (counted, due, rested) => {
    const rests = law({ limits: [limit('DECIDE', 'P3D', 'RECEIPT', 'x', counted && { counted })], urgencyLimits: [] })
    const opened = openDeadlines(rests, '2026-12-23T10:00:00.000Z')
    const paused = deadlinesAfter(opened, act('ASK_FOR_INFORMATION', 'ASSESSMENT', 'INFO_REQUESTED', '2026-12-24T10:00:00.000Z'), rests)
    const resumed = deadlinesAfter(paused, act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-12-28T10:00:00.000Z'), rests)
    expect([opened[0]?.dueAt, resumed[0]?.dueAt]).toEqual([due, rested])
  })
})

describe('pauses', () => {
  const AT = '2026-11-20T10:00:00.000Z'
  const rests = law({ urgency: 'URGENT' })
  const asked = act('ASK_FOR_INFORMATION', 'ASSESSMENT', 'INFO_REQUESTED', '2026-11-20T16:00:00.000Z', { answerBy: '2026-12-04T12:00:00.000Z' })
  const acknowledged = deadlinesAfter(openDeadlines(rests, AT), act('ACKNOWLEDGE', 'DELIVERED', 'ACKNOWLEDGED', '2026-11-20T12:00:00.000Z'), rests)
  const waiting = deadlinesAfter(acknowledged, asked, rests)

  test('a question stops the requested side and binds the requesting side', () => {
    expect(waiting.filter(each => each.obligation === 'DECIDE').map(each => [each.state, each.pausedSince])).toEqual([['PAUSED', asked.at], ['PAUSED', asked.at]])
    expect(find(waiting, 'ANSWER_INFORMATION')).toMatchObject({ of: 'REQUESTING', state: 'RUNNING', dueAt: '2026-12-04T12:00:00.000Z' })
    expect(respondBy(waiting)).toBe('2026-12-04T12:00:00.000Z')
  })
  test('the answer lengthens hours by exactly the pause and days by the days begun', () => {
    const resumed = deadlinesAfter(waiting, act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-11-23T17:30:00.000Z'), rests)
    expect(find(resumed, 'DECIDE', 'URGENT level')).toMatchObject({ state: 'RUNNING', pausedSince: null, dueAt: '2026-11-26T11:30:00.000Z' })
    // 30 days end on Sunday 20 December, so Monday 21; three days and a half make four: Friday 25 is Christmas, so Monday 28.
    expect(find(resumed, 'DECIDE', 'EIO art. 12(3)')?.dueAt).toBe('2026-12-28T23:00:00.000Z')
    expect(find(resumed, 'ANSWER_INFORMATION')?.state).toBe('MET')
  })
  test('a pause of exactly three days over a change of clocks is three days', () => {
    const quiet = law({ limits: [limit('DECIDE', 'P10D', 'RECEIPT', 'x')], urgencyLimits: [] })
    const before = openDeadlines(quiet, '2026-03-26T10:00:00.000Z')
    const paused = deadlinesAfter(before, act('ASK_FOR_INFORMATION', 'ASSESSMENT', 'INFO_REQUESTED', '2026-03-27T10:00:00.000Z', { answerBy: '2026-04-03T10:00:00.000Z' }), quiet)
    const after = deadlinesAfter(paused, act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-03-30T09:00:00.000Z'), quiet)
    // Sunday 5 April and Easter Monday: due Tuesday 7; three days later Friday 10.
    expect([find(before, 'DECIDE')?.dueAt, find(after, 'DECIDE')?.dueAt]).toEqual(['2026-04-07T22:00:00.000Z', '2026-04-10T22:00:00.000Z'])
  })
  test('even a short pause lengthens', () => {
    const resumed = deadlinesAfter(waiting, act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-11-20T16:00:05.000Z'), rests)
    for (const source of ['EIO art. 12(3)', 'URGENT level']) expect(String(find(resumed, 'DECIDE', source)?.dueAt) > String(find(waiting, 'DECIDE', source)?.dueAt)).toBe(true)
  })
  test('who goes on without the answer drops the question', () => {
    const resumed = deadlinesAfter(waiting, act('BEGIN_ASSESSMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-11-24T16:00:00.000Z'), rests)
    expect(find(resumed, 'ANSWER_INFORMATION')).toBeUndefined()
    expect(resumed.every(each => each.state !== 'PAUSED')).toBe(true)
  })
  test('a clock that has ended already stays overdue while the requested side waits', () => {
    const late = deadlinesAfter(acknowledged, { ...asked, at: '2026-12-22T10:00:00.000Z' }, rests)
    expect(find(late, 'DECIDE', 'EIO art. 12(3)')?.state).toBe('RUNNING')
    expect(isOverdue(find(late, 'DECIDE', 'EIO art. 12(3)') as Deadline, '2026-12-22T10:00:00.000Z')).toBe(true)
  })
  test('a postponement stops the clocks and has an end of its own, met by resuming', () => {
    const postponed = deadlinesAfter(acknowledged, act('POSTPONE', 'ASSESSMENT', 'POSTPONED', '2026-11-20T16:00:00.000Z', { until: '2027-01-15T09:00:00.000Z' }), rests)
    expect(find(postponed, 'RESUME')).toMatchObject({ of: 'REQUESTED', state: 'RUNNING', dueAt: '2027-01-15T09:00:00.000Z' })
    expect(find(postponed, 'DECIDE', 'URGENT level')?.state).toBe('PAUSED')
    const resumed = deadlinesAfter(postponed, act('RESUME', 'POSTPONED', 'ASSESSMENT', '2026-11-21T16:00:00.000Z'), rests)
    expect(find(resumed, 'RESUME')?.state).toBe('MET')
    expect(find(resumed, 'DECIDE', 'URGENT level')?.dueAt).toBe('2026-11-24T10:00:00.000Z')
  })
  test('resuming into ACCEPTED starts no second execution', () => {
    const accepted = deadlinesAfter(acknowledged, act('ACCEPT', 'ASSESSMENT', 'ACCEPTED', '2026-11-24T10:00:00.000Z'), rests)
    const postponed = deadlinesAfter(accepted, act('POSTPONE', 'ACCEPTED', 'POSTPONED', '2026-11-25T10:00:00.000Z', { until: '2027-01-15T09:00:00.000Z' }), rests)
    const resumed = deadlinesAfter(postponed, act('RESUME', 'POSTPONED', 'ACCEPTED', '2026-11-27T10:00:00.000Z'), rests)
    expect(resumed.filter(each => each.obligation === 'EXECUTE').map(each => each.dueAt)).toEqual(['2027-02-24T23:00:00.000Z'])
  })
})

describe('the way of a request', () => {
  const AT = '2026-11-20T10:00:00.000Z', rests = law()
  const walk = (events: ClockEvent[], more: DeadlineLaw = rests): Deadline[] => events.reduce((list, event) => deadlinesAfter(list, event, more), openDeadlines(more, AT))
  const states = (list: Deadline[]): string[] => list.map(each => `${each.obligation} ${each.state}`)
  const acknowledge = act('ACKNOWLEDGE', 'DELIVERED', 'ACKNOWLEDGED', '2026-11-20T12:00:00.000Z')
  const assess = act('BEGIN_ASSESSMENT', 'ACKNOWLEDGED', 'ASSESSMENT', '2026-11-21T12:00:00.000Z')
  const accept = act('ACCEPT', 'ASSESSMENT', 'ACCEPTED', '2026-12-01T09:00:00.000Z')
  const conditional = act('ACCEPT', 'ASSESSMENT', 'CONDITIONS_PENDING', '2026-12-01T09:00:00.000Z')
  const begin = act('BEGIN_EXECUTION', 'ACCEPTED', 'EXECUTING', '2026-12-02T09:00:00.000Z')
  const report = act('REPORT_RESULTS', 'EXECUTING', 'EXECUTED', '2026-12-10T09:00:00.000Z')
  const confirm = act('CONFIRM_RESULTS', 'EXECUTED', 'CONFIRMED', '2026-12-11T09:00:00.000Z')

  test('delivery opens what arrives', () => expect(deadlinesAfter([], { type: 'DELIVERED', act: null, from: 'SUBMITTED', to: 'DELIVERED', at: AT }, rests)).toEqual(openDeadlines(rests, AT)))
  test('decision, execution and confirmation meet their clocks', () => {
    expect(states(walk([acknowledge, assess, accept]))).toEqual(['ACKNOWLEDGE MET', 'DECIDE MET', 'EXECUTE RUNNING'])
    expect(states(walk([acknowledge, assess, accept, begin, report]))).toEqual(['ACKNOWLEDGE MET', 'DECIDE MET', 'EXECUTE MET'])
    expect(respondBy(walk([acknowledge, assess, accept, begin, report, confirm]))).toBeNull()
  })
  test('part of the results leaves the execution running', () => {
    const part = act('REPORT_RESULTS', 'EXECUTING', 'PARTIALLY_EXECUTED', '2026-12-10T09:00:00.000Z')
    expect(states(walk([acknowledge, assess, accept, begin, part]))).toContain('EXECUTE RUNNING')
  })
  test('conditions wait for agreement; execution starts when they are agreed', () => {
    const agree = act('ANSWER_CONDITIONS', 'CONDITIONS_PENDING', 'ACCEPTED', '2026-12-03T09:00:00.000Z')
    expect(states(walk([acknowledge, assess, conditional]))).toEqual(['ACKNOWLEDGE MET', 'DECIDE MET'])
    expect(find(walk([acknowledge, assess, conditional, agree]), 'EXECUTE')?.dueAt).toBe('2027-03-03T23:00:00.000Z')
  })
  test('conditions declined open the decision again', () => {
    const decline = act('ANSWER_CONDITIONS', 'CONDITIONS_PENDING', 'ASSESSMENT', '2026-12-03T09:00:00.000Z')
    expect(states(walk([acknowledge, assess, conditional, decline]))).toEqual(['ACKNOWLEDGE MET', 'DECIDE RUNNING'])
  })
  test('answers that an instrument bounds have clocks of the requesting side', () => {
    const bounded = law({ limits: [limit('ANSWER_SCOPE', 'P5D', 'REQUEST_OF_THE_OTHER_SIDE', 'x'), limit('ANSWER_CONDITIONS', 'P5D', 'REQUEST_OF_THE_OTHER_SIDE', 'x'), limit('CONFIRM', 'P10D', 'TRANSMISSION', 'y')] })
    const propose = act('PROPOSE_SCOPE', 'ASSESSMENT', 'NEGOTIATION', '2026-11-23T09:00:00.000Z')
    expect(find(walk([acknowledge, assess, propose], bounded), 'ANSWER_SCOPE')).toMatchObject({ of: 'REQUESTING', dueAt: '2026-11-30T23:00:00.000Z' })
    expect(find(walk([acknowledge, assess, propose, act('ANSWER_SCOPE', 'NEGOTIATION', 'ASSESSMENT', '2026-11-24T09:00:00.000Z')], bounded), 'ANSWER_SCOPE')?.state).toBe('MET')
    expect(find(walk([acknowledge, assess, conditional], bounded), 'ANSWER_CONDITIONS')?.of).toBe('REQUESTING')
    expect(find(walk([acknowledge, assess, accept, begin, report], bounded), 'CONFIRM')?.of).toBe('REQUESTING')
  })
  test('a negotiation does not stop the clocks', () => {
    expect(states(walk([acknowledge, assess, act('PROPOSE_SCOPE', 'ASSESSMENT', 'NEGOTIATION', '2026-11-23T09:00:00.000Z')]))).toContain('DECIDE RUNNING')
  })
  test.each<[Act, RequestStatus]>([['REFUSE', 'REFUSED'], ['WITHDRAW', 'WITHDRAWN'], ['REDIRECT', 'REDIRECTED'], ['DECLARE_IMPOSSIBLE', 'IMPOSSIBLE']])('%s leaves nothing running', (name, to) => {
    const end = walk([acknowledge, act(name, 'ASSESSMENT', to, '2026-11-23T09:00:00.000Z')])
    expect(end.filter(each => each.state !== 'MET')).toEqual([])
    expect([respondBy(end), nextClock(end)]).toEqual([null, null])
  })
  test('a refusal meets the decision, a withdrawal lets it fall away', () => {
    expect(states(walk([act('REFUSE', 'ASSESSMENT', 'REFUSED', '2026-11-23T09:00:00.000Z')]))).toEqual(['DECIDE MET'])
    expect(walk([act('WITHDRAW', 'DELIVERED', 'WITHDRAWN', '2026-11-23T09:00:00.000Z')])).toEqual([])
  })
  test('an entry that moves no clock gives the same array back', () => {
    const list = openDeadlines(rests, AT)
    expect(deadlinesAfter(list, { type: 'PROPOSAL_REFUSED', act: 'WITHDRAW', from: 'DELIVERED', to: 'DELIVERED', at: AT }, rests)).toBe(list)
    expect(deadlinesAfter(list, { type: 'OVERDUE', act: null, from: 'DELIVERED', to: 'DELIVERED', at: AT }, rests)).toBe(list)
    expect(deadlinesAfter(list, assess, rests)).toBe(list)
  })
})

describe('a preservation', () => {
  const rests = (preserveUntil: string | null): DeadlineLaw => law({ limits: BUDAPEST, urgencyLimits: [], kind: 'PRESERVATION', measures: ['PRESERVE'], preserveUntil })
  const accept = act('ACCEPT', 'ASSESSMENT', 'ACCEPTED', '2026-12-01T09:00:00.000Z')
  const kept = (until: string | null): Deadline | undefined => find(deadlinesAfter([], accept, rests(until)), 'PRESERVE')

  test.each([[null, '2027-02-01T23:00:00.000Z'], ['2026-12-24', '2027-02-01T23:00:00.000Z'], ['2027-02-27', '2027-02-27T23:00:00.000Z'], ['2020-01-01', '2027-02-01T23:00:00.000Z']])(
    'asked until %s is kept until %s: 60 days at least, and no day is moved that was asked for', (until, due) => expect(kept(until)?.dueAt).toBe(due))
  test('runs on while the requested side waits and after execution, and ends with its expiry', () => {
    const list = deadlinesAfter([], accept, rests('2027-02-27'))
    const postponed = deadlinesAfter(list, act('POSTPONE', 'ACCEPTED', 'POSTPONED', '2026-12-02T09:00:00.000Z', { until: '2026-12-09T09:00:00.000Z' }), rests(null))
    expect(find(postponed, 'PRESERVE')?.state).toBe('RUNNING')
    expect(find(deadlinesAfter(list, act('REPORT_RESULTS', 'EXECUTING', 'EXECUTED', '2026-12-02T09:00:00.000Z'), rests(null)), 'PRESERVE')?.state).toBe('RUNNING')
    expect(deadlinesAfter(list, { type: 'EXPIRED', act: null, from: 'ACCEPTED', to: 'EXPIRED', at: '2027-02-27T23:00:00.000Z' }, rests(null)).map(each => each.state)).toEqual(['MET'])
  })
  test('is warned of 14, 7 and 2 days before', () => {
    expect(kept('2027-02-27')?.tell).toEqual([
      { type: 'DUE_SOON', at: '2027-02-13T23:00:00.000Z' }, { type: 'DUE_SOON', at: '2027-02-20T23:00:00.000Z' }, { type: 'DUE_SOON', at: '2027-02-25T23:00:00.000Z' },
      { type: 'OVERDUE', at: '2027-02-27T23:00:00.000Z' },
    ])
  })
})

describe('what the desks are told', () => {
  const AT = '2026-11-20T10:00:00.000Z', rests = law({ limits: [], urgency: 'EMERGENCY' })
  const opened = openDeadlines(rests, AT)
  const told = (list: readonly Deadline[], now: string): string[] => noticesDue(list, now).map(each => `${each.type} ${each.obligation} ${each.at}`)

  test('the timer first looks at 80 % of the shortest limit', () => expect(nextClock(opened)).toBe('2026-11-20T10:48:00.000Z'))
  test('nothing is told before it is due', () => expect(noticesDue(opened, '2026-11-20T10:47:59.999Z')).toEqual([]))
  test('a short limit is warned of ten minutes before its end at the latest', () => {
    const [short] = openDeadlines(law({ limits: [limit('DECIDE', 'PT30M', 'RECEIPT', 'x')], urgencyLimits: [] }), AT)
    expect(short?.tell[0]).toEqual({ type: 'DUE_SOON', at: '2026-11-20T10:20:00.000Z' })
  })
  test('a limit too short for a warning tells its end first', () => {
    const [short] = openDeadlines(law({ limits: [limit('DECIDE', 'PT5M', 'RECEIPT', 'x')], urgencyLimits: [] }), AT)
    expect(short?.tell[0]).toEqual({ type: 'OVERDUE', at: '2026-11-20T10:05:00.000Z' })
  })
  test('each notice is told once, in order, and carries the deadlines as they stand after it', () => {
    let list: readonly Deadline[] = opened
    const heard: string[] = []
    for (let next = nextClock(list), rounds = 0; next !== null && rounds < 20; next = nextClock(list), rounds++) {
      heard.push(...told(list, next))
      list = noticesDue(list, next).at(-1)?.deadlines ?? list
      expect(noticesDue(list, next)).toEqual([])
    }
    expect(heard).toEqual([
      'DUE_SOON ACKNOWLEDGE 2026-11-20T10:48:00.000Z', 'OVERDUE ACKNOWLEDGE 2026-11-20T11:00:00.000Z', 'ESCALATED ACKNOWLEDGE 2026-11-20T11:30:00.000Z', 'ESCALATED ACKNOWLEDGE 2026-11-20T13:00:00.000Z', 'ESCALATED ACKNOWLEDGE 2026-11-20T17:00:00.000Z',
      'DUE_SOON DECIDE 2026-11-21T05:12:00.000Z', 'OVERDUE DECIDE 2026-11-21T10:00:00.000Z', 'ESCALATED DECIDE 2026-11-21T10:30:00.000Z', 'ESCALATED DECIDE 2026-11-21T12:00:00.000Z', 'ESCALATED DECIDE 2026-11-21T16:00:00.000Z',
    ])
  })
  test('a machine asleep for a day tells what fell due, once, in order', () => {
    const notices = noticesDue(opened, '2026-11-21T10:05:00.000Z')
    expect(notices.map(each => `${each.type} ${each.obligation}`)).toEqual(['OVERDUE ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'OVERDUE DECIDE'])
    expect(nextClock(notices.at(-1)?.deadlines ?? [])).toBe('2026-11-21T10:30:00.000Z')
  })
  test('met and paused clocks tell nothing', () => {
    const list = opened.map((each, i): Deadline => (i === 0 ? { ...each, state: 'MET' } : { ...each, state: 'PAUSED', pausedSince: AT }))
    expect([nextClock(list), noticesDue(list, '2030-01-01T00:00:00.000Z')]).toEqual([null, []])
  })
  test('a pause moves the warnings with the end', () => {
    const asked = deadlinesAfter(opened, act('ASK_FOR_INFORMATION', 'ACKNOWLEDGED', 'INFO_REQUESTED', '2026-11-20T10:30:00.000Z', { answerBy: '2026-11-20T12:00:00.000Z' }), rests)
    const resumed = deadlinesAfter(asked, act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', '2026-11-20T11:30:00.000Z'), rests)
    expect(find(resumed, 'DECIDE')?.tell.map(each => each.at)).toEqual(['2026-11-21T06:12:00.000Z', '2026-11-21T11:00:00.000Z', '2026-11-21T11:30:00.000Z', '2026-11-21T13:00:00.000Z', '2026-11-21T17:00:00.000Z'])
  })
})
