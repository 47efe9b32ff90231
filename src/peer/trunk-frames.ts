// What is said on a trunk, the one connection on which a hub puts many reads to a node at once: a line that says which call it belongs to, then the bytes of the
// question or the answer. A question `<call> <authorization>`, an answer `<call> <status> <type>`; a call alone takes its question back.
import type { Duplex } from 'node:stream'

export const TRUNK_PATH = '/house/trunk'
export const TRUNK_PROTOCOL = 'comity-trunk-1'

const NEWLINE = 0x0a
/** A token and the number of a call. */
export const HEAD_AT_MOST = 9 * 1024

export interface Frame { words: readonly string[]; /** Null where there is none: not even an empty one. */ body: Buffer | null }

export const framed = (words: readonly (string | number)[], body: string): string => `${words.join(' ')}\n${body}`

/** Null where it is no frame of a trunk. */
export function unframed(bytes: Buffer): Frame | null {
  const end = bytes.indexOf(NEWLINE)
  const length = end < 0 ? bytes.length : end
  if (length === 0 || length > HEAD_AT_MOST) return null
  return { words: bytes.toString('latin1', 0, length).split(' '), body: end < 0 ? null : bytes.subarray(end + 1) }
}

/** What is written to a socket in one turn of the event loop leaves it in one piece. */
export class Turnout {
  #isHeld = false

  constructor(private readonly socket: Duplex) {}

  hold(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    this.socket.cork()
    setImmediate(() => {
      this.#isHeld = false
      this.socket.uncork()
    })
  }
}
