// People of an authority whose directory entry pins an OpenID Connect issuer outside Comity: a real issuer with real keys, over discovery, a key address or keys in
// the directory. What it signs is good at hub and own node, whoever it says; what else there is, is not; and an issuer that is dead, slow, huge or lying costs little.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { SignIn } from '../../src/access/sign-in'
import { signDirectory, type DirectorySnapshot, type RootKey } from '../../src/wire/directory'
import type { OutsideIssuer } from '../../src/wire/outside-issuer'
import { dataOf, overHttp } from '../support/asking'
import { evidence } from '../support/case-words'
import { Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { b64, payloadOf, refusalOf } from '../wire/forge'
import { DE, NOW, redirect, world, type World } from '../wire/houses'

interface Key { kid: string; privateKey: CryptoKey; jwk: JWK }

/** An OpenID Connect issuer as far as a relying party sees it: discovery, keys, tokens. */
class Issuer {
  keys: Key[] = []
  fetched = 0
  answer: (res: ServerResponse) => void = res => res.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }))
  discovery: () => object = () => ({ issuer: this.url, jwks_uri: `${this.url}/keys` })
  private constructor(private readonly server: Server, readonly url: string) {}

  static async open(): Promise<Issuer> {
    let issuer: Issuer | null = null
    const server = createServer((req, res) => {
      if (issuer && req.url === '/keys') { issuer.fetched++; issuer.answer(res) } else res.end(JSON.stringify(issuer?.discovery()))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    issuer = new Issuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await issuer.rotate()
    return issuer
  }

  async rotate(kid = `key-${this.keys.length}`): Promise<Key> {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const key = { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
    this.keys.push(key)
    return key
  }

  token(claims: Record<string, unknown> = {}, header: object = {}, key = this.keys.at(-1)): Promise<string> {
    const at = Math.floor((claims['iat'] as number | undefined) ?? Date.now() / 1_000)
    if (!key) throw new TypeError('no key')
    return new SignJWT({ iss: this.url, sub: 'anna', aud: 'comity', comity_role: 'OFFICIAL', iat: at, exp: at + 600, auth_time: at, jti: `j${Math.random()}`, ...claims }).setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT', ...header }).sign(key.privateKey)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

const pinned = (issuer: Issuer, more: Partial<OutsideIssuer> = {}): OutsideIssuer => ({ issuer: issuer.url, jwks: null, audience: 'comity', algorithms: ['ES256'], roleClaim: 'comity_role', ...more })
const WHO = { query: '{ viewer { role subject authority { id } } }' }

describe('at running houses', () => {
  let houses: RunningHouses
  let issuer: Issuer
  beforeAll(async () => {
    issuer = await Issuer.open()
    houses = await runHouses({ countries: ['DE', 'FR'] })
    await Promise.all(['hub', 'DE'].map(house => houses.stop(house)))
    const file = join(houses.folder.path, 'directory.jws')
    const { privateJwk } = JSON.parse(readFileSync(join(houses.folder.path, 'root/root.key.json'), 'utf8')) as RootKey
    const snapshot = payloadOf(readFileSync(file, 'utf8').trim()) as unknown as DirectorySnapshot
    for (const authority of snapshot.authorities) if (authority.id === DE) authority.signIn = pinned(issuer)
    writeFileSync(file, await signDirectory(privateJwk, { ...snapshot, version: snapshot.version + 1 }))
    await Promise.all(['hub', 'DE'].map(house => houses.start(house)))
  }, 60_000)
  afterAll(async () => {
    await houses.close()
    await issuer.close()
  })

  it('its tokens are good at hub and own node, with role and subject as it says, for reading and for acts', async () => {
    const token = await issuer.token({ sub: 'anna@ministry' })
    for (const base of [houses.hub, houses.node('DE')]) {
      expect(dataOf(await overHttp(base, WHO, { token }))).toEqual({ viewer: { role: 'OFFICIAL', subject: 'anna@ministry', authority: { id: DE } } })
      expect((await new Desk(`${base}/graphql`, token).act('draftRequest', evidence(`outside-${base}`))).status).toBe('DRAFT')
    }
    expect((await overHttp(houses.node('FR'), WHO, { token })).status).toBe(401)
  })

  const hmac = (header: object, claims: object): string => {
    const text = `${b64(JSON.stringify(header))}.${b64(JSON.stringify(claims))}`
    return `${text}.${createHmac('sha256', JSON.stringify(issuer.keys[0]?.jwk)).update(text).digest('base64url')}`
  }
  const stranger = async (): Promise<Key> => ({ kid: 'key-0', privateKey: (await generateKeyPair('ES256')).privateKey, jwk: {} })
  const BAD: readonly [string, () => Promise<string> | string][] = [
    ['another audience', () => issuer.token({ aud: 'other' })], ['two audiences', () => issuer.token({ aud: ['comity', 'other'] })], ['no jti', () => issuer.token({ jti: undefined })],
    ['an end in the past', () => issuer.token({ iat: Date.now() / 1_000 - 3_600 })], ['not yet valid', () => issuer.token({ nbf: Date.now() / 1_000 + 600 })],
    ['a role of the hub', () => issuer.token({ comity_role: 'OVERSIGHT' })], ['no role', () => issuer.token({ comity_role: undefined })], ['a list of roles', () => issuer.token({ comity_role: ['OFFICIAL'] })],
    ['a key of its own in the header', async () => { const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true }); return issuer.token({}, { jwk: await exportJWK(publicKey) }, { kid: 'key-0', privateKey, jwk: {} }) }],
    ['the address of a key', () => issuer.token({}, { jku: `${issuer.url}/keys` })], ['a stranger\'s key', async () => issuer.token({}, {}, await stranger())], ['an unknown key', () => issuer.token({}, { kid: 'other' })],
    ['HS256 keyed with the public key', async () => hmac({ alg: 'HS256', kid: 'key-0', typ: 'JWT' }, payloadOf(await issuer.token()))],
    ['alg none', async () => `${b64(JSON.stringify({ alg: 'none', kid: 'key-0' }))}.${(await issuer.token()).split('.')[1] ?? ''}.`],
    ['the built-in issuer of its house', () => houses.token('DE', 'OFFICIAL', 'anna')],
    ['an issuer that nobody pinned', () => issuer.token({ iss: 'https://login.evil.example' })],
  ]
  it.each(BAD)('a token with %s is refused with the one text', async (_, make) => {
    const token = await make()
    for (const base of [houses.hub, houses.node('DE')]) {
      const answer = await overHttp(base, WHO, { token })
      expect({ status: answer.status, message: answer.errors[0]?.message }).toEqual({ status: 401, message: 'The token is not good.' })
    }
  })
})

describe('the keys of an outside issuer', () => {
  const BOUNDS = { fetchWithinMs: 300, cooldownMs: 0, keysKeptMs: 60_000, verifiedKeptMs: 1 }
  let built: World
  let issuer: Issuer
  beforeAll(async () => { built = await world() })
  beforeEach(async () => { issuer = await Issuer.open() })
  afterEach(() => issuer.close())

  const at = Math.floor(NOW.getTime() / 1_000)
  async function signIn(more: Partial<OutsideIssuer> = {}, bounds: Partial<typeof BOUNDS> = {}): Promise<SignIn> {
    const directory = await redirect(built, snapshot => { if (snapshot.authorities[0]) snapshot.authorities[0].signIn = pinned(issuer, more) })
    return new SignIn(() => directory, () => NOW, { ...BOUNDS, ...bounds })
  }
  const good = { issuer: DE, subject: 'anna', role: 'OFFICIAL', signedInAt: at * 1_000 }

  it.each<[string, (issuer: Issuer) => OutsideIssuer['jwks']]>([
    ['its discovery document', () => null], ['an address', each => `${each.url}/keys`], ['the directory itself', each => ({ keys: each.keys.map(({ jwk }) => jwk) })],
  ])('are found by %s', async (what, jwks) => {
    expect(await (await signIn({ jwks: jwks(issuer) })).claims(await issuer.token({ iat: at }))).toMatchObject(good)
    expect(issuer.fetched).toBe(what === 'the directory itself' ? 0 : 1)
  })

  it('may be rotated: the new one is fetched, the one that was taken away is good no more', async () => {
    const door = await signIn({}, { keysKeptMs: 0 })
    const old = await issuer.token({ iat: at })
    expect(await door.claims(old)).toMatchObject(good)
    await issuer.rotate()
    expect(await door.claims(await issuer.token({ iat: at }))).toMatchObject(good)
    issuer.keys.shift()
    expect(await refusalOf(() => door.claims(old))).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('are not looked for at each unknown name', async () => {
    const door = await signIn({}, { cooldownMs: 30_000 })
    await door.claims(await issuer.token({ iat: at }))
    for (let i = 0; i < 50; i++) expect(await refusalOf(async () => door.claims(await issuer.token({ iat: at }, { kid: `unknown-${i}` })))).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(issuer.fetched).toBe(1)
  })

  it.each<[string, (issuer: Issuer) => void]>([
    ['is slow', each => { each.answer = () => undefined }], ['sends a megabyte', each => { each.answer = res => res.end(`{"keys":[],"x":"${'x'.repeat(1_000_000)}"}`) }],
    ['sends elsewhere', each => { each.answer = res => res.writeHead(302, { location: 'http://127.0.0.1:9/keys' }).end() }], ['is broken', each => { each.answer = res => res.writeHead(500).end() }],
    ['talks nonsense', each => { each.answer = res => res.end('<html>') }], ['has no keys', each => { each.answer = res => res.end('{"keys":7}') }],
    ['says that it is another', each => { each.discovery = () => ({ issuer: 'https://other.example', jwks_uri: `${each.url}/keys` }) }],
    ['points to keys elsewhere', each => { each.discovery = () => ({ issuer: each.url, jwks_uri: 'http://127.0.0.1:9/keys' }) }],
    ['points into the machine', each => { each.discovery = () => ({ issuer: each.url, jwks_uri: 'file:///etc/passwd' }) }],
  ])('from one that %s: no word on the token, soon, and few calls', async (_, spoil) => {
    spoil(issuer)
    const door = await signIn()
    const begun = performance.now()
    for (let i = 0; i < 20; i++) expect(await refusalOf(async () => door.claims(await issuer.token({ iat: at })))).toMatchObject({ code: 'AUTHORITY_UNREACHABLE' })
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(issuer.fetched).toBeLessThanOrEqual(2)
  })

  it('from one that is dead: those that are known serve on, others wait for it', async () => {
    const door = await signIn()
    const token = await issuer.token({ iat: at })
    await door.claims(token)
    await issuer.close()
    expect(await door.claims(await issuer.token({ iat: at }))).toMatchObject(good)
    expect(await refusalOf(async () => (await signIn()).claims(token))).toMatchObject({ code: 'AUTHORITY_UNREACHABLE' })
    issuer = await Issuer.open()
  })

  it('are pinned soundly: a directory with an unsafe issuer is none', async () => {
    for (const more of [{ algorithms: ['HS256'] }, { algorithms: ['none'] }, { issuer: 'http://login.example' }, { jwks: 'ftp://x' }, { jwks: { keys: [{ kty: 'oct', kid: 'a', k: 'AAAA' }] } }] as unknown as Partial<OutsideIssuer>[]) {
      expect(await refusalOf(() => signIn(more))).toMatchObject({ reason: 'DIRECTORY_INVALID' })
    }
  })
})
