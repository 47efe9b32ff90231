// Where a kind needs it, enough of the sentence is left to serve: by its last day, or by its length less what is served.
import { addDuration, isCounted, parseDuration } from '../../calendar-days'
import type { Sentence } from '../../dossier-parts'
import { faultAt, type Rule } from '../draft-check'

export const sentenceLeft: Rule = ({ register, draft, facts }) => {
  const least = register.templates.thresholds.find(row => row.name === 'SENTENCE_LEFT_AT_LEAST' && (!row.kinds || row.kinds.includes(draft.kind)))
  const last = lastDay(draft.dossier.sentence, facts.today)
  if (!least || !last || last.day >= addDuration(facts.today, parseDuration(least.limit))) return []
  return [faultAt(`dossier.sentence.${last.told}`, 'SENTENCE_TOO_SHORT', 'Too little of the sentence is left to serve.', `At least ${parseDuration(least.limit).amount} months must be left when the request is received.`, least.source)]
}

/** The day on which the sentence ends, and the field that tells it; null where neither does. */
function lastDay(sentence: Sentence | null | undefined, today: string): { day: string; told: 'endsOn' | 'served' } | null {
  if (!sentence) return null
  const { length, served, endsOn } = sentence
  if (endsOn) return { day: endsOn, told: 'endsOn' }
  const [whole, done] = [parseDuration(length), served ? parseDuration(served) : null]
  if (!done || !isCounted(whole) || !isCounted(done)) return null
  return { day: addDuration(addDuration(today, { ...done, amount: -done.amount }), whole), told: 'served' }
}
