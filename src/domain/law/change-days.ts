// The days on which the law of a register changes: between two of them every day has the same answer.
import type { Register } from './register'

/** In words too: an explanation may quote them. */
const DAYS = /\d{4}-\d{2}-\d{2}/g

/** A name for all days that have the same law as this one. */
export type Era = string

export class ChangeDays {
  /** Sorted, each once. */
  readonly #days: readonly string[]

  constructor(register: Register) { this.#days = [...new Set(daysIn(register))].sort() }

  /** Rules say of a day whether it lies before, on or behind a day of their row. */
  eraOf(day: string): Era {
    let low = 0
    for (let high = this.#days.length; low < high;) {
      const middle = (low + high) >> 1
      if ((this.#days[middle] ?? '') < day) low = middle + 1
      else high = middle
    }
    return this.#days[low] === day ? `on ${low}` : `before ${low}`
  }
}

function* daysIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield* value.match(DAYS) ?? []
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* daysIn(each)
}
