// How many operations a token, or without one an address, may ask for: a bucket each, refilled steadily, the number of buckets bounded. Loopback is not counted.
import { LRUCache } from 'lru-cache'
import { Refusal } from '../refusal'
import { addressOf } from './streams'

const PER_SECOND = 400
const BURST = 1_200
const BUCKETS_KEPT = 50_000

interface Bucket { left: number; at: number }

export class Buckets {
  /** Bounded by size: with `max` the library lays out the room of all of them at the start. */
  readonly #buckets = new LRUCache<string, Bucket>({ maxSize: BUCKETS_KEPT, sizeCalculation: () => 1 })

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes one operation, or refuses. */
  take(bearer: string | null, address?: string): void {
    const counted = addressOf(address)
    if (bearer !== null) this.#take(`token ${bearer}`, 'token')
    else if (counted !== null) this.#take(`address ${counted}`, 'address')
  }

  #take(key: string, what: string): void {
    const at = this.now()
    const bucket = this.#buckets.get(key) ?? { left: BURST, at }
    bucket.left = Math.min(BURST, bucket.left + ((at - bucket.at) / 1_000) * PER_SECOND) - 1
    bucket.at = at
    this.#buckets.set(key, bucket)
    if (bucket.left < 0) {
      bucket.left = 0
      throw new Refusal('RATE_LIMITED', `This ${what} asks for more than it may.`, { hint: `Stay below ${PER_SECOND} operations a second.`, retryAfterMs: 1_000 })
    }
  }
}
