// How many new letters one authority may send: a bucket each, refilled steadily, so that a house gone wild fills nobody's mailbox and slows nobody else down.
// A letter weighs by its size. Repeats weigh nothing: whoever repeats another's letters takes nothing from it.

export interface LetterLimits { perSecond: number; burst: number }

/** Far above what a ministry sends, a day's backlog after an outage included: 32 MB a second of letters as large as a full dossier. */
const LIMITS: LetterLimits = { perSecond: 2_000, burst: 20_000 }
const BYTES_A_UNIT = 16 * 1024

export class LetterQuota {
  readonly #buckets = new Map<string, { left: number; at: number }>()

  constructor(private readonly limits: LetterLimits = LIMITS, private readonly now: () => number = () => performance.now()) {}

  /** How many of these letters, from the first on, the sender may hand over now; their sizes in bytes. */
  admit(sender: string, sizes: readonly number[]): number {
    const { perSecond, burst } = this.limits
    const at = this.now()
    const known = this.#buckets.get(sender) ?? { left: burst, at }
    let left = Math.min(burst, known.left + (Math.max(0, at - known.at) / 1_000) * perSecond)
    let admitted = 0
    for (const size of sizes) {
      const weight = Math.min(burst, Math.ceil(size / BYTES_A_UNIT))
      if (weight > left) break
      left -= weight
      admitted++
    }
    this.#buckets.set(sender, { left, at })
    return admitted
  }
}
