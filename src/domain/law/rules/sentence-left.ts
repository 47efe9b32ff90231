// Where a kind needs it, enough of the sentence is left to serve.
import { addDuration, parseDuration } from '../../calendar-days'
import { faultAt, type Rule } from '../draft-check'

export const sentenceLeft: Rule = ({ register, draft, facts }) => {
  const least = register.templates.thresholds.find(row => row.name === 'SENTENCE_LEFT_AT_LEAST' && (!row.kinds || row.kinds.includes(draft.kind)))
  const endsOn = draft.dossier.sentence?.endsOn
  if (!least || !endsOn || endsOn >= addDuration(facts.today, parseDuration(least.limit))) return []
  return [faultAt('dossier.sentence.endsOn', 'SENTENCE_TOO_SHORT', 'Too little of the sentence is left to serve.', `At least ${parseDuration(least.limit).amount} months must be left when the request is received.`, least.source)]
}
