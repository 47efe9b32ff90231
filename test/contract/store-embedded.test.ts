// The embedded store against the contract of the port, and what only it promises: one process at a time, reading beside a running
// house, a full disk that harms nothing, lists whose cost does not grow with the docket.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/store/embedded'
import { describeStore } from './store'

jest.setTimeout(60_000)

const folders: string[] = []
const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-store-'))
  folders.push(folder)
  return folder
}
afterAll(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }) })

describe('the embedded store', () => {
  describeStore(async () => {
    const folder = freshFolder()
    return { open: () => openEmbeddedStore(folder), beside: async store => store, remove: async () => rmSync(folder, { recursive: true, force: true }) }
  }, 60)
})

describe('the folder of an embedded store', () => {
  test('a second opener in the same process is refused with its pid until the first closes', async () => {
    const folder = freshFolder()
    const store = await openEmbeddedStore(folder)
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', facts: { pid: process.pid, folder } })
    await store.close()
    await (await openEmbeddedStore(folder)).close()
  })

  test('a folder held by another live process is refused with path, pid and fix', async () => {
    const folder = freshFolder()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      const began = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]}`
      writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid, began }))
      await expect(openEmbeddedStore(folder)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE', message: `The store in ${folder} is in use by process ${child.pid}.`, facts: { hint: expect.stringContaining(`Stop process ${child.pid}`) },
      })
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await (await openEmbeddedStore(folder)).close()
  })

  test.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 7, began: 'x/1' })],
    ['a pid that another process has by now', JSON.stringify({ pid: process.pid, began: 'another boot/1' })],
    ['no sense', '{'], ['a wrong shape', '{"pid":"1"}'], ['nothing', ''],
  ])('a lock that names %s is taken over', async (_, lock) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'lock'), lock)
    const store = await openEmbeddedStore(folder)
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
    await store.close()
  })

  test('a reader beside the running house sees what it wrote, holds no lock and cannot write', async () => {
    const folder = freshFolder()
    const house = await openEmbeddedStore(folder)
    await house.log('ledger').append([{ seq: 1, body: 'one' }])
    const reader = await openEmbeddedStore(folder, { readOnly: true })
    expect(await reader.log('ledger').read({ after: 0, limit: 9 })).toEqual([{ seq: 1, body: 'one' }])
    await expect(reader.log('ledger').append([{ seq: 2, body: 'two' }])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await house.log('ledger').append([{ seq: 2, body: 'two' }])
    expect(await reader.log('ledger').last()).toBe(2)
    await reader.close()
    expect(await house.log('ledger').last()).toBe(2)
    await house.close()
  })

  test('an opener of a folder that is none is told which and why, and leaves nothing behind', async () => {
    const file = join(freshFolder(), 'file')
    writeFileSync(file, '')
    await expect(openEmbeddedStore(file)).rejects.toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE', message: expect.stringMatching(/file cannot be opened \(E\w+\)/) })
    const folder = freshFolder()
    writeFileSync(join(folder, 'lmdb'), '')
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE' })
    rmSync(join(folder, 'lmdb'))
    await (await openEmbeddedStore(folder)).close()
  })

  test('a reader of a folder without a store is told so and makes none', async () => {
    const folder = join(freshFolder(), 'none')
    await expect(openEmbeddedStore(folder, { readOnly: true })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(folder) })
    expect(() => readFileSync(folder)).toThrow('ENOENT')
  })
})
