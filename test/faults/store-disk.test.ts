// A full disk under an embedded store: writes are refused, reads go on, nothing acknowledged is lost, no restart is needed.
// Needs the right to mount a small file system; is named as not run where that right is missing.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/store/embedded'

const mount = mkdtempSync(join(tmpdir(), 'comity-disk-'))

function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', mount], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write('a full disk: NOT RUN, no right to mount a file system\n')
    return false
  }
}

const canMount = mounted()
afterAll(() => {
  if (canMount) execFileSync('umount', [mount])
  rmSync(mount, { recursive: true, force: true })
})

;(canMount ? test : test.skip)('a house whose disk fills up is refused, keeps what it was told, and goes on once there is room', async () => {
  const ballast = join(mount, 'ballast')
  writeFileSync(ballast, Buffer.alloc(600 * 1024))
  mkdirSync(join(mount, 'house'))
  const store = await openEmbeddedStore(join(mount, 'house'))
  const log = store.log<string>('ledger')
  const append = (seq: number): Promise<unknown> => log.append([{ seq, body: 'x'.repeat(5_000) }])
  let last = 0
  const refused: unknown = await (async () => { for (;;) { await append(last + 1); last += 1 } })().catch((error: unknown) => error)
  expect(refused).toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE', facts: { hint: expect.stringContaining('disk') } })
  expect(last).toBeGreaterThan(20)
  const together = await Promise.allSettled([append(last + 1), store.documents('content').put('a', 'x'.repeat(9_000)), append(last + 1)])
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await log.last()).toBe(last)
  expect(await log.read({ after: 0, limit: 999 })).toHaveLength(last)
  expect(await store.documents('content').get('a')).toBeNull()
  rmSync(ballast)
  expect(await append(last + 1)).toEqual({ inserted: 1, clash: null })
  await store.close()
})
