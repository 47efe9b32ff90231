// The signed directory: authorities, addresses and public keys, under a root key that the hub only carries. Keys come from here, never from a message.
import type { X509Certificate } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import { canonical } from './canonical'
import { pinOf } from './certificate'
import { ALGORITHM, JwsRefusal, keySigner, payloadObject, verifyJws } from './jws'
import { hasBegun, importPublic, isCurrent, isInstant, isPublicKey, newestFirst, type KeyUse, type PublicKey } from './keys'
import { isOutsideIssuer, type OutsideIssuer } from './outside-issuer'
import type { RequestKind } from '../domain/vocabulary'

export interface DirectoryHub { id: 'hub'; url: string; keys: PublicKey[] }
export interface DirectoryAuthority {
  id: string; code: string; country: string; name: string; competences: RequestKind[]; languages: string[]; url: string; keys: PublicKey[]
  /** Who signs its people in; without it, its house does. */
  signIn?: OutsideIssuer
}
export interface DirectorySnapshot {
  version: number
  issuedAt: string
  expiresAt: string
  /** Digest of the snapshot before; null for the first. */
  prev: string | null
  hub: DirectoryHub
  authorities: DirectoryAuthority[]
}

export interface RootKey { publicJwk: JWK; privateJwk: JWK }

const ROOT_KID = 'root'
/** A newer directory needs so long to reach a house: until then it cannot know that a key was revoked. */
const REVOCATION_KNOWN_WITHIN_MS = 60_000
const DIRECTORY_AT_MOST = 4 * 1024 * 1024

export async function createRootKey(): Promise<RootKey> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true })
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)])
  return { publicJwk, privateJwk }
}

export async function signDirectory(privateJwk: JWK, snapshot: DirectorySnapshot): Promise<string> {
  const key = (await importJWK(privateJwk, ALGORITHM)) as CryptoKey
  return keySigner(ROOT_KID, key).sign('comity-directory+jws', bytesOf(canonical(snapshot)))
}

/** A key that was revoked before this moment was known as such when something happened at `at`. */
export const knownByThen = (at: string): Date => new Date(Date.parse(at) - REVOCATION_KNOWN_WITHIN_MS)

/** A key as the directory lists it. */
export class ListedKey {
  #imported: Promise<CryptoKey> | null = null

  constructor(readonly owner: string, readonly key: PublicKey) {}

  /** Made when it is first needed: a house meets few of the keys that are listed. */
  get imported(): Promise<CryptoKey> { return this.#imported ??= importPublic(this.key) }
}

export class Directory {
  readonly #authorities: ReadonlyMap<string, DirectoryAuthority>
  readonly #byCountry: ReadonlyMap<string, DirectoryAuthority>
  readonly #keys: ReadonlyMap<string, ListedKey>
  readonly #pins: ReadonlyMap<string, ListedKey>
  readonly #sealing = new Map<string, ListedKey[]>()

  constructor(readonly snapshot: DirectorySnapshot) {
    this.#authorities = new Map(snapshot.authorities.map(authority => [authority.id, authority]))
    this.#byCountry = new Map(snapshot.authorities.map(authority => [authority.country, authority]))
    const listed = [...snapshot.authorities, snapshot.hub].flatMap(({ id, keys }) => keys.map(key => new ListedKey(id, key)))
    this.#keys = new Map(listed.map(each => [each.key.kid, each]))
    this.#pins = new Map(listed.flatMap(each => (each.key.use === 'tls' && each.key.jwk.x ? [[each.key.jwk.x, each]] : [])))
    for (const each of listed.filter(({ key }) => key.use === 'encrypt' && !key.revokedAt).sort((one, other) => newestFirst(one.key, other.key))) {
      this.#sealing.set(each.owner, [...(this.#sealing.get(each.owner) ?? []), each])
    }
  }

  get version(): number { return this.snapshot.version }
  get hub(): DirectoryHub { return this.snapshot.hub }
  get authorities(): readonly DirectoryAuthority[] { return this.snapshot.authorities }
  authority(id: string): DirectoryAuthority | undefined { return this.#authorities.get(id) }
  /** The authority whose people this outside issuer signs in. */
  authorityOfIssuer(issuer: string): DirectoryAuthority | undefined { return this.snapshot.authorities.find(({ signIn }) => signIn?.issuer === issuer) }
  authorityOf(country: string): DirectoryAuthority | undefined { return this.#byCountry.get(country) }

  /**
   * The key of this name and use for what is kept, null where none can be trusted. Without `at`, a revoked key is never trusted; with it, a key
   * counts from `notBefore` until it was revoked: pass when the signature was first seen, never what the signer says. That a key has ended
   * since takes nothing from what it signed.
   */
  key(kid: string, use: KeyUse, at?: Date): ListedKey | null {
    const listed = this.#keys.get(kid)
    if (!listed || listed.key.use !== use) return null
    const { revokedAt } = listed.key
    const holds = at ? hasBegun(listed.key, at) && (!revokedAt || at.getTime() < Date.parse(revokedAt)) : !revokedAt
    return holds ? listed : null
  }

  /** The key of this name and use, though it ended or was revoked: whose it was, never whether to believe it. */
  keyEver(kid: string, use: KeyUse): ListedKey | null {
    const listed = this.#keys.get(kid)
    return listed?.key.use === use ? listed : null
  }

  /** The same for what was signed at some time after `since`: its key may have begun later, but was not revoked before. */
  keySince(kid: string, use: KeyUse, since: Date): ListedKey | null {
    const listed = this.keyEver(kid, use)
    return listed && !(listed.key.revokedAt && Date.parse(listed.key.revokedAt) <= since.getTime()) ? listed : null
  }

  /** The same for what is new at this moment: a key that has ended, or not begun, proves nothing. */
  currentKey(kid: string, use: KeyUse, now: Date): ListedKey | null {
    const listed = this.key(kid, use)
    return listed && isCurrent(listed.key, now) ? listed : null
  }

  /** Whether this key, whoever's and for whatever use, holds no more: it has ended or was revoked. A key that is unknown here, or has not begun by a clock that is behind, may hold yet. */
  isOver(kid: string, now: Date): boolean {
    const listed = this.#keys.get(kid)
    return listed !== undefined && (listed.key.revokedAt !== undefined || Date.parse(listed.key.notAfter) <= now.getTime())
  }

  /** The key with which to seal for an owner: the newest that has begun. One that has not begun is better than none: its owner has it. */
  encryptionKey(owner: string, now: Date): ListedKey | null {
    const keys = this.#sealing.get(owner) ?? []
    return keys.find(({ key }) => isCurrent(key, now)) ?? keys.findLast(({ key }) => !hasBegun(key, now)) ?? null
  }

  /** Whether this key, current or not, is one to seal for this owner. */
  hasSealingKey(kid: string, owner: string): boolean {
    const listed = this.#keys.get(kid)
    return listed !== undefined && listed.owner === owner && listed.key.use === 'encrypt'
  }

  /** The house whose listed `tls` key this certificate is made over; null where none is. */
  houseOf(certificate: X509Certificate, now: Date): string | null {
    const pin = pinOf(certificate)
    const listed = pin === null ? undefined : this.#pins.get(pin)
    return listed && this.currentKey(listed.key.kid, 'tls', now) ? listed.owner : null
  }

  isExpired(now: Date): boolean { return Date.parse(this.snapshot.expiresAt) <= now.getTime() }
}

export interface DirectoryDemand { now: Date; atLeastVersion?: number }

/** Signed by the root key that the reader has pinned, not expired, never an older one than the reader knows. */
export async function openDirectory(jws: string, rootPublicJwk: JWK, { now, atLeastVersion = 0 }: DirectoryDemand): Promise<Directory> {
  const directory = await readDirectory(jws, rootPublicJwk)
  if (directory.version < atLeastVersion) throw refused('is older than the one that is known', 'DIRECTORY_OLDER', 'Take the newest one that the secretariat has signed.')
  if (directory.isExpired(now)) throw directoryExpired(directory)
  return directory
}

/** Signed by the pinned root key and sound; whether it still holds, the reader judges. */
export async function readDirectory(jws: string, rootPublicJwk: JWK): Promise<Directory> {
  return new Directory(await signedSnapshot(jws.trim(), rootPublicJwk))
}

const directoryExpired = ({ snapshot }: Directory): Refusal => refused(`ended on ${snapshot.expiresAt}`, 'DIRECTORY_EXPIRED', 'Have the secretariat sign a new one (`comity directory renew`), and lay it there as directory.jws.')

const refused = (what: string, reason: string, hint: string): Refusal => new Refusal('BAD_REQUEST', `The directory ${what}.`, { reason, hint })
const malformed = (): Refusal => refused('is signed, but no directory', 'DIRECTORY_INVALID', 'Have the secretariat sign a sound one.')

async function signedSnapshot(jws: string, rootPublicJwk: JWK): Promise<DirectorySnapshot> {
  try {
    const root = { imported: importPublic({ use: 'sign', jwk: rootPublicJwk }) }
    const { payload } = await verifyJws(jws, { typ: 'comity-directory+jws', atMost: DIRECTORY_AT_MOST, key: kid => (kid === ROOT_KID ? root : null) })
    const snapshot: unknown = payloadObject(payload, DIRECTORY_AT_MOST)
    if (!isSnapshot(snapshot)) throw malformed()
    return snapshot
  } catch (thrown) {
    if (thrown instanceof Refusal && !(thrown instanceof JwsRefusal)) throw thrown
    throw refused('is not signed by the root key that this house was given', 'DIRECTORY_SIGNATURE', 'Fetch it again, or give the house the root key that the secretariat uses.')
  }
}

/** What the rest of the code leans on: names and keys are there once, times are instants, no key stands under two owners. */
function isSnapshot(value: unknown): value is DirectorySnapshot {
  const { version, issuedAt, expiresAt, prev, hub, authorities } = value as Partial<DirectorySnapshot>
  const isHeaded = typeof version === 'number' && Number.isSafeInteger(version) && version > 0 && isInstant(issuedAt) && isInstant(expiresAt)
  if (!isHeaded || !(prev === null || typeof prev === 'string') || !isListing(hub) || hub.id !== 'hub') return false
  if (!Array.isArray(authorities) || !authorities.every(isAuthority)) return false
  const kids = [...authorities, hub].flatMap(house => house.keys.map(key => key.kid))
  return isEachOnce(kids) && isEachOnce([hub.id, ...authorities.map(({ id }) => id)]) && isEachOnce(authorities.map(({ country }) => country)) && isEachOnce(authorities.flatMap(({ signIn }) => (signIn ? [signIn.issuer] : [])))
}

/** A house as it has itself listed. */
export interface Listing { id: string; url: string; keys: PublicKey[] }

export function isListing(value: unknown): value is Listing {
  const house = value as Partial<Listing> | null
  return typeof house === 'object' && house !== null && isName(house.id) && typeof house.url === 'string' && /^https?:$/.test(protocolOf(house.url))
    && Array.isArray(house.keys) && house.keys.every(isPublicKey)
}

function isAuthority(value: unknown): value is DirectoryAuthority {
  if (!isListing(value)) return false
  const { code, country, name, competences, languages, signIn } = value as Partial<DirectoryAuthority>
  return isName(code) && isName(country) && isName(name) && isListOfNames(competences) && isListOfNames(languages) && (signIn === undefined || isOutsideIssuer(signIn))
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200
const isListOfNames = (value: unknown): boolean => Array.isArray(value) && value.every(isName)
const isEachOnce = (names: readonly string[]): boolean => new Set(names).size === names.length
const protocolOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : '')

/**
 * What a house offers, over what is listed of it. A key that was listed stays, for what it signed; it can end earlier or be revoked, and never
 * lives again. A revocation holds from the directory that says so: no house can take back what others have seen before.
 */
export function mergedKeys(listed: readonly PublicKey[], offered: readonly PublicKey[], now: Date): PublicKey[] {
  const merged = new Map(listed.map(key => [key.kid, key]))
  for (const key of offered) {
    const before = merged.get(key.kid)
    const revokedAt = before?.revokedAt ?? (key.revokedAt && now.toISOString())
    merged.set(key.kid, { ...key, ...before, ...(before && { notAfter: before.notAfter < key.notAfter ? before.notAfter : key.notAfter }), ...(revokedAt && { revokedAt }) })
  }
  return [...merged.values()]
}
