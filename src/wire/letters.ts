// Letters between nodes: signed outside, so that the hub can route them; sealed for the two parties; signed again inside, so that whoever
// opened one cannot pass it on as if it had been sent to another.
import { GeneralEncrypt, generalDecrypt, type GeneralJWE } from 'jose'
import { Refusal } from '../refusal'
import { contentDigest, sha256Hex } from './canonical'
import type { Directory } from './directory'
import { bytesOf, JwsRefusal, payloadObject, readHeader, verifiedPayload } from './jws'
import { ENCRYPTION, type HouseKeys, type Signer } from './keys'

export type LetterKind = 'fact' | 'proposal' | 'contact'
export interface LetterContent { digest: string; salt: string; body: unknown }

export type LetterReason =
  | 'LETTER_SIGNATURE' | 'LETTER_ENCODING' | 'LETTER_AUDIENCE' | 'LETTER_SCHEMA' | 'LETTER_KEY' | 'DECRYPT_REFUSED' | 'LETTER_CONTENT' | 'LETTER_TOO_LARGE'

export interface SealOrder {
  signer: Signer; directory: Directory; from: string; to: string; n: number; id: string; kind: LetterKind
  /** Canonical text of the fact, proposal or contact. */
  body: string
  contents: readonly LetterContent[]
  now: Date
}

export interface OuterLetter { id: string; iss: string; aud: string; n: number; iat: number; digest: string; sealed: GeneralJWE; kid: string }
export interface OpenedLetter { kind: LetterKind; body: unknown; fact: string; contents: LetterContent[] }

const SCHEMA = 1
const LETTER_AT_MOST = 1024 * 1024
const BUCKET = 1024
const CONTENT_ENCRYPTION = 'A256GCM'
const KINDS: readonly LetterKind[] = ['fact', 'proposal', 'contact']

const refused = (reason: LetterReason): Refusal => new Refusal('BAD_REQUEST', 'The letter cannot be taken.', { reason })

export async function sealLetter(order: SealOrder): Promise<{ jws: string; id: string; digest: string }> {
  const { signer, directory, from, to, n, id, kind, contents, now } = order
  const letter = { id, iss: from, aud: to, n }
  const body = await signer.sign('comity-fact+jws', bytesOf(JSON.stringify({ ...letter, kind, body: order.body })))
  const plain = padded({ letter, kind, body, contents })
  const sealed = await encrypted(plain, [from, to], directory)
  const payload = bytesOf(JSON.stringify({ v: SCHEMA, ...letter, iat: Math.floor(now.getTime() / 1_000), sealed }))
  if (payload.length > LETTER_AT_MOST * 0.7) throw refused('LETTER_TOO_LARGE')
  return { jws: await signer.sign('comity-letter+jws', payload), id, digest: sha256Hex(payload) }
}

/** Whole buckets, so that the size tells little. */
function padded(value: object): Uint8Array {
  const bare = Buffer.byteLength(JSON.stringify({ ...value, pad: '' }))
  return bytesOf(JSON.stringify({ ...value, pad: ' '.repeat((BUCKET - (bare % BUCKET)) % BUCKET) }))
}

async function encrypted(plain: Uint8Array, parties: readonly string[], directory: Directory): Promise<GeneralJWE> {
  const encryption = new GeneralEncrypt(plain).setProtectedHeader({ enc: CONTENT_ENCRYPTION, typ: 'comity-letter+jwe' })
  for (const party of parties) {
    const listed = directory.encryptionKey(party)
    if (!listed) throw refused('LETTER_KEY')
    encryption.addRecipient(await listed.imported).setUnprotectedHeader({ alg: ENCRYPTION, kid: listed.key.kid })
  }
  return encryption.encrypt()
}

/** The outside of a letter: who sends what number to whom, proved by the sender's key. Says nothing about what is inside. */
export async function readLetter(jws: string, directory: Directory): Promise<OuterLetter> {
  if (jws.length > LETTER_AT_MOST) throw refused('LETTER_TOO_LARGE')
  const { payload, owner, kid } = await signedBy(jws, 'comity-letter+jws', directory)
  const { v, id, iss, aud, n, iat, sealed } = objectIn(payload)
  if (v !== SCHEMA) throw refused('LETTER_SCHEMA')
  if (!isName(id) || !isName(iss) || !isName(aud) || !isNumber(n) || !isNumber(iat) || !isSealed(sealed)) throw refused('LETTER_ENCODING')
  if (iss !== owner) throw refused('LETTER_KEY')
  return { id, iss, aud, n, iat, digest: sha256Hex(payload), sealed, kid }
}

export async function openLetter(outer: OuterLetter, keys: HouseKeys, directory: Directory): Promise<OpenedLetter> {
  const inside = objectIn(await decrypted(outer.sealed, keys))
  const { letter, kind, body, contents } = inside
  if (!isSameLetter(letter, outer) || !isKind(kind) || typeof body !== 'string' || !Array.isArray(contents)) throw refused('LETTER_ENCODING')
  const { payload, owner } = await signedBy(body, 'comity-fact+jws', directory)
  const signed = objectIn(payload)
  if (owner !== outer.iss) throw refused('LETTER_KEY')
  if (!isSameLetter(signed, outer) || signed['kind'] !== kind || typeof signed['body'] !== 'string') throw refused('LETTER_AUDIENCE')
  return { kind, body: objectIn(bytesOf(signed['body'])), fact: body, contents: contents.map(contentOf) }
}

async function signedBy(jws: string, typ: 'comity-letter+jws' | 'comity-fact+jws', directory: Directory): Promise<{ payload: Uint8Array; owner: string; kid: string }> {
  try {
    const { kid } = readHeader(jws)
    const listed = directory.key(kid, 'sign')
    if (!listed) throw refused('LETTER_KEY')
    return { payload: await verifiedPayload(jws, typ, await listed.imported), owner: listed.owner, kid }
  } catch (thrown) {
    if (!(thrown instanceof JwsRefusal)) throw thrown
    throw refused(thrown.jwsFault === 'SIGNATURE' ? 'LETTER_SIGNATURE' : 'LETTER_ENCODING')
  }
}

/** One text for every way in which a seal may not open. */
async function decrypted(sealed: GeneralJWE, keys: HouseKeys): Promise<Uint8Array> {
  try {
    const mine = sealed.recipients.map(recipient => ({ recipient, key: keys.opener(String(recipient.header?.kid ?? '')) })).find(({ key }) => key !== null)
    if (!mine?.key) throw refused('DECRYPT_REFUSED')
    const { plaintext } = await generalDecrypt({ ...sealed, recipients: [mine.recipient] }, mine.key, { keyManagementAlgorithms: [ENCRYPTION], contentEncryptionAlgorithms: [CONTENT_ENCRYPTION] })
    return plaintext
  } catch { throw refused('DECRYPT_REFUSED') }
}

const objectIn = (payload: Uint8Array): Record<string, unknown> => {
  try {
    return payloadObject(payload, LETTER_AT_MOST)
  } catch { throw refused('LETTER_ENCODING') }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0
const isKind = (value: unknown): value is LetterKind => KINDS.some(kind => kind === value)

/** Exactly the two parties, no compression. */
function isSealed(value: unknown): value is GeneralJWE {
  const jwe = value as Partial<GeneralJWE> | null
  return typeof jwe === 'object' && jwe !== null && Array.isArray(jwe.recipients) && jwe.recipients.length === 2 && typeof jwe.ciphertext === 'string'
    && typeof jwe.protected === 'string' && typeof jwe.iv === 'string' && typeof jwe.tag === 'string'
}

function isSameLetter(value: unknown, outer: OuterLetter): boolean {
  const letter = value as Partial<OuterLetter> | null
  return letter?.id === outer.id && letter.iss === outer.iss && letter.aud === outer.aud && letter.n === outer.n
}

function contentOf(value: unknown): LetterContent {
  const { digest, salt, body } = (value ?? {}) as Partial<LetterContent>
  if (typeof digest !== 'string' || typeof salt !== 'string' || contentDigest(salt, body) !== digest) throw refused('LETTER_CONTENT')
  return { digest, salt, body }
}

