// What came of asking another house, as a value: a network fault is an outcome, not an exception.
import { Refusal } from '../refusal'

/** REFUSED: it spoke, but would not serve this caller or said nothing usable. TIMED_OUT: too late, or nobody waits any more. */
export type Unanswered = 'REFUSED' | 'UNREACHABLE' | 'TIMED_OUT'

export type Reason =
  | 'DENIED' | 'BAD_ANSWER' | 'TOO_LARGE'
  | 'NO_CONNECTION' | 'TLS' | 'CUT' | 'GATEWAY' | 'CLOSED'
  | 'DEADLINE' | 'SILENCE' | 'ABORTED'

export interface PeerFailure { state: Unanswered; tookMs: number; reason: Reason; status?: number; body?: unknown }
export interface PeerAnswer { state: 'ANSWERED'; status: number; body: unknown; tookMs: number }
export type PeerOutcome = PeerAnswer | PeerFailure

const STATE: Readonly<Record<Reason, Unanswered>> = {
  DENIED: 'REFUSED', BAD_ANSWER: 'REFUSED', TOO_LARGE: 'REFUSED',
  NO_CONNECTION: 'UNREACHABLE', TLS: 'REFUSED', CUT: 'UNREACHABLE', GATEWAY: 'UNREACHABLE', CLOSED: 'UNREACHABLE',
  DEADLINE: 'TIMED_OUT', SILENCE: 'TIMED_OUT', ABORTED: 'TIMED_OUT',
}

/** The end of a line to another house, thrown only by streams. `seen` is what it answered instead of a stream. */
export class LineLost extends Refusal {
  readonly state: Unanswered
  constructor(readonly reason: Reason, readonly seen: { status?: number; body?: unknown } = {}) {
    super('AUTHORITY_UNREACHABLE', 'the line to another house was lost', { reason })
    this.state = STATE[reason]
  }
}

export const failure = (reason: Reason, tookMs: number, seen: { status?: number; body?: unknown } = {}): PeerFailure =>
  ({ state: STATE[reason], tookMs, reason, ...seen })

/** What an answer to `/health/ready` says of the house. */
export function isReady(outcome: PeerOutcome): { state: 'ANSWERED' | Unanswered; tookMs: number; reason: Reason | null } {
  const { tookMs } = outcome
  if (outcome.state !== 'ANSWERED') return { state: outcome.state, tookMs, reason: outcome.reason }
  return outcome.status === 200 ? { state: 'ANSWERED', tookMs, reason: null } : { state: 'REFUSED', tookMs, reason: 'DENIED' }
}

const DENIALS: readonly number[] = [401, 403, 421, 429]
const GATEWAYS: readonly number[] = [502, 503, 504]
export const isDenial = (status: number): boolean => DENIALS.includes(status)
export const isGateway = (status: number): boolean => GATEWAYS.includes(status)

/** What a thrown network error means. Anything unknown counts as a cut line: a peer's fault must never become ours. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof LineLost) return error.reason
  const code = codeOf(error)
  if (TIMEOUT_CODES.includes(code)) return 'DEADLINE'
  if (UNCONNECTED_CODES.includes(code)) return 'NO_CONNECTION'
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return 'CLOSED'
  if (code.startsWith('HPE_') || code === 'HTTPParserError') return 'BAD_ANSWER'
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'TOO_LARGE'
  return /CERT|ERR_TLS|SSL|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? 'TLS' : 'CUT'
}

const TIMEOUT_CODES: readonly string[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']
const UNCONNECTED_CODES: readonly string[] = [
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL',
]

/**
 * Several addresses of one name fail together, with no code of their own: the first one speaks for all.
 * By shape, not by class: an error may come from another realm than this module.
 */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0])
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause)
  return 'name' in error && typeof error.name === 'string' ? error.name : ''
}
