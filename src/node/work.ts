// What a decision sees and makes: the docket as it stands at one ledger position, and the entries that the decision appends behind it.
// Reads are synchronous; one that was not loaded yet interrupts the decision, which is run again once it is there.
import type { AuthorityId, Digest, Reference } from '../domain/request'
import type { DocketRow } from '../store/store'
import type { Head, Ledger } from '../ledger/ledger'
import { FreshContents, type Contents } from './contents'
import { foldInto, nothingFolded, type Folded, type NodeDocket } from './docket'
import { candidates, linkKey } from './links'
import { digestOf, type Entry, type EntryBody, type NodeEntryDraft } from './entry'
import type { ContactRecord, HandOverRecord, KeyRecord, Tally } from './fold'

/** Thrown by a read that is not loaded yet; never leaves the writer. */
class NotLoaded { constructor(readonly load: () => Promise<void>) {} }

/** What a batch of decisions has read and made so far. */
export class Batch {
  readonly rows = new Map<Reference, DocketRow | null>()
  readonly keys = new Map<Digest, KeyRecord | null>()
  readonly contacts = new Map<string, ContactRecord | null>()
  /** Contact points as they stood before the batch, with what they say. */
  contactList: readonly ContactRecord[] | null = null
  readonly contents = new Map<Digest, unknown>()
  readonly naming = new Map<Reference, Reference[] | null>()
  readonly handOvers = new Map<string, HandOverRecord | null>()
  readonly made = new FreshContents()
  readonly entries: Entry[] = []
  readonly alongside: (() => Promise<unknown>)[] = []
  readonly folded: Folded

  constructor(readonly ledger: Ledger<EntryBody>, readonly docket: NodeDocket, readonly store: Contents, public head: Head) {
    this.folded = nothingFolded(docket.tally)
  }

  /** Runs one decision to its end or its refusal; what a refused one had begun is forgotten. */
  async settle<R>(decide: (work: Work) => R, now: string): Promise<R> {
    for (;;) {
      const work = new Work(this, now)
      try {
        const result = decide(work)
        work.keep()
        return result
      } catch (thrown) {
        if (!(thrown instanceof NotLoaded)) throw thrown
        await thrown.load()
      }
    }
  }
}

export class Work {
  readonly fresh = new FreshContents()
  readonly #entries: Entry[] = []
  readonly #alongside: (() => Promise<unknown>)[] = []
  readonly #folded: Folded
  #head: Head

  constructor(private readonly batch: Batch, readonly now: string) {
    this.#head = batch.head
    this.#folded = nothingFolded(batch.folded.tally)
  }

  get own(): AuthorityId { return this.batch.docket.own }
  get tally(): Tally { return this.#folded.tally }

  row(reference: Reference): DocketRow | null {
    return this.#folded.rows.get(reference) ?? this.batch.folded.rows.get(reference) ?? loaded(this.batch.rows, reference, async () => (await this.batch.docket.rows([reference]))[0] ?? null)
  }

  /** Reads rows in one go that `row` would read one by one. */
  loadRows(references: readonly Reference[]): void {
    const { rows, docket } = this.batch
    const missing = [...new Set(references)].filter(reference => !rows.has(reference) && !this.batch.folded.rows.has(reference))
    if (missing.length === 0) return
    throw new NotLoaded(async () => {
      const found = new Map((await docket.rows(missing)).map(row => [row.reference, row]))
      for (const reference of missing) rows.set(reference, found.get(reference) ?? null)
    })
  }

  key(name: Digest): KeyRecord | null {
    return this.batch.folded.keys.get(name) ?? loaded(this.batch.keys, name, () => this.batch.docket.keys.get(name))
  }

  contact(id: string): ContactRecord | null {
    return this.#folded.contacts.get(id) ?? this.batch.folded.contacts.get(id) ?? loaded(this.batch.contacts, id, () => this.batch.docket.contacts.get(id))
  }

  handOver(id: string): HandOverRecord | null {
    return this.#folded.handOvers.get(id) ?? this.batch.folded.handOvers.get(id) ?? loaded(this.batch.handOvers, id, () => this.batch.docket.handOvers.get(id))
  }

  /** All contact points that are known, the own ones and copies. */
  contacts(): ContactRecord[] {
    const { batch } = this
    const known = batch.contactList
    if (!known) {
      throw new NotLoaded(async () => {
        const listed = await batch.docket.contactList()
        for (const [digest, body] of await batch.store.readMany(listed.map(({ contact }) => contact.contents.said))) batch.contents.set(digest, body)
        batch.contactList = listed
      })
    }
    return [...new Map([...known.map(record => [record.contact.id, record] as const), ...batch.folded.contacts, ...this.#folded.contacts]).values()]
  }

  /** Requests that may name this one; their rows tell. */
  namedBy(reference: Reference): Reference[] {
    const kept = loaded(this.batch.naming, reference, () => candidates(this.batch.docket.links, reference)) ?? []
    const made = [this.batch.folded, this.#folded].flatMap(({ links }) => [...links.keys()].filter(key => key.startsWith(linkKey(reference, ''))).map(key => key.slice(linkKey(reference, '').length)))
    return [...new Set([...kept, ...made])]
  }

  content<Body>(digest: Digest | null | undefined): Body | null {
    if (!digest) return null
    const made = this.fresh.body<Body>(digest) ?? this.batch.made.body<Body>(digest)
    return made ?? (loaded(this.batch.contents, digest, () => this.batch.store.read(digest)) as Body | null)
  }

  append(draft: NodeEntryDraft): Entry {
    const entry = this.batch.ledger.chain(this.#head, draft)
    foldInto(this.#folded, entry, reference => this.row(reference), { own: this.own, contentOf: digest => this.content(digest), headOf: digestOf })
    this.#entries.push(entry)
    this.#head = { seq: entry.seq, digest: entry.body.digest }
    return entry
  }

  /** A write that has to be durable no later than what is appended; none is begun where nothing is appended. */
  alongside(write: () => Promise<unknown>): void { this.#alongside.push(write) }

  /** Hands what was decided to the batch. */
  keep(): void {
    this.batch.entries.push(...this.#entries)
    if (this.#entries.length > 0) this.batch.alongside.push(...this.#alongside)
    this.batch.head = this.#head
    for (const [digest, document] of this.fresh.sealed) this.batch.made.take(digest, document)
    for (const [reference, row] of this.#folded.rows) this.batch.folded.rows.set(reference, row)
    for (const [name, key] of this.#folded.keys) this.batch.folded.keys.set(name, key)
    for (const [key, link] of this.#folded.links) this.batch.folded.links.set(key, link)
    for (const [id, contact] of this.#folded.contacts) this.batch.folded.contacts.set(id, contact)
    for (const [id, handOver] of this.#folded.handOvers) this.batch.folded.handOvers.set(id, handOver)
    this.batch.folded.tally = this.#folded.tally
  }
}

function loaded<Value>(cache: Map<string, Value | null>, key: string, read: () => Promise<Value | null>): Value | null {
  const found = cache.get(key)
  if (found !== undefined) return found
  throw new NotLoaded(async () => { cache.set(key, await read()) })
}
