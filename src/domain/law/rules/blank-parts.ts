// What is listed says something: no offence, person, identifier or statement with a blank in the place of its text.
import { isMissing, partsAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'

const PARTS = [
  'dossier.offences[].name', 'dossier.offences[].provision', 'dossier.persons[].name', 'dossier.identifiers[].value',
  'dossier.proportionality.aim', 'dossier.proportionality.necessity', 'dossier.proportionality.lessIntrusive',
] as const

export const blankParts: Rule = ({ draft }) =>
  PARTS.flatMap(at => partsAt(draft, at)).filter(part => isMissing(part.value))
    .map(part => faultAt(part.path, 'PART_BLANK', 'This part is listed but says nothing.', 'Fill it in, or leave the whole entry out.', null))
