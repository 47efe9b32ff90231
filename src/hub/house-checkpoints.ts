// The hub as witness: keeps the checkpoints of each house's ledger that it has countersigned, one after the other, each proved to extend the one
// before. Two that cannot both be true are kept as evidence: both are signed by the house that contradicts itself.
import { Refusal } from '../refusal'
import type { Documents, Log, Store } from '../store/store'
import { extendsLast, isExtension, isSameStanding, makeCountersignature, readCheckpoint, type Checkpoint } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import type { Signer } from '../wire/keys'
import type { ExchangeLog } from './exchange'

export interface Countersigned { checkpoint: string; countersignature: string }
export type CheckpointResult = { countersignature: string } | { error: { code: 'CHECKPOINT_NOT_NEXT' | 'CHECKPOINT_CONTRADICTS'; message: string }; last: Countersigned | null }

export interface HouseCheckpointsParts { store: Store; directory: () => Directory; signer: Signer; now: () => Date; log: ExchangeLog }

export const countersignedLog = (store: Store, of: string): Log<Countersigned> => store.log<Countersigned>(`checkpoints:${of}`)

const ATTEMPTS = 20

export class HouseCheckpoints {
  readonly #conflicts: Documents<{ evidence: string; against: string; at: string }>

  constructor(private readonly parts: HouseCheckpointsParts) { this.#conflicts = parts.store.documents('conflicts') }

  /** The last one of a house; null where none was seen. */
  async last(of: string): Promise<Countersigned | null> { return (await this.#lastEntry(of)).kept }

  async #lastEntry(of: string): Promise<{ seq: number; kept: Countersigned | null }> {
    const log = countersignedLog(this.parts.store, of)
    const seq = await log.last()
    const [entry] = seq === 0 ? [] : await log.read({ after: seq - 1, limit: 1 })
    return { seq, kept: entry?.body ?? null }
  }

  /** `house`: whose line it came by, where that was proved. */
  async take(body: unknown, house: string | null = null): Promise<CheckpointResult> {
    const { checkpoint: jws, extends: extension } = (body ?? {}) as Partial<Record<'checkpoint' | 'extends', unknown>>
    if (typeof jws !== 'string' || !isExtension(extension)) throw new Refusal('BAD_REQUEST', 'A checkpoint comes with what it extends.', { path: 'checkpoint' })
    const checkpoint = await readCheckpoint(jws, this.parts.directory(), this.parts.now())
    if (house !== null && house !== checkpoint.iss) throw new Refusal('FORBIDDEN', 'A house shows its own checkpoints.', {})
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { seq, kept } = await this.#lastEntry(checkpoint.iss)
      const last = kept && (await readCheckpoint(kept.checkpoint, this.parts.directory()))
      if (kept && last && isSameStanding(last, checkpoint)) return { countersignature: kept.countersignature }
      if (last && last.seq === checkpoint.seq) return this.#contradicts(checkpoint, jws, kept)
      if (last && (last.seq > checkpoint.seq || extension.from !== last.seq)) return { error: { code: 'CHECKPOINT_NOT_NEXT', message: `the last checkpoint seen of this house stands at ${last.seq}` }, last: kept }
      if (!extendsLast(last, extension, checkpoint)) return this.#contradicts(checkpoint, jws, kept)
      const signed = { checkpoint: jws, countersignature: await this.#countersign(checkpoint) }
      // Another process of the hub may have taken another one meanwhile: then this is judged against that.
      const { inserted } = await countersignedLog(this.parts.store, checkpoint.iss).append([{ seq: seq + 1, body: signed }])
      if (inserted === 1) return { countersignature: signed.countersignature }
    }
    throw new Refusal('STORE_UNAVAILABLE', 'No place was to be had for the checkpoint.', { hint: 'Come again.' })
  }

  #countersign({ iss: of, seq, digest, root }: Checkpoint): Promise<string> {
    return makeCountersignature({ signer: this.parts.signer, iss: 'hub', of, seq, digest, root, at: this.parts.now().toISOString() })
  }

  async #contradicts({ iss, seq }: Checkpoint, jws: string, last: Countersigned | null): Promise<CheckpointResult> {
    // One piece of evidence a house: it proves the fault, and a rogue house can not fill the store with more.
    this.parts.log.warn({ of: iss, seq }, 'a house\'s checkpoint contradicts what it has signed before')
    await this.#conflicts.insert(`checkpoint:${iss}`, { evidence: jws, against: last?.checkpoint ?? '', at: this.parts.now().toISOString() })
    return { error: { code: 'CHECKPOINT_CONTRADICTS', message: 'it does not extend what was seen of this house before' }, last }
  }
}
