// Who read what a request says: one entry an operation, in a hash chain of its own, durable before the answer leaves. Appends of operations under way go together.
import { LRUCache } from 'lru-cache'
import type { AuthorityId, Digest, Reference } from '../domain/request'
import type { Viewer } from '../domain/viewer'
import { Ledger, type Chained } from '../ledger/ledger'
import { Refusal } from '../refusal'
import type { Store } from '../store/store'
import { FreshContents, type Contents } from './contents'
import { digestOf } from './entry'

export interface AccessBody extends Chained {
  kind: 'read'
  /** Whose node vouches for the reader: the own authority, or the partner that the reader belongs to. */
  authority: AuthorityId
  /** Content document that names the reader. */
  reader: Digest
  references: Reference[]
}

export interface Reader { subject: string; role: Viewer['role'] }

/** One entry as its auditor sees it; `reader` null once it was deleted. */
export interface AccessEntry { seq: number; at: string; authority: AuthorityId; reader: Reader | null; references: readonly Reference[] }

interface Waiting { viewer: Viewer; references: readonly Reference[]; done: () => void; failed: (thrown: unknown) => void }

const READERS_KEPT = 10_000
const TOGETHER_AT_MOST = 256
const ATTEMPTS = 20

export class AccessLog {
  readonly #readers = new LRUCache<string, Digest>({ max: READERS_KEPT })
  #waiting: Waiting[] = []
  #isWriting = false

  private constructor(readonly ledger: Ledger<AccessBody>, private readonly contents: Contents, private readonly now: () => string) {}

  static async open(store: Store, contents: Contents, now: () => string): Promise<AccessLog> {
    return new AccessLog(await Ledger.open(accessLogOf(store), digestOf, store.exclusive), contents, now)
  }

  /** Resolves once the entry is durable. */
  append(viewer: Viewer, references: readonly Reference[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ viewer, references, done, failed })
      if (!this.#isWriting) void this.#write()
    })
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, TOGETHER_AT_MOST)
      try {
        await this.#commit(together)
        for (const { done } of together) done()
      } catch (thrown) {
        for (const { failed } of together) failed(thrown)
      }
    }
    this.#isWriting = false
  }

  /** Another process of this house may have taken the position: then the rest follows behind its entries. */
  async #commit(together: readonly Waiting[]): Promise<void> {
    const readers = await this.#sealed(together)
    let left = together.map(({ viewer, references }, i) => ({ body: { kind: 'read' as const, at: this.now(), authority: viewer.authority ?? '', reader: readers[i] ?? '', references: [...references].sort() } }))
    for (let attempt = 0; left.length > 0 && attempt < ATTEMPTS; attempt++) {
      await this.ledger.refresh()
      let head = this.ledger.head
      const entries = left.map(draft => {
        const entry = this.ledger.chain(head, draft)
        head = { seq: entry.seq, digest: entry.body.digest }
        return entry
      })
      const { inserted } = await this.ledger.commit(entries)
      left = left.slice(inserted)
    }
    if (left.length > 0) throw new Refusal('STORE_UNAVAILABLE', 'What was read cannot be put on record now, so it is not shown.', { hint: 'Try again in a moment.' })
  }

  /** A reader is named once, in a content document, and by its digest from then on. */
  async #sealed(together: readonly Waiting[]): Promise<Digest[]> {
    const fresh = new FreshContents()
    const made = new Map<string, Digest>()
    const digests = together.map(({ viewer: { authority, subject, role } }) => {
      const name = JSON.stringify([authority, role, subject])
      const digest = this.#readers.get(name) ?? made.get(name) ?? fresh.seal({ subject: subject ?? '', role } satisfies Reader)
      made.set(name, digest)
      return digest
    })
    await this.contents.write(fresh.sealed)
    for (const [name, digest] of made) this.#readers.set(name, digest)
    return digests
  }

  /** Oldest first, behind a position; one more than asked for tells whether there is a next page. */
  async page(after: number, limit: number): Promise<AccessEntry[]> {
    const entries = await this.ledger.read({ after, limit })
    const readers = await this.contents.readMany<Reader>(entries.map(({ body }) => body.reader))
    return entries.map(({ seq, body: { at, authority, reader, references } }) => ({ seq, at, authority, reader: readers.get(reader) ?? null, references }))
  }
}

export const accessLogOf = (store: Store) => store.log<AccessBody>('access')

/** What one operation has read so far, and is not on record yet. */
export class AccessNote {
  readonly #references = new Set<Reference>()
  #written: Promise<void> = Promise.resolve()

  constructor(private readonly log: AccessLog, private readonly viewer: Viewer) {}

  read(reference: Reference): void { this.#references.add(reference) }

  /** Resolves once all that was read before this call is on record; rejects where it cannot be, and then nothing may be shown. */
  settle(): Promise<void> {
    if (this.#references.size === 0) return this.#written
    const references = [...this.#references]
    this.#references.clear()
    this.#written = Promise.all([this.#written, this.log.append(this.viewer, references)]).then(() => undefined)
    return this.#written
  }
}
