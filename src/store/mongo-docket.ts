// The docket in MongoDB: what queries filter and order by as fields, the row itself as JSON text. Rows are read by row filters alone.
import type { Query } from 'mongoose'
import type { RequestOrder } from '../domain/vocabulary'
import { facetKey, facetKeys, narrowest } from './facets'
import { asksForNothing, checkedDue, checkedFilter, checkedPlace, factsOf, mayShow, type DocketFacts } from './filter'
import { inCommands, isWritten, type MongoDatabase, type MongoTable } from './mongo-database'
import { countRows, findRows, narrowed, rowFilter, type RowFilter } from './mongo-row-filter'
import { isNewestFirst, KEY_OF_NONE } from './order'
import { newestOf, type Docket, type DocketFilter, type DocketPosition, type DocketRow, type DueQuery, type Scope } from './store'
import { checkedLimit, decoded, encoded, storable } from './text'

interface RowDocument extends Omit<DocketFacts, 'reference'> { _id: string; dueOrder: string; facets: string[]; row: string }

const text = { type: String, required: true }
const FIELDS = {
  _id: text, seq: { type: Number, required: true }, readers: [String], parties: [String], requesting: text, requested: text, decider: text,
  kind: text, status: text, urgency: text, open: { type: Boolean, required: true }, overlays: [String], dueAt: String, clockAt: String, updatedAt: text, createdAt: text,
  /** `dueAt`, with rows that have none behind all others. */
  dueOrder: text,
  /** Made of the other fields, for the indexes alone. */
  facets: [String], row: text,
}

const SORTED_BY: Readonly<Record<RequestOrder, 'updatedAt' | 'createdAt' | 'dueOrder'>> = { LAST_ACTIVITY: 'updatedAt', CREATED: 'createdAt', DUE_FIRST: 'dueOrder' }

/** What fits a filter stands together under one facet, in each order; a query names the facet that holds fewest. The timer has its own. */
const INDEXES: [Record<string, 1 | -1>][] = [
  [{ facets: 1, updatedAt: -1, _id: 1 }], [{ facets: 1, createdAt: -1, _id: 1 }], [{ facets: 1, dueOrder: 1, _id: 1 }], [{ parties: 1, clockAt: 1, _id: 1 }],
]

/** More at once are a docket that is folded anew: rows that are not there yet, and an insert is the cheapest write. */
const MANY = 16

export class MongoDocket implements Docket {
  readonly #table: MongoTable<RowDocument>
  #puts: Promise<void> = Promise.resolve()

  constructor(private readonly database: MongoDatabase) {
    this.#table = database.model('docket', FIELDS, INDEXES)
  }

  /** One put after the other: on some servers two replacements that run at once both pass the guard of `seq`. */
  put(rows: readonly DocketRow[]): Promise<void> {
    const written = this.#puts.then(() => this.#put(rows))
    this.#puts = written.catch(() => {})
    return written
  }

  async #put(rows: readonly DocketRow[]): Promise<void> {
    // One bulk write may name a row only once: its parts may run in any order.
    for (const part of inCommands(newestOf(rows).map(documentOf))) {
      let open: readonly RowDocument[] = part.length > MANY && (await this.#table.insertNew(part)) ? [] : part
      while (open.length > 0 && !(await this.#wrote(open))) open = await this.#newerThanStored(open)
    }
  }

  /** False after a clash: a stored row is as new, or was made this moment by another writer. Not every server tries the rest then. */
  async #wrote(documents: readonly RowDocument[]): Promise<boolean> {
    const writes = documents.map(replacement => ({
      replaceOne: { filter: { _id: replacement._id, seq: this.database.trusted({ $lt: replacement.seq }) }, replacement, upsert: true },
    }))
    return isWritten(this.#table.use(model => model.bulkWrite(writes, { ordered: false, throwOnValidationError: true })))
  }

  async #newerThanStored(documents: readonly RowDocument[]): Promise<readonly RowDocument[]> {
    const ids = this.database.trusted({ $in: documents.map(({ _id }) => _id) })
    const stored = await this.#table.use(model => model.find({ _id: ids }, { seq: 1 }).lean<RowDocument[]>())
    const seqs = new Map(stored.map(({ _id, seq }) => [_id, seq]))
    return documents.filter(({ _id, seq }) => seq > (seqs.get(_id) ?? 0))
  }

  async get(scope: Scope, reference: string): Promise<DocketRow | null> { return (await this.getMany(scope, [reference]))[0] ?? null }

  async getMany(scope: Scope, references: readonly string[]): Promise<DocketRow[]> {
    return this.#rows(this.#filter(scope, { references }), query => query)
  }

  async find(scope: Scope, { filter, order, after, limit }: { filter: DocketFilter; order: RequestOrder; after?: DocketPosition; limit: number }): Promise<DocketRow[]> {
    const wanted = this.#filter(scope, filter)
    if (!wanted || checkedLimit(limit) === 0) return []
    const field = SORTED_BY[order]
    return this.#rows(after ? this.#behind(wanted, order, after) : wanted, query => query.sort([[field, isNewestFirst(order) ? -1 : 1], ['_id', 1]]).limit(limit))
  }

  async count(scope: Scope, filter: DocketFilter): Promise<number> {
    const wanted = this.#filter(scope, filter)
    return wanted ? this.#table.use(async model => countRows(model, wanted)) : 0
  }

  async due(scope: Scope, asked: DueQuery): Promise<DocketRow[]> {
    const { at, after, limit } = checkedDue(asked)
    const wanted = rowFilter(scope, {})
    if (!wanted || checkedLimit(limit) === 0) return []
    const trusted = <Operator extends object>(operator: Operator): Operator => this.database.trusted(operator)
    const behind = after && { $or: [{ clockAt: trusted({ $gt: after.clockAt }) }, { clockAt: after.clockAt, _id: trusted({ $gt: after.reference }) }] }
    return this.#rows(narrowed(wanted, { clockAt: trusted({ $lte: at }), ...behind }), query => query.sort([['clockAt', 1], ['_id', 1]]).limit(limit))
  }

  async drop(): Promise<void> { await this.#table.use(model => model.deleteMany({})) }

  async #rows(filter: RowFilter | null, shaped: (query: Query<RowDocument[], RowDocument>) => Query<RowDocument[], RowDocument>): Promise<DocketRow[]> {
    if (!filter) return []
    const found = await this.#table.use(async model => findRows(model, filter, shaped))
    return found.map(({ row }) => decoded<DocketRow>(row)).filter(row => mayShow(filter.scope, row))
  }

  /** What a query asks for, within the row rule; null where nothing can fit, and then nothing is sent. */
  #filter(scope: Scope, given: DocketFilter): RowFilter | null {
    const { authority } = scope
    const filter = checkedFilter(given)
    if (asksForNothing(filter)) return null
    const among = (values: readonly string[] | undefined): object | undefined => values && this.database.trusted({ $in: values })
    const facets = filter.references || typeof authority !== 'string' ? undefined : narrowest(filter).map(facet => facetKey(authority, facet))
    const { side, sideOf, open, dueBefore, updatedAfter } = filter
    return rowFilter(scope, {
      _id: filter.references?.length === 1 ? filter.references[0] : among(filter.references), kind: among(filter.kinds), status: among(filter.statuses), urgency: among(filter.urgencies), decider: among(filter.deciders), overlays: among(filter.overlays),
      open, requesting: side === 'REQUESTING' ? sideOf : undefined, requested: side === 'REQUESTED' ? sideOf : undefined,
      dueOrder: dueBefore && this.database.trusted({ $lt: dueBefore }), updatedAt: updatedAfter && this.database.trusted({ $gt: updatedAfter }),
      facets: among(facets), $and: filter.partners && [{ parties: among(filter.partners.filter(partner => partner !== authority)) }],
    })
  }

  #behind(filter: RowFilter, order: RequestOrder, after: DocketPosition): RowFilter | null {
    const { value, reference } = checkedPlace(after)
    const field = SORTED_BY[order]
    const place = value ?? (isNewestFirst(order) ? '' : KEY_OF_NONE)
    const further = this.database.trusted(isNewestFirst(order) ? { $lt: place } : { $gt: place })
    return narrowed(filter, { $or: [{ [field]: further }, { [field]: place, _id: this.database.trusted({ $gt: reference }) }] })
  }
}

function documentOf(row: DocketRow): RowDocument {
  const { reference, ...facts } = factsOf(row)
  for (const key of [reference, ...facts.parties, ...facts.readers]) storable(key, 'a reference or an authority id')
  return { _id: reference, ...facts, dueOrder: facts.dueAt ?? KEY_OF_NONE, facets: facetKeys({ reference, ...facts }), row: encoded(row, 'a row of the docket') }
}
