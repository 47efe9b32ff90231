// The three orders of docket queries as text keys that sort ascending: newest-first orders keep their instants mirrored.
// Instants are RFC 3339 text (printable ASCII), so mirroring each character mirrors the order.
import { fault } from '../refusal'
import type { RequestOrder } from '../domain/vocabulary'

/** Sorts behind every instant. */
export const KEY_OF_NONE = '~'

export const isNewestFirst = (order: RequestOrder): boolean => order !== 'DUE_FIRST'

const PRINTABLE = /^[ -~]*$/
const FIRST_AND_LAST = 0x20 + 0x7e

/** Sorts the other way round; the end mark makes a text sort behind those that go on where it ends. */
export function mirrored(text: string): string {
  if (!PRINTABLE.test(text)) fault('an instant of the docket is no printable ASCII text')
  return `${Array.from(text, character => String.fromCharCode(FIRST_AND_LAST - character.charCodeAt(0))).join('')}\u007f`
}

/** Key of a value in an order, ascending in the order's own direction. */
const orderKey = (order: RequestOrder, value: string | null): string =>
  isNewestFirst(order) ? mirrored(value ?? '') : value ?? KEY_OF_NONE

/** Where a row stands in an order's index. */
export interface Place { readonly value: string; readonly reference: string }

export const placeOf = (order: RequestOrder, { value, reference }: { value: string | null; reference: string }): Place =>
  ({ value: orderKey(order, value), reference })

export function inOrder(one: Place, other: Place): number {
  if (one.value !== other.value) return one.value < other.value ? -1 : 1
  return one.reference === other.reference ? 0 : one.reference < other.reference ? -1 : 1
}
