// The ledger as a feed: positions are cursors, so resuming is reading on. Tells the clear index; what is said is read under the viewer's rights.
import { isUnsure, requestLine, type FeedLine } from '../domain/feed'
import type { AuthorityId } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { Page } from '../live/feed'
import { Refusal } from '../refusal'
import type { CursorSealer } from '../wire/seal-cursor'
import type { NodeDocket } from './docket'
import type { Entry, EntryBody } from './entry'

const PAST_AT_ONCE = 200

export class DeskFeed {
  constructor(private readonly ledger: Ledger<EntryBody>, private readonly docket: NodeDocket, private readonly sealer: CursorSealer, private readonly own: AuthorityId) {}

  cursorAt(seq: number): string { return this.sealer.seal(this.#binding(), { seq }) }

  /** Position of a cursor. Only the node that owns the log can say that one lies in the future. */
  positionOf(cursor: string): number {
    const payload = this.sealer.open(this.#binding(), cursor) as { seq?: unknown }
    if (typeof payload.seq !== 'number' || payload.seq > this.docket.seq) throw invalidCursor()
    return payload.seq
  }

  /** Where the ledger no longer has what comes right behind a position, whoever went on from there would miss it unawares. */
  async demandWhole(after: number): Promise<void> {
    if (after >= this.head) return
    const [next] = await this.ledger.read({ after, limit: 1 })
    if (next?.seq !== after + 1) throw new Refusal('CURSOR_EXPIRED', 'What followed this cursor is no longer kept.', { path: 'after', hint: 'Read the list anew and go on behind its `feedCursor`.' })
  }

  #binding(): string { return `feed ${this.own}` }

  /** Where a feed without `after` begins: behind everything that can be read now. */
  get head(): number { return this.docket.seq }

  async *follow(after: number, signal: AbortSignal): AsyncGenerator<FeedLine> {
    for await (const entries of this.ledger.follow(after, signal, () => this.docket.seq)) {
      for (const entry of entries) {
        const line = await this.#shown(entry)
        if (line) yield line
      }
    }
  }

  /** Lines behind `after` that fit, at most `limit`, up to what can be read now. */
  async past(after: number, limit: number, fits: (line: FeedLine) => boolean, ref?: string): Promise<FeedLine[]> {
    const found: FeedLine[] = []
    const upTo = this.docket.seq
    for (let position = after; position < upTo && found.length < limit;) {
      const entries = await this.ledger.read({ after: position, limit: PAST_AT_ONCE, ...(ref && { ref }) })
      if (entries.length === 0) break
      const lines = await Promise.all(entries.filter(entry => entry.seq <= upTo).map(entry => this.#shown(entry)))
      found.push(...lines.filter(line => line !== null).filter(fits))
      position = entries.at(-1)?.seq ?? upTo
    }
    return found.slice(0, limit)
  }

  /** Lines behind a position and where that leaves off. */
  async page(after: number): Promise<Page<FeedLine>> {
    await this.demandWhole(after)
    const head = this.head
    const lines = await this.past(after, PAST_AT_ONCE, line => line.seq <= head)
    const end = lines.length === PAST_AT_ONCE ? (lines.at(-1)?.seq ?? head) : Math.max(head, after)
    return { lines, end: { seq: end, cursor: this.cursorAt(end) } }
  }

  /** Judged when it is read: of a request that this authority may not see now nothing is told. */
  async #shown(entry: Entry): Promise<FeedLine | null> {
    const line = this.line(entry)
    if (!line?.request || !isUnsure(line.request, this.own)) return line
    const [row] = await this.docket.rows([line.request.reference])
    return row?.readers.includes(this.own) ? line : null
  }

  line({ seq, body }: Entry): FeedLine | null {
    const { fact, index, contact, handOver } = body
    if (fact && index) return { seq, cursor: this.cursorAt(seq), request: requestLine(fact, index, this.own) }
    if (contact) return { seq, cursor: this.cursorAt(seq), contact: { id: contact.id, authority: contact.authority, at: contact.at, retired: contact.retired } }
    if (handOver) return { seq, cursor: this.cursorAt(seq), handOver: { id: handOver.id, at: handOver.at, acknowledged: handOver.state === 'ACKNOWLEDGED' } }
    return null
  }
}

export const invalidCursor = (): Refusal =>
  new Refusal('CURSOR_INVALID', 'This cursor is not one of this list or feed, or not yours.', { path: 'after', hint: 'Use a cursor exactly as it came with an answer to the same authority and, for lists, the same arguments.' })
