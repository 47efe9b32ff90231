// Letters that cannot be taken as they came, kept before the mailbox cursor moves on: those that wait for a word more (an upgrade, a newer
// directory, the hub's next look), those ahead of their turn, and the second letter under one number, which proves a fault.
import type { Documents, Store } from '../store/store'
import type { LetterName } from '../wire/letters'
import { letterKey } from './entry'
import type { Logger } from 'pino'

export interface ParkedLetter { jws: string; why: string }
/** A letter that waits at its place in the mailbox. */
export interface Waiting extends ParkedLetter { seq: number }

const PAGE = 500

export class Parked {
  readonly #kept: Documents<ParkedLetter>

  constructor(store: Store, private readonly log: Logger) { this.#kept = store.documents('parked') }

  /** At a place of the mailbox: nobody is proved to have sent it, or it is of a schema that is not known yet. */
  waits(seq: number, jws: string, why: string): Promise<void> { return this.#keep(waitingKey(seq), { jws, why }) }

  /** Ahead of its turn; the gap before it is named. */
  early({ iss, n }: LetterName, jws: string, expected: number): Promise<void> { return this.#keep(`early/${letterKey(iss, n)}`, { jws, why: `GAP: expected ${expected}` }) }

  /** Another letter under a number that is taken: evidence, kept for ever. */
  conflict({ iss, n, digest }: LetterName, jws: string): Promise<void> { return this.#keep(`conflict/${letterKey(iss, n)}/${digest}`, { jws, why: 'LETTER_CONFLICT' }) }

  async waiting(after = 0): Promise<Waiting[]> {
    const found = await this.#kept.list({ prefix: WAITING, limit: PAGE, after: waitingKey(after) })
    return found.map(({ key, value }) => ({ ...value, seq: Number(key.slice(WAITING.length)) }))
  }

  next({ iss, n }: LetterName): Promise<ParkedLetter | null> { return this.#kept.get(`early/${letterKey(iss, n + 1)}`) }
  forgetEarly({ iss, n }: LetterName): Promise<void> { return this.#kept.delete(`early/${letterKey(iss, n)}`) }
  forgetWaiting(seq: number): Promise<void> { return this.#kept.delete(waitingKey(seq)) }

  async #keep(key: string, letter: ParkedLetter): Promise<void> {
    this.log.error({ key, why: letter.why }, 'a letter was parked')
    await this.#kept.put(key, letter)
  }
}

const WAITING = 'waiting/'
const waitingKey = (seq: number): string => `${WAITING}${String(seq).padStart(10, '0')}`
