// The MongoDB store against the contract of the port, and what only it promises: what it asks of the server, which addresses it
// refuses, what it says when the server is gone. Runs where a server is found (see test/support/mongo-server.ts).
import { randomUUID } from 'node:crypto'
import { checkMongoUri, openMongoStore } from '../../src/store/mongo'
import { demandPartyClause } from '../../src/store/mongo-row-filter'
import { scoped, scopedToHouse, type Scope, type Store } from '../../src/store/store'
import { PUBLIC_VIEWER } from '../../src/domain/viewer'
import { DE, instant, rowOf } from '../support/docket-rows'
import { describeWithMongo, ownMongo, ownMongoAvailable, testMongo, type MongoServer } from '../support/mongo-server'
import { freePorts } from '../support/ports'
import { describeStore } from './store'

jest.setTimeout(60_000)

const freshDatabase = (): string => `comity_test_${randomUUID().slice(0, 8)}`

describeWithMongo('the MongoDB store', () => {
  let server: MongoServer
  beforeAll(async () => { server = await testMongo() })
  afterAll(() => server.remove())

  describeStore(async () => {
    const database = freshDatabase()
    const open = (): Promise<Store> => openMongoStore(server.uri, database)
    return { open, beside: open, remove: () => dropped(server.uri, database) }
  }, 6)

  describe('what is asked of the server', () => {
    test('every write asks for majority and journal, every read for majority, every docket query carries its party clause', async () => {
      const database = freshDatabase()
      const commands: { name: string; command: Readonly<Record<string, unknown>> }[] = []
      const store = await openMongoStore(server.uri, database, { onCommand: (name, command) => commands.push({ name, command: structuredClone(command) }) })
      await useAll(store)
      await store.close()
      const named = (...names: string[]) => commands.filter(({ name }) => names.includes(name))
      expect(named('insert', 'update', 'delete').length).toBeGreaterThan(5)
      for (const { command } of named('insert', 'update', 'delete')) expect(command.writeConcern).toMatchObject({ w: 'majority', j: true })
      expect(named('find', 'aggregate').length).toBeGreaterThan(8)
      for (const { command } of named('find', 'aggregate')) expect(command.readConcern).toEqual({ level: 'majority' })
      const queries = commands.filter(({ command }) => command.find === 'docket' || command.aggregate === 'docket')
      expect(queries).toHaveLength(4)
      for (const { command } of queries) expect(sentFilter(command)).toMatchObject({ readers: DE })
      await dropped(server.uri, database)
    })

    test('a viewer without rights costs the server no query', async () => {
      const database = freshDatabase()
      const sent: string[] = []
      const store = await openMongoStore(server.uri, database, { onCommand: name => sent.push(name) })
      const nobody = scoped(PUBLIC_VIEWER, () => true)
      expect(await store.docket.find(nobody, { filter: {}, order: 'CREATED', limit: 9 })).toEqual([])
      expect(await store.docket.count(nobody, {})).toBe(0)
      expect(await store.docket.get(nobody, 'A')).toBeNull()
      expect(sent.filter(name => name === 'find' || name === 'aggregate')).toEqual([])
      await store.close()
    })
  })
})

/** One of each operation. */
async function useAll(store: Store): Promise<void> {
  const log = store.log('ledger')
  await log.append([{ seq: 1, unique: 'u', ref: 'r', body: 1 }])
  await log.append([{ seq: 1, body: 2 }])
  await log.read({ after: 0, limit: 1 })
  await log.readBack({ before: 9, limit: 1, ref: 'r' })
  await log.find('u')
  const documents = store.documents('content')
  await documents.insert('a', 1)
  await documents.put('a', 2)
  await documents.getMany(['a'])
  await documents.list({ prefix: '', limit: 1 })
  await documents.delete('a')
  await store.docket.put([rowOf({ reference: 'A', dueAt: instant(1) })])
  const scope = scoped({ role: 'OFFICIAL', authority: DE, subject: 'anna', expiresAt: null, token: null, signedInAt: null }, () => true)
  await store.docket.get(scope, 'A')
  await store.docket.getMany(scope, ['A'])
  const filter = { references: ['A'], side: 'REQUESTING' as const, sideOf: DE, partners: ['authority:FR'], kinds: ['EVIDENCE' as const], open: true, dueBefore: instant(2), updatedAfter: '2000' }
  expect(await store.docket.find(scope, { filter, order: 'DUE_FIRST', limit: 1, after: { value: instant(0), reference: 'Z' } })).toHaveLength(1)
  expect(await store.docket.count(scope, filter)).toBe(1)
  await store.docket.drop()
}

function sentFilter(command: Readonly<Record<string, unknown>>): object {
  const { filter, pipeline } = command as { filter?: object; pipeline?: { $match?: object }[] }
  return filter ?? pipeline?.[0]?.$match ?? {}
}

async function dropped(uri: string, database: string): Promise<void> {
  const { default: mongoose } = await import('mongoose')
  const connection = await mongoose.createConnection(uri, { dbName: database }).asPromise()
  await connection.dropDatabase()
  await connection.close()
}

describe('the party clause', () => {
  test('a query that lost it, or has another, is not sent', () => {
    const scope = scopedToHouse(DE)
    expect(() => demandPartyClause(scope, { parties: DE })).not.toThrow()
    expect(() => demandPartyClause({ field: '$comment', authority: DE } as unknown as Scope, { $comment: DE })).toThrow('lost its party clause')
    for (const sent of [{}, { parties: undefined }, { parties: [DE] }, { parties: { $in: [DE] } }, { readers: DE }, { $or: [] }, { $and: [{ parties: DE }] }]) {
      expect(() => demandPartyClause(scope, sent)).toThrow('lost its party clause')
    }
    expect(() => demandPartyClause(scoped(PUBLIC_VIEWER, () => true), { readers: null })).toThrow('lost its party clause')
  })
})

describe('the MongoDB address', () => {
  test.each([
    'mongodb://localhost', 'mongodb://a:27017,b:27017,c/?replicaSet=rs0', 'mongodb+srv://user:pass@host/db?retryWrites=true&w=majority', 'mongodb://h/?w=majority&journal=true&readConcernLevel=linearizable',
  ])('%s keeps what is promised and is taken', uri => { expect(() => checkMongoUri(uri)).not.toThrow() })

  test.each([
    ['w', '0'], ['w', '1'], ['w', '2'], ['W', '1'], ['w', 'tagged'], ['journal', 'false'], ['j', 'false'], ['journal', '0'], ['readConcernLevel', 'available'],
    ['readConcernLevel', 'local'], ['readPreference', 'secondary'], ['readPreference', 'nearest'], ['%77', '1'], ['w', '%31'], ['w', ''],
  ])('one that sets %s=%s is refused with key, value and fix, and without its password', (key, value) => {
    const uri = `mongodb://user:s3cret@h/db?retryWrites=true&w=majority&${key}=${value}`
    const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', facts: expect.objectContaining({ key: decodeURIComponent(key), value: decodeURIComponent(value), hint: expect.stringContaining('Remove') }) })
    expect(thrownBy(() => checkMongoUri(uri))).toEqual(refusal)
    expect(JSON.stringify(thrownBy(() => checkMongoUri(uri)))).not.toContain('s3cret')
  })

  test.each([[''], ['localhost:27017'], ['http://h/'], ['mongodb://'], ['mongodb://h\n/'], ['mongodb:///db']])('%j is no address', uri => {
    expect(thrownBy(() => checkMongoUri(uri))).toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  test('an opener with a weak address, or a database name that does not fit, is refused before anything is sent', async () => {
    await expect(openMongoStore('mongodb://127.0.0.1:1/?w=1', 'comity_de')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', facts: { key: 'w' } })
    for (const name of ['', 'a.b', 'a/b', '$cmd', 'x'.repeat(99)]) await expect(openMongoStore('mongodb://127.0.0.1:1/', name)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

describe('a MongoDB server that is not there', () => {
  test('an opener is told STORE_UNAVAILABLE within its time, without the address', async () => {
    const port = await freePorts(1)
    const refused = await openMongoStore(`mongodb://user:s3cret@127.0.0.1:${port}/`, 'comity_de', { serverSelectionTimeoutMs: 300 }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE' })
    expect(String(refused)).not.toContain('s3cret')
  })
})

describeWithMongo('a MongoDB server that goes away', () => {
  let server: MongoServer
  beforeAll(async () => { server = await ownMongo() })
  afterAll(() => server.remove())

  test('a house is told STORE_UNAVAILABLE while it is gone and goes on where it was once it is back', async () => {
    const store = await openMongoStore(server.uri, freshDatabase(), { serverSelectionTimeoutMs: 800 })
    const log = store.log('ledger')
    await log.append([{ seq: 1, body: 'one' }])
    await server.kill()
    const asks: (() => Promise<unknown>)[] = [
      () => store.ping(), () => log.append([{ seq: 2, body: 'two' }]), () => log.last(), () => store.documents('content').put('a', 1), () => store.docket.count(scopedToHouse(DE), {}),
    ]
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE' })
    await server.start()
    await answering(store)
    expect(await log.append([{ seq: 2, body: 'two' }])).toEqual({ inserted: 1, clash: null })
    await store.documents('content').put('a', 1)
    await store.close()
  })
}, ownMongoAvailable)

/** The driver looks for a lost server in its own time. */
async function answering(store: Store): Promise<void> {
  for (const until = Date.now() + 20_000; ;) {
    const answered = await store.ping().then(() => true, (error: unknown) => { if (Date.now() > until) throw error; return false })
    if (answered) return
  }
}

function thrownBy(work: () => void): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}
