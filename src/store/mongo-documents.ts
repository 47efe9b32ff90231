// Documents by key in MongoDB, their values as JSON text (see text.ts).
import { inCommands, isDuplicate, type MongoDatabase, type MongoTable } from './mongo-database'
import type { Documents } from './store'
import { checkedLimit, decoded, encoded, isStorable, LAST_TEXT, storable } from './text'

interface StoredDocument { _id: string; value: string }

const FIELDS = { _id: { type: String, required: true }, value: { type: String, required: true } }

export class MongoDocuments<Value> implements Documents<Value> {
  readonly #table: MongoTable<StoredDocument>

  constructor(private readonly database: MongoDatabase, name: string) {
    this.#table = database.model(`documents.${name}`, FIELDS, [])
  }

  async get(key: string): Promise<Value | null> { return (await this.getMany([key])).get(key) ?? null }

  async getMany(keys: readonly string[]): Promise<Map<string, Value>> {
    const asked = keys.filter(isStorable)
    if (asked.length === 0) return new Map()
    const [only, another] = asked
    // Equality finds by the key on every server; some go through all documents for a list of one.
    const _id = only !== undefined && another === undefined ? only : this.database.trusted({ $in: asked })
    const found = await this.#table.use(model => model.find({ _id }).lean<StoredDocument[]>())
    return new Map(found.map(({ _id, value }) => [_id, decoded<Value>(value)]))
  }

  async insert(key: string, value: Value): Promise<boolean> {
    return this.#table.insertNew([documentOf(key, value)])
  }

  async put(key: string, value: Value): Promise<void> { await this.#replace([documentOf(key, value)]) }

  /** Of many most are new (contents, keys), and an insert is the cheapest write; where one is not, all are replaced. */
  async putMany(values: ReadonlyMap<string, Value>): Promise<void> {
    for (const part of inCommands(Array.from(values, ([key, value]) => documentOf(key, value)))) {
      if (!(await this.#table.insertNew(part))) await this.#replace(part)
    }
  }

  async #replace(documents: readonly StoredDocument[]): Promise<void> {
    const writes = documents.map(replacement => ({ replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } }))
    const write = (): Promise<unknown> => this.#table.use(model => model.bulkWrite(writes, { ordered: false, throwOnValidationError: true }))
    // Two that make the same document at once: the index lets one in, the other finds it the next time. Each clash makes one exist.
    for (let clashes = 0; ; clashes += 1) {
      const clashed = await write().then(() => false, (error: unknown) => { if (isDuplicate(error) && clashes < writes.length) return true; throw error })
      if (!clashed) return
    }
  }

  async delete(key: string): Promise<void> {
    if (isStorable(key)) await this.#table.use(model => model.deleteOne({ _id: key }))
  }

  async list({ prefix, after, limit }: { prefix: string; after?: string; limit: number }): Promise<{ key: string; value: Value }[]> {
    if (checkedLimit(limit) === 0) return []
    const behind = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
    const range = this.database.trusted({ ...(behind ? { $gt: after } : { $gte: prefix }), $lt: prefix + LAST_TEXT })
    const found = await this.#table.use(model => model.find({ _id: range }).sort({ _id: 1 }).limit(limit).lean<StoredDocument[]>())
    return found.map(({ _id, value }) => ({ key: _id, value: decoded<Value>(value) }))
  }
}

const documentOf = (key: string, value: unknown): StoredDocument =>
  ({ _id: storable(key, 'the key of a document'), value: encoded(value, 'a document') })
