// What the desks are told of a request's clocks, and when: warnings before an end, the end, escalations after it. Pure; the rows say how much
// before and after. One timer asks `nextClock` and `noticesDue`; no timer a clock.
import { exactMs, parseDuration } from './calendar-days'
import { fault } from '../refusal'
import type { ClockNotice, Deadline } from './request'
import type { ClockWarningRow } from './law/register'
import type { Obligation, Urgency } from './vocabulary'

/** One entry that the timer has to write, with the deadlines as they stand after it. */
export interface DueNotice { type: ClockNotice['type']; at: string; obligation: Obligation; deadline: Deadline; deadlines: Deadline[] }

/** What will be told of a clock that starts at an instant. */
export function notices({ obligation, unit, dueAt: due }: Deadline, at: string, law: { warnings: readonly ClockWarningRow[]; urgency: Urgency }): ClockNotice[] {
  const row = law.warnings.find(row =>
    (!row.obligations || row.obligations.includes(obligation)) && (!row.unit || row.unit === unit) && (!row.urgencies || row.urgencies.includes(law.urgency)))
  const begin = Date.parse(at), end = Date.parse(due)
  const warn = (row?.before ?? []).map(before => end - exactMs(parseDuration(before)))
  if (row?.share !== undefined) warn.push(Math.min(begin + row.share * (end - begin), end - (row.leastMinutes ?? 0) * 60_000))
  const told = (type: ClockNotice['type'], when: number): ClockNotice => ({ type, at: new Date(Math.round(when)).toISOString() })
  return [
    ...warn.filter(when => when > begin && when < end).sort((one, other) => one - other).map(when => told('DUE_SOON', when)),
    told('OVERDUE', end),
    ...(row?.escalateAfter ?? []).map(after => told('ESCALATED', end + exactMs(parseDuration(after)))),
  ]
}

/** When the timer must look again: the next notice of a running clock. */
export function nextClock(deadlines: readonly Deadline[]): string | null {
  return earliest(deadlines.filter(deadline => deadline.state === 'RUNNING').flatMap(deadline => deadline.tell[0]?.at ?? []))
}

/** The first of some instants. */
export const earliest = (instants: readonly string[]): string | null => instants.reduce<string | null>((one, other) => (one !== null && one < other ? one : other), null)

/** What fell due by now, in order, each once: whoever slept over a warning hears of the end alone, and of several warnings the last. */
export function noticesDue(deadlines: readonly Deadline[], now: string): DueNotice[] {
  const due = deadlines.flatMap((deadline, i) => heard(deadline, now).map(notice => ({ ...notice, i })))
  due.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.i - other.i))
  let after = [...deadlines]
  return due.map(({ type, at, i }) => {
    const before = after[i] ?? fault('a notice of no deadline')
    const deadline: Deadline = { ...before, tell: before.tell.filter(notice => notice.at > at) }
    after = after.with(i, deadline)
    return { type, at, obligation: deadline.obligation, deadline, deadlines: after }
  })
}

function heard(deadline: Deadline, now: string): ClockNotice[] {
  if (deadline.state !== 'RUNNING') return []
  const due = deadline.tell.filter(notice => notice.at <= now)
  const late = due.filter(notice => notice.type !== 'DUE_SOON')
  return late.length > 0 ? late : due.slice(-1)
}
