// Mutual TLS between houses in the production profile, with real certificates over the directory's keys: a request still arrives, and whoever
// is not the house that is meant gets nothing at the routes for houses, whatever token it has.
import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { dataFolder, openHouse } from '../../src/cli/data-folder'
import { revokeKey, rotateKeys } from '../../src/cli/enrolment'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { addToDirectory } from '../../src/cli/secretariat'
import { settings } from '../../src/cli/settings'
import { tokenOf } from '../../src/cli/token'
import { up, type RunningAll } from '../../src/cli/up'
import { HousePeer } from '../../src/peer/client'
import type { LineTls } from '../../src/peer/tls-line'
import { TRUNK_PATH, TRUNK_PROTOCOL } from '../../src/peer/trunk-frames'
import { certificateOf, type HouseCertificate } from '../../src/wire/certificate'
import { createHouseKeys, type PublicKey } from '../../src/wire/keys'
import type { Listing } from '../../src/wire/directory'
import { loadRegister } from '../../src/register/load'
import { LineLost } from '../../src/peer/outcome'
import { issueNodeToken } from '../../src/wire/tokens'
import { eventually } from '../support/desk'
import { freePorts } from '../support/ports'

const data = mkdtempSync(join(tmpdir(), 'comity-lines-'))
const folder = dataFolder(data)
let port: number
let running: RunningAll
const peers: HousePeer[] = []

beforeAll(async () => {
  port = await freePorts(3)
  const env = { COMITY_PROFILE: 'production', COMITY_HOSTS: `127.0.0.1:${port},127.0.0.1:${port + 2}`, COMITY_LOG: 'silent' }
  running = await up(settings({ port: String(port), data, authorities: 'DE,FR', demo: false }, env), () => undefined)
})
afterAll(async () => {
  await Promise.all(peers.map(peer => peer.close()))
  await running.close()
  rmSync(data, { recursive: true, force: true })
})

const certificateOfHouse = async (house: string): Promise<HouseCertificate> => {
  const { keys } = await openHouse(folder, house, new Date())
  return keys.certificate() ?? Promise.reject(new TypeError('no certificate'))
}
function peerTo(at: number, tls?: LineTls): HousePeer {
  const peer = new HousePeer(`http://127.0.0.1:${at}`, { ...(tls && { tls }) })
  peers.push(peer)
  return peer
}
const shows = async (house: string, isPeer: LineTls['isPeer'] = () => true): Promise<LineTls> => {
  const certificate = await certificateOfHouse(house)
  return { shown: () => certificate, isPeer }
}

async function ask(query: string, variables: object, token: string, at = port): Promise<{ data?: Record<string, never>; errors?: unknown[] }> {
  const answer = await fetch(`http://127.0.0.1:${at}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) })
  return answer.json() as never
}

test('through a hub and nodes that show each other their certificates, a contact point of Germany comes to France', async () => {
  const desk = await tokenOf(folder, 'DE', 'LIAISON', 'nacht', 600)
  const published = await ask('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', {
    input: { function: 'Duty desk', channels: [{ kind: 'PHONE', address: '+49 30 1' }], languages: ['de'], roundTheClock: true, competences: ['EVIDENCE'], reviewBy: '2030-01-01' },
  }, desk)
  expect(published.errors).toBeUndefined()
  const luc = await tokenOf(folder, 'FR', 'OFFICIAL', 'luc', 600)
  const known = async () => (await ask('{ contactPoints(filter: { jurisdictions: ["DE"] }) { nodes { function } } }', {}, luc, port + 2)).data?.['contactPoints']
  while (JSON.stringify(await known()) !== JSON.stringify({ nodes: [{ function: 'Duty desk' }] })) await new Promise(resolve => setImmediate(resolve))
  const partners = await ask('{ partners { authority { code } reachability } requests { sources { state } } }', {}, luc)
  expect(partners).toEqual({ data: { partners: [{ authority: { code: 'DE' }, reachability: 'ANSWERED' }], requests: { sources: [{ state: 'ANSWERED' }] } } })
})

describe('the routes for houses', () => {
  const body = { query: '{ viewer { role } }' }
  const outcome = async (at: number, path: string, tls?: LineTls, token?: string) => peerTo(at, tls).post(path, body, { deadlineMs: 5_000, ...(token && { headers: { authorization: `Bearer ${token}` } }) })
  const forbidden = { state: 'REFUSED', reason: 'DENIED', status: 403, body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } }

  test('of a node answer the hub alone: not plain HTTP, not another authority, not a stranger\'s certificate, even with a good token', async () => {
    const anna = await tokenOf(folder, 'DE', 'OFFICIAL', 'anna', 600)
    expect(await outcome(port + 1, '/house/read', undefined, anna)).toMatchObject(forbidden)
    expect(await outcome(port + 1, '/house/read', await shows('FR'), anna)).toMatchObject(forbidden)
    const { keys: [, , , strange] } = await createHouseKeys('hub', new Date())
    const strangers = await certificateOf('hub', strange as never)
    expect(await outcome(port + 1, '/house/read', { shown: () => strangers, isPeer: () => true }, anna)).toMatchObject(forbidden)
    expect(await outcome(port + 1, '/house/read', await shows('hub'), anna)).toMatchObject({ state: 'ANSWERED', status: 200, body: { data: { viewer: { role: 'OFFICIAL' } } } })
  })

  test('of a node give a trunk to the hub alone, over the same mutual TLS', async () => {
    const luc = await tokenOf(folder, 'FR', 'OFFICIAL', 'luc', 600)
    const trunks = async (): Promise<number> => Number(/^comity_trunks_open (\d+)$/m.exec(await (await fetch(`http://127.0.0.1:${port + 2}/metrics`)).text())?.[1])
    const asks = async (tls?: LineTls) => peerTo(port + 2, tls).read(JSON.stringify(body), luc, { deadlineMs: 5_000 })
    const hubs = peerTo(port + 2, await shows('hub'))
    const before = await trunks()
    const read = () => hubs.read(JSON.stringify(body), luc, { deadlineMs: 5_000 })
    while ((await trunks()) === before) expect(await read()).toMatchObject({ state: 'ANSWERED', status: 200, body: { data: { viewer: { role: 'OFFICIAL' } } } })
    expect(await read()).toMatchObject({ state: 'ANSWERED', status: 200, body: { data: { viewer: { role: 'OFFICIAL' } } } })
    expect(await asks()).toMatchObject(forbidden)
    expect(await asks(await shows('DE'))).toMatchObject(forbidden)
    const plain = new WebSocket(`ws://127.0.0.1:${port + 2}${TRUNK_PATH}`, TRUNK_PROTOCOL)
    const [, { statusCode }] = (await once(plain, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(statusCode).toBe(403)
    plain.on('error', () => undefined).terminate()
  })

  test('of the hub answer a node alone, and a mailbox only its owner\'s line', async () => {
    const { keys } = await openHouse(folder, 'FR', new Date())
    const token = await issueNodeToken({ keys, issuer: 'authority:FR', audience: 'hub', now: new Date() })
    const mailbox = async (tls?: LineTls) => peerTo(port, tls).get('/exchange/mailbox?after=999', { deadlineMs: 5_000, headers: { authorization: `Bearer ${token}` } })
    expect(await mailbox()).toMatchObject(forbidden)
    expect(await mailbox(await shows('DE'))).toMatchObject(forbidden)
    expect(await mailbox(await shows('FR'))).toMatchObject({ status: 409, body: { errors: [{ extensions: { code: 'CURSOR_INVALID' } }] } })
  })

  test('a line to a house that shows another one\'s certificate is not used', async () => {
    const { directory } = await openHouse(folder, 'FR', new Date())
    const isGermany = (shown: X509Certificate) => directory.houseOf(shown, new Date()) === 'authority:DE'
    expect(await outcome(port + 2, '/house/read', await shows('hub', isGermany))).toMatchObject({ state: 'REFUSED', reason: 'TLS' })
  })
})

test('from the moment that another house\'s key holds no more, nothing is said on a line with it: neither cut under way nor heard there', async () => {
  const ofGermany = async (): Promise<HouseCertificate> => {
    const { keys } = await createHouseKeys('DE', new Date())
    return certificateOf('DE', keys.find(({ use }) => use === 'tls') as never)
  }
  const [old, current] = [await ofGermany(), await ofGermany()]
  let holds = new X509Certificate(old.cert)
  const shown = (certificate: HouseCertificate): ServerOptions => ({ ...certificate, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false })
  const ports: (number | undefined)[] = []
  const germany = createServer(shown(old), (req, res) => {
    ports.push(req.socket.remotePort)
    res.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(germany, 'listening')
  const peer = new HousePeer(`http://127.0.0.1:${(germany.address() as AddressInfo).port}`, { tls: await shows('hub', seen => seen.fingerprint256 === holds.fingerprint256), connections: 1 })
  peers.push(peer)
  const says = () => peer.post('/house/read', {}, { deadlineMs: 5_000 })
  for (const _ of [1, 2]) expect(await says()).toMatchObject({ state: 'ANSWERED' })
  germany.setSecureContext(shown(current))
  holds = new X509Certificate(current.cert)
  expect(await Promise.all([says(), says()])).toMatchObject([{ state: 'ANSWERED' }, { state: 'ANSWERED' }])
  expect(ports).toHaveLength(4)
  expect(ports[1]).toBe(ports[0])
  expect(ports.slice(2)).not.toContain(ports[0])
  germany.close()
})

test('a host that is not named is refused to people, but not asked of probes', async () => {
  const at = (path: string) => peerTo(port + 1).get(path, { deadlineMs: 5_000 })
  expect(await at('/graphql?query=%7Bviewer%7Brole%7D%7D')).toMatchObject({ state: 'REFUSED', status: 421, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } })
  expect(await at('/health/live')).toMatchObject({ state: 'ANSWERED', status: 200 })
})

describe.each(['FR', 'hub'] as const)('where the key that %s shows was rotated and the old one revoked', house => {
  const published = async (listing: Listing): Promise<void> => {
    const { version } = await addToDirectory(folder, [listing], loadRegister(REGISTER_FOLDER).authorities, { now: new Date() })
    await eventually(async () => Promise.all(['DE', 'FR', 'hub'].map(async each => (await openHouse(folder, each, new Date())).directory.version)), versions => versions.every(each => each === version), `version ${version} is everywhere`)
  }
  const rotate = async (): Promise<PublicKey> => {
    const { directory } = await openHouse(folder, house, new Date())
    const before = (house === 'hub' ? directory.hub : directory.authority(`authority:${house}`))?.keys.find(({ use, revokedAt }) => use === 'tls' && !revokedAt)
    await published(await rotateKeys(folder, house, { now: new Date(), overlapSeconds: 3_600 }))
    return before ?? Promise.reject(new TypeError('no key'))
  }
  const tokenOfFrance = async (): Promise<string> => issueNodeToken({ keys: (await openHouse(folder, 'FR', new Date())).keys, issuer: 'authority:FR', audience: 'hub', now: new Date() })

  test('what runs on a line with the old key is cut, and the house is heard again at once under the new one', async () => {
    let { directory } = await openHouse(folder, 'FR', new Date())
    let certificate = await certificateOfHouse('FR')
    const peer = peerTo(port, { shown: () => certificate, isPeer: seen => directory.houseOf(seen, new Date()) === 'hub' })
    const mailbox = async (): Promise<unknown> => peer.get('/exchange/mailbox?after=999', { deadlineMs: 5_000, headers: { authorization: `Bearer ${await tokenOfFrance()}` } })
    const answered = { state: 'ANSWERED', status: 409 }
    expect(await mailbox()).toMatchObject(answered)
    const cut = (async () => { for await (const _ of peer.stream('/exchange/mailbox?after=0', { headers: { authorization: `Bearer ${await tokenOfFrance()}` }, signal: new AbortController().signal })) await mailbox() })().then(() => null, (thrown: unknown) => thrown)

    const { kid } = await rotate()
    await published(await revokeKey(folder, house, kid, new Date()))
    directory = (await openHouse(folder, 'FR', new Date())).directory
    certificate = await certificateOfHouse('FR')
    expect(await cut).toBeInstanceOf(LineLost)
    await eventually(mailbox, outcome => (outcome as { state: string }).state === 'ANSWERED', 'the house is heard again')
  })
})
