// What every store promises of its logs.
import type { LogEntry } from '../../src/store/store'
import type { Opened } from './store'

interface Body { text: string }

let logs = 0
const freshName = (): string => `log-${process.pid}-${++logs}`
const entry = (seq: number, more: Partial<LogEntry<Body>> = {}): LogEntry<Body> => ({ seq, body: { text: `entry ${seq}` }, ...more })
const entries = (from: number, count: number): LogEntry<Body>[] => Array.from({ length: count }, (_, index) => entry(from + index))
const seqs = (found: readonly LogEntry[]): number[] => found.map(({ seq }) => seq)
const reject = async (work: () => Promise<unknown>, message: string): Promise<void> => expect(work()).rejects.toMatchObject({ name: 'Fault', message: expect.stringContaining(message) })

export function describeLog(use: () => Opened): void {
  const fresh = () => use().store.log<Body>(freshName())

  describe('log', () => {
    test('an empty log ends at 0, reads nothing and finds nothing', async () => {
      const log = fresh()
      expect(await log.last()).toBe(0)
      expect(await log.read({ after: 0, limit: 10 })).toEqual([])
      expect(await log.readBack({ before: Infinity, limit: 10 })).toEqual([])
      expect(await log.read({ after: 0, limit: 10, ref: 'DE-2026-000001' })).toEqual([])
      expect(await log.find('authority:FR/1')).toBeNull()
      expect(await log.append([])).toEqual({ inserted: 0, clash: null })
    })

    test('a writer reads back exactly what it appended, in order, forwards and backwards, page by page', async () => {
      const log = fresh()
      expect(await log.append(entries(1, 250))).toEqual({ inserted: 250, clash: null })
      expect(await log.last()).toBe(250)
      expect(await log.read({ after: 0, limit: 250 })).toEqual(entries(1, 250))
      expect(seqs(await log.read({ after: 100, limit: 3 }))).toEqual([101, 102, 103])
      expect(seqs(await log.read({ after: 249, limit: 3 }))).toEqual([250])
      expect(seqs(await log.readBack({ before: Infinity, limit: 2 }))).toEqual([250, 249])
      expect(seqs(await log.readBack({ before: 3, limit: 9 }))).toEqual([2, 1])
      expect(await log.read({ after: 250, limit: 3 })).toEqual([])
      expect(await log.read({ after: 0, limit: 0 })).toEqual([])
      expect(await log.readBack({ before: 1, limit: 9 })).toEqual([])
    })

    test('a reader of one stream meets its entries alone, and never those of a stream whose name begins alike', async () => {
      const log = fresh()
      await log.append([entry(1, { ref: 'A' }), entry(2, { ref: 'AB' }), entry(3), entry(4, { ref: 'A' }), entry(5, { ref: 'A' })])
      expect(seqs(await log.read({ after: 0, limit: 9, ref: 'A' }))).toEqual([1, 4, 5])
      expect(seqs(await log.read({ after: 1, limit: 1, ref: 'A' }))).toEqual([4])
      expect(seqs(await log.readBack({ before: 5, limit: 9, ref: 'A' }))).toEqual([4, 1])
      expect(seqs(await log.readBack({ before: Infinity, limit: 1, ref: 'AB' }))).toEqual([2])
      expect(await log.read({ after: 0, limit: 0, ref: 'A' })).toEqual([])
      expect(await log.read({ after: 0, limit: 9, ref: 'A\u0000' })).toEqual([])
      expect(await log.read({ after: 0, limit: 9, ref: '' })).toEqual([])
    })

    test('two logs of one house do not see each other', async () => {
      const [one, other] = [fresh(), fresh()]
      await one.append([entry(1, { unique: 'u', ref: 'r' })])
      expect(await other.last()).toBe(0)
      expect(await other.find('u')).toBeNull()
      expect(await other.append([entry(1, { unique: 'u', ref: 'r' })])).toEqual({ inserted: 1, clash: null })
    })

    test('a writer whose position is taken is told so, and what stood there stands', async () => {
      const log = fresh()
      await log.append(entries(1, 3))
      expect(await log.append([entry(3, { body: { text: 'other' } }), entry(4)])).toEqual({ inserted: 0, clash: 'POSITION' })
      expect(await log.read({ after: 0, limit: 9 })).toEqual(entries(1, 3))
    })

    test('the same entry appended again is a clash, not a second success', async () => {
      const log = fresh()
      await log.append([entry(1)])
      expect(await log.append([entry(1)])).toEqual({ inserted: 0, clash: 'POSITION' })
    })

    test('a unique value is taken once for ever; the group stops before it and keeps what came first', async () => {
      const log = fresh()
      await log.append([entry(1, { unique: 'authority:FR/1' })])
      expect(await log.append([entry(2, { unique: 'authority:FR/2' }), entry(3, { unique: 'authority:FR/1' }), entry(4)])).toEqual({ inserted: 1, clash: 'UNIQUE' })
      expect(seqs(await log.read({ after: 0, limit: 9 }))).toEqual([1, 2])
      expect(await log.append([entry(3, { unique: 'authority:FR/3' }), entry(4, { unique: 'authority:FR/3' })])).toEqual({ inserted: 1, clash: 'UNIQUE' })
      expect(await log.find('authority:FR/3')).toEqual(entry(3, { unique: 'authority:FR/3' }))
      expect(await log.find('authority:FR/9')).toBeNull()
      expect(await log.find('')).toBeNull()
    })

    test('a writer that would leave a hole is stopped, and nothing is written', async () => {
      const log = fresh()
      await log.append(entries(1, 2))
      await reject(() => log.append([entry(4)]), 'hole')
      await reject(() => log.append([entry(3), entry(5)]), 'follow each other')
      await reject(() => log.append([entry(0)]), 'count from 1')
      await reject(() => log.append([entry(1.5)]), 'count from 1')
      expect(await log.last()).toBe(2)
    })

    test.each([
      ['a unique value with a control character', entry(1, { unique: 'a\u0000b' })], ['an empty unique value', entry(1, { unique: '' })],
      ['an endless stream name', entry(1, { ref: 'x'.repeat(5_000) })], ['half a surrogate pair', entry(1, { ref: '\ud800' })],
      ['no body', { seq: 1 } as unknown as LogEntry<Body>],
    ])('a writer with %s is stopped, and nothing is written', async (_, hostile) => {
      const log = fresh()
      await expect(log.append([hostile])).rejects.toMatchObject({ name: 'Fault' })
      expect(await log.last()).toBe(0)
    })

    test.each([['$where', { $where: 'sleep(9)' }], ['dots', { 'a.b': { 'c.$d': 1 } }], ['numbers', [0, -1.5, 1e21, 2 ** 53]], ['a prototype', JSON.parse('{"__proto__":{"polluted":true}}')],
      ['lone surrogates', '\ud800 \udc00'], ['emptiness', { a: {}, b: [], c: '', d: null }], ['key order', { b: 1, a: 2, 10: 3 }]])('a body with %s is read back as it was written', async (_, hostile) => {
      const log = use().store.log<unknown>(freshName())
      await log.append([{ seq: 1, body: hostile }])
      const [found] = await log.read({ after: 0, limit: 1 })
      expect(JSON.stringify(found?.body)).toBe(JSON.stringify(hostile))
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    })

    test('two writers that race fill the log without a hole or a double, and each owns what it was told', async () => {
      const name = freshName()
      const writers = [use().store, use().other].map(store => store.log<{ by: number }>(name))
      const owned = await Promise.all(writers.map((log, by) => appendMany(log, by, 60)))
      const all = await use().store.log<{ by: number }>(name).read({ after: 0, limit: 999 })
      expect(seqs(all)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
      for (const [by, told] of owned.entries()) expect(all.filter(({ body }) => body.by === by).map(({ seq }) => seq)).toEqual(told)
    })

    test('many appends at once under one unique value succeed once', async () => {
      const name = freshName()
      const raced = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? use().store : use().other).log<Body>(name).append([entry(1, { unique: 'once' })])))
      expect(raced.filter(({ inserted }) => inserted === 1)).toHaveLength(1)
      expect(raced.filter(({ clash }) => clash === 'POSITION' || clash === 'UNIQUE')).toHaveLength(19)
    })
  })
}

/** Appends as a house does: behind the last entry, again on a clash. */
async function appendMany(log: ReturnType<Opened['store']['log']>, by: number, count: number): Promise<number[]> {
  const told: number[] = []
  while (told.length < count) {
    const last = await log.last()
    const group = Array.from({ length: Math.min(1 + (last % 3), count - told.length) }, (_, index) => ({ seq: last + 1 + index, body: { by } }))
    const { inserted } = await log.append(group)
    told.push(...group.slice(0, inserted).map(({ seq }) => seq))
  }
  return told
}
