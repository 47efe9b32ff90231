// Live feeds through the hub: one upstream stream an authority, opened on first need under the token of a connected viewer, shared by
// all its desks, resumed from its cursor after either side restarts. It carries positions and the clear index, never content.
import type { FeedLine } from '../domain/feed'
import type { AuthorityId } from '../domain/request'
import { LineLost } from '../peer/outcome'
import { retryDelay, waitOr } from '../peer/retry'
import type { RemoteError } from '../peer/reading'
import { authorization, homeOf, remoteRefusal, type Asker, type Houses } from './houses'

interface Hello { hello: { seq: number; cursor: string } }
interface End { end: number }

/** One desk's share of an upstream: lines wait here until the desk takes them. */
class Desk {
  readonly lines: FeedLine[] = []
  #wake: (() => void) | null = null

  constructor(readonly asker: Asker) {}

  push(line: FeedLine): void {
    this.lines.push(line)
    this.#wake?.()
  }

  /** Resolves when there may be something to take, or at the abort. */
  waiting(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.#wake = null
        signal.removeEventListener('abort', done)
        resolve()
      }
      if (signal.aborted || this.lines.length > 0) return done()
      this.#wake = done
      signal.addEventListener('abort', done)
    })
  }
}

class Upstream {
  readonly desks = new Set<Desk>()
  readonly #over = new AbortController()
  /** Where the stream stands; null until the node has said hello. */
  #place: { seq: number; cursor: string } | null = null
  #greeted: () => void = () => undefined
  readonly greeting = new Promise<void>(resolve => { this.#greeted = resolve })

  constructor(private readonly authority: AuthorityId, private readonly houses: Houses) {}

  get seq(): number { return this.#place?.seq ?? 0 }

  close(): void { this.#over.abort() }

  /** Until the last desk has gone: read, and where the line is lost, come again from the cursor. */
  async run(): Promise<void> {
    const { signal } = this.#over
    for (let attempt = 0; !signal.aborted; attempt++) {
      const asker = this.#voice()
      const before = this.#place?.seq
      if (asker) await this.#read(asker, signal).catch(thrown => { if (!(thrown instanceof LineLost)) throw thrown })
      if (this.#place?.seq !== before) attempt = 0
      await waitOr(retryDelay(Math.min(attempt, 6), Math.random), signal)
    }
  }

  /** The connected viewer whose token ends last. */
  #voice(): Asker | null {
    const askers = [...this.desks].map(desk => desk.asker).sort((one, other) => (other.viewer.expiresAt ?? 0) - (one.viewer.expiresAt ?? 0))
    return askers[0] ?? null
  }

  async #read(asker: Asker, signal: AbortSignal): Promise<void> {
    const peer = this.houses.peer(this.authority)
    const path = this.#place ? `/house/feed?after=${encodeURIComponent(this.#place.cursor)}` : '/house/feed'
    for await (const line of peer?.stream(path, { headers: authorization(asker.bearer), signal }) ?? []) this.#take(line as FeedLine | Hello | Record<string, never>)
  }

  #take(line: FeedLine | Hello | Record<string, never>): void {
    if ('hello' in line) {
      this.#place ??= line.hello as Hello['hello']
      this.#greeted()
    } else if ('seq' in line && line.seq > this.seq) {
      const told = line as FeedLine
      this.#place = { seq: told.seq, cursor: told.cursor }
      for (const desk of this.desks) desk.push(told)
    }
  }
}

export class Relay {
  readonly #upstreams = new Map<AuthorityId, Upstream>()

  constructor(private readonly houses: Houses) {}

  /** Streams open at this moment, for the metrics: one an authority. */
  get upstreams(): number { return this.#upstreams.size }

  /** Lines of the viewer's authority behind `after`; without it, from about now. */
  async *follow(asker: Asker, after: string | null, signal: AbortSignal): AsyncGenerator<FeedLine> {
    const authority = homeOf(asker.viewer)
    const desk = new Desk(asker)
    const upstream = this.#join(authority, desk)
    try {
      let seen = upstream.seq
      if (after !== null) {
        for await (const line of this.#past(asker, after, signal)) {
          if ('end' in line) seen = line.end
          else yield line
        }
      } else {
        await Promise.race([upstream.greeting, aborted(signal)])
      }
      while (!signal.aborted) {
        const line = desk.lines.shift()
        if (line && line.seq > seen) yield line
        else if (!line) await desk.waiting(signal)
      }
    } finally { this.#leave(authority, upstream, desk) }
  }

  #join(authority: AuthorityId, desk: Desk): Upstream {
    const known = this.#upstreams.get(authority)
    const upstream = known ?? new Upstream(authority, this.houses)
    upstream.desks.add(desk)
    if (!known) {
      this.#upstreams.set(authority, upstream)
      void upstream.run()
    }
    return upstream
  }

  #leave(authority: AuthorityId, upstream: Upstream, desk: Desk): void {
    upstream.desks.delete(desk)
    if (upstream.desks.size > 0) return
    upstream.close()
    if (this.#upstreams.get(authority) === upstream) this.#upstreams.delete(authority)
  }

  /** What lies between a client's cursor and now, under the client's own token; the node judges the cursor. */
  async *#past(asker: Asker, after: string, signal: AbortSignal): AsyncGenerator<FeedLine | End> {
    let place = after
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        for await (const line of this.houses.peer(homeOf(asker.viewer))?.stream(`/house/feed?past=1&after=${encodeURIComponent(place)}`, { headers: authorization(asker.bearer), signal }) ?? []) {
          if (isLine(line)) {
            place = line.cursor
            yield line
          } else if (isEnd(line)) return void (yield line)
        }
      } catch (thrown) {
        const refused = refusalIn(thrown)
        if (refused) throw refused
      }
      await waitOr(retryDelay(Math.min(attempt, 6), Math.random), signal)
    }
  }

  async close(): Promise<void> {
    for (const upstream of this.#upstreams.values()) upstream.close()
    this.#upstreams.clear()
  }
}

const isLine = (line: unknown): line is FeedLine => typeof line === 'object' && line !== null && 'cursor' in line
const isEnd = (line: unknown): line is End => typeof line === 'object' && line !== null && 'end' in line

/** What the node refused for good: a wrong cursor, a token that is not good. Anything else passes. */
function refusalIn(thrown: unknown): Error | null {
  if (!(thrown instanceof LineLost)) return thrown instanceof Error ? thrown : null
  const errors = (thrown.seen.body as { errors?: RemoteError[] } | undefined)?.errors
  return errors?.[0] && thrown.seen.status !== 503 ? remoteRefusal(errors[0]) : null
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
