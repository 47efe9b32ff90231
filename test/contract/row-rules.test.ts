// Row by row, how a store's library loses a row rule (each measured: should one of them change, we learn of it here), and that nothing of it opens a row:
// the filter of a query is of a type that raw access cannot make, what is sent is judged after the cast, and each row once more when it leaves the store.
import { mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { type Connection, type Model } from 'mongoose'
import { EmbeddedDocket } from '../../src/store/embedded-docket'
import { EmbeddedFiles } from '../../src/store/embedded-files'
import { mayShow } from '../../src/store/filter'
import { openMongoStore } from '../../src/store/mongo'
import { MongoDatabase } from '../../src/store/mongo-database'
import { countRows, findRows, narrowed, rowFilter, type Clauses } from '../../src/store/mongo-row-filter'
import { scoped, scopedToHouse, type Scope, type Store } from '../../src/store/store'
import type { Viewer } from '../../src/domain/viewer'
import { BR, DE, FR, instant, rowOf } from '../support/docket-rows'
import { describeWithMongo, testMongo, type MongoServer } from '../support/mongo-server'

jest.setTimeout(60_000)
afterEach(() => { jest.restoreAllMocks() })

type Settings = { sanitizeFilter?: boolean; strictQuery?: boolean | 'throw' }
const OURS: Settings = { sanitizeFilter: true, strictQuery: 'throw' }
const FIELDS = { _id: String, readers: [String], parties: [String], requesting: String, status: String, row: String }

function modelOf(settings: Settings, connection: Connection = mongoose.createConnection()): Model<object> {
  if (settings.sanitizeFilter !== undefined) connection.set('sanitizeFilter', settings.sanitizeFilter)
  const schema = new mongoose.Schema(FIELDS, { collection: 'docket', autoIndex: false, autoCreate: false, ...(settings.strictQuery !== undefined && { strictQuery: settings.strictQuery }) })
  return connection.model('docket', schema) as unknown as Model<object>
}

const reads = (authority: unknown): Scope => scoped({ role: 'OFFICIAL', authority, subject: 'anna', expiresAt: null, token: null, signedInAt: null } as Viewer, () => true)

function castOf(model: Model<object>, filter: object): unknown {
  const query = model.find(filter)
  if (model.db.get('sanitizeFilter')) mongoose.sanitizeFilter(query.getFilter() as never)
  query.cast(model as never)
  return query.getFilter()
}

interface Trap { what: string; settings: Settings; /** As a policy of clauses for a caller without rights, or with a slip of ours, would build it. */ naive: object; cast: object }
const TRAPS: readonly Trap[] = [
  { what: 'a list of alternatives that is empty', settings: OURS, naive: { $or: [] }, cast: {} },
  { what: 'a list of clauses that is empty', settings: OURS, naive: { $and: [] }, cast: {} },
  { what: 'a list of exclusions that is empty', settings: OURS, naive: { $nor: [] }, cast: {} },
  { what: 'an empty list of alternatives inside clauses', settings: OURS, naive: { $and: [{ $or: [] }] }, cast: {} },
  { what: 'a misspelt name, dropped', settings: { strictQuery: true }, naive: { reeders: DE }, cast: {} },
  { what: 'a misspelt name among alternatives, dropped', settings: { strictQuery: true }, naive: { $or: [{ reeders: DE }] }, cast: {} },
  { what: 'a list for a text', settings: {}, naive: { requesting: [DE, BR] }, cast: { requesting: { $in: [DE, BR] } } },
  { what: 'an operator for a text', settings: {}, naive: { requesting: { $ne: null } }, cast: { requesting: { $ne: null } } },
  { what: 'an undefined authority, which stays a key without a value', settings: OURS, naive: { readers: undefined }, cast: { readers: undefined } },
]

describe('what Mongoose makes of a filter', () => {
  test.each(TRAPS)('E85 $what', ({ settings, naive, cast }) => { expect(castOf(modelOf(settings), naive)).toEqual(cast) })

  test.each<[string, object]>([['a misspelt name', { reeders: DE }], ['a misspelt name among alternatives', { $or: [{ reeders: DE }] }], ['a list for a text', { requesting: [DE, BR] }], ['an operator for a text', { requesting: { $ne: null } }], ['code', { $where: '1' }]])(
    '%s fails the cast under our settings', (_, naive) => { expect(() => castOf(modelOf(OURS), naive)).toThrow() })
})

describe('a scope', () => {
  test.each<[string, unknown]>([['undefined', undefined], ['null', null], ['an empty text', ''], ['a list', [DE]], ['an operator', { $ne: null }]])('E85 E86 has no authority where the viewer\'s is %s, and judges that no row may be shown', (_, authority) => {
    const scope = reads(authority)
    expect(scope).toEqual({ field: 'readers', authority: null })
    expect(Object.isFrozen(scope)).toBe(true)
    expect(mayShow(scope, { readers: [authority as string, DE, ''], parties: [DE, FR] })).toBe(false)
  })

  test('of nobody judges that no row may be shown, not even one that nobody may read', () => {
    for (const authority of [null, '']) expect(mayShow({ field: 'readers', authority } as Scope, { readers: [authority as string], parties: [] })).toBe(false)
  })
})

describe('a row filter', () => {
  const model = modelOf(OURS)
  const lax = modelOf({ strictQuery: true })
  const sent = (scope: Scope, clauses: Clauses, by = model): object => {
    const filter = rowFilter(scope, clauses)
    if (!filter) throw new TypeError('nothing is sent')
    return [countRows(by, filter), findRows(by, filter, query => query)].map(query => query.getFilter())
  }

  test('is sent with the viewer\'s party clause, first', () => {
    expect(sent(reads(DE), { status: 'DRAFT' })).toEqual([{ readers: DE, status: 'DRAFT' }, { readers: DE, status: 'DRAFT' }])
    expect(Object.keys(rowFilter(scopedToHouse(DE), { status: 'DRAFT' })?.clauses ?? {})).toEqual(['parties', 'status'])
  })

  test.each<[string, unknown]>([['undefined', undefined], ['null', null], ['an empty text', ''], ['a list', [DE, FR]], ['an empty list', []], ['an operator', { $ne: null }], ['a pattern', /./], ['a wrapped text', Object(DE)]])(
    'is none where the authority is %s', (_, authority) => {
      expect(rowFilter(reads(authority), {})).toBeNull()
      expect(rowFilter({ field: 'readers', authority } as unknown as Scope, {})).toBeNull()
    })

  test('no clause takes the place of the party clause', () => {
    const filter = rowFilter(reads(DE), { readers: FR })
    expect(filter?.clauses).toEqual({ readers: DE })
    for (const more of [{ readers: FR }, { readers: { $exists: true } }, { readers: undefined }]) expect(filter && narrowed(filter, more)?.clauses).toEqual({ readers: DE })
  })

  test.each([{ $or: [] }, { $and: [] }, { $nor: [] }, { $and: [{ $or: [] }] }])('that the cast would widen by dropping %j is not sent', clauses => {
    expect(() => sent(reads(DE), clauses)).toThrow('lost a clause')
  })

  test('of which a misspelt clause would be dropped is not sent, whatever the settings', () => {
    expect(() => sent(reads(DE), { statuss: 'DRAFT' }, lax)).toThrow('lost a clause')
    expect(() => sent(reads(DE), { $or: [{ statuss: 'DRAFT' }] }, lax)).toThrow('lost a clause')
    expect(() => sent(reads(DE), { statuss: 'DRAFT' })).toThrow('strictQuery')
    expect(() => sent({ field: 'reeders', authority: DE } as unknown as Scope, {}, lax)).toThrow('party clause')
  })

  test.each([{ status: ['DRAFT', 'CLOSED'] }, { status: { $ne: null } }, { $where: '1' }, { $or: [{ status: { $gt: '' } }] }])('F91 with %j, which nobody marked as ours, is not sent', clauses => {
    expect(() => sent(reads(DE), clauses)).toThrow()
  })
})

/** What a cast might do to the party clause one day. */
const SABOTAGE: readonly [string, (filter: Record<string, unknown>) => void][] = [
  ['drops it', filter => { delete filter['readers'] }],
  ['makes a list of it', filter => { filter['readers'] = { $in: [DE, FR, BR] } }],
  ['leaves it without a value', filter => { filter['readers'] = undefined }],
  ['makes an alternative of it', filter => { const { readers } = filter; delete filter['readers']; filter['$or'] = [{ readers }, {}] }],
]

describeWithMongo('on a MongoDB server', () => {
  let server: MongoServer
  let store: Store
  let connected: MongoDatabase
  let database: string
  const docketQueries: string[] = []
  const opened: Connection[] = []
  const SKETCHES = [{ reference: 'A' }, { reference: 'B', requesting: BR }, { reference: 'C', requesting: BR, readers: [BR] }]

  beforeAll(async () => {
    server = await testMongo()
    database = `comity_test_${randomUUID().slice(0, 8)}`
    store = await openMongoStore(server.uri, database, { onCommand: (name, command) => { if ((name === 'find' || name === 'aggregate') && command[name] === 'docket') docketQueries.push(name) } })
    connected = await MongoDatabase.connect(server.uri, database, {})
    await store.docket.put(SKETCHES.map(rowOf))
  })
  afterAll(async () => {
    await opened[0]?.dropDatabase()
    await Promise.all(opened.map(connection => connection.close()))
    await Promise.all([store.close(), connected.close()])
    await server.remove()
  })
  const raw = async (settings: Settings): Promise<Model<object>> => {
    const connection = await mongoose.createConnection(server.uri, { dbName: database, ignoreUndefined: true }).asPromise()
    opened.push(connection)
    return modelOf(settings, connection)
  }

  test.each(TRAPS)('E85 $what shows foreign rows to a policy that is a list of clauses, and none through a row filter', async ({ settings, naive }) => {
    const model = await raw(settings)
    expect(await model.countDocuments(naive)).toBe(SKETCHES.length)
    const own = rowFilter(reads(DE), naive as Clauses)
    const counted = async (): Promise<number> => (own ? countRows(model, own) : 0)
    expect(await counted().catch(() => 0)).toBeLessThanOrEqual(1)
    expect(rowFilter(reads(undefined), naive as Clauses)).toBeNull()
  })

  test.each(SABOTAGE)('a cast that %s is not sent', async (_, sabotage) => {
    const asks = [(): Promise<unknown> => store.docket.get(reads(DE), 'B'), () => store.docket.getMany(reads(DE), ['A', 'B']), () => store.docket.find(reads(DE), { filter: {}, order: 'CREATED', limit: 9 }), () => store.docket.count(reads(DE), {}), () => store.docket.due(reads(DE), { at: instant(9), limit: 9 })]
    // Once as it is: every one of these goes to the server.
    for (const ask of asks) await ask()
    const before = docketQueries.length
    expect(before).toBeGreaterThanOrEqual(asks.length)
    const { cast } = mongoose.Query.prototype
    jest.spyOn(mongoose.Query.prototype, 'cast').mockImplementation(function (this: mongoose.Query<unknown, unknown>, ...given) {
      const result = cast.apply(this, given) as unknown
      sabotage(this.getFilter() as Record<string, unknown>)
      return result as never
    })
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ name: 'Fault', message: expect.stringContaining('party clause') })
    expect(docketQueries).toHaveLength(before)
  })

  test('a connection of ours refuses operators that nobody marked and names that no table has, in every table', async () => {
    const table = connected.model<{ _id: string; value: string }>('documents.any', { _id: String, value: String }, [])
    for (const filter of [{ value: { $ne: null } }, { value: ['a'] }, { $where: '1' }, { valeu: 'a' }, { $or: [{ valeu: 'a' }] }] as object[]) await expect(table.use(model => model.find(filter as never).exec())).rejects.toThrow()
    expect(await table.use(model => model.find({ value: connected.trusted({ $ne: 'b' }) }).exec())).toEqual([])
  })

  test('a row whose field was made to name another reader is not shown to it', async () => {
    const model = await raw(OURS)
    await model.updateOne({ _id: 'C' }, { $set: { readers: [BR, DE], parties: [BR, DE] } })
    expect(await store.docket.get(reads(DE), 'C')).toBeNull()
    expect((await store.docket.find(reads(DE), { filter: {}, order: 'CREATED', limit: 9 })).map(({ reference }) => reference)).toEqual(['A'])
    expect(await store.docket.find(scopedToHouse(DE), { filter: { references: ['C'] }, order: 'CREATED', limit: 9 })).toEqual([])
  })
})

describe('in an embedded store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-rows-'))
  const files = new EmbeddedFiles(folder, false)
  const docket = new EmbeddedDocket(files)
  afterAll(async () => {
    await files.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('an index that leads to foreign rows shows none of them, by no order, facet, count or timer', async () => {
    await docket.put([rowOf({ reference: 'A', clockAt: instant(1) }), rowOf({ reference: 'B', requesting: BR, clockAt: instant(1), dueAt: instant(2), updatedAt: instant(2) })])
    await files.write(() => {
      for (const name of ['orders', 'clocks'] as const) for (const key of [...files.table(name).getKeys()].filter(key => key[0] === BR)) files.table(name).putSync([DE, ...key.slice(1)], '')
    })
    for (const filter of [{}, { open: true }, { statuses: ['DELIVERED' as const] }, { partners: [FR] }, { references: ['A', 'B'] }, { dueBefore: instant(9) }, { updatedAfter: instant(1) }]) {
      for (const order of ['CREATED', 'DUE_FIRST', 'LAST_ACTIVITY'] as const) {
        for (const scope of [reads(DE), scopedToHouse(DE)]) {
          const found = await docket.find(scope, { filter, order, limit: 9 })
          expect(found.map(({ reference }) => reference)).not.toContain('B')
          expect(await docket.count(scope, filter)).toBe(found.length)
        }
      }
    }
    expect((await docket.due(scopedToHouse(DE), { at: instant(9), limit: 9 })).map(({ reference }) => reference)).toEqual(['A'])
    expect(await docket.getMany(reads(DE), ['A', 'B'])).toHaveLength(1)
  })
})
