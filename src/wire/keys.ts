// The keys of a house: one to sign letters, one to open them, one to issue tokens. Private halves never leave this room but to their file.
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../refusal'
import { ALGORITHM, keySigner, type Signer } from './jws'

export type { Signer } from './jws'
export type KeyUse = 'sign' | 'encrypt' | 'token'
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

export async function createHouseKeys(house: string, now: Date): Promise<Pick<KeysFile, 'house' | 'keys' | 'publicKeys'>> {
  const keys = await Promise.all((['sign', 'encrypt', 'token'] as const).map(use => createKey(use, now)))
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

export const importPublic = async (key: Pick<PublicKey, 'use' | 'jwk'>): Promise<CryptoKey> => (await importJWK(key.jwk, key.use === 'encrypt' ? ENCRYPTION : ALGORITHM)) as CryptoKey

/** The private keys of a house, ready to use. */
export class HouseKeys {
  constructor(readonly house: string, readonly signer: Signer, readonly tokenSigner: Signer, private readonly openers: ReadonlyMap<string, CryptoKey>) {}

  /** The key that opens what was sealed for this `kid`; older ones stay, archives must be readable. */
  opener(kid: string): CryptoKey | null { return this.openers.get(kid) ?? null }
}

export async function openHouseKeys(file: KeysFile): Promise<HouseKeys> {
  const imported = await Promise.all(file.keys.map(async key => ({ key, imported: (await importJWK(key.privateJwk, key.use === 'encrypt' ? ENCRYPTION : ALGORITHM)) as CryptoKey })))
  const newest = (use: KeyUse) => imported.filter(({ key }) => key.use === use && !key.revokedAt).sort((one, other) => (one.key.notBefore < other.key.notBefore ? 1 : -1))[0]
  const sign = newest('sign')
  const token = newest('token')
  if (!sign || !token) throw new Refusal('BAD_USER_INPUT', 'The key file lacks a key for signing.', { hint: 'Restore it from a copy, or make the house anew with `comity init`.' })
  const openers = new Map(imported.filter(({ key }) => key.use === 'encrypt').map(({ key, imported: opener }) => [key.kid, opener]))
  return new HouseKeys(file.house, keySigner(sign.key.kid, sign.imported), keySigner(token.key.kid, token.imported), openers)
}

export function writeKeysFile(path: string, keys: KeysFile): void {
  writeFileSync(`${path}.new`, JSON.stringify(keys, null, 1), { mode: 0o600 })
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}

/** Refuses a file that others may read, or that is no key file: path, fault, fix. */
export function readKeysFile(path: string): KeysFile {
  const mode = readable(path)
  if ((mode & 0o077) !== 0) throw badFile(path, `can be read by others (mode ${(mode & 0o777).toString(8)})`, `Run \`chmod 600 ${path}\`.`)
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeysFile
    if (Array.isArray(file.keys) && file.keys.every(isPrivateKey) && typeof file.cursorKey === 'string' && file.rootKey?.kty === 'OKP') return file
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw badFile(path, `cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Give this user the right to read it.')
  }
  throw badFile(path, 'is corrupted', 'Restore it from a copy; without its keys this house cannot read its letters.')
}

function readable(path: string): number {
  try {
    return statSync(path).mode
  } catch (thrown) {
    throw badFile(path, `cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Name the data folder that `comity init` made.')
  }
}

const isPrivateKey = (key: PrivateKey): boolean => typeof key?.kid === 'string' && typeof key.privateJwk?.d === 'string' && typeof key.jwk?.x === 'string'

const badFile = (path: string, what: string, hint: string): Refusal => new Refusal('BAD_USER_INPUT', `The key file ${path} ${what}.`, { hint })
