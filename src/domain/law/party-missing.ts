// PARTY_MISSING: in force, but not, or not yet, for one of the two states, or not between these two.
import { cited, type ExclusionRule } from './exclusion'
import { isAcrossSides, partyOn, startOf } from './parties'
import type { AbsentRow, InstrumentRow, Register } from './register'
import { indexOfInstrument, stateName } from './register-index'

export const partyMissing: ExclusionRule = (instrument, { register, question: { requesting, requested, on } }) => {
  if (requesting === requested) return 'The requesting and the requested state are the same: an instrument needs two'
  const missing = [requesting, requested].filter(state => partyOn(instrument, state, on) === null)
  const strangers = missing.filter(state => !isNamed(instrument, state))
  if (strangers.length > 0 && isBilateral(instrument)) return `${instrument.code} binds ${instrument.parties.map(party => party.state).join(' and ')} alone${cited(instrument)}`
  if (missing.length > 0) return missing.map(state => whyMissing(register, instrument, state, on)).join('; ')
  if (isAcrossSides(instrument, requesting, requested)) return null
  return `${instrument.code} binds one of ${instrument.sides?.one.join(', ')} with ${instrument.sides?.other.join(', ')}, never two of one side${cited(instrument)}`
}

function whyMissing(register: Register, instrument: InstrumentRow, state: string, on: string): string {
  const coming = indexOfInstrument(instrument).parties.get(state)?.find(party => (party.inForceOn ?? startOf(instrument) ?? on) > on)
  if (coming) return `${stateName(register, state)} is bound only from ${coming.inForceOn ?? startOf(instrument)} on${cited(coming)}`
  return absenceOf(register, instrument, state, on) ?? `${stateName(register, state)} is no party as far as the register knows (as of ${instrument.asOf})`
}

const isBilateral = ({ level, parties }: InstrumentRow): boolean => level === 'BILATERAL' && parties.length === 2

function isNamed(instrument: InstrumentRow, state: string): boolean {
  const { parties, absent } = indexOfInstrument(instrument)
  return parties.has(state) || absent.has(state)
}

/** What is known of a state that is not bound: "Poland has not signed". Null where nothing is. */
export function absenceOf(register: Register, instrument: InstrumentRow, state: string, on: string): string | null {
  const row = indexOfInstrument(instrument).absent.get(state)
  if (!row) return null
  const name = stateName(register, state), note = row.note ? `: ${row.note.replace(/\.$/, '')}` : ''
  switch (row.status) {
    case 'NOT_SIGNED': return `${name} has not signed${note}${cited(row)}`
    case 'SIGNED': return `${name} ${signing(row, on)} not ratified${note}${cited(row)}`
    case 'NOT_PARTY': return `${name} is not a party${note}${cited(row)}`
    case 'OPEN': return `Whether ${name} is a party is not settled${note}${cited(row)}`
  }
}

function signing({ signedOn }: AbsentRow, on: string): string {
  if (signedOn === undefined) return 'has signed but'
  return on < signedOn ? `signed only on ${signedOn} and has` : `signed on ${signedOn} but has`
}
