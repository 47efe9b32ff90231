// The store port: an append-only log, documents by key, and the docket (requests as rows for queries). Two adapters keep it, MongoDB
// through Mongoose and embedded LMDB, held to one contract suite (test/contract/store.ts). Only single-document atomicity is assumed.
import type { RequestState } from '../domain/request'
import type { Viewer } from '../domain/viewer'
import type { Overlay, RequestKind, RequestOrder, RequestStatus, Side, Urgency } from '../domain/vocabulary'

/** One numbered entry. `seq` counts from 1 without a hole. */
export interface LogEntry<Body = unknown> {
  readonly seq: number
  /** At most one entry of a log may carry the same value, for ever (a received letter: `sender/number`). */
  readonly unique?: string
  /** Stream inside the log (a request's reference), for `read({ ref })`. */
  readonly ref?: string
  readonly body: Body
}

export interface Appended {
  /** How many entries of the given list, from its start, are now durable. */
  readonly inserted: number
  /** Why the next one is not: its position was taken by another writer, or its `unique` value exists already. */
  readonly clash: 'POSITION' | 'UNIQUE' | null
}

export interface Log<Body = unknown> {
  /** Inserts each entry under its own position, in order, stopping at the first clash. Durable (fsync or majority+journal) when it resolves. */
  append(entries: readonly LogEntry<Body>[]): Promise<Appended>
  /** Entries with `seq > after`, ascending, at most `limit`; of one stream where `ref` is given. */
  read(query: { after: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]>
  /** Entries ending before `before` (exclusive), descending, at most `limit`; of one stream where `ref` is given. */
  readBack(query: { before: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]>
  /** Position of the last entry, 0 for an empty log. */
  last(): Promise<number>
  /** The entry that carries this `unique` value. */
  find(unique: string): Promise<LogEntry<Body> | null>
}

/** Documents by key. Values are plain JSON, at most 15 MB serialised (checked here: not every server checks). */
export interface Documents<Value = unknown> {
  get(key: string): Promise<Value | null>
  getMany(keys: readonly string[]): Promise<Map<string, Value>>
  /** True where it was written, false where the key existed (then nothing changes). */
  insert(key: string, value: Value): Promise<boolean>
  put(key: string, value: Value): Promise<void>
  putMany(values: ReadonlyMap<string, Value>): Promise<void>
  delete(key: string): Promise<void>
  /** Keys with this prefix in ascending order, behind `after`, with their values. */
  list(query: { prefix: string; after?: string; limit: number }): Promise<{ key: string; value: Value }[]>
}

/** One request as the docket keeps it: the state and what queries filter and order by. */
export interface DocketRow {
  /** The request's reference. */
  readonly reference: string
  /** Ledger position of the last entry folded in. A row is only ever replaced by one with a higher seq. */
  readonly seq: number
  readonly state: RequestState
  /** Authority ids that may read the request: the requesting one, and the requested one from delivery (or CONSULTATION) on. */
  readonly readers: readonly string[]
  /** Both parties, for the house's own work. */
  readonly parties: readonly string[]
  /** Authority id of the side that decides. */
  readonly decider: string
  readonly open: boolean
  /** Earliest running deadline, null without one. */
  readonly dueAt: string | null
  /** When the house's timer has to look at this request again; null: never. */
  readonly clockAt: string | null
  readonly updatedAt: string
  readonly createdAt: string
}

declare const scopeBrand: unique symbol
/** The row rule of one viewer, made only by `scoped` and `scopedToHouse`; every docket read needs one. */
export interface Scope { readonly [scopeBrand]: true; readonly field: 'readers' | 'parties'; readonly authority: string | null }

const scope = (field: Scope['field'], authority: string | null): Scope => Object.freeze({ field, authority }) as Scope

/** What the viewer may see: rows that its authority may read; without a right, nothing. Throws without a viewer. */
export function scoped(viewer: Viewer, mayRead: (role: Viewer['role']) => boolean): Scope {
  if (!viewer || typeof viewer.role !== 'string') throw new TypeError('a docket read without a viewer')
  const authority = typeof viewer.authority === 'string' && viewer.authority !== '' && mayRead(viewer.role) ? viewer.authority : null
  return scope('readers', authority)
}

/** What the house itself works on: rows to which its own authority is a party. */
export function scopedToHouse(authority: string): Scope {
  if (!authority) throw new TypeError('a docket read without an authority')
  return scope('parties', authority)
}

export interface DocketFilter {
  references?: readonly string[]
  /** Side of `sideOf` (the asking authority) in the request. */
  side?: Side
  sideOf?: string
  /** Authority ids of the other party. */
  partners?: readonly string[]
  kinds?: readonly RequestKind[]
  statuses?: readonly RequestStatus[]
  urgencies?: readonly Urgency[]
  open?: boolean
  dueBefore?: string
  updatedAfter?: string
  /** Only rows decided by one of these authorities. */
  deciders?: readonly string[]
  /** Only rows beside whose status one of these stands. */
  overlays?: readonly Overlay[]
}

/** Place of a row in an order; `value` null sorts last in DUE_FIRST. Order: LAST_ACTIVITY and CREATED newest first, DUE_FIRST earliest first; ties by reference ascending. */
export interface DocketPosition { value: string | null; reference: string }

export interface DueQuery { at: string; after?: { clockAt: string; reference: string }; limit: number }

export interface Docket {
  /** Writes rows; a row whose stored seq is the same or higher is left as it is. */
  put(rows: readonly DocketRow[]): Promise<void>
  get(scope: Scope, reference: string): Promise<DocketRow | null>
  getMany(scope: Scope, references: readonly string[]): Promise<DocketRow[]>
  find(scope: Scope, query: { filter: DocketFilter; order: RequestOrder; after?: DocketPosition; limit: number }): Promise<DocketRow[]>
  count(scope: Scope, filter: DocketFilter): Promise<number>
  /** Rows whose timer is due at or before this instant, earliest first, ties by reference, behind `after`; the cost is that of the answer. */
  due(scope: Scope, query: DueQuery): Promise<DocketRow[]>
  /** Empties the docket, to be folded again from the log. */
  drop(): Promise<void>
}

/** Of what is said of one request the newest, in the order in which requests were first named. */
export function newestOf<Row extends Pick<DocketRow, 'reference' | 'seq'>>(rows: readonly Row[]): Row[] {
  const newest = new Map<string, Row>()
  for (const row of rows) {
    const known = newest.get(row.reference)
    if (!known || known.seq < row.seq) newest.set(row.reference, row)
  }
  return [...newest.values()]
}

/** Where a row stands in an order. */
export function positionOf(row: DocketRow, order: RequestOrder): DocketPosition {
  const value = order === 'LAST_ACTIVITY' ? row.updatedAt : order === 'CREATED' ? row.createdAt : row.dueAt
  return { value, reference: row.reference }
}

export interface Store {
  /** True where no other process can write to it (embedded): then its own memory is always current, and of two writes the one that was begun first is durable no later than the other. */
  readonly exclusive: boolean
  log<Body>(name: string): Log<Body>
  documents<Value>(name: string): Documents<Value>
  readonly docket: Docket
  /** Writes that `begin` starts before it returns become durable in one commit, or none of them: a clash of one fails all. Absent where the store keeps one document at a time. */
  readonly together?: <Begun>(begin: () => Begun) => Begun
  /** Resolves where the store answers; a Refusal STORE_UNAVAILABLE where not. */
  ping(): Promise<void>
  close(): Promise<void>
}
