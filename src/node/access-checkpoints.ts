// The node signs where its access log stands, as often as its ledger: so a tail that was cut off later, or a past that was written anew, is found.
import type { Logger } from 'pino'
import type { Head } from '../ledger/ledger'
import { waitOr } from '../peer/retry'
import type { Documents, Store } from '../store/store'
import { bytesOf } from '../wire/base64url'
import type { Directory } from '../wire/directory'
import { payloadObject, verifyJws, type Signer } from '../wire/jws'
import { checkpointKey } from './checkpoints'
import { unending } from './loop'
import { isDue, nextLook, type Signed } from './signing-rhythm'

const TYP = 'comity-access+jws'
const AT_MOST = 4 * 1024

interface Parts { own: string; store: Store; ledger: { readonly head: Head }; signer: Signer; now: () => Date; log: Logger }

/** Kept signatures, by position. */
export const accessCheckpointsOf = (store: Store): Documents<string> => store.documents<string>('access-checkpoint')

export class AccessCheckpoints {
  #last: Signed

  constructor(private readonly parts: Parts) { this.#last = { seq: 0, at: parts.now().getTime() } }

  run(signal: AbortSignal): Promise<void> { return unending(() => this.#watch(signal), { signal, wait: waitOr, log: this.parts.log, name: 'access checkpoints' }) }

  async #watch(signal: AbortSignal): Promise<void> {
    while (await nextLook(signal)) {
      if (isDue(this.parts.ledger.head.seq, this.#last, this.parts.now())) await this.sign()
    }
  }

  /** Signs the end of the log as it stands, once. */
  async sign(): Promise<void> {
    const { own, store, ledger: { head: { seq, digest } }, signer, now } = this.parts
    const at = now()
    if (seq > this.#last.seq) await accessCheckpointsOf(store).insert(checkpointKey(seq), await signer.sign(TYP, bytesOf(JSON.stringify({ v: 1, iss: own, seq, digest, at: at.toISOString() }))))
    this.#last = { seq, at: at.getTime() }
  }
}

/** The digest that a house signed for a position of its access log; null where the signature is not its own. */
export async function signedDigest(jws: string, own: string, seq: number, directory: Directory): Promise<string | null> {
  try {
    const { payload, key } = await verifyJws(jws, { typ: TYP, atMost: AT_MOST, key: kid => directory.key(kid, 'sign') })
    const said = payloadObject(payload, AT_MOST)
    return key.owner === own && said['iss'] === own && said['seq'] === seq && typeof said['digest'] === 'string' ? said['digest'] : null
  } catch { return null }
}
