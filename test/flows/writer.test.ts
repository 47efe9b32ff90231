// The one writer of a ledger: a decision is taken whenever it comes, also in the moments in which the one before it ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ledger } from '../../src/ledger/ledger'
import { Contents, type ContentDocument } from '../../src/node/contents'
import { NodeDocket } from '../../src/node/docket'
import { digestOf, type EntryBody } from '../../src/node/entry'
import { Writer } from '../../src/node/writer'
import { openEmbeddedStore } from '../../src/store/embedded'

test('a decision that comes a few turns behind another is taken, however few', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-writer-'))
  const store = await openEmbeddedStore(folder)
  try {
    const contents = new Contents(store.documents<ContentDocument>('content'))
    const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
    const docket = new NodeDocket(store, ledger, contents, 'authority:DE')
    await docket.open()
    const writer = new Writer(ledger, docket, contents, () => '2026-11-25T09:00:00.000Z')
    const taken: number[] = []
    for (let turns = 0; turns < 30; turns++) {
      await writer.write(() => undefined)
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await writer.write(() => taken.push(turns))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(taken).toEqual(Array.from({ length: 30 }, (_, i) => i))
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
