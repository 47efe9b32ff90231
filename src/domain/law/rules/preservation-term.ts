// A preservation ends in the future.
import { faultAt, type Rule } from '../draft-check'

export const preservationTerm: Rule = ({ draft, facts }) => {
  const until = draft.dossier.preservation?.until
  if (draft.kind !== 'PRESERVATION' || !until || until > facts.today) return []
  return [faultAt('dossier.preservation.until', 'PRESERVATION_PAST', 'The last day of the preservation is not in the future.', 'Name a later day.', null)]
}
