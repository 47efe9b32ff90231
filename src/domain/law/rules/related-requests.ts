// Warns where a related request is named that the own authority does not have: it would be shown to nobody. A blank one is another rule's.
import { isMissing } from '../draft-paths'
import { warningAt, type Rule } from '../draft-check'

export const relatedRequests: Rule = ({ draft, facts }) =>
  (draft.dossier.relatedRequests ?? []).flatMap(({ reference }, i) => isMissing(reference) || facts.known.has(reference) ? [] : [warningAt(
    `dossier.relatedRequests[${i}].reference`, 'RELATED_REQUEST_UNKNOWN', 'Your authority has no request of this reference.',
    'Check the reference; a case that runs outside Comity is named in the facts.', null)])
