// Filters of docket queries: the shape check that stands before either store, and the same rules judged on a row's facts.
// A value of another shape is refused, never sent: an array, an object or undefined in a filter would change what it means.
import { fault, Refusal } from '../refusal'
import type { DocketFilter, DocketPosition, DocketRow, DueQuery, Scope } from './store'

/** What filters, orders and row rules look at. */
export interface DocketFacts {
  readonly reference: string; readonly seq: number
  readonly readers: readonly string[]; readonly parties: readonly string[]
  readonly requesting: string; readonly requested: string; readonly decider: string
  readonly kind: string; readonly status: string; readonly urgency: string; readonly open: boolean; readonly overlays: readonly string[]
  readonly dueAt: string | null; readonly clockAt: string | null; readonly updatedAt: string; readonly createdAt: string
}

export function factsOf(row: DocketRow): DocketFacts {
  const { reference, seq, readers, parties, decider, open, dueAt, clockAt, updatedAt, createdAt, state } = row
  const { requesting, requested, kind, status, urgency } = state
  const overlays = state.overlays.map(mark => mark.overlay)
  return { reference, seq, readers, parties, requesting, requested, decider, kind, status, urgency, open, overlays, dueAt, clockAt, updatedAt, createdAt }
}

type Shape = 'text' | 'texts' | 'instant' | 'flag'

const SHAPES: Readonly<Record<keyof DocketFilter, Shape>> = {
  references: 'texts', side: 'text', sideOf: 'text', partners: 'texts', kinds: 'texts', statuses: 'texts', urgencies: 'texts',
  open: 'flag', dueBefore: 'instant', updatedAfter: 'instant', deciders: 'texts', overlays: 'texts',
}

const isText = (value: unknown): boolean => typeof value === 'string'

const FITS: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  text: isText,
  instant: value => typeof value === 'string' && /^[ -~]+$/.test(value),
  texts: value => Array.isArray(value) && value.every(isText),
  flag: value => typeof value === 'boolean',
}

/** The filter as it was given, once every part has its shape. */
export function checkedFilter(filter: DocketFilter): DocketFilter {
  for (const [name, value] of Object.entries(filter)) {
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof DocketFilter] : undefined
    if (!shape || !FITS[shape](value)) throw badFilter(shape ? name : '')
  }
  if ((filter.side === undefined) !== (filter.sideOf === undefined)) throw badFilter('side')
  return filter
}

/** A place is ours, from a sealed cursor: one of another shape is our mistake. */
export function checkedPlace(place: DocketPosition): DocketPosition {
  return isText(place.reference) && (place.value === null || isText(place.value)) ? place : fault('a place in the docket is no text')
}

export function checkedDue(query: DueQuery): DueQuery {
  const { at, after } = query
  return isText(at) && (!after || (isText(after.clockAt) && isText(after.reference))) ? query : fault('an instant of the timer is no text')
}

const badFilter = (name: string): Refusal =>
  new Refusal('BAD_USER_INPUT', 'A part of the filter has another shape than the docket knows.', {
    path: name ? `filter.${name}` : 'filter', hint: 'Leave out what is not asked for; give texts, lists of texts and flags as the schema says.',
  })

/** An empty list asks for none of its values, and the hub is a side of no request. */
export const asksForNothing = (filter: DocketFilter): boolean =>
  filter.side === 'HUB' || Object.values(filter).some(value => Array.isArray(value) && value.length === 0)

const within = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.includes(value)

/** Both parties but the asking one: a partner is whoever is on the other side. */
const partnersOf = (facts: DocketFacts, authority: string): readonly string[] => facts.parties.filter(party => party !== authority)

export function matches(filter: DocketFilter, facts: DocketFacts, authority: string): boolean {
  const { partners, overlays } = filter
  return within(filter.references, facts.reference) && within(filter.kinds, facts.kind) && within(filter.statuses, facts.status)
    && within(filter.urgencies, facts.urgency) && within(filter.deciders, facts.decider)
    && (filter.open === undefined || filter.open === facts.open)
    && (overlays === undefined || facts.overlays.some(overlay => (overlays as readonly string[]).includes(overlay)))
    && (partners === undefined || partnersOf(facts, authority).some(party => partners.includes(party)))
    && onSide(filter, facts) && inTime(filter, facts)
}

const onSide = ({ side, sideOf }: DocketFilter, facts: DocketFacts): boolean =>
  side === undefined || (side === 'REQUESTING' ? facts.requesting === sideOf : side === 'REQUESTED' && facts.requested === sideOf)

const inTime = ({ dueBefore, updatedAfter }: DocketFilter, facts: DocketFacts): boolean =>
  (dueBefore === undefined || (facts.dueAt !== null && facts.dueAt < dueBefore)) && (updatedAfter === undefined || facts.updatedAt > updatedAfter)

/** The row rule, judged once more on every row that leaves a store, whatever index led there. */
export const mayShow = (scope: Scope, row: Pick<DocketFacts, 'readers' | 'parties'>): boolean =>
  scope.authority !== null && scope.authority !== '' && row[scope.field].includes(scope.authority)
