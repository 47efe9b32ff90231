// A kind asks only for measures that are its own.
import { faultAt, type Rule } from '../draft-check'

export const measuresOfKind: Rule = ({ draft, kind }) =>
  draft.measures.flatMap((measure, i) => {
    if (!kind || kind.measures.includes(measure)) return []
    const hint = kind.measures.length > 0 ? `This kind can ask for ${kind.measures.join(', ')}; draft another request for the rest.` : 'This kind asks for no measure: leave it out.'
    return [faultAt(`measures[${i}]`, 'MEASURE_NOT_OF_KIND', `${measure} cannot be asked for in a request of the kind ${draft.kind}.`, hint, kind.source)]
  })
