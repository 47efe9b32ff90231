// Whether another house is to be waited for. One that gave no answer several times in a row is asked by one call at a time; whoever asks meanwhile is told at once
// what the last one met. Nothing is kept from a caller who asks alone: the first answer is heard by the call that gets it.
import type { PeerFailure, PeerOutcome } from './outcome'

/** One that was lost is an accident. */
const IN_A_ROW = 3

export class Breaker {
  #failures = 0
  #last: PeerFailure | null = null
  #isTrying = false

  async ask(call: () => Promise<PeerOutcome>): Promise<PeerOutcome> {
    const last = this.#failures < IN_A_ROW ? null : this.#last
    if (!last) return this.#judged(await call())
    if (this.#isTrying) return { ...last, tookMs: 0 }
    this.#isTrying = true
    try {
      return this.#judged(await call())
    } finally { this.#isTrying = false }
  }

  /** A house that refuses has spoken; a caller that went away says nothing of it. */
  #judged(outcome: PeerOutcome): PeerOutcome {
    if (outcome.state === 'ANSWERED' || outcome.state === 'REFUSED') this.#failures = 0
    else if (outcome.reason !== 'ABORTED') {
      this.#failures++
      this.#last = outcome
    }
    return outcome
  }
}
