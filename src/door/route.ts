// A plain HTTP route of a house, beside GraphQL: exchange, reads between houses, pages.
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface RouteMeta { requestId: string; signal: AbortSignal }

export interface Route {
  method: 'GET' | 'POST'
  /** Exact, or a prefix ending in `/`. */
  path: string
  handle(req: IncomingMessage, res: ServerResponse, meta: RouteMeta): void | Promise<void>
}
