// A socket that asks for much at once is served in turn with the others, in the order in which it asked.
import { setImmediate as turn } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { Queue, Turns } from '../../src/door/turns'

const OPERATION = 'subscribe'

function room(): { turns: Turns; taken: string[]; reading: string[] } {
  const [taken, reading]: [string[], string[]] = [[], []]
  const socket = { pause: () => void reading.push('paused'), resume: () => void reading.push('resumed') } as unknown as WebSocket
  return { taken, reading, turns: new Turns(socket, bytes => {
    taken.push(bytes.toString())
    return bytes.toString().startsWith(OPERATION)
  }) }
}

it('takes one operation in a turn, what else came in its place, and reads no further until all is taken', async () => {
  const { turns, taken, reading } = room()
  const said = ['ping 1', 'subscribe 1', 'ping 2', 'subscribe 2', 'subscribe 3', 'ping 3']
  for (const text of said) turns.add(Buffer.from(text), false)
  expect(taken).toEqual(said.slice(0, 2))
  expect(reading).toContain('paused')
  await turn()
  expect(taken).toEqual(said.slice(0, 4))
  await turn()
  expect(taken).toEqual(said.slice(0, 5))
  expect(reading).not.toContain('resumed')
  await turn()
  expect(taken).toEqual(said)
  expect(reading.at(-1)).toBe('resumed')
})

it('lets two that ask for much take turns', async () => {
  const rooms = [room(), room()]
  for (const { turns } of rooms) for (let i = 0; i < 10; i++) turns.add(Buffer.from(`subscribe ${i}`), false)
  for (let taken = 1; taken <= 10; taken++) {
    expect(rooms.map(each => each.taken.length)).toEqual([taken, taken])
    await turn()
  }
})

it('gives a turn each to those that come back together, in their order', async () => {
  const queue = new Queue()
  const ran: number[] = []
  for (let i = 0; i < 10; i++) void queue.turn().then(() => ran.push(i))
  for (let before = 0; ran.length < 10; before = ran.length) {
    await turn()
    expect(ran.length - before).toBeLessThanOrEqual(1)
  }
  expect(ran).toEqual([...ran.keys()])
})
