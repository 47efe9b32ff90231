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
  /** Position of the entry that made it. */
  seq: number
  /** The keys it lies under: once one of them holds no more, it is sealed anew. */
  kids: string[]
  /** Digests under which it was sealed before: the addressee may have signed for one of them. */
  earlier?: Digest[]
}

/** A letter that cannot be sealed yet, because no key of its addressee's is listed; `seq`: position of the entry that made it. */
export interface UnsealedLetter { to: AuthorityId; n: number; seq: number }

/** What stays of a letter: digest, the addressee's receipt and the hub's. */
export interface LetterEvidence { id: string; digest: Digest; receipt: string }

export const unsealedOf = (store: Store): Documents<UnsealedLetter> => store.documents('unsealed')

export class Outbox {
  readonly #waiting: Documents<OutgoingLetter>
  readonly #evidence: Documents<LetterEvidence>
  /** What took the place of a letter, by the digest that it had before. */
  readonly #anew: Documents<OutgoingLetter>
  readonly #unsealed: Documents<UnsealedLetter>

  constructor(store: Store) {
    this.#waiting = store.documents('outbox')
    this.#evidence = store.documents('sent')
    this.#anew = store.documents('sealed-anew')
    this.#unsealed = unsealedOf(store)
  }

  /** The stored letter where it was sealed before: by this process before a crash, or by another one. */
  async keep(letter: OutgoingLetter): Promise<OutgoingLetter> {
    const key = letterKey(letter.to, letter.n)
    if (await this.#waiting.insert(key, letter)) return letter
    return (await this.#waiting.get(key)) ?? letter
  }

  /** Kept before the courier goes on, and until the letter is sealed: else nobody would come back for it. */
  async leaveUnsealed(letter: UnsealedLetter): Promise<void> { await this.#unsealed.put(letterKey(letter.to, letter.n), letter) }
  async isSealed({ to, n }: UnsealedLetter): Promise<void> { await this.#unsealed.delete(letterKey(to, n)) }

  /** In their order; of one addressee, or the first of all. */
  async unsealed(limit: number, to?: AuthorityId): Promise<UnsealedLetter[]> {
    return (await this.#unsealed.list({ prefix: to === undefined ? '' : `${to}/`, limit })).map(({ value }) => value)
  }

  /** The letter that stands from now on in the place of one whose keys hold no more; where another process was first, its letter. */
  async replace(old: OutgoingLetter, fresh: OutgoingLetter): Promise<OutgoingLetter> {
    const name = `${letterKey(old.to, old.n)}/${old.digest}`
    const stands = (await this.#anew.insert(name, fresh)) ? fresh : ((await this.#anew.get(name)) ?? fresh)
    await this.#waiting.put(letterKey(old.to, old.n), stands)
    // Its receipt may have come meanwhile.
    if (await this.isReceipted(old.to, old.n)) await this.#forget(stands)
    return stands
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

  /** `digest`: the one that was signed for. */
  async receipted(letter: OutgoingLetter, receipt: string, digest = letter.digest): Promise<void> {
    await this.#evidence.insert(letterKey(letter.to, letter.n), { id: letter.id, digest, receipt })
    await this.#forget(letter)
  }

  async #forget({ to, n, earlier = [] }: OutgoingLetter): Promise<void> {
    await this.#waiting.delete(letterKey(to, n))
    for (const digest of earlier) await this.#anew.delete(`${letterKey(to, n)}/${digest}`)
  }
}
