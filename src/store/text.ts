// What both adapters agree on about keys and values: which keys can be stored, how a value becomes text, how large it may be.
// Values are kept as JSON text in either store: read back they are what was written, byte for byte in their canonical form.
import { fault, Refusal } from '../refusal'

export const VALUE_BYTES = 15 * 1024 * 1024
const KEY_BYTES = 700
/** Control characters, and halves of surrogate pairs, which no UTF-8 holds. */
const UNSTORABLE = /[\u0000-\u001f\u007f]|\p{Cs}/u

/** Behind every key that a store holds. */
export const LAST_TEXT = '\u{10ffff}'

/** Whether a store can hold this key at all; what it can not hold, it does not have. */
export function isStorable(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && !UNSTORABLE.test(key) && Buffer.byteLength(key) <= KEY_BYTES
}

export function storable(key: unknown, what: string): string {
  return isStorable(key) ? key : fault(`${what} cannot be stored: it must be text of 1 to ${KEY_BYTES} bytes without control characters`)
}

export function encoded(value: unknown, what: string): string {
  const text: string | undefined = JSON.stringify(value)
  if (text === undefined) fault(`${what} is no JSON value`)
  const bytes = Buffer.byteLength(text)
  if (bytes > VALUE_BYTES) {
    throw new Refusal('PAYLOAD_TOO_LARGE', `${what} has ${bytes} bytes; the store takes at most ${VALUE_BYTES}.`, { hint: 'Send less in one piece.' })
  }
  return text
}

/** What was encoded here; the type is the writer's word. */
export const decoded = <Value>(text: string): Value => JSON.parse(text) as Value

export function checkedLimit(limit: number): number {
  return Number.isSafeInteger(limit) && limit >= 0 ? limit : fault('a limit must be a whole number, 0 or more')
}

export function checkedPosition(position: number, what: string): number {
  return position >= 0 && (Number.isSafeInteger(position) || position === Infinity) ? position : fault(`${what} must be a position of the log`)
}
