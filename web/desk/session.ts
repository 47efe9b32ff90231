// Who sits at the desk: a token that was pasted, or the name of a demo identity whose token is fetched anew each time.
// Kept for this window only.
import { askIdentities, keyOf } from '../access/identities'

export type Session = { token: string } | { demo: string }

const KEY = 'comity.desk.session'

export function kept(): Session | null {
  try { return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null } catch { return null }
}

export function keep(session: Session | null): void {
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session))
  else sessionStorage.removeItem(KEY)
}

const RENEW_MS = 10 * 60_000
let fresh: { demo: string; at: number; authorization: string } | null = null

/** `isNew`: the one at hand was refused, or a connection is being made. */
export async function authorizationOf(session: Session, isNew = false): Promise<string> {
  if ('token' in session) return `Bearer ${session.token}`
  if (!isNew && fresh?.demo === session.demo && Date.now() - fresh.at < RENEW_MS) return fresh.authorization
  const identity = (await askIdentities()).find(each => keyOf(each) === session.demo)
  if (identity?.token) fresh = { demo: session.demo, at: Date.now(), authorization: `Bearer ${identity.token}` }
  return fresh?.demo === session.demo ? fresh.authorization : ''
}
