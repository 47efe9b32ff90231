// DISPLACED: another instrument that is usable between the two for the same question goes before it.
import type { InstrumentRow } from './register'
import { startOf } from './parties'

/** By which of the usable instruments this one is displaced, in words; null: by none. */
export function displaced(instrument: InstrumentRow, usable: readonly InstrumentRow[]): string | null {
  const by = usable.find(each => each.displaces?.includes(instrument.code))
  return by ? `${by.code} displaces ${instrument.code} between the two for what it covers, since ${startOf(by)} (${by.source})` : null
}
