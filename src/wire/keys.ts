// The keys of a house: to sign letters, to open them, to issue tokens, to show itself to other houses; of each several, for rotation. Private halves never
// leave this room but to their file. Must not know what is signed.
import { chmodSync, closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createHash, createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../refusal'
import { certificateOf, type HouseCertificate } from './certificate'
import { ALGORITHM, keySigner, type Signer } from './jws'

export type { Signer } from './jws'
export const KEY_USES = ['sign', 'encrypt', 'token', 'tls'] as const
export type KeyUse = (typeof KEY_USES)[number]
export const ENCRYPTION = 'ECDH-ES+A256KW'

export interface PublicKey { kid: string; use: KeyUse; jwk: JWK; notBefore: string; notAfter: string; revokedAt?: string }
export interface PrivateKey extends PublicKey { privateJwk: JWK }

/** What a house's key file holds. */
export interface KeysFile {
  house: string
  keys: PrivateKey[]
  publicKeys: PublicKey[]
  /** Public half of the key that signs the directory. */
  rootKey: JWK
  /** 32 bytes, base64url: seals the house's cursors. */
  cursorKey: string
}

const YEARS = 10
/** A key that was published a moment ago may meet a clock that is behind. */
const CLOCKS_APART_MS = 60_000

export const hasBegun = (key: PublicKey, at: Date): boolean => Date.parse(key.notBefore) <= at.getTime() + CLOCKS_APART_MS
/** Neither too early nor over; `notAfter` itself is over. */
export const isCurrent = (key: PublicKey, at: Date): boolean => hasBegun(key, at) && at.getTime() < Date.parse(key.notAfter)
export const newestFirst = (one: PublicKey, other: PublicKey): number => Date.parse(other.notBefore) - Date.parse(one.notBefore)

export async function createHouseKeys(house: string, now: Date): Promise<Pick<KeysFile, 'house' | 'keys' | 'publicKeys'>> {
  const keys = await Promise.all(KEY_USES.map(use => createKey(use, now)))
  return { house, keys, publicKeys: keys.map(({ privateJwk: _, ...publicKey }) => publicKey) }
}

async function createKey(use: KeyUse, now: Date): Promise<PrivateKey> {
  const pair = use === 'encrypt' ? await generateKeyPair(ENCRYPTION, { crv: 'X25519', extractable: true }) : await generateKeyPair(ALGORITHM, { extractable: true })
  const [jwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)])
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS)
  return { kid: `${use}-${thumbprint(jwk)}`, use, jwk, privateJwk, notBefore: now.toISOString(), notAfter: notAfter.toISOString() }
}

const thumbprint = ({ crv, kty, x }: JWK): string => createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url').slice(0, 22)

export const algorithmOf = (use: KeyUse): string => (use === 'encrypt' ? ENCRYPTION : ALGORITHM)
export const importPublic = async (key: Pick<PublicKey, 'use' | 'jwk'>): Promise<CryptoKey> => (await importJWK(key.jwk, algorithmOf(key.use))) as CryptoKey

/** The private keys of a house, ready to use. */
export class HouseKeys {
  constructor(readonly house: string, readonly signer: Signer, readonly tokenSigner: Signer, private readonly openers: ReadonlyMap<string, CryptoKey>, private readonly tls: PrivateKey | null = null) {}

  /** What this house shows to others over mutual TLS; null where its key file was made before there was such a key. */
  certificate(): Promise<HouseCertificate> | null { return this.tls && certificateOf(this.house, this.tls) }

  /** The key that opens what was sealed for this `kid`; older ones stay, archives must be readable. */
  opener(kid: string): CryptoKey | null { return this.openers.get(kid) ?? null }
}

interface OpenedKey { key: PrivateKey; imported: CryptoKey }

export async function openHouseKeys(file: KeysFile, now: () => Date = () => new Date()): Promise<HouseKeys> {
  const opened = await Promise.all(file.keys.map(async key => ({ key, imported: await importPrivate(file.house, key) })))
  const of = (use: KeyUse): OpenedKey[] => opened.filter(({ key }) => key.use === use)
  const openers = new Map(of('encrypt').map(({ key, imported }) => [key.kid, imported]))
  if (openers.size === 0) throw lacking(file.house, 'to open letters')
  const shown = of('tls').map(({ key }) => key).filter(key => !key.revokedAt && isCurrent(key, now())).sort(newestFirst)[0] ?? null
  return new HouseKeys(file.house, rotating(file.house, of('sign'), now), rotating(file.house, of('token'), now), openers, shown)
}

async function importPrivate(house: string, key: PrivateKey): Promise<CryptoKey> {
  try {
    return (await importJWK(key.privateJwk, algorithmOf(key.use))) as CryptoKey
  } catch {
    throw new Refusal('BAD_USER_INPUT', `A key of ${house} cannot be used.`, { kid: key.kid, hint: 'Restore the house\'s key file from a copy.' })
  }
}

/** Signs with the newest key that is current at that moment: a key laid in ahead takes over by itself. */
function rotating(house: string, opened: readonly OpenedKey[], now: () => Date): Signer {
  const signers = opened.filter(({ key }) => !key.revokedAt).sort((one, other) => newestFirst(one.key, other.key))
    .map(({ key, imported }) => ({ key, signer: keySigner(key.kid, imported) }))
  const current = (): Signer => {
    const found = signers.find(({ key }) => isCurrent(key, now()))
    if (!found) throw lacking(house, 'to sign')
    return found.signer
  }
  current()
  return { get kid() { return current().kid }, sign: async (typ, payload) => current().sign(typ, payload) }
}

const lacking = (house: string, what: string): Refusal => new Refusal('BAD_USER_INPUT', `The key file of ${house} holds no key ${what} that is valid now.`, {
  hint: 'Restore it from a copy, set the clock right, or make new keys and have the directory signed anew.',
})

export function writeKeysFile(path: string, keys: KeysFile): void {
  writeFileSync(`${path}.new`, JSON.stringify(keys, null, 1), { mode: 0o600 })
  // The mode above does not hold for a file that was left over.
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}

/** Refuses a file that others may read, or that is no key file: path, fault, fix. */
export function readKeysFile(path: string): KeysFile {
  const { mode, text } = readWithMode(path)
  if ((mode & 0o077) !== 0) throw badFile(path, `can be read by others (mode ${(mode & 0o777).toString(8)})`, `Run \`chmod 600 ${path}\`.`)
  const file = parsed(text)
  if (!isKeysFile(file)) throw badFile(path, 'is corrupted', 'Restore it from a copy; without its keys this house cannot read its letters.')
  return file
}

/** Mode and text of the same file, whatever the path names a moment later. */
function readWithMode(path: string): { mode: number; text: string } {
  try {
    const descriptor = openSync(path, 'r')
    try {
      return { mode: fstatSync(descriptor).mode, text: readFileSync(descriptor, 'utf8') }
    } finally { closeSync(descriptor) }
  } catch (thrown) {
    throw badFile(path, `cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Name the data folder that `comity init` made, and give this user the right to read it.')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch { return null }
}

function isKeysFile(value: unknown): value is KeysFile {
  const file = value as Partial<KeysFile> | null
  return typeof file === 'object' && file !== null && typeof file.house === 'string' && Array.isArray(file.keys) && file.keys.length > 0 && file.keys.every(isPrivateKey)
    && Array.isArray(file.publicKeys) && file.publicKeys.every(isPublicKey) && isJwk(file.rootKey, 'sign')
    && typeof file.cursorKey === 'string' && Buffer.from(file.cursorKey, 'base64url').length === 32
}

/** A key as it may be listed: of the right curve, without its private half, its times in one spelling. */
export function isPublicKey(value: unknown): value is PublicKey {
  const key = value as Partial<PublicKey> | null
  return typeof key === 'object' && key !== null && typeof key.kid === 'string' && key.kid !== '' && key.kid.length <= 200
    && KEY_USES.some(use => use === key.use) && isJwk(key.jwk, key.use ?? 'sign') && key.jwk.d === undefined
    && isInstant(key.notBefore) && isInstant(key.notAfter) && (key.revokedAt === undefined || isInstant(key.revokedAt))
}

export const isInstant = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value

const isJwk = (value: unknown, use: KeyUse): value is JWK => {
  const jwk = value as JWK | null | undefined
  return typeof jwk === 'object' && jwk !== null && jwk.kty === 'OKP' && jwk.crv === (use === 'encrypt' ? 'X25519' : ALGORITHM)
    && typeof jwk.x === 'string' && Buffer.from(jwk.x, 'base64url').length === 32
}

/** The private half must make the public one: Web Crypto would take a pair that does not belong together. */
function isPrivateKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('privateJwk' in value)) return false
  const { privateJwk, ...listed } = value as PrivateKey
  if (!isPublicKey(listed) || !isJwk(privateJwk, listed.use)) return false
  try {
    const made = createPublicKey(createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' })).export({ format: 'jwk' })
    return made.x === listed.jwk.x && privateJwk.x === made.x
  } catch { return false }
}

const badFile = (path: string, what: string, hint: string): Refusal => new Refusal('BAD_USER_INPUT', `The key file ${path} ${what}.`, { hint })
