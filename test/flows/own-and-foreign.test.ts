// What is one's own, what is not, and what is odd (reliability-security.md §4B 37, §4E 76 to 83, §4F 99, §4G, §4I 139 and 140), over every transport, at hub
// and node alike; test/faults/foreign-rows.test.ts sweeps the rest of §4E from the schema.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS, type Answer, type Transport } from '../support/asking'
import { drafted, requestIn, staff, take, type Staff } from '../support/case'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

const rows = new RowsRun('own and foreign')
const HOUSES = ['hub', 'node'] as const
type House = (typeof HOUSES)[number]
let houses: RunningHouses
let people: Staff
let sent: string
let closed: string
let draft: string
const tokens = { anna: '', luc: '' }
const baseOf = (house: House, country: string): string => (house === 'hub' ? houses.hub : houses.node(country))

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  people = await staff(houses)
  sent = await requestIn(people, 'EXECUTING')
  closed = await requestIn(people, 'EXECUTED')
  await take(people, closed, 'CLOSE')
  draft = (await drafted(people)).reference
  Object.assign(tokens, { anna: await houses.token('DE', 'OFFICIAL', 'anna'), luc: await houses.token('FR', 'OFFICIAL', 'luc') })
}, 60_000)
afterAll(async () => {
  await houses.close()
  rows.print()
})

async function asked(house: House, transport: Transport, query: string, variables: object, who: keyof typeof tokens = 'luc'): Promise<Answer> {
  const answer = await ASK[transport](baseOf(house, who === 'luc' ? 'FR' : 'DE'), { query, variables }, { token: tokens[who] })
  rows.demand(answer)
  return answer
}

const ITEM = { label: 'ECHO7f3a', mediaType: 'application/pdf', bytes: 1, sha256: 'a3'.repeat(32), sensitivity: [] }
const REPORT = 'mutation($input: ReportResultsInput!) { reportResults(input: $input) { request { reference } } }'

describe.each(HOUSES)('at the %s', house => {
  describe.each(TRANSPORTS)('over %s', transport => {
    it('E76 of references that are mixed only the own ones are shown', async () => {
      const answer = await asked(house, transport, 'query($f: RequestFilter) { requests(filter: $f) { nodes { reference } pageInfo { hasNextPage } } }', { f: { references: [draft, sent, 'DE-2026-999999'] } })
      expect(dataOf(answer)['requests']).toEqual({ nodes: [{ reference: sent }], pageInfo: { hasNextPage: false } })
    })

    it('E77 E78 an id of another type, of a database or of another system is nobody\'s', async () => {
      const ids = [`handOver:${sent}`, `contact:FR:${sent}`, `Request:${sent}`, `authority:${sent}`, 'request:', `request:${sent}/..`, sent, '507f1f77bcf86cd799439011', Buffer.from(`Request:${sent}`).toString('base64'), '00000000-0000-4000-8000-000000000000']
      for (const id of ids) expect(dataOf(await asked(house, transport, 'query($id: ID!) { node(id: $id) { id } }', { id }))).toEqual({ node: null })
    })

    it.each<[string, () => string, number, string, object]>([
      ['E83 G108 results for a request of others', () => draft, 1, 'NOT_FOUND', { path: 'input.reference' }],
      ['E83 results for a request that is not there', () => 'DE-2026-999999', 1, 'NOT_FOUND', { path: 'input.reference' }],
      ['E83 a version that is past', () => sent, 1, 'VERSION_CONFLICT', { path: 'input.expectedVersion' }],
      ['E83 G109 results for a closed file', () => closed, 0, 'ACT_NOT_ALLOWED', { status: 'CLOSED', availableActs: [] }],
    ])('%s', async (_, reference, version, code, facts) => {
      const expectedVersion = version || (await people.luc.look(reference()))?.version
      const answer = await asked(house, transport, REPORT, { input: { reference: reference(), expectedVersion, complete: true, items: [ITEM] } })
      expect(answer.errors[0]?.extensions).toMatchObject({ code, ...facts })
    })

    it('F99 markup and script are kept as they were written and sent as JSON', async () => {
      const facts = '<svg onload=alert(1)><script>alert(2)</script> javascript:alert(3) "\'`'
      const { reference } = await drafted(people, {}, { facts })
      const answer = await asked(house, transport, 'query($r: String!) { request(reference: $r) { dossier { facts } } }', { r: reference }, 'anna')
      expect(dataOf(answer)).toEqual({ request: { dossier: { facts } } })
      if (transport === 'HTTP') expect(answer.headers).toMatchObject({ 'content-type': expect.stringMatching(/json/) as string, 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringContaining("default-src 'none'") as string })
    })

    it.each(['CREATED', 'LAST_ACTIVITY', 'DUE_FIRST'])('I139 I140 pages in the order %s neither skip nor repeat a row where others come and go between them', async order => {
      const mark = `${house} ${transport} ${order}`
      const own = new Set((await Promise.all(Array.from({ length: 7 }, () => drafted(people, { ownReference: mark })))).map(({ reference }) => reference))
      const seen = await pagesOf(house, transport, order, async (page, references) => {
        const [last = ''] = references.filter(reference => own.has(reference)).slice(-1)
        // The very row that the cursor names goes, and a new one comes.
        if (page < 4 && own.has(last)) await people.anna.act('withdrawRequest', { reference: last, expectedVersion: 1, reason: 'Not needed.' })
        if (page < 4) await drafted(people, { ownReference: mark })
      })
      expect(seen.filter((reference, i) => seen.indexOf(reference) !== i)).toEqual([])
      expect([...own].filter(reference => !seen.includes(reference))).toEqual([])
    })
  })
})

/** References of all open requests, page by page; something happens between two of them. */
async function pagesOf(house: House, transport: Transport, order: string, between: (page: number, references: string[]) => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  for (let page = 0, after: string | null = null; ; page++) {
    const answer: Answer = await asked(house, transport, 'query($order: RequestOrder, $after: Cursor) { requests(first: 4, orderBy: $order, after: $after, filter: { open: true }) { nodes { reference } pageInfo { hasNextPage endCursor } } }', { order, after }, 'anna')
    const { nodes, pageInfo } = dataOf(answer)['requests'] as { nodes: { reference: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    seen.push(...nodes.map(({ reference }) => reference))
    if (!pageInfo.hasNextPage) return seen
    after = pageInfo.endCursor
    await between(page, nodes.map(({ reference }) => reference))
  }
}

test('F99 no page of ours makes markup of a text', () => {
  const folder = join(__dirname, '../../web')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && /\.(tsx?|html|mjs)$/.test(entry.name)).map(entry => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(3)
  expect(files.filter(file => /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/.test(readFileSync(file, 'utf8')))).toEqual([])
})

test('B37 a node is told by the hub who asks with a token alone, never with what a caller put beside it', async () => {
  await houses.stop('DE')
  const heard: IncomingHttpHeaders[] = []
  const node = createServer((req, res) => { heard.push(req.headers); req.resume().on('end', () => res.writeHead(503).end()) }).listen(Number(new URL(houses.node('DE')).port), '127.0.0.1')
  await once(node, 'listening')
  const headers = { 'x-user': 'ECHO7f3a', 'x-authority': 'ECHO7f3a', 'x-forwarded-for': '10.0.0.1, ECHO7f3a', forwarded: 'for=ECHO7f3a', cookie: 'a=ECHO7f3a', 'x-request-id': 'ECHO7f3a', via: 'ECHO7f3a' }
  for (const transport of TRANSPORTS) {
    const answer = await ASK[transport](houses.hub, { query: `{ request(reference: "${sent}") { reference } }` }, { token: tokens.anna, headers })
    rows.demand(answer)
    expect(['AUTHORITY_UNREACHABLE', 'STORE_UNAVAILABLE']).toContain(codeOf(answer))
  }
  node.close()
  node.closeAllConnections()
  const asked = heard.filter(each => each.authorization !== undefined)
  expect(asked.length).toBeGreaterThan(0)
  const allowed = ['accept', 'authorization', 'connection', 'content-length', 'content-type', 'host', 'transfer-encoding']
  // A trunk is dialled again whenever it is time: for nobody in particular.
  const dialled = ['connection', 'host', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version', 'upgrade']
  for (const each of heard) {
    expect(Object.keys(each).filter(name => !(each.upgrade ? dialled : allowed).includes(name))).toEqual([])
    expect(JSON.stringify(each)).not.toContain('ECHO7f3a')
  }
  expect((await overHttp(houses.hub, { query: '{ viewer { role } }' }, { headers })).data).toEqual({ viewer: { role: 'PUBLIC' } })
})
