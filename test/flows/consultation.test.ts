// A consultation before a request, over the public API: a draft is shown with a question, answered, shown anew, and sent or given up. What each side sees
// while it lasts and afterwards; that nothing of it is evidence, nothing is lost or doubled, and a third state sees nothing.
import { HUB } from '../../src/cli/data-folder'
import { draftInput, drafted, field, staff, take, type Staff } from '../support/case'
import { supplemented } from '../support/case-words'
import { eventually, type Acted, type Desk, type Feed, type Json } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

interface Entry { version: number; type: string; act: string | null; by: string; status: string; notEvidence: boolean; note: string | null; details: Json | null; refusal: { code: string } | null; request: { reference: string } }
interface Change { version: number; from: string | null; to: string; request: { reference: string } }
interface Said { version: number; act: string; by: string; text: string | null }

const ENTRY = 'version type act by status notEvidence note request { reference } refusal { code } details { __typename ... on ConsultationAsked { question } ... on ConsultationAnswered { answer } }'
const CHANGES = 'subscription($after: Cursor) { statusChanged(after: $after) { version from to request { reference } } }'
const ENTRIES = `subscription($after: Cursor) { requestTimeline(after: $after) { ${ENTRY} } }`
const LIST = 'query($filter: RequestFilter) { requests(filter: $filter) { nodes { reference status origin { authority stale } } sources { authority state } } }'
const QUESTION = 'Does the bank keep records that old?'

let houses: RunningHouses
let people: Staff
let bia: Desk
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'] })
  people = await staff(houses)
  bia = await houses.desk('BR', 'OFFICIAL', 'bia')
})
afterAll(() => houses.close())

const consult = (reference: string, expectedVersion = 1, more: object = {}): Promise<Acted> => people.anna.act('consultRequest', { reference, expectedVersion, question: QUESTION, ...more })
const answer = async (desk: Desk, reference: string, text: string, more: object = {}): Promise<Acted> => {
  const seen = await desk.look(reference)
  return desk.act('answerConsultation', { reference, expectedVersion: seen?.version, answer: text, ...more })
}
const consultation = (desk: Desk, reference: string): Promise<Said[] | null> => field(desk, reference, 'consultation { version act by text }')
const timeline = async (desk: Desk, reference: string): Promise<Entry[]> => (await field<{ nodes: Entry[] }>(desk, reference, `timeline(first: 100) { nodes { ${ENTRY} } }`)).nodes
const listed = async (desk: Desk, filter: object): Promise<Json[]> => (await desk.read<{ requests: { nodes: Json[] } }>(LIST, { filter })).requests.nodes
const versionAt = (desk: Desk, reference: string, version: number): Promise<Acted | null> => eventually(() => desk.look(reference), seen => seen?.version === version && seen.pending.length === 0, `${reference} is at version ${version}`)
const gone = (desk: Desk, reference: string): Promise<Acted | null> => eventually(() => desk.look(reference), seen => seen === null, `${reference} is not shown any more`)

/** A fresh draft that the other side has been shown. */
async function consulted(): Promise<string> {
  const { reference } = await drafted(people)
  await consult(reference)
  await people.lucAtHome.until(reference, 'CONSULTATION')
  return reference
}

describe('a consultation that ends in a request', () => {
  let reference = ''
  const changes = {} as Record<'anna' | 'luc' | 'bia', Feed<Change>>
  const entries = {} as Record<'anna' | 'luc' | 'bia', Feed<Entry>>
  beforeAll(async () => {
    for (const [name, desk] of [['anna', people.anna], ['luc', people.luc], ['bia', bia]] as const) {
      changes[name] = await desk.listen<Change>(CHANGES)
      entries[name] = await desk.listen<Entry>(ENTRIES, { over: 'SSE' })
    }
    ;({ reference } = await drafted(people, {}, { facts: 'A first sketch, too short to be sent.' }))
  })

  test('shows the draft with a question to the other side, once, however often it is asked for', async () => {
    expect((await people.anna.look(reference))?.availableActs).toContain('CONSULT')
    expect(await people.luc.look(reference)).toBeNull()
    const input = { reference, expectedVersion: 1, question: QUESTION, idempotencyKey: `consult ${reference}` }
    expect((await people.luc.refusedAct('consultRequest', input)).extensions.code).toBe('NOT_FOUND')
    expect(await people.anna.act('consultRequest', input)).toMatchObject({ status: 'CONSULTATION', version: 2, pending: [] })
    expect(await people.anna.act('consultRequest', input)).toMatchObject({ status: 'CONSULTATION', version: 2 })
    expect((await people.anna.refusedAct('consultRequest', { ...input, question: 'Another?' })).extensions.code).toBe('IDEMPOTENCY_CONFLICT')
    expect((await people.vera.refusedAct('consultRequest', input)).extensions.code).toBe('FORBIDDEN')
    await people.luc.until(reference, 'CONSULTATION')
    expect(await consultation(people.luc, reference)).toEqual([{ version: 2, act: 'CONSULT', by: 'REQUESTING', text: QUESTION }])
  })

  test('is decided by the store of the side that asks; the other one\'s copy stands in', async () => {
    for (const filter of [{}, { side: 'REQUESTED' }, { statuses: ['CONSULTATION'] }, { partners: ['DE'], references: [reference] }]) {
      expect(await listed(people.luc, filter)).toEqual([{ reference, status: 'CONSULTATION', origin: { authority: 'authority:DE', stale: false } }])
    }
    expect(await listed(people.luc, { side: 'REQUESTING' })).toEqual([])
    expect(await listed(people.lucAtHome, {})).toEqual([{ reference, status: 'CONSULTATION', origin: { authority: 'authority:FR', stale: true } }])
    expect(await people.luc.look(reference)).toMatchObject({ version: 2, availableActs: [], pending: [], origin: { authority: 'authority:DE', stale: false } })
    expect([...((await people.anna.look(reference))?.availableActs ?? [])].sort()).toEqual(['AMEND', 'WITHDRAW'])
    expect((await people.vera.look(reference))?.availableActs).toEqual(['VALIDATE'])
  })

  test('is read by who may read content, the desk on duty knows of it', async () => {
    const facts = { dossier: { facts: 'A first sketch, too short to be sent.' }, consultation: [{ text: QUESTION }], status: 'CONSULTATION' }
    const WHOLE = 'query($reference: String!) { request(reference: $reference) { status dossier { facts } consultation { text } } }'
    for (const desk of [people.luc, people.lucAtHome, people.anna]) expect(await desk.read(WHOLE, { reference })).toEqual({ request: facts })
    expect(await people.nuit.read(WHOLE, { reference })).toEqual({ request: { status: 'CONSULTATION', dossier: null, consultation: null } })
  })

  test('is answered by the other side, once, however often it says so, and by nobody else', async () => {
    const input = { reference, expectedVersion: 2, answer: 'For ten years.', idempotencyKey: `answer ${reference}` }
    await people.luc.act('answerConsultation', input)
    await versionAt(people.luc, reference, 3)
    expect(await people.luc.act('answerConsultation', input)).toMatchObject({ status: 'CONSULTATION', version: 3, pending: [] })
    expect((await people.luc.refusedAct('answerConsultation', { ...input, answer: 'For one.' })).extensions.code).toBe('IDEMPOTENCY_CONFLICT')
    expect((await people.anna.refusedAct('answerConsultation', { ...input, expectedVersion: 3 })).extensions.code).toBe('ACT_NOT_ALLOWED')
    expect((await people.nuit.refusedAct('answerConsultation', { ...input, expectedVersion: 3 })).extensions.code).toBe('FORBIDDEN')
    for (const desk of [people.anna, people.luc, people.annaAtHome, people.lucAtHome]) expect((await consultation(desk, reference))?.slice(1)).toEqual([{ version: 3, act: 'ANSWER_CONSULTATION', by: 'REQUESTED', text: 'For ten years.' }])
  })

  test('gives the other side no act of a request', async () => {
    for (const mutation of ['acknowledgeRequest', 'amendDraft', 'withdrawRequest', 'consultRequest'] as const) {
      const words = { acknowledgeRequest: { handler: 'x', ownReference: 'y' }, amendDraft: { urgency: 'URGENT' }, withdrawRequest: { reason: 'x' }, consultRequest: { question: 'x' } }[mutation]
      expect((await people.luc.refusedAct(mutation, { reference, expectedVersion: 3, ...words })).extensions).toMatchObject({ code: 'ACT_NOT_ALLOWED', status: 'CONSULTATION', availableActs: [] })
    }
  })

  test('shows the draft anew when it is amended', async () => {
    expect((await people.anna.refusedAct('amendDraft', { reference, expectedVersion: 2, dossier: supplemented() })).extensions).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 3 })
    await people.anna.act('amendDraft', { reference, expectedVersion: 3, dossier: supplemented(), note: 'And of the branch?' })
    await versionAt(people.lucAtHome, reference, 4)
    expect(await field(people.lucAtHome, reference, 'dossier { nexus }')).toEqual({ nexus: supplemented()['nexus'] })
    await answer(people.luc, reference, 'Of the branch too.')
    await versionAt(people.luc, reference, 5)
    expect((await consultation(people.luc, reference))?.map(({ text }) => text)).toEqual([QUESTION, 'For ten years.', 'And of the branch?', 'Of the branch too.'])
  })

  test('is over for the other side once the draft is validated: nothing of it is there', async () => {
    await people.vera.act('validateRequest', { reference, expectedVersion: 5, note: 'Weak on nexus.' })
    await gone(people.lucAtHome, reference)
    for (const desk of [people.luc, people.lucAtHome]) {
      expect(await desk.look(reference)).toBeNull()
      expect(await listed(desk, {})).toEqual([])
      expect(await desk.read('{ statusChanges { nodes { version } } }')).toEqual({ statusChanges: { nodes: [] } })
      expect(await desk.refusal('query($reference: String!) { checkDraft(reference: $reference) { code } }', { reference })).toBe('NOT_FOUND')
      expect((await desk.refusedAct('answerConsultation', { reference, expectedVersion: 5, answer: 'Late.' })).extensions.code).toBe('NOT_FOUND')
    }
  })

  test('is part of the request once that is delivered: the same on both sides, marked no evidence, versions without a hole', async () => {
    await people.anna.act('submitRequest', { reference, expectedVersion: 6 })
    await people.luc.until(reference, 'DELIVERED')
    await people.annaAtHome.until(reference, 'DELIVERED')
    const [own, theirs] = [await timeline(people.anna, reference), await timeline(people.luc, reference)]
    expect(own.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    // What a validator says to the own house stays there.
    expect(theirs).toEqual(own.slice(1).map(entry => (entry.act === 'VALIDATE' ? { ...entry, note: null } : entry)))
    expect(own.map(({ act, notEvidence }) => [act, notEvidence])).toEqual([
      ['DRAFT', false], ['CONSULT', true], ['ANSWER_CONSULTATION', true], ['AMEND', true], ['ANSWER_CONSULTATION', true], ['VALIDATE', true], ['SUBMIT', false], [null, false],
    ])
    expect(own.map(({ details }) => details?.['question'] ?? details?.['answer']).filter(Boolean)).toEqual([QUESTION, 'For ten years.', 'Of the branch too.'])
    expect(await consultation(people.luc, reference)).toEqual(await consultation(people.anna, reference))
    expect(await people.luc.look(reference)).toMatchObject({ version: 8, origin: { authority: 'authority:FR', stale: false } })
    await take(people, reference, 'ACKNOWLEDGE')
    await people.annaAtHome.until(reference, 'ACKNOWLEDGED')
  })

  test('was told to both sides live, each entry once, to a third state not at all', async () => {
    const of = <Event extends { request: { reference: string } }>(feed: Feed<Event>): Event[] => feed.events.filter(event => event.request.reference === reference)
    for (const name of ['anna', 'luc'] as const) {
      await changes[name].until(told => told.some(({ to }) => to === 'ACKNOWLEDGED'))
      await entries[name].until(told => told.some(({ act }) => act === 'ACKNOWLEDGE'))
      expect([changes[name].errors, entries[name].errors]).toEqual([[], []])
    }
    expect(of(changes.anna).map(({ from, to }) => [from, to])).toEqual([[null, 'DRAFT'], ['DRAFT', 'CONSULTATION'], ['CONSULTATION', 'VALIDATED'], ['VALIDATED', 'SUBMITTED'], ['SUBMITTED', 'DELIVERED'], ['DELIVERED', 'ACKNOWLEDGED']])
    expect(of(changes.luc).map(({ from, to }) => [from, to])).toEqual([['DRAFT', 'CONSULTATION'], ['SUBMITTED', 'DELIVERED'], ['DELIVERED', 'ACKNOWLEDGED']])
    expect(of(entries.anna)).toEqual(await timeline(people.anna, reference))
    // The end of the consultation is told to nobody who may not see it; it stands in the timeline once the request is there.
    expect(of(entries.luc)).toEqual((await timeline(people.luc, reference)).filter(({ act }) => act !== 'VALIDATE'))
    expect((await people.luc.read<{ statusChanges: { nodes: Change[] } }>('{ statusChanges { nodes { version from to request { reference } } } }')).statusChanges.nodes).toEqual(of(changes.luc))
    const { reference: brazilian } = await bia.act('draftRequest', draftInput({ requested: 'DE', legalBases: [] }))
    expect((await entries.bia.until(told => told.length > 0)).map(({ request }) => request.reference)).toEqual([brazilian])
    expect((await changes.bia.until(told => told.length > 0)).map(({ request }) => request.reference)).toEqual([brazilian])
  })
})

test('whoever reads it at the other side\'s own node learns nothing of what that did alone', async () => {
  const { reference } = await drafted(people)
  await people.anna.act('amendDraft', { reference, expectedVersion: 1, urgency: 'PRIORITY', note: 'For us alone.' })
  await consult(reference, 2)
  await people.lucAtHome.until(reference, 'CONSULTATION')
  const post = async <Shape>(house: string, path: string, token: string, body: object): Promise<Shape> =>
    (await (await fetch(`${houses.node(house)}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) })).json()) as Shape
  const { assertions } = await post<{ assertions: Record<string, string> }>('FR', '/house/assertions', await houses.token('FR', 'OFFICIAL', 'luc'), { audiences: ['authority:DE'] })
  const query = `query($reference: String!) { request(reference: $reference) { status consultation { text } timeline { nodes { ${ENTRY} } } } statusChanges { nodes { to } } }`
  const seen = await post<{ data: Json }>('DE', '/house/read', assertions['authority:DE'] ?? '', { query, variables: { reference } })
  expect(seen.data).toEqual({ request: { status: 'CONSULTATION', consultation: [{ text: QUESTION }], timeline: { nodes: [] } }, statusChanges: { nodes: [] } })
})

describe('a consultation that ends without a request', () => {
  test('withdrawn, it is the requesting side\'s alone', async () => {
    const reference = await consulted()
    await people.anna.act('withdrawRequest', { reference, expectedVersion: 2, reason: 'Not worth it.' })
    await gone(people.lucAtHome, reference)
    expect(await people.luc.look(reference)).toBeNull()
    await people.anna.act('closeRequest', { reference, expectedVersion: 3 })
    expect((await timeline(people.anna, reference)).map(({ act }) => act)).toEqual(['DRAFT', 'CONSULT', 'WITHDRAW', 'CLOSE'])
    expect(await people.luc.look(reference)).toBeNull()
  })
})

describe('a second consultation about the same draft', () => {
  test('shows it anew; what the requesting side did alone in between is not told', async () => {
    const reference = await consulted()
    await people.vera.act('validateRequest', { reference, expectedVersion: 2 })
    await people.anna.act('amendDraft', { reference, expectedVersion: 3, dossier: supplemented(), note: 'For us alone.' })
    await gone(people.lucAtHome, reference)
    await consult(reference, 4, { question: 'And now?' })
    await people.lucAtHome.until(reference, 'CONSULTATION')
    expect(await field(people.lucAtHome, reference, 'dossier { nexus }')).toEqual({ nexus: supplemented()['nexus'] })
    await answer(people.luc, reference, 'Better.')
    await versionAt(people.luc, reference, 6)
    await people.vera.act('validateRequest', { reference, expectedVersion: 6 })
    await people.anna.act('submitRequest', { reference, expectedVersion: 7 })
    await people.luc.until(reference, 'DELIVERED')
    expect((await timeline(people.luc, reference)).map(({ version, act }) => [version, act])).toEqual([[2, 'CONSULT'], [3, 'VALIDATE'], [5, 'CONSULT'], [6, 'ANSWER_CONSULTATION'], [7, 'VALIDATE'], [8, 'SUBMIT'], [9, null]])
    expect(JSON.stringify(await timeline(people.luc, reference))).not.toContain('For us alone.')
    expect((await consultation(people.anna, reference))?.map(({ text }) => text)).toEqual([QUESTION, 'And now?', 'Better.'])
    expect(await consultation(people.luc, reference)).toEqual(await consultation(people.anna, reference))
  })
})

describe('while houses are away', () => {
  test('the letter waits for the other side, and its copy stands in for a store that is down', async () => {
    await houses.stop('FR')
    const { reference } = await drafted(people)
    await consult(reference)
    expect((await people.anna.look(reference))?.status).toBe('CONSULTATION')
    await houses.start('FR')
    await people.luc.until(reference, 'CONSULTATION')
    await houses.stop('DE')
    expect(await people.luc.look(reference)).toMatchObject({ status: 'CONSULTATION', origin: { authority: 'authority:FR', stale: true } })
    expect(await listed(people.luc, { references: [reference] })).toEqual([{ reference, status: 'CONSULTATION', origin: { authority: 'authority:FR', stale: true } }])
    expect((await answer(people.luc, reference, 'While you were away.')).pending).toEqual([{ act: 'ANSWER_CONSULTATION' }])
    await houses.start('DE')
    await versionAt(people.luc, reference, 3)
    expect((await consultation(people.annaAtHome, reference))?.map(({ text }) => text)).toEqual([QUESTION, 'While you were away.'])
  })

  test('an answer that comes too late is refused, and neither lost nor shown to the other side', async () => {
    const reference = await consulted()
    const veraAtHome = await houses.desk('DE', 'VALIDATOR', 'vera', 'DE')
    await houses.stop(HUB)
    expect((await answer(people.lucAtHome, reference, 'Crossed.')).pending).toEqual([{ act: 'ANSWER_CONSULTATION' }])
    await veraAtHome.act('validateRequest', { reference, expectedVersion: 2 })
    await people.annaAtHome.act('submitRequest', { reference, expectedVersion: 3 })
    await houses.start(HUB)
    await people.lucAtHome.until(reference, 'DELIVERED')
    const refused = (await timeline(people.lucAtHome, reference)).filter(({ type }) => type === 'PROPOSAL_REFUSED')
    expect(refused).toMatchObject([{ act: 'ANSWER_CONSULTATION', by: 'HUB', refusal: { code: 'UNKNOWN_REQUEST' }, details: { answer: 'Crossed.' } }])
    expect((await people.lucAtHome.look(reference))?.availableActs).toContain('ACKNOWLEDGE')
    await people.annaAtHome.until(reference, 'DELIVERED')
    expect((await timeline(people.annaAtHome, reference)).map(({ act }) => act)).toEqual(['DRAFT', 'CONSULT', 'VALIDATE', 'SUBMIT', null])
  })
})
