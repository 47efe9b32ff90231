// The hub as witness of this house's ledger: it countersigns each checkpoint that is proved to extend the last one it saw, and tells which that was.
// What it holds is signed by this house, so it can show that this house has forgotten, never make it forget.
import type { Ledger } from '../ledger/ledger'
import type { HousePeer } from '../peer/client'
import { retryDelay } from '../peer/retry'
import type { Documents, Store } from '../store/store'
import { isSameStanding, readCheckpoint, readCountersignature, type Standing } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/house-keys'
import { issueNodeToken } from '../wire/tokens'
import type { EntryBody } from './entry'
import type { HistoryTree } from './history-tree'
import type { Soundness } from './soundness'
import type { Logger } from 'pino'

export interface HubWitnessParts {
  own: string; store: Store; ledger: Pick<Ledger<EntryBody>, 'read'>; tree: HistoryTree; keys: HouseKeys; directory: () => Directory; hub: Pick<HousePeer, 'get' | 'post'>
  soundness: Soundness; now: () => Date; log: Logger
}

/** A checkpoint of this house. */
export interface Shown { standing: Standing; jws: string }

export type Countersigned = Standing & { jws: string }

/** Countersignatures of this house's ledger, the newest of each house. */
export const countersignedOf = (store: Store): Documents<Countersigned> => store.documents<Countersigned>('countersigned')

const DEADLINE_MS = 2_000
const WHEN_STOPPING_MS = 1_000
const HUB = 'hub'

export class HubWitness {
  readonly #kept: Documents<Countersigned>
  /** Where the hub's last one stands, as far as known here. */
  #seen: Standing | null = null
  #compared = false
  #attempt = 0
  #notBefore = 0

  constructor(private readonly parts: HubWitnessParts) { this.#kept = countersignedOf(parts.store) }

  /** Asks the hub for the last checkpoint of this house that it saw; says so where this ledger does not bear it out. Without the hub nothing is said. */
  async compare(): Promise<void> {
    this.#seen = await this.#kept.get(HUB)
    const outcome = await this.parts.hub.get('/exchange/checkpoints/last', { headers: { authorization: `Bearer ${await this.#token()}` }, deadlineMs: DEADLINE_MS })
    if (outcome.state !== 'ANSWERED' || outcome.status !== 200) return
    await this.#takeLast((outcome.body as { last?: unknown }).last)
    this.#compared = true
  }

  async #token(): Promise<string> {
    const { keys, own, now } = this.parts
    return issueNodeToken({ keys, issuer: own, audience: 'hub', now: now() })
  }

  /** A checkpoint that the hub holds must be signed by this house, and its ledger must bear it out. */
  async #takeLast(last: unknown): Promise<void> {
    const { checkpoint, countersignature } = (last ?? {}) as Partial<Record<'checkpoint' | 'countersignature', unknown>>
    if (typeof checkpoint !== 'string' || typeof countersignature !== 'string') return
    const standing = await readCheckpoint(checkpoint, this.parts.directory()).catch(() => null)
    if (standing?.iss !== this.parts.own) return
    if (await this.isOurs(standing)) await this.#countersigned(standing, countersignature)
    else this.parts.soundness.breached(`the hub holds a checkpoint of this house for position ${standing.seq} that its ledger does not bear out`)
  }

  /** Whether this ledger, up to there, is what the standing says. */
  async isOurs({ seq, digest, root }: Standing): Promise<boolean> {
    const [entry] = await this.parts.ledger.read({ after: seq - 1, limit: 1 })
    return entry?.body.digest === digest && (await this.parts.tree.rootAt(seq)) === root
  }

  async #countersigned(standing: Standing, jws: string): Promise<void> {
    const said = await readCountersignature(jws, this.parts.directory()).catch(() => null)
    if (said?.iss !== HUB || said.of !== this.parts.own || !isSameStanding(said, standing)) return
    const { seq, digest, root } = standing
    this.#seen = { seq, digest, root }
    await this.#kept.put(HUB, { seq, digest, root, jws })
  }

  /** What is due with the hub: where it could not be asked yet, its last checkpoint; then this one is handed over to be countersigned, unless it was. Where the hub cannot be reached, later. */
  async contact(newest: Shown | null, { last = false } = {}): Promise<void> {
    const now = this.parts.now().getTime()
    if (!this.parts.soundness.holds || (!last && now < this.#notBefore)) return
    if (!this.#compared && !last) await this.compare()
    if (!this.#compared && !last) return this.#later(now)
    if (newest && (this.#seen?.seq ?? 0) < newest.standing.seq) await this.#show(newest, now, last)
  }

  async #show({ standing, jws }: Shown, now: number, last: boolean): Promise<void> {
    for (let tries = 0; tries < 2; tries++) {
      const before = this.#seen?.seq ?? 0
      const path = before > 0 ? await this.parts.tree.extension(before, standing.seq) : []
      const outcome = await this.parts.hub.post('/exchange/checkpoints', { checkpoint: jws, extends: { from: before, path } }, { deadlineMs: last ? WHEN_STOPPING_MS : DEADLINE_MS })
      if (outcome.state !== 'ANSWERED' || outcome.status !== 200) return this.#later(now)
      const { countersignature, last: held } = outcome.body as { countersignature?: string; last?: unknown }
      if (typeof countersignature === 'string') await this.#countersigned(standing, countersignature)
      else await this.#takeLast(held)
      if ((this.#seen?.seq ?? 0) >= standing.seq) { this.#attempt = 0; return }
      // Another process of this house, or an answer that got lost, has shown the hub more than is known here: once more from there.
      if ((this.#seen?.seq ?? 0) === before) break
    }
    this.#later(now)
  }

  #later(now: number): void {
    this.#notBefore = now + retryDelay(Math.min(this.#attempt++, 6), Math.random)
  }
}
