// Kinds that are about one person in a role name that person.
import { faultAt, type Rule } from '../draft-check'

export const personsOfKind: Rule = ({ draft, kind }) => {
  const persons = draft.dossier.persons ?? [], roles = kind?.persons
  if (!kind || !roles || persons.length === 0 || persons.some(person => roles.includes(person.role))) return []
  return [faultAt('dossier.persons', 'PERSON_OF_ROLE_MISSING', 'The person whom the request is about is not named.', `Name a person with the role ${roles.join(', ')}.`, kind.source)]
}
