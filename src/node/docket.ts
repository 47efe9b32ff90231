// The read model of a node: folded from the ledger, dropped and rebuilt at will. Its cursor is the tally.
import type { AuthorityId, Digest, Fact, Reference } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import { scopedToHouse, type DocketRow, type Documents, type Store } from '../store/store'
import { fault } from '../refusal'
import type { Contents } from './contents'
import { digestOf, entryReference, type Entry, type EntryBody } from './entry'
import { linkKey, linksOf, type Links } from './links'
import { contentsNeeded, EMPTY_TALLY, foldRow, handOverRecord, tallied, type ContactRecord, type FoldSources, type HandOverRecord, type KeyRecord, type Tally } from './fold'

const READ_AT_ONCE = 512
/** What is folded before it is written: a request's row once for many of its entries. Bounds what a rebuild holds in memory. */
const FOLDED_AT_ONCE = { entries: 131_072, rows: 16_384 }
const CONTACTS_AT_MOST = 10_000
/** The cursor is kept this much later, behind so many entries, or at the close: what lies behind it is folded again at the next start, into the rows that are there. */
const KEPT_EVERY = { entries: 256, ms: 1_000 }
/** Raised whenever the fold makes other rows of the same entries, or a store indexes them in another way: a docket of another format is folded anew at start. */
const DOCKET_FORMAT = 10

/** What folding some entries changes. */
export interface Folded {
  rows: Map<Reference, DocketRow>
  keys: Map<Digest, KeyRecord>
  contacts: Map<string, ContactRecord>
  links: Map<string, { seq: number }>
  handOvers: Map<string, HandOverRecord>
  tally: Tally
}

/** Stands for a digest that is not made yet. */
const LATER: Digest = 'later'

export const nothingFolded = (tally: Tally): Folded => ({ rows: new Map(), keys: new Map(), contacts: new Map(), links: new Map(), handOvers: new Map(), tally })

export class NodeDocket {
  #tally: Tally = EMPTY_TALLY
  /** Where the cursor stands in the store. */
  #keptSeq = 0
  #keptSoon: NodeJS.Timeout | null = null
  readonly #cursor: Documents<Tally & { format?: number }>
  readonly keys: Documents<KeyRecord>
  readonly contacts: Documents<ContactRecord>
  readonly links: Links
  readonly handOvers: Documents<HandOverRecord>

  constructor(private readonly store: Store, private readonly ledger: Ledger<EntryBody>, private readonly contents: Contents, readonly own: AuthorityId) {
    this.#cursor = store.documents('docket-cursor')
    this.keys = store.documents('keys')
    this.contacts = store.documents('contacts')
    this.links = linksOf(store)
    this.handOvers = store.documents('hand-overs')
  }

  get tally(): Tally { return this.#tally }

  /** Everything up to this ledger position can be read here. */
  get seq(): number { return this.#tally.seq }

  async open(): Promise<void> {
    const { format, ...tally } = (await this.#cursor.get('tally')) ?? { ...EMPTY_TALLY, format: DOCKET_FORMAT }
    if (format !== DOCKET_FORMAT) return this.rebuild()
    this.#tally = tally
    this.#keptSeq = tally.seq
    await this.catchUp()
  }

  rows(references: readonly Reference[]): Promise<DocketRow[]> {
    return this.store.docket.getMany(scopedToHouse(this.own), references)
  }

  /** Contact points of all authorities, retired ones too. */
  async contactList(): Promise<ContactRecord[]> {
    return (await this.contacts.list({ prefix: 'contact:', limit: CONTACTS_AT_MOST })).map(({ value }) => value)
  }

  /** Folds what the ledger holds behind the cursor: after a crash, or entries of another process. */
  async catchUp(): Promise<void> {
    await this.ledger.refresh()
    while (this.#tally.seq < this.ledger.head.seq) {
      const folded = await this.#foldedOn()
      if (folded.tally.seq === this.#tally.seq) return
      await this.keep(folded)
    }
  }

  /** The next entries behind the cursor, folded; many of them, so that no row is written once an entry. */
  async #foldedOn(): Promise<Folded> {
    const folded = nothingFolded(this.#tally)
    // Of many facts of one request, the digest of the last alone is kept.
    const heads = new Map<Reference, Fact>()
    const upTo = Math.min(this.ledger.head.seq, this.#tally.seq + FOLDED_AT_ONCE.entries)
    while (folded.tally.seq < upTo && folded.rows.size < FOLDED_AT_ONCE.rows) {
      const entries = await this.ledger.read({ after: folded.tally.seq, limit: READ_AT_ONCE })
      if (entries.length === 0) break
      await this.#fold(entries, folded, heads)
    }
    for (const [reference, fact] of heads) (folded.rows.get(reference) ?? fault('a head without its row')).state.head = digestOf(fact)
    return folded
  }

  async #fold(entries: readonly Entry[], folded: Folded, heads: Map<Reference, Fact>): Promise<void> {
    const references = [...new Set(entries.map(entryReference).filter(reference => reference !== null))].filter(reference => !folded.rows.has(reference))
    const [rows, contents] = await Promise.all([this.rows(references), this.contents.readMany<unknown>(entries.flatMap(contentsNeeded))])
    const current = new Map(rows.map(row => [row.reference, row]))
    const headOf = (fact: Fact): Digest => {
      heads.set(fact.reference, fact)
      return LATER
    }
    for (const entry of entries) foldInto(folded, entry, reference => folded.rows.get(reference) ?? current.get(reference) ?? null, { own: this.own, contentOf: digest => contents.get(digest), headOf })
  }

  /** Makes what was folded readable, then moves the cursor. */
  async keep(folded: Folded): Promise<void> {
    await Promise.all(this.#writesOf(folded))
    if (this.#isCursorDue(folded)) await this.#keepCursor(folded.tally)
    this.#moved(folded.tally)
  }

  /** The same in one commit with whatever else `begin` starts; null where the store has no such commits, and nothing is begun. */
  keepTogether<Begun>(folded: Folded, begin: () => Promise<Begun>): Promise<Begun> | null {
    return this.store.together?.(async () => {
      const [begun] = await Promise.all([begin(), ...this.#writesOf(folded), this.#isCursorDue(folded) && this.#keepCursor(folded.tally)])
      this.#moved(folded.tally)
      return begun
    }) ?? null
  }

  #isCursorDue({ tally }: Folded): boolean { return tally.seq - this.#keptSeq >= KEPT_EVERY.entries }

  /** Where the cursor cannot be kept late, the next one is. */
  #moved(tally: Tally): void {
    this.#tally = tally
    if (tally.seq > this.#keptSeq) this.#keptSoon ??= setTimeout(() => void this.settle().catch(() => undefined), KEPT_EVERY.ms).unref()
  }

  /** Keeps the cursor where it stands: for a start that has nothing to fold, and for `comity verify`, which holds the ledger's end against it. */
  async settle(): Promise<void> {
    if (this.#keptSoon) clearTimeout(this.#keptSoon)
    this.#keptSoon = null
    if (this.#tally.seq > this.#keptSeq) await this.#keepCursor(this.#tally)
  }

  #writesOf({ rows, keys, contacts, links, handOvers }: Folded): (Promise<void> | false)[] {
    return [
      rows.size > 0 && this.store.docket.put([...rows.values()]),
      keys.size > 0 && this.keys.putMany(keys),
      contacts.size > 0 && this.contacts.putMany(contacts),
      links.size > 0 && this.links.putMany(links),
      handOvers.size > 0 && this.handOvers.putMany(handOvers),
    ]
  }

  /** Drops everything derived and folds it again from the first entry. */
  async rebuild(): Promise<void> {
    await this.store.docket.drop()
    this.#tally = EMPTY_TALLY
    await this.#keepCursor(EMPTY_TALLY)
    await this.catchUp()
  }

  async #keepCursor(tally: Tally): Promise<void> {
    await this.#cursor.put('tally', { ...tally, format: DOCKET_FORMAT })
    this.#keptSeq = tally.seq
  }
}

export function foldInto(folded: Folded, entry: Entry, rowOf: (reference: Reference) => DocketRow | null, sources: FoldSources): void {
  const { body } = entry
  const reference = entryReference(entry)
  const before = reference ? rowOf(reference) : null
  const after = reference ? foldRow(before, entry, sources) : null
  if (reference && after && after !== before) folded.rows.set(reference, after)
  if (after && after.state.relations !== before?.state.relations) for (const { reference: named } of after.state.relations) folded.links.set(linkKey(named, after.reference), { seq: entry.seq })
  if (body.key) folded.keys.set(body.key.name, { input: body.key.input, ref: reference ?? body.contact?.id ?? body.handOver?.id ?? '', seq: entry.seq })
  if (body.contact) folded.contacts.set(body.contact.id, { contact: body.contact, seq: entry.seq })
  if (body.handOver) folded.handOvers.set(body.handOver.id, handOverRecord(body.handOver, body.actor ?? ''))
  folded.tally = tallied(folded.tally, entry)
}
