// Partners as witnesses of each other's ledgers: a letter carries its sender's newest checkpoint, the receipt countersigns it where it is proved to
// extend what its signer had seen before. Two checkpoints that cannot both be true are kept: each is signed by the house that contradicts itself.
import type { Documents, Store } from '../store/store'
import { extendsLast, isSameStanding, readCheckpoint, type Standing } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import type { CarriedCheckpoint } from '../wire/letters'
import type { Receipt } from '../wire/receipts'
import { checkpointKey } from './checkpoints'
import type { HistoryTree } from './history-tree'
import { countersignedOf, type Countersigned, type Shown } from './hub-witness'
import type { Logger } from 'pino'

export type Seen = Standing & { jws: string }

export interface PartnerWitnessParts {
  store: Store; tree: HistoryTree; directory: () => Directory; now: () => Date; log: Logger
  newest: () => Shown | null
}

/** Checkpoints of other houses, the last that was seen of each. */
export const seenOf = (store: Store): Documents<Seen> => store.documents<Seen>('seen-checkpoints')

export class PartnerWitness {
  readonly #seen: Documents<Seen>
  readonly #contradictions: Documents<{ first: string; second: string }>
  readonly #countersigned: Documents<Countersigned>

  constructor(private readonly parts: PartnerWitnessParts) {
    this.#seen = seenOf(parts.store)
    this.#contradictions = parts.store.documents('contradictions')
    this.#countersigned = countersignedOf(parts.store)
  }

  /** What a letter to a partner carries; nothing where the partner has countersigned all there is. */
  async carried(to: string): Promise<CarriedCheckpoint | undefined> {
    const newest = this.parts.newest()
    const from = (await this.#countersigned.get(to))?.seq ?? 0
    if (!newest || newest.standing.seq <= from) return undefined
    return { jws: newest.jws, extends: { from, path: from > 0 ? await this.parts.tree.extension(from, newest.standing.seq) : [] } }
  }

  /** What is countersigned of a checkpoint that came with a letter; null where nothing can be said. */
  async see(of: string, carried: CarriedCheckpoint | null): Promise<Standing | null> {
    const checkpoint = carried && (await readCheckpoint(carried.jws, this.parts.directory(), this.parts.now()).catch(() => null))
    if (!carried || checkpoint?.iss !== of) return null
    const { seq, digest, root } = checkpoint
    const last = await this.#seen.get(of)
    if (last && last.seq > seq) return null
    const isKnown = last?.seq === seq
    if (isKnown ? isSameStanding(last, checkpoint) : extendsLast(last, carried.extends, checkpoint)) {
      if (!isKnown) await this.#seen.put(of, { seq, digest, root, jws: carried.jws })
      return { seq, digest, root }
    }
    if (last && (isKnown || carried.extends.from === last.seq)) await this.#contradicted(of, last, carried.jws, seq)
    return null
  }

  async #contradicted(of: string, last: Seen, jws: string, seq: number): Promise<void> {
    this.parts.log.error({ of, seq, last: last.seq }, 'a partner\'s checkpoint does not extend the last one that was seen of it; both are kept')
    await this.#contradictions.insert(`${of}/${checkpointKey(seq)}`, { first: last.jws, second: jws })
  }

  /** A receipt that countersigns what this house has signed. */
  async countersigned({ iss, witnessed }: Receipt, jws: string): Promise<void> {
    if (!witnessed || ((await this.#countersigned.get(iss))?.seq ?? 0) >= witnessed.seq) return
    await this.#countersigned.put(iss, { ...witnessed, jws })
  }
}
