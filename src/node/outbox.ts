// Letters on their way: sealed once, kept until the addressee's signed receipt is there, so that a repeat is the same bytes.
import type { AuthorityId, Digest } from '../domain/request'
import type { Documents, Store } from '../store/store'
import { letterKey } from './entry'
import type { SentLetter } from './record'

export interface OutgoingLetter extends SentLetter {
  to: AuthorityId
  n: number
  id: string
  digest: Digest
  jws: string
  sealedAt: string
}

/** What stays of a letter: digest, the addressee's receipt and the hub's. */
export interface LetterEvidence { id: string; digest: Digest; receipt: string }

export class Outbox {
  readonly #waiting: Documents<OutgoingLetter>
  readonly #evidence: Documents<LetterEvidence>

  constructor(store: Store) {
    this.#waiting = store.documents('outbox')
    this.#evidence = store.documents('sent')
  }

  /** The stored letter where it was sealed before: by this process before a crash, or by another one. */
  async keep(letter: OutgoingLetter): Promise<OutgoingLetter> {
    const key = letterKey(letter.to, letter.n)
    if (await this.#waiting.insert(key, letter)) return letter
    return (await this.#waiting.get(key)) ?? letter
  }

  get(to: AuthorityId, n: number): Promise<OutgoingLetter | null> { return this.#waiting.get(letterKey(to, n)) }

  /** What is kept of a letter that was receipted; null where none was. */
  evidence(to: AuthorityId, n: number): Promise<LetterEvidence | null> { return this.#evidence.get(letterKey(to, n)) }

  async isReceipted(to: AuthorityId, n: number): Promise<boolean> { return (await this.evidence(to, n)) !== null }

  /** Letters without a receipt, by recipient and number. */
  async unreceipted(limit: number, after?: string): Promise<OutgoingLetter[]> {
    return (await this.#waiting.list({ prefix: '', limit, ...(after && { after }) })).map(({ value }) => value)
  }

  from(to: AuthorityId, n: number, limit: number): Promise<OutgoingLetter[]> {
    const before = letterKey(to, n - 1)
    return this.#waiting.list({ prefix: `${to}/`, after: before, limit }).then(found => found.map(({ value }) => value))
  }

  async receipted(letter: OutgoingLetter, receipt: string): Promise<void> {
    const key = letterKey(letter.to, letter.n)
    await this.#evidence.insert(key, { id: letter.id, digest: letter.digest, receipt })
    await this.#waiting.delete(key)
  }
}
