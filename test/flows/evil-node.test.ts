// A partner's node in a thief's hands, behind an honest hub: whatever it answers, it is shown as REFUSED with a reason, its rows are those of the viewer's own
// copies, marked stale, and nobody else's rows suffer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { dataOf, overHttp, type Answer } from '../support/asking'
import { sent } from '../support/case'
import { evidence } from '../support/case-words'
import { runHouses, type RunningHouses } from '../support/running-houses'

type Json = Record<string, unknown>
interface Told extends Json { keys: Json[]; known: unknown; more: unknown; asOf: unknown }
interface Honest extends Json { data: { r: { nodes: Json[] } }; told: Told }

let houses: RunningHouses
let token: string
let french: string
let dutch: string
let honest: string
let server: Server | null = null
/** What the evil node does with a read. */
let evil: (res: ServerResponse) => void = res => res.end('{}')

const LIST = { query: '{ requests(first: 50, orderBy: CREATED) { nodes { reference status version kind origin { authority stale } timeline(first: 5) { nodes { version } } } sources { authority state reason } } }' }
const list = (): Promise<Answer> => overHttp(houses.hub, LIST, { token })

async function listening(answer: (req: IncomingMessage, body: string, res: ServerResponse) => void): Promise<Server> {
  const made = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => answer(req, Buffer.concat(chunks).toString(), res))
  })
  made.listen(Number(new URL(houses.node('FR')).port), '127.0.0.1')
  await once(made, 'listening')
  return made
}

const closed = async (made: Server): Promise<void> => {
  made.closeAllConnections()
  made.close()
  await once(made, 'close')
}

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'NL'] })
  const [drafter, validator, fr, nl] = await Promise.all([
    houses.desk('DE', 'OFFICIAL', 'anna'), houses.desk('DE', 'VALIDATOR', 'vera'), houses.desk('FR', 'OFFICIAL', 'luc', 'FR'), houses.desk('NL', 'OFFICIAL', 'jan', 'NL'),
  ])
  token = drafter.token ?? ''
  french = (await sent({ drafter, validator, receiver: fr }, evidence('to-fr'))).reference
  dutch = (await sent({ drafter, validator, receiver: nl }, evidence('to-nl', { requested: 'NL' }, { language: 'en' }))).reference
  // One honest answer is recorded, to be spoiled below.
  await houses.stop('FR')
  const asked: { authorization: string; body: string }[] = []
  const recorder = await listening((req, body, res) => {
    if (req.url === '/house/read') asked.push({ authorization: String(req.headers.authorization), body })
    res.statusCode = 503
    res.end('{}')
  })
  await list()
  await closed(recorder)
  await houses.start('FR')
  const response = await fetch(`${houses.node('FR')}/house/read`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: asked[0]?.authorization ?? '' }, body: asked[0]?.body ?? '' })
  honest = await response.text()
  await houses.stop('FR')
  server = await listening((req, _, res) => {
    if (req.url === '/house/read') return evil(res)
    res.statusCode = 503
    res.end('{}')
  })
}, 60_000)
afterAll(async () => {
  if (server) await closed(server)
  await houses.close()
})

const answering = (text: string, status = 200) => (res: ServerResponse): void => {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(text)
}
const spoiled = (change: (answer: Honest, row: Json, key: Json) => void) => (): string => {
  const answer = JSON.parse(honest) as Honest
  change(answer, answer.data.r.nodes[0] ?? {}, answer.told.keys[0] ?? {})
  return JSON.stringify(answer)
}
const manyErrors = (count: number): object[] => Array.from({ length: count }, () => ({ message: 'e', path: ['r'] }))

const ANSWERS: readonly [string, () => string][] = [
  ['nothing', () => ''], ['no JSON', () => '<html>'], ['null', () => 'null'], ['a list', () => '[]'], ['a text', () => '"x"'],
  ['no rows', spoiled(answer => { answer.data.r.nodes = null as never })],
  ['rows that are no list', spoiled(answer => { answer.data.r.nodes = { length: 1 } as never })],
  ['no page', spoiled(answer => { answer.data = { r: null } as never })],
  ['nothing told', spoiled(answer => { answer.told = null as never })],
  ['no keys', spoiled(answer => { answer.told.keys = null as never })],
  ['keys that are no list', spoiled(answer => { answer.told.keys = { length: 1 } as never })],
  ['a key that is null', spoiled(answer => { answer.told.keys = [null as never] })],
  ['a key too few', spoiled(answer => { answer.told.keys = [] })],
  ['more rows than were asked for', spoiled((answer, row, key) => {
    answer.data.r.nodes = Array.from({ length: 60 }, () => row)
    answer.told.keys = Array.from({ length: 60 }, (_, i) => ({ ...key, reference: `DE-2026-9${String(i).padStart(5, '0')}` }))
  })],
  ['a row twice', spoiled((answer, row, key) => {
    answer.data.r.nodes = [row, row]
    answer.told.keys = [key, key]
  })],
  ['a row that is null', spoiled(answer => { answer.data.r.nodes = [null as never] })],
  ['a row of two others', spoiled((_, __, key) => { key['requesting'] = 'authority:NL' })],
  ['a row that another decides', spoiled((_, __, key) => { key['decider'] = 'authority:NL' })],
  ['a reference that is none', spoiled((_, __, key) => { key['reference'] = '__proto__' })],
  ['a reference that is a number', spoiled((_, __, key) => { key['reference'] = 7 })],
  ['a place that is an object', spoiled((_, __, key) => { key['value'] = { $gt: '' } })],
  ['more without a full page', spoiled(answer => { answer.told.more = true })],
  ['a time that is none', spoiled(answer => { answer.told.asOf = 'yesterday' })],
  ['to know what nobody asked', spoiled(answer => { answer.told.known = [dutch] })],
  ['known that is no list', spoiled(answer => { answer.told.known = { includes: 1 } })],
  ['a status that does not exist', spoiled((_, row) => { row['k_status'] = 'ADMIN' })],
  ['a status that is null', spoiled((_, row) => { row['k_status'] = null })],
  ['a version that is a text', spoiled((_, row) => { row['k_version'] = 'nine' })],
  ['a version that is a list', spoiled((_, row) => { row['k_version'] = [1] })],
  ['a field too few', spoiled((_, row) => { delete row['k_kind'] })],
  ['a text that is an object', spoiled((_, row) => { row['k_kind'] = { toString: 'x' } })],
  ['a text of 2 MB', spoiled((_, row) => { row['k_kind'] = 'a'.repeat(2 ** 21) })],
  ['an object that is a text', spoiled((_, row) => { row['k_origin'] = 'x' })],
  ['a list where one is asked', spoiled((_, row) => { row['k_origin'] = [{}] })],
  ['a row under another reference', spoiled((_, row) => { row['k_reference'] = dutch })],
  ['errors that are no list', spoiled(answer => { answer['errors'] = { length: 3 } })],
  ['an error that is null', spoiled(answer => { answer['errors'] = [null] })],
  ['100,000 errors', spoiled(answer => { answer['errors'] = manyErrors(100_000) })],
  ['an error upon the prototype of all', spoiled(answer => { answer['errors'] = [{ message: 'e', path: ['r', '__proto__', 'k_status'], extensions: { code: 'FORBIDDEN' } }] })],
  ['a key of the prototype', () => honest.replace('"told":', '"__proto__":{"polluted":1},"told":')],
  ['5 MB', () => `${honest}${' '.repeat(5 * 2 ** 20)}`],
]

async function demandUnspoiled(): Promise<void> {
  const answer = await list()
  const { nodes, sources } = dataOf(answer)['requests'] as { nodes: Json[]; sources: Json[] }
  expect(sources).toEqual(expect.arrayContaining([
    { authority: 'authority:FR', state: 'REFUSED', reason: expect.stringMatching(/^[A-Z_]+$/) as string }, { authority: 'authority:NL', state: 'ANSWERED', reason: null },
  ]))
  expect(nodes.map(({ reference, status, origin }) => ({ reference, status, origin }))).toEqual([
    { reference: dutch, status: 'DELIVERED', origin: { authority: 'authority:NL', stale: false } },
    { reference: french, status: 'DELIVERED', origin: { authority: 'authority:DE', stale: true } },
  ])
  expect(answer.tookMs).toBeLessThan(15_000)
  expect(({} as Json)['polluted']).toBeUndefined()
  expect(Object.getOwnPropertySymbols(Object.prototype)).toEqual([])
}

it('as it stands, its answer is taken', async () => {
  evil = answering(honest)
  expect((dataOf(await list())['requests'] as { sources: Json[] }).sources).toContainEqual({ authority: 'authority:FR', state: 'ANSWERED', reason: null })
})

it.each(ANSWERS)('%s instead of an answer spoils nothing', async (_, text) => {
  evil = answering(text())
  await demandUnspoiled()
})

it.each([400, 401, 403, 404, 500])('status %i instead of an answer spoils nothing', async status => {
  evil = answering('{"errors":[{"message":"ECHO7f3a"}]}', status)
  await demandUnspoiled()
})

it('silence instead of an answer is waited for 2 s and named', async () => {
  evil = res => res.write('{')
  const answer = await list()
  expect((dataOf(answer)['requests'] as { sources: Json[] }).sources).toContainEqual({ authority: 'authority:FR', state: 'TIMED_OUT', reason: 'DEADLINE' })
  expect(answer.tookMs).toBeLessThan(6_000)
})

it('no fault of ours was logged on the way', () => {
  expect(houses.logged.filter(line => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
})
