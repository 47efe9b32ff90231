// What is to be kept is kept into the future.
import { faultAt, type Rule } from '../draft-check'

export const retention: Rule = ({ draft, facts }) => {
  const until = draft.dossier.retainUntil
  if (!until || until > facts.today) return []
  return [faultAt('dossier.retainUntil', 'RETENTION_PAST', 'The end of retention is not in the future.', 'Name a later day.', null)]
}
