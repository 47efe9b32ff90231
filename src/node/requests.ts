// Queries of one viewer on the docket: every read goes through the viewer's scope, so nothing foreign can be shaped into an answer.
import type { AuthorityId, Dossier, RequestState, ResultItem, Said } from '../domain/request'
import type { RelatedRequest } from '../domain/dossier-parts'
import { refusalFindings } from '../domain/law/refusal-findings'
import type { Finding } from '../domain/law/register'
import type { ReliedLaw } from '../domain/law/relied-law'
import { readsRequests, type Viewer } from '../domain/viewer'
import type { RequestOrder } from '../domain/vocabulary'
import { scoped, type DocketFilter, type DocketPosition, type DocketRow, type Scope, type Store } from '../store/store'
import { usableView } from '../../resolvers/law-views'
import type { Contents } from './contents'
import type { DeskFeed } from './desk-feed'
import { candidates, linksIn, linksOf, type Links } from './links'
import { consultationView, decisionView, furtherUseView, mayReadContent, requestView, timelineView, type RequestView, type TimelineView } from './view'
import type { Ledger } from '../ledger/ledger'
import type { EntryBody } from './entry'

export interface ListQuestion { filter: DocketFilter; order: RequestOrder; after?: DocketPosition; limit: number }
export interface TimelinePage { events: TimelineView[]; hasNext: boolean }

const MEDIAN_OVER_DAYS = 30
const MEDIAN_AT_MOST = 1_000

export class NodeRequests {
  readonly #links: Links

  constructor(
    private readonly store: Store, private readonly ledger: Ledger<EntryBody>, private readonly contents: Contents,
    private readonly feed: DeskFeed, readonly own: AuthorityId, private readonly now: () => string,
  ) { this.#links = linksOf(store) }

  scope(viewer: Viewer): Scope { return scoped(viewer, readsRequests) }

  async request(viewer: Viewer, reference: string): Promise<RequestView | null> {
    const row = await this.store.docket.get(this.scope(viewer), reference)
    return row ? this.view(row) : null
  }

  view(row: DocketRow): RequestView { return requestView(row, this.own, this.now()) }

  /** One row more than asked for tells whether there is a next page. */
  list(viewer: Viewer, { filter, order, after, limit }: ListQuestion): Promise<DocketRow[]> {
    return this.store.docket.find(this.scope(viewer), { filter, order, limit, ...(after && { after }) })
  }

  count(viewer: Viewer, filter: DocketFilter): Promise<number> { return this.store.docket.count(this.scope(viewer), filter) }

  getMany(viewer: Viewer, references: readonly string[]): Promise<DocketRow[]> { return this.store.docket.getMany(this.scope(viewer), references) }

  /** Links to requests that the viewer may see, in both directions. */
  async relations(viewer: Viewer, row: DocketRow) {
    const named = row.state.relations.map(({ reference }) => reference)
    return linksIn(row, await this.getMany(viewer, [...named, ...(await candidates(this.#links, row.reference))]))
  }

  /** What the dossier names, as far as all may see it who may see the request. */
  async #relatedRequests(viewer: Viewer, row: DocketRow): Promise<RelatedRequest[] | null> {
    const { relations } = row.state
    const rows = relations.length > 0 ? await this.getMany(viewer, relations.map(({ reference }) => reference)) : []
    const shown = new Set(rows.filter(other => row.readers.every(reader => other.readers.includes(reader))).map(({ reference }) => reference))
    const found = relations.filter(({ reference }) => shown.has(reference))
    return found.length > 0 ? found : null
  }

  async dossier(viewer: Viewer, row: DocketRow): Promise<(Record<string, unknown> & { digest: string }) | null> {
    const { dossier } = row.state
    if (!mayReadContent(viewer, row) || !dossier) return null
    const body = await this.contents.read<Dossier>(dossier)
    const lists = { offences: body?.offences ?? [], persons: body?.persons ?? [], identifiers: body?.identifiers ?? [], dataClasses: body?.dataClasses ?? [], formalities: body?.formalities ?? [], useRestrictions: body?.useRestrictions ?? [] }
    return { ...(body ?? {}), relatedRequests: await this.#relatedRequests(viewer, row), confidentiality: body?.confidentiality ?? 'CONFIDENTIAL', ...lists, digest: dossier }
  }

  async decision(viewer: Viewer, row: DocketRow) {
    const { decision } = row.state
    if (!decision || !mayReadContent(viewer, row)) return null
    return decisionView(decision.at, decision.result, await this.contents.read<Said>(decision.said))
  }

  /** No secret, so shown to all who may know of the request; null where it was never sent, or deleted at the end of retention. */
  async law(row: DocketRow) {
    const law = await this.contents.read<ReliedLaw>(row.state.law)
    return law && { ...law, bases: law.bases.map(usableView) }
  }

  /** As `law`, for all who may know of the request. */
  async findings(row: DocketRow): Promise<Finding[]> {
    return row.state.decision === null ? [] : refusalFindings(row.state, await this.contents.read<ReliedLaw>(row.state.law))
  }

  async results(viewer: Viewer, row: DocketRow): Promise<ResultItem[] | null> {
    if (!mayReadContent(viewer, row)) return null
    const said = await this.contents.readMany<Said>(row.state.results)
    return row.state.results.flatMap(digest => said.get(digest)?.items ?? [])
  }

  async furtherUses(viewer: Viewer, row: DocketRow): Promise<object[] | null> {
    if (!mayReadContent(viewer, row)) return null
    const { furtherUses } = row.state
    const said = await this.contents.readMany<Said>(furtherUses.flatMap(use => [use.said, use.decision?.said]).filter(digest => typeof digest === 'string'))
    return furtherUses.map(use => furtherUseView(use, digest => said.get(digest ?? '')))
  }

  async consultation(viewer: Viewer, row: DocketRow): Promise<object[] | null> {
    if (!mayReadContent(viewer, row)) return null
    const { consultation } = row.state
    const said = await this.contents.readMany<Said>(consultation.map(entry => entry.said).filter(digest => digest !== null))
    return consultation.map(entry => consultationView(entry, said.get(entry.said ?? '') ?? null))
  }

  /** Oldest first, behind a ledger position. */
  async timeline(reference: string, after: number, first: number): Promise<TimelinePage> {
    const found: TimelineView[] = []
    for (let position = after; found.length <= first;) {
      const entries = await this.ledger.read({ after: position, limit: first + 1, ref: reference })
      const last = entries.at(-1)
      if (!last) break
      found.push(...entries.map(entry => this.#event(entry)).filter(event => event !== null))
      position = last.seq
    }
    return { events: found.slice(0, first), hasNext: found.length > first }
  }

  async eventAt(viewer: Viewer, seq: number): Promise<TimelineView | null> {
    const [entry] = await this.ledger.read({ after: seq - 1, limit: 1 })
    const reference = entry?.body.fact?.reference
    if (!entry || !reference || !(await this.store.docket.get(this.scope(viewer), reference))) return null
    return this.#event(entry)
  }

  #event(entry: Parameters<DeskFeed['line']>[0]): TimelineView | null {
    const line = this.feed.line(entry)
    return line?.request && entry.body.fact ? timelineView(line.request, line.cursor, entry.body.fact) : null
  }

  /** What was said with an entry; null for those who may not read it. */
  async said(viewer: Viewer, event: TimelineView): Promise<Said | null> {
    const row = await this.store.docket.get(this.scope(viewer), event.reference)
    if (!row || !mayReadContent(viewer, row)) return null
    return (await this.contents.read<Said>(event.fact.contents.said)) ?? {}
  }


  /** Minutes from delivery to acknowledgement, median of what an authority acknowledged in the last 30 days: to others, or as a partner to this one. Null without any. */
  async medianAcknowledgeMinutes(house: Scope, authority: AuthorityId): Promise<number | null> {
    const since = new Date(Date.parse(this.now()) - MEDIAN_OVER_DAYS * 86_400_000).toISOString()
    const asked: DocketFilter = authority === this.own ? { side: 'REQUESTED', sideOf: this.own } : { side: 'REQUESTING', sideOf: this.own, partners: [authority] }
    const rows = await this.store.docket.find(house, { filter: { ...asked, updatedAfter: since }, order: 'LAST_ACTIVITY', limit: MEDIAN_AT_MOST })
    const minutes = rows.filter(({ state }) => (state.acknowledgedAt ?? '') >= since).map(row => acknowledgeMinutes(row.state)).filter(value => value !== null).sort((a, b) => a - b)
    return minutes[Math.floor(minutes.length / 2)] ?? null
  }
}

const acknowledgeMinutes = ({ deliveredAt, acknowledgedAt }: RequestState): number | null =>
  deliveredAt && acknowledgedAt ? Math.round((Date.parse(acknowledgedAt) - Date.parse(deliveredAt)) / 60_000) : null
