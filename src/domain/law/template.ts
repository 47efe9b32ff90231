// What a request of a kind must hold: the rows of seeds/register/templates.json applied to one question. Knows kinds of condition, never
// a field. `requestTemplate` answers the form builder, `requiredFields` the checks of a draft: one source for both.
import { Refusal } from '../../refusal'
import {
  CONFIDENTIALITIES, DATA_CLASSES, MATTERS, PROCEEDINGS_STAGES, REQUEST_KINDS, URGENCIES,
  type CodeList, type DualCriminality, type Matter, type MeasureCode, type RequestKind, type Urgency,
} from '../vocabulary'
import type { Identifier } from '../request'
import { codesOf } from './codes'
import { partsAt } from './draft-paths'
import { languagesFor } from './languages'
import { legalBases } from './legal-bases'
import type { FieldPresence, KindRow, Register, TemplateRow, TimeLimitRow, UsableBasis } from './register'
import { instrumentOf } from './register-index'
import { timeLimitsFor } from './time-limits'

export interface TemplateField {
  path: string; presence: FieldPresence; type: string; codes: readonly string[]; codeList: CodeList | null; because: string | null
  minLength: number | null; maxLength: number | null; maxItems: number | null; hint: string; source: string; verified: boolean
}
export interface RequestTemplate { kind: RequestKind; fields: TemplateField[]; languages: string[]; timeLimits: TimeLimitRow[] }

export interface TemplateQuestion {
  requesting: string; requested: string; kind: RequestKind; matter: Matter
  legalBasis?: string | null; measures?: readonly MeasureCode[] | null
  /** `YYYY-MM-DD`. */
  on: string
}

/** What the conditions of fields are judged on; `undefined`: not known yet. */
export interface Circumstances {
  measures?: readonly MeasureCode[]
  identifiers?: readonly Pick<Identifier, 'kind'>[]
  urgency?: Urgency
  dualCriminality?: DualCriminality
  /** The draft as it stands. */
  draft?: object
}

/** The rows that count for a kind, one a path, in the order of the data. */
export function fieldsOf(register: Register, kind: RequestKind): { row: TemplateRow; presence: FieldPresence }[] {
  const fields = new Map<string, { row: TemplateRow; presence: FieldPresence }>()
  for (const row of register.templates.fields) {
    const presence = row.presence[kind]
    if (presence && !fields.has(row.path)) fields.set(row.path, { row, presence })
  }
  return [...fields.values()]
}

/** What asks for the field that a path lies in (`dossier.persons[0].role`); null where no row does. */
export function sourceOfField(register: Register, kind: RequestKind, path: string): string | null {
  const within = fieldsOf(register, kind).filter(({ row }) => path === row.path || path.startsWith(`${row.path}.`) || path.startsWith(`${row.path}[`))
  return within.sort((one, other) => other.row.path.length - one.row.path.length)[0]?.row.source ?? null
}

export const kindRow = (register: Register, kind: RequestKind): KindRow | null => register.templates.kinds.find(row => row.kind === kind) ?? null

/** Whether one of the measures belongs to a class (COERCIVE, ELECTRONIC_DATA, …), where need be because of an identifier that is named. */
export function hasMeasureOf(register: Register, name: string, measures: readonly MeasureCode[], identifiers: readonly Pick<Identifier, 'kind'>[] = []): boolean {
  const row = register.templates.measureClasses.find(each => each.name === name)
  if (!row) return false
  return measures.some(measure => row.measures.includes(measure)) ||
    (row.withIdentifier ?? []).some(also => measures.includes(also.measure) && identifiers.some(({ kind }) => kind === also.identifier))
}

/** Whether a rule on double criminality asks for a statement with these measures. */
export const asksDualCriminality = (register: Register, rule: DualCriminality, measures: readonly MeasureCode[]): boolean =>
  rule === 'ALWAYS' || (rule === 'COERCIVE_ONLY' && hasMeasureOf(register, 'COERCIVE', measures))

/** Whether a condition holds; null where that is not known (yet, or ever). */
export function conditionHolds(register: Register, row: TemplateRow, { measures, identifiers, urgency, dualCriminality, draft }: Circumstances): boolean | null {
  switch (row.condition) {
    case 'EMERGENCY': return urgency === undefined ? null : urgency === 'EMERGENCY'
    case 'ABOVE_ROUTINE': return urgency === undefined ? null : urgency !== 'ROUTINE'
    case 'MEASURE': return measures === undefined ? null : (row.measureClasses ?? []).some(name => hasMeasureOf(register, name, measures, identifiers))
    case 'DUAL_CRIMINALITY': return dualCriminality === undefined || measures === undefined ? null : asksDualCriminality(register, dualCriminality, measures)
    case 'SAID': return draft === undefined ? null : partsAt(draft, row.said?.at ?? '').some(({ value }) => row.said?.is.includes(String(value)))
    case 'KNOWN_TO_THE_DRAFTER': case undefined: return null
  }
}

/** The rows that a draft in these circumstances must fill; `why` in words where it hangs on them. */
export const requiredFields = (register: Register, kind: RequestKind, circumstances: Circumstances): { row: TemplateRow; why: string | null }[] =>
  fieldsOf(register, kind)
    .filter(({ row, presence }) => presence === 'MANDATORY' || (presence === 'CONDITIONAL' && conditionHolds(register, row, circumstances) === true))
    .map(({ row, presence }) => ({ row, why: presence === 'CONDITIONAL' ? (row.because ?? null) : null }))

/** Fields, codes, languages and time limits of a request to be drafted. */
export function requestTemplate(register: Register, question: TemplateQuestion): RequestTemplate {
  const { kind, on } = question
  const { usable } = legalBases(register, { ...question, measures: question.measures ?? [] })
  const { languages, timeLimits, dualCriminality } = basisOf(register, usable, question)
  const given = question.measures?.length ? question.measures : undefined
  const circumstances: Circumstances = { ...(given && { measures: given }), ...(dualCriminality && { dualCriminality }) }
  const codes = (row: TemplateRow): readonly string[] => {
    if (row.path === 'legalBases') return usable.map(each => each.instrument.code)
    return row.path === 'dossier.language' ? languages : fieldCodes(register, row, kind, on)
  }
  return {
    kind, languages: [...languages], timeLimits,
    fields: fieldsOf(register, kind).map(({ row, presence }) => ({
      path: row.path, type: row.type, presence: resolved(register, row, presence, circumstances), codes: presence === 'UNUSED' ? [] : codes(row), codeList: row.codes ?? null, because: becauseOf(row, presence, kind),
      minLength: leastOf(row, kind), maxLength: row.maxLength ?? null, maxItems: row.maxItems ?? null, hint: row.hint, source: row.source, verified: row.verified,
    })),
  }
}

interface BasisAnswer { languages: readonly string[]; timeLimits: TimeLimitRow[]; dualCriminality?: DualCriminality }

/** The best usable instrument, or the one that the caller names: where it is excluded between the two, by its own rows. */
function basisOf(register: Register, usable: readonly UsableBasis[], { legalBasis, requested, kind, measures }: TemplateQuestion): BasisAnswer {
  if (!legalBasis) return usable[0] ?? { languages: languagesFor(register, null, requested, kind), timeLimits: [] }
  const found = usable.find(each => each.instrument.code === legalBasis)
  if (found) return found
  const named = instrumentOf(register, legalBasis)
  if (!named) {
    throw new Refusal('BAD_USER_INPUT', 'No instrument has this code.', { path: 'legalBasis', hint: 'Ask `legalBases` which instruments are usable, and why others fall out.' })
  }
  return { languages: languagesFor(register, named, requested, kind), timeLimits: timeLimitsFor(register, named, kind, measures ?? [], null) }
}

/** Where measures and basis are known, so is whether a condition holds. */
function resolved(register: Register, row: TemplateRow, presence: FieldPresence, circumstances: Circumstances): FieldPresence {
  if (presence !== 'CONDITIONAL') return presence
  const holds = conditionHolds(register, row, circumstances)
  return holds === null ? 'CONDITIONAL' : holds ? 'MANDATORY' : 'OPTIONAL'
}

function becauseOf(row: TemplateRow, presence: FieldPresence, kind: RequestKind): string | null {
  const least = leastOf(row, kind)
  const words = presence === 'UNUSED' ? null : presence === 'CONDITIONAL' || row.condition === undefined ? (row.because ?? null) : null
  return [words, least ? `At least ${least} characters.` : null].filter(each => each !== null).join(' ') || null
}

export const leastOf = (row: TemplateRow, kind: RequestKind): number | null => row.minLength?.[kind] ?? row.minLength?.['*'] ?? null

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  RequestKind: REQUEST_KINDS, Matter: MATTERS, ProceedingsStage: PROCEEDINGS_STAGES, '[DataClass!]': DATA_CLASSES, Confidentiality: CONFIDENTIALITIES,
}

function fieldCodes(register: Register, row: TemplateRow, kind: RequestKind, on: string): readonly string[] {
  if (row.codes) return codesOf(register, row.codes, on).map(each => each.code)
  if (row.path === 'kind') return [kind]
  if (row.type === '[MeasureCode!]') return kindRow(register, kind)?.measures ?? []
  if (row.type === 'Urgency') return URGENCIES.filter(level => level !== 'EMERGENCY' || kindRow(register, kind)?.emergency)
  return ENUMS[row.type] ?? []
}
