// What a hub asks of a node beyond the public schema, and what the node tells with its answer, so that rows of many stores can be merged.
// The words are those of docs/inside.md, "Reads".

import type { Rows } from './lines'

export interface Place { value: string | null; reference: string }

/** Which rows of the node are meant. */
export interface ListAsk {
  /** HOME: decided by this node itself · DECIDED: the same, for a viewer vouched for by another node · COPIES: own copies of rows that `deciders` decide · REFERENCES: these. */
  scope: 'HOME' | 'DECIDED' | 'COPIES' | 'REFERENCES'
  limit: number
  after?: Place
  references?: string[]
  deciders?: string[]
  /** References of which the node shall say whether it knows them. */
  known?: string[]
  /** Versions, by reference, that the asker has met elsewhere: the node waits a moment for its own copies to reach them. */
  reached?: Record<string, number>
}

export interface ListKey {
  reference: string
  /** Value of the row in the order asked for. */
  value: string | null
  requesting: string
  requested: string
  /** The authority whose copy is the answer. */
  decider: string
  submitted: boolean
  /** The viewer's side waits for the deciding store. */
  pending: boolean
  /** Missing where the node is of a release that did not tell it. */
  version?: number
}

export const isVersion = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** The authority to ask for a row beyond the viewer's own: the requested one once it was sent, before that the requesting one, of a consultation. */
export function decidedElsewhere({ requested, decider, submitted }: ListKey, viewers: string): string | null {
  if (requested !== viewers) return submitted ? requested : null
  return decider === viewers ? null : decider
}

export interface ListTold {
  authority: string
  asOf: string
  keys: ListKey[]
  more: boolean
  known: string[]
  /** Where every feed goes on so that nothing newer than this answer is missed; at the viewer's own node alone. */
  feedCursor?: string
  /** Authorities that decide requests to which the viewer's is a party; at the viewer's own node alone. */
  partners?: string[]
  /** Assertions about the viewer, by audience. */
  assertions?: Record<string, string>
}

export interface ReadBody { query: string; variables?: Record<string, unknown>; ask?: { list?: ListAsk } }
/** The same, printed: what many houses are asked is printed once. */
export type ReadText = string
export interface RemoteError { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }
export interface ReadAnswer {
  data?: Record<string, unknown> | null
  errors?: RemoteError[]
  told?: ListTold
  /** Those of `data.r.nodes`, where they came as lines. */
  rows?: Rows
}

/** The rows in the data of an answer to a merge's question; null where it has none. */
export function nodesIn(data: Readonly<Record<string, unknown>> | null | undefined): readonly unknown[] | null {
  const nodes = (data?.['r'] as { nodes?: unknown } | null | undefined)?.nodes
  return Array.isArray(nodes) ? nodes : null
}

export interface AssertionsAnswer {
  assertions: Record<string, string>
  /** Epoch milliseconds. */
  expiresAt: number
  /** Open requests shared with each audience. */
  openRequests: Record<string, number>
}

/** Of the callers that a hub asked about: positions of those whose right was taken back. */
export interface StandingAnswer { withdrawn: number[] }

/** What a node says of itself to a partner's viewer. */
export interface DutyAnswer { asOf: string; contactPoints: unknown[]; medianAcknowledgeMinutes: number | null; feedCursor?: string }
