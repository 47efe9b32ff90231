// What a page costs a store: for each filter and each order of the contract, how many keys and rows are read for 20 rows out of some thousands. The
// embedded store is counted at its tables; of MongoDB, whose test server tells nothing of its plans, we see which index a query as sent can use, and how
// many documents stand under the bounds that it gives it.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { type Connection } from 'mongoose'
import { REQUEST_ORDERS, type RequestOrder } from '../../src/domain/vocabulary'
import { EmbeddedDocket } from '../../src/store/embedded-docket'
import { EmbeddedFiles, type Table, type TableName } from '../../src/store/embedded-files'
import { openMongoStore } from '../../src/store/mongo'
import { scoped, type DocketFilter, type DocketRow, type Store } from '../../src/store/store'
import { BR, DE, FR, inPlainOrder, instant, rowOf } from '../support/docket-rows'
import { describeWithMongo, testMongo, type MongoServer } from '../support/mongo-server'

jest.setTimeout(120_000)

const ROWS = 3_000
const RARE = 30
const PAGE = 20
/** A page's keys, looked at a few times over; far below what a walk through all rows would be. */
const READS_AT_MOST = 12 * PAGE
const reads = scoped({ role: 'OFFICIAL', authority: DE, subject: 'anna', expiresAt: null, token: null, signedInAt: null }, () => true)

/** A rare row is the last of every order, where a walk through all would meet it last. */
const rows: readonly DocketRow[] = Array.from({ length: ROWS }, (_, i) => {
  const isRare = i >= ROWS - RARE
  const common = { reference: `R${String(i).padStart(6, '0')}`, updatedAt: instant(2 * ROWS - i), createdAt: instant(2 * ROWS - i), dueAt: instant(i) }
  return rowOf(isRare ? { ...common, requesting: BR, requested: DE, kind: 'EXTRADITION', status: 'NEGOTIATION', urgency: 'EMERGENCY', overlays: ['DISPUTED', 'ESCALATED'], open: false } : { ...common, requesting: DE, requested: FR })
})
const references = rows.slice(-RARE).map(({ reference }) => reference)

/** Each part of the filter alone; the instants are such that few rows fit. */
const FILTERS: [string, DocketFilter][] = [
  ['nothing', {}], ['open', { open: false }], ['kinds', { kinds: ['EXTRADITION', 'PRESERVATION'] }], ['statuses', { statuses: ['NEGOTIATION'] }], ['urgencies', { urgencies: ['EMERGENCY'] }], ['overlays', { overlays: ['DISPUTED', 'ESCALATED'] }],
  ['partners', { partners: [BR] }], ['side', { side: 'REQUESTED', sideOf: DE }], ['deciders', { deciders: [DE] }], ['references', { references }], ['dueBefore', { dueBefore: instant(RARE) }], ['updatedAfter', { updatedAfter: instant(2 * ROWS - RARE) }],
]
const CASES = FILTERS.flatMap(([name, filter]) => REQUEST_ORDERS.map((order): [string, RequestOrder, DocketFilter] => [name, order, filter]))

function fitting(name: string, order: RequestOrder): DocketRow[] {
  const few = name === 'nothing' ? rows : name === 'dueBefore' || name === 'updatedAfter' ? rows.slice(0, RARE) : rows.slice(-RARE)
  return inPlainOrder(few, order)
}

/** Counts what is read from the tables. */
class CountedFiles extends EmbeddedFiles {
  count = 0

  override table(name: TableName): Table {
    return new Proxy(super.table(name), {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method, target)
        if (method === 'get') return (...given: unknown[]): unknown => { this.count += 1; return Reflect.apply(value as () => unknown, target, given) }
        if (method === 'getKeys') return (...given: unknown[]): unknown => (Reflect.apply(value as () => unknown, target, given) as { map(each: (key: unknown) => unknown): unknown }).map(key => { this.count += 1; return key })
        return typeof value === 'function' ? value.bind(target) as unknown : value
      },
    })
  }
}

describe('the embedded store', () => {
  let folder: string
  let files: CountedFiles
  let docket: EmbeddedDocket
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'comity-reads-'))
    files = new CountedFiles(folder, false)
    docket = new EmbeddedDocket(files)
    await docket.put(rows)
  })
  afterAll(async () => { await files.close(); rmSync(folder, { recursive: true, force: true }) })

  test.each(CASES)('a page by %s in the order %s reads little more than the page', async (name, order, filter) => {
    files.count = 0
    const found = await docket.find(reads, { filter, order, limit: PAGE })
    expect(files.count).toBeGreaterThanOrEqual(PAGE)
    expect(files.count).toBeLessThanOrEqual(READS_AT_MOST)
    expect(found.map(({ reference }) => reference)).toEqual(fitting(name, order).slice(0, PAGE).map(({ reference }) => reference))
  })

  test.each(FILTERS.filter(([name]) => name !== 'nothing'))('a count by %s reads little more than what it counts, and each row once', async (_, filter) => {
    files.count = 0
    expect(await docket.count(reads, filter)).toBe(RARE)
    expect(files.count).toBeLessThanOrEqual(READS_AT_MOST)
  })

  test('the timer reads what it answers', async () => {
    files.count = 0
    expect(await docket.due(reads, { at: instant(9 * ROWS), limit: PAGE })).toEqual([])
    expect(files.count).toBe(0)
  })
})

interface Index { key: Record<string, number> }
interface Find { filter: Record<string, unknown>; sort?: ReadonlyMap<string, number> }

describeWithMongo('the MongoDB store', () => {
  let server: MongoServer
  let store: Store
  let beside: Connection
  let sent: Find[]
  const database = `comity_test_${randomUUID().slice(0, 8)}`
  beforeAll(async () => {
    server = await testMongo()
    store = await openMongoStore(server.uri, database, { onCommand: (name, command) => { if (name === 'find') sent.push(structuredClone(command) as unknown as Find) } })
    // Its server goes through all documents for each that it writes: fewer common rows do.
    await store.docket.put([...rows.slice(0, 5 * RARE), ...rows.slice(-RARE)])
    beside = await mongoose.createConnection(server.uri, { dbName: database }).asPromise()
  })
  afterAll(async () => { await store.close(); await beside.dropDatabase(); await beside.close(); await server.remove() })

  test.each(CASES)('a page by %s in the order %s can be read from one index, and few documents stand under its bounds', async (name, order, filter) => {
    sent = []
    const found = await store.docket.find(reads, { filter, order, limit: PAGE })
    expect(found.map(({ reference }) => reference)).toEqual(fitting(name, order).slice(0, PAGE).map(({ reference }) => reference))
    const [asked] = sent
    if (!asked || sent.length !== 1) throw new TypeError('one command finds a page')
    const indexes = (await beside.collection('docket').listIndexes().toArray()) as unknown as Index[]
    const bounds = Math.min(...await Promise.all(indexes.map(({ key }) => documentsUnder(key, asked))))
    expect(bounds).toBeLessThanOrEqual(2 * RARE)
  })

  /** How many documents a walk of this index reads for the page: those within its bounds, or the page where it also gives the order and nothing else is asked. */
  async function documentsUnder(key: Record<string, number>, { filter, sort = new Map() }: Find): Promise<number> {
    const [first = '', second = ''] = Object.keys(key)
    if (filter[first] === undefined) return Infinity
    const bounded = { [first]: filter[first], ...(filter[second] !== undefined && { [second]: filter[second] }) }
    const within = await beside.collection('docket').countDocuments(bounded as never)
    const rest = Object.entries(key).slice(1)
    const isSorted = rest.length > 0 && JSON.stringify(rest) === JSON.stringify([...sort])
    const isAll = Object.keys(filter).every(field => ['readers', 'facets'].includes(field))
    return isSorted && isAll ? Math.min(within, PAGE) : within
  }
})
