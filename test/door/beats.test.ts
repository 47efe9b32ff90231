// Each peer hears a beat every ten seconds, and no moment has to tell all of them.
import { BEAT_MS, Beats } from '../../src/door/beats'

const PEERS = 5_000
const LOOK_MS = 100

let beaten: number[]
let beats: Beats<number>

beforeEach(() => {
  jest.useFakeTimers()
  beaten = []
  beats = new Beats(peer => void beaten.push(peer))
})
afterEach(() => {
  beats.close()
  jest.useRealTimers()
})

const everybody = Array.from({ length: PEERS }, (_, peer) => peer)
const sorted = (peers: readonly number[]): number[] => [...peers].sort((one, other) => one - other)

it('beats each peer once in ten seconds, a small part of them at a time', () => {
  for (const peer of everybody) beats.add(peer)
  let most = 0
  for (let round = 1; round <= 3; round++) {
    for (let ms = 0; ms < BEAT_MS; ms += LOOK_MS) {
      const before = beaten.length
      jest.advanceTimersByTime(LOOK_MS)
      most = Math.max(most, beaten.length - before)
    }
    expect(sorted(beaten)).toEqual(sorted(Array.from({ length: round }, () => everybody).flat()))
  }
  expect(most).toBeLessThanOrEqual(PEERS / 50)
})

it('beats nobody who has left', () => {
  const leave = everybody.map(peer => beats.add(peer))
  for (const peer of everybody.slice(1)) leave[peer]?.()
  jest.advanceTimersByTime(2 * BEAT_MS)
  expect(beaten).toEqual([0, 0])
})

it('makes up for what a busy process missed, but beats nobody twice for it', () => {
  for (const peer of everybody) beats.add(peer)
  jest.advanceTimersByTime(BEAT_MS)
  beaten.length = 0
  const stalled = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 3 * BEAT_MS)
  jest.advanceTimersByTime(BEAT_MS / 50)
  stalled.mockRestore()
  expect(sorted(beaten)).toEqual(everybody)
})
