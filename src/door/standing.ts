// Whether those who stay connected may still be here: looked at again and again, so that a right that was taken back ends open sockets and streams too.
import type { Logger } from 'pino'
import type { Viewer } from '../domain/viewer'
import { Refusal } from '../refusal'

/** Those among these viewers whose right was taken back. */
export type Withdrawn = (viewers: readonly Viewer[]) => Promise<ReadonlySet<Viewer>>

/** Keeps connections open, each for one viewer. */
export interface Holder {
  viewers(): Iterable<Viewer>
  /** Ends the connections of these. */
  drop(isOver: (viewer: Viewer) => boolean): void
}

/** Whether the right of one caller stands, for one operation: shown where its own house answers under the same token, asked about otherwise. */
export class Proof {
  #isGiven = false
  #asked: Promise<void> | null = null

  /** `ask` refuses where the right was taken back. */
  constructor(private readonly ask: () => Promise<void>) {}

  /** The caller's own house has answered this very token. */
  give(): void { this.#isGiven = true }

  async demand(): Promise<void> {
    if (!this.#isGiven) await (this.#asked ??= this.ask())
  }
}

const LOOK_MS = 2_000

export const withdrawnRight = (): Refusal => new Refusal('UNAUTHENTICATED', 'The token is not good any more.', { hint: 'Get a new token from your authority\'s issuer, and resume with the last cursor.' })

export class StandingWatch {
  readonly #timer: NodeJS.Timeout
  #isLooking = false

  constructor(private readonly withdrawn: Withdrawn, private readonly holders: readonly Holder[], private readonly log: Logger) {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref()
  }

  /** One look at a time. What cannot be looked up now is looked up next time. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const one = new Map(this.holders.flatMap(holder => [...holder.viewers()]).filter(viewer => viewer.token !== null).map(viewer => [nameOf(viewer), viewer]))
      const gone = new Set([...(one.size > 0 ? await this.withdrawn([...one.values()]) : [])].map(nameOf))
      if (gone.size > 0) for (const holder of this.holders) holder.drop(viewer => gone.has(nameOf(viewer)))
    } catch (err) {
      this.log.warn({ err }, 'who may still be here cannot be looked up')
    } finally { this.#isLooking = false }
  }

  close(): void { clearInterval(this.#timer) }
}

/** One token has one viewer. */
const nameOf = ({ authority, token }: Viewer): string => `${authority ?? ''} ${token ?? ''}`
