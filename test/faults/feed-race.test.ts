// An act may fall anywhere between the reading of a cursor and the subscription behind it: in none of 10,000 schedules is it lost.
import { setImmediate as turn } from 'node:timers/promises'
import { chanceOf, channelOver, Ledger, Listener, until } from '../live/ledger'

describe('an act while a desk subscribes behind a cursor', () => {
  it('is heard in each of 10,000 schedules', async () => {
    const schedule = async (seed: number): Promise<void> => {
      const chance = chanceOf(seed)
      const ledger = new Ledger(chance)
      for (let i = 0; i < seed % 4; i++) ledger.append('a')
      const from = ledger.lines.length
      const channel = channelOver(ledger)
      const other = new Listener('a', chance)
      if (seed % 3 === 0) other.sit(channel, null)
      const listener = new Listener(seed % 2 === 0 ? 'a' : '*', chance)
      const begin = async (): Promise<void> => {
        for (let turns = Math.floor(chance() * 4); turns > 0; turns--) await turn()
        listener.sit(channel, `c${from}`)
      }
      const act = async (): Promise<void> => {
        for (let turns = Math.floor(chance() * 6); turns > 0; turns--) await turn()
        ledger.append('a')
      }
      await Promise.all(chance() < 0.5 ? [begin(), act(), act()] : [act(), begin(), act()])
      await until(() => listener.heard.length >= 2, () => `seed ${seed}: ${JSON.stringify(listener.heard)}`)
      if (JSON.stringify(listener.heard) !== JSON.stringify([from + 1, from + 2])) throw new TypeError(`seed ${seed}: ${JSON.stringify(listener.heard)}`)
      channel.close()
    }
    for (let seed = 0; seed < 10_000; seed += 100) await Promise.all(Array.from({ length: 100 }, (_, i) => schedule(seed + i)))
  })
})
