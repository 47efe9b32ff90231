// Bad operations, row by row as reliability-security.md §4 numbers them (A parsing and limits, F odd data), with what each house has to say on every
// transport.
import { ECHO } from '../support/decent'

export interface BadOperation {
  row: string
  what: string
  /** The GraphQL request; a string is sent as it stands. */
  body: unknown
  code: string | null
  /** HTTP status; refusals of the contract answer 200. */
  status: number
  /** What is no message of the protocol closes a socket with this code. */
  closes?: number
  /** `extensions.path` of the first error. */
  path?: string
}

const query = (text: string, variables?: object): object => ({ query: text, ...(variables && { variables }) })
const times = (count: number, text: (i: number) => string, between = ' '): string => Array.from({ length: count }, (_, i) => text(i)).join(between)
const deep = (count: number, open: string, close: string, inner = ''): string => open.repeat(count) + inner + close.repeat(count)

const shape = (row: string, what: string, body: unknown): BadOperation => ({ row, what, body, code: 'BAD_REQUEST', status: 400, closes: 4400 })
const refused = (row: string, what: string, body: unknown, code: string, status = 400): BadOperation => ({ row, what, body, code, status })
const misread = (row: string, what: string, path: string, body: unknown): BadOperation => ({ row, what, body, code: 'BAD_USER_INPUT', status: 400, path })

const REQUEST = 'query($reference: String!) { request(reference: $reference) { reference } }'
const LIST = 'query($filter: RequestFilter, $first: Int) { requests(filter: $filter, first: $first) { nodes { reference } } }'
const BASES = 'query($on: LocalDate, $state: CountryCode = "DE", $kind: RequestKind = EVIDENCE) { legalBases(requesting: $state, requested: "FR", kind: $kind, on: $on) { on } }'
const ACKNOWLEDGE = 'mutation($input: AcknowledgeInput!) { acknowledgeRequest(input: $input) { request { reference } } }'
const acknowledging = (more: object): object => ({ reference: 'DE-2026-000001', expectedVersion: 1, handler: 'desk', ownReference: 'N 1', ...more })
const REPORT = 'mutation($input: ReportResultsInput!) { reportResults(input: $input) { request { reference } } }'
const reporting = (bytes: string): string =>
  `{"query":${JSON.stringify(REPORT)},"variables":{"input":{"reference":"DE-2026-000001","expectedVersion":1,"complete":true,"items":[{"label":"${ECHO}","mediaType":"a/b","bytes":${bytes},"sha256":"${'a'.repeat(64)}"}]}}}`

/** Each fragment selects the next one twice: 26 levels are 2^26 selections. */
const doubling = (levels: number): string =>
  `{ ...f0 } ${times(levels, i => `fragment f${i} on Query { a: viewer { role } ${i + 1 < levels ? `...f${i + 1} ...f${i + 1}` : ''} }`)}`
const overlapping = (depth: number, width: number): string =>
  depth === 0 ? 'code' : times(width, () => `code authorities { jurisdiction { ${overlapping(depth - 1, width)} } }`)

export const BAD_OPERATIONS: readonly BadOperation[] = [
  shape('A1', 'an empty body', ''),
  shape('A1', 'an object without a query', {}),
  refused('A1', 'a blank query', query('  '), 'BAD_REQUEST'),
  shape('A2', 'JSON that breaks off', '{"query":"{ viewer { role } }"'),
  shape('A3', 'the body null', 'null'),
  shape('A3', 'the body a text', `"${ECHO}"`),
  shape('A4', 'a batch of one', [query('{ viewer { role } }')]),
  shape('A4', 'a batch of a hundred', Array.from({ length: 100 }, () => query('{ viewer { role } }'))),
  shape('A5', 'a query that is a number', { query: 1 }),
  shape('A6', 'variables that are a text', { query: '{ viewer { role } }', variables: ECHO }),
  shape('A6', 'variables that are a list', { query: '{ viewer { role } }', variables: [ECHO] }),
  shape('A6', 'an operation name that is a number', { query: '{ viewer { role } }', operationName: 7 }),
  shape('A7', 'the query twice', `{"query":"{ viewer { role } }","query":"{ viewer { subject } }"}`),
  shape('A7', 'a variable twice', `{"query":${JSON.stringify(REQUEST)},"variables":{"reference":"${ECHO}","reference":"b"}}`),
  shape('A7', 'a key that reaches the prototype', `{"query":"{ viewer { role } }","variables":{"__proto__":{"x":"${ECHO}"}}}`),
  refused('A8', 'NUL in the query', query('{ viewer { role\u0000 } }'), 'GRAPHQL_PARSE_FAILED'),
  refused('A8', 'a control character in the query', query('{ \u0007viewer { role } }'), 'GRAPHQL_PARSE_FAILED'),
  refused('A8', 'a syntax error beside a value', query(`{ request(reference: "a" "${ECHO}") { reference } }`), 'GRAPHQL_PARSE_FAILED'),
  refused('A9', 'a field nested 3,000 deep', query(deep(3_000, '{a', '}')), 'QUERY_TOO_COMPLEX'),
  refused('A9', 'a field nested 13 deep', query(`{ requests { nodes ${deep(12, '{ timeline { nodes { request ', '} } }', '{ reference }')} } }`), 'QUERY_TOO_COMPLEX'),
  refused('A10', 'a list literal nested 20,000 deep', query(`{ request(reference: ${deep(20_000, '[', ']')}) { reference } }`), 'QUERY_TOO_COMPLEX'),
  refused('A10', 'brackets that end inside a comment', query(`{ request(reference: ${deep(20_000, '[', '')} # ${deep(20_000, '', ']')}\n) { reference } }`), 'QUERY_TOO_COMPLEX'),
  refused('A11', '2,500 repeated fields', query(`{ viewer { ${times(2_500, () => 'role')} } }`), 'QUERY_TOO_COMPLEX'),
  refused('A12', '300 aliases of one field', query(`{ ${times(300, i => `a${i}: viewer { role }`)} }`), 'QUERY_TOO_COMPLEX'),
  refused('A12', '31 aliases below a field', query(`{ viewer { ${times(31, i => `a${i}: role`)} } }`), 'QUERY_TOO_COMPLEX'),
  refused('A12', '31 root fields', query(`{ ${times(31, () => 'viewer { role }')} }`), 'QUERY_TOO_COMPLEX'),
  refused('A13', '400 unknown directives', query(`{ viewer { role ${times(400, i => `@d${i}`)} } }`), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A13', '60 known directives', query(`{ viewer { ${times(60, () => 'role @include(if: true)')} } }`), 'QUERY_TOO_COMPLEX'),
  refused('A14', 'a fragment cycle', query('{ ...a } fragment a on Query { viewer { role } ...b } fragment b on Query { ...a }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A14', 'two fragments of one name, one in a cycle', query('{ ...a } fragment a on Query { viewer { role } } fragment a on Query { ...a }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A15', '26 levels of fragments that double', query(doubling(26)), 'QUERY_TOO_COMPLEX'),
  refused('A16', 'overlapping fields, deep and wide', query(`{ jurisdiction(code: "DE") { ${overlapping(6, 4)} } }`), 'QUERY_TOO_COMPLEX'),
  refused('A17', 'a page size beyond Int, written out', query('{ requests(first: 99999999999) { nodes { reference } } }'), 'GRAPHQL_VALIDATION_FAILED'),
  misread('A17', 'a page size beyond Int, as a variable', 'first', query(LIST, { first: 99999999999 })),
  refused('A18', 'a negative page size', query('{ requests(first: -1) { nodes { reference } } }'), 'BAD_USER_INPUT', 200),
  refused('A18', 'a page of a thousand million', query(LIST, { first: 1e9 }), 'BAD_USER_INPUT', 200),
  refused('A18', 'lists in lists of a hundred', query('{ requests(first: 100) { nodes { timeline(first: 100) { nodes { request { timeline(first: 100) { nodes { at } } } } } } } }'), 'QUERY_TOO_COMPLEX'),
  { ...misread('A19', 'variables nested 20,000 deep', 'variables', `{"query":${JSON.stringify(LIST)},"variables":{"filter":${deep(20_000, '{"a":', '}', '1')}}}`) },
  refused('A20', 'the SDL of a subgraph', query('{ _service { sdl } }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A20', 'entities of a subgraph', query('{ _entities(representations: []) { __typename } }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A21', 'a misspelt field', query('{ viewer { rolee } }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A21', 'a misspelt argument', query(`{ request(referenc: "${ECHO}") { reference } }`), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A21', 'a misspelt type', query('query($a: RequestFiltr) { requests(filter: $a) { nodes { reference } } }'), 'GRAPHQL_VALIDATION_FAILED'),
  refused('A21', 'a wrong value, written out', query(`{ legalBases(requesting: "${ECHO}", requested: "FR", kind: ${ECHO}) { on } request(reference: {a: "${ECHO}"}) { reference } requests(first: "${ECHO}") { nodes { reference } } }`), 'GRAPHQL_VALIDATION_FAILED'),
  misread('A22', 'a misspelt input field in a variable', 'input', query(ACKNOWLEDGE, { input: acknowledging({ handlr: ECHO }) })),
  misread('A22', 'a misspelt enum value in a variable', 'kind', query(BASES, { kind: `EVIDENC${ECHO}` })),
  misread('A22', 'a misspelt enum value inside a filter', 'filter.kinds[0]', query(LIST, { filter: { kinds: [ECHO] } })),
  misread('A22', 'a variable that is missing', 'reference', query(REQUEST)),
  refused('A', 'no such operation in the document', { query: 'query a { viewer { role } }', operationName: ECHO }, 'BAD_REQUEST'),
  refused('A', 'two operations and no name', query('query a { viewer { role } } query b { viewer { role } }'), 'BAD_REQUEST'),
  refused('A', 'no operation but a fragment', query('fragment a on Query { viewer { role } }'), 'GRAPHQL_VALIDATION_FAILED'),
  misread('E79', 'a filter by what a request says', 'filter', query(LIST, { filter: { dossier: { facts: ECHO } } })),
  misread('E79', 'a filter by who may read a row', 'filter', query(LIST, { filter: { readers: [ECHO] } })),
  misread('E80', 'an order by what a request says', 'order', query('query($order: RequestOrder) { requests(orderBy: $order) { nodes { reference } } }', { order: `SUSPECT_NAME${ECHO}` })),
  refused('E76', 'nodes by a list of ids', query(`{ nodes(ids: ["request:${ECHO}"]) { id } }`), 'GRAPHQL_VALIDATION_FAILED'),
  refused('I136', 'the first and the last of a list', query('{ requests(first: 1, last: 1) { nodes { reference } } }'), 'GRAPHQL_VALIDATION_FAILED'),
  misread('F89', 'an operator in a text', 'reference', query(REQUEST, { reference: { $ne: null, a: ECHO } })),
  misread('F89', 'an operator in an id', 'id', query('query($id: ID!) { node(id: $id) { id } }', { id: { $gt: '' } })),
  misread('F89', 'an operator in an enum', 'kind', query(BASES, { kind: { $where: ECHO } })),
  misread('F89', 'an operator in an input', 'filter', query(LIST, { filter: { $where: `${ECHO}` } })),
  misread('F91', 'a list for a text', 'reference', query(REQUEST, { reference: [ECHO] })),
  misread('F91', 'an object in a list of texts', 'filter.references[0]', query(LIST, { filter: { references: [{ $regex: ECHO }] } })),
  refused('F91', 'more references than a filter holds', query(LIST, { filter: { references: Array.from({ length: 501 }, () => ECHO) } }), 'BAD_USER_INPUT', 200),
  misread('F90', 'an object where no type takes one whole', 'input.handler', query(ACKNOWLEDGE, { input: acknowledging({ handler: { $where: ECHO, '.a': 1 } }) })),
  misread('F93', 'an update for an input', 'input', query(ACKNOWLEDGE, { input: acknowledging({ $set: { status: ECHO } }) })),
  misread('F93', 'an update that renames', 'input.ownReference', query(ACKNOWLEDGE, { input: acknowledging({ ownReference: { $rename: ECHO } }) })),
  misread('F93', 'a pipeline for an input', 'input', query(ACKNOWLEDGE, { input: [{ $set: { status: ECHO } }, { $unset: 'ledger' }] })),
  misread('F93', 'a path into a row for an input', 'input', query(ACKNOWLEDGE, { input: acknowledging({ 'state.status': ECHO }) })),
  refused('F92', 'a search of more than 100 characters', query('query($s: String) { treaties(filter: { search: $s }) { totalCount } }', { s: `${ECHO}${'a'.repeat(200)}` }), 'BAD_USER_INPUT', 200),
  shape('F96', 'half a character in a variable', `{"query":${JSON.stringify(REQUEST)},"variables":{"reference":"${ECHO}\\ud800"}}`),
  misread('F96', 'a state in letters that look alike', 'state', query(BASES, { state: '\u13a0E' })),
  misread('F97', 'more bytes than a number holds', 'input.items[0].bytes', reporting('9007199254740993')),
  misread('F97', 'half a byte', 'input.items[0].bytes', reporting('0.5')),
  shape('F97', 'a number without end', reporting('1e400')),
  misread('F97', 'a version beyond Int', 'input.expectedVersion', query(ACKNOWLEDGE, { input: acknowledging({ handler: ECHO, expectedVersion: 2 ** 53 }) })),
  misread('G101', 'a digest that is none', 'input.items[0].sha256', reporting('1').replace('a'.repeat(64), ECHO)),
  misread('G102', 'a length below nothing', 'input.items[0].bytes', reporting('-1')),
  misread('F98', 'the day 0000-00-00', 'on', query(BASES, { on: '0000-00-00' })),
  misread('F98', 'the 30th of February', 'on', query(BASES, { on: '2026-02-30' })),
  misread('F98', 'a leap second', 'filter.updatedAfter', query(LIST, { filter: { updatedAfter: '9999-12-31T23:59:60Z' } })),
  misread('F98', 'a time of another zone', 'filter.updatedAfter', query(LIST, { filter: { updatedAfter: '2026-01-01T00:00:00+14:00' } })),
]
