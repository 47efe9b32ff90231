// The keys of a house as its file holds them: to sign letters, to open them, to issue tokens, to show itself to other houses; of each several,
// for rotation. Private halves never leave this room but to their file. Must not know what is signed.
import { chmodSync, closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createHash, createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../refusal'
import { bytesOfBase64url } from './base64url'
import { ALGORITHM } from './jws'

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
  /** Of all its keys, also of those whose private half lies elsewhere. */
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
  return { kid: kidOf(use, jwk), use, jwk, privateJwk, notBefore: now.toISOString(), notAfter: notAfter.toISOString() }
}

/** What a key is called: anyone can check it against the key. */
export const kidOf = (use: KeyUse, jwk: JWK): string => `${use}-${thumbprint(jwk)}`

const thumbprint = ({ crv, kty, x }: JWK): string => createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url').slice(0, 22)

export const algorithmOf = (use: KeyUse): string => (use === 'encrypt' ? ENCRYPTION : ALGORITHM)
/** Takes any key that `isPublicKey` takes: what else stands beside its curve and its bytes is left out. */
export const importPublic = async ({ use, jwk: { kty, crv, x } }: Pick<PublicKey, 'use' | 'jwk'>): Promise<CryptoKey> => (await importJWK({ kty, crv, x } as JWK, algorithmOf(use))) as CryptoKey

export async function importPrivate(house: string, key: PrivateKey): Promise<CryptoKey> {
  try {
    return (await importJWK(key.privateJwk, algorithmOf(key.use))) as CryptoKey
  } catch {
    throw new Refusal('BAD_USER_INPUT', `A key of ${house} cannot be used.`, { kid: key.kid, hint: 'Restore the house\'s key file from a copy.' })
  }
}

export function writeKeysFile(path: string, keys: KeysFile): void { writePrivateFile(path, keys) }

function writePrivateFile(path: string, content: object): void {
  writeFileSync(`${path}.new`, JSON.stringify(content, null, 1), { mode: 0o600 })
  // The mode above does not hold for a file that was left over.
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}

/** Refuses a file that others may read, or that is no key file: path, fault, fix. */
export function readKeysFile(path: string): KeysFile {
  const file = parsed(readPrivateFile(path))
  if (!isKeysFile(file)) throw badFile(path, 'is corrupted', 'Restore it from a copy; without its keys this house cannot read its letters.')
  return file
}

/** What the file of a signer holds: private halves for letters and tokens, apart from the rest. */
export interface SignerKeys { house: string; keys: PrivateKey[] }

export function writeSignerKeys(path: string, keys: SignerKeys): void { writePrivateFile(path, keys) }

export function readSignerKeys(path: string): SignerKeys {
  const file = parsed(readPrivateFile(path)) as Partial<SignerKeys> | null
  if (typeof file?.house !== 'string' || !Array.isArray(file.keys) || !file.keys.every(isPrivateKey)) throw badFile(path, 'is corrupted', 'Restore it from a copy; without it this house cannot sign.')
  return { house: file.house, keys: file.keys }
}

/** The text of a file with private keys; refuses one that others may read: path, fault, fix. */
export function readPrivateFile(path: string): string {
  const { mode, text } = readWithMode(path)
  if ((mode & 0o077) !== 0) throw badFile(path, `can be read by others (mode ${(mode & 0o777).toString(8)})`, `Run \`chmod 600 ${path}\`.`)
  return text
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
    && typeof jwk.x === 'string' && bytesOfBase64url(jwk.x)?.length === 32
}

/** A public key of the kind that signs directories. */
export const isRootKey = (value: unknown): value is JWK => isJwk(value, 'sign') && value.d === undefined

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
