// Every row of reliability-security.md §4 and where it is shown, or why there is nothing to show. Tests and rows of tables whose name begins with a row
// (`B35 a body that stops`) show it; section-four.test.ts holds this list against them. Where operations.md, semantics.md or the contract say otherwise than
// the row, they win: `instead`.
export type Row = { shown: readonly string[]; instead?: string } | { not: string }

const BAD_INPUT = 'test/door/bad-input.test.ts', HTTP = 'test/door/http.test.ts', SOCKET = 'test/door/websocket.test.ts', CURSORS = 'test/door/cursors.test.ts', TOKENS = 'test/door/tokens.test.ts'
const LIMITS = 'test/door/limits.test.ts', PRODUCTION = 'test/door/production.test.ts', SLOW = 'test/door/slow-callers.test.ts', FAULTS = 'test/door/faults-of-ours.test.ts', OWN = 'test/flows/own-and-foreign.test.ts'
const SWEEP = 'test/faults/foreign-rows.test.ts', RULES = 'test/contract/row-rules.test.ts', STORES = ['test/contract/store-embedded.test.ts', 'test/contract/store-mongo.test.ts'], LETTERS = 'test/flows/forged-letters.test.ts'

const NO_UPLOAD = 'no bytes of evidence pass through Comity: results are named by label, size and digest (ResultItem), and go another way'
const OF_THE_EXCHANGE = 'codes are those of the exchange (docs/inside.md): LETTER_…, with the signed receipt of the addressee in place of a status'
const shown = (...files: string[]): Row => ({ shown: files })
const instead = (text: string, ...files: string[]): Row => ({ shown: files, instead: text })
const each = (letter: string, from: number, to: number, row: Row): Record<string, Row> => Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [`${letter}${from + i}`, row]))

const PARSING: Readonly<Record<string, Row>> = {
  ...each('A', 1, 10, shown(BAD_INPUT)),
  A11: instead('2,000 tokens; one field may not be selected so often that what it costs passes the bound', BAD_INPUT, LIMITS),
  A12: instead('30 aliases, at the root too', BAD_INPUT), A13: shown(BAD_INPUT), A14: shown(BAD_INPUT), A15: shown(BAD_INPUT, LIMITS), A16: shown(BAD_INPUT), A17: shown(BAD_INPUT),
  A18: instead('refusals of bounds answer 200 beside the data', BAD_INPUT), A19: instead('within 2 s as every row', BAD_INPUT),
  A20: instead('trials show the schema to all, production to whoever has a token', BAD_INPUT, PRODUCTION), A21: shown(BAD_INPUT, PRODUCTION), A22: shown(BAD_INPUT, PRODUCTION),
}

const OVER_HTTP: Readonly<Record<string, Row>> = {
  B23: instead('GET needs no special header: no ambient credentials exist', HTTP), ...each('B', 24, 32, shown(HTTP)), B33: instead('406 says BAD_REQUEST', HTTP), B34: shown(HTTP),
  B35: instead('408 says BAD_REQUEST; the time is its bound of 10 s and 15 s, not 2 s', SLOW), B36: shown(HTTP), B37: shown(HTTP, OWN), B38: instead('hosts and origins are named in production', HTTP, PRODUCTION), B39: shown(FAULTS), B40: shown(HTTP),
}

const OVER_SOCKETS: Readonly<Record<string, Row>> = {
  ...each('C', 41, 50, shown(SOCKET)), C51: instead('256 KiB, as bodies', SOCKET), C52: shown(SOCKET), C53: instead('mutations are allowed on WebSocket; introspection as A20', SOCKET),
  C54: shown(SOCKET, PRODUCTION), C55: shown(SOCKET, HTTP), C56: shown(SOCKET, CURSORS), C57: shown(CURSORS, HTTP), C58: shown(SOCKET),
}

const WHO: Readonly<Record<string, Row>> = {
  ...each('D', 59, 69, shown(TOKENS)), D70: shown(TOKENS, HTTP), D71: shown('test/door/withdrawal.test.ts'),
  D72: { not: 'tokens are bearer tokens (operations.md); nothing is bound to a key, so there is no proof to reuse' }, D73: shown(HTTP), D74: shown(HTTP, TOKENS),
}

const RIGHTS: Readonly<Record<string, Row>> = {
  E75: instead('the same number of store reads; equal time is not promised (SECURITY.md)', SWEEP), E76: shown(OWN, BAD_INPUT), E77: shown(OWN), E78: shown(OWN, SWEEP), E79: shown(BAD_INPUT), E80: shown(BAD_INPUT), E81: shown(SWEEP),
  E82: { not: 'the contract has no figures made of several authorities\' requests: `partners` counts the viewer\'s own alone, and OVERSIGHT reads no request' },
  E83: instead('ACT_NOT_ALLOWED for a wrong state', OWN, SWEEP, 'test/flows/refusals.test.ts'), E84: instead('VERSION_CONFLICT, answered beside the data', CURSORS), E85: shown(RULES, ...STORES), E86: shown(RULES, ...STORES), E87: shown(CURSORS), E88: shown(CURSORS),
}

const ODD: Readonly<Record<string, Row>> = {
  F89: shown(BAD_INPUT, PRODUCTION, ...STORES), F90: shown(BAD_INPUT), F91: shown(BAD_INPUT, PRODUCTION, RULES, ...STORES), F92: instead('a text to search is looked for as it stands, no pattern', BAD_INPUT), F93: shown(BAD_INPUT, ...STORES), F94: shown(LIMITS),
  F95: shown(FAULTS), F96: shown(BAD_INPUT), F97: shown(BAD_INPUT), F98: shown(BAD_INPUT), F99: shown(OWN, PRODUCTION), F100: { not: 'nothing is exported as CSV' },
}

const EVIDENCE: Readonly<Record<string, Row>> = {
  G101: instead(NO_UPLOAD, BAD_INPUT), G102: instead(NO_UPLOAD, BAD_INPUT), ...each('G', 103, 107, { not: NO_UPLOAD }), G108: shown(OWN), G109: instead('ACT_NOT_ALLOWED', OWN), G110: shown(HTTP), G111: { not: NO_UPLOAD },
}

const OF_LETTERS: Readonly<Record<string, Row>> = {
  ...each('H', 112, 121, instead(OF_THE_EXCHANGE, LETTERS)), H122: { not: 'letters have no end: a request waits until its addressee has it' }, ...each('H', 123, 130, instead(OF_THE_EXCHANGE, LETTERS)),
}

const OF_CURSORS: Readonly<Record<string, Row>> = {
  ...each('I', 131, 135, shown(CURSORS)), I136: instead('lists are read forwards alone: there is no `last`', BAD_INPUT), I137: shown(CURSORS), I138: shown(CURSORS), I139: shown(OWN, ...STORES), I140: shown(OWN, ...STORES),
}

export const SECTION_FOUR: Readonly<Record<string, Row>> = { ...PARSING, ...OVER_HTTP, ...OVER_SOCKETS, ...WHO, ...RIGHTS, ...ODD, ...EVIDENCE, ...OF_LETTERS, ...OF_CURSORS }
