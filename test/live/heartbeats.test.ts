// Heartbeats between houses: what is told of a partner, once, and what whoever joins later hears first.
import { Heartbeats, type Beat } from '../../src/live/heartbeats'
import { Told } from '../../src/live/feed'
import { until } from './ledger'

function houses(...names: string[]) {
  const states = new Map(names.map(name => [name, 'ANSWERED']))
  const over = new AbortController()
  let release: () => void = () => undefined
  let rounds = 0
  const heartbeats = new Heartbeats({
    houses: () => names, now: () => new Date(Date.UTC(2026, 10, 29) + rounds * 5_000), faulty: thrown => { throw thrown },
    reach: async house => ({ state: states.get(house) ?? 'UNREACHABLE' }),
    wait: async () => {
      rounds++
      await new Promise<void>(resolve => { release = resolve })
      return !over.signal.aborted
    },
  })
  void heartbeats.run(over.signal)
  /** Lets the next beat go, and waits until each house was asked. */
  const beat = async (): Promise<void> => {
    const before = rounds
    release()
    await until(() => rounds > before, () => 'a beat')
  }
  const begun = until(() => rounds > 0, () => 'the first beat')
  return { states, heartbeats, beat, begun, end: () => { over.abort(); release() } }
}

function listen(heartbeats: Heartbeats): string[] {
  const heard: string[] = []
  const tell = ({ house, state, before }: Beat): string => `${house} ${before ?? '-'} ${state}`
  heartbeats.channel().join({ expiresAt: null }, {
    alike: 'one', desk: { tell: ({ text }) => void heard.push(text), flushed: async () => undefined, end: thrown => { throw thrown } },
    render: async beat => ({ state: 'TOLD', told: new Told(beat.seq, beat.cursor, tell(beat as Beat)), passes: () => true }),
  }, { filter: '', keys: null, accepts: () => true, root: (_, beat) => beat }, '0')
  return heard
}

test('whoever joins hears how each house stands, then each change once; one missed beat is none', async () => {
  const { states, heartbeats, beat, begun, end } = houses('DE', 'FR')
  await begun
  const heard = listen(heartbeats)
  const now = (): string => heard.join(', ')
  await until(() => heard.length === 2, now)
  states.set('FR', 'UNREACHABLE')
  await beat()
  states.set('FR', 'ANSWERED')
  await beat()
  states.set('FR', 'TIMED_OUT')
  await beat()
  const seen = heartbeats.lastSeenAt('FR')
  states.set('FR', 'UNREACHABLE')
  await beat()
  await until(() => heard.length === 3, now)
  await beat()
  expect(heartbeats.lastSeenAt('FR')).toBe(seen)
  heartbeats.saw('FR')
  await until(() => heard.length === 4, now)
  expect(heard).toEqual(['DE - ANSWERED', 'FR - ANSWERED', 'FR ANSWERED UNREACHABLE', 'FR UNREACHABLE ANSWERED'])
  const later = listen(heartbeats)
  await until(() => later.length === 2, () => later.join(', '))
  expect(later).toEqual(['DE - ANSWERED', 'FR UNREACHABLE ANSWERED'])
  end()
  heartbeats.close()
})
