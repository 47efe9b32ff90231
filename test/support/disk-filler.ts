// A child process that fills the disk under an embedded store and goes on once there is room; it says what it saw as one line of JSON.
// Argument: a folder on a small file system. A process of its own, because lmdb tells a failed commit on the console whenever it likes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/store/embedded'
import { Refusal } from '../../src/refusal'

const [mount = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const ballast = join(mount, 'ballast')
  writeFileSync(ballast, Buffer.alloc(600 * 1024))
  mkdirSync(join(mount, 'house'))
  const store = await openEmbeddedStore(join(mount, 'house'))
  const log = store.log<string>('ledger')
  const append = (seq: number): Promise<unknown> => log.append([{ seq, body: 'x'.repeat(5_000) }])
  let acknowledged = 0
  const refused: unknown = await (async () => { for (;;) { await append(acknowledged + 1); acknowledged += 1 } })().catch((error: unknown) => error)
  const together = await Promise.allSettled([append(acknowledged + 1), store.documents('content').put('a', 'x'.repeat(9_000)), append(acknowledged + 1)])
  const full = { last: await log.last(), entries: (await log.read({ after: 0, limit: 999 })).length, content: await store.documents('content').get('a') }
  rmSync(ballast)
  const roomy = await append(acknowledged + 1)
  await store.close()
  process.stdout.write(`${JSON.stringify({
    acknowledged, full, roomy, together: together.map(({ status }) => status),
    refused: refused instanceof Refusal ? { code: refused.code, hint: refused.facts.hint } : String(refused),
  })}\n`)
}

main().catch((error: unknown) => process.stderr.write(`${String(error)}\n`, () => process.exit(1)))
