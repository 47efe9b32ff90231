// Letters between nodes: signed outside, so that the hub can route them; sealed for the two parties; signed again inside, so that whoever
// opened one cannot pass it on as if it had been sent to another. Must not know what a fact or a proposal means.
import type { GeneralJWE } from 'jose'
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import { contentDigest, isSalt, sha256Hex } from './canonical'
import { isExtension, type Extension } from './checkpoints'
import type { Directory, ListedKey } from './directory'
import { JwsRefusal, namedKey, payloadObject, verifyJws, type JwsFault, type Signer } from './jws'
import type { HouseKeys } from './house-keys'
import { decryptRefused, isSealedFor, padded, seal, unseal } from './sealing'

export const LETTER_KINDS = ['fact', 'proposal', 'contact'] as const
export type LetterKind = (typeof LETTER_KINDS)[number]
export interface LetterContent { digest: string; salt: string; body: unknown }

/** Why a letter is not taken. LETTER_CONFLICT, another letter under a number that is taken, is for those to say who keep letters. */
export const LETTER_REASONS = [
  'LETTER_SIGNATURE', 'LETTER_ENCODING', 'LETTER_AUDIENCE', 'LETTER_CONFLICT', 'LETTER_SCHEMA', 'LETTER_KEY', 'DECRYPT_REFUSED', 'LETTER_CONTENT', 'LETTER_TOO_LARGE',
] as const
export type LetterReason = (typeof LETTER_REASONS)[number]

export interface SealOrder {
  signer: Signer; directory: Directory; from: string; to: string; n: number; id: string; kind: LetterKind
  /** Canonical text of the fact, proposal or contact. */
  body: string
  contents: readonly LetterContent[]
  /** The sender's newest checkpoint, for the addressee to countersign. */
  checkpoint?: CarriedCheckpoint
  now: Date
}

export interface CarriedCheckpoint { jws: string; extends: Extension }

/** What a letter is called: the digest is that of its payload. */
export interface LetterName { id: string; iss: string; aud: string; n: number; digest: string }
/** What was said inside a letter, `digest` that of what was signed. */
export interface Said extends LetterName { kind: LetterKind; /** Canonical text. */ body: string }
export interface OuterLetter extends LetterName { iat: number; sealed: GeneralJWE; kid: string }
/** `fact`: what the sender has signed inside, `said` the digest of its payload. */
export interface OpenedLetter { kind: LetterKind; body: unknown; fact: string; said: string; contents: LetterContent[]; checkpoint: CarriedCheckpoint | null }

const SCHEMA = 1
/** Characters of the wire form. */
const LETTER_AT_MOST = 1024 * 1024
/** So much of it can be payload: base64 makes four of three, and header and signature want their place. */
const PAYLOAD_AT_MOST = (LETTER_AT_MOST / 4) * 3 - 1_024

const refused = (reason: LetterReason): Refusal => new Refusal('BAD_REQUEST', 'The letter cannot be taken.', { reason })

/** `kids`: the keys it lies under, its sender's and those it is sealed for. */
export interface SealedLetter { jws: string; id: string; digest: string; kids: string[] }

export async function sealLetter(order: SealOrder): Promise<SealedLetter> {
  const { signer, directory, from, to, n, id, kind, contents, checkpoint, now } = order
  const keys = [from, to].map(party => directory.encryptionKey(party, now)).filter(key => key !== null)
  if (keys.length !== 2) throw refused('LETTER_KEY')
  const letter = { id, iss: from, aud: to, n }
  const body = await sayIn(signer, letter, kind, order.body)
  const sealed = await seal(padded({ letter, kind, body, contents, ...(checkpoint && { checkpoint }) }), keys)
  const payload = bytesOf(JSON.stringify({ v: SCHEMA, ...letter, iat: Math.floor(now.getTime() / 1_000), sealed }))
  if (payload.length > PAYLOAD_AT_MOST) throw refused('LETTER_TOO_LARGE')
  const jws = await signer.sign('comity-letter+jws', payload)
  const signed = namedKey(jws)
  // Another key may have taken over between the two signatures: what is inside must not end before its outside.
  if (signed === null || signed !== namedKey(body)) return sealLetter(order)
  return { jws, id, digest: sha256Hex(payload), kids: [signed, ...keys.map(({ key }) => key.kid)] }
}

/** What a letter says, signed for its addressee alone: the same letter says the same bytes, under whatever key they are signed. */
export const sayIn = (signer: Signer, { id, iss, aud, n }: Omit<LetterName, 'digest'>, kind: LetterKind, body: string): Promise<string> =>
  signer.sign('comity-fact+jws', bytesOf(JSON.stringify({ id, iss, aud, n, kind, body })))

/** What a house has said to another in a letter, proved by its key alone: one that is good now, or was when it was first seen. */
export async function readSaid(jws: string, directory: Directory, seen: Date): Promise<Said> {
  const trusted = (kid: string): ListedKey | null => directory.key(kid, 'sign') ?? directory.key(kid, 'sign', seen)
  const { payload, key } = await verifyJws(jws, { typ: 'comity-fact+jws', atMost: LETTER_AT_MOST, key: trusted }).catch(inLettersWords)
  const { id, iss, aud, n, kind, body } = objectIn(payload)
  if (!isName(id) || !isName(aud) || !isNumber(n) || !isKind(kind) || typeof body !== 'string') throw refused('LETTER_ENCODING')
  if (iss !== key.owner) throw refused('LETTER_KEY')
  return { id, iss: key.owner, aud, n, kind, body, digest: sha256Hex(payload) }
}

/**
 * The outside of a letter: who sends what number to whom, proved by the sender's key. Says nothing about what is inside.
 * With `at`, when the letter was first seen here, the sender's key must have been current at that time.
 */
export async function readLetter(jws: string, directory: Directory, at?: Date): Promise<OuterLetter> {
  const { payload, owner, kid } = await signed(jws, 'comity-letter+jws', directory, at)
  const { v, sealed, ...outer } = objectIn(payload)
  if (v !== SCHEMA) throw refused('LETTER_SCHEMA')
  const { id, iss, aud, n, iat, ...others } = outer
  if (!isName(id) || !isName(iss) || !isName(aud) || !isNumber(n) || !isNumber(iat) || Object.keys(others).length > 0) throw refused('LETTER_ENCODING')
  if (iss !== owner) throw refused('LETTER_KEY')
  if (iss === aud || !directory.authority(aud)) throw refused('LETTER_AUDIENCE')
  if (!isSealedFor(sealed, [iss, aud], directory)) throw decryptRefused()
  return { id, iss, aud, n, iat, digest: sha256Hex(payload), sealed, kid }
}

/** The same for a letter that is new here: a key that has ended proves nothing. */
export async function readNewLetter(jws: string, directory: Directory, now: Date): Promise<OuterLetter> {
  const letter = await readLetter(jws, directory)
  if (directory.isOver(letter.kid, now)) throw refused('LETTER_KEY')
  return letter
}

/** Whether a letter has to be sealed anew, because it cannot be read or a key that it lies under holds no more. */
export async function isOutdated(jws: string, directory: Directory, now: Date): Promise<boolean> {
  try {
    const { sealed } = await readNewLetter(jws, directory, now)
    return sealed.recipients.some(({ header }) => directory.isOver(String(header?.kid), now))
  } catch (thrown) {
    if (thrown instanceof Refusal) return true
    throw thrown
  }
}

/**
 * What a letter is called that cannot be read, where its sender has really signed it: a key that ended or was revoked since, or a schema of
 * tomorrow, does not make it somebody else's. Null where nobody is proved to have sent it.
 */
export async function provenLetter(jws: string, directory: Directory, seen?: Date): Promise<LetterName | null> {
  try {
    const { payload, key } = await verifyJws(jws, { typ: 'comity-letter+jws', atMost: LETTER_AT_MOST, key: named => (seen ? directory.key(named, 'sign', seen) : directory.keyEver(named, 'sign')) })
    const { id, iss, aud, n } = payloadObject(payload, LETTER_AT_MOST)
    if (!isName(id) || !isName(iss) || !isName(aud) || !isNumber(n) || iss !== key.owner || iss === aud) return null
    return { id, iss, aud, n, digest: sha256Hex(payload) }
  } catch (thrown) {
    if (thrown instanceof Refusal) return null
    throw thrown
  }
}

/** The inside, for one of its two parties: said by the same house, to the same addressee, under the same number as outside. */
export async function openLetter(outer: OuterLetter, keys: HouseKeys, directory: Directory, at?: Date): Promise<OpenedLetter> {
  if (keys.house !== outer.iss && keys.house !== outer.aud) throw refused('LETTER_AUDIENCE')
  const { letter, kind, body, contents, checkpoint = null } = objectIn(await unseal(outer.sealed, keys))
  if (!isKind(kind) || typeof body !== 'string' || !Array.isArray(contents) || !(checkpoint === null || isCarried(checkpoint))) throw refused('LETTER_ENCODING')
  const { payload, owner } = await signed(body, 'comity-fact+jws', directory, at)
  const said = objectIn(payload)
  if (owner !== outer.iss) throw refused('LETTER_KEY')
  if (!isSameLetter(letter, outer) || !isSameLetter(said, outer)) throw refused('LETTER_AUDIENCE')
  if (said['kind'] !== kind || typeof said['body'] !== 'string') throw refused('LETTER_ENCODING')
  return { kind, body: objectIn(bytesOf(said['body'])), fact: body, said: sha256Hex(payload), contents: contents.map(contentOf), checkpoint }
}

const REASON_OF: Readonly<Record<JwsFault, LetterReason>> = {
  TOO_LARGE: 'LETTER_TOO_LARGE', ENCODING: 'LETTER_ENCODING', HEADER: 'LETTER_ENCODING', KEY: 'LETTER_KEY', SIGNATURE: 'LETTER_SIGNATURE',
}

/** What the wire refuses, in a letter's words; a fault of ours goes on as it is. */
function inLettersWords(thrown: unknown): never {
  throw thrown instanceof JwsRefusal ? refused(REASON_OF[thrown.jwsFault]) : thrown
}

async function signed(jws: string, typ: 'comity-letter+jws' | 'comity-fact+jws', directory: Directory, at: Date | undefined): Promise<{ payload: Uint8Array; owner: string; kid: string }> {
  const { payload, kid, key } = await verifyJws(jws, { typ, atMost: LETTER_AT_MOST, key: named => directory.key(named, 'sign', at) }).catch(inLettersWords)
  return { payload, kid, owner: key.owner }
}

function objectIn(payload: Uint8Array): Record<string, unknown> {
  try {
    return payloadObject(payload, LETTER_AT_MOST)
  } catch (thrown) { return inLettersWords(thrown) }
}

/** Printable ASCII: it comes into keys and logs. */
const isName = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0
const isKind = (value: unknown): value is LetterKind => LETTER_KINDS.some(kind => kind === value)

function isCarried(value: unknown): value is CarriedCheckpoint {
  const { jws, extends: extension } = value as Partial<CarriedCheckpoint>
  return typeof jws === 'string' && isExtension(extension)
}

function isSameLetter(value: unknown, outer: OuterLetter): boolean {
  const letter = value as Partial<OuterLetter> | null | undefined
  return letter?.id === outer.id && letter.iss === outer.iss && letter.aud === outer.aud && letter.n === outer.n
}

function contentOf(value: unknown): LetterContent {
  const { digest, salt, body } = (value ?? {}) as Partial<LetterContent>
  if (typeof digest !== 'string' || !isSalt(salt) || body === undefined || contentDigest(salt, body) !== digest) throw refused('LETTER_CONTENT')
  return { digest, salt, body }
}
