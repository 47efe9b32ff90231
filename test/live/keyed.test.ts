// A line of a feed touches the desks that it may concern and no others, however many there are; and whoever has left is found no more.
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { Told } from '../../src/live/feed'
import { KeyIndex, type Keyed } from '../../src/live/keyed'
import { ASKER, channelOver, Ledger, until } from './ledger'

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const keys = fc.uniqueArray(key, { maxLength: 3 })
const groups = fc.array(fc.record({ keys: fc.option(keys), leaves: fc.boolean() }), { maxLength: 30 })

it('finds each group under any of its keys once, one without keys under every line, and none that was taken out', () => {
  fc.assert(fc.property(groups, keys, (all, asked) => {
    const index = new KeyIndex<Keyed>()
    for (const group of all) index.add(group)
    for (const group of all) if (group.leaves) index.delete(group)
    const wanted = all.filter(group => !group.leaves && (group.keys === null || group.keys.some(each => asked.includes(each))))
    expect(index.of(asked)).toEqual(new Set(wanted))
    for (const group of all) index.delete(group)
    expect(index.of(['a', 'b', 'c', 'd', 'e'])).toEqual(new Set())
  }))
})

it('keeps no key whose last group has left', () => {
  const index = new KeyIndex<Keyed>()
  const all = Array.from({ length: 100 }, (_, i) => ({ keys: [`reference ${i}`, `reference ${i + 1}`, 'urgent'] }))
  const [entered, left] = [jest.spyOn(Map.prototype, 'set'), jest.spyOn(Map.prototype, 'delete')]
  for (const group of all) index.add(group)
  for (const group of all) index.delete(group)
  const keysOf = (spy: typeof entered | typeof left): unknown[] => spy.mock.calls.map(([each]) => each as unknown)
  const [came, went] = [keysOf(entered), keysOf(left)]
  jest.restoreAllMocks()
  expect(came).toHaveLength(102)
  expect(went.sort()).toEqual(came.sort())
})

it('asks of a channel with a thousand filters those alone that a line may concern', async () => {
  const ledger = new Ledger(() => 0)
  const channel = channelOver(ledger)
  const asked: string[] = []
  const heard: string[] = []
  const join = (name: string, under: readonly string[] | null): (() => void) => channel.join(ASKER, {
    alike: 'one', desk: { tell: () => void heard.push(name), flushed: async () => undefined, end: () => undefined },
    render: async ({ seq, cursor }) => ({ state: 'TOLD', told: new Told(seq, cursor, ''), passes: () => true }),
  }, { filter: name, keys: under, accepts: ({ kind }) => { asked.push(name); return under === null || under.includes(kind) }, root: (_, line) => line }, null)
  const leave = Array.from({ length: 1_000 }, (_, i) => join(`only ${i}`, [`${i}`]))
  join('all', null)
  await until(() => ledger.open === 1, () => 'an upstream')
  for (let turns = 0; turns < 20; turns++) await turn()
  ledger.append('7')
  await until(() => heard.length === 2, () => String(heard))
  expect([asked, heard].map(names => names.sort())).toEqual([['all', 'only 7'], ['all', 'only 7']])
  for (const each of leave) each()
  ledger.append('7')
  await until(() => heard.length === 3, () => String(heard))
  expect(asked).toEqual(['all', 'only 7', 'all'])
  channel.close()
})
