// Compact JWS over exact bytes, Ed25519 alone, one `typ` a use. Every signature of Comity is made and read here.
import { compactVerify, CompactSign, type CryptoKey } from 'jose'
import { Refusal } from '../refusal'
import { parseStrictJson } from './strict-json'

export type WireType =
  | 'JWT' | 'comity-letter+jws' | 'comity-fact+jws' | 'comity-receipt+jws' | 'comity-relay+jws' | 'comity-directory+jws' | 'comity-assertion+jwt' | 'comity-node+jwt'

export const ALGORITHM = 'Ed25519'

/** Signs; the private key may live in another process. */
export interface Signer {
  readonly kid: string
  sign(typ: WireType, payload: Uint8Array): Promise<string>
}

export const keySigner = (kid: string, key: CryptoKey): Signer => ({
  kid,
  sign: (typ, payload) => new CompactSign(payload).setProtectedHeader({ alg: ALGORITHM, kid, typ }).sign(key),
})

export interface ReadHeader { kid: string; typ: string | null }

/** Why a JWS is not believed; the caller says to whom it matters. */
export type JwsFault = 'ENCODING' | 'HEADER' | 'KEY' | 'SIGNATURE'

export class JwsRefusal extends Refusal {
  constructor(readonly jwsFault: JwsFault) { super('BAD_REQUEST', 'this signature cannot be believed', { reason: jwsFault }) }
}

const SEGMENT = /^[A-Za-z0-9_-]+$/
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The one spelling of each segment; the header read strictly. Proves nothing yet. */
export function readHeader(jws: string): ReadHeader {
  const segments = jws.split('.')
  if (segments.length !== 3 || !segments.every(isCanonicalSegment)) throw new JwsRefusal('ENCODING')
  const header = headerOf(segments[0] ?? '')
  const { alg, kid, typ, ...rest } = header
  if (alg !== ALGORITHM || typeof kid !== 'string' || kid.length > 200 || (typ !== undefined && typeof typ !== 'string')) throw new JwsRefusal('HEADER')
  if (Object.keys(rest).length > 0) throw new JwsRefusal('HEADER')
  return { kid, typ: typ ?? null }
}

function headerOf(segment: string): Record<string, unknown> {
  try {
    const header = parseStrictJson(decoder.decode(Buffer.from(segment, 'base64url')), { maxDepth: 4, maxBytes: 2_048 })
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header as Record<string, unknown>
  } catch { /* said below, in one text */ }
  throw new JwsRefusal('HEADER')
}

const isCanonicalSegment = (segment: string): boolean => SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment

/** The exact bytes that were signed. `typ` is checked before, the key is the caller's choice, never the header's. */
export async function verifiedPayload(jws: string, typ: WireType, key: CryptoKey): Promise<Uint8Array> {
  const header = readHeader(jws)
  if (header.typ !== typ && !(typ === 'JWT' && header.typ === null)) throw new JwsRefusal('HEADER')
  try {
    return (await compactVerify(jws, key, { algorithms: [ALGORITHM] })).payload
  } catch { throw new JwsRefusal('SIGNATURE') }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A signed payload as a plain object, read strictly. */
export function payloadObject(payload: Uint8Array, maxBytes = 64 * 1024): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = parseStrictJson(decoder.decode(payload), { maxDepth: 32, maxBytes })
  } catch { throw new JwsRefusal('ENCODING') }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new JwsRefusal('ENCODING')
  return parsed as Record<string, unknown>
}
