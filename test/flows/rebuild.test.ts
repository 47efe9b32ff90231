// A docket folded anew from a whole ledger is the one that grew entry by entry, though its rows are written once for many entries.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ledger } from '../../src/ledger/ledger'
import { Contents, type ContentDocument } from '../../src/node/contents'
import { NodeDocket } from '../../src/node/docket'
import { digestOf, type Entry, type EntryBody } from '../../src/node/entry'
import { openEmbeddedStore } from '../../src/store/embedded'
import { scopedToHouse, type DocketRow, type Store } from '../../src/store/store'
import { longLedger, OWN } from '../support/long-ledger'

const ENTRIES = 1_500
const GROWN_BY = 25

let folder: string
let store: Store
beforeEach(async () => { folder = mkdtempSync(join(tmpdir(), 'comity-rebuild-')); store = await openEmbeddedStore(folder) })
afterEach(async () => { await store.close(); rmSync(folder, { recursive: true, force: true }) })

const all = (): Promise<DocketRow[]> => store.docket.find(scopedToHouse(OWN), { filter: {}, order: 'CREATED', limit: ENTRIES })
const keys = (): Promise<unknown> => store.documents('keys').list({ prefix: '', limit: ENTRIES })
const contents = (): Contents => new Contents(store.documents<ContentDocument>('content'))

/** A ledger that grows under the docket, a few entries at a time. */
async function grown(): Promise<{ docket: NodeDocket; rows: DocketRow[]; keys: unknown }> {
  await longLedger(store, ENTRIES, 60)
  const whole: Entry[] = await store.log<EntryBody>('ledger').read({ after: 0, limit: ENTRIES })
  const growing = await Ledger.open(store.log<EntryBody>('growing'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, growing, contents(), OWN)
  await docket.open()
  for (let start = 0; start < ENTRIES; start += GROWN_BY) {
    await growing.commit(whole.slice(start, start + GROWN_BY))
    await docket.catchUp()
  }
  return { docket, rows: await all(), keys: await keys() }
}

test('rows, numbers and keys of a rebuild are those of a docket that grew entry by entry', async () => {
  const { docket, rows, keys: kept } = await grown()
  const tally = docket.tally
  expect(rows.length).toBeGreaterThan(ENTRIES / 11)
  expect(new Set(rows.map(({ state }) => state.status)).size).toBeGreaterThan(1)
  expect(rows.find(({ state }) => state.status === 'CONFIRMED')?.state.head).toMatch(/^[0-9a-f]{64}$/)
  await docket.rebuild()
  expect(docket.tally).toEqual(tally)
  expect(await all()).toEqual(rows)
  expect(await keys()).toEqual(kept)
})

test('a rebuild that was broken off between rows and cursor is taken up without a fact told twice', async () => {
  const { docket, rows } = await grown()
  const tally = docket.tally
  const cursor = store.documents('docket-cursor')
  await cursor.put('tally', { ...(await cursor.get('tally') as object), ...{ seq: 400 } })
  const again = new NodeDocket(store, await Ledger.open(store.log<EntryBody>('growing'), digestOf, store.exclusive), contents(), OWN)
  await again.open()
  expect(again.tally).toEqual(tally)
  expect(await all()).toEqual(rows)
})
