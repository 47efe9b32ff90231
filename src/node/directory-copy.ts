// This node's copy of the signed directory follows the one that the hub serves. The hub only carries it: what the root key did not sign, or
// what is older than the copy, changes nothing.
import type { Logger } from 'pino'
import type { HousePeer } from '../peer/client'
import type { waitOr } from '../peer/retry'

export interface DirectoryCopy {
  readonly version: number
  /** True where it is newer, signed by the pinned root key, and holds. */
  take(jws: string): Promise<boolean>
}

export interface DirectoryCopyParts { copy: DirectoryCopy; hub: Pick<HousePeer, 'get'>; log: Logger }

const EVERY_MS = 2_000
const DEADLINE_MS = 5_000

export class FollowedDirectory {
  #asking: Promise<void> | null = null

  constructor(private readonly parts: DirectoryCopyParts) {}

  async run(wait: typeof waitOr, signal: AbortSignal): Promise<void> {
    do await this.refresh()
    while (await wait(EVERY_MS, signal))
  }

  /** Asks the hub at once; who calls while it is being asked waits for the same answer. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => { this.#asking = null })
    return this.#asking
  }

  async #ask(): Promise<void> {
    const { copy, hub, log } = this.parts
    const outcome = await hub.get(`/directory?after=${copy.version}`, { deadlineMs: DEADLINE_MS })
    const jws = outcome.state === 'ANSWERED' && outcome.status === 200 ? (outcome.body as { directory?: unknown }).directory : null
    if (typeof jws !== 'string') return
    const taken = await copy.take(jws).catch((err: unknown) => { log.error({ err }, 'a directory that the hub offers is not taken'); return false })
    if (taken) log.info({ version: copy.version }, 'a newer directory holds')
  }
}
