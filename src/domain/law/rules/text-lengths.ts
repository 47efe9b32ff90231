// Texts say enough: the least number of characters that the template asks for. Missing ones are another rule's.
import { valueAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { fieldsOf, leastOf } from '../template'

export const textLengths: Rule = ({ register, draft }) =>
  fieldsOf(register, draft.kind).flatMap(({ row }) => {
    const least = leastOf(row, draft.kind)
    const value = valueAt(draft, row.path)
    if (least === null || typeof value !== 'string') return []
    const length = [...value.trim()].length
    if (length === 0 || length >= least) return []
    return [faultAt(row.path, 'TEXT_TOO_SHORT', `The text has ${length} characters; at least ${least} are needed.`, row.hint, row.source)]
  })
