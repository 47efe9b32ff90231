// Which requests an authority sent to whom, as its own node told this hub: no partner is believed that it shares one. The parties of a request that was
// sent never change, so what was told once holds, and only a row that is met for the first time is asked about.
import { LRUCache } from 'lru-cache'
import type { AuthorityId } from '../domain/request'
import type { ListKey } from '../peer/reading'

const KEPT = 100_000

export class SharedRequests {
  /** Bounded by size: with `max` the library lays out the room of all of them at the start. */
  readonly #requested = new LRUCache<string, AuthorityId>({ maxSize: KEPT, sizeCalculation: () => 1 })

  /** Keys that the authority's own node told of its own requests. */
  learn(authority: AuthorityId, keys: readonly ListKey[]): void {
    for (const { reference, requesting, requested, submitted } of keys) if (submitted && requesting === authority) this.#requested.set(`${authority} ${reference}`, requested)
  }

  /** Whether a partner shows a request that it was sent, or one of its own: what it asks of others is its own affair. */
  isVouchedFor(authority: AuthorityId, partner: AuthorityId, { reference, requesting }: ListKey): boolean {
    return requesting === partner || this.#requested.get(`${authority} ${reference}`) === partner
  }
}
