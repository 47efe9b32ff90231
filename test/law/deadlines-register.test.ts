// The clocks with the register's own rows, for any instant and state.
import fc from 'fast-check'
import { endOfDay, isWorkingDay, localDate, parseDuration } from '../../src/domain/calendar-days'
import { deadlineLaw, deadlinesAfter, dueAt, openDeadlines, respondBy } from '../../src/domain/deadlines'
import { calendars } from '../../src/register/calendar'
import { register } from './register'

const law = register(), calendarOf = calendars()
const calendar = (code: string) => calendarOf(law.jurisdictions.find(row => row.code === code) ?? { code, capitalTimeZone: 'UTC' })

test('an emergency preservation is acknowledged within the hour, answered within the day, and kept for 60 days from the order', () => {
  const rests = deadlineLaw(law, { kind: 'PRESERVATION', measures: ['PRESERVE'], urgency: 'EMERGENCY', legalBases: [{ treatyCode: 'COE185' }] }, calendar('FR'), { preserveUntil: '2027-01-23' })
  const opened = openDeadlines(rests, '2026-11-24T09:00:00.000Z')
  expect(opened.map(each => `${each.obligation} ${each.dueAt}`).sort()).toEqual([
    'ACKNOWLEDGE 2026-11-24T10:00:00.000Z', 'ACKNOWLEDGE 2026-11-24T11:00:00.000Z', 'DECIDE 2026-11-25T09:00:00.000Z',
  ])
  expect(respondBy(opened)).toBe('2026-11-24T10:00:00.000Z')
  const accepted = deadlinesAfter(opened, { type: 'ACT', act: 'ACCEPT', from: 'ASSESSMENT', to: 'ACCEPTED', at: '2026-11-24T12:00:00.000Z' }, rests)
  // 60 days end on Saturday 23 January.
  expect(accepted.find(each => each.obligation === 'PRESERVE')?.dueAt).toBe('2027-01-25T23:00:00.000Z')
})

test('an investigation order is acknowledged, decided and executed by the directive\'s days', () => {
  const rests = deadlineLaw(law, { kind: 'EVIDENCE', measures: ['SEARCH_PREMISES'], urgency: 'ROUTINE', legalBases: [{ treatyCode: 'EIO' }] }, calendar('FR'))
  const opened = openDeadlines(rests, '2026-11-24T09:00:00.000Z')
  expect(opened.map(each => `${each.obligation} ${each.dueAt} ${each.source}`)).toEqual(['ACKNOWLEDGE 2026-12-01T23:00:00.000Z EIO art. 16(1)', 'DECIDE 2026-12-24T23:00:00.000Z EIO art. 12(3), (5)'])
})

test('reciprocity alone has no clock at ROUTINE', () => {
  const rests = deadlineLaw(law, { kind: 'EVIDENCE', measures: ['DOCUMENTS'], urgency: 'ROUTINE', legalBases: [{ reciprocity: 'We would do the same.' }] }, calendar('FR'))
  expect(openDeadlines(rests, '2026-11-24T09:00:00.000Z')).toEqual([])
})

test('every limit of the register can be counted', () => {
  for (const row of [...law.instruments.flatMap(each => each.timeLimits), ...law.urgencyLimits]) {
    expect(dueAt(parseDuration(row.limit), '2026-11-24T09:00:00.000Z', calendar('FR')) > '2026-11-24T09:00:00.000Z').toBe(true)
  }
})

const instants = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-12-31'), noInvalidDate: true }).map(date => date.toISOString())
const states = fc.constantFrom(...law.jurisdictions.map(row => row.code))

test('days end at midnight of a working day in the capital, never too early', () => {
  fc.assert(fc.property(instants, states, fc.integer({ min: 1, max: 120 }), (at, state, days) => {
    const there = calendar(state), due = dueAt({ amount: days, unit: 'D' }, at, there)
    const last = localDate(new Date(Date.parse(due) - 1).toISOString(), there.timeZone)
    expect(isWorkingDay(last, there)).toBe(true)
    expect(endOfDay(last, there.timeZone)).toBe(due)
    expect(Date.parse(due) - Date.parse(at)).toBeGreaterThan(days * 86_400_000 - 3_600_001)
  }), { numRuns: 300 })
})

test('hours are exact and a pause lengthens by exactly itself; days by at least itself', () => {
  fc.assert(fc.property(instants, states, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 40 * 86_400 }), (at, state, hours, seconds) => {
    const rests = { limits: [
      { obligation: 'DECIDE', limit: `PT${hours}H`, runsFrom: 'RECEIPT', source: 'h', verified: false } as const, { obligation: 'DECIDE', limit: 'P30D', runsFrom: 'RECEIPT', source: 'd', verified: false } as const,
    ], urgencyLimits: [], warnings: law.templates.clockWarnings, kind: 'EVIDENCE', measures: [], urgency: 'ROUTINE', calendar: calendar(state) } as const
    const opened = openDeadlines(rests, at)
    expect(Date.parse(opened[0]?.dueAt ?? '') - Date.parse(at)).toBe(hours * 3_600_000)
    const later = (ms: number): string => new Date(Date.parse(at) + ms).toISOString()
    const paused = deadlinesAfter(opened, { type: 'ACT', act: 'ASK_FOR_INFORMATION', from: 'ASSESSMENT', to: 'INFO_REQUESTED', at: later(1_000), answerBy: later(5_000) }, rests)
    const resumed = deadlinesAfter(paused, { type: 'ACT', act: 'SUPPLEMENT', from: 'INFO_REQUESTED', to: 'ASSESSMENT', at: later(1_000 + seconds * 1_000) }, rests)
    const grown = (i: number): number => Date.parse(resumed[i]?.dueAt ?? '') - Date.parse(opened[i]?.dueAt ?? '')
    expect(grown(0)).toBe(seconds * 1_000)
    // A change of clocks within may take an hour of the wall.
    expect(grown(1)).toBeGreaterThanOrEqual(seconds * 1_000 - 3_600_000)
    expect(grown(1)).toBeGreaterThan(0)
    expect(resumed.filter(each => each.state === 'PAUSED')).toEqual([])
  }), { numRuns: 200 })
})
