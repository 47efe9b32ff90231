// The desk on duty: who it is by the published roster, that urgent notices are addressed to it, and what it leaves to the next shift; at hub and node.
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { loadRegister } from '../../src/register/load'
import { drafted, field, staff, take, type Staff } from '../support/case'
import { preservation } from '../support/case-words'
import { eventually, type Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let people: Staff
let nuit: Desk
let jour: Desk

/** The package's law, by which the whole ladder is climbed as soon as something is late. */
const LAW = loadRegister(REGISTER_FOLDER)
const CLIMBED_AT_ONCE = { ...LAW, templates: { ...LAW.templates, clockWarnings: LAW.templates.clockWarnings.map(row => ({ ...row, escalateAfter: ['PT0M', 'PT0M', 'PT0M'] })) } }

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], law: CLIMBED_AT_ONCE })
  people = await staff(houses)
  nuit = people.nuit
  jour = await houses.desk('FR', 'LIAISON', 'jour')
})
afterAll(() => houses.close())

const PUBLISH = 'mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id onDuty dutyEndsAt dutyBeginsAt level rank shifts { days from to timeZone exceptions { on from to } } } } }'
interface Point { id: string; onDuty: boolean; dutyEndsAt: string | null; dutyBeginsAt: string | null; level: string; rank: number; shifts: object[] }
const ALL_DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
const words = (more: object): object => ({ function: 'Desk', channels: [{ kind: 'PHONE', address: '+33 1 00 00 00 00' }], languages: ['fr'], roundTheClock: true, competences: ['PRESERVATION'], reviewBy: '2027-06-30', ...more })
const publish = async (desk: Desk, more: object): Promise<Point> => (await desk.read<{ publishContactPoint: { contactPoint: Point } }>(PUBLISH, { input: words(more) })).publishContactPoint.contactPoint
const always = { days: ALL_DAYS, from: '00:00', to: '00:00', timeZone: 'Europe/Paris' }
/** The days on which no turn begins, from yesterday on: a shift that is off whatever the day is. */
const off = Array.from({ length: 4 }, (_, i) => ({ on: new Date(Date.now() + (i - 2) * 86_400_000).toISOString().slice(0, 10) }))

/** An urgent request of DE's that FR has got. */
async function sent(urgency = 'EMERGENCY'): Promise<string> {
  const { reference } = await people.anna.act('draftRequest', { ...preservation(`duty-${Math.random()}`), urgency })
  await take(people, reference, 'VALIDATE')
  await take(people, reference, 'SUBMIT')
  await people.luc.until(reference, 'DELIVERED')
  return reference
}

describe('the roster', () => {
  it('tells who is on duty, at the hub, at the own node and at the partner\'s', async () => {
    const on = await publish(nuit, { function: 'On', shifts: [always], rank: 1 })
    const away = await publish(nuit, { function: 'Off', shifts: [{ ...always, exceptions: off }], rank: 0 })
    expect(on).toMatchObject({ onDuty: true, dutyBeginsAt: null, level: 'DUTY_DESK', rank: 1, shifts: [{ days: ALL_DAYS, from: '00:00', to: '00:00', timeZone: 'Europe/Paris', exceptions: [] }] })
    expect(Date.parse(on.dutyEndsAt ?? '')).toBeGreaterThan(Date.now())
    expect(away).toMatchObject({ onDuty: false, dutyEndsAt: null })
    expect(Date.parse(away.dutyBeginsAt ?? '')).toBeGreaterThan(Date.now())
    const LIST = '{ contactPoints(filter: { jurisdictions: ["FR"], onDuty: true }) { nodes { id } } authority(id: "authority:FR") { partnerStatus { onDutyNow { id shifts { timeZone } } } } }'
    interface Listed { contactPoints: { nodes: { id: string }[] }; authority: { partnerStatus: { onDutyNow: { id: string; shifts: object[] }[] } } }
    for (const desk of [people.anna, people.annaAtHome, people.luc, people.lucAtHome]) {
      const listed = await eventually(() => desk.read<Listed>(LIST), ({ contactPoints }) => contactPoints.nodes.some(({ id }) => id === on.id), 'the copy has come')
      const onDuty = listed.authority.partnerStatus.onDutyNow
      expect([listed.contactPoints.nodes, onDuty].map(list => list.map(({ id }) => id).includes(away.id))).toEqual([false, false])
      expect(onDuty.find(({ id }) => id === on.id)?.shifts).toEqual([{ timeZone: 'Europe/Paris' }])
    }
  })

  it.each([
    ['a time zone that does not exist', { shifts: [{ ...always, timeZone: 'Europe/Nowhere' }] }, 'input.shifts[0].timeZone'],
    ['an exception with a begin alone', { shifts: [{ ...always, exceptions: [{ on: '2026-12-24', from: '08:00' }] }] }, 'input.shifts[0].exceptions[0]'],
    ['a time that is none', { shifts: [{ ...always, from: '24:00' }] }, 'input.shifts[0].from'],
    ['a rank below the first', { rank: -1 }, 'input.rank'],
  ])('refuses %s, with the place', async (_, more, path) => {
    const { errors } = await nuit.ask(PUBLISH, { input: words(more) })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path })
  })
})

describe('an urgent notice', () => {
  const RINGS = 'subscription($after: Cursor) { urgentRequests(after: $after) { cursor cause reason request { reference } addressee { level authority { code } contactPoint { function channels { address } } } } }'
  interface Notice { cause: string; reason: string | null; request: { reference: string }; addressee: { level: string; authority: { code: string }; contactPoint: { function: string } | null } | null }

  it('is addressed to the desk on duty, and the timeline of either side says so', async () => {
    const atHome = await houses.desk('FR', 'LIAISON', 'nuit', 'FR')
    const feeds = await Promise.all([nuit, atHome].map(desk => desk.listen<Notice>(RINGS)))
    const reference = await sent()
    for (const feed of feeds) {
      const [notice] = await feed.until(events => events.length > 0)
      expect(notice).toMatchObject({ cause: 'RECEIVED', reason: null, request: { reference }, addressee: { level: 'DUTY_DESK', authority: { code: expect.any(String) }, contactPoint: { function: 'On', channels: [{ address: '+33 1 00 00 00 00' }] } } })
    }
    const TIMELINE = 'timeline { nodes { type a: addressee { level contactPoint { function onDuty } } } }'
    for (const desk of [people.anna, people.annaAtHome, people.luc, people.lucAtHome]) {
      const { nodes } = await eventually(() => field<{ nodes: { type: string; a: object | null }[] }>(desk, reference, TIMELINE), each => each.nodes.some(({ type }) => type === 'DELIVERED'), 'the delivery')
      expect(nodes.find(({ type }) => type === 'DELIVERED')?.a).toEqual({ level: 'DUTY_DESK', contactPoint: { function: 'On', onDuty: true } })
      expect(nodes.find(({ type }) => type === 'ACT')?.a).toBeNull()
    }
  })

  it('of a raised or lowered urgency carries the reason, for those who may read it', async () => {
    const { reference } = await drafted(people)
    for (const step of ['VALIDATE', 'SUBMIT'] as const) await take(people, reference, step)
    await people.luc.until(reference, 'DELIVERED')
    const feeds = await Promise.all([people.nuit, people.lucAtHome, people.anna].map(desk => desk.listen<Notice>(RINGS)))
    await take(people, reference, 'CHANGE_URGENCY', { urgency: 'URGENT', reason: 'A life is at risk.' })
    await people.luc.until(reference, 'DELIVERED')
    await take(people, reference, 'CHANGE_URGENCY', { urgency: 'ROUTINE', reason: 'The danger is over.' })
    for (const [i, feed] of feeds.entries()) {
      const notices = await feed.until(events => events.length > 1)
      const told = notices.map(({ cause, reason }) => ({ cause, reason }))
      // The desk reads no request that is not urgent, as it stands when it is told.
      expect(told.map(({ cause }) => cause)).toEqual(['RAISED', 'LOWERED'])
      if (i > 0) expect(told.map(({ reason }) => reason)).toEqual(['A life is at risk.', 'The danger is over.'])
    }
  })
})

describe('what climbs the ladder', () => {
  interface Step { at: string; obligation?: string; addressee: object }
  interface Climbed { overlays: { overlay: string; since: string }[]; escalatedTo: Step[]; timeline: { nodes: (Step & { type: string })[] } }
  const ADDRESSEE = 'addressee { level authority { code } contactPoint { function channels { address } } }'
  const CLIMBED = `overlays { overlay since } escalatedTo { at obligation ${ADDRESSEE} } timeline { nodes { type at ${ADDRESSEE} } }`
  /** Alone and in a list: the hub reads them in two ways. */
  const QUERY = `query($reference: String!) { request(reference: $reference) { ${CLIMBED} } requests(filter: { references: [$reference] }) { nodes { ${CLIMBED} } } }`
  const step = (level: string, code: string, of: string): object => ({ level, authority: { code }, contactPoint: { function: of, channels: [{ address: '+33 1 00 00 00 00' }] } })
  const LADDER = [step('DUTY_DESK', 'DE', 'Second desk'), step('HEAD', 'DE', 'Head'), step('SECRETARIAT', 'FR', 'Secretariat')]

  async function everywhere(reference: string, holds: (request: Climbed) => boolean): Promise<Climbed[]> {
    const seen: Climbed[] = []
    for (const desk of [people.anna, people.annaAtHome, people.luc, people.lucAtHome]) {
      const { request, requests: { nodes } } = await eventually(() => desk.read<{ request: Climbed; requests: { nodes: Climbed[] } }>(QUERY, { reference }), answer => [answer.request, ...answer.requests.nodes].every(holds), 'the ladder is climbed')
      seen.push(request, ...nodes)
    }
    return seen
  }

  it('shows both sides whom it reached, as their timelines do, and still does when nothing is late any more', async () => {
    const berlin = await houses.desk('DE', 'LIAISON', 'berlin')
    await publish(berlin, { function: 'First desk', rank: 0 })
    await publish(berlin, { function: 'Second desk', rank: 1 })
    await publish(berlin, { function: 'Head', level: 'HEAD' })
    await publish(nuit, { function: 'Secretariat', level: 'SECRETARIAT' })
    await eventually(() => people.lucAtHome.read<{ contactPoints: { nodes: object[] } }>('{ contactPoints(filter: { jurisdictions: ["DE"] }) { nodes { id } } }'), ({ contactPoints }) => contactPoints.nodes.length === 3, 'the German desks are known in France')
    const reference = await sent()
    await take(people, reference, 'ACKNOWLEDGE')
    await take(people, reference, 'BEGIN_ASSESSMENT')
    await take(people, reference, 'ASK_FOR_INFORMATION', { answerBy: new Date(Date.now() + 3_000).toISOString() })

    const climbed = await everywhere(reference, ({ escalatedTo }) => escalatedTo.length === 3)
    expect(climbed).toHaveLength(8)
    for (const { escalatedTo, overlays, timeline } of climbed) {
      expect(escalatedTo).toEqual(LADDER.map(addressee => ({ at: expect.any(String) as string, obligation: 'ANSWER_INFORMATION', addressee })))
      expect(timeline.nodes.filter(({ type }) => type === 'ESCALATED').map(({ at, addressee }) => ({ at, obligation: 'ANSWER_INFORMATION', addressee }))).toEqual(escalatedTo)
      expect(overlays).toEqual([{ overlay: 'ESCALATED', since: escalatedTo[0]?.at }])
    }

    const { dossier } = preservation('answered')
    await take(people, reference, 'SUPPLEMENT', { dossier })
    const answered = await everywhere(reference, ({ overlays }) => overlays.length === 0)
    expect(answered.map(({ escalatedTo }) => escalatedTo)).toEqual(climbed.map(({ escalatedTo }) => escalatedTo))
  }, 30_000)
})

describe('the end of a shift', () => {
  const WORDS = '{ id leftBy note acknowledgedAt acknowledgedBy contactPoint { function } openItems { reference note } promisedActions { action reference dueAt } }'
  const LEAVE = `mutation($input: HandOverShiftInput!) { done: handOverShift(input: $input) { handOver ${WORDS} } }`
  const TAKE = `mutation($input: AcknowledgeHandOverInput!) { done: acknowledgeHandOver(input: $input) { handOver ${WORDS} } }`
  const FEED = `subscription($after: Cursor) { handOverChanged(after: $after) { cursor acknowledged at handOver ${WORDS} } }`
  interface Left { id: string; leftBy: string; note: string; acknowledgedAt: string | null; acknowledgedBy: string | null; openItems: { reference: string; note: string | null }[]; promisedActions: object[] }
  interface Done { done: { handOver: Left } }
  let desk: Point
  beforeAll(async () => { desk = await publish(nuit, { function: 'Night desk', rank: 9 }) })

  it('leaves a note with open items and promises, told to every desk of the authority, taken by the next shift, and seen by nobody else', async () => {
    const reference = await sent()
    const atHome = await houses.desk('FR', 'OFFICIAL', 'luc', 'FR')
    const feeds = await Promise.all([jour, atHome].map(each => each.listen<{ acknowledged: boolean; handOver: Left; cursor: string }>(FEED)))
    const input = { contactPoint: desk.id, note: 'Quiet but for one.', promisedActions: [{ action: 'Call Berlin back.', reference, dueAt: '2026-12-01T06:00:00.000Z' }], idempotencyKey: `night-${reference}` }
    const { done: { handOver } } = await nuit.read<Done>(LEAVE, { input })
    expect(handOver).toMatchObject({ leftBy: 'nuit', note: 'Quiet but for one.', acknowledgedAt: null, acknowledgedBy: null, contactPoint: { function: 'Night desk' }, promisedActions: input.promisedActions })
    expect(handOver.openItems).toContainEqual({ reference, note: null })
    expect((await nuit.read<Done>(LEAVE, { input })).done.handOver.id).toBe(handOver.id)
    expect(await nuit.refusal(LEAVE, { input: { ...input, note: 'Another.' } })).toBe('IDEMPOTENCY_CONFLICT')

    expect(await nuit.refusal(TAKE, { input: { id: handOver.id } })).toBe('FORBIDDEN')
    const taken = (await jour.read<Done>(TAKE, { input: { id: handOver.id } })).done.handOver
    expect(taken).toMatchObject({ id: handOver.id, leftBy: 'nuit', acknowledgedBy: 'jour', note: handOver.note })
    expect((await people.luc.read<Done>(TAKE, { input: { id: handOver.id } })).done.handOver).toEqual(taken)
    for (const feed of feeds) {
      const told = await feed.until(events => events.length >= 2)
      expect(told.map(event => [event.acknowledged, event.handOver.id])).toEqual([[false, handOver.id], [true, handOver.id]])
    }
    const again = await jour.listen<{ acknowledged: boolean }>(FEED, { over: 'SSE', after: feeds[1]?.events[0]?.cursor ?? '' })
    expect((await again.until(events => events.length > 0)).map(({ acknowledged }) => acknowledged)).toEqual([true])

    const LIST = `query($open: Boolean) { handOvers(open: $open) ${WORDS} }`
    for (const each of [jour, atHome]) {
      expect((await each.read<{ handOvers: Left[] }>(LIST)).handOvers).toEqual([taken])
      expect((await each.read<{ handOvers: Left[] }>(LIST, { open: true })).handOvers).toEqual([])
    }
    for (const each of [people.anna, people.annaAtHome]) {
      expect(await each.read<object>('query($id: ID!) { handOvers { id } handOver(id: $id) { note } }', { id: handOver.id })).toEqual({ handOvers: [], handOver: null })
      expect(await (await houses.desk('DE', 'LIAISON', 'desk')).refusal(TAKE, { input: { id: handOver.id } })).toBe('NOT_FOUND')
    }
  })

  it('refuses what is not the desk\'s own, and who is no desk', async () => {
    const secret = (await drafted(people)).reference
    const refused = async (by: Desk, more: object): Promise<unknown> => (await by.ask(LEAVE, { input: { contactPoint: desk.id, note: '', ...more } })).errors?.[0]?.extensions
    expect(await refused(nuit, { contactPoint: 'contact:DE:none' })).toMatchObject({ code: 'NOT_FOUND', path: 'input.contactPoint' })
    expect(await refused(nuit, { openItems: [{ reference: secret }] })).toMatchObject({ code: 'NOT_FOUND', path: 'input.openItems[0].reference' })
    expect(await refused(nuit, { promisedActions: [{ action: 'x', reference: 'FR-2026-999999' }] })).toMatchObject({ code: 'NOT_FOUND', path: 'input.promisedActions[0].reference' })
    for (const by of [await houses.desk('FR', 'SYSTEM', 'case system'), houses.public()]) expect(await refused(by, {})).toMatchObject({ code: 'FORBIDDEN' })
  })
})
