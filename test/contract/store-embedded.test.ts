// The embedded store against the contract of the port, and what only it promises: one process at a time, reading beside a running
// house, a full disk that harms nothing, lists whose cost does not grow with the docket.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedFiles } from '../../src/store/embedded-files'
import { openEmbeddedStore } from '../../src/store/embedded'
import { scopedToHouse, type Store } from '../../src/store/store'
import { DE, instant, rowOf } from '../support/docket-rows'
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

describe('writes that an embedded store makes together', () => {
  const opened = async (play: (store: Store, together: NonNullable<Store['together']>) => Promise<void>): Promise<void> => {
    const store = await openEmbeddedStore(freshFolder())
    if (!store.together) throw new TypeError('an embedded store writes together')
    await store.log('ledger').append([{ seq: 1, unique: 'u', body: 'one' }])
    await play(store, store.together)
    await store.close()
  }

  test('all stand, and what is begun later is not of them', () => opened(async (store, together) => {
    const documents = store.documents<number>('beside')
    const [appended] = await together(() => Promise.all([store.log('ledger').append([{ seq: 2, body: 'two' }]), store.docket.put([rowOf({ reference: 'A', seq: 2 })]), documents.putMany(new Map([['a', 1], ['b', 2]]))]))
    expect(appended).toEqual({ inserted: 1, clash: null })
    expect(await documents.getMany(['a', 'b'])).toEqual(new Map([['a', 1], ['b', 2]]))
    expect((await store.docket.get(scopedToHouse(DE), 'A'))?.seq).toBe(2)
    await expect(store.log('ledger').append([{ seq: 2, body: 'again' }])).resolves.toEqual({ inserted: 0, clash: 'POSITION' })
  }))

  test.each([['the position', { seq: 1, body: 'other' }], ['the unique value', { seq: 2, unique: 'u', body: 'other' }]])('where %s of an entry is taken none of them is made, and others of that moment are', (_, entry) => opened(async (store, together) => {
    const documents = store.documents<number>('beside')
    const apart = documents.put('apart', 0)
    const [appended, put, row] = await together(() => Promise.allSettled([store.log('ledger').append([entry]), documents.put('a', 1), store.docket.put([rowOf({ reference: 'A', seq: 2 })])]))
    for (const each of [appended, put, row]) expect(each).toMatchObject({ status: 'rejected', reason: { name: 'Fault' } })
    await apart
    expect(await documents.list({ prefix: '', limit: 9 })).toEqual([{ key: 'apart', value: 0 }])
    expect(await store.docket.get(scopedToHouse(DE), 'A')).toBeNull()
    expect(await store.log('ledger').read({ after: 0, limit: 9 })).toEqual([{ seq: 1, unique: 'u', body: 'one' }])
  }))

  const unfit: [string, (store: Store) => Promise<unknown>][] = [
    ['an entry', store => store.log('ledger').append([{ seq: 2, unique: '', body: 'two' }])], ['entries with a hole', store => store.log('ledger').append([{ seq: 2, body: 'two' }, { seq: 4, body: 'four' }])],
    ['a document', store => store.documents('other').put('', 1)], ['a new document', store => store.documents('other').insert('x', undefined)], ['a row', store => store.docket.put([rowOf({ reference: '' })])],
  ]
  test.each(unfit)('where %s cannot be stored at all none of them is made', (_, begin) => opened(async (store, together) => {
    const documents = store.documents<number>('beside')
    const settled = await together(() => Promise.allSettled([begin(store), store.log('other').append([{ seq: 1, body: 'one' }]), documents.put('a', 1)]))
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await documents.get('a')).toBeNull()
    expect(await store.log('other').last()).toBe(0)
    expect(await store.log('ledger').last()).toBe(1)
  }))

  test('where beginning them throws none of them is made', () => opened(async (store, together) => {
    const documents = store.documents<number>('beside')
    expect(() => together(() => { documents.put('a', 1).catch(() => undefined); throw new TypeError('not so') })).toThrow('not so')
    await documents.put('b', 2)
    expect(await documents.list({ prefix: '', limit: 9 })).toEqual([{ key: 'b', value: 2 }])
  }))
})

describe('rows that come to an embedded docket in one put', () => {
  const keysOf = (folder: string): unknown[] => {
    const files = new EmbeddedFiles(join(folder, 'lmdb'), true)
    return (['rows', 'facts', 'orders', 'clocks'] as const).map(name => Array.from(files.table(name).getKeys({})))
  }
  // Of one instant, of none, with names that sort otherwise in bytes than in UTF-16, and one that comes twice.
  const names = ['DE-2', 'DE-10', 'DE-1', '\u{1f600}', '\uff5e', 'é', 'e', 'DE-1 ']
  const rows = [...names.map((reference, i) => rowOf({ reference, seq: i + 1, updatedAt: instant(i % 3), createdAt: instant(-i), dueAt: i % 2 ? instant(i) : null, ...(i % 3 === 0 && { clockAt: instant(i), open: false }) })), rowOf({ reference: 'DE-10', seq: 90, status: 'CLOSED', open: false })]

  test.each([['a docket that holds nothing', []], ['one that holds some', ['DE-15', 'z']]])('stand in %s as they would had each come alone, and go as they came', async (_, held) => {
    const [together, alone] = [freshFolder(), freshFolder()]
    const moved = rows.map((row, i) => ({ ...row, seq: row.seq + 100, updatedAt: instant(50 + i), clockAt: null }))
    for (const [folder, puts] of [[together, [rows, moved]], [alone, [...rows, ...moved].map(row => [row])]] as const) {
      const store = await openEmbeddedStore(folder)
      await store.docket.put(held.map(reference => rowOf({ reference, seq: 1 })))
      for (const put of puts) await store.docket.put(put)
      expect((await store.docket.find(scopedToHouse(DE), { filter: {}, order: 'LAST_ACTIVITY', limit: 99 })).length).toBe(names.length + held.length)
      await store.close()
    }
    expect(keysOf(together)).toEqual(keysOf(alone))
  })
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
