// The exchange as a pure model under thousands of schedules of loss, repetition, delay and crash; each broken variant has to be caught.
import fc from 'fast-check'
import { VARIANTS, World, type Fate, type Step, type Variant } from './exchange-model'

const TIMES = Number(process.env['COMITY_RUNS'] ?? 1)
const RUNS = 5_000 * TIMES
const SEED = 42

const house = fc.constantFrom('DE' as const, 'FR' as const)
const fates = fc.array(fc.constantFrom<Fate[]>('well', 'well', 'lost', 'unheard', 'late'), { maxLength: 4 })
/** 0: no crash; k: right behind the k-th write. */
const stop = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('act' as const), house, key: fc.nat(5), what: fc.constantFrom('NOTE' as const, 'END' as const), stop }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('dispatch' as const), house, repeat: fc.boolean(), fates, stop }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('collect' as const), house, fates, again: fc.boolean(), stop }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), house }) },
)
/** Half of them begin with a request that has arrived, so that more is left for what follows. */
const arrived: Step[] = [{ do: 'dispatch', house: 'DE', repeat: false, fates: [], stop: 0 }, { do: 'collect', house: 'FR', fates: [], again: false, stop: 0 }]
const steps = fc.array(step, { minLength: 1, maxLength: 24 })
const schedule = fc.oneof(steps, steps.map(later => [...arrived, ...later]))

function play(variant: Variant, steps: readonly Step[]): void {
  const world = new World(variant)
  for (const [i, each] of steps.entries()) expect({ after: i, broken: world.step(each) }).toEqual({ after: i, broken: [] })
  expect(world.heal()).toEqual([])
}

test(`under ${RUNS} schedules every letter takes effect once, in order, with one receipt, and both ledgers end alike`, () => {
  fc.assert(fc.property(schedule, steps => play('correct', steps)), { numRuns: RUNS, ...(TIMES === 1 && { seed: SEED }) })
}, 120_000 * TIMES)

test('the schedules reach what they are meant to reach: letters both ways, refused proposals, both ends of the case', () => {
  const reached = { proposals: 0, refusals: 0, executed: 0, withdrawn: 0, receipts: 0 }
  fc.assert(fc.property(schedule, each => {
    const world = new World('correct')
    for (const one of each) world.step(one)
    world.heal()
    const { houses, receipts } = world.seen()
    const statuses = houses.flatMap(seen => [...seen.timelines.values()].flat()).map(entry => entry.status)
    reached.proposals += houses[0]?.sent.length ?? 0
    reached.refusals += houses[1] && houses[1].sent.length >= (houses[1].timelines.get('case')?.length ?? 0) ? 1 : 0
    reached.executed += statuses.includes('EXECUTED') ? 1 : 0
    reached.withdrawn += statuses.includes('WITHDRAWN') ? 1 : 0
    reached.receipts += receipts.length
  }), { numRuns: 500, seed: SEED })
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(20)
})

describe('a broken variant is caught:', () => {
  test.each(VARIANTS)('%s', variant => {
    const found = fc.check(fc.property(schedule, steps => play(variant, steps)), { numRuns: RUNS, ...(TIMES === 1 && { seed: SEED }) })
    expect({ variant, caught: found.failed }).toEqual({ variant, caught: true })
    expect(found.counterexample?.[0].length).toBeLessThanOrEqual(8)
  }, 120_000 * TIMES)
})
