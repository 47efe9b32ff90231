// How long `comity verify` takes over 100,000 entries: chain and contents of each, a signed checkpoint every 256, and 1,000 letters that came, with
// the receipts that were given for them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verified } from '../src/cli/verify'
import { GENESIS, Ledger } from '../src/ledger/ledger'
import { checkpointKey } from '../src/node/checkpoints'
import { digestOf, letterKey, type Entry, type EntryBody, type LetterOrigin } from '../src/node/entry'
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
    const kept = { content: new Map<string, unknown>(), received: new Map<string, unknown>(), receipts: new Map<string, unknown>(), checkpoint: new Map<string, unknown>() }
    const entries: Entry[] = []
    for (let i = 0; i < BATCH; i++) {
      const { digest, ...document } = sealContent({ note: `entry ${head.seq + 1}` })
      kept.content.set(digest, document)
      const letter = (head.seq + 1) % (ENTRIES / LETTERS) === 0 ? await letterOf(keys, directory, ++letters) : null
      const { jws, ...from } = letter ?? { jws: '' }
      const entry = ledger.chain(head, { ...(letter && { unique: letterKey(FR, letter.n) }), body: { kind: letter ? 'rejected' : 'act', at: AT, actor: digest, ...(letter && { from: from as LetterOrigin, reason: 'LETTER_SHAPE' }) } })
      if (letter) {
        kept.received.set(letterKey(FR, letter.n), { id: letter.id, digest: letter.digest, jws })
        kept.receipts.set(letterKey(FR, letter.n), await makeReceipt({ signer, iss: DE, aud: FR, n: letter.n, id: letter.id, digest: letter.digest, status: 'REJECTED', reason: 'LETTER_SHAPE', head: entry.body.digest, at: AT }))
      }
      entries.push(entry)
      head = { seq: entry.seq, digest: entry.body.digest }
      tree.add(leafHash(head.digest))
      if (head.seq % 256 === 0) kept.checkpoint.set(checkpointKey(head.seq), await makeCheckpoint({ signer, iss: DE, ...head, root: tree.root().toString('hex'), prev: head.seq - 256, at: AT }))
    }
    for (const [name, values] of Object.entries(kept)) await store.documents(name).putMany(values)
    await log.append(entries)
  }
}

async function letterOf(keys: World['keys'], directory: World['directory'], n: number): Promise<LetterOrigin & { jws: string }> {
  const id = `letter-${n}`
  const { jws, digest } = await sealLetter({ signer: keys[FR].signer, directory, from: FR, to: DE, n, id, kind: 'fact', body: '{}', contents: [], now: NOW })
  return { authority: FR, n, id, digest, jws }
}
