// Walks several ranges of the embedded docket's order index as one ordered sequence. Knows keys, not rows.
import type { RequestOrder } from '../domain/vocabulary'
import type { Table } from './embedded-files'
import { ORDER_KEYS } from './facets'
import { inOrder, placeOf, type Place } from './order'
import type { DocketFilter } from './store'
import { isStorable, LAST_TEXT } from './text'

export interface Walk { authority: string; order: RequestOrder; facets: readonly string[]; after: Place | null; filter: DocketFilter; limit: number }

interface Cursor { place: Place; rest: Iterator<unknown[]> }

/** At most `limit` places behind `after`, ascending, and where to go on; null at the end. */
export function walk(table: Table, walk: Walk): { found: Place[]; next: Place | null } {
  const cursors = walk.facets.filter(isStorable).flatMap(facet => opened(table, walk, facet))
  const found: Place[] = []
  try {
    for (;;) {
      const first = foremost(cursors)
      if (!first) return { found, next: null }
      const { place } = first
      // A row may stand under several of the facets.
      const last = found.at(-1)
      if (!last || inOrder(last, place) !== 0) found.push(place)
      if (found.length >= walk.limit) return { found, next: place }
      if (!advanced(first)) cursors.splice(cursors.indexOf(first), 1)
    }
  } finally {
    for (const { rest } of cursors) rest.return?.()
  }
}

function opened(table: Table, { authority, order, after, filter }: Walk, facet: string): Cursor[] {
  const range = [authority, ORDER_KEYS[order], facet]
  const keys = table.getKeys({ start: after ? [...range, after.value, after.reference] : range, end: [...range, boundOf(order, filter)] })
  const cursor: Cursor = { place: after ?? { value: '', reference: '' }, rest: keys[Symbol.iterator]() }
  const isThere = advanced(cursor) && (!after || inOrder(after, cursor.place) < 0 || advanced(cursor))
  return isThere ? [cursor] : []
}

/** Where the filter bounds what the order sorts by, the walk ends there. */
function boundOf(order: RequestOrder, { dueBefore, updatedAfter }: DocketFilter): string {
  if (order === 'DUE_FIRST' && dueBefore !== undefined) return dueBefore
  if (order === 'LAST_ACTIVITY' && updatedAfter !== undefined) return placeOf(order, { value: updatedAfter, reference: '' }).value
  return LAST_TEXT
}

function advanced(cursor: Cursor): boolean {
  const { done, value } = cursor.rest.next()
  if (done) return false
  cursor.place = { value: String(value[3]), reference: String(value[4]) }
  return true
}

/** A handful of cursors: looking at each is cheaper than keeping a heap. */
const foremost = (cursors: readonly Cursor[]): Cursor | undefined =>
  cursors.reduce<Cursor | undefined>((best, cursor) => (best && inOrder(best.place, cursor.place) <= 0 ? best : cursor), undefined)
