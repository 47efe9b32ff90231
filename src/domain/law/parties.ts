// Who is bound by an instrument on a day. A party whose day is not known counts from the instrument's own day on, and answers say so.
import type { InstrumentRow, PartyRow } from './register'
import { indexOfInstrument } from './register-index'

/** First day on which an instrument is known to be in force; null where none is known. */
export const startOf = (instrument: InstrumentRow): string | null => instrument.inForceOn ?? instrument.knownInForceOn ?? null

export const isInForce = (instrument: InstrumentRow, on: string): boolean => hasStarted(instrument, on) && !hasEnded(instrument, on)

export function hasStarted(instrument: InstrumentRow, on: string): boolean {
  const start = startOf(instrument)
  return start !== null && start <= on
}

/** `endsOn` is the last day that counts. */
export const hasEnded = ({ endsOn }: { endsOn?: string }, on: string): boolean => endsOn !== undefined && endsOn < on

const bindsOn = (instrument: InstrumentRow, party: PartyRow, on: string): boolean => {
  const start = party.inForceOn ?? startOf(instrument)
  return start !== null && start <= on && !hasEnded(party, on)
}

/** The row that binds a state on a day; a state that left and came back has two. */
export function partyOn(instrument: InstrumentRow, state: string, on: string): PartyRow | null {
  if (!isInForce(instrument, on)) return null
  return indexOfInstrument(instrument).parties.get(state)?.find(party => bindsOn(instrument, party, on)) ?? null
}

/** Parties on a day; without a day all, past and coming. */
export function partiesOn(instrument: InstrumentRow, on: string | null): PartyRow[] {
  if (on === null) return [...instrument.parties]
  return isInForce(instrument, on) ? instrument.parties.filter(party => bindsOn(instrument, party, on)) : []
}

/** An agreement with sides binds one of each, never two of the same. */
export function isAcrossSides({ sides }: InstrumentRow, one: string, other: string): boolean {
  if (!sides) return true
  return (sides.one.includes(one) && sides.other.includes(other)) || (sides.one.includes(other) && sides.other.includes(one))
}

/** Whether an instrument binds two different states to each other on a day. */
export const bindsBoth = (instrument: InstrumentRow, one: string, other: string, on: string): boolean =>
  one !== other && isAcrossSides(instrument, one, other) && partyOn(instrument, one, on) !== null && partyOn(instrument, other, on) !== null
