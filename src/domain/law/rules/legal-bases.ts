// What is cited can be cited: known, in force between the two today, for this kind, matter and these measures; or reciprocity in words.
import { isMissing } from '../draft-paths'
import { faultAt, type Citation, type Rule } from '../draft-check'
import type { Finding } from '../register'

export const legalBases: Rule = check => check.citations.flatMap(citation => judged(citation, check.bases.usable.map(each => each.instrument.code)))

function judged({ path, basis, instrument, usable, excluded }: Citation, codes: readonly string[]): Finding[] {
  const hint = codes.length > 0 ? `Usable between the two states: ${codes.join(', ')}.` : 'No instrument is usable between the two states: offer reciprocity in words.'
  if (isMissing(basis.treatyCode)) {
    return isMissing(basis.reciprocity) ? [faultAt(path, 'BASIS_EMPTY', 'This basis names neither an instrument nor reciprocity.', hint, null)] : []
  }
  if (!instrument) return [faultAt(`${path}.treatyCode`, 'BASIS_UNKNOWN', 'No instrument of the register has this code.', hint, null)]
  if (usable) return []
  const why = excluded?.explanation ?? 'This instrument cannot be cited here'
  return [faultAt(`${path}.treatyCode`, `BASIS_${excluded?.because ?? 'NOT_USABLE'}`, why.endsWith('.') ? why : `${why}.`, hint, instrument.source)]
}
