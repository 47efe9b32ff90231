// Who is let in: one table of tokens (reliability-security.md §4D), over HTTP, at the start of a WebSocket and of a stream, at hub and node alike; and what
// becomes of an open stream when its token ends. What is present and not good is refused with one text, never read as PUBLIC.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { readKeysFile, type KeysFile } from '../../src/wire/keys'
import { issueAssertion, issueNodeToken } from '../../src/wire/tokens'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS } from '../support/asking'
import { RowsRun } from '../support/decent'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'
import { b64, headerOf, keyOf, payloadOf, signRaw } from '../wire/forge'

let houses: RunningHouses
let file: KeysFile
let french: KeysFile
let hub: KeysFile
let good: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const read = (house: string): KeysFile => readKeysFile(join(houses.folder.path, house, 'keys.json'))
  ;[file, french, hub] = [read('de'), read('fr'), read('hub')]
  good = await houses.token('DE', 'OFFICIAL', 'anna')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

const rows = new RowsRun('tokens')
const WHO = { query: '{ viewer { role subject authority { id } } }' }
const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds
const claims = (more: object = {}): object => ({ iss: 'authority:DE', sub: 'anna', aud: 'comity', role: 'OFFICIAL', iat: soon(-1), exp: soon(600), jti: 'a1', ...more })
const without = (name: string): object => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name))
const header = (more: object = {}, keys = file): object => ({ alg: 'Ed25519', kid: keyOf(keys, 'token').kid, typ: 'JWT', ...more })
const signed = (payload: object | string, head: object = header(), keys = file): Promise<string> => signRaw(keys, head, payload, 'token')
/** Under a key of the attacker's own. */
const stranger = (head: object, payload: object): string => {
  const text = `${b64(JSON.stringify(head))}.${b64(JSON.stringify(payload))}`
  return `${text}.${b64(sign(null, Buffer.from(text), generateKeyPairSync('ed25519').privateKey))}`
}
const keyed = (head: object): string => {
  const text = `${b64(JSON.stringify(head))}.${b64(JSON.stringify(claims()))}`
  return `${text}.${createHmac('sha256', Buffer.from(String(keyOf(file, 'token').jwk.x), 'base64url')).update(text).digest('base64url')}`
}
const altered = (change: (parts: string[]) => void): string => {
  const parts = good.split('.')
  change(parts)
  return parts.join('.')
}

const ROWS: readonly [string, string, () => string | Promise<string>][] = [
  ['D59', 'alg none', () => `${b64(JSON.stringify(header({ alg: 'none' })))}.${b64(JSON.stringify(claims()))}.`],
  ['D59', 'alg none with a signature', () => altered(parts => { parts[0] = b64(JSON.stringify(header({ alg: 'none' }))) })],
  ['D60', 'HS256 keyed with the public key', () => keyed(header({ alg: 'HS256' }))],
  ['D61', 'the other name of the algorithm', () => signed(claims(), header({ alg: 'EdDSA' }))],
  ['D62', 'a key in the header', () => stranger(header({ jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }), claims())],
  ['D62', 'the address of a key in the header', () => signed(claims(), header({ jku: 'http://127.0.0.1:9/jwks' }))],
  ['D62', 'the address of a certificate in the header', () => signed(claims(), header({ x5u: 'http://127.0.0.1:9/x5u' }))],
  ['D63', 'a key that nobody knows', () => signed(claims(), header({ kid: 'token-unknown' }))],
  ['D63', 'a path for a key', () => signed(claims(), header({ kid: '../../de/keys.json' }))],
  ['D63', 'an operator for a key', () => signed(claims(), header({ kid: { $ne: null } }))],
  ['D63', 'a key of the prototype', () => signed(claims(), header({ kid: '__proto__' }))],
  ['D63', 'no key', () => signed(claims(), { alg: 'Ed25519', typ: 'JWT' })],
  ...['iss', 'sub', 'aud', 'role', 'iat', 'exp', 'jti'].map((name): [string, string, () => Promise<string>] => ['D64', `no ${name}`, () => signed(without(name))]),
  ['D65', 'a letter\'s typ', () => signed(claims(), header({ typ: 'comity-letter+jws' }))],
  ['D65', 'an assertion\'s typ', () => signed(claims(), header({ typ: 'comity-assertion+jwt' }))],
  ['D65', 'signed with the key for letters', () => signRaw(file, { ...header(), kid: keyOf(file, 'sign').kid }, claims(), 'sign')],
  ['D65', 'a node\'s own token', async () => issueNodeToken({ keys: (await keysOf(houses, 'DE')).keys, issuer: 'authority:DE', audience: 'hub', now: new Date() })],
  ['D65', 'an assertion for another node', async () => issueAssertion({ keys: (await keysOf(houses, 'DE')).keys, issuer: 'authority:DE', audience: 'authority:FR', subject: 'anna', role: 'OFFICIAL', ttlSeconds: 60, now: new Date() })],
  ['D66', 'another audience', () => signed(claims({ aud: 'elsewhere' }))],
  ['D66', 'two audiences', () => signed(claims({ aud: ['comity', 'authority:FR'] }))],
  ['D66', 'an issuer other than the key\'s owner', () => signed(claims({ iss: 'authority:FR' }))],
  ['D66', 'an issuer that is no authority', () => signed(claims({ iss: 'https://login.evil.example' }))],
  ['D67', 'an end of 1e308', () => signed(claims({ exp: 1e308 }))],
  ['D67', 'an end in a text', () => signed(claims({ exp: String(soon(600)) }))],
  ['D67', 'a negative end', () => signed(claims({ exp: -1 }))],
  ['D67', 'an end in the past', () => signed(claims({ iat: soon(-20), exp: soon(-10) }))],
  ['D67', 'an end before its beginning', () => signed(claims({ iat: soon(1), exp: soon(0) }))],
  ['D68', 'not yet valid', () => signed(claims({ nbf: soon(300) }))],
  ['D68', 'issued in the future', () => signed(claims({ iat: soon(300) }))],
  ['D69', 'a critical extension', () => signed(claims(), header({ crit: ['x'], x: 1 }))],
  ['D70', 'claims 10,000 deep', () => signed(`{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`)],
  ['D70', 'a claim twice', () => signed(JSON.stringify(claims()).replace('{', '{"role":"PUBLIC",'))],
  ['D', 'a role that does not exist', () => signed(claims({ role: 'ADMIN' }))],
  ['D', 'the role PUBLIC', () => signed(claims({ role: 'PUBLIC' }))],
  ['D', 'a list of roles', () => signed(claims({ role: ['OFFICIAL'] }))],
  ['D', 'a role of the hub from an authority', () => signed(claims({ role: 'OVERSIGHT' }))],
  ['D', 'a role of an authority from the hub', () => signed(claims({ iss: 'hub' }), header({}, hub), hub)],
  ['D', 'another role in the same signature', () => altered(parts => { parts[1] = b64(JSON.stringify({ ...payloadOf(good), role: 'VALIDATOR' })) })],
  ['D', 'another key\'s name over the same signature', () => altered(parts => { parts[0] = b64(JSON.stringify({ ...headerOf(good), kid: keyOf(french, 'token').kid })) })],
  ['D', 'a signature of another token', async () => `${good.split('.').slice(0, 2).join('.')}.${(await houses.token('DE', 'OFFICIAL', 'other')).split('.')[2] ?? ''}`],
  ['D', 'a key that is in no directory', () => stranger(header(), claims())],
  ['D', 'padding behind the signature', () => `${good}==`],
  ['D', 'four segments', () => `${good}.AAAA`],
  ['D', 'a subject without a name', () => signed(claims({ sub: '' }))],
  ['D', 'a subject of 10,000 characters', () => signed(claims({ sub: 'a'.repeat(5_000) }))],
]

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  it.each(ROWS)('%s a token with %s is refused everywhere with one text', async (_, __, make) => {
    const token = await make()
    const [http, socket, stream] = await Promise.all([ASK.HTTP(base(), WHO, { token }), ASK.WebSocket(base(), WHO, { token }), ASK.SSE(base(), WHO, { token })])
    for (const answer of [http, stream]) {
      rows.demand(answer)
      expect({ status: answer.status, code: codeOf(answer), message: answer.errors[0]?.message }).toEqual({ status: 401, code: 'UNAUTHENTICATED', message: 'The token is not good.' })
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
      expect(answer.text).not.toContain(token.slice(0, 20))
    }
    rows.demand(socket)
    expect(socket).toMatchObject({ closed: 4403, text: 'Forbidden' })
  })

  it.each(TRANSPORTS)('a good one is taken over %s, with or without its typ', async transport => {
    for (const token of [good, await signed(claims(), { alg: 'Ed25519', kid: keyOf(file, 'token').kid })]) {
      expect(dataOf(await ASK[transport](base(), WHO, { token }))).toEqual({ viewer: { role: 'OFFICIAL', subject: 'anna', authority: { id: 'authority:DE' } } })
    }
  })

  it('a WebSocket is closed with 4403 and a stream ends with UNAUTHENTICATED when the token ends, not before', async () => {
    const ends = soon(3)
    const token = await signed(claims({ exp: ends, jti: `ends-${house}` }))
    const feed = { query: 'subscription { statusChanged { cursor } }' }
    const [socket, stream] = await Promise.all([ASK.WebSocket(base(), feed, { token }), ASK.SSE(base(), feed, { token })])
    expect(Date.now()).toBeGreaterThanOrEqual(ends * 1_000 - 50)
    expect(socket).toMatchObject({ closed: 4403 })
    expect(codeOf(stream)).toBe('UNAUTHENTICATED')
    expect((await overHttp(base(), WHO, { token })).status).toBe(401)
  })
})

describe('a token of one authority', () => {
  it('D66 is refused at another authority\'s node, and what is addressed to that node alone is refused at the hub', async () => {
    expect((await overHttp(houses.node('FR'), WHO, { token: good })).status).toBe(401)
    const assertion = await issueAssertion({ keys: (await keysOf(houses, 'DE')).keys, issuer: 'authority:DE', audience: 'authority:FR', subject: 'anna', role: 'OFFICIAL', ttlSeconds: 60, now: new Date() })
    expect((await overHttp(houses.node('FR'), WHO, { token: assertion })).status).toBe(200)
    expect((await overHttp(houses.hub, WHO, { token: assertion })).status).toBe(401)
  })

  it('D74 comes with a header alone: a cookie is nobody', async () => {
    expect(dataOf(await overHttp(houses.hub, WHO, { headers: { cookie: `authorization=Bearer ${good}` } }))).toMatchObject({ viewer: { role: 'PUBLIC' } })
  })

  it('stands in no line that was logged', () => {
    expect(houses.logged.filter(line => line.includes(good.slice(0, 60)) || line.includes(good.split('.')[2] ?? good))).toEqual([])
  })
})
