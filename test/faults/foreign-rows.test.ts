// Nobody can tell another's request from one that does not exist: a sweep generated from the schema, so that a new type, field, root field or act is covered on
// the day it appears. Every field of every type below a request, every root field that names one, every act, every id and every cursor, for every role of a third
// state, of the hub and of the public, over all transports, at the hub, at the own node and, with an assertion in hand, at the very node that keeps it: the answer
// about what is foreign is, but for its request id, the answer about what is not there, and it costs each house the same reads of its store.
import { getNamedType, isInputObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql'
import { houseSchema } from '../../resolvers/house-schema'
import type { Role } from '../../src/domain/vocabulary'
import { ASK, dataOf, overHttp, TRANSPORTS, type Answer, type Transport } from '../support/asking'
import { ReadCounts } from '../support/counted-store'
import type { Desk, Feed } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { least, packed, partsBelow, selection } from '../support/schema-walk'
import { CANARY, CONDITIONS, shownRows, type ShownRows } from '../support/shown-rows'

const ABSENT = 'DE-2026-999999'
const AT_HOME: readonly Role[] = ['OFFICIAL', 'VALIDATOR', 'LIAISON', 'SYSTEM']
/** An auditor is a stranger to the requests of its own authority too. */
const STRANGERS: readonly [string, Role][] = [...AT_HOME.map((role): [string, Role] => ['NL', role]), ['NL', 'AUDITOR'], ['DE', 'AUDITOR'], ['hub', 'OVERSIGHT'], ['hub', 'SECRETARIAT'], ['', 'PUBLIC']]

const schema = houseSchema()
const REQUEST = schema.getType('Request') as GraphQLObjectType
const reads = new ReadCounts()
let houses: RunningHouses
let shown: ShownRows
const foreign = (): string[] => CONDITIONS.map(condition => shown.rows[condition])
interface Place { base: string; bearer: string | undefined }
const feeds: Feed[] = []
let asked = 0
let weighed = 0

const FEEDS: readonly string[] = [
  'subscription($after: Cursor) { statusChanged(after: $after) { cursor request { reference } } }', 'subscription($after: Cursor) { requestTimeline(after: $after) { cursor request { reference } note } }',
  'subscription($after: Cursor) { urgentRequests(after: $after) { cursor request { reference } } }',
]

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'NL'], store: reads.open })
  const desks: Desk[] = await Promise.all([houses.desk('NL', 'OFFICIAL', 'jan'), houses.desk('NL', 'LIAISON', 'duty'), houses.desk('NL', 'OFFICIAL', 'jan', 'NL')])
  for (const desk of desks) for (const query of FEEDS) for (const over of ['WebSocket', 'SSE'] as const) feeds.push(await desk.listen(query, { over }))
  shown = await shownRows(houses)
}, 120_000)
afterAll(async () => {
  await houses.close()
  process.stdout.write(`foreign rows: ${asked} pairs of answers compared, ${weighed} pairs of costs\n`)
})

/** What the own node says of a viewer to DE's: good for a minute. */
async function assertion(token: string): Promise<string> {
  const response = await fetch(`${houses.node('NL')}/house/assertions`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: '{"audiences":["authority:DE"]}' })
  return ((await response.json()) as { assertions: Record<string, string> }).assertions['authority:DE'] ?? ''
}

async function placesOf(house: string, role: Role): Promise<Place[]> {
  const bearer = house === '' ? undefined : await houses.token(house, role)
  const places: Place[] = [{ base: houses.hub, bearer }]
  if (house === 'NL' || house === 'DE') places.push({ base: houses.node(house), bearer })
  if (house === '') places.push({ base: houses.node('DE'), bearer })
  if (bearer !== undefined && house === 'NL' && AT_HOME.includes(role)) places.push({ base: houses.node('DE'), bearer: await assertion(bearer) })
  return places
}

interface Ask { query: string; variables?: object }
interface Question { what: string; ask(reference: string): Ask }

const PARTS = partsBelow(schema, REQUEST, ['Authority', 'Treaty', 'ContactPoint'])
const FIELDS: Question[] = packed(PARTS).map((text, i) => ({
  what: `all fields, ${i + 1}`, ask: reference => ({ query: `query($r: String!) { request(reference: $r) { ${text} } }`, variables: { r: reference } }),
}))
const namesRequest = ({ args }: GraphQLField<unknown, unknown>): boolean => args.some(({ name }) => name === 'reference')
const ROOTS: Question[] = [schema.getQueryType(), schema.getSubscriptionType()].flatMap(type => Object.values(type?.getFields() ?? {}).filter(namesRequest).map(field => ({
  what: field.name, ask: (reference: string) => ({ query: `${type === schema.getSubscriptionType() ? 'subscription' : 'query'}($r: String!) { ${field.name}(reference: $r) ${selection(field.type, 'Request', 1)} }`, variables: { r: reference } }),
})))
const WAYS: Question[] = [
  { what: 'node', ask: reference => ({ query: 'query($id: ID!) { node(id: $id) { __typename id ... on Request { reference status dossier { facts } } } }', variables: { id: `request:${reference}` } }) },
  { what: 'requests', ask: reference => ({ query: 'query($f: RequestFilter) { requests(filter: $f) { nodes { reference dossier { facts } } edges { cursor node { status } } pageInfo { hasNextPage } sources { authority state } } }', variables: { f: { references: [reference] } } }) },
  { what: 'requests in an order', ask: reference => ({ query: 'query($f: RequestFilter) { requests(filter: $f, orderBy: DUE_FIRST, first: 500) { nodes { reference } } }', variables: { f: { references: [reference], open: true, partners: ['DE', 'FR', 'NL'] } } }) },
  { what: 'statusChanges', ask: reference => ({ query: 'query($f: RequestFilter) { statusChanges(filter: $f) { nodes { from to } pageInfo { hasNextPage } } }', variables: { f: { references: [reference] } } }) },
]
const ACTS: Question[] = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(field => {
  const [input] = field.args
  const type = input && getNamedType(input.type)
  if (!input || !isInputObjectType(type) || !type.getFields()['reference']) return []
  return [{ what: field.name, ask: (reference: string) => ({ query: `mutation($input: ${String(input.type)}) { ${field.name}(input: $input) ${selection(field.type, 'Request', 1)} }`, variables: { input: least(input.type, { reference }) } }) }]
})

/** What a stranger can see of an answer, with what differs in any two of them left out: how it was named, and a beat that comes to all open streams at once, whoever's. */
const visible = ({ status, closed, text }: Answer, named: string): object =>
  ({ status, closed, text: text.replaceAll(named, 'NAMED').replace(/"requestId":"[^"]+"/g, '"requestId"').replace(/^:\n\n/gm, '') })

function demandAlike(what: string, there: Answer, named: string, absent: Answer, absentName: string): void {
  asked++
  expect({ what, seen: visible(there, named) }).toEqual({ what, seen: visible(absent, absentName) })
  expect(there.text).not.toContain(CANARY)
}

/** An answer, and what it cost. One question at a time. */
async function weighedAnswer(ask: () => Promise<Answer>): Promise<{ answer: Answer; cost: Record<string, number> }> {
  reads.take()
  const answer = await ask()
  return { answer, cost: reads.take() }
}

const ATTEMPTS = 6

/** A house also works by itself: what differs once is asked again, what differs always is a cost that tells. */
async function demandSameCost(what: string, there: () => Promise<Answer>, absent: () => Promise<Answer>): Promise<void> {
  weighed++
  for (let attempt = 1; ; attempt++) {
    const [one, other] = [await weighedAnswer(there), await weighedAnswer(absent)]
    if (JSON.stringify(one.cost) === JSON.stringify(other.cost)) return
    if (attempt === ATTEMPTS) expect({ what, cost: one.cost }).toEqual({ what, cost: other.cost })
  }
}

const asking = ({ base, bearer }: Place, transport: Transport, question: Question) => (reference: string): Promise<Answer> => ASK[transport](base, question.ask(reference), { token: bearer })

async function sweep(place: Place, transport: Transport, questions: readonly Question[], references = foreign()): Promise<Answer[]> {
  return Promise.all(questions.map(async question => {
    const ask = asking(place, transport, question)
    const [absent, ...there] = await Promise.all([ABSENT, ...references].map(ask))
    for (const [i, answer] of there.entries()) demandAlike(question.what, answer, references[i] ?? '', absent as Answer, ABSENT)
    return absent as Answer
  }))
}

it('the sweep covers what there is', () => {
  expect(PARTS.flatMap(part => part.fields).length).toBeGreaterThan(300)
  expect(ROOTS.map(({ what }) => what)).toEqual(expect.arrayContaining(['request', 'checkDraft', 'requestTimeline']))
  expect(ACTS.length).toBeGreaterThan(30)
})

describe.each(STRANGERS)('%s %s', (house, role) => {
  it.each(TRANSPORTS)('E75 learns nothing by any field of any type below a request over %s', async transport => {
    for (const place of await placesOf(house, role)) for (const { data, errors } of await sweep(place, transport, FIELDS)) expect({ data, errors }).toEqual({ data: { request: null }, errors: [] })
  })

  it.each(TRANSPORTS)('E75 learns nothing by any root field over %s', async transport => {
    for (const place of await placesOf(house, role)) await sweep(place, transport, [...ROOTS, ...WAYS])
  })

  it.each(TRANSPORTS)('E75 E83 takes no act on it over %s: NOT_FOUND or FORBIDDEN, or what is wrong with the input, as with one that is not there', async transport => {
    // A refusal knows no transport: over the others one foreign request is enough.
    const references = transport === 'HTTP' ? [shown.rows.draft, shown.rows.far] : [shown.rows.far]
    for (const place of await placesOf(house, role)) for (const { errors } of await sweep(place, transport, ACTS, references)) expect(['NOT_FOUND', 'FORBIDDEN', 'BAD_USER_INPUT']).toContain(errors[0]?.extensions?.['code'])
  })

  it('E75 costs each house the same reads of its store, whatever is asked', async () => {
    for (const place of await placesOf(house, role)) for (const question of [...FIELDS, ...ROOTS, ...WAYS, ...ACTS]) {
      const ask = asking(place, question.ask(ABSENT).query.startsWith('subscription') ? 'SSE' : 'HTTP', question)
      for (const reference of ACTS.includes(question) ? [shown.rows.far] : [shown.rows.draft, shown.rows.far]) await demandSameCost(`${question.what} at ${place.base}`, () => ask(reference), () => ask(ABSENT))
    }
  })
})

it('reads are counted where they are made: at home, and at a partner that is asked', async () => {
  const [hub, , keeper] = await placesOf('NL', 'OFFICIAL')
  const costOf = async (place: Place | undefined, question: Question | undefined): Promise<Record<string, number>> => (await weighedAnswer(() => asking(place as Place, 'HTTP', question as Question)(ABSENT))).cost
  expect(await costOf(hub, FIELDS[0])).toMatchObject({ 'NL docket.getMany': 1 })
  expect(await costOf(hub, WAYS[1])).toMatchObject({ 'NL docket.find': 1, 'DE docket.find': 1 })
  expect(await costOf(keeper, ROOTS[0])).toMatchObject(ROOTS[0]?.what === 'checkDraft' ? { 'DE docket.getMany': 1 } : { 'DE docket.get': 1 })
})

describe('what is told by an id or a cursor of another authority', () => {
  const pairs = async (): Promise<{ what: string; ask(name: string): Ask; there: string; absent: string }[]> => {
    const { anna } = shown.people
    const page = await anna.read<{ requests: { edges: { cursor: string }[]; feedCursor: string } }>('{ requests(first: 1) { edges { cursor } feedCursor } }')
    const atCursor = { there: page.requests.feedCursor, absent: 'x'.repeat(page.requests.feedCursor.length) }
    const hand = { there: shown.handOver, absent: shown.handOver.replace(/[0-9a-f]{12}$/, '0'.repeat(12)) }
    const desk = { there: shown.contact, absent: shown.contact.replace(/[0-9a-f]{12}$/, '0'.repeat(12)) }
    const ofId = (query: string) => (id: string): Ask => ({ query, variables: { id } })
    return [
      { what: 'handOver', ask: ofId('query($id: ID!) { handOver(id: $id) { id note { note } } }'), ...hand },
      { what: 'handOver, whole', ask: ofId(`query($id: ID!) { handOver(id: $id) ${selection(schema.getQueryType()?.getFields()['handOver']?.type as never, 'Request', 1)} }`), ...hand },
      { what: 'node of a hand-over', ask: ofId('query($id: ID!) { node(id: $id) { __typename id } }'), ...hand },
      { what: 'handOvers', ask: ofId('query($id: ID) { handOvers(contactPoint: $id) { id } }'), ...desk },
      { what: 'acknowledgeHandOver', ask: id => ({ query: 'mutation($input: AcknowledgeHandOverInput!) { acknowledgeHandOver(input: $input) { handOver { id } } }', variables: { input: { id } } }), ...hand },
      { what: 'retireContactPoint', ask: id => ({ query: 'mutation($input: RetireContactPointInput!) { retireContactPoint(input: $input) { contactPoint { id } } }', variables: { input: { id } } }), ...desk },
      { what: 'timelineEvent', ask: cursor => ({ query: 'query($c: Cursor!) { timelineEvent(cursor: $c) { reference: type } }', variables: { c: cursor } }), ...atCursor },
      ...['statusChanges(after: $c) { nodes { version } }', 'requests(after: $c) { nodes { reference } }', 'accessLog(after: $c) { nodes { position } }'].map(field => ({
        what: field.slice(0, field.indexOf('(')), ask: (cursor: string): Ask => ({ query: `query($c: Cursor) { ${field} }`, variables: { c: cursor } }), ...(field.startsWith('requests') ? { there: page.requests.edges[0]?.cursor ?? '', absent: 'x'.repeat(page.requests.edges[0]?.cursor.length ?? 1) } : atCursor),
      })),
    ]
  }

  it.each(STRANGERS.filter(([house]) => house !== 'DE'))('E75 E78 %s %s cannot tell it from one that is not there, nor by its cost', async (house, role) => {
    for (const { base, bearer } of await placesOf(house, role)) for (const { what, ask, there, absent } of await pairs()) {
      for (const transport of TRANSPORTS) {
        const [known, unknown] = await Promise.all([there, absent].map(name => ASK[transport](base, ask(name), { token: bearer })))
        demandAlike(what, known as Answer, there, unknown as Answer, absent)
      }
      await demandSameCost(what, ...([there, absent].map(name => () => overHttp(base, ask(name), { token: bearer })) as [() => Promise<Answer>, () => Promise<Answer>]))
    }
  })
})

it('E81 no list, count or feed of a third state ever showed it', async () => {
  const token = await houses.token('NL', 'OFFICIAL')
  for (const base of [houses.hub, houses.node('NL')]) {
    const { requests, statusChanges } = dataOf(await overHttp(base, { query: '{ requests(first: 100) { nodes { reference } } statusChanges(first: 100) { nodes { request { reference } } } }' }, { token })) as Record<string, { nodes: { reference?: string; request?: { reference: string } }[] }>
    expect(requests?.nodes).toEqual([{ reference: shown.dutch }])
    expect(new Set(statusChanges?.nodes.map(({ request }) => request?.reference))).toEqual(new Set([shown.dutch]))
  }
  const [partner] = ((dataOf(await overHttp(houses.hub, { query: '{ partners { authority { id } openRequests } }' }, { token }))['partners'] ?? []) as { authority: { id: string }; openRequests: number }[]).filter(({ authority }) => authority.id === 'authority:DE')
  expect(partner?.openRequests).toBe(1)
  for (const feed of feeds.filter((_, i) => Math.floor(i / 2) % FEEDS.length < 2)) await feed.until(events => events.length > 0, 'the one request that is theirs is told')
  for (const { events, errors } of feeds) {
    expect(errors).toEqual([])
    for (const event of events) expect(event).toMatchObject({ request: { reference: shown.dutch } })
  }
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
