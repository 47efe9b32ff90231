// The real nodes and the real hub over embedded stores, with a network that loses, repeats, delays and cuts, and processes that die at any
// write: whatever the schedule, once all is well again both sides hold the same, each letter took effect once, and nobody was told a lie.
import fc from 'fast-check'
import { world as wireWorld, type World as Wire } from '../wire/houses'
import { SPACES } from './exchange/schedules'
import { World, type Step } from './exchange/two-houses'
import { BROKEN, HASTY } from './exchange/broken-parts'
import type { Breakage } from './exchange/house'

const TIMES = Number(process.env['COMITY_RUNS'] ?? 1)
const RUNS = 80 * TIMES
const BUDGET_MS = 110_000 * TIMES

let wire: Wire
beforeAll(async () => { wire = await wireWorld() })

async function play(steps: readonly Step[], breakage: Breakage = {}, skewMs = 0): Promise<void> {
  const world = await World.open(wire, breakage, skewMs)
  try {
    for (const [i, step] of steps.entries()) expect({ after: i, broken: await world.step(step) }).toEqual({ after: i, broken: [] })
    expect(await world.heal()).toEqual([])
  } catch (thrown) {
    if (process.env['COMITY_SHOW']) console.log(world.log.slice(-40).join(''))
    throw thrown
  } finally { await world.close() }
}

test(`under ${RUNS} schedules of loss, repetition and death both sides end alike, and every promise holds after every step`, async () => {
  const skew = fc.constantFrom(0, 0, -600_000, 600_000)
  await fc.assert(fc.asyncProperty(fc.oneof(...Object.values(SPACES)), skew, (steps, skewMs) => play(steps, {}, skewMs)), { numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS - 20_000, endOnFailure: Boolean(process.env['COMITY_SHOW']) })
}, BUDGET_MS)

test('nothing is lost though a house that dies has read past what it had not taken', async () => {
  const { space, ...hasty } = HASTY
  await fc.assert(fc.asyncProperty(SPACES[space], steps => play(steps, hasty)), { numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS - 20_000 })
}, BUDGET_MS)

describe('it would be noticed:', () => {
  test.each(Object.entries(BROKEN))('%s', async (_, { space, ...breakage }) => {
    const found = await fc.check(fc.asyncProperty(SPACES[space], steps => play(steps, breakage)), { numRuns: RUNS * 3, endOnFailure: true })
    if (process.env['COMITY_SHOW']) console.log(`after ${found.numRuns} runs: ${String((found.errorInstance as { message?: string } | null)?.message).slice(0, 700)}`)
    expect(found.failed).toBe(true)
  }, BUDGET_MS)
})
