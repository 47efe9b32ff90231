// The one expected error: a coded refusal that the caller may see whole. Everything else thrown is a fault of ours,
// logged in full and shown as INTERNAL_SERVER_ERROR. The codes are closed (operations.md, "Error codes").

export const REFUSAL_CODES = [
  'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'DRAFT_INCOMPLETE', 'ACT_NOT_ALLOWED', 'VERSION_CONFLICT',
  'IDEMPOTENCY_CONFLICT', 'AUTHORITY_UNREACHABLE', 'STORE_UNAVAILABLE', 'CURSOR_INVALID', 'CURSOR_EXPIRED', 'QUERY_TOO_COMPLEX',
  'PAYLOAD_TOO_LARGE', 'RATE_LIMITED', 'UNSUPPORTED_MEDIA_TYPE', 'BAD_REQUEST', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_SUPPORTED', 'SUBSCRIPTION_TRANSPORT_REQUIRED', 'INTERNAL_SERVER_ERROR',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** What a refusal rests on, shown in `extensions` beside `code`, `hint` and `requestId`. Never an echoed value. */
export interface RefusalFacts {
  /** What the caller can do about it, one sentence. */
  hint?: string
  /** From the variable's root: `input.dossier.facts`. */
  path?: string
  [fact: string]: unknown
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(readonly code: RefusalCode, message: string, readonly facts: RefusalFacts = {}) { super(message) }
}

/** What every request answers that does not exist for the caller, whatever else is true of it. */
export const noSuchRequest = (path: string): Refusal =>
  new Refusal('NOT_FOUND', 'There is no such request for you.', { path, hint: 'Check the reference; you see the requests to which your authority is a party.' })

/** A fault of ours: a state that the code promised can not be. Logged whole, masked to the caller. */
export class Fault extends Error {
  override readonly name = 'Fault'
}

export function fault(message: string, cause?: unknown): never {
  throw new Fault(message, cause === undefined ? undefined : { cause })
}
