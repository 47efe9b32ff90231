// Who a person, a viewer at a partner's node, or a house is: short signed statements, each with its own `typ`, keys from the directory alone.
import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { ROLES, type Role } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import { sha256Hex } from './canonical'
import type { Directory, ListedKey } from './directory'
import { payloadObject, verifyJws, type WireType } from './jws'
import type { HouseKeys } from './house-keys'

/** What a token or an assertion proves. */
export interface Claims { readonly issuer: string; readonly subject: string; readonly role: Role; /** Epoch milliseconds. */ readonly expiresAt: number; readonly jti: string; /** Of the house's key that signed it; null for an outside issuer's. */ readonly kid: string | null; /** When the person signed in, epoch milliseconds; null where nothing says it. */ readonly signedInAt: number | null }

const AUDIENCE = 'comity'
export const TOKEN_AT_MOST = 8 * 1024
export const SKEW_MS = 5_000
const ASSERTION_SECONDS_AT_MOST = 60
const FAR_FUTURE_MS = 366 * 86_400_000
const VERIFIED_AT_MOST = 20_000
/** Roles that the hub issues; all others are an authority's. */
export const HUB_ROLES: readonly Role[] = ['OVERSIGHT', 'SECRETARIAT']

interface Issue { keys: HouseKeys; issuer: string; subject: string; role: Role; ttlSeconds: number; now: Date }

export const seconds = (now: Date): number => Math.floor(now.getTime() / 1_000)

export function issueToken({ keys, issuer, subject, role, ttlSeconds, now }: Issue): Promise<string> {
  const iat = seconds(now)
  return keys.tokenSigner.sign('JWT', bytesOf(JSON.stringify({ iss: issuer, sub: subject, aud: AUDIENCE, role, iat, exp: iat + ttlSeconds, auth_time: iat, jti: randomUUID() })))
}

/** The home node vouches for its viewer at one other node. */
export function issueAssertion({ keys, issuer, audience, subject, role, ttlSeconds, now }: Issue & { audience: string }): Promise<string> {
  const iat = seconds(now)
  const exp = iat + Math.min(ttlSeconds, ASSERTION_SECONDS_AT_MOST)
  return keys.signer.sign('comity-assertion+jwt', bytesOf(JSON.stringify({ iss: issuer, aud: audience, sub: subject, role, authority: issuer, iat, exp, jti: randomUUID() })))
}

/** A node shows the hub who it is. */
export function issueNodeToken({ keys, issuer, audience, now }: { keys: HouseKeys; issuer: string; audience: string; now: Date }): Promise<string> {
  const iat = seconds(now)
  return keys.signer.sign('comity-node+jwt', bytesOf(JSON.stringify({ iss: issuer, aud: audience, sub: issuer, iat, exp: iat + ASSERTION_SECONDS_AT_MOST, jti: randomUUID() })))
}

/** One text for every fault: what was wrong with a token is nobody's business but its holder's. */
export const unauthenticated = (): Refusal => new Refusal('UNAUTHENTICATED', 'The token is not good.', { hint: 'Get a new token from your authority\'s issuer; without a token you ask as PUBLIC.' })

export interface Verify { directory: Directory; now: Date }

/** What was verified under the directory of now, for as long as that is the newest; keyed by a digest, a token itself is never kept. */
export class VerifiedClaims {
  readonly #kept: LRUCache<string, { claims: Claims; directory: Directory }>

  /** With `keptMs` it is verified again after this. */
  constructor({ keptMs }: { keptMs?: number } = {}) {
    // Bounded by size: with `max` the library lays out the room of all of them at the start.
    this.#kept = new LRUCache({ maxSize: VERIFIED_AT_MOST, sizeCalculation: () => 1, ...(keptMs !== undefined && { ttl: keptMs }) })
  }

  /** `purpose`: what it was read for, and holds for nothing else. */
  async once(token: string, { purpose, directory, now, read }: { purpose: string; directory: Directory; now: () => Date; read: () => Promise<Claims> }): Promise<Claims> {
    if (token.length > TOKEN_AT_MOST) throw unauthenticated()
    const digest = sha256Hex(`${purpose} ${token}`)
    const kept = this.#kept.get(digest)
    const claims = kept?.directory === directory ? kept.claims : await read()
    if (claims.expiresAt <= now().getTime()) throw unauthenticated()
    if (kept?.directory !== directory) this.#kept.set(digest, { claims, directory })
    return claims
  }
}

const assertions = new VerifiedClaims()

/** A token of any house of the directory. */
export async function verifyToken(jwt: string, { directory, now }: Verify): Promise<Claims> {
  const read = await readClaims(jwt, { typ: 'JWT', use: 'token', audience: AUDIENCE }, directory, now)
  const claims = claimsOf(read)
  if (HUB_ROLES.includes(claims.role) !== (claims.issuer === directory.hub.id)) throw unauthenticated()
  return claims
}

/** Only an authority can vouch for a viewer, only for its own, and never as one of the hub's roles. */
export async function verifyAssertion(jws: string, { directory, now, audience }: Verify & { audience: string }): Promise<Claims> {
  return assertions.once(jws, { purpose: `at ${audience}`, directory, now: () => now, read: async () => {
    const read = await readClaims(jws, { typ: 'comity-assertion+jwt', use: 'sign', audience }, directory, now)
    const claims = claimsOf(read)
    if (read.claims['authority'] !== claims.issuer || !isBriefOfAuthority(read, directory) || HUB_ROLES.includes(claims.role)) throw unauthenticated()
    return claims
  } })
}

/** The authority whose node it is. */
export async function verifyNodeToken(jws: string, { directory, now, audience }: Verify & { audience: string }): Promise<string> {
  const read = await readClaims(jws, { typ: 'comity-node+jwt', use: 'sign', audience }, directory, now)
  if (read.claims['sub'] !== read.key.owner || !isBriefOfAuthority(read, directory)) throw unauthenticated()
  return read.key.owner
}

interface Purpose { typ: WireType; use: 'token' | 'sign'; audience: string }
interface ReadClaims { claims: Record<string, unknown>; key: ListedKey; /** Seconds. */ iat: number; exp: number; jti: string }

export async function readClaims(jws: string, { typ, use, audience }: Purpose, directory: Directory, now: Date): Promise<ReadClaims> {
  try {
    const { payload, key } = await verifyJws(jws, { typ, atMost: TOKEN_AT_MOST, key: kid => directory.currentKey(kid, use, now) })
    const claims = payloadObject(payload, TOKEN_AT_MOST)
    if (claims['iss'] !== key.owner || claims['aud'] !== audience) throw unauthenticated()
    return { claims, key, ...timesOf(claims, now.getTime()) }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw unauthenticated()
    throw thrown
  }
}

export function timesOf({ iat, exp, nbf, jti }: Record<string, unknown>, now: number): { iat: number; exp: number; jti: string } {
  if (!isTime(iat) || !isTime(exp) || !isShortText(jti)) throw unauthenticated()
  if (exp * 1_000 <= now || exp <= iat || exp * 1_000 > now + FAR_FUTURE_MS || iat * 1_000 > now + SKEW_MS) throw unauthenticated()
  if (nbf !== undefined && (!isTime(nbf) || nbf * 1_000 > now + SKEW_MS)) throw unauthenticated()
  return { iat, exp, jti }
}

export const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
export const isShortText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200

const isBriefOfAuthority = ({ key, iat, exp }: ReadClaims, directory: Directory): boolean => exp - iat <= ASSERTION_SECONDS_AT_MOST && directory.authority(key.owner) !== undefined

/** Good until it ends, or the key does under which it was issued. */
function claimsOf({ claims: { sub, role, auth_time: signedIn }, key, exp, jti }: ReadClaims): Claims {
  const known = ROLES.find(each => each === role)
  if (!known || known === 'PUBLIC' || !isShortText(sub)) throw unauthenticated()
  return Object.freeze({ issuer: key.owner, subject: sub, role: known, expiresAt: Math.min(exp * 1_000, Date.parse(key.key.notAfter)), jti, kid: key.key.kid, signedInAt: isTime(signedIn) ? signedIn * 1_000 : null })
}

/** Whether what this key signed is still good: the directory holds, and lists it as neither ended nor revoked. */
export function keyStands(kid: string, directory: () => Directory, now: Date): boolean {
  try {
    const current = directory()
    return (['token', 'sign'] as const).some(use => current.currentKey(kid, use, now) !== null)
  } catch (thrown) {
    if (thrown instanceof Refusal) return false
    throw thrown
  }
}
