// The node signs where its ledger stands: every 256 entries, a minute after the last entry, and when it stops. Each signature stays beside the
// ledger and is countersigned by the hub at the next contact, so that a tail that was cut off later, a past that was written anew and an older
// copy of the store are found: by `comity verify`, and by this house itself, which then writes no more.
import type { Logger } from 'pino'
import type { Ledger } from '../ledger/ledger'
import { waitOr } from '../peer/retry'
import { Refusal } from '../refusal'
import type { Documents, Store } from '../store/store'
import { makeCheckpoint, readCheckpoint, type Checkpoint } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import type { Signer } from '../wire/jws'
import type { EntryBody } from './entry'
import type { HistoryTree } from './history-tree'
import type { HubWitness, Shown } from './hub-witness'
import { unending } from './loop'
import { isDue, nextLook, type Signed } from './signing-rhythm'
import { BREACH_HINT, type Soundness } from './soundness'

const PAGE = 1_000

export interface CheckpointParts {
  own: string; store: Store; ledger: Ledger<EntryBody>; tree: HistoryTree; signer: Signer; directory: () => Directory; witness: HubWitness; soundness: Soundness
  now: () => Date; log: Logger
}

/** Kept signatures, by position. */
export const checkpointsOf = (store: Store): Documents<string> => store.documents<string>('checkpoint')

export const checkpointKey = (seq: number): string => String(seq).padStart(12, '0')

export class Checkpoints {
  readonly #kept: Documents<string>
  /** The last one that this process has signed, or found when it began. */
  #last: Signed
  #newest: Shown | null = null

  constructor(private readonly parts: CheckpointParts) {
    this.#kept = checkpointsOf(parts.store)
    this.#last = { seq: 0, at: parts.now().getTime() }
  }

  /** The newest one, for partners. */
  get newest(): Shown | null { return this.#newest }

  /** Refuses to begin on a ledger that is not, up to there, what this house has signed and the hub has countersigned. */
  async open(): Promise<void> {
    const { soundness, witness } = this.parts
    const [, jws] = (await this.#lastKept()) ?? []
    const last = jws === undefined ? null : await readCheckpoint(jws, this.parts.directory()).catch(() => null)
    if (jws !== undefined && (last?.iss !== this.parts.own || !(await witness.isOurs(last)))) soundness.breached('it is not what the last checkpoint in this store was signed for')
    if (last && jws !== undefined) this.#took(last, jws)
    await witness.compare()
    if (!soundness.holds) throw new Refusal('STORE_UNAVAILABLE', `The ledger of ${this.parts.own} is not the one that it has signed: it was changed, or its store is an older copy.`, { hint: BREACH_HINT })
  }

  #took(checkpoint: Checkpoint, jws: string): void {
    const { seq, digest, root } = checkpoint
    this.#newest = { standing: { seq, digest, root }, jws }
    this.#last = { seq, at: this.#last.at }
  }

  async #lastKept(): Promise<[string, string] | null> {
    let last: [string, string] | null = null
    for (let page = await this.#kept.list({ prefix: '', limit: PAGE }); page.length > 0; page = await this.#kept.list({ prefix: '', limit: PAGE, after: last?.[0] ?? '' })) {
      const end = page.at(-1)
      if (end) last = [end.key, end.value]
    }
    return last
  }

  async run(signal: AbortSignal): Promise<void> {
    await unending(() => this.#watch(signal), { signal, wait: waitOr, log: this.parts.log, name: 'checkpoints' })
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (await nextLook(signal)) {
      if (isDue(this.parts.ledger.head.seq, this.#last, this.parts.now())) await this.sign()
      await this.parts.witness.contact(this.#newest)
    }
  }

  /** Signs the end of the ledger as it stands, once. */
  async sign(): Promise<void> {
    const { soundness } = this.parts
    try {
      if (soundness.holds) await this.#sign()
      soundness.evidenceWritten()
    } catch (thrown) {
      soundness.evidenceFailed()
      throw thrown
    }
  }

  async #sign(): Promise<void> {
    const { own: iss, ledger, tree, signer, now } = this.parts
    const { seq, digest } = ledger.head
    const at = now()
    if (seq > this.#last.seq && (await this.#kept.get(checkpointKey(seq))) === null) {
      const checkpoint = { iss, seq, digest, root: await tree.rootAt(seq), prev: this.#newest?.standing.seq ?? 0, at: at.toISOString() }
      const jws = await makeCheckpoint({ signer, ...checkpoint })
      await this.#kept.insert(checkpointKey(seq), jws)
      this.#took(checkpoint, jws)
    }
    this.#last = { seq, at: at.getTime() }
  }

  /** Before the house stops: signs the end, and shows it to the hub if that is there. */
  async close(): Promise<void> {
    await this.sign()
    await this.parts.witness.contact(this.#newest, { last: true })
  }
}
