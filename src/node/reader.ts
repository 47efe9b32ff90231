// Reads on demand what one viewer may see of a request at its own node.
import type { ActRefusalView, RequestReader, RequestRoot, TimelineRoot } from '../../resolvers/context'
import { connection, emptyConnection } from '../domain/connection'
import type { Said } from '../domain/request'
import type { Act, SubState } from '../domain/vocabulary'
import type { Viewer } from '../domain/viewer'
import { noSuchRequest } from '../refusal'
import type { DeskFeed } from './desk-feed'
import type { NodeRequests } from './requests'
import { actsFor, detailsView, subStatesFor, refusalView, type RequestView, type TimelineView } from './view'

const rowOf = (request: RequestRoot) => (request as RequestView).row
const viewOf = (event: TimelineRoot): TimelineView => event as TimelineView

export class NodeReader implements RequestReader {
  constructor(private readonly viewer: Viewer, private readonly requests: NodeRequests, private readonly feed: DeskFeed) {}

  availableActs(request: RequestRoot): Act[] { return actsFor(rowOf(request), this.viewer) }

  availableSubStates(request: RequestRoot): SubState[] { return subStatesFor(rowOf(request), this.viewer) }
  furtherUses(request: RequestRoot): Promise<object[] | null> { return this.requests.furtherUses(this.viewer, rowOf(request)) }

  relations(request: RequestRoot): Promise<object[]> { return this.requests.relations(this.viewer, rowOf(request)) }
  consultation(request: RequestRoot): Promise<object[] | null> { return this.requests.consultation(this.viewer, rowOf(request)) }

  /** Nothing for another authority's viewer: it is told by that one's own store, and what this side did alone is not its affair. */
  async timeline(request: RequestRoot, first: number, after: string | null): Promise<object> {
    if (this.viewer.authority !== this.requests.own) return emptyConnection(after !== null)
    const position = after === null ? 0 : this.feed.positionOf(after)
    const { events, hasNext } = await this.requests.timeline(rowOf(request).reference, position, first)
    return connection(events, i => events[i]?.cursor ?? '', hasNext, after !== null)
  }

  dossier(request: RequestRoot): Promise<object | null> { return this.requests.dossier(this.viewer, rowOf(request)) }
  decision(request: RequestRoot): Promise<object | null> { return this.requests.decision(this.viewer, rowOf(request)) }
  law(request: RequestRoot): Promise<object | null> { return this.requests.law(rowOf(request)) }
  results(request: RequestRoot): Promise<object[] | null> { return this.requests.results(this.viewer, rowOf(request)) }
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

  #said(event: TimelineRoot): Promise<Said | null> { return this.requests.said(this.viewer, viewOf(event)) }
}
