// Rows that are shown without a second execution are those that the node itself would have answered, to the letter, whatever shares a node of the document with what.
import { ShortRows } from '../../src/hub/short-rows'
import type { Desk } from '../support/desk'
import { evidence } from '../support/case-words'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let [hub, node]: (Desk | null)[] = []
let reference: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  ;[hub, node] = [await houses.desk('DE', 'OFFICIAL', 'anna'), await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')]
  for (const facts of ['first', 'second', 'third']) ({ reference } = await node.act('draftRequest', evidence(facts)))
}, 60_000)
afterAll(() => houses.close())
afterEach(() => jest.restoreAllMocks())

const ROWS = 'requests(orderBy: CREATED, first: 2)'
/** `isShort`: all of its rows are a node's. */
const OPERATIONS: readonly [string, string, boolean][] = [
  ['one request', 'query($reference: String!) { request(reference: $reference) { reference status version } }', true],
  ['one that does not exist', '{ request(reference: "DE-2026-999999") { reference } }', true],
  ['a page', `{ ${ROWS} { nodes { __typename id reference kind urgency requesting { id __typename } requested { key: id } origin { authority stale } deadlines { obligation dueAt } dossier { facts } } pageInfo { hasNextPage } } }`, true],
  ['edges', `{ ${ROWS} { edges { node { reference status } } } }`, true],
  ['edges beside nodes, each by several names', `{ ${ROWS} { a: nodes { reference } b: nodes { status } edges { n: node { kind } m: node { version } } more: edges { n: node { urgency } } } }`, true],
  ['a fragment below two names', `{ a: ${ROWS} { ...Rows nodes { status } } b: ${ROWS} { ...Rows } c: ${ROWS} { ...Rows nodes { kind version } } }
    fragment Rows on RequestConnection { nodes { reference } edges { node { id } } }`, true],
  ['a fragment in fragments', `{ ${ROWS} { nodes { ...One ... on Node { id } ... { kind } } } } fragment One on Request { ...Two status } fragment Two on Request { reference dossier { facts } }`, true],
  ['names that are others\' fields', `{ ${ROWS} { nodes { status: reference reference: status id: kind k_id: version constructor: urgency } } }`, true],
  ['a name that is a prototype', `{ ${ROWS} { nodes { __proto__: reference status } } }`, false],
  ['a union', `{ ${ROWS} { nodes { reference timeline(first: 2) { nodes { __typename act by details { __typename } } pageInfo { hasNextPage } } } } }`, true],
  ['a choice that stands in the document', `{ ${ROWS} { nodes { reference @include(if: false) status @skip(if: false) } } }`, true],
  ['a choice by a variable', `query($reference: String!, $yes: Boolean = false) { request(reference: $reference) { reference status @include(if: $yes) } }`, false],
  ['what the hub knows itself', `{ ${ROWS} { nodes { reference requesting { id code } } } }`, false],
  ['rows beside what are none', `{ viewer { role } ${ROWS} { nodes { reference } } }`, true],
  ['no rows', '{ viewer { role } }', false],
]

it.each(OPERATIONS)('%s', async (_, query, isShort) => {
  const isVain = jest.spyOn(ShortRows.prototype, 'isVain')
  const variables = query.includes('$reference: String!') ? { reference } : {}
  const answer = JSON.stringify(await hub?.ask(query, variables))
  expect(isVain.mock.results.map(({ value }) => value as boolean)).toEqual(isShort ? [false] : [])
  expect(answer).toBe(JSON.stringify(await node?.ask(query, variables)))
})

it('of several operations in one document each has its own rows', async () => {
  const document = `query A { ${ROWS} { ...Rows nodes { status } } } query B { ${ROWS} { ...Rows } } fragment Rows on RequestConnection { nodes { reference } }`
  const answerOf = async (base: string, operationName: string): Promise<string> => {
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${hub?.token}` }, body: JSON.stringify({ query: document, operationName }) })
    return JSON.stringify(await answer.json())
  }
  for (const operationName of ['A', 'B', 'A']) expect(await answerOf(houses.hub, operationName)).toBe(await answerOf(houses.node('DE'), operationName))
})
