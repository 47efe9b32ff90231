// All faults of a draft at once: what checkDraft shows and what bars VALIDATE and SUBMIT. Pure; a FAULT bars sending, a WARNING does not.
import { draftCheck, type Draft, type DraftFacts, type LawAnswers } from './draft-check'
import type { Finding, Register } from './register'
import { RULES } from './rules'

export type { Draft, DraftFacts, LawAnswers, OpenRequest } from './draft-check'

export function findings(register: Register, draft: Draft, facts: DraftFacts, law: LawAnswers): Finding[] {
  const check = draftCheck(register, draft, facts, law)
  return RULES.flatMap(rule => rule(check))
}
