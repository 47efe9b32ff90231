// EMERGENCY exists for kinds that can save a life within hours.
import { faultAt, type Rule } from '../draft-check'

export const emergencyKinds: Rule = ({ register, draft, kind }) => {
  if (draft.urgency !== 'EMERGENCY' || !kind || kind.emergency) return []
  const kinds = register.templates.kinds.filter(row => row.emergency).map(row => row.kind)
  return [faultAt('urgency', 'EMERGENCY_NOT_OF_KIND', `A request of the kind ${draft.kind} cannot be an EMERGENCY.`, `Make it URGENT; EMERGENCY is for ${kinds.join(', ')}.`, kind.source)]
}
