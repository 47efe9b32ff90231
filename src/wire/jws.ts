// Compact JWS over exact bytes, Ed25519 alone, one `typ` a use. Every signature of Comity is made and read here; the header names a key by
// its `kid` and can say nothing else about it.
import { compactVerify, CompactSign, type CryptoKey } from 'jose'
import { Refusal } from '../refusal'
import { bytesOfBase64url, textOf } from './base64url'
import { parseStrictJson } from './strict-json'

export type WireType =
  | 'JWT' | 'comity-letter+jws' | 'comity-fact+jws' | 'comity-receipt+jws' | 'comity-relay+jws' | 'comity-checkpoint+jws' | 'comity-countersignature+jws' | 'comity-bundle+jws' | 'comity-directory+jws' | 'comity-register+jws' | 'comity-assertion+jwt' | 'comity-node+jwt' | 'comity-withdrawal+jws' | 'comity-access+jws'

/** jose takes `EdDSA` for another algorithm; we take one name. */
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

/** Why a JWS is not believed; the reader says what it means there. */
export type JwsFault = 'TOO_LARGE' | 'ENCODING' | 'HEADER' | 'KEY' | 'SIGNATURE'

export class JwsRefusal extends Refusal {
  constructor(readonly jwsFault: JwsFault) { super('BAD_REQUEST', 'This signature cannot be believed.', { reason: jwsFault }) }
}

export interface JwsDemand<Key> {
  typ: WireType
  /** Characters of the whole. */
  atMost: number
  /** The key that the reader trusts under this name, if any. */
  key: (kid: string) => Key | null
}

export interface VerifiedJws<Key> { payload: Uint8Array; kid: string; key: Key }

/** The exact bytes that were signed, and by which of the reader's own keys. */
export async function verifyJws<Key extends { imported: Promise<CryptoKey> }>(jws: string, { typ, atMost, key: keyOf }: JwsDemand<Key>): Promise<VerifiedJws<Key>> {
  if (jws.length > atMost) throw new JwsRefusal('TOO_LARGE')
  const kid = kidOf(headerOf(jws), typ)
  const key = keyOf(kid)
  if (!key) throw new JwsRefusal('KEY')
  const imported = await key.imported
  try {
    const { payload } = await compactVerify(jws, imported, { algorithms: [ALGORITHM], crit: {} })
    return { payload, kid, key }
  } catch { throw new JwsRefusal('SIGNATURE') }
}

/** Three segments in their one spelling; the header read strictly. */
function headerOf(jws: string): Record<string, unknown> {
  const [header, ...rest] = jws.split('.', 4).map(bytesOfBase64url)
  if (!header || rest.length !== 2 || !rest.every(segment => segment && segment.length > 0)) throw new JwsRefusal('ENCODING')
  try {
    return plainObject(parseStrictJson(textOf(header), { maxDepth: 4, maxBytes: 2_048 }))
  } catch { throw new JwsRefusal('HEADER') }
}

/** `alg`, `kid`, `typ` and nothing beside them: so no `crit`, `b64`, `jwk`, `jku`, `x5u`. A person's token may leave `typ` out. */
function kidOf({ alg, kid, typ, ...others }: Record<string, unknown>, wanted: WireType): string {
  const isTyped = typ === wanted || (wanted === 'JWT' && typ === undefined)
  if (alg !== ALGORITHM || typeof kid !== 'string' || kid.length > 200 || !isTyped || Object.keys(others).length > 0) throw new JwsRefusal('HEADER')
  return kid
}

function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new JwsRefusal('ENCODING')
  return value as Record<string, unknown>
}

/** The key under which this was signed, as it says itself; null where it says nothing. Proves nothing: for what was proved before and is kept. */
export function namedKey(jws: string): string | null {
  try {
    const { kid } = headerOf(jws)
    return typeof kid === 'string' ? kid : null
  } catch (thrown) {
    if (thrown instanceof JwsRefusal) return null
    throw thrown
  }
}

/** A signed payload as a plain object, read strictly. */
export function payloadObject(payload: Uint8Array, maxBytes = 64 * 1024): Record<string, unknown> {
  try {
    return plainObject(parseStrictJson(textOf(payload), { maxBytes }))
  } catch { throw new JwsRefusal('ENCODING') }
}
