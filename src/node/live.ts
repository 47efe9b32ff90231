// The node's own desks: one reader of the ledger for all of them.
import { lineKeys, type FeedLine } from '../domain/feed'
import { Channel } from '../live/channel'
import type { Asking, Page, Place, Source } from '../live/feed'
import type { DeskFeed } from './desk-feed'

export class LiveDesks {
  #channel: Channel<FeedLine, Asking> | null = null

  constructor(private readonly feed: DeskFeed, private readonly current: () => Promise<void>, private readonly faulty: (thrown: unknown) => void) {}

  channel(): Channel<FeedLine, Asking> {
    this.#channel ??= new Channel(new OwnLedger(this.feed, this.current), () => { this.#channel = null }, this.faulty)
    return this.#channel
  }

  close(): void { this.#channel?.close() }
}

class OwnLedger implements Source<FeedLine, Asking> {
  readonly keysOf = lineKeys

  constructor(private readonly feed: DeskFeed, private readonly current: () => Promise<void>) {}

  async follow(place: Place | null, _: Asking, heard: { begin(place: Place): void; line(line: FeedLine): void }, signal: AbortSignal): Promise<void> {
    await this.current()
    const from = place?.seq ?? this.feed.head
    heard.begin({ seq: from, cursor: this.feed.cursorAt(from) })
    for await (const line of this.feed.follow(from, signal)) heard.line(line)
  }

  async page(_: Asking, after: string): Promise<Page<FeedLine>> {
    await this.current()
    return this.feed.page(this.feed.positionOf(after))
  }
}
