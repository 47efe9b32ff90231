// Live feeds through the hub: one upstream stream an authority, opened on first need under the token of a connected viewer, shared by
// all its desks, resumed from its cursor after either side restarts. It carries positions and the clear index, never content.
import { lineKeys, type FeedLine } from '../domain/feed'
import type { AuthorityId } from '../domain/request'
import { Channel } from '../live/channel'
import type { Page, Place, Source } from '../live/feed'
import { LineLost } from '../peer/outcome'
import type { RemoteError } from '../peer/reading'
import { authorization, homeOf, remoteRefusal, type Asker, type Houses } from './houses'

export interface DeskAsker extends Asker { expiresAt: number | null }

const PAGE_DEADLINE_MS = 10_000

export class Relay {
  readonly #channels = new Map<AuthorityId, Channel<FeedLine, DeskAsker>>()

  constructor(private readonly houses: Houses, private readonly faulty: (thrown: unknown) => void) {}

  /** Streams open at this moment, for the metrics: one an authority. */
  get upstreams(): number { return this.#channels.size }

  channelOf(asker: Asker): Channel<FeedLine, DeskAsker> {
    const authority = homeOf(asker.viewer)
    const known = this.#channels.get(authority)
    if (known) return known
    const channel = new Channel(new Upstream(authority, this.houses), () => { if (this.#channels.get(authority) === channel) this.#channels.delete(authority) }, this.faulty)
    this.#channels.set(authority, channel)
    return channel
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close()
    this.#channels.clear()
  }
}

class Upstream implements Source<FeedLine, DeskAsker> {
  readonly keysOf = lineKeys

  constructor(private readonly authority: AuthorityId, private readonly houses: Houses) {}

  async follow(place: Place | null, voice: DeskAsker, heard: { begin(place: Place): void; line(line: FeedLine): void }, signal: AbortSignal): Promise<void> {
    const path = place ? `/house/feed?after=${encodeURIComponent(place.cursor)}` : '/house/feed'
    try {
      for await (const line of this.houses.peer(this.authority)?.stream(path, { headers: authorization(voice.bearer), signal }) ?? []) {
        const said = line as Partial<FeedLine> & { hello?: Place }
        if (isPlace(said.hello)) heard.begin(said.hello)
        else if (isFeedLine(said)) heard.line(said)
      }
    } catch (thrown) {
      if (!(thrown instanceof LineLost)) throw thrown
      const refusal = refusalIn(thrown.seen)
      if (refusal) throw refusal
    }
  }

  async page(asker: DeskAsker, after: string, signal: AbortSignal): Promise<Page<FeedLine> | null> {
    const outcome = await this.houses.plain(this.authority, `/house/feed/past?after=${encodeURIComponent(after)}`, asker.bearer, signal, PAGE_DEADLINE_MS)
    if (outcome.state === 'ANSWERED' && outcome.status === 200) return pageOf(outcome.body)
    const refusal = refusalIn(outcome)
    if (refusal) throw refusal
    return null
  }
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' && value !== null && typeof (value as Place).seq === 'number' && typeof (value as Place).cursor === 'string'

const isFeedLine = (value: unknown): value is FeedLine => {
  const { request, contact, handOver } = value as FeedLine
  return isPlace(value) && (request ? typeof request.reference === 'string' && typeof request.after === 'object' : typeof (contact ?? handOver)?.id === 'string')
}

/** A page that makes no sense is none. */
function pageOf(body: unknown): Page<FeedLine> | null {
  const { lines, end } = (body ?? {}) as Partial<Page<FeedLine>>
  return Array.isArray(lines) && lines.every(isFeedLine) && isPlace(end) ? { lines, end } : null
}

/** What the node refused for good: a wrong cursor, a token that is not good. Anything else passes. */
function refusalIn({ status, body }: { status?: number; body?: unknown }): Error | null {
  const [error] = (body as { errors?: RemoteError[] } | undefined)?.errors ?? []
  return error && status !== undefined && status < 500 && FINAL.includes(String(error.extensions?.['code'])) ? remoteRefusal(error) : null
}

const FINAL: readonly string[] = ['CURSOR_INVALID', 'CURSOR_EXPIRED', 'UNAUTHENTICATED', 'FORBIDDEN']
