// A hub in a thief's hands that asks a node, with a viewer's good token: whatever it sends is refused with a code and soon, the node does not fall and takes
// no room for it, and whoever works at the node's own door is served meanwhile.
import { request } from 'node:http'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebSocket, type ClientOptions } from 'ws'
import { TRUNK_PATH, TRUNK_PROTOCOL } from '../../src/peer/trunk-frames'
import type { Desk } from '../support/desk'
import { draftInput, requestIn, staff } from '../support/case'
import { runHouses, type RunningHouses } from '../support/running-houses'

type Ask = readonly [name: string, path: string, body: () => string, codes?: readonly string[]]

const ANSWER_WITHIN_MS = 2_000
const GROWTH_AT_MOST = 100 * 2 ** 20
const SOUND = '{ requests(first: 5) { nodes { reference } } }'
const read = (more: object): string => JSON.stringify({ query: SOUND, ask: { list: { scope: 'HOME', limit: 5 } }, ...more })
const list = (more: object): (() => string) => () => read({ ask: { list: { scope: 'HOME', limit: 5, ...more } } })
const query = (text: string): (() => string) => () => JSON.stringify({ query: text })
const many = (count: number, value: unknown): unknown[] => Array.from({ length: count }, () => value)
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const CALLER = { token: 'x', subject: 'anna', role: 'OFFICIAL' }

const BAD = ['BAD_REQUEST'] as const
const COMPLEX = ['QUERY_TOO_COMPLEX'] as const
const PATHS = ['/house/read', '/house/assertions', '/house/standing'] as const

const EVERYWHERE: readonly Ask[] = PATHS.flatMap((path): Ask[] => [
  ['nothing', path, () => ''], ['no JSON', path, () => '<html>'], ['null', path, () => 'null'], ['a text', path, () => '"x"'], ['a number', path, () => '7'], ['a list', path, () => '[]'],
  ['a key of the prototype', path, () => '{"__proto__":{"polluted":1},"query":"{ a }","audiences":[],"callers":[]}'],
  ['a constructor', path, () => '{"constructor":{"prototype":{"polluted":1}}}'],
  ['a key twice', path, () => '{"query":"{ a }","query":"{ b }","audiences":["x"],"audiences":[],"callers":[1],"callers":[]}'],
  ['600 KB', path, () => `{"query":"${'a'.repeat(600 * 1024)}"}`, ['PAYLOAD_TOO_LARGE']],
  ['50,000 levels', path, () => `{"query":${deep(50_000)}}`],
])

const ASKS: readonly Ask[] = [
  ...EVERYWHERE,
  ['a query that is an object', '/house/read', () => read({ query: { $gt: '' } })],
  ['a query that is none', '/house/read', query('{ requests('), ['GRAPHQL_PARSE_FAILED', 'BAD_REQUEST', 'GRAPHQL_VALIDATION_FAILED']],
  ['a field that does not exist', '/house/read', query('{ secret }'), ['GRAPHQL_VALIDATION_FAILED']],
  ['100,000 fields', '/house/read', query(`{${' a'.repeat(100_000)}}`), COMPLEX],
  ['19,000 times the same field', '/house/read', query(`{${' requests'.repeat(19_000)}}`), COMPLEX],
  ['3,000 fields of one name that differ', '/house/read', query(`{${Array.from({ length: 3_000 }, (_, i) => ` x:a(b:${i})`).join('')}}`), COMPLEX],
  ['1,500 fragments', '/house/read', query(`{a}${Array.from({ length: 1_500 }, (_, i) => `fragment F${i} on Query{a}`).join('')}`), COMPLEX],
  ['9,000 levels of fields', '/house/read', query('{a'.repeat(9_000)), COMPLEX],
  ['19,000 levels of a value', '/house/read', query(`{a(b:${'['.repeat(19_000)}`), COMPLEX],
  ['fragments in a ring', '/house/read', query('{...A} fragment A on Query{...B} fragment B on Query{...A}'), ['GRAPHQL_VALIDATION_FAILED']],
  ['variables that are a list', '/house/read', () => read({ variables: many(1_000, 1) }), BAD],
  ['a scope that does not exist', '/house/read', list({ scope: 'ALL' })], ['no scope', '/house/read', list({ scope: null })],
  ['a limit of a billion', '/house/read', list({ limit: 1e9 })], ['a limit below nothing', '/house/read', list({ limit: -1 })], ['a limit that is a text', '/house/read', list({ limit: '5' })],
  ['a limit that is an object', '/house/read', list({ limit: { $gt: 0 } })],
  ['20,000 references', '/house/read', list({ scope: 'REFERENCES', references: many(20_000, 'DE-2026-00001') })],
  ['references that are objects', '/house/read', list({ scope: 'REFERENCES', references: [{ $gt: '' }] })], ['references that are no list', '/house/read', list({ scope: 'REFERENCES', references: { length: 3 } })],
  ['a reference of 100 KB', '/house/read', list({ scope: 'REFERENCES', references: ['x'.repeat(100_000)] })],
  ['20,000 known', '/house/read', list({ known: many(20_000, 'DE-2026-00001') })], ['known that are numbers', '/house/read', list({ known: [1] })],
  ['deciders that are objects', '/house/read', list({ scope: 'COPIES', deciders: [{ $ne: 'x' }] })], ['5,000 deciders', '/house/read', list({ scope: 'COPIES', deciders: many(5_000, 'authority:FR') })],
  ['versions that are a list', '/house/read', list({ scope: 'REFERENCES', reached: [1] })], ['a version that is a text', '/house/read', list({ scope: 'REFERENCES', reached: { 'DE-2026-000001': '2' } })],
  ['a version without end', '/house/read', list({ scope: 'REFERENCES', reached: { 'DE-2026-000001': 1e308 } })], ['2,000 versions', '/house/read', list({ scope: 'REFERENCES', reached: Object.fromEntries(many(2_000, 1).map((version, i) => [`DE-2026-${String(i).padStart(6, '0')}`, version])) })],
  ['a place that is a text', '/house/read', list({ after: 'x' })], ['a place that is an object', '/house/read', list({ after: { value: { $gt: '' }, reference: 'x' } })],
  ['an ask that is a text', '/house/read', () => read({ ask: { list: 'x' } })],
  ['audiences that are a text', '/house/assertions', () => '{"audiences":"authority:FR"}'], ['audiences that are numbers', '/house/assertions', () => '{"audiences":[1]}'],
  ['5,000 audiences', '/house/assertions', () => JSON.stringify({ audiences: many(5_000, 'authority:FR') })],
  ['5,000 callers', '/house/standing', () => JSON.stringify({ callers: many(5_000, CALLER) })], ['callers that are objects inside', '/house/standing', () => JSON.stringify({ callers: [{ ...CALLER, token: { $gt: '' } }] })],
  ['callers that are null', '/house/standing', () => '{"callers":[null]}'],
]

let houses: RunningHouses
let atHome: Desk
let token: string

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const people = await staff(houses)
  await requestIn(people, 'DELIVERED')
  atHome = people.annaAtHome
  token = people.anna.token ?? ''
}, 60_000)
afterAll(() => houses.close())

interface Told { status: number; code: unknown; text: string; tookMs: number }

async function told(path: string, { body, bearer = token }: { body?: string; bearer?: string } = {}): Promise<Told> {
  const begun = performance.now()
  const response = await fetch(`${houses.node('DE')}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }, ...(body !== undefined && { body }) })
  const text = await response.text()
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: unknown } }[] }
  return { status: response.status, code: errors?.[0]?.extensions?.code, text, tookMs: performance.now() - begun }
}

/** A trunk of the thief's own. */
class Trunk {
  readonly #answers = new Map<string, (text: string) => void>()
  #asked = 0
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (bytes: Buffer) => {
      const text = bytes.toString()
      this.#answers.get(text.split(' ', 1)[0] ?? '')?.(text)
    })
  }

  static async open(): Promise<Trunk> {
    const socket = dial()
    await once(socket, 'open')
    return new Trunk(socket)
  }

  /** How it ends where it does: code and reason. */
  get end(): Promise<[number, string]> { return new Promise(resolve => this.socket.once('close', (code, reason) => resolve([code, reason.toString()]))) }

  ask(body: string, bearer = token): Promise<Pick<Told, 'status' | 'code' | 'text'>> {
    const id = String(++this.#asked)
    return new Promise(resolve => {
      const tell = (status: number, text: string): void => {
        const { errors } = (text === '' ? {} : JSON.parse(text)) as { errors?: { extensions?: { code?: unknown } }[] }
        resolve({ status, code: errors?.[0]?.extensions?.code, text })
      }
      this.#answers.set(id, said => tell(Number(said.split(' ')[1]), (said.split('\n', 2)[1] ?? '')))
      // What is too large for a trunk ends it; an honest hub asks that over HTTP.
      this.socket.once('close', code => resolve({ status: 413, code: code === 1009 ? 'PAYLOAD_TOO_LARGE' : code, text: '' }))
      this.socket.send(`${id} Bearer ${bearer}\n${body}`, { binary: true })
    })
  }
}

const dial = (protocol: string | string[] = TRUNK_PROTOCOL, options: ClientOptions = {}): WebSocket => new WebSocket(`${houses.node('DE').replace('http', 'ws')}${TRUNK_PATH}`, protocol, options)

/** Somebody's own work goes on, and nothing came into our own objects. */
async function demandServed(): Promise<void> {
  expect((await atHome.read<{ requests: { nodes: unknown[] } }>(SOUND)).requests.nodes).not.toHaveLength(0)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
}

test('what an honest hub asks is answered', async () => {
  expect(await told('/house/read', { body: read({}) })).toMatchObject({ status: 200, code: undefined })
})

test.each(ASKS.map(([name, path, body, codes = BAD]) => ({ name, path, body, codes })))('$name at $path is refused with a code, soon, while others are served', async ({ path, body, codes }) => {
  const [answer] = await Promise.all([told(path, { body: body() }), demandServed()])
  expect({ ...answer, text: answer.text.slice(0, 300) }).toMatchObject({ code: expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)) as string })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(answer.text).not.toMatch(/at .*\.(ts|js):\d+/)
  expect(answer.tookMs).toBeLessThan(ANSWER_WITHIN_MS)
})

test('what an honest hub asks on a trunk is answered as over HTTP, each call under its own token, and ends with its assertion', async () => {
  const trunk = await Trunk.open()
  const { assertions } = JSON.parse((await told('/house/assertions', { body: JSON.stringify({ audiences: ['authority:FR'] }) })).text) as { assertions: Record<string, string> }
  const answers = await Promise.all([trunk.ask(query('{ viewer { role authority { code } } }')()), trunk.ask(query('{ viewer { role } }')(), assertions['authority:FR']), trunk.ask(query('{ viewer { role } }')(), ''), trunk.ask(read({}))])
  expect(answers.map(({ status, code }) => [status, code])).toEqual([[200, undefined], [401, 'UNAUTHENTICATED'], [401, 'UNAUTHENTICATED'], [200, undefined]])
  expect(answers[0]?.text).toBe('{"data":{"viewer":{"role":"OFFICIAL","authority":{"code":"DE"}}}}')
  trunk.socket.close()
})

test.each(ASKS.filter(([, path]) => path === '/house/read').map(([name, , body, codes = BAD]) => ({ name, body, codes })))('$name on a trunk is refused with a code, while others are served', async ({ body, codes }) => {
  const trunk = await Trunk.open()
  const [answer] = await Promise.all([trunk.ask(body()), demandServed()])
  expect(answer.code).toEqual(expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)))
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  trunk.socket.terminate()
})

test('an act on a trunk is refused and does nothing: what is asked there may be asked twice', async () => {
  const trunk = await Trunk.open()
  const draft = JSON.stringify({ query: 'mutation($input: DraftRequestInput!) { draftRequest(input: $input) { request { reference } } }', variables: { input: draftInput() } })
  const drafts = async (): Promise<number> => (await atHome.read<{ requests: { nodes: unknown[] } }>('{ requests(filter: { statuses: [DRAFT] }) { nodes { reference } } }')).requests.nodes.length
  const before = await drafts()
  expect(await trunk.ask(draft)).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  expect(await drafts()).toBe(before)
  expect(await told('/house/read', { body: draft })).toMatchObject({ status: 200, code: undefined })
  expect(await drafts()).toBe(before + 1)
  expect(await trunk.ask(query('subscription { statusChanged { cursor } }')())).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  trunk.socket.close()
})

test.each<[string, (socket: WebSocket) => void, number]>([
  ['nothing', socket => socket.send(''), 1008], ['a call that is no number', socket => socket.send('x y\n{}'), 1008], ['a call of a hundred digits', socket => socket.send(`${'1'.repeat(100)} x\n{}`), 1008],
  ['a prototype', socket => socket.send('__proto__ x\n{}'), 1008], ['a first line of 100 KB', socket => socket.send('1'.repeat(100_000)), 1008], ['a call twice', socket => { socket.send(`7 Bearer ${token}\n${read({})}`); socket.send(`7 Bearer ${token}\n${read({})}`) }, 1008],
  ['a thousand calls at once', socket => { for (let n = 0; n < 1_000; n++) socket.send(`${n} Bearer ${token}\n${read({})}`) }, 1008], ['600 KB', socket => socket.send('x'.repeat(600 * 1_024)), 1009],
  ['a thousand pings', socket => { for (let n = 0; n < 1_000; n++) socket.ping() }, 1008], ['a pong', socket => socket.pong(), 1008],
])('%s ends a trunk, and nothing else', async (_, say, code) => {
  const { socket, end } = await Trunk.open().then(trunk => ({ socket: trunk.socket, end: trunk.end }))
  say(socket)
  expect((await end)[0]).toBe(code)
  await demandServed()
})

test('a call that is taken back twice, or was never made, disturbs nobody', async () => {
  const trunk = await Trunk.open()
  for (const id of ['5', '5', '900000']) trunk.socket.send(id)
  expect(await trunk.ask(read({}))).toMatchObject({ status: 200 })
  trunk.socket.close()
})

test.each<[string, string | string[], ClientOptions, number]>([
  ['a page', TRUNK_PROTOCOL, { origin: 'http://localhost' }, 403], ['another protocol', 'graphql-transport-ws', {}, 400], ['no protocol', [], {}, 400], ['one protocol of several', [TRUNK_PROTOCOL, 'other'], {}, 400],
])('%s gets no trunk', async (_, protocol, options, status) => {
  const socket = dial(protocol, options)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }]
  expect(response.statusCode).toBe(status)
  response.destroy()
})

test('a hub has no trunk', async () => {
  const socket = new WebSocket(`${houses.hub.replace('http', 'ws')}${TRUNK_PATH}`, TRUNK_PROTOCOL)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }]
  expect(response.statusCode).toBe(404)
  response.destroy()
})

test.each(['/house/feed?after=', '/house/feed/past?after='])('a cursor at %s that this node has not given is refused', async path => {
  for (const cursor of ['x', '__proto__', 'A'.repeat(8_000), '%00', '-1']) expect(await told(`${path}${cursor}`)).toMatchObject({ status: 400, code: 'CURSOR_INVALID' })
  await demandServed()
})

test('an assertion for another audience opens nothing here', async () => {
  const { assertions } = JSON.parse((await told('/house/assertions', { body: JSON.stringify({ audiences: ['authority:FR'] }) })).text) as { assertions: Record<string, string> }
  const forFrance = assertions['authority:FR'] ?? ''
  expect(forFrance).not.toBe('')
  for (const path of ['/house/read', '/house/assertions']) expect(await told(path, { body: path === '/house/read' ? read({}) : '{"audiences":["authority:FR"]}', bearer: forFrance })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is still held once everything was collected that may be: the process itself, which other tests use too, keeps room as it likes. */
function kept(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test('a body without an end is cut off at its bound, and a hundred bad questions leave little behind', async () => {
  const large = `{"query":"{${' a'.repeat(100_000)}}"}`
  for (let round = 0; round < 10; round++) await told('/house/read', { body: large })
  const before = kept()
  const status = await new Promise<number>(resolve => {
    const asked = request(`${houses.node('DE')}/house/read`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' } }, res => resolve(res.statusCode ?? 0))
    const piece = `${' '.repeat(64 * 1024)}`
    const pour = (): void => { while (!asked.destroyed && asked.write(piece)); }
    asked.on('drain', pour).on('error', () => resolve(413))
    pour()
  })
  expect(status).toBe(413)
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 10 }, () => told('/house/read', { body: large })))
  await demandServed()
  const growth = kept() - before
  process.stdout.write(`evil hub asks: ${(growth / 2 ** 20).toFixed(0)} MB are left behind\n`)
  expect(growth).toBeLessThan(GROWTH_AT_MOST)
}, 120_000)
