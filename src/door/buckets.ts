// How many operations a token may ask for: a bucket each, refilled steadily, the number of buckets bounded. None by address.
import { LRUCache } from 'lru-cache'
import { Refusal } from '../refusal'

const PER_SECOND = 400
const BURST = 1_200
const BUCKETS_KEPT = 50_000

interface Bucket { left: number; at: number }

export class Buckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: BUCKETS_KEPT })

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes one operation, or refuses. Callers without a token are not counted. */
  take(bearer: string | null): void {
    if (bearer === null) return
    const at = this.now()
    const bucket = this.#buckets.get(bearer) ?? { left: BURST, at }
    bucket.left = Math.min(BURST, bucket.left + ((at - bucket.at) / 1_000) * PER_SECOND) - 1
    bucket.at = at
    this.#buckets.set(bearer, bucket)
    if (bucket.left < 0) {
      bucket.left = 0
      throw new Refusal('RATE_LIMITED', 'This token asks for more than it may.', { hint: `Stay below ${PER_SECOND} operations a second.`, retryAfterMs: 1_000 })
    }
  }
}
