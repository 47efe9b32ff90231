// Rows and legal bases that are shown without a second execution are those that the node itself would have answered, to the letter, whatever shares a node of the document with what.
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
const STATES = 'requesting: "DE", requested: "FR"'
const LAW = '__typename on usable { treaty { code title } articles channel urgentChannel languages dualCriminality dualCriminalityTest { needed reason source verified } conditions verified } excluded { treaty { code } because } reciprocity { explanation }'
/** `isShort`: all of its rows are a node's, and all of its law is read as it stands. */
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
  ['legal bases', `{ legalBases(${STATES}, kind: EVIDENCE) { ${LAW} } }`, true],
  ['legal bases of another day, by several names, in fragments', `{ a: legalBases(${STATES}, kind: EVIDENCE, on: "2019-03-01") { ...Law excluded { why: because explanation } } b: legalBases(requesting: "DE", requested: "BR", kind: EXTRADITION) { ...Law usable { treaty { title } } } }
    fragment Law on LegalBasisAnswer { usable { ... on LegalBasis { law: treaty { __typename id code } } } }`, true],
  ['legal bases where none may be cited', '{ legalBases(requesting: "NG", requested: "JP", kind: EXTRADITION) { usable { articles } excluded { treaty { code } explanation } reciprocity { __typename explanation languages dualCriminalityTest { needed source } } } }', true],
  ['legal bases beside rows', `{ legalBases(${STATES}, kind: EVIDENCE) { usable { articles } } ${ROWS} { nodes { reference } } }`, true],
  ['legal bases with what is worked out', `{ legalBases(${STATES}, kind: EVIDENCE) { usable { treaty { code parties(on: "2026-01-01") { state } } } } }`, false],
  ['legal bases with time limits', `{ legalBases(${STATES}, kind: EVIDENCE) { usable { timeLimits { obligation limit counted } } } }`, false],
  ['legal bases of a state that is not known', '{ legalBases(requesting: "DE", requested: "XX", kind: EVIDENCE) { on usable { articles } } }', true],
]

it.each(OPERATIONS)('%s', async (_, query, isShort) => {
  const isVain = jest.spyOn(ShortRows.prototype, 'isVain')
  const variables = query.includes('$reference: String!') ? { reference } : {}
  const answer = told(await hub?.ask(query, variables))
  expect(isVain.mock.results.map(({ value }) => value as boolean)).toEqual(isShort ? [false] : [])
  expect(answer).toBe(told(await node?.ask(query, variables)))
})

/** As JSON; each house gives a call a name of its own. */
const told = (answer: unknown): string => JSON.stringify(answer).replace(/"requestId":"[^"]+"/g, '')

it('of several operations in one document each has its own rows', async () => {
  const document = `query A { ${ROWS} { ...Rows nodes { status } } } query B { ${ROWS} { ...Rows } } fragment Rows on RequestConnection { nodes { reference } }`
  const answerOf = async (base: string, operationName: string): Promise<string> => {
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${hub?.token}` }, body: JSON.stringify({ query: document, operationName }) })
    return JSON.stringify(await answer.json())
  }
  for (const operationName of ['A', 'B', 'A']) expect(await answerOf(houses.hub, operationName)).toBe(await answerOf(houses.node('DE'), operationName))
})
