// Every field that the template makes mandatory for this kind and these circumstances is there.
import { isMissing, valueAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { requiredFields } from '../template'

export const mandatoryFields: Rule = ({ register, draft, circumstances }) => {
  const missing = requiredFields(register, draft.kind, circumstances).filter(({ row }) => isMissing(valueAt(draft, row.path)))
  // A part whose whole is missing is no fault of its own.
  const heads = missing.filter(({ row }) => !missing.some(other => row.path.startsWith(`${other.row.path}.`)))
  return heads.map(({ row, why }) => faultAt(row.path, row.code, why ? `${row.message} ${why}` : row.message, row.hint, row.source))
}
