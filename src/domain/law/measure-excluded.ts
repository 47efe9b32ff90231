// MEASURE_EXCLUDED: one of the measures is taken out by the instrument, or not among those that alone it covers.
import { cited, type ExclusionRule } from './exclusion'

export const measureExcluded: ExclusionRule = (instrument, { question: { kind, measures } }) => {
  const row = instrument.measuresExcluded?.find(each => (!each.kinds || each.kinds.includes(kind)) && each.measures.some(measure => measures.includes(measure)))
  if (row) return `${instrument.code} excludes ${measures.filter(measure => row.measures.includes(measure)).join(', ')}: ${row.because}${cited(instrument)}`
  const outside = instrument.measuresCovered ? measures.filter(measure => !instrument.measuresCovered?.includes(measure)) : []
  return outside.length > 0 ? `${instrument.code} does not cover ${outside.join(', ')}${cited(instrument)}` : null
}
