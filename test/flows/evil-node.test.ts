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
let draft: string
let honest: string
let honestDesks: string
let server: Server | null = null
/** What the evil node does with a read, and with the question who is on duty. */
let evil: (res: ServerResponse) => void = res => res.end('{}')
let evilDesks = (res: ServerResponse): void => {
  res.statusCode = 503
  res.end('{}')
}

const LIST = { query: '{ requests(first: 50, orderBy: CREATED) { nodes { id reference status version kind requesting { id } requested { id } origin { authority stale } timeline(first: 5) { nodes { version } } } sources { authority state reason } } }' }
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
  draft = (await drafter.act('draftRequest', evidence('not-sent'))).reference
  for (const country of ['FR', 'NL']) {
    const desk = { function: `Desk of ${country}`, channels: [{ kind: 'EMAIL', address: 'desk@example.org' }], languages: ['en'], roundTheClock: true, competences: ['EVIDENCE'], reviewBy: '2027-06-30', shifts: [{ days: ['MONDAY'], from: '09:00', to: '17:00', timeZone: 'Europe/Paris' }] }
    await (await houses.desk(country, 'LIAISON')).read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input: desk })
  }
  honestDesks = await (await fetch(`${houses.node('FR')}/house/duty`)).text()
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
    if (req.url?.startsWith('/house/duty')) return evilDesks(res)
    res.statusCode = 503
    res.end('{}')
  })
}, 60_000)
afterAll(async () => {
  if (server) await closed(server)
  await houses.close()
})

const answering = (text: string | Buffer, status = 200, type = 'application/json') => (res: ServerResponse): void => {
  res.writeHead(status, { 'content-type': type })
  res.end(text)
}
/** The same answer as a node gives it to a hub: what it tells of its rows, then each row in a line of its own. */
function inRows(text: string): string {
  const { data: { r: { nodes }, ...others }, ...told } = JSON.parse(text) as Honest
  return [{ ...told, ...others }, ...nodes].map(line => JSON.stringify(line)).join('\n') + text.slice(text.trimEnd().length)
}
const FORMS: readonly [string, (text: string) => (res: ServerResponse) => void][] = [
  ['whole', text => answering(text)],
  ['in rows', text => {
    try { return answering(inRows(text), 200, 'application/x-ndjson') } catch { return answering(text, 200, 'application/x-ndjson') }
  }],
]
const spoiled = (change: (answer: Honest, row: Json, key: Json) => void) => (): string => {
  const answer = JSON.parse(honest) as Honest
  change(answer, answer.data.r.nodes[0] ?? {}, answer.told.keys[0] ?? {})
  return JSON.stringify(answer)
}
/** The row, its key and its id under another reference: a lie that goes together. */
const underReference = (reference: () => string, more: (row: Json, key: Json) => void = () => undefined) => spoiled((_, row, key) => {
  key['reference'] = row['k_reference'] = reference()
  row['k_id'] = `request:${reference()}`
  more(row, key)
})
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
  ['a version that is a text', spoiled((_, __, key) => { key['version'] = '2' })],
  ['a version below nothing', spoiled((_, __, key) => { key['version'] = -1 })],
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

/** What is none of this node's rows, though nothing in it contradicts itself. */
const MADE_UP: readonly [string, () => string][] = [
  ['a row under the reference of a request that another partner keeps', underReference(() => dutch)],
  ['a row under a reference that does not exist', underReference(() => 'DE-2026-999999')],
  ['a row under the reference of a draft that was never sent to it', underReference(() => draft)],
  ['a row under a reference that another state gave', underReference(() => 'NL-2026-000001', (row, key) => {
    key['requesting'] = 'authority:FR'
    key['requested'] = 'authority:DE'
    row['k_requesting'] = { id: 'authority:FR' }
    row['k_requested'] = { id: 'authority:DE' }
  })],
  ['a true row and a made-up one beside it', spoiled((answer, row, key) => {
    answer.told.keys.push({ ...key, reference: dutch })
    answer.data.r.nodes.push({ ...row, k_reference: dutch, k_id: `request:${dutch}` })
  })],
  ['a row with another\'s id', spoiled((_, row) => { row['k_id'] = `request:${dutch}` })],
  ['a row that names another requesting authority', spoiled((_, row) => { row['k_requesting'] = { id: 'authority:NL' } })],
  ['a row that names another requested authority', spoiled((_, row) => { row['k_requested'] = { id: 'authority:NL' } })],
  ['a row that says it comes from another store', spoiled((_, row) => { row['k_origin'] = { ...(row['k_origin'] as Json), k_authority: 'authority:NL' } })],
]

async function demandUnspoiled(): Promise<void> {
  const answer = await list()
  const { nodes, sources } = dataOf(answer)['requests'] as { nodes: Json[]; sources: Json[] }
  expect(sources).toEqual(expect.arrayContaining([
    { authority: 'authority:FR', state: 'REFUSED', reason: expect.stringMatching(/^[A-Z_]+$/) as string }, { authority: 'authority:NL', state: 'ANSWERED', reason: null },
  ]))
  expect(nodes.map(({ reference, status, origin }) => ({ reference, status, origin }))).toEqual([
    { reference: draft, status: 'DRAFT', origin: { authority: 'authority:DE', stale: false } },
    { reference: dutch, status: 'DELIVERED', origin: { authority: 'authority:NL', stale: false } },
    { reference: french, status: 'DELIVERED', origin: { authority: 'authority:DE', stale: true } },
  ])
  expect(answer.tookMs).toBeLessThan(15_000)
  expect(({} as Json)['polluted']).toBeUndefined()
  expect(Object.getOwnPropertySymbols(Object.prototype)).toEqual([])
}

describe.each(FORMS)('answering %s', (_, form) => {
  it('as it stands, its answer is taken', async () => {
    evil = form(honest)
    expect((dataOf(await list())['requests'] as { sources: Json[] }).sources).toContainEqual({ authority: 'authority:FR', state: 'ANSWERED', reason: null })
  })

  it('as it stands, its answer may be given again to a hub that has forgotten who shares what', async () => {
    await houses.stop('hub')
    await houses.start('hub')
    evil = form(honest)
    const { nodes, sources } = dataOf(await list())['requests'] as { nodes: Json[]; sources: Json[] }
    expect(sources).toContainEqual({ authority: 'authority:FR', state: 'ANSWERED', reason: null })
    expect(nodes).toContainEqual(expect.objectContaining({ reference: french, origin: { authority: 'authority:FR', stale: false } }))
  })

  it('a field that it could not tell is empty with its reason, and all others stand', async () => {
    const { told } = JSON.parse(honest) as Honest
    const nodes = [{ __typename: 'Request', k_reference: french, k_submittedAt: null }]
    evil = form(JSON.stringify({ data: { r: { nodes } }, errors: [{ message: 'The store is away.', path: ['r', 'nodes', 0, 'k_submittedAt'], extensions: { code: 'STORE_UNAVAILABLE' } }], told }))
    const { data, errors } = await overHttp(houses.hub, { query: '{ requests(first: 50, orderBy: CREATED) { nodes { reference submittedAt } } }' }, { token })
    const rows = (data as { requests: { nodes: Json[] } }).requests.nodes
    expect(rows.map(({ reference, submittedAt }) => [reference, submittedAt === null])).toEqual([[draft, true], [dutch, false], [french, true]])
    expect(errors).toEqual([expect.objectContaining({ path: ['requests', 'nodes', 2, 'submittedAt'], extensions: expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) as object })])
  })

  it.each(MADE_UP)('%s is not shown, and the rows of others stand', async (_, text) => {
    evil = form(text())
    await demandUnspoiled()
  })

  it.each(ANSWERS)('%s instead of an answer spoils nothing', async (_, text) => {
    evil = form(text())
    await demandUnspoiled()
  })
})

/** Lines that are spoiled as such: the first one, and the rows. */
const LINES: readonly [string, (told: string, row: string) => string | Buffer][] = [
  ['rows alone', (_, row) => row], ['what is told alone', told => told], ['a row too many', (told, row) => [told, row, row].join('\n')], ['an empty row', told => `${told}\n`],
  ['an empty line at the end', (told, row) => [told, row, ''].join('\n')], ['an empty line before', (told, row) => ['', told, row].join('\n')], ['half a row', (told, row) => [told, row.slice(0, -1)].join('\n')],
  ['a row that is no JSON', told => [told, '<html>'].join('\n')], ['a row that is a list', (told, row) => [told, `[${row}]`].join('\n')],
  ['a row with a prototype', (told, row) => [told, row.replace('{', '{"__proto__":{"polluted":1},')].join('\n')],
  ['a row that is no UTF-8', (told, row) => Buffer.from([told, row.replace('DELIVERED', '\u00ff')].join('\n'), 'latin1')],
  ['a list of what is told', (told, row) => [`[${told}]`, row].join('\n')], ['lines without end', (told, row) => [told, ...Array.from({ length: 3_000 }, () => row)].join('\n')], ['nothing but line ends', () => '\n'.repeat(1_000_000)],
]

it.each(LINES)('%s in lines spoils nothing', async (_, text) => {
  const [told = '', row = ''] = inRows(honest).split('\n')
  evil = answering(text(told, row), 200, 'application/x-ndjson')
  await demandUnspoiled()
})

it('an object in the place of lines spoils nothing', async () => {
  const { data, ...told } = JSON.parse(honest) as Honest
  evil = answering(JSON.stringify({ ...told, rows: { length: 1, at: 'x', lines: data.r.nodes } }))
  await demandUnspoiled()
})

it.each([400, 401, 403, 404, 500])('status %i instead of an answer spoils nothing', async status => {
  evil = answering('{"errors":[{"message":"ECHO7f3a"}]}', status)
  await demandUnspoiled()
})

const DESKS = `{
  contactPoints { nodes { id function onDuty authority { id } shifts { timeZone } } sources { authority state reason } }
  partners { authority { id } reachability onDutyNow { id } medianAcknowledgeMinutes }
  authorities { nodes { id contactPoints { id authority { id } } } sources { authority state reason } }
}`
const spoiledDesks = (change: (answer: Json, desk: Json) => void) => (): string => {
  const answer = JSON.parse(honestDesks) as Json & { contactPoints: Json[] }
  change(answer, answer.contactPoints[0] ?? {})
  return JSON.stringify(answer)
}
const DESK_ANSWERS: readonly [string, () => string][] = [
  ['nothing', () => ''], ['null', () => 'null'], ['a list', () => '[]'], ['no desks', spoiledDesks(answer => { answer['contactPoints'] = null })], ['desks that are no list', spoiledDesks(answer => { answer['contactPoints'] = { length: 1 } })],
  ['a desk that is null', spoiledDesks(answer => { answer['contactPoints'] = [null] })],
  ['a desk of another authority', spoiledDesks((_, desk) => { desk['authority'] = { id: 'authority:NL' } })],
  ['a desk under another state\'s id', spoiledDesks((_, desk) => { desk['id'] = 'contact:NL:7d2f' })],
  ['a desk twice', spoiledDesks((answer, desk) => { answer['contactPoints'] = [desk, desk] })],
  ['a desk without turns of duty', spoiledDesks((_, desk) => { delete desk['shifts'] })],
  ['turns of duty that are a text', spoiledDesks((_, desk) => { desk['shifts'] = 'always' })],
  ['turns of duty in a zone that does not exist', spoiledDesks((_, desk) => { desk['shifts'] = [{ days: ['MONDAY'], from: '09:00', to: '17:00', timeZone: 'No/Where', exceptions: [] }] })],
  ['a level that does not exist', spoiledDesks((_, desk) => { desk['level'] = 'KING' })],
  ['a rank that is a text', spoiledDesks((_, desk) => { desk['rank'] = 'first' })],
  ['competences that do not exist', spoiledDesks((_, desk) => { desk['competences'] = ['ALL'] })],
  ['a day that is none', spoiledDesks((_, desk) => { desk['reviewBy'] = 'never' })],
  ['a median that is a text', spoiledDesks(answer => { answer['medianAcknowledgeMinutes'] = 'soon' })],
  ['a time that is none', spoiledDesks(answer => { answer['asOf'] = {} })],
  ['100,000 desks', spoiledDesks((answer, desk) => { answer['contactPoints'] = Array.from({ length: 100_000 }, (_, i) => ({ ...desk, id: `contact:FR:${i}` })) })],
]

async function desks(): Promise<Record<'contactPoints' | 'authorities', { nodes: Json[]; sources: Json[] }> & { partners: Json[] }> {
  return dataOf(await overHttp(houses.hub, { query: DESKS }, { token })) as never
}

it('as it stands, what it says of its desks is taken', async () => {
  evilDesks = answering(honestDesks)
  const { contactPoints, partners, authorities } = await desks()
  expect(contactPoints.sources).toContainEqual({ authority: 'authority:FR', state: 'ANSWERED', reason: null })
  expect(contactPoints.nodes.map(({ function: said }) => said)).toEqual(['Desk of FR', 'Desk of NL'])
  expect(partners).toContainEqual(expect.objectContaining({ authority: { id: 'authority:FR' }, reachability: 'ANSWERED' }))
  expect(authorities.nodes).toContainEqual({ id: 'authority:FR', contactPoints: [{ id: expect.stringMatching(/^contact:FR:/) as string, authority: { id: 'authority:FR' } }] })
})

it.each(DESK_ANSWERS)('%s instead of its desks spoils nobody else\'s', async (_, text) => {
  evilDesks = answering(text())
  const { contactPoints, partners, authorities } = await desks()
  for (const { sources } of [contactPoints, authorities]) {
    expect(sources).toEqual(expect.arrayContaining([{ authority: 'authority:FR', state: 'REFUSED', reason: expect.stringMatching(/^(BAD_ANSWER|TOO_LARGE)$/) as string }, { authority: 'authority:NL', state: 'ANSWERED', reason: null }]))
  }
  expect(contactPoints.nodes.map(({ function: said }) => said)).toEqual(['Desk of NL'])
  expect(partners).toContainEqual({ authority: { id: 'authority:FR' }, reachability: 'REFUSED', onDutyNow: null, medianAcknowledgeMinutes: null })
  expect(authorities.nodes).toContainEqual({ id: 'authority:FR', contactPoints: null })
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
