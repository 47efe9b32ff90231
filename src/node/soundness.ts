// Whether this house may write: never again once its ledger is found not to be the one that it has signed, and not while its evidence cannot be
// written. What was read stays readable; nothing is added to a past that is in doubt.
import { Refusal } from '../refusal'
import type { Logger } from 'pino'

/** So long may evidence fail to be written before acts are refused. */
const EVIDENCE_LATE_MS = 600_000

export const BREACH_HINT = 'Stop this house, find out with `comity verify` what was done to its store, and restore the newest copy of it; what it has signed since an older copy cannot be unsaid.'

export class Soundness {
  #breach: string | null = null
  #failingSince: number | null = null

  constructor(private readonly now: () => Date, private readonly log: Logger) {}

  /** Throws where nothing may be appended. */
  demand(): void {
    if (this.#breach !== null) throw new Refusal('STORE_UNAVAILABLE', 'This house has stopped taking acts: its ledger is not the one that it has signed.', { hint: BREACH_HINT })
    if (this.#failingSince !== null && this.now().getTime() - this.#failingSince > EVIDENCE_LATE_MS) {
      throw new Refusal('STORE_UNAVAILABLE', 'This house takes no acts while its evidence cannot be written.', { hint: 'See this house\'s log for what fails: its store, or its signing key.' })
    }
  }

  get holds(): boolean { return this.#breach === null }

  breached(what: string): void {
    if (this.#breach === null) this.log.fatal({ what }, 'this house\'s ledger is not the one that it has signed; it takes no acts any more')
    this.#breach ??= what
  }

  evidenceWritten(): void { this.#failingSince = null }
  evidenceFailed(): void { this.#failingSince ??= this.now().getTime() }
}
