// The board as plain values: which requests stand on it, in which order, and how time is told. Knows no page and no line.
import type { AddresseeSeen, Cause, DeadlineSeen, ListedRequest, RequestSeen } from './operations'

/** `reached`: the desk to which the last notice was addressed, in words. */
export interface Row extends RequestSeen { cause: Cause | null; due: DeadlineSeen | null; reached: string }
export type Board = ReadonlyMap<string, Row>

const ENDED: readonly string[] = ['CONFIRMED', 'REFUSED', 'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED', 'CLOSED']
const UNSENT: readonly string[] = ['DRAFT', 'CONSULTATION', 'VALIDATED']

/** Drafts have no clock and nobody waits for them. */
const stands = ({ urgency, status }: RequestSeen): boolean => (urgency === 'URGENT' || urgency === 'EMERGENCY') && !ENDED.includes(status) && !UNSENT.includes(status)

/** The clock that ends first of those that run. */
function dueOf({ deadlines }: RequestSeen): DeadlineSeen | null {
  const running = deadlines.filter(each => each.state === 'RUNNING' || each.state === 'OVERDUE')
  return running.reduce<DeadlineSeen | null>((first, each) => (first === null || each.dueAt < first.dueAt ? each : first), null)
}

export const boardOf = (requests: readonly ListedRequest[]): Board => new Map(requests.filter(stands).map(request => [request.reference, listed(request)]))

/** Before any notice has come: of what was told earlier, the last step of a ladder that is still climbed is known. */
function listed(request: ListedRequest): Row {
  const climbed = climbedLast(request)
  return { ...request, cause: climbed && 'ESCALATED', due: dueOf(request), reached: reachedOf(climbed) }
}

function climbedLast({ overlays, escalatedTo }: ListedRequest): AddresseeSeen | null {
  const mark = overlays.find(({ overlay }) => overlay === 'ESCALATED')
  const last = escalatedTo.at(-1)
  return mark && last && last.at >= mark.since ? last.addressee : null
}

const LEVELS: Record<AddresseeSeen['level'], string> = { DUTY_DESK: 'the desk', HEAD: 'the head', SECRETARIAT: 'the secretariat' }

/** ` → Night desk, France`; empty where nobody is addressed. */
export const reachedOf = (addressee: AddresseeSeen | null): string =>
  (addressee ? ` → ${addressee.contactPoint?.function ?? LEVELS[addressee.level]}, ${country(addressee.authority.code)}` : '')

/** An event may come again, and may carry a request older than what the board has: the version tells. */
export function placed(board: Board, request: RequestSeen, cause: Cause | null = null, reached = ''): Board {
  const known = board.get(request.reference)
  if (known && known.version > request.version) return board
  const next = new Map(board)
  const last = cause ? { cause, reached } : { cause: known?.cause ?? null, reached: known?.reached ?? '' }
  if (stands(request)) next.set(request.reference, { ...request, ...last, due: dueOf(request) })
  else next.delete(request.reference)
  return next
}

/** EMERGENCY first, then by the time that is left; what no clock runs for comes last. */
export function ordered(board: Board): Row[] {
  const rank = (row: Row): string => `${row.urgency === 'EMERGENCY' ? 0 : 1} ${row.due?.dueAt ?? '9999'} ${row.reference}`
  return [...board.values()].map(row => ({ row, at: rank(row) })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ row }) => row)
}

export const canAcknowledge = (row: RequestSeen): boolean => row.availableActs.includes('ACKNOWLEDGE')

/** It climbed, or was passed up by hand, and nobody has answered yet. */
export const isEscalated = ({ overlays }: RequestSeen): boolean => overlays.some(({ overlay }) => overlay === 'ESCALATED')

/** Whether the clock that ends first is ours to stop. */
export const isOurs = (row: Row, authority: string): boolean => row.due !== null && (row.due.of === 'REQUESTED' ? row.requested.id : row.requesting.id) === authority

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The two largest units: `2 d 4 h`, `3 h 12 min`, `4 min 09 s`. */
export function span(ms: number): string {
  const of = Math.abs(ms)
  if (of >= DAY) return `${Math.floor(of / DAY)} d ${Math.floor((of % DAY) / HOUR)} h`
  if (of >= HOUR) return `${Math.floor(of / HOUR)} h ${two(Math.floor((of % HOUR) / MINUTE))} min`
  if (of >= MINUTE) return `${Math.floor(of / MINUTE)} min ${two(Math.floor((of % MINUTE) / SECOND))} s`
  return `${Math.floor(of / SECOND)} s`
}

/** One unit, for what need not be exact. */
export const ago = (ms: number): string => (ms < MINUTE ? `${Math.max(0, Math.floor(ms / SECOND))} s` : ms < HOUR ? `${Math.floor(ms / MINUTE)} min` : `${Math.floor(ms / HOUR)} h`)

const two = (n: number): string => String(n).padStart(2, '0')

/** `INFO_REQUESTED` in words. */
export const words = (code: string): string => code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ')

const regions = new Intl.DisplayNames(['en'], { type: 'region' })
export const country = (code: string): string => {
  try { return regions.of(code) ?? code } catch { return code }
}
