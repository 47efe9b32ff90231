// Who a bearer's token says it is: of the house's own issuer, or of the outside issuer that the signed directory pins for the authority. Keys of an outside
// issuer are fetched within bounds; what it says of itself beyond that is believed by nobody.
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import { ROLES } from '../domain/vocabulary'
import { PUBLIC_VIEWER, type Viewer } from '../domain/viewer'
import { Refusal } from '../refusal'
import { bytesOfBase64url, textOf } from '../wire/base64url'
import type { Directory, DirectoryAuthority } from '../wire/directory'
import { isIssuerUrl, type OutsideIssuer } from '../wire/outside-issuer'
import { parseStrictJson } from '../wire/strict-json'
import { HUB_ROLES, isShortText, isTime, SKEW_MS, timesOf, TOKEN_AT_MOST, unauthenticated, VerifiedClaims, verifyToken, type Claims } from '../wire/tokens'
import { boundedFetch } from './bounded-fetch'

const BOUNDS = {
  fetchWithinMs: 2_000,
  /** A key that is not known is looked for no sooner again. */
  cooldownMs: 30_000,
  keysKeptMs: 10 * 60_000,
  /** What was verified is verified again after this: keys may have been withdrawn. */
  verifiedKeptMs: 60_000,
}
/** Beside these a header says nothing that is listened to; anything that names a key otherwise is refused. */
const HEADER_NAMES: readonly string[] = ['alg', 'kid', 'typ', 'x5t']

export class SignIn {
  readonly #keys = new LRUCache<string, JWTVerifyGetKey>({ max: 1_000 })
  readonly #verified: VerifiedClaims
  readonly #fetch = boundedFetch()

  constructor(private readonly directory: () => Directory, private readonly now: () => Date, private readonly bounds = BOUNDS) {
    this.#verified = new VerifiedClaims({ keptMs: bounds.verifiedKeptMs })
  }

  /** Of one of these issuers, or of any house of the directory. Where an authority has an outside issuer, its house's own tokens are good no more. */
  async claims(jwt: string, issuers?: readonly string[]): Promise<Claims> {
    const directory = this.directory()
    const claims = await this.#verified.once(jwt, { purpose: 'sign in', directory, now: this.now, read: () => this.#read(jwt, directory, issuers) })
    if (issuers && !issuers.includes(claims.issuer)) throw unauthenticated()
    return claims
  }

  /** Nothing is fetched for an issuer whose word does not count here. */
  async #read(jwt: string, directory: Directory, issuers?: readonly string[]): Promise<Claims> {
    const outside = outsideOf(jwt, directory)
    if (outside && issuers && !issuers.includes(outside.id)) throw unauthenticated()
    if (outside) return this.#readOutside(jwt, outside)
    const claims = await verifyToken(jwt, { directory, now: this.now() })
    if (directory.authority(claims.issuer)?.signIn) throw unauthenticated()
    return claims
  }

  async #readOutside(jwt: string, { id, signIn }: Signing): Promise<Claims> {
    const { issuer, audience, algorithms, roleClaim } = signIn
    const keys = await this.#keysOf(signIn)
    try {
      const { payload } = await jwtVerify(jwt, keys, { issuer, audience, algorithms, clockTolerance: SKEW_MS / 1_000, currentDate: this.now(), requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp', 'jti'], crit: {} })
      return claimsOf(payload, id, roleClaim, this.now())
    } catch (thrown) { throw thrown instanceof Refusal || isUnfetched(thrown) ? unjudged(thrown) : unauthenticated() }
  }

  async #keysOf({ issuer, jwks }: OutsideIssuer): Promise<JWTVerifyGetKey> {
    if (jwks !== null && typeof jwks !== 'string') return createLocalJWKSet(jwks)
    const name = JSON.stringify([issuer, jwks])
    const known = this.#keys.get(name)
    if (known) return known
    const { fetchWithinMs, cooldownMs, keysKeptMs } = this.bounds
    const url = jwks ?? (await this.#discovered(issuer))
    const made = createRemoteJWKSet(new URL(url), { timeoutDuration: fetchWithinMs, cooldownDuration: cooldownMs, cacheMaxAge: keysKeptMs, [customFetch]: this.#fetch })
    this.#keys.set(name, made, jwks === null ? { ttl: keysKeptMs } : {})
    return made
  }

  /** Where the keys are, as the pinned issuer itself says; of another place's keys it cannot speak. */
  async #discovered(issuer: string): Promise<string> {
    try {
      const answer = await this.#fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { method: 'GET', headers: new Headers(), redirect: 'manual', signal: AbortSignal.timeout(this.bounds.fetchWithinMs) })
      const said = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown }
      if (said.issuer === issuer && isIssuerUrl(said.jwks_uri) && new URL(said.jwks_uri).origin === new URL(issuer).origin) return said.jwks_uri
    } catch (thrown) { throw unjudged(thrown) }
    throw unjudged(null)
  }
}

type Signing = DirectoryAuthority & { signIn: OutsideIssuer }

/** The authority in whose name the token is, where an outside issuer signs its people in. Read before anything is verified: it chooses among pinned issuers, nothing more. */
function outsideOf(jwt: string, directory: Directory): Signing | null {
  const [header, payload, ...rest] = jwt.split('.', 4).map(part => bytesOfBase64url(part))
  if (!header || !payload || rest.length !== 1 || !rest[0]) return null
  try {
    const { iss } = parsed(payload)
    const authority = typeof iss === 'string' ? directory.authorityOfIssuer(iss) : undefined
    if (!authority?.signIn) return null
    const named = parsed(header)
    if (!Object.keys(named).every(name => HEADER_NAMES.includes(name)) || !isShortText(named['kid'])) throw unauthenticated()
    return authority as Signing
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.code === 'UNAUTHENTICATED') throw thrown
    return null
  }
}

const parsed = (bytes: Uint8Array): Record<string, unknown> => parseStrictJson(textOf(bytes), { maxBytes: TOKEN_AT_MOST }) as Record<string, unknown>

function claimsOf(payload: JWTPayload, authority: string, roleClaim: string, now: Date): Claims {
  const { exp, jti } = timesOf(payload, now.getTime())
  const role = ROLES.find(each => each === payload[roleClaim])
  const signedIn = payload['auth_time']
  if (!role || role === 'PUBLIC' || HUB_ROLES.includes(role) || !isShortText(payload.sub) || typeof payload.aud !== 'string') throw unauthenticated()
  return Object.freeze({ issuer: authority, subject: payload.sub, role, expiresAt: exp * 1_000, jti, kid: null, signedInAt: isTime(signedIn) && signedIn * 1_000 <= now.getTime() + SKEW_MS ? signedIn * 1_000 : null })
}

/** Its keys could not be had: no word on the token. */
const isUnfetched = (thrown: unknown): boolean => thrown instanceof errors.JWKSTimeout || thrown instanceof errors.JWKSInvalid || thrown instanceof TypeError || (thrown instanceof errors.JOSEError && thrown.code === 'ERR_JOSE_GENERIC')

const unjudged = (thrown: unknown): Refusal => (thrown instanceof Refusal && thrown.code === 'UNAUTHENTICATED' ? thrown
  : new Refusal('AUTHORITY_UNREACHABLE', 'Your authority\'s issuer of tokens gives no keys now, so that no token can be judged.', { hint: 'Try again in a moment; your authority\'s operators see to their OpenID Connect issuer.' }))

/** As whom a viewer asks. */
export const viewerOf = ({ role, issuer, subject, expiresAt, jti, kid, signedInAt }: Claims): Viewer =>
  ({ ...PUBLIC_VIEWER, role, authority: issuer === 'hub' ? null : issuer, subject, expiresAt, token: jti, signedInAt, ...(kid !== null && { key: kid }) })
