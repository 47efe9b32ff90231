// Random schedules for two houses and a hub: what officials do, and what befalls network and processes meanwhile.
import fc from 'fast-check'
import { DE, FR } from '../../wire/houses'
import { HARMS } from './fragile-store'
import { LINE_FATES, POST_FATES } from './network'
import type { Place, Step } from './two-houses'

const house = fc.constantFrom(DE, FR)
const place = fc.constantFrom<Place[]>(DE, FR, 'hub')
const one = <Value extends string>(value: Value): fc.Arbitrary<Value> => fc.constant(value)

const act = fc.record({ do: one('act'), house, pick: fc.nat(60), word: fc.nat(5), burst: fc.boolean() })
const network = fc.record({ do: one('network'), house, posts: fc.array(fc.constantFrom(...POST_FATES), { minLength: 1, maxLength: 4 }), lines: fc.array(fc.constantFrom(...LINE_FATES), { maxLength: 4 }) })
const harm = fc.record({ do: one('harm'), place, writes: fc.integer({ min: 1, max: 14 }), harm: fc.constantFrom(...HARMS), again: fc.nat(2) })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 2, arbitrary: fc.record({ do: one('draft'), house, kind: fc.constantFrom('EVIDENCE' as const, 'PRESERVATION' as const) }) },
  { weight: 4, arbitrary: network },
  { weight: 4, arbitrary: harm },
  { weight: 1, arbitrary: fc.record({ do: one('kill'), place }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('part' as const, 'join' as const, 'cut' as const), house }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('contact' as const, 'retry' as const, 'tick' as const), house }) },
  { weight: 2, arbitrary: fc.record({ do: one('pass'), seconds: fc.constantFrom(1, 40, 700, 86_400 * 30) }) },
  { weight: 1, arbitrary: fc.record({ do: one('replay'), which: fc.nat(5) }) },
)

/** Trouble and, at once, an act that meets it. */
const met = (trouble: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
  fc.array(fc.tuple(trouble, act.map(each => ({ ...each, burst: false }))), { minLength: 4, maxLength: 10, size: 'max' }).map(pairs => pairs.flat())

/** A request of DE's that has come to FR. */
const sent: Step[] = [{ do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'act', house: DE, pick: 2, word: 0, burst: false }, { do: 'act', house: DE, pick: 0, word: 0, burst: false }]
/** One that FR was asked about first. */
const consulted: Step[] = [{ do: 'draft', house: DE, kind: 'EVIDENCE' }, { do: 'act', house: DE, pick: 1, word: 0, burst: false }]

/** Schedules of every kind, and those in which one kind of trouble is met soon. */
export const SPACES = {
  mixed: fc.tuple(fc.constantFrom(sent, sent, consulted), fc.array(step, { minLength: 8, maxLength: 24, size: 'max' })).map(([begun, steps]) => [...begun, ...steps]),
  deaths: met(fc.record({ do: one('harm'), place: house, writes: fc.integer({ min: 1, max: 9 }), harm: fc.constantFrom(...HARMS), again: fc.constant(0) })).map(steps => [...sent, ...steps]),
  lines: met(network).map(steps => [...sent, ...steps]),
}
export type Space = keyof typeof SPACES
