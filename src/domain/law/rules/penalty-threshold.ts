// Kinds with a threshold: one offence at least is punishable that severely.
import { faultAt, highestPenalty, type Rule } from '../draft-check'

export const penaltyThreshold: Rule = ({ draft, kind }) => {
  const least = kind?.minMaxPenaltyYears, count = draft.dossier.offences?.length ?? 0
  if (!kind || least === undefined || count === 0) return []
  const highest = highestPenalty(draft.dossier), hint = `Name an offence whose maximum penalty is at least ${least} year${least === 1 ? '' : 's'}, with that penalty.`
  if (highest === null) return [faultAt('dossier.offences[0].maxPenaltyYears', 'PENALTY_MISSING', 'No offence states its maximum penalty.', hint, kind.source)]
  return highest < least ? [faultAt('dossier.offences', 'PENALTY_TOO_LOW', 'No offence carries the least maximum penalty that this kind needs.', hint, kind.source)] : []
}
