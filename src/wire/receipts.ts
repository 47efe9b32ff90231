// Signed receipts: the addressee's, that a letter took effect or why not; the hub's, that it took a letter to carry. Equal facts, equal bytes.
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import { isStanding, type Standing } from './checkpoints'
import { knownByThen, type Directory, type ListedKey } from './directory'
import { payloadObject, verifyJws, type Signer, type WireType } from './jws'
import type { OuterLetter } from './letters'
import { isHash } from './merkle'

export interface Receipt {
  /** The receiver, who signs. */
  iss: string
  /** The sender of the letter. */
  aud: string
  n: number
  id: string
  /** Of the letter's payload. */
  digest: string
  status: 'APPLIED' | 'REJECTED'
  reason?: string
  /** Digest of the receiver's ledger entry. */
  head: string
  /** Digest of what the sender has signed inside the letter; absent where it could not be opened. */
  said?: string
  /** Countersigned: a checkpoint of the sender's that came with the letter, and extends what the receiver had seen before. */
  witnessed?: Standing
  at: string
}

export interface RelayReceipt { iss: 'hub'; from: string; to: string; n: number; id: string; digest: string; at: string }

const SCHEMA = 1
const RECEIPT_AT_MOST = 8 * 1024

const refused = (): Refusal => new Refusal('BAD_REQUEST', 'The receipt cannot be believed.', { reason: 'RECEIPT_INVALID' })

export function makeReceipt({ signer, ...receipt }: Receipt & { signer: Signer }): Promise<string> {
  const { iss, aud, n, id, digest, status, reason, head, said, witnessed, at } = receipt
  const optional = { ...(reason !== undefined && { reason }), head, ...(said !== undefined && { said }), ...(witnessed && { witnessed }) }
  return signer.sign('comity-receipt+jws', bytesOf(JSON.stringify({ v: SCHEMA, iss, aud, n, id, digest, status, ...optional, at })))
}

export function readReceipt(jws: string, directory: Directory): Promise<Receipt> {
  return receiptIn(jws, directory, kid => directory.key(kid, 'sign'))
}

/**
 * The same for a receipt that is kept with an entry which was made at `since`. It was signed later, perhaps anew and under a later key; a key that
 * was revoked has signed well before, but none that was known as revoked when there was nothing yet to sign for.
 */
export function readKeptReceipt(jws: string, directory: Directory, since: string): Promise<Receipt> {
  return receiptIn(jws, directory, kid => directory.keySince(kid, 'sign', knownByThen(since)))
}

/** The same for one that countersigns a checkpoint: what was kept stays evidence when its key is revoked, as any countersignature does. */
export function readWitnessingReceipt(jws: string, directory: Directory): Promise<Receipt> {
  return receiptIn(jws, directory, kid => directory.keyEver(kid, 'sign'))
}

/** The same for a receipt that is new here: a key that has ended proves nothing. */
export function readNewReceipt(jws: string, directory: Directory, now: Date): Promise<Receipt> {
  return receiptIn(jws, directory, kid => (directory.isOver(kid, now) ? null : directory.key(kid, 'sign')))
}

async function receiptIn(jws: string, directory: Directory, trusted: Trusted): Promise<Receipt> {
  const { claims, owner } = await read(jws, 'comity-receipt+jws', trusted)
  if (!isReceipt(claims) || claims.iss !== owner || !directory.authority(owner)) throw refused()
  const { iss, aud, n, id, digest, status, reason, head, said, witnessed, at: madeAt } = claims
  return { iss, aud, n, id, digest, status, ...(reason !== undefined && { reason }), head, ...(said !== undefined && { said }), ...(witnessed && { witnessed }), at: madeAt }
}

function isReceipt(value: object): value is Receipt {
  const { iss, aud, n, id, digest, status, reason, head, said, witnessed, at } = value as Partial<Receipt>
  if ((said !== undefined && !isHash(said)) || (witnessed !== undefined && !isStanding(witnessed))) return false
  const isReasoned = reason === undefined || (typeof reason === 'string' && reason.length <= 100)
  return [iss, aud, id, digest, head, at].every(isText) && isNumber(n) && (status === 'APPLIED' || status === 'REJECTED') && isReasoned
}

export function makeRelayReceipt({ signer, letter, at }: { signer: Signer; letter: Pick<OuterLetter, 'iss' | 'aud' | 'n' | 'id' | 'digest'>; at: string }): Promise<string> {
  const { iss, aud, n, id, digest } = letter
  return signer.sign('comity-relay+jws', bytesOf(JSON.stringify({ v: SCHEMA, iss: 'hub', from: iss, to: aud, n, id, digest, at })))
}

export async function readRelayReceipt(jws: string, directory: Directory, at?: Date): Promise<RelayReceipt> {
  const { claims, owner } = await read(jws, 'comity-relay+jws', kid => directory.key(kid, 'sign', at))
  if (!isRelayReceipt(claims) || owner !== directory.hub.id) throw refused()
  const { iss, from, to, n, id, digest, at: takenAt } = claims
  return { iss, from, to, n, id, digest, at: takenAt }
}

function isRelayReceipt(value: object): value is RelayReceipt {
  const { iss, from, to, n, id, digest, at } = value as Partial<RelayReceipt>
  return iss === 'hub' && [from, to, id, digest, at].every(isText) && isNumber(n)
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 200
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value > 0

type Trusted = (kid: string) => ListedKey | null

async function read(jws: string, typ: WireType, trusted: Trusted): Promise<{ claims: Record<string, unknown>; owner: string }> {
  try {
    const { payload, key } = await verifyJws(jws, { typ, atMost: RECEIPT_AT_MOST, key: trusted })
    const { v, ...claims } = payloadObject(payload, RECEIPT_AT_MOST)
    if (v !== SCHEMA) throw refused()
    return { claims, owner: key.owner }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw refused()
    throw thrown
  }
}
