// reliability-security.md §4H row by row: what a forger hands to the hub, and what an evil hub lays into a node's mailbox. Codes and ways are those of
// docs/inside.md, which go before the document's. The forger has the French keys and every public one; DE is the addressee.
import { randomUUID } from 'node:crypto'
import { GeneralEncrypt, type GeneralJWE } from 'jose'
import { canonical, sealContent } from '../../src/wire/canonical'
import type { Directory } from '../../src/wire/directory'
import { openHouseKeys } from '../../src/wire/house-keys'
import { importPublic, type KeysFile } from '../../src/wire/keys'
import { sealLetter, type LetterContent, type LetterKind } from '../../src/wire/letters'
import { issueToken } from '../../src/wire/tokens'
import { b64, keyOf, loosened, payloadOf, signRaw } from '../wire/forge'
import { BR, DE, FR } from '../wire/houses'

export interface Forger {
  directory: Directory
  /** Of the sender, a third house and the addressee. */
  files: { fr: KeysFile; br: KeysFile; de: KeysFile }
  /** A key of the sender's that the directory lists as revoked. */
  revoked: KeysFile
  /** One that it lists as ended. */
  ended: KeysFile
  /** A request of DE that FR decides, and one that it does not. */
  own: string; foreign: string
}

/** `waits`: nobody is proved to have sent it, so it takes no number. Else the status and reason of the addressee's signed receipt. */
export type AtNode = { waits: string } | { status: 'APPLIED' | 'REJECTED'; reason?: string }
export interface Forgery { row: string; name: string; /** The hub's code and reason. */ atHub: string; atNode: AtNode; forge(forger: Forger, n: number): Promise<string> }

const waits = (reason: string): AtNode => ({ waits: reason })
const rejected = (reason: string): AtNode => ({ status: 'REJECTED', reason })
const RELAYED = 'RELAYED'
const invalid = (reason: string): string => `LETTER_INVALID ${reason}`

/** A letter like any other: a contact point is published. */
export async function goodLetter({ files, directory }: Forger, n: number): Promise<string> {
  const content = sealContent({ function: 'Desk' })
  const contact = { id: `contact:FR:${randomUUID()}`, authority: FR, at: new Date().toISOString(), retired: false, contents: { said: content.digest } }
  return letterOf({ files, directory }, n, 'contact', contact, [content])
}

async function letterOf({ files, directory }: Pick<Forger, 'files' | 'directory'>, n: number, kind: LetterKind, body: object, contents: LetterContent[] = []): Promise<string> {
  const { signer } = await openHouseKeys(files.fr)
  return (await sealLetter({ signer, directory, from: FR, to: DE, n, id: randomUUID(), kind, body: canonical(body), contents, now: new Date() })).jws
}

const kidOf = (file: KeysFile): string => keyOf(file, 'sign').kid
const header = (file: KeysFile, changes: object = {}): object => ({ alg: 'Ed25519', kid: kidOf(file), typ: 'comity-letter+jws', ...changes })

/** A good letter with other names or another seal, really signed by its sender. */
async function resigned(forger: Forger, n: number, changes: object): Promise<string> {
  return signRaw(forger.files.fr, header(forger.files.fr), { ...payloadOf(await goodLetter(forger, n)), ...changes })
}

async function headed(forger: Forger, n: number, changes: object, file = forger.files.fr): Promise<string> {
  return signRaw(file, header(forger.files.fr, changes), payloadOf(await goodLetter(forger, n)))
}

/** Whatever the forger wants inside, sealed for both parties as a true letter is. */
async function filled(forger: Forger, n: number, inside: (letter: object) => Promise<object>): Promise<string> {
  const payload = payloadOf(await goodLetter(forger, n))
  const { id, iss, aud } = payload
  const encryption = new GeneralEncrypt(Buffer.from(JSON.stringify(await inside({ id, iss, aud, n })))).setProtectedHeader({ enc: 'A256GCM', typ: 'comity-letter+jwe' })
  for (const file of [forger.files.fr, forger.files.de]) encryption.addRecipient(await importPublic(keyOf(file, 'encrypt'))).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid: keyOf(file, 'encrypt').kid })
  return signRaw(forger.files.fr, header(forger.files.fr), { ...payload, sealed: await encryption.encrypt() })
}

async function resealed(forger: Forger, n: number, change: (sealed: GeneralJWE) => object): Promise<string> {
  const sealed = payloadOf(await goodLetter(forger, n))['sealed'] as GeneralJWE
  return resigned(forger, n, { sealed: change(sealed) })
}

/** Another header for the addressee alone. */
const withHeader = (sealed: GeneralJWE, changes: object): object =>
  ({ ...sealed, recipients: sealed.recipients.map((recipient, i) => (i === 1 ? { ...recipient, header: { ...recipient.header, ...changes } } : recipient)) })

const fact = (reference: string, changes: object = {}): object =>
  ({ reference, type: 'ACT', act: 'ACKNOWLEDGE', by: 'REQUESTED', at: new Date().toISOString(), from: 'DELIVERED', to: 'ACKNOWLEDGED', version: 5, contents: {}, prev: 'f'.repeat(64), ...changes })

const said = (file: KeysFile, letter: object, body: unknown): Promise<string> =>
  signRaw(file, { alg: 'Ed25519', kid: kidOf(file), typ: 'comity-fact+jws' }, { ...letter, kind: 'contact', body })

export const FORGERIES: readonly Forgery[] = [
  { row: 'H112', name: 'another signature', atHub: invalid('LETTER_SIGNATURE'), atNode: waits('LETTER_SIGNATURE'), forge: async (forger, n) => { const jws = await goodLetter(forger, n); return `${jws.slice(0, -10)}${jws.at(-10) === 'A' ? 'B' : 'A'}${jws.slice(-9)}` } },
  { row: 'H112', name: 'a third house\'s signature under the sender\'s key id', atHub: invalid('LETTER_SIGNATURE'), atNode: waits('LETTER_SIGNATURE'), forge: (forger, n) => headed(forger, n, {}, forger.files.br) },
  { row: 'H113', name: 'loose bits in the signature', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: async (forger, n) => { const [head, payload, signature = ''] = (await goodLetter(forger, n)).split('.'); return [head, payload, loosened(signature)].join('.') } },
  { row: 'H113', name: 'padding', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: async (forger, n) => `${await goodLetter(forger, n)}==` },
  { row: 'H114', name: 'alg none', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: (forger, n) => headed(forger, n, { alg: 'none' }) },
  { row: 'H114', name: 'alg EdDSA', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: (forger, n) => headed(forger, n, { alg: 'EdDSA' }) },
  { row: 'H115', name: 'an unknown key', atHub: invalid('LETTER_KEY'), atNode: waits('LETTER_KEY'), forge: (forger, n) => headed(forger, n, { kid: 'sign-unknown' }) },
  { row: 'H115', name: 'a revoked key', atHub: invalid('LETTER_KEY'), atNode: waits('LETTER_KEY'), forge: (forger, n) => headed(forger, n, { kid: kidOf(forger.revoked) }, forger.revoked) },
  { row: 'H115', name: 'a key that has ended', atHub: invalid('LETTER_KEY'), atNode: waits('LETTER_KEY'), forge: (forger, n) => headed(forger, n, { kid: kidOf(forger.ended) }, forger.ended) },
  { row: 'H116', name: 'another sender\'s name', atHub: invalid('LETTER_KEY'), atNode: waits('LETTER_KEY'), forge: (forger, n) => resigned(forger, n, { iss: BR }) },
  { row: 'H117', name: 'another addressee', atHub: invalid('DECRYPT_REFUSED'), atNode: waits('DECRYPT_REFUSED'), forge: (forger, n) => resigned(forger, n, { aud: BR }) },
  { row: 'H117', name: 'a true letter to a third house', atHub: RELAYED, atNode: waits('LETTER_AUDIENCE'), forge: async ({ files, directory }) => {
    const { signer } = await openHouseKeys(files.fr)
    return (await sealLetter({ signer, directory, from: FR, to: BR, n: 1, id: 'to-br', kind: 'fact', body: '{}', contents: [], now: new Date() })).jws
  } },
  { row: 'H118', name: 'a request that does not exist', atHub: RELAYED, atNode: rejected('UNKNOWN_REQUEST'), forge: (forger, n) => letterOf(forger, n, 'fact', fact('DE-2026-999999')) },
  { row: 'H118', name: 'a request of others', atHub: RELAYED, atNode: rejected('UNKNOWN_REQUEST'), forge: (forger, n) => letterOf(forger, n, 'fact', fact(forger.foreign)) },
  { row: 'H120', name: 'a fact that does not follow the last one', atHub: RELAYED, atNode: rejected('CHAIN_DIVERGED'), forge: (forger, n) => letterOf(forger, n, 'fact', fact(forger.own)) },
  { row: 'H123', name: 'a content of another digest', atHub: RELAYED, atNode: rejected('LETTER_CONTENT'), forge: (forger, n) => letterOf(forger, n, 'fact', fact(forger.own), [{ ...sealContent('yes'), body: 'no' }]) },
  { row: 'H124', name: 'a key twice in the protected header', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: async (forger, n) => signRaw(forger.files.fr, `{"alg":"Ed25519","kid":"x","kid":"${kidOf(forger.files.fr)}","typ":"comity-letter+jws"}`, payloadOf(await goodLetter(forger, n))) },
  { row: 'H124', name: 'a key twice in the payload', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: async (forger, n) => signRaw(forger.files.fr, header(forger.files.fr), JSON.stringify(payloadOf(await goodLetter(forger, n))).replace(`"n":${n}`, `"n":${n},"n":${n}`)) },
  { row: 'H125', name: 'an unknown crit', atHub: invalid('LETTER_ENCODING'), atNode: waits('LETTER_ENCODING'), forge: (forger, n) => headed(forger, n, { crit: ['x'], x: 1 }) },
  { row: 'H126', name: 'a schema of tomorrow', atHub: invalid('LETTER_SCHEMA'), atNode: waits('LETTER_SCHEMA'), forge: (forger, n) => resigned(forger, n, { v: 2 }) },
  { row: 'H127', name: 'more than a letter may hold', atHub: 'PAYLOAD_TOO_LARGE', atNode: waits('LETTER_TOO_LARGE'), forge: async (forger, n) => `${await goodLetter(forger, n)}${'A'.repeat(1024 * 1024)}` },
  { row: 'H129', name: 'a letter inside the letter', atHub: RELAYED, atNode: rejected('LETTER_ENCODING'), forge: (forger, n) => filled(forger, n, async letter => ({ letter, kind: 'contact', body: await goodLetter(forger, n), contents: [] })) },
  { row: 'H129', name: 'a token inside the letter', atHub: RELAYED, atNode: rejected('LETTER_ENCODING'), forge: (forger, n) => filled(forger, n, async letter => ({
    letter, kind: 'contact', contents: [], body: await issueToken({ keys: await openHouseKeys(forger.files.fr), issuer: FR, subject: 'x', role: 'OFFICIAL', ttlSeconds: 60, now: new Date() }),
  })) },
  { row: 'H129', name: 'what a third house has signed inside the letter', atHub: RELAYED, atNode: rejected('LETTER_KEY'), forge: (forger, n) => filled(forger, n, async letter => ({ letter, kind: 'contact', body: await said(forger.files.br, letter, '{}'), contents: [] })) },
  { row: 'H130', name: 'zip', atHub: invalid('DECRYPT_REFUSED'), atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => ({ ...sealed, protected: b64('{"enc":"A256GCM","typ":"comity-letter+jwe","zip":"DEF"}') })) },
  { row: 'H130', name: 'PBES2', atHub: invalid('DECRYPT_REFUSED'), atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => withHeader(sealed, { alg: 'PBES2-HS512+A256KW', p2c: 2_000_000_000, p2s: 'AAAAAAAAAAA' })) },
  { row: 'H130', name: 'dir', atHub: invalid('DECRYPT_REFUSED'), atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => withHeader(sealed, { alg: 'dir' })) },
  { row: 'H130', name: 'an ephemeral point of low order', atHub: RELAYED, atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => withHeader(sealed, { epk: { kty: 'OKP', crv: 'X25519', x: b64(Buffer.alloc(32)) } })) },
  { row: 'H130', name: 'the addressee missing among the recipients', atHub: invalid('DECRYPT_REFUSED'), atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => ({ ...sealed, recipients: [sealed.recipients[0], sealed.recipients[0]] })) },
  { row: 'H130', name: '1,000 recipients', atHub: invalid('DECRYPT_REFUSED'), atNode: rejected('DECRYPT_REFUSED'), forge: (forger, n) => resealed(forger, n, sealed => ({ ...sealed, recipients: Array.from({ length: 1_000 }, () => sealed.recipients[1]) })) },
]
