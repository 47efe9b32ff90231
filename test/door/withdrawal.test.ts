// A right that its own house takes back (`comity token withdraw`) is gone at the next call, at hub and node alike, and within 5 seconds on what is open: a WebSocket
// closes with 4403, a stream ends with UNAUTHENTICATED. Who is not meant goes on; what is restored is good again.
import { dataFolder } from '../../src/cli/data-folder'
import { withdraw } from '../../src/cli/withdraw'
import { issueWithdrawal, type Withdrawn } from '../../src/wire/withdrawal'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS, type Answer } from '../support/asking'
import { eventually } from '../support/desk'
import { evidence } from '../support/case-words'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'
import { payloadOf } from '../wire/forge'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR'] }) })
afterAll(() => houses.close())

const WITHIN_MS = 5_000
const WHO = { query: '{ viewer { role subject } }' }
const LIST = { query: '{ requests(first: 1) { nodes { reference } } }' }
const FEED = { query: 'subscription { statusChanged { cursor } }' }
const takenBack = (withdrawn: Withdrawn, restores = false, house = 'DE'): Promise<string> => withdraw(dataFolder(houses.folder.path), house, withdrawn, restores)
const jtiOf = (token: string): string => String(payloadOf(token)['jti'])
const base = (place: string): string => (place === 'hub' ? houses.hub : houses.node('DE'))
let people = 0
const somebody = (): string => `official-${people++}`

/** One text, whatever was taken back. */
function demandRefused(transport: string, answer: Answer): void {
  if (transport === 'WebSocket') expect(answer).toMatchObject({ closed: 4403 })
  else expect({ status: answer.status, code: codeOf(answer), message: answer.errors[0]?.message }).toEqual({ status: 401, code: 'UNAUTHENTICATED', message: 'The token is not good.' })
}

describe.each(['hub', 'node'])('at the %s', place => {
  it.each(TRANSPORTS)('D71 a withdrawn token is refused at the next call over %s, its holder\'s other token is not', async transport => {
    const subject = somebody()
    const [lost, other] = await Promise.all([houses.token('DE', 'OFFICIAL', subject), houses.token('DE', 'OFFICIAL', subject)])
    expect(dataOf(await ASK[transport](base(place), WHO, { token: lost }))).toEqual({ viewer: { role: 'OFFICIAL', subject } })
    await takenBack({ token: jtiOf(lost) })
    for (const question of [WHO, LIST, FEED]) demandRefused(transport, await ASK[transport](base(place), question, { token: lost }))
    expect(dataOf(await ASK[transport](base(place), WHO, { token: other }))).toMatchObject({ viewer: { subject } })
  })

  it.each([
    ['a read of a request', { query: '{ request(reference: "DE-2026-000001") { reference } }' }],
    ['a read that asks for nothing', { query: '{ requests @skip(if: true) { nodes { reference } } }' }],
    ['a read beside what needs no node', { query: '{ requests { nodes { reference } } viewer { role } }' }],
    ['a read in a fragment', { query: '{ ...reads } fragment reads on Query { requests { nodes { reference } } }' }],
    ['a cursor that is none', { query: '{ requests(after: "nothing") { nodes { reference } } }' }],
    ['a page without end', { query: '{ requests(first: 100000) { nodes { reference } } }' }],
    ['a query that cannot be parsed', { query: '{ requests {' }],
    ['a field that does not exist', { query: '{ nothing }' }],
    ['no query', {}],
    ['a subscription without a stream', FEED],
  ])('is told of a withdrawn token alone, whatever it asks: %s', async (_, question) => {
    const token = await houses.token('DE', 'OFFICIAL', somebody())
    await takenBack({ token: jtiOf(token) })
    demandRefused('HTTP', await overHttp(base(place), question, { token }))
  })

  it('D71 a withdrawn right ends in that role alone, for tokens that were issued after it too, until it is restored', async () => {
    const subject = somebody()
    await takenBack({ subject, role: 'OFFICIAL' })
    const [official, validator] = await Promise.all([houses.token('DE', 'OFFICIAL', subject), houses.token('DE', 'VALIDATOR', subject)])
    demandRefused('HTTP', await overHttp(base(place), LIST, { token: official }))
    expect(dataOf(await overHttp(base(place), LIST, { token: validator }))).toEqual({ requests: { nodes: expect.any(Array) as unknown } })
    await takenBack({ subject, role: null })
    demandRefused('HTTP', await overHttp(base(place), LIST, { token: validator }))
    for (const role of ['OFFICIAL', null] as const) await takenBack({ subject, role }, true)
    for (const token of [official, validator]) expect(dataOf(await overHttp(base(place), WHO, { token }))).toMatchObject({ viewer: { subject } })
  })

  it('takes no act any more', async () => {
    const lost = await houses.desk('DE', 'OFFICIAL', somebody(), place === 'hub' ? 'hub' : 'DE')
    await takenBack({ token: jtiOf(lost.token ?? '') })
    expect((await lost.refusedAct('draftRequest', evidence(`withdrawn-${place}`))).extensions.code).toBe('UNAUTHENTICATED')
  })

  it('D71 open streams end within 5 seconds: 4403 on a WebSocket, UNAUTHENTICATED on SSE; a neighbour\'s goes on', async () => {
    const [lost, kept] = await Promise.all([houses.token('DE', 'OFFICIAL', somebody()), houses.desk('DE', 'OFFICIAL', somebody(), place === 'hub' ? 'hub' : 'DE')])
    const open = Promise.all([ASK.WebSocket(base(place), FEED, { token: lost }), ASK.SSE(base(place), FEED, { token: lost })])
    const neighbour = await kept.listen('subscription($after: Cursor) { statusChanged(after: $after) { cursor to } }')
    await eventually(async () => Number(/comity_websockets_open (\d+)/.exec(await (await fetch(`${base(place)}/metrics`)).text())?.[1] ?? 0), count => count >= 2, 'both sockets are open')
    const at = Date.now()
    await takenBack({ token: jtiOf(lost) })
    const [socket, stream] = await open
    expect(Date.now() - at).toBeLessThan(WITHIN_MS)
    expect(socket).toMatchObject({ closed: 4403 })
    expect(codeOf(stream)).toBe('UNAUTHENTICATED')
    await kept.act('draftRequest', evidence(`goes-on-${place}`))
    await neighbour.until(events => events.length > 0)
  })

  it('a stream between houses under a withdrawn token ends too, whatever the hub does', async () => {
    const token = await houses.token('DE', 'OFFICIAL', somebody())
    const response = await fetch(`${houses.node('DE')}/house/feed`, { headers: { authorization: `Bearer ${token}` } })
    const at = Date.now()
    await takenBack({ token: jtiOf(token) })
    await response.text()
    expect(Date.now() - at).toBeLessThan(WITHIN_MS)
  })
})

describe('roles of the hub', () => {
  it('are taken back at the hub', async () => {
    const token = await houses.token('hub', 'OVERSIGHT', 'observer')
    expect(dataOf(await overHttp(houses.hub, WHO, { token }))).toMatchObject({ viewer: { role: 'OVERSIGHT' } })
    await takenBack({ subject: 'observer', role: 'OVERSIGHT' }, false, 'hub')
    demandRefused('HTTP', await overHttp(houses.hub, WHO, { token }))
  })
})

describe('a statement', () => {
  const say = (body: object, at = houses.node('DE')): Promise<Answer> => overHttp(at, body, { path: '/rights/withdrawals' })

  it('of another house, of an hour ago, or altered, takes nothing back', async () => {
    const subject = somebody()
    const [own, other] = await Promise.all([keysOf(houses, 'DE'), keysOf(houses, 'FR')])
    const made = { withdrawn: { subject, role: null }, restores: false, now: new Date() }
    const statements = await Promise.all([
      issueWithdrawal({ ...made, keys: other.keys, issuer: 'authority:FR' }), issueWithdrawal({ ...made, keys: other.keys, issuer: 'authority:DE' }),
      issueWithdrawal({ ...made, keys: own.keys, issuer: 'authority:DE', now: new Date(Date.now() - 3_600_000) }),
    ])
    const good = await issueWithdrawal({ ...made, keys: own.keys, issuer: 'authority:DE' })
    for (const statement of [...statements, `${good.slice(0, -4)}AAAA`, await houses.token('DE', 'OFFICIAL', subject)]) expect((await say({ statement })).status).toBe(401)
    for (const body of [{}, { statement: 1 }, { statement: 'x'.repeat(20_000) }]) expect((await say(body)).status).toBeGreaterThanOrEqual(400)
    expect(dataOf(await overHttp(houses.node('DE'), WHO, { token: await houses.token('DE', 'OFFICIAL', subject) }))).toMatchObject({ viewer: { subject } })
  })
})

describe('a node that is down', () => {
  it('leaves its people what needs no node, and nothing else', async () => {
    const token = await houses.token('FR', 'OFFICIAL', somebody())
    await houses.stop('FR')
    expect(dataOf(await overHttp(houses.hub, WHO, { token }))).toMatchObject({ viewer: { role: 'OFFICIAL' } })
    expect(codeOf(await overHttp(houses.hub, LIST, { token }))).toBe('AUTHORITY_UNREACHABLE')
    await houses.start('FR')
  })
})
