// How many streams a token and an address hold open, and how fast new ones come in: after a restart everybody comes back at once.
import { isIP } from 'node:net'
import { Refusal } from '../refusal'

const A_TOKEN = 20_000
const AN_ADDRESS = 2_000
const ENTRIES_A_SECOND = 1_000
const ENTRIES_AT_ONCE = 2_000
const WAIT_AT_MOST_MS = 15_000

/** Counts what is open under each name; the door's own memory is bounded by what is open. */
export class OpenStreams {
  readonly #open = new Map<string, number>()

  constructor(private readonly most: number, private readonly what: string) {}

  /** Takes a place, or refuses; the returned function gives it back, once. */
  take(name: string | null): () => void {
    if (name === null) return () => undefined
    const open = this.#open.get(name) ?? 0
    if (open >= this.most) throw new Refusal('RATE_LIMITED', `${this.what} holds ${this.most} streams open; more are not taken.`, { hint: 'Close some first.' })
    this.#open.set(name, open + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const left = (this.#open.get(name) ?? 1) - 1
      if (left > 0) this.#open.set(name, left)
      else this.#open.delete(name)
    }
  }
}

export const streamsOfTokens = (): OpenStreams => new OpenStreams(A_TOKEN, 'This token')
export const streamsOfAddresses = (): OpenStreams => new OpenStreams(AN_ADDRESS, 'This address')

/** The name under which an address is counted; null for this machine, which is not. */
export function addressOf(address: string | undefined): string | null {
  const plain = (address ?? '').replace(/^::ffff:/, '')
  return isIP(plain) === 0 || plain.startsWith('127.') || plain === '::1' ? null : plain
}

/** Lets streams in at a bounded rate: the rest wait their turn. */
export class Admission {
  #nextAt = 0

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Resolves at one's turn; false where that would be too late to wait for. */
  async enter(): Promise<boolean> {
    const now = this.now()
    const step = 1_000 / ENTRIES_A_SECOND
    const at = Math.max(this.#nextAt, now - ENTRIES_AT_ONCE * step)
    if (at - now > WAIT_AT_MOST_MS) return false
    this.#nextAt = at + step
    if (at > now) await new Promise(resolve => setTimeout(resolve, at - now).unref())
    return true
  }
}
