// Under which facets a row is indexed in either docket, and which of them answers a filter by the fewest rows.
import type { RequestOrder } from '../domain/vocabulary'
import { REQUEST_KINDS, REQUEST_STATUSES } from '../domain/vocabulary'
import type { DocketFacts } from './filter'
import { placeOf, type Place } from './order'
import type { DocketFilter } from './store'

export function placeInOrder(facts: DocketFacts, order: RequestOrder): Place {
  const { reference } = facts
  switch (order) {
    case 'LAST_ACTIVITY': return placeOf(order, { value: facts.updatedAt, reference })
    case 'CREATED': return placeOf(order, { value: facts.createdAt, reference })
    case 'DUE_FIRST': return placeOf(order, { value: facts.dueAt, reference })
  }
}

/** Short, for there are a dozen keys and more a row. */
export const ORDER_KEYS: Readonly<Record<RequestOrder, string>> = { LAST_ACTIVITY: 'L', DUE_FIRST: 'D', CREATED: 'C' }

const authoritiesOf = ({ parties, readers }: DocketFacts): string[] => [...new Set([...parties, ...readers])]

const all = (open: boolean): string => (open ? 'open' : 'shut')
const ofStatus = (status: string): string => `status ${status}`
const ofUrgency = (urgency: string, open: boolean): string => `urgency ${urgency} ${all(open)}`
const ofPartner = (partner: string, open: boolean): string => `partner ${partner} ${all(open)}`

const ofKind = (kind: string, open: boolean): string => `kind ${kind} ${all(open)}`
const ofSide = (side: string, sideOf: string): string => `${side.toLowerCase()} ${sideOf}`
const ofDecider = (decider: string): string => `decider ${decider}`
const ofOverlay = (overlay: string): string => `overlay ${overlay}`

/** Every part of a filter that names values has its facet, so that no filter is answered by looking at rows that others share. */
const facetsOf = ({ status, urgency, kind, open, parties, requesting, requested, decider, overlays }: DocketFacts, authority: string): string[] => [
  all(open), ofStatus(status), ofUrgency(urgency, open), ofKind(kind, open), ...parties.filter(party => party !== authority).map(partner => ofPartner(partner, open)),
  ofSide('REQUESTING', requesting), ofSide('REQUESTED', requested), ofDecider(decider), ...overlays.map(ofOverlay),
]

/** Of each authority that a row is indexed for: readers are parties too. What a party may not read yet, the row rule drops. */
export const facetsByAuthority = (facts: DocketFacts): { authority: string; facet: string }[] =>
  authoritiesOf(facts).flatMap(authority => facetsOf(facts, authority).map(facet => ({ authority, facet })))

export const facetKeys = (facts: DocketFacts): string[] => facetsByAuthority(facts).map(({ authority, facet }) => facetKey(authority, facet))
export const facetKey = (authority: string, facet: string): string => `${authority} ${facet}`

/** Rough share of a house's rows that a value has; only the choice of an index rests on it. */
const SHARE_OF_URGENCY: Readonly<Record<string, number>> = { ROUTINE: 0.7, PRIORITY: 0.2, URGENT: 0.08, EMERGENCY: 0.02 }
const SHARE_OF_STATUS = 1 / REQUEST_STATUSES.length
const SHARE_OF_PARTNER = 0.1
const SHARE_OF_OPEN = 0.3
const SHARE_OF_KIND = 2 / REQUEST_KINDS.length
const SHARE_OF_SIDE = 0.5
const SHARE_OF_OVERLAY = 0.01

/** The facets whose entries together hold every row that the filter fits, fewest first. */
export function narrowest(filter: DocketFilter): string[] {
  const flags = filter.open === undefined ? [true, false] : [filter.open]
  const openShare = flags.reduce((sum, open) => sum + (open ? SHARE_OF_OPEN : 1 - SHARE_OF_OPEN), 0)
  const choices = [{ share: openShare, facets: flags.map(all) }]
  const { statuses, urgencies, partners, kinds, side, sideOf, deciders, overlays } = filter
  const across = (values: readonly string[], facet: (value: string, open: boolean) => string): string[] => [...new Set(values)].flatMap(value => flags.map(open => facet(value, open)))
  if (statuses) choices.push({ share: statuses.length * SHARE_OF_STATUS, facets: [...new Set(statuses)].map(ofStatus) })
  if (urgencies) choices.push({ share: openShare * sum(urgencies, urgency => SHARE_OF_URGENCY[urgency] ?? 0), facets: across(urgencies, ofUrgency) })
  if (partners) choices.push({ share: openShare * partners.length * SHARE_OF_PARTNER, facets: across(partners, ofPartner) })
  if (kinds) choices.push({ share: openShare * kinds.length * SHARE_OF_KIND, facets: across(kinds, ofKind) })
  if (side && sideOf !== undefined) choices.push({ share: SHARE_OF_SIDE, facets: [ofSide(side, sideOf)] })
  if (deciders) choices.push({ share: SHARE_OF_SIDE, facets: [...new Set(deciders)].map(ofDecider) })
  if (overlays) choices.push({ share: overlays.length * SHARE_OF_OVERLAY, facets: [...new Set(overlays)].map(ofOverlay) })
  return choices.reduce((best, choice) => (choice.share < best.share ? choice : best)).facets
}

const sum = (values: readonly string[], shareOf: (value: string) => number): number => values.reduce((total, value) => total + shareOf(value), 0)
