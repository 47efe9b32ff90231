// The request is in a language that the cited instrument and the requested state accept.
import { isMissing } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { codeFault } from '../code-faults'

export const language: Rule = ({ register, draft, facts, citations, languages }) => {
  const written = draft.dossier.language
  if (typeof written !== 'string' || isMissing(written) || languages.includes(written)) return []
  if (draft.dossier.translations?.some(each => languages.includes(each.language))) return []
  if (codeFault(register, 'LANGUAGE', written, facts.today, '')) return []
  const rule = citations.find(each => each.instrument?.languageRule)?.instrument
  return [faultAt(
    'dossier.language', 'LANGUAGE_NOT_ACCEPTED', `${draft.requested} does not take a request in this language here; it takes ${languages.join(', ')}.`,
    'Write or translate the request into an accepted language.', rule?.source ?? register.jurisdictions.find(row => row.code === draft.requested)?.source ?? null,
  )]
}
