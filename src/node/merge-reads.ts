// What a hub asks beyond the schema so that it can merge this node's rows with other stores' rows (docs/inside.md, "Reads").
import type { RequestOrder, Side } from '../domain/vocabulary'
import type { Viewer } from '../domain/viewer'
import { decidedElsewhere, type ListAsk, type ListKey, type ListTold } from '../peer/reading'
import { positionOf, type DocketFilter, type DocketRow } from '../store/store'
import type { Arrivals } from './arrivals'
import type { DeskFeed } from './desk-feed'
import type { NodeDocket } from './docket'
import type { NodeRequests } from './requests'

export interface MergeReadParts {
  own: string; docket: NodeDocket; requests: NodeRequests; feed: DeskFeed; arrivals: Arrivals; now: () => Date
  assertion: (viewer: Viewer, audience: string) => Promise<string>
}

export interface MergeQuestion { ask: ListAsk; filter: DocketFilter; order: RequestOrder }

export class MergeReads {
  constructor(private readonly parts: MergeReadParts) {}

  /** The rows, and what is told with them. */
  async read(viewer: Viewer, question: MergeQuestion): Promise<{ rows: DocketRow[]; told: ListTold }> {
    const { ask, order } = question
    if (ask.reached) await this.parts.arrivals.until(ask.reached, references => this.parts.requests.getMany(viewer, references))
    const feedCursor = this.parts.feed.cursorAt(this.parts.feed.head)
    const found = await this.#rows(viewer, question)
    const rows = found.slice(0, ask.limit)
    const known = ask.known?.length ? await this.parts.requests.getMany(viewer, ask.known) : []
    const told = {
      authority: this.parts.own, asOf: this.parts.now().toISOString(), keys: rows.map(row => keyOf(row, order)), more: ask.scope !== 'REFERENCES' && found.length >= ask.limit,
      known: known.map(row => row.reference), ...(viewer.authority === this.parts.own && { feedCursor, ...(await this.#partnersOf(viewer, question, rows)) }),
    }
    return { rows, told }
  }

  #rows(viewer: Viewer, { ask, filter, order }: MergeQuestion): Promise<DocketRow[]> {
    if (ask.scope === 'REFERENCES') return this.parts.requests.getMany(viewer, ask.references ?? [])
    const deciders = ask.scope === 'COPIES' ? (ask.deciders ?? []) : [this.parts.own]
    return this.parts.requests.list(viewer, { filter: { ...filter, deciders }, order, limit: ask.limit, ...(ask.after && { after: ask.after }) })
  }

  /** Who decides requests to which this authority is a party, and an assertion about the viewer for each. */
  async #partnersOf(viewer: Viewer, { ask, filter }: MergeQuestion, rows: readonly DocketRow[]): Promise<Pick<ListTold, 'partners' | 'assertions'>> {
    const wanted = ask.scope === 'REFERENCES' ? unique(rows.map(row => decidedElsewhere(keyOf(row, 'CREATED'), this.parts.own)).filter(id => id !== null))
      : ask.scope === 'HOME' ? this.#deciders(filter.side ?? null).filter(id => !filter.partners || filter.partners.includes(id)) : []
    const assertions = await Promise.all(wanted.map(async audience => [audience, await this.parts.assertion(viewer, audience)] as const))
    return { partners: wanted, assertions: Object.fromEntries(assertions) }
  }

  /** Those that were sent requests of this authority's, and those that showed it drafts of their own. */
  #deciders(side: Side | null): string[] {
    const { deciders, consulting } = this.parts.docket.tally
    return unique([...(side === 'REQUESTED' ? [] : Object.keys(deciders)), ...(side === 'REQUESTING' ? [] : Object.keys(consulting))])
  }
}

const keyOf = (row: DocketRow, order: RequestOrder): ListKey => ({
  ...positionOf(row, order), requesting: row.state.requesting, requested: row.state.requested, decider: row.decider,
  submitted: row.state.submittedAt !== null && !row.state.deliveryRefused, pending: row.state.pending.length > 0, version: row.state.version,
})

const unique = (ids: readonly string[]): string[] => [...new Set(ids)]
