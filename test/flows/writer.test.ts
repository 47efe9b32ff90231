// The one writer of a ledger: a decision is taken whenever it comes, also in the moments in which the one before it ends, and while the
// clocks of a slept night are told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Ledger } from '../../src/ledger/ledger'
import { Clock } from '../../src/node/clock'
import { Contents, type ContentDocument } from '../../src/node/contents'
import { NodeDocket } from '../../src/node/docket'
import { digestOf, type EntryBody } from '../../src/node/entry'
import { Writer } from '../../src/node/writer'
import { openEmbeddedStore } from '../../src/store/embedded'
import { scopedToHouse, type Store } from '../../src/store/store'
import { endOf, rowWithClock } from '../support/clock-rows'
import { FR } from '../support/docket-rows'
import { LAW } from './exchange/house'

async function within(play: (parts: { store: Store; ledger: Ledger<EntryBody>; writer: Writer }) => Promise<void>, now = '2026-11-25T09:00:00.000Z'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-writer-'))
  const store = await openEmbeddedStore(folder)
  try {
    const contents = new Contents(store.documents<ContentDocument>('content'))
    const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
    const docket = new NodeDocket(store, ledger, contents, FR)
    await docket.open()
    await play({ store, ledger, writer: new Writer(ledger, docket, contents, () => now) })
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a decision that comes a few turns behind another is taken, however few', () => within(async ({ writer }) => {
  const taken: number[] = []
  for (let turns = 0; turns < 30; turns++) {
    await writer.write(() => undefined)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    await writer.write(() => taken.push(turns))
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(taken).toEqual(Array.from({ length: 30 }, (_, i) => i))
}))

test('an act of a desk is taken while a slept night is told, not behind it; each clock is told once, in order', () => {
  const CLOCKS = 300, later = new Date(endOf(CLOCKS)).toISOString()
  return within(async ({ store, ledger, writer }) => {
    await store.docket.put(Array.from({ length: CLOCKS }, (_, i) => rowWithClock(i)))
    const clock = new Clock({ store, scope: scopedToHouse(FR), writer, law: LAW, now: () => new Date(later), log: pino({ level: 'silent' }) })
    const tick = clock.tick()
    while (ledger.head.seq === 0) await new Promise(resolve => setImmediate(resolve))
    const position = await writer.write(work => work.append({ body: { kind: 'rejected', at: work.now, reason: 'LETTER_SHAPE' } }).seq)
    await tick
    const entries = await ledger.read({ after: 0, limit: 2 * CLOCKS })
    expect(entries.flatMap(({ body }) => body.fact?.reference ?? [])).toEqual(Array.from({ length: CLOCKS }, (_, i) => rowWithClock(i).reference))
    expect(position).toBeLessThan(CLOCKS / 2)
  }, later)
})
