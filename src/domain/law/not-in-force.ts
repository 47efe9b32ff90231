// NOT_IN_FORCE: the instrument is in force nowhere on that day, or is not known to be.
import { cited, type ExclusionRule } from './exclusion'
import { hasStarted } from './parties'
import { absenceOf } from './party-missing'

export const notInForce: ExclusionRule = (instrument, { register, question: { requesting, requested, on } }) => {
  if (hasStarted(instrument, on)) return null
  const { code, inForceOn, knownInForceOn, note } = instrument
  if (inForceOn !== undefined) return `${code} came into force on ${inForceOn}, after ${on}${cited(instrument)}`
  if (knownInForceOn !== undefined) return `Whether ${code} was in force on ${on} is not known: it was by ${knownInForceOn}${cited(instrument)}`
  const absent = [requesting, requested].flatMap(state => absenceOf(register, instrument, state, on) ?? [])
  return [`${code}: no day of entry into force by ${on} is known${cited(instrument)}`, ...(note ? [note.replace(/\.$/, '')] : []), ...absent].join('. ')
}
