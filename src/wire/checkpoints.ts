// Signed checkpoints: what a house says its ledger was at one position. A ledger that ends before, or says otherwise there, was changed since.
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import type { Directory } from './directory'
import { payloadObject, verifyJws, type Signer } from './jws'

export interface Checkpoint {
  /** The house, who signs. */
  iss: string
  seq: number
  /** Of the entry at this position. */
  digest: string
  at: string
}

const SCHEMA = 1
const AT_MOST = 4 * 1024

const refused = (): Refusal => new Refusal('BAD_REQUEST', 'The checkpoint cannot be believed.', { reason: 'CHECKPOINT_INVALID' })

export function makeCheckpoint({ signer, iss, seq, digest, at }: Checkpoint & { signer: Signer }): Promise<string> {
  return signer.sign('comity-checkpoint+jws', bytesOf(JSON.stringify({ v: SCHEMA, iss, seq, digest, at })))
}

/** The signer must be the house that the checkpoint names. */
export async function readCheckpoint(jws: string, directory: Directory): Promise<Checkpoint> {
  try {
    const { payload, key } = await verifyJws(jws, { typ: 'comity-checkpoint+jws', atMost: AT_MOST, key: kid => directory.key(kid, 'sign') })
    const { v, iss, seq, digest, at } = payloadObject(payload, AT_MOST)
    if (v !== SCHEMA || iss !== key.owner || typeof iss !== 'string' || !isPosition(seq) || typeof digest !== 'string' || typeof at !== 'string') throw refused()
    return { iss, seq, digest, at }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw refused()
    throw thrown
  }
}

const isPosition = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0
