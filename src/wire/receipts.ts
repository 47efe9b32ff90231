// Signed receipts: the addressee's, that a letter took effect or why not; the hub's, that it took a letter to carry. Equal facts, equal bytes.
import { Refusal } from '../refusal'
import type { Directory } from './directory'
import { bytesOf, payloadObject, readHeader, verifiedPayload, type WireType } from './jws'
import type { Signer } from './keys'
import type { OuterLetter } from './letters'

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
  at: string
}

export interface RelayReceipt { iss: string; from: string; to: string; n: number; id: string; digest: string; at: string }

const refused = (reason: string): Refusal => new Refusal('BAD_REQUEST', 'The receipt cannot be believed.', { reason })

export function makeReceipt({ signer, ...receipt }: Receipt & { signer: Signer }): Promise<string> {
  const { iss, aud, n, id, digest, status, reason, head, at } = receipt
  return signer.sign('comity-receipt+jws', bytesOf(JSON.stringify({ v: 1, iss, aud, n, id, digest, status, ...(reason && { reason }), head, at })))
}

export async function readReceipt(jws: string, directory: Directory): Promise<Receipt> {
  const { claims, owner } = await read(jws, 'comity-receipt+jws', directory)
  const { iss, aud, n, id, digest, status, reason, head, at } = claims as unknown as Receipt
  const shaped = [iss, aud, id, digest, head, at].every(each => typeof each === 'string' && each.length <= 200) && Number.isSafeInteger(n) && (status === 'APPLIED' || status === 'REJECTED')
  if (!shaped || iss !== owner) throw refused('RECEIPT_INVALID')
  return { iss, aud, n, id, digest, status, ...(typeof reason === 'string' && { reason: reason.slice(0, 100) }), head, at }
}

export function makeRelayReceipt({ signer, letter, at }: { signer: Signer; letter: Pick<OuterLetter, 'iss' | 'aud' | 'n' | 'id' | 'digest'>; at: string }): Promise<string> {
  const { iss, aud, n, id, digest } = letter
  return signer.sign('comity-relay+jws', bytesOf(JSON.stringify({ v: 1, iss: 'hub', from: iss, to: aud, n, id, digest, at })))
}

export async function readRelayReceipt(jws: string, directory: Directory): Promise<RelayReceipt> {
  const { claims, owner } = await read(jws, 'comity-relay+jws', directory)
  if (owner !== directory.hub.id) throw refused('RECEIPT_INVALID')
  return claims as unknown as RelayReceipt
}

async function read(jws: string, typ: WireType, directory: Directory): Promise<{ claims: Record<string, unknown>; owner: string }> {
  try {
    const listed = directory.key(readHeader(jws).kid, 'sign')
    if (!listed) throw refused('RECEIPT_INVALID')
    return { claims: payloadObject(await verifiedPayload(jws, typ, await listed.imported), 8 * 1024), owner: listed.owner }
  } catch { throw refused('RECEIPT_INVALID') }
}
