// Reads on demand what one viewer may see of a request at its own node.
import type { ActRefusalView, RequestReader, RequestRoot, TimelineRoot } from '../../resolvers/context'
import { connection, emptyConnection } from '../domain/connection'
import type { Finding } from '../domain/law/register'
import type { Reference, Said } from '../domain/request'
import type { DocketRow } from '../store/store'
import type { Act, SubState } from '../domain/vocabulary'
import type { Viewer } from '../domain/viewer'
import { noSuchRequest } from '../refusal'
import type { DeskFeed } from './desk-feed'
import type { NodeRequests } from './requests'
import { actsFor, detailsView, escalationView, subStatesFor, refusalView, type RequestView, type TimelineView } from './view'

const rowOf = (request: RequestRoot) => (request as RequestView).row
const viewOf = (event: TimelineRoot): TimelineView => event as TimelineView

export class NodeReader implements RequestReader {
  /** `noted`: what is read of a request is put on record before it is shown. */
  constructor(private readonly viewer: Viewer, private readonly requests: NodeRequests, private readonly feed: DeskFeed, private readonly noted: (reference: Reference) => void) {}

  availableActs(request: RequestRoot): Act[] { return actsFor(rowOf(request), this.viewer) }

  availableSubStates(request: RequestRoot): SubState[] { return subStatesFor(rowOf(request), this.viewer) }
  furtherUses(request: RequestRoot): Promise<object[] | null> { return this.#read(request, row => this.requests.furtherUses(this.viewer, row)) }

  relations(request: RequestRoot): Promise<object[]> { return this.requests.relations(this.viewer, rowOf(request)) }
  consultation(request: RequestRoot): Promise<object[] | null> { return this.#read(request, row => this.requests.consultation(this.viewer, row)) }

  /** Nothing for another authority's viewer, as of the timeline: that one's own store tells it. */
  escalatedTo(request: RequestRoot): object[] { return this.viewer.authority === this.requests.own ? rowOf(request).state.escalatedTo.map(escalationView) : [] }

  /** Nothing for another authority's viewer: it is told by that one's own store, and what this side did alone is not its affair. */
  async timeline(request: RequestRoot, first: number, after: string | null): Promise<object> {
    if (this.viewer.authority !== this.requests.own) return emptyConnection(after !== null)
    const position = after === null ? 0 : this.feed.positionOf(after)
    const { events, hasNext } = await this.requests.timeline(rowOf(request).reference, position, first)
    return connection(events, i => events[i]?.cursor ?? '', hasNext, after !== null)
  }

  dossier(request: RequestRoot): Promise<object | null> { return this.#read(request, row => this.requests.dossier(this.viewer, row)) }
  decision(request: RequestRoot): Promise<object | null> { return this.#read(request, row => this.requests.decision(this.viewer, row)) }
  law(request: RequestRoot): Promise<object | null> { return this.requests.law(rowOf(request)) }
  findings(request: RequestRoot): Promise<Finding[]> { return this.requests.findings(rowOf(request)) }
  results(request: RequestRoot): Promise<object[] | null> { return this.#read(request, row => this.requests.results(this.viewer, row)) }
  async requestOf(event: TimelineRoot): Promise<object> {
    const request = await this.requests.request(this.viewer, viewOf(event).reference)
    if (!request) throw noSuchRequest('reference')
    return request
  }

  async note(event: TimelineRoot): Promise<string | null> { return (await this.#said(event))?.note ?? null }

  async details(event: TimelineRoot): Promise<object | null> {
    const { fact } = viewOf(event)
    const said = await this.#said(event)
    return said && (fact.contents.said || fact.contents.dossier || fact.urgency || fact.beside) ? detailsView(fact, said) : null
  }

  async refusal(event: TimelineRoot): Promise<ActRefusalView | null> {
    const { fact } = viewOf(event)
    return fact.refusal && (await this.#said(event)) ? refusalView(fact) : null
  }

  async #said(event: TimelineRoot): Promise<Said | null> {
    const { fact, reference } = viewOf(event)
    const said = await this.requests.said(this.viewer, viewOf(event))
    if (said && fact.contents.said) this.noted(reference)
    return said
  }

  async #read<Part extends object>(request: RequestRoot, read: (row: DocketRow) => Promise<Part | null>): Promise<Part | null> {
    const row = rowOf(request)
    const part = await read(row)
    if (part && !(Array.isArray(part) && part.length === 0)) this.noted(row.reference)
    return part
  }
}
