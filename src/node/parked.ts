// Letters that cannot be taken as they came, kept before the mailbox cursor moves on: those that wait for a word more (an upgrade, a newer
// directory, the hub's next look), those ahead of their turn, and the second letter under one number, which proves a fault.
import type { Documents, Store } from '../store/store'
import type { LetterName } from '../wire/letters'
import { letterKey } from './entry'
import type { Logger } from 'pino'

export interface ParkedLetter { jws: string; why: string }
/** A letter as it came, and where in the mailbox. */
export interface Came { seq: number; jws: string }
export interface Waiting extends ParkedLetter, Came {}

const PAGE = 500
/** More than a partner's mistake can bring: somebody fills the mailbox. */
const WAITING_AT_MOST = 2_000

export class Parked {
  readonly #kept: Documents<ParkedLetter>
  /** How many wait, as far as known. */
  #count: number | null = null

  constructor(store: Store, private readonly log: Logger) { this.#kept = store.documents('parked') }

  /** False where too many wait already: then the mailbox is read no further. At a place of the mailbox: nobody is proved to have sent it, or it is of a schema that is not known yet. */
  async waits(seq: number, jws: string, why: string): Promise<boolean> {
    const key = waitingKey(seq)
    this.#count ??= (await this.#kept.list({ prefix: WAITING, limit: WAITING_AT_MOST })).length
    const isThere = (await this.#kept.get(key)) !== null
    if (!isThere && this.#count >= WAITING_AT_MOST) return false
    await this.#keep(key, { jws, why })
    if (!isThere) this.#count += 1
    return true
  }

  /** Ahead of its turn; the gap before it is named. */
  early({ iss, n }: LetterName, came: Came, expected: number): Promise<void> { return this.#keep(`early/${letterKey(iss, n)}`, { ...came, why: `GAP: expected ${expected}` }) }

  /** Another letter under a number that is taken: evidence, kept for ever. */
  conflict({ iss, n, digest }: LetterName, jws: string): Promise<void> { return this.#keep(`conflict/${letterKey(iss, n)}/${digest}`, { jws, why: 'LETTER_CONFLICT' }) }

  async waiting(after = 0): Promise<Waiting[]> {
    const found = await this.#kept.list({ prefix: WAITING, limit: PAGE, after: waitingKey(after) })
    return found.map(({ key, value }) => ({ ...value, seq: Number(key.slice(WAITING.length)) }))
  }

  next({ iss, n }: LetterName): Promise<Waiting | null> { return this.#kept.get(`early/${letterKey(iss, n + 1)}`) as Promise<Waiting | null> }
  forgetNext({ iss, n }: LetterName): Promise<void> { return this.#kept.delete(`early/${letterKey(iss, n + 1)}`) }
  async forgetWaiting(seq: number): Promise<void> {
    await this.#kept.delete(waitingKey(seq))
    this.#count = null
  }

  async forgetWaitingAfter(seq: number): Promise<void> {
    for (let page = await this.waiting(seq); page.length > 0; page = await this.waiting(seq)) for (const each of page) await this.forgetWaiting(each.seq)
  }

  async #keep(key: string, letter: ParkedLetter): Promise<void> {
    this.log.error({ key, why: letter.why }, 'a letter was parked')
    await this.#kept.put(key, letter)
  }
}

const WAITING = 'waiting/'
const waitingKey = (seq: number): string => `${WAITING}${String(seq).padStart(10, '0')}`
