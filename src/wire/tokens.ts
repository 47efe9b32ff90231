// Who a person, a viewer at a partner's node, or a house is: short signed statements, each with its own `typ`, keys from the directory alone.
import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { ROLES, type Role } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import { sha256Hex } from './canonical'
import type { Directory } from './directory'
import { bytesOf, payloadObject, readHeader, verifiedPayload, type WireType } from './jws'
import type { HouseKeys } from './keys'

/** What a token or an assertion proves. */
export interface Claims { issuer: string; subject: string; role: Role; /** Epoch milliseconds. */ expiresAt: number; jti: string }

const AUDIENCE = 'comity'
const TOKEN_AT_MOST = 8 * 1024
const SKEW_SECONDS = 5
const ASSERTION_SECONDS_AT_MOST = 60
const FAR_FUTURE_SECONDS = 366 * 86_400
/** Roles that the hub issues; all others are an authority's. */
const HUB_ROLES: readonly Role[] = ['OVERSIGHT', 'SECRETARIAT']

interface Issue { keys: HouseKeys; issuer: string; subject: string; role: Role; ttlSeconds: number; now: Date }

const seconds = (now: Date): number => Math.floor(now.getTime() / 1_000)

export function issueToken({ keys, issuer, subject, role, ttlSeconds, now }: Issue): Promise<string> {
  const iat = seconds(now)
  return keys.tokenSigner.sign('JWT', bytesOf(JSON.stringify({ iss: issuer, sub: subject, aud: AUDIENCE, role, iat, exp: iat + ttlSeconds, jti: randomUUID() })))
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
const unauthenticated = (): Refusal => new Refusal('UNAUTHENTICATED', 'The token is not good.', { hint: 'Get a new token from your authority\'s issuer; without a token you ask as PUBLIC.' })

interface Verify { directory: Directory; now: Date }

const verified = new LRUCache<string, Claims & { directory: Directory }>({ max: 20_000 })

export async function verifyToken(jwt: string, { directory, now, issuers }: Verify & { issuers?: readonly string[] }): Promise<Claims> {
  const kept = await cached(`token ${jwt}`, directory, () => readToken(jwt, directory, now))
  if (kept.expiresAt <= now.getTime() || (issuers && !issuers.includes(kept.issuer))) throw unauthenticated()
  return kept
}

async function readToken(jwt: string, directory: Directory, now: Date): Promise<Claims> {
  const { claims, owner } = await readClaims(jwt, 'JWT', 'token', directory, now)
  if (claims['aud'] !== AUDIENCE || claims['iss'] !== owner) throw unauthenticated()
  const role = roleOf(claims)
  if (HUB_ROLES.includes(role) !== (owner === directory.hub.id)) throw unauthenticated()
  return claimsOf(claims, role, owner)
}

export async function verifyAssertion(jws: string, { directory, now, audience }: Verify & { audience: string }): Promise<Claims> {
  const kept = await cached(`assertion ${audience} ${jws}`, directory, async () => {
    const { claims, owner } = await readClaims(jws, 'comity-assertion+jwt', 'sign', directory, now)
    const tooLong = Number(claims['exp']) - Number(claims['iat']) > ASSERTION_SECONDS_AT_MOST
    if (claims['aud'] !== audience || claims['iss'] !== owner || claims['authority'] !== owner || !directory.authority(owner) || tooLong) throw unauthenticated()
    return claimsOf(claims, roleOf(claims), owner)
  })
  if (kept.expiresAt <= now.getTime()) throw unauthenticated()
  return kept
}

/** The authority whose node it is. */
export async function verifyNodeToken(jws: string, { directory, now, audience }: Verify & { audience: string }): Promise<string> {
  const { claims, owner } = await readClaims(jws, 'comity-node+jwt', 'sign', directory, now)
  if (claims['aud'] !== audience || claims['iss'] !== owner || !directory.authority(owner)) throw unauthenticated()
  return owner
}

async function cached(key: string, directory: Directory, read: () => Promise<Claims>): Promise<Claims> {
  const digest = sha256Hex(key)
  const known = verified.get(digest)
  if (known && known.directory === directory) return known
  const claims = await read()
  verified.set(digest, { ...claims, directory })
  return claims
}

async function readClaims(jws: string, typ: WireType, use: 'token' | 'sign', directory: Directory, now: Date): Promise<{ claims: Record<string, unknown>; owner: string }> {
  try {
    if (jws.length > TOKEN_AT_MOST) throw unauthenticated()
    const listed = directory.key(readHeader(jws).kid, use)
    if (!listed) throw unauthenticated()
    const claims = payloadObject(await verifiedPayload(jws, typ, await listed.imported), TOKEN_AT_MOST)
    demandTimes(claims, now)
    return { claims, owner: listed.owner }
  } catch { throw unauthenticated() }
}

function demandTimes({ iat, exp, nbf, jti }: Record<string, unknown>, now: Date): void {
  const at = seconds(now)
  const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
  if (!isTime(iat) || !isTime(exp) || typeof jti !== 'string' || jti === '' || jti.length > 200) throw unauthenticated()
  if (exp <= at || exp <= iat || exp > at + FAR_FUTURE_SECONDS || iat > at + SKEW_SECONDS) throw unauthenticated()
  if (nbf !== undefined && (!isTime(nbf) || nbf > at + SKEW_SECONDS)) throw unauthenticated()
}

function roleOf({ role }: Record<string, unknown>): Role {
  const known = ROLES.find(each => each === role)
  if (!known || known === 'PUBLIC') throw unauthenticated()
  return known
}

function claimsOf({ sub, exp, jti }: Record<string, unknown>, role: Role, issuer: string): Claims {
  if (typeof sub !== 'string' || sub === '' || sub.length > 200) throw unauthenticated()
  return { issuer, subject: sub, role, expiresAt: Number(exp) * 1_000, jti: String(jti) }
}
