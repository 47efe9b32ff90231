// A full disk under an embedded store: writes are refused, reads go on, nothing acknowledged is lost, no restart is needed.
// Needs the right to mount a small file system; is named as not run where that right is missing.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTypeScript } from '../support/children'

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

interface Said { acknowledged: number; full: { last: number; entries: number; content: unknown }; roomy: unknown; together: string[]; refused: { code: string; hint: string } }

;(canMount ? test : test.skip)('a house whose disk fills up is refused, keeps what it was told, and goes on once there is room', async () => {
  const house = runTypeScript('disk-filler.ts', mount)
  expect({ code: await house.ended(), ...(house.lines.length === 0 && { said: house.said() }) }).toEqual({ code: 0 })
  const { acknowledged, ...said } = JSON.parse(house.lines[0] ?? '{}') as Said
  expect(acknowledged).toBeGreaterThan(20)
  expect(said).toEqual({
    refused: { code: 'STORE_UNAVAILABLE', hint: expect.stringContaining('disk') as string },
    together: ['rejected', 'rejected', 'rejected'],
    full: { last: acknowledged, entries: acknowledged, content: null },
    roomy: { inserted: 1, clash: null },
  })
})
