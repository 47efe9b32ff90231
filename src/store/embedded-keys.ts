// The keys under which rows stand in an embedded docket: `[authority, order, facet, value, reference]`, and `[authority, instant, reference]` for
// the house's timer. Those of the orders are made as the bytes that the library would write, in two parts that keys share.
import type { Key } from 'lmdb'
import { REQUEST_ORDERS, type RequestOrder } from '../domain/vocabulary'
import { facetsByAuthority, ORDER_KEYS, placeInOrder } from './facets'
import type { DocketFacts } from './filter'
import { inOrder, type Place } from './order'

/** Authority, order and facet, under which many rows stand. */
type Head = string

type Facets = ReturnType<typeof facetsByAuthority>

const headsOf = (facets: Facets, order: RequestOrder): Head[] => facets.map(({ authority, facet }) => `${authority}\0${ORDER_KEYS[order]}\0${facet}`)
const placeBytes = ({ value, reference }: Place): Uint8Array => Buffer.from(`${value}\0${reference}`)
const keysOf = (heads: readonly Head[], place: Uint8Array): Key[][] => heads.map(head => [Buffer.from(head), place])

/** The keys that a row leaves and those that it takes where it changes; all of them where it was not there before. */
export function movedKeys(before: DocketFacts | null, after: DocketFacts): { left: Key[][]; taken: Key[][] } {
  const left: Key[][] = [], taken: Key[][] = []
  const [facetsBefore, facetsAfter] = [before ? facetsByAuthority(before) : [], facetsByAuthority(after)]
  for (const order of REQUEST_ORDERS) {
    const [from, to] = [before && placeInOrder(before, order), placeInOrder(after, order)]
    const [was, is] = [new Set(headsOf(facetsBefore, order)), new Set(headsOf(facetsAfter, order))]
    const moves = from?.value !== to.value
    if (from) left.push(...keysOf([...was].filter(head => moves || !is.has(head)), placeBytes(from)))
    taken.push(...keysOf([...is].filter(head => moves || !was.has(head)), placeBytes(to)))
  }
  return { left, taken }
}

/** The keys of many new rows, ascending as the store has them. */
export function* ascendingKeys(rows: readonly DocketFacts[]): Generator<Key[]> {
  const standing = new Map<Head, Uint8Array[]>()
  const withFacets = rows.map(facts => ({ facts, facets: facetsByAuthority(facts) }))
  for (const order of REQUEST_ORDERS) {
    const places = withFacets.map(({ facts, facets }) => ({ facets, place: placeInOrder(facts, order) })).sort((one, other) => inOrder(one.place, other.place))
    for (const { facets, place } of places) {
      const bytes = placeBytes(place)
      for (const head of headsOf(facets, order)) {
        const known = standing.get(head)
        if (known) known.push(bytes)
        else standing.set(head, [bytes])
      }
    }
  }
  for (const [head, places] of [...standing].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const bytes = Buffer.from(head)
    for (const place of places) yield [bytes, place]
  }
}

export const clockKeys = ({ parties, clockAt, reference }: DocketFacts): string[][] =>
  clockAt === null ? [] : parties.map(party => [party, clockAt, reference])
