import * as fc from 'fast-check'
import { retryDelay, waitOr } from '../../src/peer/retry'

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0)

test('a house that restarts is tried again within a second each time, for the first seconds', () => {
  const latest = Array.from({ length: 8 }, (_, attempt) => retryDelay(attempt, () => 1))
  expect(Math.max(...latest)).toBeLessThanOrEqual(1_000)
  expect(latest[0]).toBe(200)
  expect(sum(latest)).toBeGreaterThan(5_000)
})

test('a house that stays away is tried ever more rarely, never less often than every ten minutes', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
    const delay = retryDelay(attempt, () => chance)
    expect(delay).toBeGreaterThanOrEqual(100)
    expect(delay).toBeLessThanOrEqual(600_000)
    expect(retryDelay(attempt + 1, () => chance)).toBeGreaterThanOrEqual(delay)
  }))
  expect(retryDelay(50, () => 1)).toBe(600_000)
})

test('a thousand houses that lost the same hub do not come back at one moment', () => {
  const delays = Array.from({ length: 1_000 }, () => retryDelay(20, Math.random))
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(200_000)
})

test.each([-1, 0.5, NaN])('an attempt of %p is counted as the first', attempt => {
  expect(retryDelay(attempt, () => 1)).toBe(200)
})

test('who waits is told whether the time passed or the wait was ended', async () => {
  expect(await waitOr(5, new AbortController().signal)).toBe(true)
  const ending = new AbortController()
  const waiting = waitOr(60_000, ending.signal)
  ending.abort()
  expect(await waiting).toBe(false)
  expect(await waitOr(60_000, ending.signal)).toBe(false)
})
