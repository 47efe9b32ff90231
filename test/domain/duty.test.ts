// Who is on duty when: weekly turns in their own zone, nights that reach over midnight and over the change of the clocks, exceptions, and the order of a roster.
import { addresseeAt, dutyOf, isTimeZone, roster, type RosteredDesk, type Shift } from '../../src/domain/duty'
import type { Weekday } from '../../src/domain/vocabulary'

const PARIS = 'Europe/Paris'
const WORKDAYS: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY']
const shift = (from: string, to: string, more: Partial<Shift> = {}): Shift => ({ days: WORKDAYS, from, to, timeZone: PARIS, exceptions: [], ...more })
const DAY = shift('08:00', '20:00')
const NIGHT = shift('20:00', '08:00')

test.each<[string, { roundTheClock: boolean; shifts?: Shift[] }, string, boolean, string | null, string | null]>([
  ['day and night without shifts', { roundTheClock: true }, '2026-11-29T03:00:00.000Z', true, null, null],
  ['office hours without shifts', { roundTheClock: false }, '2026-11-27T08:00:00.000Z', true, '2026-11-27T16:00:00.000Z', null],
  ['office hours, a minute too early', { roundTheClock: false }, '2026-11-27T07:59:00.000Z', false, null, '2026-11-27T08:00:00.000Z'],
  ['office hours, Friday evening', { roundTheClock: false }, '2026-11-27T16:00:00.000Z', false, null, '2026-11-30T08:00:00.000Z'],
  ['a day turn in winter', { roundTheClock: false, shifts: [DAY] }, '2026-11-27T07:00:00.000Z', true, '2026-11-27T19:00:00.000Z', null],
  ['a day turn in summer', { roundTheClock: false, shifts: [DAY] }, '2026-07-01T06:00:00.000Z', true, '2026-07-01T18:00:00.000Z', null],
  ['a night reaches into the next day', { roundTheClock: false, shifts: [NIGHT] }, '2026-11-28T06:59:00.000Z', true, '2026-11-28T07:00:00.000Z', null],
  ['and no further', { roundTheClock: false, shifts: [NIGHT] }, '2026-11-28T07:00:00.000Z', false, null, '2026-11-30T19:00:00.000Z'],
  ['turns that meet are one duty', { roundTheClock: false, shifts: [DAY, NIGHT] }, '2026-11-27T12:00:00.000Z', true, '2026-11-28T07:00:00.000Z', null],
  ['shifts decide over round the clock', { roundTheClock: true, shifts: [DAY] }, '2026-11-28T12:00:00.000Z', false, null, '2026-11-30T07:00:00.000Z'],
  ['the night in which the clocks go back is an hour longer', { roundTheClock: false, shifts: [shift('20:00', '08:00', { days: ['SATURDAY'] })] }, '2026-10-25T06:30:00.000Z', true, '2026-10-25T07:00:00.000Z', null],
  ['the night in which the clocks go on is an hour shorter', { roundTheClock: false, shifts: [shift('20:00', '08:00', { days: ['SATURDAY'] })] }, '2026-03-29T06:00:00.000Z', false, null, '2026-04-04T18:00:00.000Z'],
  ['a day off', { roundTheClock: false, shifts: [shift('08:00', '20:00', { exceptions: [{ on: '2026-11-27', from: null, to: null }] })] }, '2026-11-27T12:00:00.000Z', false, null, '2026-11-30T07:00:00.000Z'],
  ['other hours on a day', { roundTheClock: false, shifts: [shift('08:00', '20:00', { exceptions: [{ on: '2026-11-28', from: '10:00', to: '12:00' }] })] }, '2026-11-28T10:00:00.000Z', true, '2026-11-28T11:00:00.000Z', null],
  ['a whole day', { roundTheClock: false, shifts: [shift('00:00', '00:00', { days: ['SUNDAY'] })] }, '2026-11-29T22:59:00.000Z', true, '2026-11-29T23:00:00.000Z', null],
  ['none within a month', { roundTheClock: false, shifts: [shift('08:00', '20:00', { days: [] })] }, '2026-11-27T12:00:00.000Z', false, null, null],
])('%s', (_, desk, now, isOn, endsAt, nextAt) => {
  expect(dutyOf(desk, now, PARIS)).toEqual({ isOn, endsAt, nextAt })
})

test.each([['Europe/Paris', true], ['UTC', true], ['America/Sao_Paulo', true], ['Europe/Nowhere', false], ['', false], ['+02:00', false], ['local', false]])('%s is a time zone: %s', (name, is) => {
  expect(isTimeZone(name)).toBe(is)
})

describe('a roster', () => {
  const FR = 'authority:FR'
  const NOW = '2026-11-27T12:00:00.000Z'
  const desk = (id: string, more: Partial<RosteredDesk> = {}): RosteredDesk => ({ id, authority: FR, roundTheClock: false, shifts: [DAY], rank: 0, ...more })
  const desks = [desk('night', { shifts: [NIGHT] }), desk('second', { rank: 2 }), desk('first', { rank: 1 }), desk('head', { level: 'HEAD' })]

  test('has those on duty first, each in its place', () => {
    expect(roster(desks, 'DUTY_DESK', NOW, PARIS).map(({ id }) => id)).toEqual(['first', 'second', 'night'])
    expect(roster(desks, 'DUTY_DESK', '2026-11-27T22:00:00.000Z', PARIS).map(({ id }) => id)).toEqual(['night', 'first', 'second'])
  })

  test('is climbed desk by desk, and says where nobody is published', () => {
    const reach = (level: 'DUTY_DESK' | 'HEAD' | 'SECRETARIAT', ...before: string[]) => addresseeAt(level, FR, desks, before.map(contact => ({ level: 'DUTY_DESK', authority: FR, contact })), NOW, PARIS).contact
    expect([reach('DUTY_DESK'), reach('DUTY_DESK', 'first'), reach('DUTY_DESK', 'first', 'second'), reach('DUTY_DESK', 'first', 'second', 'night'), reach('HEAD'), reach('SECRETARIAT')])
      .toEqual(['first', 'second', 'night', 'first', 'head', null])
  })
})
