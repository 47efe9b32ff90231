// The docket in an embedded store. Every row is indexed for each party, in each order, under each facet that queries narrow by;
// a query walks the narrowest facet and judges filter and row rule on the row's facts, so its cost is that of its page.
import type { Key } from 'lmdb'
import type { RequestOrder } from '../domain/vocabulary'
import type { EmbeddedFiles, Table } from './embedded-files'
import { ascendingKeys, clockKeys, movedKeys } from './embedded-keys'
import { narrowest, placeInOrder } from './facets'
import { asksForNothing, checkedDue, checkedFilter, checkedPlace, factsOf, matches, mayShow, type DocketFacts } from './filter'
import { inOrder, placeOf, type Place } from './order'
import { newestOf, type Docket, type DocketFilter, type DocketPosition, type DocketRow, type DueQuery, type Scope } from './store'
import { checkedLimit, decoded, encoded, isStorable, storable } from './text'
import { walk } from './walk'

interface Written { reference: string; seq: number; facts: DocketFacts; text: string }
interface Query { filter: DocketFilter; order: RequestOrder; after?: DocketPosition; limit: number }

/** Facts judged before the event loop gets a turn. */
const AT_ONCE = 2_000
/** Rows that a bound on an instant may leave to be gathered and sorted; where it leaves more, the order's own index is walked. */
const GATHERED = 1_000

export class EmbeddedDocket implements Docket {
  constructor(private readonly files: EmbeddedFiles) {}

  async put(rows: readonly DocketRow[]): Promise<void> {
    const written = this.files.prepare(() => newestOf(rows.map(writtenOf)))
    await this.files.write(() => {
      const added: Written[] = []
      for (const one of written) {
        const before = this.#facts(one.reference)
        if (!before) added.push(one)
        else if (before.seq < one.seq) this.#putOne(before, one)
      }
      if (added.length > 1) this.#putMany(added)
      else for (const one of added) this.#putOne(null, one)
    })
  }

  /** In the place of the row that stood there before, if any. */
  #putOne(before: DocketFacts | null, { facts, text }: Written): void {
    const [orders, clocks] = [this.files.table('orders'), this.files.table('clocks')]
    this.files.table('rows').putSync([facts.reference], text)
    this.files.table('facts').putSync([facts.reference], JSON.stringify(facts))
    const { left, taken } = movedKeys(before, facts)
    for (const key of left) orders.removeSync(key)
    for (const key of taken) orders.putSync(key, '')
    if (before) for (const key of clockKeys(before)) clocks.removeSync(key)
    for (const key of clockKeys(facts)) clocks.putSync(key, '')
  }

  /** Many new rows, in the order of their keys: each then has its place where the last one had, and in a docket that held nothing behind it. */
  #putMany(given: readonly Written[]): void {
    const put = this.#isEmpty() ? putLast : putAnywhere
    const written = [...given].sort((one, other) => (one.reference < other.reference ? -1 : 1))
    for (const { reference, text } of written) put(this.files.table('rows'), [reference], text)
    for (const { reference, facts } of written) put(this.files.table('facts'), [reference], JSON.stringify(facts))
    for (const key of ascendingKeys(written.map(({ facts }) => facts))) put(this.files.table('orders'), key, '')
    for (const { facts } of written) for (const key of clockKeys(facts)) this.files.table('clocks').putSync(key, '')
  }

  #isEmpty(): boolean { return Array.from(this.files.table('facts').getKeys({ limit: 1 })).length === 0 }

  async get(scope: Scope, reference: string): Promise<DocketRow | null> { return (await this.getMany(scope, [reference]))[0] ?? null }

  async getMany(scope: Scope, given: readonly string[]): Promise<DocketRow[]> {
    const { references = [] } = checkedFilter({ references: given })
    return [...new Set(references)].map(reference => this.#row(scope, reference)).filter(row => row !== null)
  }

  async find(scope: Scope, query: Query): Promise<DocketRow[]> {
    const found = new Map<string, DocketRow>()
    if (checkedLimit(query.limit) === 0) return []
    for await (const { reference } of this.#matching(scope, query)) {
      const row = this.#row(scope, reference)
      if (row && found.set(reference, row).size === query.limit) break
    }
    return [...found.values()]
  }

  async count(scope: Scope, filter: DocketFilter): Promise<number> {
    let count = 0
    for await (const facts of this.#matching(scope, { filter, order: 'CREATED', limit: Infinity })) count += facts ? 1 : 0
    return count
  }

  async due(scope: Scope, query: DueQuery): Promise<DocketRow[]> {
    const { at, after, limit } = checkedDue(query)
    const { authority } = scope
    const most = checkedLimit(limit)
    if (!isStorable(authority) || most === 0) return []
    const start = after ? [authority, after.clockAt, after.reference] : [authority]
    const keys = this.files.table('clocks').getKeys({ start, end: [authority, `${at}\u007f`], limit: after ? most + 1 : most })
    const references = Array.from(keys, key => String(key[2])).filter(reference => reference !== after?.reference)
    return references.slice(0, most).map(reference => this.#row(scope, reference)).filter(row => row !== null)
  }

  async drop(): Promise<void> {
    await this.files.write(() => { for (const name of ['rows', 'facts', 'orders', 'clocks'] as const) this.files.table(name).clearSync() })
  }

  /** Facts of the rows that the query asks for and the scope may see, in order. */
  async *#matching(scope: Scope, query: Query): AsyncGenerator<DocketFacts> {
    const filter = checkedFilter(query.filter)
    if (query.after) checkedPlace(query.after)
    const { authority } = scope
    if (!isStorable(authority) || asksForNothing(filter)) return
    const fits = (facts: DocketFacts | null): facts is DocketFacts => facts !== null && mayShow(scope, facts) && matches(filter, facts, authority)
    const places = this.#gathered(filter, authority, query.order)
    yield* places ? sorted(places.filter(fits), query) : this.#walked(authority, filter, query, fits)
  }

  /** Where the filter itself names few rows: these, whatever their order. */
  #gathered(filter: DocketFilter, authority: string, order: RequestOrder): (DocketFacts | null)[] | null {
    if (filter.references) return [...new Set(filter.references)].filter(isStorable).map(reference => this.#facts(reference))
    const bounding = filter.dueBefore !== undefined ? 'DUE_FIRST' : filter.updatedAfter !== undefined ? 'LAST_ACTIVITY' : order
    if (bounding === order) return null
    const within = walk(this.files.table('orders'), { authority, order: bounding, facets: narrowest(filter), after: null, filter, limit: GATHERED })
    return within.next ? null : within.found.map(({ reference }) => this.#facts(reference))
  }

  async *#walked(authority: string, filter: DocketFilter, query: Query, fits: (facts: DocketFacts | null) => facts is DocketFacts): AsyncGenerator<DocketFacts> {
    const facets = narrowest(filter)
    let after: Place | null = query.after ? placeOf(query.order, query.after) : null
    for (let limit = Math.min(query.limit * 4, AT_ONCE); ; limit = Math.min(limit * 2, AT_ONCE)) {
      const places = walk(this.files.table('orders'), { authority, order: query.order, facets, after, filter, limit })
      for (const { reference } of places.found) {
        const facts = this.#facts(reference)
        if (fits(facts)) yield facts
      }
      after = places.next
      if (!after) return
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #facts(reference: string): DocketFacts | null {
    const text = this.files.table('facts').get([reference])
    return text === undefined ? null : decoded(text)
  }

  /** The one way to a row: through the row rule. */
  #row(scope: Scope, reference: string): DocketRow | null {
    const text = isStorable(reference) ? this.files.table('rows').get([reference]) : undefined
    const row = text === undefined ? null : decoded<DocketRow>(text)
    return row && mayShow(scope, row) ? row : null
  }
}

const putAnywhere = (table: Table, key: Key[], text: string): void => { table.putSync(key, text) }

/** Behind every key that the table has: nothing is looked for, and pages are full. A key that is not behind them finds its place. */
function putLast(table: Table, key: Key[], text: string): void {
  // Against its own types, the library says whether it was put.
  const isPut = table.putSync(key, text, BEHIND_THE_LAST) as unknown
  if (isPut !== true) table.putSync(key, text)
}
const BEHIND_THE_LAST = { append: true }

function writtenOf(row: DocketRow): Written {
  const facts = factsOf(row)
  for (const key of [facts.reference, ...facts.parties, ...facts.readers]) storable(key, 'a reference or an authority id')
  return { reference: facts.reference, seq: facts.seq, facts, text: encoded(row, 'a row of the docket') }
}

function sorted(found: readonly DocketFacts[], { order, after }: Query): DocketFacts[] {
  const start = after && placeOf(order, after)
  return found.map(facts => ({ facts, place: placeInOrder(facts, order) })).filter(({ place }) => !start || inOrder(start, place) < 0)
    .sort((one, other) => inOrder(one.place, other.place)).map(({ facts }) => facts)
}
