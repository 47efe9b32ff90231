// Opaque positions: sealed with the house's own key, bound to whom and what they were given for. Whatever does not open is CURSOR_INVALID.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Refusal } from '../refusal'

const VERSION = 1
const NONCE = 12
const TAG = 16
const CURSOR_AT_MOST = 2_048

export class CursorSealer {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new Refusal('BAD_USER_INPUT', 'The key that seals cursors must have 32 bytes.', { hint: 'Restore the house\'s key file.' })
    this.#key = key
  }

  seal(binding: string, payload: object): string {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(Buffer.from(binding))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  open(binding: string, cursor: string): object {
    try {
      const bytes = Buffer.from(cursor, 'base64url')
      const isOurs = cursor.length <= CURSOR_AT_MOST && bytes.toString('base64url') === cursor && bytes[0] === VERSION && bytes.length > 1 + NONCE + TAG
      if (!isOurs) throw invalid()
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(1, 1 + NONCE))
      decipher.setAAD(Buffer.from(binding))
      decipher.setAuthTag(bytes.subarray(1 + NONCE, 1 + NONCE + TAG))
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(1 + NONCE + TAG)), decipher.final()]).toString('utf8')) as object
    } catch { throw invalid() }
  }
}

const invalid = (): Refusal => new Refusal('CURSOR_INVALID', 'This cursor is not one of this list or feed, or not yours.', {
  hint: 'Use a cursor exactly as it came with an answer to the same authority and, for lists, the same arguments.',
})
