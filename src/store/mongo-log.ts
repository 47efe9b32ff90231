// Logs in MongoDB: one document an entry, its position the `_id`. The unique indexes decide between writers; after a clash or an
// answer that never came, what stands in the log decides what was written. Bodies are JSON text (see text.ts).
import { randomUUID } from 'node:crypto'
import { fault } from '../refusal'
import { isDuplicate, isUnavailable, type MongoDatabase, type MongoTable } from './mongo-database'
import type { Appended, Log, LogEntry } from './store'
import { checkedLimit, checkedPosition, decoded, encoded, isStorable, storable } from './text'

interface EntryDocument { _id: number; ref?: string; unique?: string; body: string; append: string }

const FIELDS = {
  _id: { type: Number, required: true }, ref: String, unique: String, body: { type: String, required: true },
  /** Tells one append call's entries from another's, should both have written the same. */
  append: { type: String, required: true },
}

export class MongoLog<Body> implements Log<Body> {
  readonly #table: MongoTable<EntryDocument>
  /** Every position up to this one is known to be taken. */
  #known = 0

  constructor(private readonly database: MongoDatabase, name: string) {
    this.#table = database.model(`log.${name}`, FIELDS, [[{ unique: 1 }, { unique: true, sparse: true }], [{ ref: 1, _id: 1 }]])
  }

  async append(entries: readonly LogEntry<Body>[]): Promise<Appended> {
    const append = randomUUID()
    const documents = entries.map(entry => documentOf(entry, append))
    const [first] = documents
    if (!first) return { inserted: 0, clash: null }
    if (documents.some(({ _id }, index) => _id !== first._id + index)) fault('entries of one append must follow each other')
    await this.#demandNoHole(first._id)
    const appended = await this.#insert(documents)
    this.#known = Math.max(this.#known, first._id + appended.inserted - 1)
    return appended
  }

  async #demandNoHole(seq: number): Promise<void> {
    if (seq - 1 > this.#known && (await this.last()) < seq - 1) fault(`entry ${seq} would leave a hole`)
  }

  async #insert(documents: readonly EntryDocument[]): Promise<Appended> {
    try {
      await this.#table.use(model => model.insertMany(documents, { ordered: true, lean: true }))
      return { inserted: documents.length, clash: null }
    } catch (error) {
      if (!isDuplicate(error) && !isUnavailable(error)) throw error
      return this.#settled(documents, error)
    }
  }

  /** What of an append came to stand. An answer that got lost says nothing; neither does the server say which index clashed. */
  async #settled(documents: readonly EntryDocument[], error: unknown): Promise<Appended> {
    const places = await this.#table.use(model => model.find({ _id: this.database.trusted({ $in: documents.map(({ _id }) => _id) }) }, { append: 1 }).lean())
    const writers = new Map(places.map(({ _id, append }) => [_id, append]))
    const open = documents.findIndex(({ _id, append }) => writers.get(_id) !== append)
    const next = documents[open]
    if (!next) return { inserted: documents.length, clash: null }
    if (writers.has(next._id)) return { inserted: open, clash: 'POSITION' }
    if (next.unique !== undefined && (await this.find(next.unique))) return { inserted: open, clash: 'UNIQUE' }
    throw error
  }

  read({ after, limit, ref }: { after: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]> {
    if (limit === 1 && ref === undefined && Number.isSafeInteger(after)) return this.#at(checkedPosition(after, 'after') + 1)
    return this.#range({ $gt: checkedPosition(after, 'after') }, 1, limit, ref)
  }

  readBack({ before, limit, ref }: { before: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]> {
    return this.#range({ $lt: checkedPosition(before, 'before') }, -1, limit, ref)
  }

  /** Without a hole, the next entry has the next position, and equality finds it on every server; some go through the whole log for a range. */
  async #at(seq: number): Promise<LogEntry<Body>[]> {
    const document = await this.#table.use(model => model.findOne({ _id: seq }).lean<EntryDocument | null>())
    return document ? [entryOf<Body>(document)] : []
  }

  async #range(bounds: { $gt: number } | { $lt: number }, direction: 1 | -1, limit: number, ref: string | undefined): Promise<LogEntry<Body>[]> {
    if (checkedLimit(limit) === 0 || (ref !== undefined && !isStorable(ref))) return []
    const filter = { _id: this.database.trusted(bounds), ...(ref !== undefined && { ref }) }
    const documents = await this.#table.use(model => model.find(filter).sort({ _id: direction }).limit(limit).lean<EntryDocument[]>())
    return documents.map(entryOf<Body>)
  }

  async last(): Promise<number> {
    const last = await this.#table.use(model => model.findOne({}, { _id: 1 }).sort({ _id: -1 }).lean<EntryDocument | null>())
    this.#known = Math.max(this.#known, last?._id ?? 0)
    return last?._id ?? 0
  }

  async find(unique: string): Promise<LogEntry<Body> | null> {
    if (!isStorable(unique)) return null
    const document = await this.#table.use(model => model.findOne({ unique }).lean<EntryDocument | null>())
    return document && entryOf<Body>(document)
  }
}

function documentOf(entry: LogEntry<unknown>, append: string): EntryDocument {
  if (!Number.isSafeInteger(entry.seq) || entry.seq < 1) fault('positions of a log count from 1')
  return {
    _id: entry.seq,
    ...(entry.ref !== undefined && { ref: storable(entry.ref, 'the name of a stream') }),
    ...(entry.unique !== undefined && { unique: storable(entry.unique, 'a unique value') }),
    body: encoded(entry.body, 'an entry'), append,
  }
}

const entryOf = <Body>({ _id, ref, unique, body }: EntryDocument): LogEntry<Body> =>
  ({ seq: _id, ...(unique !== undefined && { unique }), ...(ref !== undefined && { ref }), body: decoded<Body>(body) })
