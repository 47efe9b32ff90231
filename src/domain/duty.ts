// Duty rosters and the ladder that climbs over them: which desk is on duty at an instant, and whom an escalation reaches. Pure. Times on the
// wall are those of the shift's own zone; luxon knows what daylight saving does to them.
import { DateTime } from 'luxon'
import type { AuthorityId } from './request'
import { WEEKDAYS, type EscalationLevel, type Weekday } from './vocabulary'

/** A weekly turn of duty: on each of `days` from `from` to `to` (`HH:MM`); one that does not end after it begins ends on the next day. */
export interface Shift { days: Weekday[]; from: string; to: string; timeZone: string; exceptions: ShiftException[] }
/** The turn that begins on one day is another one, or none (both times null). */
export interface ShiftException { on: string; from: string | null; to: string | null }

/** What of a contact point says when it is on duty. */
export interface Rostered { roundTheClock: boolean; shifts?: readonly Shift[] }

/** `endsAt` null: no end is known; `nextAt` null: on duty now, or no turn is near. */
export interface Duty { isOn: boolean; endsAt: string | null; nextAt: string | null }

interface Turn { begin: DateTime; end: DateTime }

const LOOK_AHEAD_DAYS = 31
/** Of a desk that neither publishes shifts nor answers day and night; in the capital's zone. */
const OFFICE: Omit<Shift, 'timeZone'> = { days: [...WEEKDAYS.slice(0, 5)], from: '09:00', to: '17:00', exceptions: [] }

export const isTimeZone = (name: string): boolean => DateTime.utc().setZone(name).isValid && name.includes('/') || name === 'UTC'

/** Shifts decide where there are any; then round the clock; else office hours in the capital. */
export function dutyOf({ roundTheClock, shifts = [] }: Rostered, now: string, capitalTimeZone: string): Duty {
  if (shifts.length === 0 && roundTheClock) return { isOn: true, endsAt: null, nextAt: null }
  const rules = shifts.length > 0 ? shifts : [{ ...OFFICE, timeZone: capitalTimeZone }]
  const end = endOfDuty(rules, DateTime.fromISO(now, { zone: 'utc' }))
  if (end) return { isOn: true, endsAt: instant(end), nextAt: null }
  const next = rules.flatMap(shift => nextTurn(shift, now)?.begin ?? []).sort((one, other) => one.toMillis() - other.toMillis())[0]
  return { isOn: false, endsAt: null, nextAt: next ? instant(next) : null }
}

/** Where one turn meets the next, duty goes on. */
function endOfDuty(rules: readonly Shift[], now: DateTime): DateTime | null {
  let end: DateTime | null = null
  for (let turns = 0; turns < LOOK_AHEAD_DAYS; turns++) {
    const at: DateTime = end ?? now
    const ends: DateTime[] = rules.flatMap(shift => turnAt(shift, at)?.end ?? [])
    const last: DateTime | undefined = ends.sort((one, other) => other.toMillis() - one.toMillis())[0]
    if (!last) return end
    end = last
  }
  return end
}

/** The turn under way; the one of the day before may reach over midnight. */
function turnAt(shift: Shift, at: DateTime): Turn | null {
  const today = at.setZone(shift.timeZone).startOf('day')
  return [today.minus({ days: 1 }), today].map(day => turnOf(shift, day)).find(turn => turn !== null && turn.begin <= at && at < turn.end) ?? null
}

function nextTurn(shift: Shift, now: string): Turn | null {
  const at = DateTime.fromISO(now, { zone: shift.timeZone })
  for (let days = 0; days < LOOK_AHEAD_DAYS; days++) {
    const turn = turnOf(shift, at.startOf('day').plus({ days }))
    if (turn && turn.begin > at) return turn
  }
  return null
}

function turnOf({ days, from, to, timeZone, exceptions }: Shift, day: DateTime): Turn | null {
  const on = day.toISODate() ?? ''
  const exception = exceptions.find(each => each.on === on)
  const times = exception ?? (days.includes(WEEKDAYS[day.weekday - 1] ?? 'MONDAY') ? { from, to } : null)
  if (!times?.from || !times.to) return null
  const lastDay = times.to > times.from ? on : (day.plus({ days: 1 }).toISODate() ?? on)
  const at = (date: string, time: string): DateTime => DateTime.fromISO(`${date}T${time}`, { zone: timeZone })
  return { begin: at(on, times.from), end: at(lastDay, times.to) }
}

const instant = (at: DateTime): string => new Date(at.toMillis()).toISOString()

/** A desk of a roster: where it stands on the ladder, and its place among those of its level, lowest first. */
export interface RosteredDesk extends Rostered { id: string; authority: AuthorityId; level?: EscalationLevel; rank?: number }

/** Whom a notice is addressed to. `contact` null: the authority as such, where it publishes no desk of the level. */
export interface Addressee { level: EscalationLevel; authority: AuthorityId; contact: string | null }

/** One rung, a row of the register; `of`: the authority that is late, or the other one. */
export interface LadderRung { level: EscalationLevel; of: 'LATE' | 'PARTNER' }

/** The desks of a level, those on duty first, each in the order of the roster. */
export function roster(desks: readonly RosteredDesk[], level: EscalationLevel, now: string, capitalTimeZone: string): RosteredDesk[] {
  const place = (desk: RosteredDesk): [number, number, string] => [dutyOf(desk, now, capitalTimeZone).isOn ? 0 : 1, desk.rank ?? 0, desk.id]
  return desks.filter(desk => (desk.level ?? 'DUTY_DESK') === level).map(desk => ({ desk, at: place(desk) }))
    .sort((one, other) => one.at[0] - other.at[0] || one.at[1] - other.at[1] || (one.at[2] < other.at[2] ? -1 : 1)).map(({ desk }) => desk)
}

/** Whoever a notice reaches on a level: the next in the roster of those who were not addressed before; the first again where all were. */
export function addresseeAt(level: EscalationLevel, authority: AuthorityId, desks: readonly RosteredDesk[], before: readonly Addressee[], now: string, capitalTimeZone: string): Addressee {
  const inOrder = roster(desks, level, now, capitalTimeZone)
  const next = inOrder.find(desk => !before.some(each => each.contact === desk.id)) ?? inOrder[0]
  return { level, authority, contact: next?.id ?? null }
}
