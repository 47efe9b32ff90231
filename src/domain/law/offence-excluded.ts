// OFFENCE_EXCLUDED: what is known of the offence does not reach what the instrument asks. What is not known excludes nothing.
import { cited, type ExclusionRule } from './exclusion'

export const offenceExcluded: ExclusionRule = (instrument, { question: { kind, offence } }) => {
  const years = offence?.maxPenaltyYears ?? null, categories = offence?.categories ?? []
  const row = instrument.offence?.find(each => (!each.kinds || each.kinds.includes(kind)) &&
    ((each.minMaxPenaltyYears !== undefined && years !== null && years < each.minMaxPenaltyYears) ||
      (each.categories !== undefined && categories.length > 0 && !categories.some(category => each.categories?.includes(category)))))
  return row ? `${row.because}${cited(instrument)}` : null
}
