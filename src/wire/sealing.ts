// Sealing for two houses: JWE of one shape alone (ECDH-ES+A256KW on X25519, A256GCM, no compression), whole buckets of plaintext.
// Whatever has another shape, or does not open, is DECRYPT_REFUSED in one text: a prober learns nothing from it.
import { GeneralEncrypt, generalDecrypt, type GeneralJWE } from 'jose'
import { Refusal } from '../refusal'
import { bytesOf, bytesOfBase64url, textOf } from './base64url'
import type { Directory, ListedKey } from './directory'
import type { HouseKeys } from './house-keys'
import { ENCRYPTION } from './keys'
import { parseStrictJson } from './strict-json'

const CONTENT_ENCRYPTION = 'A256GCM'
const TYPE = 'comity-letter+jwe'
const BUCKET = 1024

export const decryptRefused = (): Refusal => new Refusal('BAD_REQUEST', 'The letter cannot be taken.', { reason: 'DECRYPT_REFUSED' })

/** JSON in whole buckets, so that the size tells little. */
export function padded(value: object): Uint8Array {
  const bare = Buffer.byteLength(JSON.stringify({ ...value, pad: '' }))
  return bytesOf(JSON.stringify({ ...value, pad: ' '.repeat((BUCKET - (bare % BUCKET)) % BUCKET) }))
}

export async function seal(plain: Uint8Array, keys: readonly ListedKey[]): Promise<GeneralJWE> {
  const encryption = new GeneralEncrypt(plain).setProtectedHeader({ enc: CONTENT_ENCRYPTION, typ: TYPE })
  for (const { key, imported } of keys) encryption.addRecipient(await imported).setUnprotectedHeader({ alg: ENCRYPTION, kid: key.kid })
  return encryption.encrypt()
}

/** The sealed bytes for whichever recipient these keys are. */
export async function unseal(sealed: GeneralJWE, keys: HouseKeys): Promise<Uint8Array> {
  for (const recipient of sealed.recipients) {
    const key = keys.opener(String(recipient.header?.kid))
    if (!key) continue
    try {
      const only = { keyManagementAlgorithms: [ENCRYPTION], contentEncryptionAlgorithms: [CONTENT_ENCRYPTION], maxDecompressedLength: 0, crit: {} }
      return (await generalDecrypt({ ...sealed, recipients: [recipient] }, key, only)).plaintext
    } catch { throw decryptRefused() }
  }
  throw decryptRefused()
}

/** Sealed as `seal` does it, for one key of each of these houses and nobody else. */
export function isSealedFor(value: unknown, houses: readonly string[], directory: Directory): value is GeneralJWE {
  if (!isRecord(value) || !hasExactly(value, ['ciphertext', 'iv', 'protected', 'recipients', 'tag'])) return false
  const { ciphertext, iv, tag, recipients } = value
  if (!isBytes(ciphertext) || !isBytes(iv, 12) || !isBytes(tag, 16) || !isHeader(value['protected'])) return false
  if (!Array.isArray(recipients) || recipients.length !== houses.length || !recipients.every(isRecipient)) return false
  return houses.every(house => recipients.some(({ header }) => directory.hasSealingKey(header.kid, house)))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const hasExactly = (value: object, names: readonly string[]): boolean => Object.keys(value).sort().join() === names.join()

function isBytes(value: unknown, length?: number): boolean {
  const bytes = typeof value === 'string' ? bytesOfBase64url(value) : null
  return bytes !== null && bytes.length > 0 && (length === undefined || bytes.length === length)
}

function isHeader(value: unknown): boolean {
  const bytes = typeof value === 'string' && value.length <= 1_024 ? bytesOfBase64url(value) : null
  if (!bytes) return false
  try {
    const header = parseStrictJson(textOf(bytes), { maxDepth: 1 })
    return isRecord(header) && hasExactly(header, ['enc', 'typ']) && header['enc'] === CONTENT_ENCRYPTION && header['typ'] === TYPE
  } catch { return false }
}

function isRecipient(value: unknown): value is { header: { kid: string } } {
  if (!isRecord(value) || !hasExactly(value, ['encrypted_key', 'header']) || !isBytes(value['encrypted_key'], 40)) return false
  const { header } = value
  if (!isRecord(header) || !hasExactly(header, ['alg', 'epk', 'kid']) || header['alg'] !== ENCRYPTION || typeof header['kid'] !== 'string') return false
  const { epk } = header
  return isRecord(epk) && hasExactly(epk, ['crv', 'kty', 'x']) && epk['kty'] === 'OKP' && epk['crv'] === 'X25519' && isBytes(epk['x'], 32)
}
