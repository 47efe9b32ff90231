// The node signs where its ledger stands: every 256 entries, a minute after the last entry, and when it stops. Each signature stays beside the
// ledger, so that a tail that was cut off later, or a past that was written anew, is found.
import type { Logger } from 'pino'
import type { Ledger } from '../ledger/ledger'
import { waitOr } from '../peer/retry'
import type { Documents, Store } from '../store/store'
import { makeCheckpoint } from '../wire/checkpoints'
import type { Signer } from '../wire/jws'
import type { EntryBody } from './entry'
import { unending } from './loop'

const ENTRIES_BETWEEN = 256
const MS_BETWEEN = 60_000
const LOOK_MS = 1_000

export interface CheckpointParts { own: string; store: Store; ledger: Ledger<EntryBody>; signer: Signer; now: () => Date; log: Logger }

/** Kept signatures, by position. */
export const checkpointsOf = (store: Store): Documents<string> => store.documents<string>('checkpoint')

export const checkpointKey = (seq: number): string => String(seq).padStart(12, '0')

export class Checkpoints {
  readonly #kept: Documents<string>
  /** The last position that this process has signed, or found when it began. */
  #last: { seq: number; at: number }

  constructor(private readonly parts: CheckpointParts) {
    this.#kept = checkpointsOf(parts.store)
    this.#last = { seq: 0, at: parts.now().getTime() }
  }

  async run(signal: AbortSignal): Promise<void> {
    await unending(() => this.#watch(signal), { signal, wait: waitOr, log: this.parts.log, name: 'checkpoints' })
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (await waitOr(LOOK_MS, signal)) {
      const behind = this.parts.ledger.head.seq - this.#last.seq
      if (behind >= ENTRIES_BETWEEN || (behind > 0 && this.parts.now().getTime() - this.#last.at >= MS_BETWEEN)) await this.sign()
    }
  }

  /** Signs the end of the ledger as it stands, once. */
  async sign(): Promise<void> {
    const { own, ledger, signer, now } = this.parts
    const { seq, digest } = ledger.head
    const at = now()
    if (seq > this.#last.seq && (await this.#kept.get(checkpointKey(seq))) === null) {
      await this.#kept.insert(checkpointKey(seq), await makeCheckpoint({ signer, iss: own, seq, digest, at: at.toISOString() }))
    }
    this.#last = { seq, at: at.getTime() }
  }
}
