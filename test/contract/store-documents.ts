// What every store promises of its documents.
import type { Opened } from './store'

let collections = 0
const freshName = (): string => `collection-${process.pid}-${++collections}`

export function describeDocuments(use: () => Opened): void {
  const fresh = () => use().store.documents<unknown>(freshName())

  describe('documents', () => {
    test('a document that is put is there, replaced whole by the next, and gone once deleted', async () => {
      const documents = fresh()
      expect(await documents.get('a')).toBeNull()
      await documents.put('a', { one: 1, two: 2 })
      await documents.put('a', { one: 3 })
      expect(await documents.get('a')).toEqual({ one: 3 })
      await documents.delete('a')
      await documents.delete('a')
      expect(await documents.get('a')).toBeNull()
    })

    test('F93 a document whose keys are those of updates and paths is kept as it is, and changes nothing beside it', async () => {
      const documents = fresh()
      const odd = { $set: { a: 1 }, $rename: { a: 'b' }, $unset: 'a', 'a.b': [{ $inc: { a: 1 } }], a: { $where: 'x' }, _id: 'other' }
      await documents.put('plain', { a: 0 })
      await documents.put('odd', odd)
      expect(await documents.insert('pipeline', [{ $set: { a: 2 } }])).toBe(true)
      expect(await documents.get('odd')).toEqual(odd)
      expect(await documents.get('pipeline')).toEqual([{ $set: { a: 2 } }])
      expect(await documents.get('plain')).toEqual({ a: 0 })
      expect(await documents.get('other')).toBeNull()
    })

    test('an insert writes once; the second is told and changes nothing', async () => {
      const documents = fresh()
      expect(await documents.insert('a', 1)).toBe(true)
      expect(await documents.insert('a', 2)).toBe(false)
      expect(await documents.get('a')).toBe(1)
    })

    test('of many that insert one key at once, one is told that it wrote', async () => {
      const name = freshName()
      const raced = await Promise.all(Array.from({ length: 16 }, (_, index) => (index % 2 ? use().store : use().other).documents<number>(name).insert('once', index)))
      expect(raced.filter(Boolean)).toHaveLength(1)
      expect(await use().store.documents<number>(name).get('once')).toBe(raced.indexOf(true))
    })

    test('many that put one new key at once all succeed', async () => {
      const name = freshName()
      await Promise.all(Array.from({ length: 16 }, (_, index) => (index % 2 ? use().store : use().other).documents<number>(name).put('all', index)))
      expect(await use().store.documents<number>(name).get('all')).toEqual(expect.any(Number))
    })

    test('a reader of many keys gets those that exist', async () => {
      const documents = fresh()
      await documents.putMany(new Map(Object.entries({ a: 1, b: null, c: { d: [] } })))
      await documents.putMany(new Map())
      expect(await documents.getMany(['c', 'a', 'a', 'missing', ''])).toEqual(new Map<string, unknown>([['a', 1], ['c', { d: [] }]]))
      expect(await documents.getMany([])).toEqual(new Map())
    })

    test('a list goes through a prefix in ascending order, page by page, and meets nothing else', async () => {
      const documents = fresh()
      const keys = ['p/1', 'p/10', 'p/2', 'p/é', 'p/😀', 'p', 'o/1', 'q/1', 'p0']
      await documents.putMany(new Map(keys.map(key => [key, key])))
      const pages: string[][] = []
      for (let after: string | undefined; ;) {
        const page = await documents.list({ prefix: 'p/', limit: 2, ...(after !== undefined && { after }) })
        if (page.length === 0) break
        pages.push(page.map(({ key }) => key))
        after = page.at(-1)?.key
      }
      expect(pages).toEqual([['p/1', 'p/10'], ['p/2', 'p/é'], ['p/😀']])
      expect((await documents.list({ prefix: '', limit: 99 })).map(({ key }) => key)).toEqual(['o/1', 'p', 'p/1', 'p/10', 'p/2', 'p/é', 'p/😀', 'p0', 'q/1'])
      expect((await documents.list({ prefix: 'p/', after: 'a', limit: 1 })).map(({ key }) => key)).toEqual(['p/1'])
      expect(await documents.list({ prefix: 'p/', limit: 0 })).toEqual([])
      expect((await documents.list({ prefix: 'p/', limit: 1 }))[0]?.value).toBe('p/1')
    })

    test('a list takes the characters of a pattern as text', async () => {
      const documents = fresh()
      await documents.putMany(new Map([['.*', 1], ['a', 2]]))
      expect((await documents.list({ prefix: '.*', limit: 9 })).map(({ key }) => key)).toEqual(['.*'])
    })

    test.each([[''], ['a\u0000b'], ['\u0001'], ['x'.repeat(3_000)], ['\udfff']])('a key that no store can hold (%j) is not there, and is not written', async key => {
      const documents = fresh()
      expect(await documents.get(key)).toBeNull()
      await expect(documents.delete(key)).resolves.toBeUndefined()
      await expect(documents.put(key, 1)).rejects.toMatchObject({ name: 'Fault' })
      await expect(documents.insert(key, 1)).rejects.toMatchObject({ name: 'Fault' })
    })

    test('a document of a megabyte is kept; one over 15 MB is refused and leaves the old one', async () => {
      const documents = fresh()
      const large = { text: 'ü'.repeat(500_000) }
      await documents.put('a', large)
      expect(await documents.get('a')).toEqual(large)
      await expect(documents.put('a', 'x'.repeat(15 * 1024 * 1024))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
      await expect(documents.putMany(new Map<string, unknown>([['b', 1], ['c', 'x'.repeat(15 * 1024 * 1024)]]))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
      expect(await documents.get('a')).toEqual(large)
      expect(await documents.get('b')).toBeNull()
    })

    test.each([{ what: 'undefined', value: undefined }, { what: 'a function', value: () => 1 }])('$what is no document', async ({ value }) => {
      await expect(fresh().put('a', value)).rejects.toMatchObject({ name: 'Fault' })
    })
  })
}
