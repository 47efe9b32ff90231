// The mailbox alone, over the real embedded store: order, once only, and two hub processes on one store.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { Mailbox, type LetterItem, type MailboxItem, type Placed } from '../../src/hub/mailbox'
import { Refusal } from '../../src/refusal'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { Log, LogEntry, Store } from '../../src/store/store'

let folder: string
let store: Store
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-mailbox-'))
  store = await openEmbeddedStore(folder)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** The same store as another process sees it that may not be alone. */
const shared = (): Store => ({ ...store, exclusive: false })
let boxes = 0
const freshName = () => `authority:${++boxes}`
const item = (n: number, from = 'authority:DE', digest = `${from}/${n}`): LetterItem =>
  ({ kind: 'letter', from, n, id: `id-${n}`, digest, bytes: 10, at: '2026-01-01T00:00:00.000Z', relay: `relay ${digest}` })
const receipt = (n: number, from = 'authority:FR'): MailboxItem =>
  ({ kind: 'receipt', from, n, id: `id-${n}`, digest: `d${n}`, at: '2026-01-01T00:00:00.000Z', receipt: `receipt ${n}` })
const range = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const logOf = (mailbox: Mailbox): Log<MailboxItem> => store.log(`mailbox:${mailbox.owner}`)
const all = (mailbox: Mailbox): Promise<LogEntry<MailboxItem>[]> => logOf(mailbox).read({ after: 0, limit: 10_000 })

async function takeFrom(mailbox: Mailbox, after: number, count: number): Promise<LogEntry<MailboxItem>[]> {
  const taken: LogEntry<MailboxItem>[] = []
  for await (const entries of mailbox.follow(after, AbortSignal.timeout(20_000))) {
    taken.push(...entries)
    if (taken.length >= count) return taken
  }
  return taken
}

test('fifty writers of the same letter make one entry, and each is told whether it was the one', async () => {
  const mailbox = new Mailbox(store, freshName())
  const placed = await Promise.all(range(50).map(() => mailbox.append([item(1)])))
  expect(placed.flat().filter(one => one === 'NEW')).toHaveLength(1)
  expect(await all(mailbox)).toHaveLength(1)
})

test('a letter and a receipt of the same house and number are two entries', async () => {
  const mailbox = new Mailbox(store, freshName())
  expect(await mailbox.append([item(1, 'authority:FR'), receipt(1), receipt(1)])).toEqual(['NEW', 'NEW', 'KNOWN'])
})

test('letters given in one go stand in the log in that order', async () => {
  const mailbox = new Mailbox(store, freshName())
  const placed = await Promise.all(range(20).map(at => mailbox.append(range(30).map(n => item(n, `authority:${at}`)))))
  expect(new Set(placed.flat())).toEqual(new Set<Placed>(['NEW']))
  const entries = await all(mailbox)
  expect(entries.map(entry => entry.seq)).toEqual(range(600))
  for (const at of range(20)) expect(entries.filter(({ body }) => body.from === `authority:${at}`).map(({ body }) => body.n)).toEqual(range(30))
})

test('two hub processes that race on one mailbox lose nothing, double nothing and leave no hole', async () => {
  const name = freshName()
  const hubs = [new Mailbox(shared(), name), new Mailbox(shared(), name)]
  const placed = await Promise.all(range(100).flatMap(n => hubs.map(hub => hub.append([item(n, `authority:${n % 7}`), receipt(n)]))))
  expect(placed.flat().filter(one => one === 'NEW')).toHaveLength(200)
  const entries = await all(hubs[0] ?? new Mailbox(store, name))
  expect(entries.map(entry => entry.seq)).toEqual(range(200))
  expect(new Set(entries.map(entry => entry.unique)).size).toBe(200)
})

test('a reader sees what it waits for at once, and each entry once, while writers go on', async () => {
  const mailbox = new Mailbox(store, freshName())
  const reading = takeFrom(mailbox, 0, 300)
  for (const n of range(300)) await mailbox.append([item(n)])
  expect((await reading).map(entry => entry.seq)).toEqual(range(300))
})

test('a reader that comes again with its cursor gets the rest, no more and no less', async () => {
  const mailbox = new Mailbox(store, freshName())
  await mailbox.append(range(10).map(n => item(n)))
  expect((await takeFrom(mailbox, 7, 3)).map(entry => entry.seq)).toEqual([8, 9, 10])
})

test('a reader at one hub process gets what another one wrote', async () => {
  const name = freshName()
  const [reader, writer] = [new Mailbox(shared(), name), new Mailbox(shared(), name)]
  const reading = takeFrom(reader, 0, 2)
  await writer.append([item(1)])
  await writer.append([item(2)])
  expect((await reading).map(({ body }) => body.n)).toEqual([1, 2])
})

test('a reader whose signal ends stops waiting', async () => {
  const stop = new AbortController()
  const waiting = new Mailbox(store, freshName()).follow(0, stop.signal).next()
  stop.abort()
  expect(await waiting).toEqual({ done: true, value: undefined })
})

test.each([0, 1, 2, 3, 7, 8, 9, 64, 100])('the next number behind %p letters is found by a process that has seen none of them', async count => {
  const name = freshName()
  await new Mailbox(store, name).append([...range(count).map(n => item(n)), ...range(3).map(n => item(n, 'authority:BR'))])
  expect(await new Mailbox(store, name).next('authority:DE')).toBe(count + 1)
})

/** A store whose next appends fail: before the write, or after it with the answer lost. */
function failing(name: string, how: 'unwritten' | 'written', times: number): Store {
  const log = store.log<MailboxItem>(`mailbox:${name}`)
  const append: Log<MailboxItem>['append'] = async entries => {
    if (times-- <= 0) return log.append(entries)
    if (how === 'written') await log.append(entries)
    throw new Refusal('STORE_UNAVAILABLE', 'the store does not answer')
  }
  const broken: Log<MailboxItem> = { append, read: query => log.read(query), readBack: query => log.readBack(query), last: () => log.last(), find: unique => log.find(unique) }
  // The double stands for the one log that this test asks for.
  return { ...store, log: <Body>() => broken as unknown as Log<Body> }
}

test.each(['unwritten', 'written'] as const)('a store that fails (%s) refuses all that wait, and the same letters go in on the next try, once', async how => {
  const name = freshName()
  const mailbox = new Mailbox(failing(name, how, 1), name)
  const tries = [mailbox.append([item(1), item(2)]), mailbox.append([item(3)])]
  for (const one of tries) await expect(one).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await mailbox.append([item(1), item(2), item(3)])
  expect((await all(mailbox)).map(({ seq, body }) => [seq, body.n])).toEqual([[1, 1], [2, 2], [3, 3]])
})

test('a store that never gives a position is a fault, not an endless loop', async () => {
  const name = freshName()
  const log = store.log<MailboxItem>(name)
  const stuck = { append: async () => ({ inserted: 0, clash: 'POSITION' }), last: () => log.last() }
  const mailbox = new Mailbox({ ...store, log: <Body>() => stuck as unknown as Log<Body> }, name)
  await expect(mailbox.append([item(1)])).rejects.toThrow('no position to be had')
})

test('any mix of repeats from any number of processes keeps each sender\'s order and one entry each', async () => {
  const step = fc.record({ hub: fc.integer({ min: 0, max: 2 }), sender: fc.constantFrom('authority:DE', 'authority:BR'), count: fc.integer({ min: 1, max: 6 }) })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
    const name = freshName()
    const hubs = range(3).map(() => new Mailbox(shared(), name))
    await Promise.all(steps.map(({ hub, sender, count }) => hubs[hub]?.append(range(count).map(n => item(n, sender)))))
    const entries = await all(new Mailbox(store, name))
    expect(entries.map(entry => entry.seq)).toEqual(range(entries.length))
    for (const sender of ['authority:DE', 'authority:BR']) {
      const most = Math.max(0, ...steps.filter(one => one.sender === sender).map(one => one.count))
      expect(entries.filter(({ body }) => body.from === sender).map(({ body }) => body.n)).toEqual(range(most))
    }
  }), { numRuns: 60 })
})
