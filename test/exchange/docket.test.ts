// A docket that another version of the fold made: the rows are derived, so it is folded anew, and nothing decided is lost with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Viewer } from '../../src/domain/viewer'
import { Ledger } from '../../src/ledger/ledger'
import { draftRequest } from '../../src/node/acts'
import { Contents, type ContentDocument } from '../../src/node/contents'
import { NodeDocket } from '../../src/node/docket'
import { digestOf, type EntryBody } from '../../src/node/entry'
import { Writer } from '../../src/node/writer'
import { openEmbeddedStore } from '../../src/store/embedded'
import { scopedToHouse, type Store } from '../../src/store/store'
import { LAW } from '../flows/exchange/house'
import { draftOrder } from '../flows/exchange/words'

const DE = 'authority:DE'
const anna: Viewer = { role: 'OFFICIAL', authority: DE, subject: 'anna', expiresAt: null, token: null, signedInAt: null }

let store: Store
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-docket-'))
  store = await openEmbeddedStore(folder)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function opened(): Promise<{ docket: NodeDocket; writer: Writer }> {
  const contents = new Contents(store.documents<ContentDocument>('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, true)
  const docket = new NodeDocket(store, ledger, contents, DE)
  await docket.open()
  return { docket, writer: new Writer(ledger, docket, contents, () => '2026-11-24T10:00:00.000Z') }
}

test('a docket of another format is folded anew at start, one of the same format is taken as it lies there', async () => {
  const before = await opened()
  const made = await before.writer.write(work => draftRequest({ work, viewer: anna, law: LAW }, draftOrder('DE', 'EVIDENCE', 'k1'), 'authority:FR'))
  const strange = { ...made, seq: made.seq + 1, state: { ...made.state, status: 'CLOSED' as const } }
  await store.docket.put([strange])

  await opened()
  expect((await store.docket.get(scopedToHouse(DE), made.reference))?.state.status).toBe('CLOSED')

  await store.documents('docket-cursor').put('tally', { ...before.docket.tally, format: 0 })
  const { docket } = await opened()
  expect(await store.docket.get(scopedToHouse(DE), made.reference)).toEqual(made)
  expect(docket.tally).toEqual(before.docket.tally)
})
