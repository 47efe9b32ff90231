// Single schedules of the two houses that once went wrong, or that chance meets too seldom.
import { DE, FR, world as wireWorld, type World as Wire } from '../wire/houses'
import type { Breakage } from './exchange/house'
import { World, type Step } from './exchange/two-houses'

let wire: Wire
beforeAll(async () => { wire = await wireWorld() })

const REFERENCE = 'DE-2026-000001'

async function within(play: (world: World) => Promise<void>, breakage: Breakage = {}): Promise<void> {
  const world = await World.open(wire, breakage)
  try {
    await play(world)
    expect(await world.heal()).toEqual([])
  } finally { await world.close() }
}

const take = async (world: World, ...steps: Step[]): Promise<void> => { for (const step of steps) expect(await world.step(step)).toEqual([]) }
const settle: Step = { do: 'pass', seconds: 0 }
const validated = async (world: World): Promise<void> => {
  await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' })
  await world.act(DE, 'VALIDATE', REFERENCE)
  await take(world, settle)
}

test.each(Array.from({ length: 12 }, (_, i) => i + 1))('a store of the sender that fails for a moment at write %i of a submission keeps nothing from going out', async writes => {
  await within(async world => {
    await validated(world)
    await take(world, { do: 'harm', place: DE, writes, harm: 'down', again: 0 })
    await world.act(DE, 'SUBMIT', REFERENCE)
    await take(world, settle)
  })
})

test.each(Array.from({ length: 12 }, (_, i) => i + 1))('a store of the receiver that fails for a moment at write %i after two letters came loses neither', async writes => {
  await within(async world => {
    await validated(world)
    await take(world, { do: 'harm', place: FR, writes, harm: 'down', again: 0 })
    await world.act(DE, 'SUBMIT', REFERENCE)
    await world.act(DE, 'WITHDRAW', REFERENCE)
    await take(world, settle)
    expect(world.log.filter(line => line.includes('was parked'))).toEqual([])
  })
})

describe.each([DE, FR])('a consultation goes on where the house of %s', house => {
  test.each(Array.from({ length: 9 }, (_, i) => i + 1))('dies at write %i', async writes => {
    await within(async world => {
      await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'harm', place: house, writes, harm: 'part', again: 0 })
      await world.act(DE, 'CONSULT', REFERENCE)
      await take(world, settle, { do: 'retry', house: DE }, settle)
      await world.act(FR, 'ANSWER_CONSULTATION', REFERENCE)
      await take(world, settle, { do: 'retry', house: FR }, settle)
      const told = (await Promise.all([DE, FR].map(each => world.facts(each)))).map(facts => facts.filter(({ act }) => act !== 'DRAFT').map(({ act }) => act))
      expect(told).toEqual([['CONSULT', 'ANSWER_CONSULTATION'], ['CONSULT', 'ANSWER_CONSULTATION']])
    })
  })
})

test('letters of a consultation that come twice, late and again take effect once', async () => {
  await within(async world => {
    await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'network', house: DE, posts: ['twice', 'late', 'unheard'], lines: ['again', 'again'] }, { do: 'network', house: FR, posts: ['twice', 'late', 'unheard'], lines: ['again', 'cut', 'again'] })
    await world.act(DE, 'CONSULT', REFERENCE)
    await take(world, settle)
    await world.act(FR, 'ANSWER_CONSULTATION', REFERENCE)
    await take(world, settle, { do: 'replay', which: 0 }, { do: 'replay', which: 0 }, { do: 'cut', house: FR }, settle)
    await world.act(DE, 'VALIDATE', REFERENCE)
    await take(world, settle, { do: 'replay', which: 0 }, settle)
  })
})

test('receipts that the hub could not take are handed to it again', async () => {
  await within(async world => {
    await validated(world)
    await take(world, { do: 'network', house: FR, posts: ['sick', 'sick', 'sick'], lines: [] })
    await world.act(DE, 'SUBMIT', REFERENCE)
    await take(world, settle)
  })
})
