// What a partner has shown already is on its way here as a letter: it is waited for a moment, so that what is read next here shows it too.
import { LRUCache } from 'lru-cache'
import type { Reference } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { DocketRow } from '../store/store'
import type { EntryBody } from './entry'

/** Longer than a letter takes, shorter than a reader's patience. */
const WAITED_MS = 1_000
/** What did not come in that time is not waited for again soon: a letter may be held up, and a partner may name a version that it never sends. */
const IN_VAIN = { max: 1_000, ttl: 60_000 }

export class Arrivals {
  readonly #inVain = new LRUCache<string, true>(IN_VAIN)

  /** `current`: makes all that any process of this house has appended readable. */
  constructor(private readonly ledger: Ledger<EntryBody>, private readonly current: () => Promise<void>) {}

  /** Until each of these rows is read at this version or a later one, or the moment is over. */
  async until(versions: Readonly<Record<Reference, number>>, read: (references: readonly Reference[]) => Promise<readonly DocketRow[]>): Promise<void> {
    const behind = async (): Promise<Reference[]> => {
      await this.current()
      const rows = new Map((await read(Object.keys(versions))).map(row => [row.reference, row]))
      return Object.entries(versions).filter(([reference, version]) => rows.has(reference) && (rows.get(reference)?.state.version ?? 0) < version && !this.#inVain.has(`${reference} ${version}`)).map(([reference]) => reference)
    }
    const from = this.ledger.head.seq
    let missing = await behind()
    if (missing.length === 0) return
    for await (const _ of this.ledger.follow(from, AbortSignal.timeout(WAITED_MS), () => Infinity)) {
      missing = await behind()
      if (missing.length === 0) return
    }
    for (const reference of missing) this.#inVain.set(`${reference} ${versions[reference]}`, true)
  }
}
