// What HTTP alone can do wrong (reliability-security.md §4B), at hub and node alike, on the paths of GraphQL and of Server-Sent Events.
import { gzipSync } from 'node:zlib'
import { connect } from 'node:net'
import { codeOf, overHttp, type Answer, type Sending } from '../support/asking'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let token: string
const rows = new RowsRun('bad HTTP')
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

const WHO = { query: '{ viewer { role } }' }
const ACT = { query: 'mutation { closeRequest(input: { reference: "DE-2026-000001", expectedVersion: 1 }) { request { reference } } }' }
const get = (parameters: Record<string, string> | string, path = '/graphql'): Sending => ({ method: 'GET', path: `${path}?${typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString()}` })
const typed = (type: string, more: Record<string, string> = {}): Sending => ({ headers: { 'content-type': type, ...more } })

interface Row { row: string; what: string; body?: unknown; sending?: Sending; status: number; code: string | null; header?: [string, string | RegExp]; only?: 'HTTP' }
const HASH = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }

const ROWS: readonly Row[] = [
  { row: 'B23', what: 'a query by GET, with no header beside', sending: get(WHO), status: 200, code: null },
  { row: 'B24', what: 'a query by GET with a content type of text', sending: { ...get(WHO), headers: { 'content-type': 'text/plain' } }, status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B25', what: 'a mutation by GET', sending: get(ACT), status: 405, code: 'BAD_REQUEST', header: ['allow', 'POST'] },
  { row: 'B26', what: 'the query twice by GET', sending: get('query=%7Bviewer%7Brole%7D%7D&query=%7Bviewer%7Bsubject%7D%7D'), status: 400, code: 'BAD_REQUEST' },
  { row: 'B26', what: 'a GET without a query', sending: get({}), status: 400, code: 'BAD_REQUEST' },
  { row: 'B26', what: 'variables by GET that are no JSON', sending: get({ ...WHO, variables: '{' }), status: 400, code: 'BAD_REQUEST' },
  { row: 'C55', what: 'a token in the address', sending: get({ ...WHO, access_token: 'ECHO7f3a' }), status: 400, code: 'BAD_REQUEST' },
  { row: 'B27', what: 'a body of plain text', body: WHO, sending: typed('text/plain'), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B27', what: 'a form', body: 'query=%7Bviewer%7Brole%7D%7D', sending: typed('application/x-www-form-urlencoded'), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'G110', what: 'a multipart upload', body: '--x\r\n', sending: typed('multipart/form-data; boundary=x'), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B27', what: 'no content type', body: WHO, sending: typed(''), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B28', what: 'UTF-16', body: Buffer.from(JSON.stringify(WHO), 'utf16le'), sending: typed('application/json; charset=utf-16'), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B28', what: 'UTF-8 by its name', body: WHO, sending: typed('application/json; charset=UTF-8'), status: 200, code: null },
  { row: 'B28', what: 'bytes that are no UTF-8', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), status: 400, code: 'BAD_REQUEST' },
  { row: 'B29', what: 'a charset that nobody knows', body: WHO, sending: typed('application/json; charset=bogus'), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B29', what: 'an encoding that nobody knows', body: WHO, sending: typed('application/json', { 'content-encoding': 'bogus' }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B30', what: 'a compressed body', body: gzipSync(JSON.stringify(WHO)), sending: typed('application/json', { 'content-encoding': 'gzip' }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { row: 'B31', what: 'a body of one byte too many', body: sized(256 * 1024 + 1), status: 413, code: 'PAYLOAD_TOO_LARGE' },
  { row: 'B31', what: 'a body of just so many bytes', body: sized(256 * 1024), status: 200, code: null },
  { row: 'B31', what: 'a body that says it has 60 MB', body: WHO, sending: typed('application/json', { 'content-length': String(60 * 2 ** 20) }), status: 413, code: 'PAYLOAD_TOO_LARGE' },
  ...['PUT', 'DELETE', 'PATCH', 'TRACE'].map(method => ({ row: 'B32', what: method, sending: { method }, status: 405, code: 'BAD_REQUEST', header: ['allow', /GET.*POST/] as [string, RegExp] })),
  { row: 'B33', what: 'a client that wants HTML', body: WHO, sending: { headers: { accept: 'text/html' } }, status: 406, code: 'BAD_REQUEST', only: 'HTTP' },
  { row: 'B33', what: 'a client that wants anything', body: WHO, sending: { headers: { accept: 'text/html, */*;q=0.1' } }, status: 200, code: null },
  { row: 'B33', what: 'a client that wants no JSON', body: WHO, sending: { headers: { accept: 'application/json;q=0' } }, status: 406, code: 'BAD_REQUEST', only: 'HTTP' },
  { row: 'B34', what: 'the hash of a persisted query', body: { extensions: HASH }, status: 400, code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
  { row: 'B34', what: 'the hash of a persisted query by GET', sending: get({ extensions: JSON.stringify(HASH) }), status: 400, code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
  { row: 'B37', what: 'headers that say who asks', body: WHO, sending: { headers: { 'x-user': 'root', 'x-authority': 'authority:FR', 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' } }, status: 200, code: null },
  { row: 'B38', what: 'a page of another origin', body: WHO, sending: { headers: { origin: 'https://evil.example' } }, status: 403, code: 'FORBIDDEN' },
  { row: 'B40', what: 'a subscription by plain POST', body: { query: 'subscription { statusChanged { cursor } }' }, status: 400, code: 'SUBSCRIPTION_TRANSPORT_REQUIRED', only: 'HTTP' },
  { row: 'D73', what: 'two Authorization headers', body: WHO, sending: { headers: { authorization: ['Bearer a', 'Bearer b'] } }, status: 400, code: 'BAD_REQUEST' },
  { row: 'D73', what: 'an Authorization of another kind', body: WHO, sending: { headers: { authorization: 'Basic ZWNobzpFQ0hPN2YzYQ==' } }, status: 401, code: 'UNAUTHENTICATED', header: ['www-authenticate', /Bearer/] },
  { row: 'D70', what: 'a token of 60 kB', body: WHO, sending: { headers: { authorization: `Bearer ${'a'.repeat(60_000)}` } }, status: 401, code: 'UNAUTHENTICATED' },
  { row: 'D70', what: 'a token of 1 MB', body: WHO, sending: { headers: { authorization: `Bearer ${'a'.repeat(2 ** 20)}` } }, status: 431, code: 'BAD_REQUEST' },
  { row: 'C57', what: 'a Last-Event-ID of 1 MB', body: WHO, sending: { headers: { 'last-event-id': 'a'.repeat(2 ** 20) } }, status: 431, code: 'BAD_REQUEST' },
]

/** A good query in a body of exactly so many bytes. */
function sized(bytes: number): string {
  const empty = JSON.stringify({ ...WHO, operationName: null, extensions: { pad: '' } })
  return JSON.stringify({ ...WHO, operationName: null, extensions: { pad: 'a'.repeat(bytes - empty.length) } })
}

const PATHS = { HTTP: '/graphql', SSE: '/graphql/stream' } as const
type Plain = keyof typeof PATHS

async function sent(base: string, transport: Plain, { body, sending = {} }: Row): Promise<Answer> {
  const path = sending.path ? sending.path.replace('/graphql', PATHS[transport]) : PATHS[transport]
  const answer = await overHttp(base, body, { withinMs: 5_000, ...sending, path, ...(!sending.headers?.['authorization'] && { token }) })
  const event = /^event: next\ndata: (.*)$/m.exec(answer.text)?.[1]
  return event ? { ...answer, ...(JSON.parse(event) as Pick<Answer, 'data'>), errors: (JSON.parse(event) as { errors?: Answer['errors'] }).errors ?? [] } : answer
}

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  describe.each(['HTTP', 'SSE'] as const)('over %s', transport => {
    it.each(ROWS.filter(row => !row.only || row.only === transport).map(row => [row.row, row.what, row] as const))('%s %s', async (_, __, row) => {
      const answer = await sent(base(), transport, row)
      rows.demand(answer)
      expect({ status: answer.status, code: codeOf(answer) ?? null }).toEqual({ status: row.status, code: row.code })
      expect(answer.headers['content-type']).toMatch(/^(application\/(graphql-response\+)?json|text\/event-stream)/)
      if (row.code === null) expect(answer.data).toEqual({ viewer: { role: 'OFFICIAL' } })
      if (row.header) expect(answer.headers[row.header[0]]).toMatch(row.header[1])
    })
  })

  it('B32 answers HEAD as a method that it does not have, without a body', async () => {
    const answer = await overHttp(base(), undefined, { method: 'HEAD' })
    rows.demand(answer)
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 405, text: '' })
  })

  it('D74 knows no cookies: who brings one alone asks as the public', async () => {
    const answer = await overHttp(base(), WHO, { headers: { cookie: `token=${token}; authorization=Bearer ${token}` } })
    expect(answer.data).toEqual({ viewer: { role: 'PUBLIC' } })
  })

  it.each([
    ['B36 two lengths of one body', 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['B36 a line that ends inside a header', 'POST /graphql HTTP/1.1\r\nhost: a\r\nx: b\rc\r\n\r\n', 400],
    ['no HTTP at all', 'HELLO\r\n\r\n', 400],
    ['a path that is no path', 'GET //[ HTTP/1.1\r\nhost: a\r\n\r\n', 404],
    ['a path with a broken escape', 'GET /graphql?query=%E0%A4%A HTTP/1.1\r\nhost: a\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    const text = await raw(base(), bytes)
    rows.demandText(text)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toMatch(/"code":"[A-Z_]+"/)
    expect(text).toMatch(/"requestId":"[0-9a-f-]{36}"/)
  })

  it.each([
    ['a path that leads out of the pages', '/playground/../../package.json'], ['the same with escapes', '/playground/%2e%2e/%2e%2e/package.json'],
    ['a file that is not there', '/playground/assets/none.js'], ['a path that nobody serves', '/etc/passwd'],
  ])('%s says 404 and no path of ours', async (_, path) => {
    const text = await raw(base(), `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    rows.demandText(text)
    expect(text).toMatch(/^HTTP\/1.1 404 /)
    expect(text).not.toMatch(/\/work\/|\/tmp\/|ENOENT|"name": "comity"/)
  })
})

/** Bytes as they stand over a socket of their own; everything that comes back until it closes. */
const raw = (base: string, bytes: string): Promise<string> => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname, () => socket.write(bytes))
  let text = ''
  socket.setTimeout(3_000, () => socket.end())
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (/\r\n\r\n[\s\S]*\}\s*$/.test(text)) socket.end()
  }).on('close', () => resolve(text)).on('error', reject)
})

test('a caller who goes in the middle of a body is no fault of ours', async () => {
  for (const base of [houses.hub, houses.node('DE')]) {
    const { hostname, port } = new URL(base)
    await new Promise<void>(resolve => {
      const socket = connect(Number(port), hostname, () => socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query":', () => socket.resetAndDestroy()))
      socket.on('close', () => resolve())
    })
    // The house reads its sockets in turn: what came before was seen when this is answered.
    for (let turn = 0; turn < 3; turn++) expect((await overHttp(base, WHO, { token })).status).toBe(200)
  }
  expect(houses.logged.map(line => JSON.parse(line) as { level: number; msg: string }).filter(({ level }) => level >= 50)).toEqual([])
})
