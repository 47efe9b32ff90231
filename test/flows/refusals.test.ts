// What is refused, with which of the closed codes, and which comes first where several faults are there (semantics.md, "Who decides, and what is
// counted"). Nothing that was refused changes anything or uses a key up.
import { draftInput, drafted, requestIn, staff, type Staff } from '../support/case'
import type { AnswerError, Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let people: Staff
let annaValidates: Desk, otto: Desk
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'] })
  people = await staff(houses)
  ;[annaValidates, otto] = await Promise.all([houses.desk('DE', 'VALIDATOR', 'anna'), houses.desk('DE', 'OFFICIAL', 'otto')])
})
afterAll(() => houses.close())

const TOO_LONG = 'x'.repeat(20_001)
const of = ({ extensions }: AnswerError): object => extensions

describe('several faults at once', () => {
  test('E83 the role is judged before bounds, bounds before existence, existence before all that the request says', async () => {
    const { anna, vera, luc } = people
    const { reference } = await drafted(people)
    const unknown = { reference: 'DE-2026-999999', expectedVersion: 1 }
    expect(of(await anna.refusedAct('validateRequest', { ...unknown, note: TOO_LONG }))).toMatchObject({ code: 'FORBIDDEN' })
    expect(of(await vera.refusedAct('validateRequest', { ...unknown, note: TOO_LONG }))).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.note' })
    expect(of(await vera.refusedAct('validateRequest', unknown))).toMatchObject({ code: 'NOT_FOUND', path: 'input.reference' })
    const foreign = await luc.refusedAct('closeRequest', { reference, expectedVersion: 99 })
    expect({ message: foreign.message, ...of(foreign), requestId: '' }).toEqual({ message: expect.any(String) as string, ...of(await luc.refusedAct('closeRequest', unknown)), requestId: '' })
  })

  test('E83 a repeat is known before version and status, the version judged before side, status and completeness', async () => {
    const { anna, vera } = people
    const { reference } = await drafted(people, {}, { facts: 'Short.' })
    expect(of(await vera.refusedAct('validateRequest', { reference, expectedVersion: 2 }))).toMatchObject({ code: 'VERSION_CONFLICT', path: 'input.expectedVersion', currentVersion: 1 })
    expect(of(await vera.refusedAct('validateRequest', { reference, expectedVersion: 1 }))).toMatchObject({ code: 'DRAFT_INCOMPLETE', path: 'input.reference', findings: [expect.objectContaining({ path: 'dossier.facts', severity: 'FAULT' })] })
    expect(of(await anna.refusedAct('submitRequest', { reference, expectedVersion: 7 }))).toMatchObject({ code: 'VERSION_CONFLICT' })
    expect(of(await anna.refusedAct('submitRequest', { reference, expectedVersion: 1 }))).toMatchObject({ code: 'ACT_NOT_ALLOWED', path: 'input.reference', status: 'DRAFT', availableActs: ['AMEND', 'CONSULT', 'WITHDRAW'] })
    const withdrawal = { reference, expectedVersion: 1, reason: 'Not needed.', idempotencyKey: `withdraw ${reference}` }
    await anna.act('withdrawRequest', withdrawal)
    expect(await otto.act('withdrawRequest', withdrawal)).toMatchObject({ reference, status: 'WITHDRAWN', version: 2 })
    expect(of(await anna.refusedAct('withdrawRequest', { ...withdrawal, expectedVersion: 2 }))).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', path: 'input.idempotencyKey' })
  })
})

describe('the second signature', () => {
  test('neither who drafted nor who amended last may validate, whoever did the other', async () => {
    const { anna, vera } = people
    const { reference } = await drafted(people)
    expect(of(await annaValidates.refusedAct('validateRequest', { reference, expectedVersion: 1 }))).toMatchObject({ code: 'FORBIDDEN' })
    await otto.act('amendDraft', { reference, expectedVersion: 1, urgency: 'ROUTINE' })
    expect((await annaValidates.look(reference))?.availableActs).toEqual([])
    expect(of(await annaValidates.refusedAct('validateRequest', { reference, expectedVersion: 2 }))).toMatchObject({ code: 'FORBIDDEN' })
    await anna.act('amendDraft', { reference, expectedVersion: 2, urgency: 'ROUTINE' })
    expect((await vera.look(reference))?.availableActs).toEqual(['VALIDATE'])
    expect(await vera.act('validateRequest', { reference, expectedVersion: 3 })).toMatchObject({ status: 'VALIDATED', version: 4 })
  })
})

describe('keys', () => {
  test('fifty calls at once with one key make one request; those with other content are told so', async () => {
    const input = draftInput()
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => people.anna.tryAct('draftRequest', i % 2 ? input : { ...input, ownReference: 'Js other' })))
    const outcomes = new Set(answers.map(({ data, errors }) => errors?.[0]?.extensions.code ?? data?.done.request.reference))
    expect(outcomes.size).toBe(2)
    expect(outcomes).toContain('IDEMPOTENCY_CONFLICT')
  })

  test('a refused call uses its key not up', async () => {
    const { reference } = await drafted(people)
    const input = { reference, expectedVersion: 3, urgency: 'ROUTINE', idempotencyKey: `amend ${reference}` }
    expect(of(await people.anna.refusedAct('amendDraft', input))).toMatchObject({ code: 'VERSION_CONFLICT' })
    expect(await people.anna.act('amendDraft', { ...input, expectedVersion: 1 })).toMatchObject({ version: 2 })
  })
})

describe('input', () => {
  const reasonOf = async (desk: Desk, query: string, variables: object = {}): Promise<object> => of(((await desk.ask(query, variables)).errors?.[0] ?? { message: 'taken', extensions: { code: 'none' } }))

  test('an unlisted code anywhere is named by its path from the argument on', async () => {
    const reference = await requestIn(people, 'DELIVERED')
    expect(of(await people.anna.refusedAct('draftRequest', draftInput({}, { persons: [{ role: 'NOBODY', name: 'A.' }] })))).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.dossier.persons[0].role' })
    expect(of(await people.luc.refusedAct('refuseRequest', { reference, expectedVersion: 99, grounds: ['NE_BIS_IN_IDEM', 'NO_MOOD'], reasons: 'x' }))).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.grounds[1]' })
    const desk = await houses.desk('DE', 'LIAISON')
    const point = { function: 'Desk', channels: [], languages: ['de', 'xx'], roundTheClock: true, competences: [], reviewBy: '2036-01-01' }
    expect(await reasonOf(desk, 'mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input: point })).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.languages[1]' })
    expect(await reasonOf(people.anna, '{ legalBases(requesting: "DE", requested: "FR", kind: EVIDENCE, offence: { categories: ["THEFT OF TIME"] }) { on } }')).toMatchObject({ code: 'BAD_USER_INPUT', path: 'offence.categories[0]' })
  })

  test('a bound is named by its path from the argument on, in queries as in feeds', async () => {
    const many = Array.from({ length: 501 }, () => 'DE-2026-000001')
    expect(await reasonOf(people.anna, 'query($filter: RequestFilter) { requests(filter: $filter) { nodes { id } } }', { filter: { references: many } })).toMatchObject({ code: 'BAD_USER_INPUT', path: 'filter.references' })
    expect(await reasonOf(people.anna, '{ legalBases(requesting: "DE", requested: "FR", kind: EVIDENCE, offence: { maxPenaltyYears: -1 }) { on } }')).toMatchObject({ code: 'BAD_USER_INPUT', path: 'offence.maxPenaltyYears' })
    expect(await reasonOf(people.anna, '{ requests(after: "no cursor") { nodes { id } } }')).toMatchObject({ code: 'CURSOR_INVALID', path: 'after' })
    for (const over of ['WebSocket', 'SSE'] as const) {
      const feed = await people.anna.listen('subscription($after: Cursor, $filter: RequestFilter) { statusChanged(after: $after, filter: $filter) { cursor } }', { over, variables: { filter: { references: many } } })
      const ended = await feed.ended
      expect([ended, ...feed.errors].flat()).toContainEqual(expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', path: 'filter.references' }) as object }))
    }
  })

  test('thirty aliases are taken, at the root too', async () => {
    const aliased = (count: number): string => `{ ${Array.from({ length: count }, (_, i) => `a${i}: viewer { role }`).join(' ')} }`
    expect(Object.keys((await people.anna.read(aliased(30))))).toHaveLength(30)
    expect(await reasonOf(people.anna, aliased(31))).toMatchObject({ code: 'QUERY_TOO_COMPLEX' })
  })
})

test('a role is told its acts', async () => {
  const { viewer } = await people.anna.read<{ viewer: { acts: string[] } }>('{ viewer { acts } }')
  expect(viewer.acts).toEqual(expect.arrayContaining(['DRAFT', 'CONSULT']))
  expect(viewer.acts).not.toContain('VALIDATE')
})
