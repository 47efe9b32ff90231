// Cursors that are not what was given out (reliability-security.md §4I, C56 and C57), on every transport, at hub and node alike: all are refused with one text.
// And what one moment must not mix: contradictory acts in one document, equal questions of different viewers (§4E 84, 87, 88).
import { ASK, codeOf, dataOf, overHttp, overSse, TRANSPORTS, type Answer, type Transport } from '../support/asking'
import { evidence } from '../support/case-words'
import { sent } from '../support/case'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

type House = 'hub' | 'node'
const HOUSES: readonly House[] = ['hub', 'node']

let houses: RunningHouses
let reference: string
let draft: string
const rows = new RowsRun('cursors')
const tokens: Record<'anna' | 'duty' | 'luc' | 'auditor', string> = { anna: '', duty: '', luc: '', auditor: '' }
const baseOf = (house: House, country = 'DE'): string => (house === 'hub' ? houses.hub : houses.node(country))

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const [drafter, validator, receiver] = await Promise.all([houses.desk('DE', 'OFFICIAL', 'anna'), houses.desk('DE', 'VALIDATOR', 'vera'), houses.desk('FR', 'OFFICIAL', 'luc', 'FR')])
  reference = (await sent({ drafter, validator, receiver }, evidence('sent'))).reference
  draft = (await drafter.act('draftRequest', evidence('draft'))).reference
  Object.assign(tokens, { anna: await houses.token('DE', 'OFFICIAL', 'anna'), duty: await houses.token('DE', 'LIAISON'), luc: await houses.token('FR', 'OFFICIAL', 'luc'), auditor: await houses.token('DE', 'AUDITOR') })
  for (const house of HOUSES) await overHttp(baseOf(house), { query: `{ request(reference: "${reference}") { dossier { facts } } }` }, { token: tokens.anna })
}, 60_000)
afterAll(async () => {
  await houses.close()
  rows.print()
})

const REQUESTS = 'query($after: Cursor, $order: RequestOrder, $filter: RequestFilter) { requests(first: 1, after: $after, orderBy: $order, filter: $filter) { edges { cursor } feedCursor } }'
const CHANGES = 'query($after: Cursor) { statusChanges(first: 1, after: $after) { edges { cursor } } }'
const TREATIES = 'query($after: Cursor) { treaties(first: 1, after: $after) { edges { cursor } } }'
const ACCESS = 'query($after: Cursor) { accessLog(first: 1, after: $after) { edges { cursor } } }'
const FEEDS = ['statusChanged', 'requestTimeline', 'urgentRequests', 'contactPointChanged', 'handOverChanged'].map(field => `subscription($after: Cursor) { ${field}(after: $after) { cursor } }`)

interface Page { edges: { cursor: string }[]; feedCursor?: string }
const pages = new Map<string, Promise<Page>>()

/** What a house gave out, read once. */
function pageOf(base: string, query: string, token: string): Promise<Page> {
  const key = `${base} ${query} ${token}`
  const page = pages.get(key) ?? overHttp(base, { query }, { token }).then(answer => Object.values(dataOf(answer))[0] as Page)
  pages.set(key, page)
  return page
}
const cursorOf = async (base: string, query: string, token: string): Promise<string> => (await pageOf(base, query, token)).edges[0]?.cursor ?? ''
const feedCursorOf = async (base: string, token: string): Promise<string> => (await pageOf(base, REQUESTS, token)).feedCursor ?? ''

const flipped = (cursor: string, at: number): string => `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`
const edited = (cursor: string, change: (bytes: Buffer) => Buffer): string => change(Buffer.from(cursor, 'base64url')).toString('base64url')
const plainly = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Spoiled in itself, whatever it was for. */
const SPOILED: readonly [string, (good: string) => string][] = [
  ['I131 a bit flipped at its beginning', good => flipped(good, 2)], ['I131 a bit flipped in its middle', good => flipped(good, Math.floor(good.length / 2))], ['I131 a bit flipped near its end', good => flipped(good, good.length - 3)],
  ['I131 cut short', good => good.slice(0, -4)], ['I131 longer', good => `${good}AAAA`], ['I131 with padding', good => `${good}==`],
  ['I135 a negative position', () => plainly({ seq: -1 })], ['I135 a negative offset', () => plainly({ value: null, reference: '', offset: -5 })], ['I137 decoded and edited', good => edited(good, bytes => Buffer.from(bytes.map((byte, i) => (i > 12 ? byte ^ 1 : byte))))],
  ['I137 in plain words', () => plainly({ value: '2026', reference: 'DE-2026-000001' })], ['I137 an operator', () => plainly({ $gt: '' })], ['I138 10 kB long', () => 'A'.repeat(10_000)], ['I138 empty', () => ''], ['I138 a blank', () => ' '], ['I138 a line end', good => `${good}\r\n`],
]

function demandInvalid(answer: Answer, path: string | undefined): void {
  rows.demand(answer)
  expect({ code: codeOf(answer), message: answer.errors[0]?.message, path: answer.errors[0]?.extensions?.['path'] }).toEqual({ code: 'CURSOR_INVALID', message: 'This cursor is not one of this list or feed, or not yours.', path })
}

const invalid = async (base: string, transport: Transport, token: string, query: string, after: string, variables: object = {}): Promise<void> =>
  demandInvalid(await ASK[transport](base, { query, variables: { ...variables, after } }, { token }), 'after')

describe.each(HOUSES)('at the %s', house => {
  describe.each(TRANSPORTS)('over %s', transport => {
    it.each(SPOILED)('%s is refused by every list', async (_, spoil) => {
      const base = baseOf(house)
      const lists = [[REQUESTS, tokens.anna], [CHANGES, tokens.anna], [TREATIES, tokens.anna], [ACCESS, tokens.auditor]] as const
      await Promise.all(lists.map(async ([query, token]) => invalid(base, transport, token, query, spoil(await cursorOf(base, query, token)))))
    })

    it('I132 of another authority, or of another role', async () => {
      const base = baseOf(house)
      const french = baseOf(house, 'FR')
      await invalid(base, transport, tokens.anna, REQUESTS, await cursorOf(french, REQUESTS, tokens.luc))
      await invalid(base, transport, tokens.duty, REQUESTS, await cursorOf(base, REQUESTS, tokens.anna))
      await invalid(base, transport, tokens.anna, CHANGES, await cursorOf(french, CHANGES, tokens.luc))
    })

    it('I133 of another list, another order, another filter, and a feed\'s in a list\'s place', async () => {
      const base = baseOf(house)
      const good = await cursorOf(base, REQUESTS, tokens.anna)
      await invalid(base, transport, tokens.anna, REQUESTS, good, { order: 'CREATED' })
      await invalid(base, transport, tokens.anna, REQUESTS, good, { filter: { open: true } })
      await invalid(base, transport, tokens.anna, REQUESTS, await cursorOf(base, TREATIES, tokens.anna))
      await invalid(base, transport, tokens.anna, REQUESTS, await feedCursorOf(base, tokens.anna))
      await invalid(base, transport, tokens.anna, CHANGES, good)
    })

    it('I134 sealed by another house', async () => {
      const other = house === 'hub' ? 'node' : 'hub'
      await invalid(baseOf(house), transport, tokens.anna, REQUESTS, await cursorOf(baseOf(other), REQUESTS, tokens.anna))
    })
  })

  describe.each(['WebSocket', 'SSE'] as const)('a feed over %s', transport => {
    it.each(FEEDS)('C56 refuses what is no cursor of a feed: %s', async query => {
      const base = baseOf(house)
      const good = await feedCursorOf(base, tokens.anna)
      const wrong = [...SPOILED.map(([, spoil]) => spoil(good)), await feedCursorOf(baseOf(house, 'FR'), tokens.luc), await cursorOf(base, REQUESTS, tokens.anna)]
      await Promise.all(wrong.map(after => invalid(base, transport, tokens.anna, query, after)))
    })
  })

  it('C57 a Last-Event-ID is judged like a cursor', async () => {
    const base = baseOf(house)
    const query = 'subscription { statusChanged { cursor } }'
    for (const id of [flipped(await feedCursorOf(base, tokens.anna), 9), await feedCursorOf(baseOf(house, 'FR'), tokens.luc), await cursorOf(base, REQUESTS, tokens.anna), 'x'.repeat(5_000)]) {
      demandInvalid(await overSse(base, { query }, { token: tokens.anna, headers: { 'last-event-id': id } }), 'after')
    }
  })

  it('E84 of two acts in one document that contradict each other the first is taken, the second refused', async () => {
    const official = await houses.desk('DE', 'OFFICIAL', 'anna')
    const { reference: fresh } = await official.act('draftRequest', evidence(`both ${house}`))
    const query = 'mutation($w: WithdrawInput!, $a: AmendDraftInput!) { withdrawn: withdrawRequest(input: $w) { request { status } } amended: amendDraft(input: $a) { request { status } } }'
    const answer = await overHttp(baseOf(house), { query, variables: { w: { reference: fresh, expectedVersion: 1, reason: 'Not needed.' }, a: { reference: fresh, expectedVersion: 1, urgency: 'PRIORITY' } } }, { token: tokens.anna })
    rows.demand(answer)
    expect(codeOf(answer)).toBe('VERSION_CONFLICT')
    const seen = await overHttp(baseOf(house), { query: `{ request(reference: "${fresh}") { status version urgency } }` }, { token: tokens.anna })
    expect(seen.data).toEqual({ request: { status: 'WITHDRAWN', version: 2, urgency: 'ROUTINE' } })
  })

  it('E87 E88 one question of many viewers in one instant is answered to each by its own rights', async () => {
    const query = `query($draft: String!, $sent: String!) { draft: request(reference: $draft) { status dossier { facts } } sent: request(reference: $sent) { status dossier { facts } } requests { nodes { reference } } }`
    const ask = async (token: string | undefined): Promise<Answer['data']> => (await overHttp(houses.hub, { query, variables: { draft, sent: reference } }, { token })).data
    const facts = { facts: expect.any(String) as string }
    const own = { draft: { status: 'DRAFT', dossier: facts }, sent: { status: 'DELIVERED', dossier: facts } }
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask([tokens.anna, tokens.duty, tokens.luc, undefined][i % 4])))
    for (const [i, data] of answers.entries()) {
      const expected = [own, { draft: { ...own.draft, dossier: null }, sent: { ...own.sent, dossier: null } }, { ...own, draft: null }, { draft: null, sent: null, requests: { nodes: [] } }][i % 4]
      expect(data).toMatchObject(expected as object)
      expect(JSON.stringify(data).includes(draft)).toBe(i % 4 < 2)
    }
  })
})
