// Where a kind needs the consent of the person, the person has given it.
import { faultAt, type Rule } from '../draft-check'

export const personConsents: Rule = ({ draft, kind }) => {
  if (!kind?.consentNeeded || draft.dossier.personConsent?.given !== false) return []
  return [faultAt('dossier.personConsent.given', 'CONSENT_NOT_GIVEN', 'The person does not consent.', 'A request of this kind needs the consent of the person; send it once it is given.', kind.source)]
}
