// A ledger as a feed's source, with whatever can happen between it and the channel: lines late, streams cut, pages that cannot be had.
import { setImmediate as turn } from 'node:timers/promises'
import { Refusal } from '../../src/refusal'
import { Channel } from '../../src/live/channel'
import { Told, type Asking, type Desk, type Line, type Page, type Place, type Question, type Rendered, type Source } from '../../src/live/feed'

export interface Event extends Line { kind: string }
export type Chance = () => number

/** Chance that a seed decides. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const ASKER: Asking = { expiresAt: null }

export class Ledger implements Source<Event, Asking> {
  readonly lines: Event[] = []
  /** Streams open now, and the most that ever were. */
  open = 0
  mostOpen = 0
  pages = 0
  #waiting = new Set<() => void>()
  #cut = new AbortController()

  constructor(private readonly chance: Chance, public failing = 0) {}

  get head(): Place { return { seq: this.lines.length, cursor: cursorAt(this.lines.length) } }

  append(kind: string): Event {
    const seq = this.lines.length + 1
    const line = { seq, cursor: cursorAt(seq), kind }
    this.lines.push(line)
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
    return line
  }

  /** Every stream that is open breaks. */
  cut(): void {
    this.#cut.abort()
    this.#cut = new AbortController()
  }

  async follow(place: Place | null, _: Asking, heard: { begin(place: Place): void; line(line: Event): void }, signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.#cut.signal])
    this.mostOpen = Math.max(this.mostOpen, ++this.open)
    try {
      await this.#late()
      let at = place?.seq ?? this.lines.length
      heard.begin({ seq: at, cursor: cursorAt(at) })
      while (!over.aborted) {
        const rung = new Promise<void>(resolve => {
          this.#waiting.add(resolve)
          over.addEventListener('abort', () => resolve(), { once: true })
        })
        for (const line of this.lines.slice(at)) {
          if (this.chance() < this.failing) return
          heard.line(line)
          at = line.seq
        }
        if (at === this.lines.length) await rung
        await this.#late()
      }
    } finally { this.open-- }
  }

  async page(_: Asking, after: string): Promise<Page<Event> | null> {
    this.pages++
    await this.#late()
    if (this.chance() < this.failing) return null
    const from = Number(after.slice(1))
    if (!/^c\d+$/.test(after) || from > this.lines.length) throw new Refusal('CURSOR_INVALID', 'not a cursor of this ledger', {})
    const lines = this.lines.slice(from, from + 1 + Math.floor(this.chance() * 6))
    const end = lines.length > 0 ? lines[lines.length - 1] as Event : { seq: from, cursor: after }
    await this.#late()
    return { lines, end: { seq: end.seq, cursor: end.cursor } }
  }

  keysOf({ kind }: Event): string[] { return [kind] }

  async #late(): Promise<void> { for (let turns = Math.floor(this.chance() * 3); turns > 0; turns--) await turn() }
}

const cursorAt = (seq: number): string => `c${seq}`

/** Waits are a turn of the loop: what is tried again is tried at once. */
export const noWait = async (_: number, signal: AbortSignal): Promise<boolean> => {
  await turn()
  return !signal.aborted
}

export const channelOver = (ledger: Ledger, faults: unknown[] = []): Channel<Event, Asking> => new Channel(ledger, () => undefined, thrown => void faults.push(thrown), noWait)

/** `*` lets everything through. */
export const questionOf = (kinds: string): Question<Event, never> => ({
  filter: kinds, keys: kinds === '*' ? null : kinds.split(''), accepts: ({ kind }) => kinds === '*' || kinds.includes(kind), root: (_, line) => line,
})

/** A desk that notes what it hears. */
export class Listener implements Desk {
  readonly heard: number[] = []
  ended: unknown = null
  #leave: (() => void) | null = null

  constructor(readonly kinds: string, private readonly chance: Chance, private readonly failing = 0) {}

  sit(channel: Channel<Event, Asking>, after: string | null): void {
    this.#leave = channel.join(ASKER, { alike: this.kinds.length > 1 ? 'long' : 'short', desk: this, render: line => this.#render(line) }, questionOf(this.kinds), after)
  }

  rise(): void {
    this.#leave?.()
    this.#leave = null
  }

  tell({ seq }: Told): void { if (this.#leave) this.heard.push(seq) }
  async flushed(): Promise<void> { if (this.chance() < 0.5) await turn() }
  end(thrown: unknown): void { this.ended = thrown }

  async #render(line: Event): Promise<Rendered> {
    if (this.chance() < 0.5) await turn()
    return this.chance() < this.failing ? { state: 'AGAIN' } : { state: 'TOLD', told: new Told(line.seq, line.cursor, line.kind), passes: () => true }
  }
}

export async function until(holds: () => boolean, what: () => string): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 20_000) throw new TypeError(`waited in vain: ${what()}`)
    await turn()
  }
}
