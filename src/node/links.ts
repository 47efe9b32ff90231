// Links between requests, in both directions: a row tells what it names, and candidates beside the docket tell what may name it.
import type { RelatedRequest } from '../domain/dossier-parts'
import type { Reference } from '../domain/request'
import type { DocketRow, Documents, Store } from '../store/store'

/** By `named/naming`: that a request names another one, or once did. */
export type Links = Documents<{ seq: number }>
export const linksOf = (store: Store): Links => store.documents('links')
export const linkKey = (named: Reference, naming: Reference): string => `${named}/${naming}`

const LINKS_AT_MOST = 100

/** Requests that may name this one; their rows tell. */
export async function candidates(links: Links, named: Reference): Promise<Reference[]> {
  return (await links.list({ prefix: `${named}/`, limit: LINKS_AT_MOST })).map(({ key }) => key.slice(named.length + 1))
}

/** Links of a row to what is among `rows`, in the order of references. */
export function linksIn(row: DocketRow, rows: readonly DocketRow[]): { reference: Reference; relation: RelatedRequest['relation']; direction: 'NAMES' | 'NAMED_BY' }[] {
  const others = rows.filter(({ reference }) => reference !== row.reference)
  const links = others.flatMap(({ reference, state }) => [
    ...row.state.relations.filter(each => each.reference === reference).map(({ relation }) => ({ reference, relation, direction: 'NAMES' as const })),
    ...state.relations.filter(each => each.reference === row.reference).map(({ relation }) => ({ reference, relation, direction: 'NAMED_BY' as const })),
  ])
  return links.sort((one, other) => (one.reference < other.reference ? -1 : one.reference > other.reference ? 1 : 0))
}
