// The last lines of a stream, and at which position each of their cursors stands: whoever was cut a moment ago resumes from here.
import { LRUCache } from 'lru-cache'
import type { Line, Place } from './feed'

const LINES_KEPT = 1_024
const CURSORS_KEPT = 8_192

export class Ring<L extends Line> {
  #lines: L[] = []
  #base: number
  readonly #cursors = new LRUCache<string, number>({ max: CURSORS_KEPT })

  /** Complete behind `begin`. */
  constructor(begin: Place) {
    this.#base = begin.seq
    this.#cursors.set(begin.cursor, begin.seq)
  }

  keep(line: L): void {
    this.#lines.push(line)
    this.#cursors.set(line.cursor, line.seq)
    if (this.#lines.length <= 2 * LINES_KEPT) return
    const dropped = this.#lines.splice(0, LINES_KEPT)
    this.#base = dropped.at(-1)?.seq ?? this.#base
  }

  seqOf(cursor: string): number | undefined { return this.#cursors.get(cursor) }

  /** All lines behind a position; null where they reach back further than what is kept. */
  behind(seq: number): readonly L[] | null {
    if (seq < this.#base) return null
    const first = this.#lines.findIndex(line => line.seq > seq)
    return first < 0 ? [] : this.#lines.slice(first)
  }
}
