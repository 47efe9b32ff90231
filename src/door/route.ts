// A plain HTTP route of a house, beside GraphQL: exchange, reads between houses, pages.
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface RouteMeta {
  requestId: string
  signal: AbortSignal
  /** The house that the line was proved to come from; null without mutual TLS. */
  house: string | null
}

export interface Route {
  method: 'GET' | 'POST'
  /** Exact, or a prefix ending in `/`. */
  path: string
  /** For other houses alone: where houses talk over mutual TLS, nobody else gets through, and no host name is asked for. */
  forHouses?: boolean
  /** Houses ask here too, by address: no host name is asked for. */
  anyHost?: boolean
  handle(req: IncomingMessage, res: ServerResponse, meta: RouteMeta): void | Promise<void>
}
