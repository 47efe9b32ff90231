// Opaque positions: sealed with the house's own key, bound to whom and what they were given for. Whatever does not open is CURSOR_INVALID.
// One position is one cursor, whoever seals it and when: clients may compare those of an event, an entry and a page.
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import { fault, Refusal } from '../refusal'
import { bytesOfBase64url } from './base64url'

const NONCE = 12
const TAG = 16
const HEAD = 1 + NONCE + TAG
const CURSOR_AT_MOST = 2_048

interface CursorKey { mark: number; key: Uint8Array }

export class CursorSealer {
  readonly #keys: readonly CursorKey[]
  readonly #sealing: CursorKey

  /** The first key seals; further ones only open what was sealed before them. */
  constructor(keys: Uint8Array | readonly Uint8Array[]) {
    this.#keys = (Array.isArray(keys) ? keys as readonly Uint8Array[] : [keys as Uint8Array]).map(cursorKey)
    this.#sealing = this.#keys[0] ?? fault('a cursor sealer without a key')
  }

  seal(binding: string, payload: object): string {
    const { key, mark } = this.#sealing
    const text = JSON.stringify(payload)
    const nonce = nonceOf(key, binding, text)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.from(binding))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    const cursor = Buffer.concat([Buffer.from([mark]), nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    return cursor.length <= CURSOR_AT_MOST ? cursor : fault('a position is too large for a cursor')
  }

  open(binding: string, cursor: string): object {
    const bytes = cursor.length <= CURSOR_AT_MOST ? bytesOfBase64url(cursor) : null
    if (!bytes || bytes.length <= HEAD) throw invalid()
    // Two keys may share a mark; then one of them opens it.
    for (const { key } of this.#keys.filter(({ mark }) => mark === bytes[0])) {
      const payload = opened(key, binding, bytes)
      if (payload) return payload
    }
    throw invalid()
  }
}

/** A key's mark tells, among a house's few keys, which one sealed a cursor. */
function cursorKey(key: Uint8Array): CursorKey {
  if (key.length !== 32) throw new Refusal('BAD_USER_INPUT', 'The key that seals cursors must have 32 bytes.', { hint: 'Restore the house\'s key file.' })
  return { key, mark: createHash('sha256').update(key).digest().readUInt8(0) }
}

/** Made from what is sealed, so that a nonce is met again only with the very same text; under a key of its own. */
const nonceOf = (key: Uint8Array, binding: string, text: string): Buffer =>
  createHmac('sha256', createHmac('sha256', key).update('nonces of cursors').digest()).update(`${binding.length} ${binding} ${text}`).digest().subarray(0, NONCE)

function opened(key: Uint8Array, binding: string, bytes: Buffer): object | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(binding))
    decipher.setAuthTag(bytes.subarray(1 + NONCE, HEAD))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(HEAD)), decipher.final()]).toString('utf8')) as object
  } catch { return null }
}

const invalid = (): Refusal => new Refusal('CURSOR_INVALID', 'This cursor is not one of this list or feed, or not yours.', {
  path: 'after', hint: 'Use a cursor exactly as it came with an answer to the same authority and, for lists, the same arguments.',
})
