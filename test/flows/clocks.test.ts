// The one timer of a node, with a clock that stands still until it is told to go on: what it tells, to whom, and that neither a restart
// nor a machine that slept makes it tell anything twice, or out of order.
import type { Fact } from '../../src/domain/request'
import type { RequestStatus } from '../../src/domain/vocabulary'
import { DE, FR, NOW, world as wireWorld, type World as Wire } from '../wire/houses'
import { CONTACT, World, type Step } from './exchange/two-houses'

let wire: Wire
beforeAll(async () => { wire = await wireWorld() })

const HOUR = 3_600, DAY = 86_400
const FIRST = 'DE-2026-000001', SECOND = 'DE-2026-000002'
const settle: Step = { do: 'pass', seconds: 0 }
const pass = (seconds: number): Step => ({ do: 'pass', seconds })
const tick: Step = { do: 'tick', house: FR }

async function within(play: (world: World) => Promise<void>): Promise<void> {
  const world = await World.open(wire)
  try {
    await play(world)
    expect(await world.heal()).toEqual([])
  } finally { await world.close() }
}

const take = async (world: World, ...steps: Step[]): Promise<void> => { for (const step of steps) expect(await world.step(step)).toEqual([]) }

const until = <Value>(world: World, read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> => world.until(read, holds)

const reaches = async (world: World, house: typeof DE | typeof FR, reference: string, status: RequestStatus): Promise<void> => {
  expect((await until(world, () => world.stateOf(house, reference), state => state?.status === status))?.status).toBe(status)
}

/** An EMERGENCY preservation of DE's that has come to FR: to be acknowledged within 1 h and 2 h, answered within 24 h. */
async function sent(world: World, reference: string): Promise<void> {
  await take(world, { do: 'draft', house: DE, kind: 'PRESERVATION' })
  await reaches(world, DE, reference, 'DRAFT')
  await submitted(world, reference)
  for (const house of [FR, DE] as const) await reaches(world, house, reference, 'DELIVERED')
}

async function submitted(world: World, reference: string): Promise<void> {
  for (const [act, version] of [['VALIDATE', 2], ['SUBMIT', 3]] as const) {
    await world.act(DE, act, reference)
    await until(world, () => world.stateOf(DE, reference), state => state !== undefined && state.version >= version)
  }
}

async function by(world: World, ...acts: (readonly [Parameters<World['act']>[1], RequestStatus])[]): Promise<void> {
  for (const [act, status] of acts) {
    await world.act(FR, act, FIRST)
    await reaches(world, FR, FIRST, status)
  }
}

const hears = async (world: World, house: typeof DE | typeof FR, notices: readonly string[]): Promise<void> => {
  expect(await until(world, () => told(world, house), heard => heard.length >= notices.length)).toEqual(notices)
}

const isNotice = ({ type }: Fact): boolean => ['DUE_SOON', 'OVERDUE', 'ESCALATED', 'EXPIRED'].includes(type)
const told = async (world: World, house: typeof DE | typeof FR): Promise<string[]> =>
  (await world.facts(house)).filter(isNotice).map(({ reference, type, obligation }) => `${reference.slice(-1)} ${type} ${obligation ?? ''}`.trim())

/** Minutes after the delivery. */
const FALL_DUE = [48, 60, 90, 96, 120, 150, 180, 240, 420, 480, 19.2 * 60, 24 * 60, 24.5 * 60, 26 * 60, 30 * 60]
const FIRST_DAY = [
  '1 DUE_SOON ACKNOWLEDGE', '1 OVERDUE ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 DUE_SOON ACKNOWLEDGE', '1 OVERDUE ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE',
  '1 ESCALATED ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 DUE_SOON DECIDE', '1 OVERDUE DECIDE', '1 ESCALATED DECIDE', '1 ESCALATED DECIDE', '1 ESCALATED DECIDE',
]

test('warnings, ends and escalations are entries of the deciding ledger and reach the other side, in the order in which they fall due', async () => {
  await within(async world => {
    await sent(world, FIRST)
    for (const [i, minutes] of FALL_DUE.entries()) {
      await take(world, pass((minutes - (FALL_DUE[i - 1] ?? 0)) * 60), tick)
      await hears(world, FR, FIRST_DAY.slice(0, i + 1))
    }
    await hears(world, DE, FIRST_DAY)
    expect((await world.facts(FR)).filter(isNotice).every(fact => fact.by === 'HUB' && fact.version === 4 && fact.to === 'DELIVERED')).toBe(true)
  })
}, 60_000)

test('a node that is killed and started anew between two notices tells the same as one that never was', async () => {
  await within(async world => {
    await sent(world, FIRST)
    for (const [hours, known] of [[0.9, 1], [1.1, 2], [1.65, 4]] as const) {
      await take(world, pass(Math.round(hours * HOUR) - (world.time.now().getTime() - NOW.getTime()) / 1_000), tick)
      await hears(world, FR, FIRST_DAY.slice(0, known))
      await take(world, { do: 'kill', place: FR }, tick)
    }
    await hears(world, FR, FIRST_DAY.slice(0, 4))
  })
})

test.each([1, 2, 4])('a node that dies at write %i of a tick tells the rest afterwards, and nothing twice', async writes => {
  await within(async world => {
    await sent(world, FIRST)
    await take(world, pass(2.2 * HOUR), { do: 'harm', place: FR, writes, harm: 'after', again: 0 }, tick, tick)
    await hears(world, FR, ['1 OVERDUE ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 OVERDUE ACKNOWLEDGE'])
  })
})

test('a machine asleep for two days tells what fell due of all requests, each once, in the order in which it did', async () => {
  await within(async world => {
    await sent(world, FIRST)
    await take(world, pass(0.5 * HOUR))
    await sent(world, SECOND)
    await take(world, pass(2 * DAY), tick)
    const heard = await until(world, () => told(world, FR), each => each.length >= 24)
    const one = ['OVERDUE ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'OVERDUE ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'ESCALATED ACKNOWLEDGE', 'OVERDUE DECIDE', 'ESCALATED DECIDE', 'ESCALATED DECIDE', 'ESCALATED DECIDE']
    for (const number of ['1', '2']) expect(heard.filter(each => each.startsWith(number)).map(each => each.slice(2))).toEqual(one)
    // 1: 1 h, 1½ h, 2 h, 2½ h, 3 h, 4 h; 2 half an hour behind; where both fall due at once, the older first.
    expect(heard.slice(0, 7)).toEqual(['1 OVERDUE ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '2 OVERDUE ACKNOWLEDGE', '1 OVERDUE ACKNOWLEDGE', '2 ESCALATED ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '2 OVERDUE ACKNOWLEDGE'])
    await take(world, tick)
    expect(await told(world, FR)).toEqual(heard)
  })
})

test('a clock that is set back tells nothing again, and goes on where it was', async () => {
  await within(async world => {
    await sent(world, FIRST)
    await take(world, pass(1.1 * HOUR), tick)
    const heard = await until(world, () => told(world, FR), each => each.length >= 1)
    await take(world, pass(-3 * HOUR), tick)
    expect(await told(world, FR)).toEqual(heard)
    await take(world, pass(3.5 * HOUR), tick)
    await hears(world, FR, ['1 OVERDUE ACKNOWLEDGE', '1 ESCALATED ACKNOWLEDGE', '1 DUE_SOON ACKNOWLEDGE'])
  })
})

test('a clock that jumps two days ahead tells what falls due by then, once; set right again it tells nothing anew', async () => {
  await within(async world => {
    await sent(world, FIRST)
    await take(world, pass(2 * DAY), tick)
    const heard = await until(world, () => told(world, FR), each => each.length >= 12)
    expect(heard).toHaveLength(12)
    await take(world, pass(-2 * DAY), tick, pass(1.1 * HOUR), tick, { do: 'kill', place: FR }, tick, pass(DAY), tick)
    expect(await told(world, FR)).toEqual(heard)
    await by(world, ['ACKNOWLEDGE', 'ACKNOWLEDGED'])
    expect((await world.stateOf(FR, FIRST))?.deadlines.filter(({ obligation }) => obligation === 'ACKNOWLEDGE').map(({ state }) => state)).toEqual(['MET', 'MET'])
  })
})

describe('the ladder of an escalation', () => {
  const reached = async (world: World, house: typeof DE | typeof FR): Promise<string[]> =>
    (await world.facts(house)).flatMap(({ type, addressee }) => (addressee ? `${type} ${addressee.level} ${addressee.contact ?? addressee.authority}` : []))
  const published = async (world: World, house: typeof DE | typeof FR, name: string, more: object): Promise<void> => {
    world.publish(house, { ...CONTACT, ...more }, name)
    await take(world, settle, settle)
  }

  test('climbs from the desk on duty to the next, to the head, to the partner\'s secretariat, the same in both ledgers, until somebody acknowledges', async () => {
    await within(async world => {
      await published(world, FR, 'second', { rank: 2 })
      await published(world, FR, 'first', { rank: 1 })
      await published(world, FR, 'asleep', { rank: 0, roundTheClock: false, shifts: [{ days: [], from: '08:00', to: '20:00', timeZone: 'Europe/Paris', exceptions: [] }] })
      await published(world, FR, 'head', { level: 'HEAD' })
      await published(world, DE, 'secretariat', { level: 'SECRETARIAT' })
      await published(world, DE, 'desk', {})
      await sent(world, FIRST)
      const wanted = [
        'DELIVERED DUTY_DESK contact:FR:first', 'DUE_SOON DUTY_DESK contact:FR:first', 'OVERDUE DUTY_DESK contact:FR:first', 'ESCALATED DUTY_DESK contact:FR:second',
        'DUE_SOON DUTY_DESK contact:FR:first', 'OVERDUE DUTY_DESK contact:FR:first', 'ESCALATED HEAD contact:FR:head', 'ESCALATED SECRETARIAT contact:DE:secretariat',
      ]
      for (const minutes of [48, 12, 30, 6, 24, 30, 30]) await take(world, pass(minutes * 60), tick)
      for (const house of [FR, DE] as const) expect(await until(world, () => reached(world, house), each => each.length >= wanted.length)).toEqual(wanted)
      await by(world, ['ACKNOWLEDGE', 'ACKNOWLEDGED'])
      await take(world, pass(6 * HOUR), tick)
      expect(await reached(world, FR)).toEqual(wanted)
    })
  }, 60_000)

  test('passes over rungs that publish no desk, and means the authority as such where none does', async () => {
    await within(async world => {
      await sent(world, FIRST)
      await take(world, pass(60 * 60), tick, pass(30 * 60), tick)
      await published(world, DE, 'secretariat', { level: 'SECRETARIAT' })
      await take(world, pass(60 * 60), tick)
      expect(await until(world, () => reached(world, FR), each => each.length >= 6)).toEqual(expect.arrayContaining(['DELIVERED DUTY_DESK authority:FR', 'OVERDUE DUTY_DESK authority:FR', 'ESCALATED DUTY_DESK authority:FR', 'ESCALATED SECRETARIAT contact:DE:secretariat']))
    })
  })
})

test('an urgent request that the other side does not take in is told to the sender\'s own desk after ten minutes, once, and stays at home', async () => {
  await within(async world => {
    await take(world, { do: 'draft', house: DE, kind: 'PRESERVATION' }, { do: 'part', house: FR })
    await submitted(world, FIRST)
    await take(world, pass(599), { do: 'tick', house: DE })
    expect(await told(world, DE)).toEqual([])
    await take(world, pass(1), { do: 'tick', house: DE }, pass(DAY), { do: 'tick', house: DE })
    await hears(world, DE, ['1 OVERDUE ACKNOWLEDGE'])
    expect(await world.facts(FR)).toEqual([])
  })
})

describe('the term of a preservation', () => {
  const accepted = async (world: World): Promise<void> => {
    await sent(world, FIRST)
    await by(world, ['ACKNOWLEDGE', 'ACKNOWLEDGED'], ['BEGIN_ASSESSMENT', 'ASSESSMENT'], ['ACCEPT', 'ACCEPTED'])
  }

  test('is warned of, ends the request with EXPIRED one version on, and both sides hold that', async () => {
    await within(async world => {
      await accepted(world)
      for (let days = 0; days < 64; days += 2) await take(world, pass(2 * DAY), tick)
      await hears(world, FR, ['1 DUE_SOON PRESERVE', '1 DUE_SOON PRESERVE', '1 DUE_SOON PRESERVE', '1 EXPIRED'])
      for (const house of [DE, FR] as const) {
        await reaches(world, house, FIRST, 'EXPIRED')
        expect(await world.stateOf(house, FIRST)).toMatchObject({ version: 8 })
      }
    })
  }, 60_000)

  test.each(['part', 'after'] as const)('ends no more once a follow-up has come, also where the node died (%s its write) as it took the preservation up', async harm => {
    await within(async world => {
      await sent(world, FIRST)
      await by(world, ['ACKNOWLEDGE', 'ACKNOWLEDGED'], ['BEGIN_ASSESSMENT', 'ASSESSMENT'])
      world.draft(DE, 'EVIDENCE', [{ reference: FIRST, relation: 'FOLLOW_UP' }])
      await reaches(world, DE, SECOND, 'DRAFT')
      await submitted(world, SECOND)
      for (const house of [FR, DE] as const) await reaches(world, house, SECOND, 'DELIVERED')
      // Contents are written first, then the entries.
      await take(world, { do: 'harm', place: FR, writes: 2, harm, again: 0 })
      await world.act(FR, 'ACCEPT', FIRST)
      await reaches(world, FR, FIRST, 'ACCEPTED')
      for (let days = 0; days < 64; days += 2) await take(world, pass(2 * DAY), tick)
      for (const house of [FR, DE] as const) {
        await until(world, () => world.stateOf(house, FIRST), state => state?.subState === 'KEPT_FOR_FOLLOW_UP')
        expect(await world.stateOf(house, FIRST)).toMatchObject({ status: 'ACCEPTED', subState: 'KEPT_FOR_FOLLOW_UP', deadlines: expect.arrayContaining([expect.objectContaining({ obligation: 'PRESERVE', state: 'MET' })]) as object })
      }
      expect((await told(world, FR)).filter(each => each.includes('EXPIRED'))).toEqual([])
      const kept = (await world.facts(FR)).filter(({ act }) => act === 'RECORD_SUB_STATE')
      expect(kept).toMatchObject([{ reference: FIRST, by: 'HUB', beside: { subState: 'KEPT_FOR_FOLLOW_UP' } }])
      if (harm === 'part') expect(kept[0]?.at).not.toBe((await world.facts(FR)).find(({ act }) => act === 'ACCEPT')?.at)
    })
  }, 60_000)

  test('that a sleeping machine missed ends it all the same', async () => {
    await within(async world => {
      await accepted(world)
      await take(world, pass(90 * DAY), tick)
      await hears(world, FR, ['1 EXPIRED'])
    })
  })
})
