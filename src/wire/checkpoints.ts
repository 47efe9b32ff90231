// Signed checkpoints: what a house says its ledger was up to one position; and countersignatures: that another house saw it, and that it extends
// what that house had seen before. A ledger that ends before, or says otherwise there, was changed since.
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import type { Directory } from './directory'
import { payloadObject, verifyJws, type Signer, type WireType } from './jws'
import { isInstant } from './keys'
import { isConsistent, isHash, isProof } from './merkle'

/** Where a ledger stands: its last position, the digest of the entry there, and the root over the digests of all entries up to it. */
export interface Standing { seq: number; digest: string; root: string }

export interface Checkpoint extends Standing {
  /** The house, who signs. */
  iss: string
  /** Position of its checkpoint before; 0 for the first. */
  prev: number
  at: string
}

export interface Countersignature extends Standing {
  /** The house that saw it, who signs. */
  iss: string
  /** The house whose ledger it is. */
  of: string
  at: string
}

/** That a standing extends the one at `from`. */
export interface Extension { from: number; path: string[] }

const SCHEMA = 1
const AT_MOST = 4 * 1024

const refused = (): Refusal => new Refusal('BAD_REQUEST', 'The checkpoint cannot be believed.', { reason: 'CHECKPOINT_INVALID' })

export function makeCheckpoint({ signer, iss, seq, digest, root, prev, at }: Checkpoint & { signer: Signer }): Promise<string> {
  return signer.sign('comity-checkpoint+jws', bytesOf(JSON.stringify({ v: SCHEMA, iss, seq, digest, root, prev, at })))
}

/** The signer must be the house that the checkpoint names. With `seen`, when it was first seen here, its key must have been current then; without it, any key that was ever listed for it speaks for it: what was kept stays evidence when a key is revoked. */
export async function readCheckpoint(jws: string, directory: Directory, seen?: Date): Promise<Checkpoint> {
  const { standing, claims: { iss, prev }, owner, at } = await read(jws, 'comity-checkpoint+jws', directory, seen)
  if (iss !== owner || typeof prev !== 'number' || !Number.isSafeInteger(prev) || prev < 0 || prev >= standing.seq) throw refused()
  return { ...standing, iss: owner, prev, at }
}

export function makeCountersignature({ signer, iss, of, seq, digest, root, at }: Countersignature & { signer: Signer }): Promise<string> {
  return signer.sign('comity-countersignature+jws', bytesOf(JSON.stringify({ v: SCHEMA, iss, of, seq, digest, root, at })))
}

export async function readCountersignature(jws: string, directory: Directory): Promise<Countersignature> {
  const { standing, claims: { iss, of }, owner, at } = await read(jws, 'comity-countersignature+jws', directory)
  if (iss !== owner || typeof of !== 'string' || of === owner) throw refused()
  return { ...standing, iss: owner, of, at }
}

interface Read { standing: Standing; claims: Record<string, unknown>; owner: string; at: string }

async function read(jws: string, typ: WireType, directory: Directory, seen?: Date): Promise<Read> {
  try {
    const { payload, key, kid } = await verifyJws(jws, { typ, atMost: AT_MOST, key: named => directory.keyEver(named, 'sign') })
    const { v, at, ...claims } = payloadObject(payload, AT_MOST)
    if (v !== SCHEMA || !isInstant(at) || !isStanding(claims) || (seen && !directory.key(kid, 'sign', seen))) throw refused()
    const { seq, digest, root } = claims
    return { standing: { seq, digest, root }, claims, owner: key.owner, at }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw refused()
    throw thrown
  }
}

export function isStanding(value: unknown): value is Standing & Record<string, unknown> {
  const { seq, digest, root } = (value ?? {}) as Partial<Standing>
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 && isHash(digest) && isHash(root)
}

export const isSameStanding = (one: Standing, other: Standing): boolean => one.seq === other.seq && one.digest === other.digest && one.root === other.root

export function isExtension(value: unknown): value is Extension {
  const { from, path } = (value ?? {}) as Partial<Extension>
  return typeof from === 'number' && Number.isSafeInteger(from) && from >= 0 && isProof(path)
}

/** Whether this is proved to extend what was seen last; whatever comes first extends nothing. */
export function extendsLast(last: Standing | null, { from, path }: Extension, next: Standing): boolean {
  if (!last) return true
  return from === last.seq && isConsistent({ size: last.seq, root: last.root }, { size: next.seq, root: next.root }, path)
}
