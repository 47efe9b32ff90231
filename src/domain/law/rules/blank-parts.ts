// What is listed says something: no offence, person, document or statement with a blank in the place of its text.
import { isMissing, partsAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { fieldsOf } from '../template'

export const blankParts: Rule = ({ register, draft }) =>
  fieldsOf(register, draft.kind).flatMap(({ row }) => (row.texts ?? []).flatMap(at => partsAt(draft, row.path + at)))
    .filter(part => isMissing(part.value))
    .map(part => faultAt(part.path, 'PART_BLANK', 'This part is listed but says nothing.', 'Fill it in, or leave the whole entry out.', null))
