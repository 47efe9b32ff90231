// Whether other houses are there: each is asked every few seconds. What changes is a feed that needs no past: whoever joins hears first how each
// house stands. Knows names and states, not what a house is.
import { waitOr } from '../peer/retry'
import { Channel } from './channel'
import type { Asking, Page, Place, Source } from './feed'

/** How a house stands since `at`; `before` null: it was not known yet. */
export interface Beat { seq: number; cursor: string; house: string; state: string; before: string | null; at: string }

export interface HeartbeatParts {
  houses: () => readonly string[]
  /** Asks one house whether it is there. */
  reach: (house: string, signal: AbortSignal) => Promise<{ state: string }>
  now: () => Date
  faulty: (thrown: unknown) => void
  wait?: typeof waitOr
}

export const ANSWERED = 'ANSWERED'
/** Before the first beat: how each house stands is told to whoever joins. */
export const FROM_THE_FIRST = '0'
const BEAT_MS = 5_000
/** A house that has just answered is held for gone after so many beats without an answer. */
const MISSES = 2

export class Heartbeats implements Source<Beat, Asking> {
  /** The last change of each house. */
  readonly #last = new Map<string, Beat>()
  readonly #seenAt = new Map<string, string>()
  readonly #misses = new Map<string, number>()
  readonly #listeners = new Set<(beat: Beat) => void>()
  #channel: Channel<Beat, Asking> | null = null
  #head = 0

  constructor(private readonly parts: HeartbeatParts) {}

  /** Until the signal ends. */
  async run(signal: AbortSignal): Promise<void> {
    do await this.#round(signal)
    while (await (this.parts.wait ?? waitOr)(BEAT_MS, signal))
  }

  /** When the house last answered; null where it has not since this one started. */
  lastSeenAt(house: string): string | null { return this.#seenAt.get(house) ?? null }

  /** An answer that came by the way counts like one to a beat. */
  saw(house: string): void { this.#take(house, ANSWERED) }

  channel(): Channel<Beat, Asking> {
    this.#channel ??= new Channel<Beat, Asking>(this, () => { this.#channel = null }, this.parts.faulty)
    return this.#channel
  }

  close(): void { this.#channel?.close() }

  async #round(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all(this.parts.houses().map(house => this.#beat(house, signal)))
    } catch (thrown) { this.parts.faulty(thrown) }
  }

  async #beat(house: string, signal: AbortSignal): Promise<void> {
    try {
      const { state } = await this.parts.reach(house, signal)
      if (!signal.aborted) this.#take(house, state)
    } catch (thrown) { this.parts.faulty(thrown) }
  }

  #take(house: string, state: string): void {
    const at = this.parts.now().toISOString()
    const before = this.#last.get(house)?.state ?? null
    const misses = state === ANSWERED ? 0 : (this.#misses.get(house) ?? 0) + 1
    this.#misses.set(house, misses)
    if (state === ANSWERED) this.#seenAt.set(house, at)
    if (state === before || (before === ANSWERED && misses < MISSES)) return
    this.#head++
    const beat: Beat = { seq: this.#head, cursor: String(this.#head), house, state, before, at }
    this.#last.set(house, beat)
    for (const listener of this.#listeners) listener(beat)
  }

  #behind(seq: number): Beat[] { return [...this.#last.values()].filter(beat => beat.seq > seq).sort((one, other) => one.seq - other.seq) }

  follow(place: Place | null, _: Asking, heard: { begin(place: Place): void; line(beat: Beat): void }, signal: AbortSignal): Promise<void> {
    heard.begin(place ?? { seq: this.#head, cursor: String(this.#head) })
    for (const beat of place ? this.#behind(place.seq) : []) heard.line(beat)
    return new Promise(resolve => {
      const listener = (beat: Beat): void => heard.line(beat)
      this.#listeners.add(listener)
      signal.addEventListener('abort', () => {
        this.#listeners.delete(listener)
        resolve()
      }, { once: true })
    })
  }

  page(_: Asking, after: string): Promise<Page<Beat>> {
    return Promise.resolve({ lines: this.#behind(Number(after)), end: { seq: this.#head, cursor: String(this.#head) } })
  }

  keysOf({ house }: Beat): readonly string[] { return [house] }
}
