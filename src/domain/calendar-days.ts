// Calendar arithmetic of time limits: days in a capital's time zone, working days, ISO 8601 durations in one unit.
// Pure; which days are holidays comes in with the calendar.
import { fault } from '../refusal'
import type { DayCounting } from './vocabulary'

/** Working days of one state: Saturdays, Sundays and its holidays are none. */
export interface Calendar {
  /** IANA name of the capital's time zone. */
  readonly timeZone: string
  isHoliday(date: string): boolean
}

export interface Duration { readonly amount: number; readonly unit: 'Y' | 'M' | 'W' | 'D' | 'h' | 'm' }

export const DAY_MS = 86_400_000
const UNIT_MS = { h: 3_600_000, m: 60_000 }

/** The UTC day of an instant, `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** One ISO 8601 duration in one unit: `P7D`, `PT24H`, `PT30M`, `P6M`, `P5Y`. */
export function parseDuration(text: string): Duration {
  const [, days, dayUnit, time, timeUnit] = /^P(?:(\d{1,5})([YMWD])|T(\d{1,5})([HM]))$/.exec(text) ?? fault(`not a duration in one unit: ${text}`)
  if (days !== undefined) return { amount: Number(days), unit: dayUnit as Duration['unit'] }
  return { amount: Number(time), unit: timeUnit === 'H' ? 'h' : 'm' }
}

/** Whether the duration is counted in days of a calendar, not in exact time. */
export const isCounted = ({ unit }: Duration): boolean => unit !== 'h' && unit !== 'm'

/** Milliseconds of an exact duration; days count 24 hours (for warnings, never for limits). */
export function exactMs({ amount, unit }: Duration): number {
  switch (unit) {
    case 'h': case 'm': return amount * UNIT_MS[unit]
    case 'D': return amount * DAY_MS
    case 'W': return amount * 7 * DAY_MS
    case 'M': return amount * 30 * DAY_MS
    case 'Y': return amount * 365 * DAY_MS
  }
}

export const addDays = (date: string, days: number): string => dayOf(new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS))

/** The day so much later; the last day of a month that is too short. */
export function addDuration(date: string, { amount, unit }: Duration): string {
  switch (unit) {
    case 'D': return addDays(date, amount)
    case 'W': return addDays(date, amount * 7)
    case 'M': return addMonths(date, amount)
    case 'Y': return addMonths(date, amount * 12)
    case 'h': case 'm': return fault('hours are not counted in days')
  }
}

function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0))
  lastOfMonth.setUTCDate(Math.min(day, lastOfMonth.getUTCDate()))
  return dayOf(lastOfMonth)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** What a clock on the wall shows there, as if it were UTC. */
export function wallTime(at: number, timeZone: string): number {
  const known = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  clocks.set(timeZone, known)
  const part: Record<string, number> = {}
  for (const { type, value } of known.formatToParts(at)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000)
}

/** The calendar day at an instant, there. */
export const localDate = (instant: string, timeZone: string): string => dayOf(new Date(wallTime(Date.parse(instant), timeZone)))

/** 24:00 of a day there, as an instant: the first moment of the next day, whatever daylight saving does to it. */
export function endOfDay(date: string, timeZone: string): string {
  const wall = Date.parse(`${addDays(date, 1)}T00:00:00Z`)
  let at = wall
  // Two rounds settle the offset on either side of a change; where midnight is skipped the clock jumps over it and the later moment counts.
  for (let round = 0; round < 2; round++) at += wall - wallTime(at, timeZone)
  return new Date(wallTime(at, timeZone) < wall ? at + UNIT_MS.h : at).toISOString()
}

export function isWorkingDay(date: string, calendar: Calendar): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return day !== 0 && day !== 6 && !calendar.isHoliday(date)
}

/** The last day of so many from a day on, that day not counted, as the rule counts them. */
export function lastDay(from: string, duration: Duration, counted: DayCounting, calendar: Calendar): string {
  if (counted === 'WORKING_DAYS' && duration.unit === 'D') return addWorkingDays(from, duration.amount, calendar)
  const last = addDuration(from, duration)
  return counted === 'EVERY_DAY' ? last : workingDayFrom(last, calendar)
}

/** How many days a span has begun, of those that the rule counts. */
export function daysBegun(since: number, until: number, counted: DayCounting, calendar: Calendar): number {
  const first = wallTime(since, calendar.timeZone)
  const days = Math.max(0, Math.ceil((wallTime(until, calendar.timeZone) - first) / DAY_MS))
  if (counted !== 'WORKING_DAYS') return days
  return Array.from({ length: days }, (_, i) => dayOf(new Date(first + i * DAY_MS))).filter(day => isWorkingDay(day, calendar)).length
}

function addWorkingDays(from: string, days: number, calendar: Calendar): string {
  let day = from
  for (let i = 0; i < days; i++) day = workingDayFrom(addDays(day, 1), calendar)
  return day
}

/** The day itself, or the next working day after it. */
export function workingDayFrom(date: string, calendar: Calendar): string {
  let day = date
  // No state rests for a month; a calendar that says so is broken, and the clock must end nevertheless.
  for (let tries = 0; tries < 31 && !isWorkingDay(day, calendar); tries++) day = addDays(day, 1)
  return day
}
