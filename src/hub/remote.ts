// What a node said, inside our own execution: its rows are read by the client's aliases, its errors come up where they stood.
import { defaultFieldResolver, type FieldNode, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql'
import type { RemoteError } from '../peer/reading'
import type { Refusal } from '../refusal'
import { placePrefix, remoteKey } from './projection'
import { remoteRefusal } from './houses'

const ERRORS = Symbol('errors of the node, by key')

export type RemoteObject = Record<string, unknown> & { [ERRORS]?: Map<string, Refusal> }

export const ERRORS_AT_MOST = 1_000

/** Hangs each error of an answer on the object that it belongs to; a path leads through own keys alone, never to a prototype that all objects share. */
export function attachErrors(data: Record<string, unknown>, errors: readonly RemoteError[] = []): void {
  for (const error of errors.slice(0, ERRORS_AT_MOST)) {
    const path = error.path ?? []
    let place: unknown = data
    let holder: { object: RemoteObject; key: string } | null = null
    for (const step of path) {
      if (typeof place !== 'object' || place === null) break
      if (!Array.isArray(place)) holder = { object: place as RemoteObject, key: String(step) }
      place = Object.hasOwn(place, step) ? Reflect.get(place, step) : null
    }
    if (holder) (holder.object[ERRORS] ??= new Map()).set(holder.key, remoteRefusal(error))
  }
}

/** Whether the node said of one of its fields why it has no value. */
export const hasErrors = (object: RemoteObject): boolean => object[ERRORS] !== undefined

/** A row as one of several selections of it reads it. */
function rowAt(row: RemoteObject, place: number): RemoteObject {
  if (place === 0) return row
  const prefix = placePrefix(place)
  const moved = <Value>(entries: Iterable<readonly [string, Value]>): [string, Value][] => [...entries].flatMap(([key, value]) => (key.startsWith(prefix) ? [[remoteKey(key.slice(prefix.length)), value]] : []))
  const view: RemoteObject = Object.fromEntries([['__typename', row['__typename']], ...moved(Object.entries(row))])
  if (row[ERRORS]) view[ERRORS] = new Map(moved(row[ERRORS]))
  return view
}

/** Places of the selections of a page's rows, by the keys that lead to them: `nodes`, `edges.node`. */
export type RowPlaces = ReadonlyMap<string, number>

/** A row of a page before it is known by which of its selections it is read. */
export class RowOfPage {
  constructor(private readonly row: RemoteObject, private readonly places: RowPlaces) {}

  at(path: string): RemoteObject { return rowAt(this.row, this.places.get(path) ?? 0) }
}

const keys = new WeakMap<FieldNode, string>()

/** The key under which a node answers a field of the client's document, worked out once a field. */
export function answeredKey({ fieldNodes: [node], path }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'path'>): string {
  const known = node && keys.get(node)
  if (known !== undefined) return known
  const key = remoteKey(path.key)
  if (node) keys.set(node, key)
  return key
}

/** Reads by alias what a node said, by name what the hub made itself. */
export const remoteFieldResolver: GraphQLFieldResolver<RemoteObject, unknown> = (source, args, context, info) => {
  const key = answeredKey(info)
  const refusal = source[ERRORS]?.get(key)
  if (refusal) throw refusal
  return Object.hasOwn(source, key) ? source[key] : defaultFieldResolver(source, args, context, info)
}
