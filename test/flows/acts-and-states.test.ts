// The table of acts and states (semantics.md, "Acts and states"), walked over the public API: where each act leads, and in every state what each
// desk is offered, while all that is not offered is refused.
import type { Act, RequestStatus } from '../../src/domain/vocabulary'
import { FINAL_STATUSES, ROWS } from '../domain/acts-and-states.table'
import { drafted, draftInput, field, requestIn, sent, settled, staff, STEPS, take, type Staff, type Step, type StepName } from '../support/case'
import type { Acted, Desk, Json } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let people: Staff
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'] })
  people = await staff(houses)
})
afterAll(() => houses.close())

const AMEND: Step = { act: 'AMEND', mutation: 'amendDraft', by: 'anna', words: { urgency: 'PRIORITY' } }
const ALL: readonly Step[] = [AMEND, ...Object.values(STEPS)]
const BEFORE_DELIVERY: readonly RequestStatus[] = ['DRAFT', 'VALIDATED']
const OF_THE_DESK: readonly string[] = ['ACKNOWLEDGE', 'REDIRECT', 'CHANGE_URGENCY']

const offeredTo = (side: 'REQUESTING' | 'REQUESTED', status: RequestStatus): Act[] => [...new Set(ROWS.filter(row => row.by === side && row.from.includes(status)).map(row => row.act))].sort()

/** Holds one request in a state against the table: what is offered, what is refused, whether it is open. */
async function holdsTheTable(reference: string, status: RequestStatus): Promise<void> {
  const { anna, vera, luc, nuit } = people
  const seen = await looked(anna, reference)
  expect(seen).toMatchObject({ status, pending: [] })
  const offers = async (desk: Desk): Promise<string[]> => [...((await desk.look(reference))?.availableActs ?? [])].sort()
  const ofRequesting = offeredTo('REQUESTING', status).filter(act => act !== 'VALIDATE'), ofRequested = offeredTo('REQUESTED', status)
  expect([...seen.availableActs].sort()).toEqual(ofRequesting)
  expect(await offers(vera)).toEqual(offeredTo('REQUESTING', status).filter(act => act === 'VALIDATE'))
  await holdsRefusals(people.annaAtHome, reference, status, seen.version, ofRequesting)
  const { requests } = await anna.read<{ requests: { nodes: Json[] } }>('query($filter: RequestFilter) { requests(filter: $filter) { nodes { reference } } }', { filter: { references: [reference], open: true } })
  expect(requests.nodes).toHaveLength(FINAL_STATUSES.includes(status) || status === 'CLOSED' ? 0 : 1)
  if (BEFORE_DELIVERY.includes(status)) return
  expect(await offers(luc)).toEqual(ofRequested)
  expect(await offers(nuit)).toEqual(ofRequested.filter(act => OF_THE_DESK.includes(act)))
  await holdsRefusals(people.lucAtHome, reference, status, seen.version, ofRequested)
  expect((await looked(luc, reference)).version).toBe(seen.version)
}

async function looked(desk: Desk, reference: string): Promise<Acted> {
  const seen = await desk.look(reference)
  if (!seen) throw new TypeError(`${reference} is not there`)
  return seen
}

async function holdsRefusals(desk: Desk, reference: string, status: RequestStatus, expectedVersion: number, offered: readonly Act[]): Promise<void> {
  const others = ALL.filter(({ act }) => act !== 'VALIDATE' && !offered.includes(act))
  await Promise.all(others.map(async ({ mutation, words }) => {
    const { extensions } = await desk.refusedAct(mutation, { reference, expectedVersion, ...words })
    expect({ mutation, ...extensions }).toMatchObject({ mutation, code: 'ACT_NOT_ALLOWED', status, hint: expect.any(String) as string, requestId: expect.any(String) as string })
    expect([...(extensions['availableActs'] as string[])].sort()).toEqual(offered)
  }))
}

describe('one request on the longest way', () => {
  let reference = ''
  let version = 0
  const told = new Set<RequestStatus>()

  test('begins as a draft of version 1', async () => {
    const draft = await drafted(people)
    reference = draft.reference
    version = draft.version
    expect(draft).toMatchObject({ status: 'DRAFT', version: 1 })
    await holdsTheTable(reference, 'DRAFT')
  })

  test.each<{ step: StepName; status: RequestStatus; words?: object }>([
    { step: 'CONSULT', status: 'CONSULTATION' }, { step: 'VALIDATE', status: 'VALIDATED' }, { step: 'SUBMIT', status: 'DELIVERED' }, { step: 'ACKNOWLEDGE', status: 'ACKNOWLEDGED' },
    { step: 'ASK_FOR_INFORMATION', status: 'INFO_REQUESTED' }, { step: 'BEGIN_ASSESSMENT', status: 'ASSESSMENT' },
    { step: 'ASK_FOR_INFORMATION', status: 'INFO_REQUESTED' }, { step: 'SUPPLEMENT', status: 'ASSESSMENT' },
    { step: 'PROPOSE_SCOPE', status: 'NEGOTIATION' }, { step: 'ANSWER_SCOPE', status: 'ASSESSMENT', words: { accept: false, counter: 'Two months.' } },
    { step: 'PROPOSE_SCOPE', status: 'NEGOTIATION' }, { step: 'ANSWER_SCOPE', status: 'ASSESSMENT' },
    { step: 'POSTPONE', status: 'POSTPONED' }, { step: 'RESUME', status: 'ASSESSMENT' },
    { step: 'ACCEPT_ON_CONDITIONS', status: 'CONDITIONS_PENDING' }, { step: 'ANSWER_CONDITIONS', status: 'ASSESSMENT', words: { accept: false } },
    { step: 'ACCEPT_ON_CONDITIONS', status: 'CONDITIONS_PENDING' }, { step: 'ANSWER_CONDITIONS', status: 'ACCEPTED' },
    { step: 'POSTPONE', status: 'POSTPONED' }, { step: 'CHANGE_URGENCY', status: 'POSTPONED' }, { step: 'RESUME', status: 'ACCEPTED' },
    { step: 'BEGIN_EXECUTION', status: 'EXECUTING' }, { step: 'POSTPONE', status: 'POSTPONED' }, { step: 'RESUME', status: 'EXECUTING' },
    { step: 'REPORT_PART', status: 'PARTIALLY_EXECUTED' }, { step: 'POSTPONE', status: 'POSTPONED' }, { step: 'RESUME', status: 'PARTIALLY_EXECUTED' },
    { step: 'REPORT_PART', status: 'PARTIALLY_EXECUTED' }, { step: 'REPORT_ALL', status: 'EXECUTED' }, { step: 'CONFIRM_RESULTS', status: 'CONFIRMED' }, { step: 'CLOSE', status: 'CLOSED' },
  ])('$step leads to $status and raises the version by one', async ({ step, status, words }) => {
    await take(people, reference, step, words)
    // Delivery is an act of its own.
    version += step === 'SUBMIT' ? 2 : 1
    await settled(people, reference, status)
    expect(await people.anna.look(reference)).toMatchObject({ status, version })
    if (told.has(status)) return
    told.add(status)
    await holdsTheTable(reference, status)
  })

  test('is told by both sides in the same versions without a hole', async () => {
    const timeline = 'timeline(first: 100) { nodes { version type act status } }'
    const own = await field<{ nodes: { version: number }[] }>(people.anna, reference, timeline)
    const theirs = await field<{ nodes: { version: number }[] }>(people.luc, reference, timeline)
    expect(own.nodes.map(event => event.version)).toEqual(Array.from({ length: version }, (_, i) => i + 1))
    expect(theirs.nodes).toEqual(own.nodes.slice(1))
  })
})

describe('another end', () => {
  test.each<['NEGOTIATION' | 'EXECUTING' | 'DELIVERED', StepName, RequestStatus]>([['NEGOTIATION', 'REFUSE', 'REFUSED'], ['EXECUTING', 'DECLARE_IMPOSSIBLE', 'IMPOSSIBLE'], ['DELIVERED', 'REDIRECT', 'REDIRECTED'], ['DELIVERED', 'WITHDRAW', 'WITHDRAWN']])('from %s by %s to %s', async (from, step, to) => {
    const reference = await requestIn(people, from)
    await take(people, reference, step)
    await settled(people, reference, to)
    await holdsTheTable(reference, to)
  })

  test.each<{ name: string; words: Record<string, unknown>; before: StepName[]; sources: string[] }>([
    { name: 'without a word before, under an instrument that asks for one', words: { legalBases: [{ treatyCode: 'EIO', article: '26' }] }, before: [], sources: ['EIO art. 11(4); domain brief §3.1'] },
    { name: 'after a question', words: { legalBases: [{ treatyCode: 'EIO', article: '26' }] }, before: ['ASK_FOR_INFORMATION', 'SUPPLEMENT'], sources: [] },
    { name: 'after a proposal', words: { legalBases: [{ treatyCode: 'EIO', article: '26' }] }, before: ['PROPOSE_SCOPE', 'ANSWER_SCOPE'], sources: [] },
    { name: 'without a word before, where no instrument asks for one', words: { legalBases: [{ reciprocity: 'We would do the same.' }] }, before: [], sources: [] },
  ])('a refusal $name: both sides see what the record lacks', async ({ words, before, sources }) => {
    const { anna, luc, nuit, annaAtHome } = people
    const reference = (await sent({ drafter: anna, validator: people.vera, receiver: luc }, draftInput(words))).reference
    for (const step of ['ACKNOWLEDGE', 'BEGIN_ASSESSMENT', ...before] as const) await take(people, reference, step)
    expect(await field(luc, reference, 'findings { code }')).toEqual([])
    await take(people, reference, 'REFUSE')
    await settled(people, reference, 'REFUSED')
    for (const desk of [anna, luc, nuit, annaAtHome]) {
      expect(await field(desk, reference, 'findings { severity path code source }')).toEqual(sources.map(source => ({ severity: 'WARNING', path: 'decision', code: 'CONSULTATION_NOT_LOGGED', source })))
    }
  })

  test('the requested side closes what was executed and never confirmed, and a closed file is closed once', async () => {
    const reference = await requestIn(people, 'EXECUTED')
    const closed = await take(people, reference, 'CLOSE')
    expect(closed.status).toBe('CLOSED')
    await settled(people, reference, 'CLOSED')
    expect((await people.anna.refusedAct('closeRequest', { reference, expectedVersion: closed.version })).extensions).toMatchObject({ code: 'ACT_NOT_ALLOWED', status: 'CLOSED', availableActs: [] })
  })

  test('a draft and a validated request are withdrawn and closed at home; the other side never sees them', async () => {
    const { anna, vera, luc } = people
    const [one, other] = await Promise.all([drafted(people), drafted(people)])
    await vera.act('validateRequest', { reference: other.reference, expectedVersion: 1 })
    for (const [{ reference }, version] of [[one, 1], [other, 2]] as const) {
      expect(await anna.act('withdrawRequest', { reference, expectedVersion: version, reason: 'Not needed.' })).toMatchObject({ status: 'WITHDRAWN', version: version + 1, pending: [], availableActs: ['CLOSE'] })
      expect(await anna.act('closeRequest', { reference, expectedVersion: version + 1 })).toMatchObject({ status: 'CLOSED', version: version + 2, pending: [] })
      expect(await luc.look(reference)).toBeNull()
      expect((await luc.refusedAct('closeRequest', { reference, expectedVersion: version + 2 })).extensions.code).toBe('NOT_FOUND')
    }
  })
})
