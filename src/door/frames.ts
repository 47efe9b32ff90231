// A text message of a WebSocket as it goes over the wire from a house (RFC 6455, 5.2: whole, unmasked, not compressed), in two pieces: what each
// socket has of its own, and what was encoded once for all of them. `ws` would encode and copy the whole message for each.
import type { Duplex } from 'node:stream'

const WHOLE_TEXT = 0x81
const SHORT_AT_MOST = 125
const LENGTH_IN_TWO = 126
const TWO_AT_MOST = 0xffff
const LENGTH_IN_EIGHT = 127

/** Only between messages of `ws` on the same socket: without compression it writes each whole, at once. */
export function writeText(socket: Duplex, own: string, shared: Buffer): void {
  socket.cork()
  socket.write(headed(own, shared.length))
  socket.write(shared)
  socket.uncork()
}

function headed(own: string, behind: number): Buffer {
  const ownLength = Buffer.byteLength(own)
  const length = ownLength + behind
  const header = length <= SHORT_AT_MOST ? 2 : length <= TWO_AT_MOST ? 4 : 10
  const bytes = Buffer.allocUnsafe(header + ownLength)
  bytes[0] = WHOLE_TEXT
  if (header === 2) bytes[1] = length
  else if (header === 4) {
    bytes[1] = LENGTH_IN_TWO
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = LENGTH_IN_EIGHT
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(own, header)
  return bytes
}
