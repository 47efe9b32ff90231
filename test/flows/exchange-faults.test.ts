// Single schedules of the two houses that once went wrong, or that chance meets too seldom.
import type { Fact } from '../../src/domain/request'
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
    // At the version that the submission makes, whether that is recorded yet or not.
    await world.act(DE, 'WITHDRAW', REFERENCE, { version: 3 })
    await take(world, settle)
    expect(world.log.filter(line => line.includes('was parked'))).toEqual([])
    expect(await world.heal()).toEqual([])
    for (const house of [DE, FR]) expect(await world.stateOf(house, REFERENCE)).toMatchObject({ status: 'WITHDRAWN' })
  })
})

describe.each([DE, FR])('a consultation goes on where the house of %s', house => {
  test.each(Array.from({ length: 9 }, (_, i) => i + 1))('dies at write %i', async writes => {
    await within(async world => {
      await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'harm', place: house, writes, harm: 'part', again: 0 })
      await world.act(DE, 'CONSULT', REFERENCE)
      await take(world, settle, { do: 'retry', house: DE })
      await world.until(() => world.facts(FR), facts => facts.length === 1)
      await world.act(FR, 'ANSWER_CONSULTATION', REFERENCE)
      await take(world, settle, { do: 'retry', house: FR })
      await world.until(() => world.facts(FR), facts => facts.length === 2)
      const told = (await Promise.all([DE, FR].map(each => world.facts(each)))).map(facts => facts.filter(({ act }) => act !== 'DRAFT').map(({ act }) => act))
      expect(told).toEqual([['CONSULT', 'ANSWER_CONSULTATION'], ['CONSULT', 'ANSWER_CONSULTATION']])
    })
  })
})

test('letters of a consultation that come twice, late and again take effect once', async () => {
  await within(async world => {
    await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'network', house: DE, posts: ['twice', 'late', 'unheard'], lines: ['again', 'again'] }, { do: 'network', house: FR, posts: ['twice', 'late', 'unheard'], lines: ['again', 'cut', 'again'] })
    await world.act(DE, 'CONSULT', REFERENCE)
    await world.until(() => world.facts(FR), facts => facts.length === 1)
    await world.act(FR, 'ANSWER_CONSULTATION', REFERENCE)
    await world.until(() => world.facts(FR), facts => facts.length === 2)
    await take(world, { do: 'replay', which: 0 }, { do: 'replay', which: 0 }, { do: 'cut', house: FR }, settle)
    await world.act(DE, 'VALIDATE', REFERENCE)
    await take(world, settle, { do: 'replay', which: 0 }, settle)
  })
})

describe('letters about a consultation that a thief of the partner\'s keys wrote', () => {
  const consulted = async (world: World): Promise<Fact> => {
    await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' })
    await world.act(DE, 'CONSULT', REFERENCE)
    const [fact] = await world.until(() => world.facts(FR), facts => facts.length > 0)
    if (!fact) throw new TypeError('the consultation never came')
    return fact
  }
  const amended = (fact: Fact, more: object): object => ({ ...fact, act: 'AMEND', from: 'CONSULTATION', to: 'CONSULTATION', version: 3, contents: {}, ...more })

  test.each<[string, (fact: Fact) => object, string]>([
    ['the same consultation again', fact => fact, 'REFERENCE_TAKEN'], ['an older version', fact => amended(fact, { version: 2 }), 'CHAIN_DIVERGED'],
    ['an answer that was never given', fact => amended(fact, { act: 'ANSWER_CONSULTATION', by: 'REQUESTED', answers: 'x' }), 'CHAIN_DIVERGED'],
    ['an act of the other side', fact => amended(fact, { act: 'ACCEPT', by: 'REQUESTED', to: 'ACCEPTED' }), 'CHAIN_DIVERGED'],
    ['a status that the act does not lead to', fact => amended(fact, { to: 'CLOSED' }), 'CHAIN_DIVERGED'],
    ['other parties', fact => amended(fact, { index: { ...fact.index, requested: 'authority:BR' } }), 'NOT_A_PARTY'],
    ['a delivery', fact => amended(fact, { type: 'DELIVERED', act: null, by: 'HUB', to: 'DELIVERED' }), 'CHAIN_DIVERGED'],
    ['another one that was never shown', fact => amended(fact, { reference: 'DE-2026-000777' }), 'UNKNOWN_REQUEST'],
    ['one under the own country\'s number', fact => ({ ...fact, reference: 'FR-2026-000777' }), 'NOT_A_PARTY'],
  ])('%s', async (_, forge, reason) => {
    const world = await World.open(wire)
    try {
      expect(await world.forged(FR, 'fact', forge(await consulted(world)))).toBe(reason)
      expect(await world.stateOf(FR, REFERENCE)).toMatchObject({ status: 'CONSULTATION', version: 2 })
    } finally { await world.close() }
  })

  test.each(['ACCEPT', 'WITHDRAW', 'RAISE_OVERLAY', 'ANSWER_CONSULTATION'] as const)('the proposal %s on a draft that was never shown, as on none', async act => {
    const world = await World.open(wire)
    try {
      await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' })
      const proposal = (reference: string): object => ({ id: 'p', reference, act, by: 'REQUESTED', at: '2026-11-24T09:00:00.000Z', expectedVersion: 1, contents: {}, beside: {} })
      for (const reference of [REFERENCE, 'DE-2026-000777']) expect(await world.forged(DE, 'proposal', proposal(reference))).toBe('UNKNOWN_REQUEST')
    } finally { await world.close() }
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

test('a house that sends more than it may at once loses nothing: its letters wait, and arrive in their order', async () => {
  const references = [REFERENCE, 'DE-2026-000002', 'DE-2026-000003']
  await within(async world => {
    for (const reference of references) {
      await take(world, { do: 'draft', house: DE, kind: 'EVIDENCE' })
      await world.act(DE, 'VALIDATE', reference)
    }
    await take(world, settle)
    for (const reference of references) await world.act(DE, 'SUBMIT', reference)
    await take(world, settle, { do: 'pass', seconds: 120 }, settle, { do: 'pass', seconds: 120 }, settle)
    expect(world.log.filter(line => line.includes('RATE_LIMITED')).length).toBeGreaterThan(0)
    // Not refused for good, to be found again some minutes later.
    expect(world.log.filter(line => line.includes('the hub refused a letter'))).toEqual([])
    expect((await world.facts(FR)).filter(({ act }) => act === 'SUBMIT').map(({ reference }) => reference)).toEqual(references)
  }, { quota: { perSecond: 0.05, burst: 1 } })
})
