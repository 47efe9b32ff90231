// How long `comity verify` takes over 100,000 entries: chain and contents of each, a signed checkpoint every 256, and 1,000 letters that came, with
// the receipts that were given for them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verified } from '../src/cli/verify'
import { GENESIS, Ledger } from '../src/ledger/ledger'
import { checkpointKey, checkpointsOf } from '../src/node/checkpoints'
import { digestOf, letterKey, type Entry, type EntryBody } from '../src/node/entry'
import { openEmbeddedStore } from '../src/store/embedded'
import type { Store } from '../src/store/store'
import { sealContent } from '../src/wire/canonical'
import { makeCheckpoint } from '../src/wire/checkpoints'
import { sealLetter } from '../src/wire/letters'
import { GrowingTree, leafHash } from '../src/wire/merkle'
import { makeReceipt } from '../src/wire/receipts'
import { DE, FR, NOW, world, type World } from '../test/wire/houses'
import type { Figure } from './figures'

const ENTRIES = 100_000
const LETTERS = 1_000
const BATCH = 1_000
const AT = NOW.toISOString()

export async function verifyFigures(say: (figure: Figure) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  const store = await openEmbeddedStore(folder)
  try {
    const houses = await world()
    await filled(store, houses)
    const begun = performance.now()
    const { count, fault } = await verified({ own: DE, store, hub: null, directory: houses.directory })
    if (count !== ENTRIES || fault) throw new TypeError(`the ledger of the measurement is not sound: ${JSON.stringify(fault)}`)
    const seconds = (performance.now() - begun) / 1_000
    say({ name: `verify, embedded, ${ENTRIES} entries`, unit: 's', value: seconds, goal: { atMost: 60 }, beside: `${Math.round(ENTRIES / seconds)} entries a second, ${LETTERS} letters, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB` })
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function filled(store: Store, { keys, directory }: World): Promise<void> {
  const log = store.log<EntryBody>('ledger')
  const ledger = await Ledger.open(log, digestOf, true)
  const tree = new GrowingTree()
  const { signer } = keys[DE]
  for (let head = GENESIS, letters = 0; head.seq < ENTRIES;) {
    const contents = new Map<string, unknown>()
    const entries: Entry[] = []
    for (let i = 0; i < BATCH; i++) {
      const { digest, ...document } = sealContent({ note: `entry ${head.seq + 1}` })
      contents.set(digest, document)
      const isLetter = (head.seq + 1) % (ENTRIES / LETTERS) === 0
      const from = isLetter ? await received(store, { keys, directory } as World, ++letters) : undefined
      const entry = ledger.chain(head, { ...(from && { unique: letterKey(FR, from.n) }), body: { kind: from ? 'rejected' : 'act', at: AT, actor: digest, ...(from && { from, reason: 'LETTER_SHAPE' }) } })
      if (from) await store.documents('receipts').put(letterKey(FR, from.n), await makeReceipt({ signer, iss: DE, aud: FR, n: from.n, id: from.id, digest: from.digest, status: 'REJECTED', reason: 'LETTER_SHAPE', head: entry.body.digest, at: AT }))
      entries.push(entry)
      head = { seq: entry.seq, digest: entry.body.digest }
      tree.add(leafHash(head.digest))
      if (head.seq % 256 === 0) await checkpointsOf(store).put(checkpointKey(head.seq), await makeCheckpoint({ signer, iss: DE, ...head, root: tree.root().toString('hex'), prev: head.seq - 256, at: AT }))
    }
    await store.documents('content').putMany(contents)
    await log.append(entries)
  }
}

async function received(store: Store, { keys, directory }: World, n: number): Promise<NonNullable<EntryBody['from']>> {
  const id = `letter-${n}`
  const { jws, digest } = await sealLetter({ signer: keys[FR].signer, directory, from: FR, to: DE, n, id, kind: 'fact', body: '{}', contents: [], now: NOW })
  await store.documents('received').put(letterKey(FR, n), { id, digest, jws })
  return { authority: FR, n, id, digest }
}
