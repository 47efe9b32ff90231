// What a kill -9 may not cost: an entry that a store acknowledged. The killed process is a real one, the store is read again after.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/store/embedded'
import { openMongoStore } from '../../src/store/mongo'
import type { Store } from '../../src/store/store'
import { runTypeScript } from '../support/children'
import { describeWithMongo, ownMongo, ownMongoAvailable, type MongoServer } from '../support/mongo-server'

jest.setTimeout(120_000)

const ROUNDS = 5

/** Everything acknowledged is there, without a hole, as it was written, and found by its unique value and its stream. */
async function demandWhole(store: Store, acknowledged: number): Promise<number> {
  const log = store.log<{ text: string }>('ledger')
  const last = await log.last()
  expect(last).toBeGreaterThanOrEqual(acknowledged)
  const entries = await log.read({ after: 0, limit: last + 1 })
  expect(entries.map(({ seq, body }) => `${seq}: ${body.text}`)).toEqual(Array.from({ length: last }, (_, index) => `${index + 1}: entry ${index + 1}`))
  const streams = await Promise.all(['R0', 'R1', 'R2'].map(ref => log.read({ after: 0, limit: last, ref })))
  expect(streams.flat()).toHaveLength(last)
  expect(await log.find(`u/${last}`)).toEqual(entries.at(-1))
  expect(await log.append([{ seq: last + 1, unique: `u/${last}`, body: { text: 'again' } }])).toEqual({ inserted: 0, clash: 'UNIQUE' })
  return last
}

describe('a house on an embedded store', () => {
  test('that is killed while it appends loses nothing acknowledged, keeps what was written together with an entry exactly where it keeps the entry, and its folder opens again at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comity-kill-'))
    let stood = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = runTypeScript('store-appender.ts', 'embedded', folder)
      await child.until(40 + round * 17)
      await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', facts: { pid: child.pid } })
      const reader = await openEmbeddedStore(folder, { readOnly: true })
      expect(await reader.log('ledger').last()).toBeGreaterThan(stood)
      await reader.close()
      await child.end('SIGKILL')
      const store = await openEmbeddedStore(folder)
      const acknowledged = Number(child.lines.at(-1))
      expect(acknowledged).toBeGreaterThan(stood)
      stood = await demandWhole(store, acknowledged)
      expect(await store.documents('beside').get('last')).toBe(stood)
      await store.close()
    }
    rmSync(folder, { recursive: true })
  })

  test('a second process on the same folder ends with the pid of the first, which goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comity-kill-'))
    const first = runTypeScript('store-appender.ts', 'embedded', folder)
    await first.until(3)
    const second = runTypeScript('store-appender.ts', 'embedded', folder)
    expect(await second.ended()).toBe(1)
    expect(second.said()).toContain(`in use by process ${first.pid}`)
    await first.until(first.lines.length + 3)
    await first.end('SIGKILL')
    rmSync(folder, { recursive: true })
  })
})

describeWithMongo('a house on MongoDB', () => {
  let server: MongoServer
  beforeAll(async () => { server = await ownMongo() })
  afterAll(() => server.remove())

  test('whose process is killed while it appends loses nothing acknowledged', async () => {
    let stood = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = runTypeScript('store-appender.ts', 'mongodb', server.uri, 'comity_house')
      await child.until(25 + round * 7)
      await child.end('SIGKILL')
      const store = await openMongoStore(server.uri, 'comity_house')
      stood = await demandWhole(store, Number(child.lines.at(-1)))
      await store.close()
    }
    expect(stood).toBeGreaterThan(ROUNDS * 25)
  })

  test('whose server is killed while it appends loses nothing acknowledged, and the process is refused, not lied to', async () => {
    for (let round = 0; round < 3; round += 1) {
      const child = runTypeScript('store-appender.ts', 'mongodb', server.uri, 'comity_server')
      await child.until(25 + round * 7)
      await server.kill()
      expect(await child.ended()).toBe(1)
      expect(child.said()).toContain('does not answer')
      await server.start()
      const store = await openMongoStore(server.uri, 'comity_server')
      await demandWhole(store, Number(child.lines.at(-1)))
      await store.close()
    }
  })
}, ownMongoAvailable)
