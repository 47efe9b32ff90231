// Nobody can tell another's request from one that does not exist: a sweep generated from the schema, so that a new field, root field or act is covered on the
// day it appears. Every field of a request, every root field that names one and every act, for every role of a third state, of the hub and of the public, over
// all transports, at the hub and at the own node: the answer about a foreign request is, but for its request id, the answer about one that is not there.
import { getNamedType, isEnumType, isInputObjectType, isLeafType, isNonNullType, isListType, isObjectType, type GraphQLField, type GraphQLInputType, type GraphQLObjectType, type GraphQLOutputType } from 'graphql'
import { houseSchema } from '../../resolvers/house-schema'
import type { Role } from '../../src/domain/vocabulary'
import { ASK, dataOf, overHttp, TRANSPORTS, type Answer } from '../support/asking'
import { sent } from '../support/case'
import { evidence } from '../support/case-words'
import { runHouses, type RunningHouses } from '../support/running-houses'

const CANARY = 'CANARY5b1e'
const ABSENT = 'DE-2026-999999'
const AT_HOME: readonly Role[] = ['OFFICIAL', 'VALIDATOR', 'LIAISON', 'SYSTEM']
const STRANGERS: readonly [string, Role][] = [...AT_HOME.map((role): [string, Role] => ['NL', role]), ['NL', 'AUDITOR'], ['hub', 'OVERSIGHT'], ['hub', 'SECRETARIAT'], ['', 'PUBLIC']]

const schema = houseSchema()
const REQUEST = schema.getType('Request') as GraphQLObjectType
let houses: RunningHouses
const foreign: string[] = []
const tokens = new Map<string, string | undefined>()
let asked = 0

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'NL'] })
  const [drafter, validator, receiver] = await Promise.all([houses.desk('DE', 'OFFICIAL', 'anna'), houses.desk('DE', 'VALIDATOR', 'vera'), houses.desk('FR', 'OFFICIAL', 'luc', 'FR')])
  const { facts } = evidence('')['dossier'] as { facts: string }
  const input = (key: string): object => evidence(key, {}, { facts: `${CANARY} ${facts}` })
  foreign.push((await drafter.act('draftRequest', input('draft'))).reference)
  foreign.push((await sent({ drafter, validator, receiver }, input('sent'))).reference)
  const consulted = await drafter.act('draftRequest', evidence('consulted', {}, { facts: `${CANARY} ${facts}`, relatedRequests: [{ reference: foreign[1], relation: 'PARALLEL' }] }))
  foreign.push(consulted.reference)
  await drafter.act('consultRequest', { reference: consulted.reference, expectedVersion: 1, question: `${CANARY} Would this do?` })
  for (const [house, role] of STRANGERS) tokens.set(role, house === '' ? undefined : await houses.token(house, role))
}, 60_000)
afterAll(async () => {
  await houses.close()
  process.stdout.write(`foreign rows: ${asked} pairs of questions asked\n`)
})

/** Everything below a type that needs no argument, a few levels deep. */
function selection(type: GraphQLOutputType, levels = 2): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (!isObjectType(named)) return '{ __typename }'
  const fields = Object.values(named.getFields()).filter(({ args }) => args.every(argument => !isNonNullType(argument.type)))
  const inner = fields.flatMap(field => (isLeafType(getNamedType(field.type)) ? [field.name] : levels > 0 && getNamedType(field.type) !== REQUEST ? [`${field.name} ${selection(field.type, levels - 1)}`] : []))
  return `{ __typename ${inner.join(' ')} }`
}

/** The least that a type of input takes. */
function least(type: GraphQLInputType, reference: string, name = ''): unknown {
  if (isNonNullType(type)) return least(type.ofType, reference, name)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.value as unknown
  if (isInputObjectType(type)) return Object.fromEntries(Object.values(type.getFields()).filter(field => isNonNullType(field.type) && field.defaultValue === undefined).map(field => [field.name, least(field.type, reference, field.name)]))
  if (name === 'reference') return reference
  return type.name === 'Int' ? 1 : type.name === 'Boolean' ? true : type.name === 'LocalDate' ? '2026-11-25' : type.name === 'Instant' ? '2026-11-25T10:00:00Z' : name === 'to' || name === 'newAuthority' ? 'authority:FR' : 'x'
}

interface Question { what: string; ask(reference: string): { query: string; variables?: object } }
const fieldsOfRequest: Question[] = Object.values(REQUEST.getFields()).map(field => ({
  what: `request.${field.name}`, ask: reference => ({ query: `query($r: String!) { request(reference: $r) { ${field.name} ${selection(field.type)} } }`, variables: { r: reference } }),
}))
const namesRequest = ({ args }: GraphQLField<unknown, unknown>): boolean => args.some(({ name }) => name === 'reference')
const byReference: Question[] = [schema.getQueryType(), schema.getSubscriptionType()].flatMap(type => Object.values(type?.getFields() ?? {}).filter(namesRequest).map(field => ({
  what: field.name, ask: (reference: string) => ({ query: `${type === schema.getSubscriptionType() ? 'subscription' : 'query'}($r: String!) { ${field.name}(reference: $r) ${selection(field.type, 1)} }`, variables: { r: reference } }),
})))
const WAYS: Question[] = [
  { what: 'node', ask: reference => ({ query: 'query($id: ID!) { node(id: $id) { __typename id ... on Request { reference status dossier { facts } } } }', variables: { id: `request:${reference}` } }) },
  { what: 'requests', ask: reference => ({ query: 'query($f: RequestFilter) { requests(filter: $f) { nodes { reference } edges { cursor } pageInfo { hasNextPage } } }', variables: { f: { references: [reference] } } }) },
  { what: 'statusChanges', ask: reference => ({ query: 'query($f: RequestFilter) { statusChanges(filter: $f) { nodes { from to } pageInfo { hasNextPage } } }', variables: { f: { references: [reference] } } }) },
]
const acts: Question[] = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(field => {
  const [input] = field.args
  const type = input && getNamedType(input.type)
  if (!input || !isInputObjectType(type) || !type.getFields()['reference']) return []
  return [{ what: field.name, ask: (reference: string) => ({ query: `mutation($input: ${String(input.type)}) { ${field.name}(input: $input) ${selection(field.type, 1)} }`, variables: { input: least(input.type, reference) } }) }]
})

/** What a stranger can see of an answer, with what differs in any two of them left out. */
const visible = ({ status, closed, text }: Answer, reference: string): object =>
  ({ status, closed, text: text.replaceAll(reference, 'REFERENCE').replace(/"requestId":"[^"]+"/g, '"requestId"') })

async function demandAlike(base: string, transport: (typeof TRANSPORTS)[number], token: string | undefined, { ask }: Question): Promise<Answer> {
  const there = await Promise.all(foreign.map(reference => ASK[transport](base, ask(reference), { token })))
  const absent = await ASK[transport](base, ask(ABSENT), { token })
  for (const [i, answer] of there.entries()) {
    asked++
    expect(visible(answer, foreign[i] ?? '')).toEqual(visible(absent, ABSENT))
    expect(answer.text).not.toContain(CANARY)
  }
  return absent
}

it('the sweep covers what there is', () => {
  expect(fieldsOfRequest.length).toBeGreaterThan(20)
  expect(byReference.map(({ what }) => what)).toEqual(expect.arrayContaining(['request', 'checkDraft', 'requestTimeline']))
  expect(acts.length).toBeGreaterThan(15)
})

describe.each(STRANGERS)('%s %s', (_, role) => {
  const places = (): string[] => (AT_HOME.includes(role) ? [houses.hub, houses.node('NL')] : [houses.hub])

  it('learns nothing by any field of a request', async () => {
    for (const base of places()) for (const question of fieldsOfRequest) {
      const answer = await demandAlike(base, 'HTTP', tokens.get(role), question)
      expect({ what: question.what, data: answer.data, errors: answer.errors }).toEqual({ what: question.what, data: { request: null }, errors: [] })
    }
  })

  it.each(TRANSPORTS)('learns nothing by any root field over %s', async transport => {
    for (const base of places()) for (const question of [...byReference, ...WAYS]) await demandAlike(base, transport, tokens.get(role), question)
  })

  it('takes no act on it: NOT_FOUND or FORBIDDEN, or what is wrong with the input, as with one that is not there', async () => {
    for (const base of places()) for (const question of acts) {
      const { errors } = await demandAlike(base, 'HTTP', tokens.get(role), question)
      expect(['NOT_FOUND', 'FORBIDDEN', 'BAD_USER_INPUT']).toContain(errors[0]?.extensions?.['code'])
    }
  })
})

describe('those who may know of it', () => {
  const CONTENT = 'query($r: String!) { request(reference: $r) { status dossier { facts } } }'
  const contentOf = async (country: string, role: Role, reference = ''): Promise<unknown> =>
    dataOf(await overHttp(houses.hub, { query: CONTENT, variables: { r: reference } }, { token: await houses.token(country, role) }))['request']

  it.each<[string, Role, boolean]>([
    ['DE', 'OFFICIAL', true], ['DE', 'VALIDATOR', true], ['DE', 'SYSTEM', true], ['DE', 'LIAISON', false],
    ['FR', 'OFFICIAL', true], ['FR', 'VALIDATOR', true], ['FR', 'SYSTEM', true], ['FR', 'LIAISON', false],
  ])('%s %s sees the request once it is delivered, its content: %s', async (country, role, reads) => {
    expect(await contentOf(country, role, foreign[1])).toEqual({ status: 'DELIVERED', dossier: reads ? { facts: expect.stringContaining(CANARY) as string } : null })
  })

  it('a draft is its own authority\'s alone', async () => {
    for (const role of AT_HOME) expect(await contentOf('FR', role, foreign[0])).toBeNull()
    expect(await contentOf('DE', 'OFFICIAL', foreign[0])).toMatchObject({ status: 'DRAFT' })
  })

  it('what a request says stands in no line that was logged and in no store of the hub', async () => {
    expect(houses.logged.filter(line => line.includes(CANARY))).toEqual([])
    const { readdirSync, readFileSync } = await import('node:fs')
    const { join } = await import('node:path')
    const folder = join(houses.folder.path, 'hub')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    expect(files.length).toBeGreaterThan(1)
    expect(files.filter(file => readFileSync(file).includes(CANARY))).toEqual([])
    expect((await (await fetch(`${houses.hub}/metrics`)).text()).includes(CANARY)).toBe(false)
  })
})
