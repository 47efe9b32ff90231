// ENDED: the instrument, or one of the two states' part in it, ended before that day.
import { cited, type ExclusionRule } from './exclusion'
import { hasEnded, partyOn } from './parties'
import { indexOfInstrument } from './register-index'

export const ended: ExclusionRule = (instrument, { question: { requesting, requested, on } }) => {
  if (hasEnded(instrument, on)) return `${instrument.code} ended on ${instrument.endsOn}${cited(instrument)}`
  const gone = [requesting, requested].flatMap(state => {
    if (partyOn(instrument, state, on)) return []
    const past = indexOfInstrument(instrument).parties.get(state)?.filter(party => hasEnded(party, on)) ?? []
    return past.slice(-1).map(party => `${instrument.code} ended for ${state} on ${party.endsOn}${cited(party)}`)
  })
  return gone.length > 0 ? gone.join('; ') : null
}
