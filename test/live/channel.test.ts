// A desk misses nothing and hears nothing twice, whatever happens between it and the ledger: chance decides, a failing schedule is shrunk.
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { Refusal } from '../../src/refusal'
import { chanceOf, channelOver, Ledger, type Event, Listener, noWait, until, type Chance } from './ledger'
import { Channel } from '../../src/live/channel'
import { Told, type Asking } from '../../src/live/feed'

const wanted = (ledger: Ledger, kinds: string, after: number): number[] => ledger.lines.filter(line => line.seq > after && (kinds === '*' || kinds.includes(line.kind))).map(line => line.seq)

/** A hub's channel on a ledger: made at need, left when the last desk leaves. */
function hubOver(ledger: Ledger): { channel: () => Channel<Event, Asking>; die: () => void } {
  let open: Channel<Event, Asking> | null = null
  const channel = (): Channel<Event, Asking> => (open ??= new Channel(ledger, () => { open = null }, () => undefined, noWait))
  return { channel, die: () => { open?.close(); open = null } }
}

const KINDS = ['a', 'b', 'c'] as const
const FILTERS = ['*', 'a', 'b', 'ab', 'bc'] as const

type Step =
  | { do: 'append'; kind: (typeof KINDS)[number]; times: number } | { do: 'cut desk' | 'return'; desk: number } | { do: 'cut upstream' | 'restart' | 'pass' }
const desk = fc.nat({ max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), kind: fc.constantFrom(...KINDS), times: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cut desk' as const), desk }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('return' as const), desk }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut upstream' as const, 'restart' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
)

describe('five desks with filters of their own, cut at random under a stream of acts', () => {
  it('each hears exactly its lines in order, across cuts of the upstream and restarts of the hub', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer(), async (steps, seed) => {
      const chance = chanceOf(seed)
      const ledger = new Ledger(chance, 0.05)
      const hub = hubOver(ledger)
      const desks = FILTERS.map(kinds => ({ listener: new Listener(kinds, chance, 0.1), seated: false }))
      const seat = ({ listener }: { listener: Listener }): void => listener.sit(hub.channel(), `c${listener.heard.at(-1) ?? 0}`)
      for (const each of steps) {
        const chosen = 'desk' in each ? desks[each.desk] : undefined
        if (each.do === 'append') for (let i = 0; i < each.times; i++) ledger.append(each.kind)
        if (each.do === 'cut upstream') ledger.cut()
        if (each.do === 'cut desk' && chosen?.seated) { chosen.listener.rise(); chosen.seated = false }
        if (each.do === 'return' && chosen && !chosen.seated) { seat(chosen); chosen.seated = true }
        if (each.do === 'restart') {
          hub.die()
          for (const one of desks) { one.listener.rise(); one.seated = false }
        }
        if (each.do === 'pass') await turn()
      }
      for (const one of desks) if (!one.seated) seat(one)
      await until(() => desks.every(({ listener }) => listener.heard.length >= wanted(ledger, listener.kinds, 0).length), () => JSON.stringify(desks.map(({ listener }) => listener.heard)))
      for (let turns = 0; turns < 5; turns++) await turn()
      for (const { listener } of desks) expect(listener.heard).toEqual(wanted(ledger, listener.kinds, 0))
      expect(ledger.mostOpen).toBeLessThanOrEqual(1 + steps.filter(each => each.do === 'restart' || each.do === 'cut desk').length)
      hub.die()
    }), { numRuns: 250 })
  })
})

describe('one channel', () => {
  const plain: Chance = () => 0
  const asker = (expiresAt: number | null): Asking => ({ expiresAt })

  it('opens one upstream for a thousand desks, renders a line once for all that ask alike, and closes it after the last', async () => {
    const ledger = new Ledger(plain)
    const channel = channelOver(ledger)
    let rendered = 0
    const heard: string[] = []
    const leave = Array.from({ length: 1_000 }, (_, i) => channel.join(asker(null), {
      alike: 'one', desk: { tell: ({ text }) => void heard.push(text), flushed: async () => undefined, end: () => undefined },
      render: async line => { rendered++; return { state: 'TOLD', told: new Told(line.seq, line.cursor, `${line.seq}`), passes: () => true } },
    }, { filter: String(i % 100), keys: [String(i % 2)], accepts: ({ kind }) => kind === String(i % 2), root: (_, line) => line }, 'c0'))
    await until(() => ledger.open === 1, () => 'an upstream')
    for (let turns = 0; turns < 20; turns++) await turn()
    ledger.append('1')
    await until(() => heard.length === 500, () => String(heard.length))
    expect([rendered, ledger.mostOpen]).toEqual([1, 1])
    for (const each of leave) each()
    await until(() => ledger.open === 0, () => 'the end of the upstream')
  })

  it('reads a page once for desks that come back behind the same event', async () => {
    const ledger = new Ledger(plain)
    for (let i = 0; i < 3; i++) ledger.append('a')
    const channel = channelOver(ledger)
    const listeners = Array.from({ length: 200 }, () => new Listener('*', plain))
    for (const each of listeners) each.sit(channel, 'c2')
    await until(() => listeners.every(each => each.heard.length === 1), () => 'the line behind the cursor')
    expect(ledger.pages).toBe(1)
    channel.close()
  })

  it('ends a desk whose cursor is no good, and no other', async () => {
    const ledger = new Ledger(plain)
    const channel = channelOver(ledger)
    const [good, bad, future] = [new Listener('*', plain), new Listener('*', plain), new Listener('*', plain)]
    good.sit(channel, 'c0')
    bad.sit(channel, 'nonsense')
    future.sit(channel, 'c7')
    await until(() => bad.ended !== null && future.ended !== null, () => 'two refusals')
    ledger.append('a')
    await until(() => good.heard.length === 1, () => 'the line')
    expect([bad.ended, future.ended].map(ended => (ended as Refusal).code)).toEqual(['CURSOR_INVALID', 'CURSOR_INVALID'])
    expect(good.ended).toBeNull()
    channel.close()
  })

  it('is ended for all by an upstream that no longer knows its place', async () => {
    const ledger = new Ledger(plain)
    const follow = async (): Promise<void> => { throw new Refusal('CURSOR_EXPIRED', 'gone', {}) }
    const channel = new Channel<Event, Asking>({ follow, page: (who, after) => ledger.page(who, after), keysOf: line => ledger.keysOf(line) }, () => undefined, () => undefined, noWait)
    const listener = new Listener('*', plain)
    listener.sit(channel, null)
    await until(() => listener.ended !== null, () => 'the refusal')
    expect((listener.ended as Refusal).code).toBe('CURSOR_EXPIRED')
  })

  it('goes on under another desk\'s right where the first is denied, and survives an upstream that throws nonsense', async () => {
    const ledger = new Ledger(plain)
    const faults: unknown[] = []
    let calls = 0
    const follow: Ledger['follow'] = async (place, voice, heard, signal) => {
      calls++
      if (calls === 1) throw new TypeError('nonsense')
      if (voice.expiresAt === null) throw new Refusal('UNAUTHENTICATED', 'no more', {})
      return ledger.follow(place, voice, heard, signal)
    }
    const channel = new Channel({ follow, page: (who, after) => ledger.page(who, after), keysOf: line => ledger.keysOf(line) }, () => undefined, thrown => void faults.push(thrown), noWait)
    const denied = new Listener('*', plain)
    denied.sit(channel, 'c0')
    const heard: number[] = []
    channel.join(asker(Date.now() + 60_000), { alike: 'other', desk: { tell: ({ seq }) => void heard.push(seq), flushed: async () => undefined, end: () => undefined }, render: async line => ({ state: 'TOLD', told: new Told(line.seq, line.cursor, ''), passes: () => true }) }, { filter: '', keys: null, accepts: () => true, root: () => null }, 'c0')
    ledger.append('a')
    await until(() => heard.length === 1, () => 'the line')
    expect([(denied.ended as Refusal).code, faults.length]).toEqual(['UNAUTHENTICATED', 1])
    channel.close()
  })

  it('tells nothing to a desk whose right has ended', async () => {
    const ledger = new Ledger(plain)
    const channel = channelOver(ledger)
    const heard: number[] = []
    const until50 = Date.now() + 50
    channel.join(asker(until50), { alike: 'x', desk: { tell: ({ seq }) => void heard.push(seq), flushed: async () => undefined, end: () => undefined }, render: async line => ({ state: 'TOLD', told: new Told(line.seq, line.cursor, ''), passes: () => true }) }, { filter: '', keys: null, accepts: () => true, root: () => null }, 'c0')
    ledger.append('a')
    await until(() => heard.length === 1, () => 'the line')
    await until(() => Date.now() > until50, () => 'the end of the right')
    ledger.append('a')
    for (let turns = 0; turns < 20; turns++) await turn()
    expect(heard).toEqual([1])
    channel.close()
  })
})
