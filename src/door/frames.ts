// A text message of a WebSocket as it goes over the wire from a house (RFC 6455, 5.2: whole, unmasked, not compressed), of two pieces: what each socket has
// of its own, and what was encoded once for all of them. `ws` would encode the whole message for each, and write it in two parts.
import type { Duplex } from 'node:stream'

const WHOLE_TEXT = 0x81
const SHORT_AT_MOST = 125
const LENGTH_IN_TWO = 126
const TWO_AT_MOST = 0xffff
const LENGTH_IN_EIGHT = 127

/** UTF-8, a byte a character: a socket takes such a string as it stands, without a buffer in between. */
export class Encoded {
  readonly bytes: string

  constructor(text: string) { this.bytes = Buffer.from(text).toString('latin1') }
}

/** Only between messages of `ws` on the same socket: without compression it writes each whole, at once. */
export function writeText(socket: Duplex, own: Encoded, shared: Encoded): void {
  socket.write(header(own.bytes.length + shared.bytes.length) + own.bytes + shared.bytes, 'latin1')
}

function header(length: number): string {
  if (length <= SHORT_AT_MOST) return String.fromCharCode(WHOLE_TEXT, length)
  if (length <= TWO_AT_MOST) return String.fromCharCode(WHOLE_TEXT, LENGTH_IN_TWO, length >> 8, length & 0xff)
  const eight = Buffer.alloc(8)
  eight.writeBigUInt64BE(BigInt(length))
  return String.fromCharCode(WHOLE_TEXT, LENGTH_IN_EIGHT) + eight.toString('latin1')
}
