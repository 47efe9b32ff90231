// Letters: what two parties can read and the hub cannot, and every forgery that this room can know of. All houses, keys and seals are real.
import { createHash, createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { GeneralEncrypt, type GeneralJWE } from 'jose'
import { canonical, sealContent, sha256Hex } from '../../src/wire/canonical'
import type { Directory } from '../../src/wire/directory'
import { openLetter, readLetter, sealLetter, type OuterLetter, type SealOrder } from '../../src/wire/letters'
import { issueToken } from '../../src/wire/tokens'
import { importPublic, type PublicKey } from '../../src/wire/keys'
import { b64, headerOf, keyOf, loosened, payloadOf, refusalOf, signRaw } from './forge'
import { BR, DE, FR, NOW, later, redirect, world, type World } from './houses'
import { plainJson } from './values'

let all: World, good: string
const order = (changes: Partial<SealOrder> = {}): SealOrder =>
  ({ signer: all.keys[DE].signer, directory: all.directory, from: DE, to: FR, n: 7, id: 'letter-7', kind: 'fact', body: '{"act":"ACCEPT"}', contents: [], now: NOW, ...changes })

beforeAll(async () => {
  all = await world()
  good = (await sealLetter(order())).jws
})

const kid = (house: typeof DE | typeof FR | typeof BR | 'hub', use: PublicKey['use'] = 'sign'): string => keyOf(all.files[house], use).kid
const header = (changes: object = {}): object => ({ alg: 'Ed25519', kid: kid(DE), typ: 'comity-letter+jws', ...changes })
/** The good letter with another payload, signed by the true sender. */
const resigned = (changes: object): Promise<string> => signRaw(all.files[DE], header(), { ...payloadOf(good), ...changes })
const sealedOf = (jws: string): GeneralJWE => structuredClone(payloadOf(jws)['sealed']) as GeneralJWE

describe('a sealed letter', () => {
  it('is opened by both parties, with the same words', async () => {
    const contents = [sealContent({ note: 'why' }), sealContent('label')]
    const { jws, id, digest } = await sealLetter(order({ contents, kind: 'proposal' }))
    const outer = await readLetter(jws, all.directory)
    expect(outer).toMatchObject({ id, digest, iss: DE, aud: FR, n: 7, iat: NOW.getTime() / 1_000, kid: kid(DE) })
    for (const house of [DE, FR] as const) expect(await openLetter(outer, all.keys[house], all.directory)).toMatchObject({ kind: 'proposal', body: { act: 'ACCEPT' }, contents })
  })

  it('carries any plain fact and content whole', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }).filter(key => key !== '__proto__' && key !== 'prototype'), plainJson, { noNullPrototype: true }), plainJson, async (fact, said) => {
      const contents = [sealContent(said)]
      const { jws } = await sealLetter(order({ body: canonical(fact), contents }))
      const opened = await openLetter(await readLetter(jws, all.directory), all.keys[FR], all.directory)
      expect(opened.body).toEqual(fact)
      expect(opened.contents).toEqual(contents)
    }), { numRuns: 60 })
  })

  it('shows the hub no word of what it says, and a stranger nothing', async () => {
    const { jws } = await sealLetter(order({ body: '{"canary":"Waldschrat"}', contents: [sealContent('Nachtigall')] }))
    const shown = [jws, ...jws.split('.').map(part => Buffer.from(part, 'base64url').toString('latin1'))].join()
    expect(shown).not.toMatch(/Waldschrat|Nachtigall|canary/)
    const outer = await readLetter(jws, all.directory)
    expect(await refusalOf(() => openLetter(outer, all.keys.hub, all.directory))).toMatchObject({ reason: 'LETTER_AUDIENCE' })
    expect(await refusalOf(() => openLetter({ ...outer, aud: BR }, all.keys[BR], all.directory))).toMatchObject({ reason: 'DECRYPT_REFUSED' })
  })

  it('has a size that tells only how many kilobytes it says', async () => {
    const sizeOf = async (words: number): Promise<number> => (await sealLetter(order({ body: canonical({ say: 'x'.repeat(words) }) }))).jws.length
    expect(await sizeOf(1)).toBe(await sizeOf(100))
    expect(await sizeOf(3_000)).toBeGreaterThan(await sizeOf(100))
    const { ciphertext } = sealedOf(good)
    expect(Buffer.from(ciphertext, 'base64url').length % 1_024).toBe(0)
  })

  it('is not made for an authority that the directory does not list, nor beyond the size that is taken', async () => {
    expect(await refusalOf(() => sealLetter(order({ to: 'authority:XX' })))).toMatchObject({ reason: 'LETTER_KEY' })
    expect(await refusalOf(() => sealLetter(order({ contents: [sealContent('x'.repeat(600_000))] })))).toMatchObject({ reason: 'LETTER_TOO_LARGE' })
    const { jws } = await sealLetter(order({ contents: [sealContent('x'.repeat(400_000))] }))
    await expect(readLetter(jws, all.directory)).resolves.toMatchObject({ n: 7 })
  })

  it('opens with an older key after the addressee has changed to a new one', async () => {
    const directory = await redirect(all, ({ authorities }) => {
      const keys = authorities.find(({ id }) => id === FR)?.keys ?? []
      keys.push(...all.files[BR].publicKeys.filter(key => key.use === 'encrypt').map(key => ({ ...key, kid: 'newer', notBefore: later(-5).toISOString() })))
      for (const key of keys) if (key.kid !== 'newer') key.notBefore = later(-3_600).toISOString()
    })
    const outer = await readLetter(good, directory)
    expect((await openLetter(outer, all.keys[FR], directory)).body).toEqual({ act: 'ACCEPT' })
    expect(directory.encryptionKey(FR, NOW)?.key.kid).toBe('newer')
  })
})

describe('the outside of a forged letter', () => {
  const HOSTILE: [name: string, reason: string, forge: () => Promise<string> | string][] = [
    ['nothing', 'LETTER_ENCODING', () => ''],
    ['two segments', 'LETTER_ENCODING', () => good.split('.').slice(0, 2).join('.')],
    ['four segments', 'LETTER_ENCODING', () => `${good}.AA`],
    ['a million dots', 'LETTER_ENCODING', () => '.'.repeat(1_000_000)],
    ['an empty signature', 'LETTER_ENCODING', () => good.replace(/[^.]+$/, '')],
    ['loose bits in the signature', 'LETTER_ENCODING', () => loosened(good)],
    ['padding at the end', 'LETTER_ENCODING', () => `${good}==`],
    ['padding in the header', 'LETTER_ENCODING', () => good.replace('.', '=.')],
    ['a line break in a segment', 'LETTER_ENCODING', () => `${good.slice(0, 400)}\n${good.slice(400)}`],
    ['base64 instead of base64url', 'LETTER_ENCODING', () => `${good.slice(0, -5)}+${good.slice(-4)}`],
    ['a signature over other bytes', 'LETTER_SIGNATURE', async () => [...(await resigned({ n: 8 })).split('.').slice(0, 2), good.split('.')[2]].join('.')],
    ['a flipped signature', 'LETTER_SIGNATURE', () => `${good.slice(0, -10)}${good.at(-10) === 'A' ? 'B' : 'A'}${good.slice(-9)}`],
    ['alg none', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ alg: 'none' }), payloadOf(good))],
    ['alg EdDSA, the other name of the same', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ alg: 'EdDSA' }), payloadOf(good))],
    ['alg HS256', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ alg: 'HS256' }), payloadOf(good))],
    ['no typ', 'LETTER_ENCODING', () => signRaw(all.files[DE], { alg: 'Ed25519', kid: kid(DE) }, payloadOf(good))],
    ['the typ of a receipt', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ typ: 'comity-receipt+jws' }), payloadOf(good))],
    ['the typ in capitals', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ typ: 'COMITY-LETTER+JWS' }), payloadOf(good))],
    ['an unknown crit', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ crit: ['b64'], b64: true }), payloadOf(good))],
    ['an embedded jwk', 'LETTER_ENCODING', () => signRaw(all.files[BR], header({ jwk: keyOf(all.files[BR], 'sign').jwk }), payloadOf(good))],
    ['a jku', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ jku: 'http://169.254.169.254/' }), payloadOf(good))],
    ['an x5u', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ x5u: 'file:///etc/passwd' }), payloadOf(good))],
    ['kid twice in the protected header', 'LETTER_ENCODING', () => signRaw(all.files[DE], `{"alg":"Ed25519","kid":"${kid(BR)}","kid":"${kid(DE)}","typ":"comity-letter+jws"}`, payloadOf(good))],
    ['alg twice, once in escapes', 'LETTER_ENCODING', () => signRaw(all.files[DE], `{"alg":"none","al\\u0067":"Ed25519","kid":"${kid(DE)}","typ":"comity-letter+jws"}`, payloadOf(good))],
    ['a header that is a list', 'LETTER_ENCODING', () => signRaw(all.files[DE], [header()], payloadOf(good))],
    ['a header that is no UTF-8', 'LETTER_ENCODING', () => `${b64(Buffer.from([0x7b, 0xff, 0x7d]))}.${good.split('.').slice(1).join('.')}`],
    ['a header behind a byte order mark', 'LETTER_ENCODING', () => signRaw(all.files[DE], `\ufeff${JSON.stringify(header())}`, payloadOf(good))],
    ['a header of 3 kB', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ kid: 'x'.repeat(3_000) }), payloadOf(good))],
    ['no kid', 'LETTER_ENCODING', () => signRaw(all.files[DE], { alg: 'Ed25519', typ: 'comity-letter+jws' }, payloadOf(good))],
    ['an object as kid', 'LETTER_ENCODING', () => signRaw(all.files[DE], header({ kid: { $ne: null } }), payloadOf(good))],
    ['an unknown kid', 'LETTER_KEY', () => signRaw(all.files[DE], header({ kid: 'sign-unknown' }), payloadOf(good))],
    ['a path as kid', 'LETTER_KEY', () => signRaw(all.files[DE], header({ kid: '../../hub/keys.json' }), payloadOf(good))],
    ['__proto__ as kid', 'LETTER_KEY', () => signRaw(all.files[DE], header({ kid: '__proto__' }), payloadOf(good))],
    ['the key for tokens', 'LETTER_KEY', () => signRaw(all.files[DE], header({ kid: kid(DE, 'token') }), payloadOf(good), 'token')],
    ['the key for opening', 'LETTER_KEY', () => signRaw(all.files[DE], header({ kid: kid(DE, 'encrypt') }), payloadOf(good))],
    ['another house\'s own good signature', 'LETTER_KEY', () => signRaw(all.files[BR], header({ kid: kid(BR) }), payloadOf(good))],
    ['the hub\'s signature', 'LETTER_KEY', () => signRaw(all.files.hub, header({ kid: kid('hub') }), payloadOf(good))],
    ['another house\'s signature under the sender\'s kid', 'LETTER_SIGNATURE', () => signRaw(all.files[BR], header(), payloadOf(good))],
    ['a payload that is no JSON', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), 'not json')],
    ['a payload that is a list', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), [payloadOf(good)])],
    ['a payload with a key twice', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), JSON.stringify(payloadOf(good)).replace('"n":7', '"n":7,"n":8'))],
    ['a payload with __proto__', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), JSON.stringify(payloadOf(good)).replace('"n":7', '"n":7,"__proto__":{"x":1}'))],
    ['a payload nested 10,000 deep', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), JSON.stringify(payloadOf(good)).replace('"n":7', `"n":7,"x":${'['.repeat(10_000)}${']'.repeat(10_000)}`))],
    ['an unknown version', 'LETTER_SCHEMA', () => resigned({ v: 2 })],
    ['no version', 'LETTER_SCHEMA', () => resigned({ v: undefined })],
    ['the version as text', 'LETTER_SCHEMA', () => resigned({ v: '1' })],
    ['a member that no letter has', 'LETTER_ENCODING', () => resigned({ bcc: BR })],
    ['n 0', 'LETTER_ENCODING', () => resigned({ n: 0 })],
    ['n with a fraction', 'LETTER_ENCODING', () => resigned({ n: 1.5 })],
    ['n as text', 'LETTER_ENCODING', () => resigned({ n: '7' })],
    ['n beyond what a double keeps', 'LETTER_ENCODING', () => signRaw(all.files[DE], header(), JSON.stringify(payloadOf(good)).replace('"n":7', '"n":9007199254740993'))],
    ['no id', 'LETTER_ENCODING', () => resigned({ id: '' })],
    ['an id with a line break', 'LETTER_ENCODING', () => resigned({ id: 'a\nlevel=info' })],
    ['an id that reads backwards', 'LETTER_ENCODING', () => resigned({ id: 'a\u202eb' })],
    ['an id of 201 characters', 'LETTER_ENCODING', () => resigned({ id: 'x'.repeat(201) })],
    ['two addressees', 'LETTER_ENCODING', () => resigned({ aud: [FR, BR] })],
    ['another sender\'s name', 'LETTER_KEY', () => resigned({ iss: BR })],
    ['its sender as addressee', 'LETTER_AUDIENCE', () => resigned({ aud: DE })],
    ['an addressee for whom it is not sealed', 'DECRYPT_REFUSED', () => resigned({ aud: BR })],
    ['a letter beyond a megabyte', 'LETTER_TOO_LARGE', () => `${good}${'A'.repeat(1024 * 1024)}`],
    ['a token of the sender\'s issuer', 'LETTER_ENCODING', () => issueToken({ keys: all.keys[DE], issuer: DE, subject: 'x', role: 'OFFICIAL', ttlSeconds: 60, now: NOW })],
  ]

  it.each(HOSTILE)('%s is refused as %s', async (_, reason, forge) => {
    const refusal = await refusalOf(async () => readLetter(await forge(), all.directory))
    expect(refusal).toEqual({ code: 'BAD_REQUEST', message: 'The letter cannot be taken.', reason, facts: { reason } })
  })

  it('the forger of this table can also make a good one', async () => {
    expect(headerOf(good)).toEqual(header())
    await expect(readLetter(await resigned({}), all.directory)).resolves.toMatchObject({ n: 7 })
  })

  it('one payload has one digest, whichever way it was signed', async () => {
    const again = await signRaw(all.files[DE], { typ: 'comity-letter+jws', alg: 'Ed25519', kid: kid(DE) }, payloadOf(good))
    expect(again).not.toBe(good)
    expect((await readLetter(again, all.directory)).digest).toBe((await readLetter(good, all.directory)).digest)
  })

  it('no change of a single character passes', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(), fc.constantFrom('A', 'z', '_', '.', '=', ' ', '\u0000', 'é'), async (at, mark) => {
      const place = at % good.length
      const changed = good.slice(0, place) + mark + good.slice(place + 1)
      if (changed !== good) await refusalOf(() => readLetter(changed, all.directory))
    }), { numRuns: 200 })
  })
})

describe('a sender\'s key', () => {
  const changed = (change: (key: PublicKey) => void): Promise<Directory> => redirect(all, ({ authorities }) => {
    for (const key of authorities.find(({ id }) => id === DE)?.keys ?? []) if (key.use === 'sign') change(key)
  })

  it('that was revoked proves nothing, unless the letter was first seen before', async () => {
    const directory = await changed(key => { key.revokedAt = later(60).toISOString() })
    expect(await refusalOf(() => readLetter(good, directory))).toMatchObject({ reason: 'LETTER_KEY' })
    expect(await refusalOf(() => readLetter(good, directory, later(60)))).toMatchObject({ reason: 'LETTER_KEY' })
    await expect(readLetter(good, directory, later(59))).resolves.toMatchObject({ n: 7 })
  })

  it('that has ended still proves what it signed, and nothing that is new', async () => {
    const directory = await changed(key => { key.notAfter = later(60).toISOString() })
    await expect(readLetter(good, directory, later(61))).resolves.toMatchObject({ n: 7 })
    const known = (at: Date) => directory.currentKey(kid(DE), 'sign', at)?.owner
    expect([known(later(59)), known(later(60))]).toEqual([DE, undefined])
  })

  it('that has not begun proves nothing yet, but for clocks apart', async () => {
    const directory = await changed(key => { key.notBefore = later(3_600).toISOString() })
    expect(await refusalOf(() => readLetter(good, directory, NOW))).toMatchObject({ reason: 'LETTER_KEY' })
    await expect(readLetter(good, directory, later(3_590))).resolves.toMatchObject({ n: 7 })
  })

  it('that the directory gives to another house proves only that one\'s letters', async () => {
    const directory = await redirect(all, ({ authorities }) => {
      const [german, , brazilian] = authorities
      if (german && brazilian) [german.keys, brazilian.keys] = [brazilian.keys, german.keys]
    })
    expect(await refusalOf(() => readLetter(good, directory))).toMatchObject({ reason: 'LETTER_KEY' })
  })
})

describe('a seal', () => {
  const HOSTILE: [name: string, change: (sealed: GeneralJWE & Record<string, unknown>) => unknown][] = [
    ['one recipient', sealed => ({ ...sealed, recipients: sealed.recipients.slice(1) })],
    ['a third recipient', sealed => ({ ...sealed, recipients: [...sealed.recipients, sealed.recipients[0]] })],
    ['1,000 recipients', sealed => ({ ...sealed, recipients: Array.from({ length: 1_000 }, () => sealed.recipients[0]) })],
    ['the sender twice', sealed => ({ ...sealed, recipients: [sealed.recipients[0], sealed.recipients[0]] })],
    ['no recipients', sealed => ({ ...sealed, recipients: undefined })],
    ['a recipient that is null', sealed => ({ ...sealed, recipients: [sealed.recipients[0], null] })],
    ['nothing at all', () => null], ['text', () => 'sealed'], ['a list', sealed => [sealed]],
    ['zip', sealed => ({ ...sealed, protected: b64('{"enc":"A256GCM","typ":"comity-letter+jwe","zip":"DEF"}') })],
    ['another content encryption', sealed => ({ ...sealed, protected: b64('{"enc":"A128CBC-HS256","typ":"comity-letter+jwe"}') })],
    ['another typ', sealed => ({ ...sealed, protected: b64('{"enc":"A256GCM","typ":"x"}') })],
    ['enc twice', sealed => ({ ...sealed, protected: b64('{"enc":"A128GCM","enc":"A256GCM","typ":"comity-letter+jwe"}') })],
    ['crit', sealed => ({ ...sealed, protected: b64('{"enc":"A256GCM","typ":"comity-letter+jwe","crit":["x"],"x":1}') })],
    ['PBES2', sealed => withHeader(sealed, { alg: 'PBES2-HS512+A256KW', p2c: 2_000_000_000, p2s: 'AAAAAAAAAAA' })],
    ['PBES2 in name alone', sealed => withHeader(sealed, { alg: 'PBES2-HS512+A256KW' })],
    ['dir', sealed => withHeader(sealed, { alg: 'dir' })],
    ['ECDH-ES without a wrapped key', sealed => withHeader(sealed, { alg: 'ECDH-ES' })],
    ['an extra recipient header', sealed => withHeader(sealed, { jku: 'http://127.0.0.1/' })],
    ['a kid that nobody has', sealed => withHeader(sealed, { kid: 'encrypt-unknown' })],
    ['a signing key as recipient', sealed => withHeader(sealed, { kid: kid(FR, 'sign') })],
    ['a stranger as recipient', sealed => withHeader(sealed, { kid: kid(BR, 'encrypt') })],
    ['an ephemeral key on another curve', sealed => withHeader(sealed, { epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } })],
    ['an ephemeral key with its private half', sealed => withHeader(sealed, { epk: { kty: 'OKP', crv: 'X25519', x: b64(Buffer.alloc(32, 9)), d: b64(Buffer.alloc(32)) } })],
    ['a short ephemeral key', sealed => withHeader(sealed, { epk: { kty: 'OKP', crv: 'X25519', x: 'AA' } })],
    ['additional data', sealed => ({ ...sealed, aad: 'AA' })],
    ['an unprotected header', sealed => ({ ...sealed, unprotected: {} })],
    ['a nonce of 16 bytes', sealed => ({ ...sealed, iv: b64(Buffer.alloc(16)) })],
    ['a tag of 4 bytes', sealed => ({ ...sealed, tag: sealed.tag?.slice(0, 6) })],
    ['loose bits in the tag', sealed => ({ ...sealed, tag: loosened(String(sealed.tag)) })],
    ['an empty ciphertext', sealed => ({ ...sealed, ciphertext: '' })],
  ]
  const withHeader = (sealed: GeneralJWE, changes: object): unknown =>
    ({ ...sealed, recipients: sealed.recipients.map((recipient, i) => (i === 1 ? { ...recipient, header: { ...recipient.header, ...changes } } : recipient)) })

  it.each(HOSTILE)('with %s is refused at the door, in the one text', async (_, change) => {
    const jws = await resigned({ sealed: change(sealedOf(good) as GeneralJWE & Record<string, unknown>) })
    expect(await refusalOf(() => readLetter(jws, all.directory))).toEqual({ code: 'BAD_REQUEST', message: 'The letter cannot be taken.', reason: 'DECRYPT_REFUSED', facts: { reason: 'DECRYPT_REFUSED' } })
  })

  const BROKEN: [name: string, change: (sealed: GeneralJWE) => unknown][] = [
    ['a flipped ciphertext', sealed => ({ ...sealed, ciphertext: flipped(sealed.ciphertext) })],
    ['a flipped tag', sealed => ({ ...sealed, tag: flipped(String(sealed.tag)) })],
    ['another nonce', sealed => ({ ...sealed, iv: b64(Buffer.alloc(12)) })],
    ['a flipped wrapped key', sealed => ({ ...sealed, recipients: sealed.recipients.map(recipient => ({ ...recipient, encrypted_key: flipped(String(recipient.encrypted_key)) })) })],
    ['the parties\' wrapped keys exchanged', sealed => ({ ...sealed, recipients: sealed.recipients.map((recipient, i) => ({ ...recipient, header: sealed.recipients[1 - i]?.header })) })],
    ['the headers in another spelling', sealed => ({ ...sealed, protected: b64('{"typ":"comity-letter+jwe","enc":"A256GCM"}') })],
    ['an ephemeral key of low order', sealed => withHeader(sealed, { epk: { kty: 'OKP', crv: 'X25519', x: b64(Buffer.alloc(32)) } })],
  ]
  const flipped = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

  it.each(BROKEN)('with %s does not open, in the same text', async (_, change) => {
    const outer = await readLetter(await resigned({ sealed: change(sealedOf(good)) }), all.directory)
    expect(await refusalOf(() => openLetter(outer, all.keys[FR], all.directory))).toEqual({ code: 'BAD_REQUEST', message: 'The letter cannot be taken.', reason: 'DECRYPT_REFUSED', facts: { reason: 'DECRYPT_REFUSED' } })
  })

  it('to the point of order one, under the key that anybody can compute, does not open', async () => {
    const sealed = lowOrderSeal({ letter: {}, kind: 'fact', body: '', contents: [] }, sealedOf(good), kid(FR, 'encrypt'))
    const outer = await readLetter(await resigned({ sealed }), all.directory)
    expect(await refusalOf(() => openLetter(outer, all.keys[FR], all.directory))).toMatchObject({ reason: 'DECRYPT_REFUSED' })
  })
})

/** A true JWE for a recipient whose shared secret would be all zeros, if it were taken. */
function lowOrderSeal(plain: object, from: GeneralJWE, recipientKid: string): GeneralJWE {
  const sized = (text: string): Buffer => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)])
  const kek = createHash('sha256').update(Buffer.concat([uint32(1), Buffer.alloc(32), sized('ECDH-ES+A256KW'), uint32(0), uint32(0), uint32(256)])).digest()
  const cek = Buffer.alloc(32, 5), iv = Buffer.alloc(12, 6)
  const wrap = createCipheriv('id-aes256-wrap', kek, Buffer.alloc(8, 0xa6))
  const encryptedKey = Buffer.concat([wrap.update(cek), wrap.final()])
  const cipher = createCipheriv('aes-256-gcm', cek, iv)
  cipher.setAAD(Buffer.from(String(from.protected)))
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final()])
  const epk = { kty: 'OKP', crv: 'X25519', x: b64(Buffer.alloc(32)) }
  const [mine] = from.recipients
  return {
    ...from, iv: b64(iv), ciphertext: b64(ciphertext), tag: b64(cipher.getAuthTag()),
    recipients: [mine ?? {}, { encrypted_key: b64(encryptedKey), header: { alg: 'ECDH-ES+A256KW', kid: recipientKid, epk } }] as GeneralJWE['recipients'],
  }
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

describe('the inside of a forged letter', () => {
  /** Whatever the forger wants, sealed for both parties as a true letter is. */
  async function sealedWith(inside: string | object): Promise<GeneralJWE> {
    const encryption = new GeneralEncrypt(Buffer.from(typeof inside === 'string' ? inside : JSON.stringify(inside))).setProtectedHeader({ enc: 'A256GCM', typ: 'comity-letter+jwe' })
    for (const house of [DE, FR] as const) encryption.addRecipient(await importPublic(keyOf(all.files[house], 'encrypt'))).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid: kid(house, 'encrypt') })
    return encryption.encrypt()
  }
  const letter = { id: 'letter-7', iss: DE, aud: FR, n: 7 }
  const said = (changes: object = {}, file = all.files[DE], head: object = {}): Promise<string> =>
    signRaw(file, { alg: 'Ed25519', kid: keyOf(file, 'sign').kid, typ: 'comity-fact+jws', ...head }, { ...letter, kind: 'fact', body: '{"act":"ACCEPT"}', ...changes })
  const inside = async (changes: object = {}): Promise<object> => ({ letter, kind: 'fact', body: await said(), contents: [], ...changes })
  const outerOf = async (what: string | object): Promise<OuterLetter> => readLetter(await resigned({ sealed: await sealedWith(what) }), all.directory)

  const salt = 'A'.repeat(22)
  const HOSTILE: [name: string, reason: string, forge: () => Promise<string | object>][] = [
    ['no JSON', 'LETTER_ENCODING', async () => 'not json'],
    ['a key twice', 'LETTER_ENCODING', async () => JSON.stringify(await inside()).replace('"kind"', '"kind":"contact","kind"')],
    ['a kind that is none', 'LETTER_ENCODING', async () => inside({ kind: 'order' })],
    ['another kind than was signed', 'LETTER_ENCODING', async () => inside({ kind: 'proposal' })],
    ['a body that is not signed', 'LETTER_ENCODING', async () => inside({ body: { act: 'ACCEPT' } })],
    ['a letter inside the letter', 'LETTER_ENCODING', async () => inside({ body: good })],
    ['a token instead of a fact', 'LETTER_ENCODING', async () => inside({ body: await issueToken({ keys: all.keys[DE], issuer: DE, subject: 'x', role: 'OFFICIAL', ttlSeconds: 60, now: NOW }) })],
    ['a fact with loose bits in its signature', 'LETTER_ENCODING', async () => inside({ body: loosened(await said()) })],
    ['a fact signed by the addressee itself', 'LETTER_KEY', async () => inside({ body: await said({}, all.files[FR]) })],
    ['a fact signed by a third house', 'LETTER_KEY', async () => inside({ body: await said({}, all.files[BR]) })],
    ['a fact signed by nobody listed', 'LETTER_KEY', async () => inside({ body: await said({}, all.files[DE], { kid: 'x' }) })],
    ['a fact with another\'s signature', 'LETTER_SIGNATURE', async () => inside({ body: await said({}, all.files[BR], { kid: kid(DE) }) })],
    ['a fact that was said to another', 'LETTER_AUDIENCE', async () => inside({ body: await said({ aud: BR }) })],
    ['a fact of another number', 'LETTER_AUDIENCE', async () => inside({ body: await said({ n: 6 }) })],
    ['a fact of another letter', 'LETTER_AUDIENCE', async () => inside({ body: await said({ id: 'letter-6' }) })],
    ['the names of another letter', 'LETTER_AUDIENCE', async () => inside({ letter: { ...letter, n: 6 } })],
    ['no names', 'LETTER_AUDIENCE', async () => inside({ letter: null })],
    ['a fact that is no text', 'LETTER_ENCODING', async () => inside({ body: await said({ body: { act: 'ACCEPT' } }) })],
    ['a fact that is no object', 'LETTER_ENCODING', async () => inside({ body: await said({ body: '[]' }) })],
    ['a fact with a key twice', 'LETTER_ENCODING', async () => inside({ body: await said({ body: '{"act":"ACCEPT","act":"REFUSE"}' }) })],
    ['a fact that reaches a prototype', 'LETTER_ENCODING', async () => inside({ body: await said({ body: '{"__proto__":{"act":"ACCEPT"}}' }) })],
    ['contents that are no list', 'LETTER_ENCODING', async () => inside({ contents: {} })],
    ['a content without a body', 'LETTER_CONTENT', async () => inside({ contents: [{ digest: sha256Hex(`${salt}.`), salt }] })],
    ['a content that is null', 'LETTER_CONTENT', async () => inside({ contents: [null] })],
    ['a content with another digest', 'LETTER_CONTENT', async () => inside({ contents: [{ ...sealContent('yes'), body: 'no' }] })],
    ['a content whose salt takes a part of the body', 'LETTER_CONTENT', async () => inside({ contents: [{ digest: sha256Hex('s.1.5'), salt: 's.1', body: 5 }] })],
    ['a content with a number that is bent', 'LETTER_ENCODING', async () => JSON.stringify(await inside({ contents: [{ digest: 'x', salt, body: 5 }] })).replace('"body":5', '"body":-0')],
  ]

  it.each(HOSTILE)('%s is refused as %s', async (_, reason, forge) => {
    const outer = await outerOf(await forge())
    expect(await refusalOf(() => openLetter(outer, all.keys[FR], all.directory))).toEqual({ code: 'BAD_REQUEST', message: 'The letter cannot be taken.', reason, facts: { reason } })
  })

  it('the forger of this table can also make a good one', async () => {
    const outer = await outerOf(await inside({ contents: [sealContent('x')] }))
    await expect(openLetter(outer, all.keys[FR], all.directory)).resolves.toMatchObject({ body: { act: 'ACCEPT' } })
  })

  it('an addressee cannot pass a letter on as if it had been sent to a third', async () => {
    const opened = await openLetter(await readLetter(good, all.directory), all.keys[FR], all.directory)
    const onward = { id: 'onward', iss: FR, aud: BR, n: 1 }
    const { jws } = await sealLetter(order({ signer: all.keys[FR].signer, from: FR, to: BR, n: 1, id: 'onward' }))
    const encryption = new GeneralEncrypt(Buffer.from(JSON.stringify({ letter: onward, kind: 'fact', body: opened.fact, contents: [] }))).setProtectedHeader({ enc: 'A256GCM', typ: 'comity-letter+jwe' })
    for (const house of [FR, BR] as const) encryption.addRecipient(await importPublic(keyOf(all.files[house], 'encrypt'))).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid: kid(house, 'encrypt') })
    const forged = await signRaw(all.files[FR], header({ kid: kid(FR) }), { ...payloadOf(jws), sealed: await encryption.encrypt() })
    const outer = await readLetter(forged, all.directory)
    expect(await refusalOf(() => openLetter(outer, all.keys[BR], all.directory))).toMatchObject({ reason: 'LETTER_KEY' })
  })
})
