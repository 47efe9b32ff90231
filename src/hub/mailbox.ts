// One numbered log an authority: the letters and receipts that wait for it, in one order, each exactly once however often it came.
// Knows neither signatures nor who may write; the sealed bytes of a letter lie beside the log and are gone once it is receipted.
import { Doorbell } from '../ledger/doorbell'
import { fault } from '../refusal'
import type { Log, LogEntry, Store } from '../store/store'

/** A letter that waits. Its relay receipt is made once and stands in the entry itself: one write, so it can not be lost between. */
export interface LetterItem extends LaidAgain { kind: 'letter'; from: string; n: number; id: string; digest: string; bytes: number; at: string; relay: string }
/** A receipt of `from` for the letter `n` that this mailbox's owner had sent to it. */
export interface ReceiptItem extends LaidAgain { kind: 'receipt'; from: string; n: number; id: string; digest: string; at: string; receipt: string }
/** `again`: tells apart what lies here more than once: the key whose end is the reason, or how often the letter was laid again before, because its owner read past it. */
export interface LaidAgain { again?: string }
export type MailboxItem = LetterItem | ReceiptItem

/** KNOWN: an entry with this item's name stood there already; nothing was written. */
export type Placed = 'NEW' | 'KNOWN'

export const nameOf = (kind: MailboxItem['kind'], from: string, n: number, again?: string): string => `${kind}:${from}/${n}${again === undefined ? '' : `>${again}`}`

interface Waiting { item: MailboxItem; name: string; settle: (placed: Placed) => void; fail: (error: unknown) => void }

const COMMIT_AT_ONCE = 256
const READ_AT_ONCE = 256
/** Another process's entries are looked for at least this often. */
const POLL_MS = 150
/** Positions lost to another process in a row before it counts as a fault of the store. */
const CLASHES_IN_A_ROW = 200

export class Mailbox {
  readonly #log: Log<MailboxItem>
  readonly #bell = new Doorbell()
  readonly #pollMs: number | null
  readonly #queue: Waiting[] = []
  /** A guess of the log's end; null: ask the store. Only ever wrong in being too low. */
  #last: number | null = null
  #committing = false
  #clashes = 0
  /** The sender's next letter as far as seen here: never too high, since a log never loses an entry. */
  readonly #next = new Map<string, number>()

  constructor(store: Store, readonly owner: string) {
    this.#log = store.log<MailboxItem>(`mailbox:${owner}`)
    this.#pollMs = store.exclusive ? null : POLL_MS
  }

  last(): Promise<number> { return this.#log.last() }

  async letter(from: string, n: number): Promise<LetterItem | null> {
    const entry = await this.#log.find(nameOf('letter', from, n))
    return entry?.body.kind === 'letter' ? entry.body : null
  }

  async positionOf(from: string, n: number, again?: string): Promise<number | null> {
    return (await this.#log.find(nameOf('letter', from, n, again)))?.seq ?? null
  }

  /** Items stand in the log in the order given; durable when it resolves. */
  append(items: readonly MailboxItem[]): Promise<Placed[]> {
    const placed = Promise.all(items.map(item => this.#enqueue(item)))
    void this.#drain()
    return placed
  }

  #enqueue(item: MailboxItem): Promise<Placed> {
    return new Promise((settle, fail) => this.#queue.push({ item, name: nameOf(item.kind, item.from, item.n, item.again), settle, fail }))
  }

  async #drain(): Promise<void> {
    if (this.#committing) return
    this.#committing = true
    while (this.#queue.length > 0) await this.#commit().catch(error => this.#giveUp(error))
    this.#committing = false
  }

  /** All that wait fail together: a later letter of a sender must not be written where an earlier one was not. */
  #giveUp(error: unknown): void {
    this.#last = null
    this.#clashes = 0
    for (const waiting of this.#queue.splice(0)) waiting.fail(error)
  }

  async #commit(): Promise<void> {
    const last = this.#last ?? await this.#log.last()
    const entries = this.#queue.slice(0, COMMIT_AT_ONCE).map((waiting, at) => ({ seq: last + 1 + at, unique: waiting.name, body: waiting.item }))
    const { inserted, clash } = await this.#log.append(entries)
    this.#last = last + inserted
    for (const waiting of this.#queue.splice(0, inserted)) this.#settle(waiting, 'NEW')
    if (inserted > 0) this.#bell.ring()
    if (clash === 'UNIQUE') this.#settleKnown()
    if (clash === 'POSITION') this.#last = null
    this.#clashes = clash === 'POSITION' && inserted === 0 ? this.#clashes + 1 : 0
    if (this.#clashes > CLASHES_IN_A_ROW) fault(`mailbox ${this.owner}: no position to be had behind ${last}`)
  }

  /** The first in the queue clashed, so every other of its name would too. */
  #settleKnown(): void {
    const name = this.#queue[0]?.name
    const rest = this.#queue.splice(0)
    for (const waiting of rest) {
      if (waiting.name === name) this.#settle(waiting, 'KNOWN')
      else this.#queue.push(waiting)
    }
  }

  #settle(waiting: Waiting, placed: Placed): void {
    if (waiting.item.kind === 'letter') this.sawLetter(waiting.item.from, waiting.item.n)
    waiting.settle(placed)
  }

  sawLetter(from: string, n: number): void {
    if (n >= this.knownNext(from)) this.#next.set(from, n + 1)
  }

  /** The number that follows the sender's last letter seen here; the store may know more of another process. */
  knownNext(from: string): number { return this.#next.get(from) ?? 1 }

  /** The number that follows the sender's last letter in the store. Numbers have no holes, so it is found by halving. */
  async next(from: string): Promise<number> {
    let there = this.knownNext(from) - 1
    let step = 1
    while (await this.letter(from, there + step)) { there += step; step *= 2 }
    for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) {
      if (await this.letter(from, there + step)) there += step
    }
    if (there > 0) this.sawLetter(from, there)
    return there + 1
  }

  /** Batches of entries behind `after`, for ever. The bell is armed before each read, else an entry could be slept through. */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<LogEntry<MailboxItem>[], void> {
    let position = after
    let rung = this.#bell.armed(signal, this.#pollMs)
    while (!signal.aborted) {
      const entries = await this.#log.read({ after: position, limit: READ_AT_ONCE })
      const last = entries.at(-1)
      if (last) {
        position = last.seq
        yield entries
      } else {
        await rung
        rung = this.#bell.armed(signal, this.#pollMs)
      }
    }
  }
}
