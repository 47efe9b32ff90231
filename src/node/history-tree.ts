// The tree over a node's ledger: roots for checkpoints, and proofs that one extends another or holds an entry. Hashes of 256 entries each are kept
// beside the ledger, so that neither a start nor a proof reads all of it again; they are derived and can be dropped.
import type { Ledger } from '../ledger/ledger'
import type { Documents, Store } from '../store/store'
import { consistencyProof, inclusionProof, joined, leafHash, rootOf } from '../wire/merkle'
import type { EntryBody } from './entry'

const TILE = 256

export class HistoryTree {
  readonly #kept: Documents<string>
  readonly #tiles: Buffer[] = []

  constructor(store: Store, private readonly ledger: Pick<Ledger<EntryBody>, 'read'>) { this.#kept = store.documents('tiles') }

  async rootAt(size: number): Promise<string> { return (await this.#hashOf(0, size)).toString('hex') }
  extension(from: number, to: number): Promise<string[]> { return consistencyProof(from, to, this.#hashOf) }
  /** Of the entry at this position. */
  inclusion(seq: number, size: number): Promise<string[]> { return inclusionProof(seq - 1, size, this.#hashOf) }

  /** Ranges begin at multiples of the power of two that holds them, so that larger ones fall into whole tiles. */
  readonly #hashOf = (from: number, to: number): Promise<Buffer> => {
    if (to - from < TILE) return this.#leaves(from, to)
    return to - from === TILE ? this.#tile(from / TILE) : joined(from, to, this.#hashOf)
  }

  async #leaves(from: number, to: number): Promise<Buffer> {
    const entries = await this.ledger.read({ after: from, limit: to - from })
    return rootOf(entries.map(({ body }) => leafHash(body.digest)))
  }

  async #tile(index: number): Promise<Buffer> {
    const known = this.#tiles[index]
    if (known) return known
    const key = String(index).padStart(10, '0')
    const kept = await this.#kept.get(key)
    const tile = kept === null ? await this.#leaves(index * TILE, (index + 1) * TILE) : Buffer.from(kept, 'hex')
    if (kept === null) await this.#kept.put(key, tile.toString('hex'))
    this.#tiles[index] = tile
    return tile
  }
}
