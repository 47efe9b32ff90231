// All faults of a draft at once: what checkDraft shows and what bars VALIDATE and SUBMIT. Pure; a FAULT bars sending, a WARNING does not.
import { draftCheck, type Draft, type DraftFacts } from './draft-check'
import type { Finding, Register } from './register'
import { RULES } from './rules'
import { sourceOfField } from './template'

export type { Draft, DraftFacts, OpenRequest } from './draft-check'

export function findings(register: Register, draft: Draft, facts: DraftFacts): Finding[] {
  const check = draftCheck(register, draft, facts)
  // What names no rule of its own rests on what asks for the field.
  return RULES.flatMap(rule => rule(check)).map(found => ({ ...found, source: found.source ?? sourceOfField(register, draft.kind, found.path) }))
}
