// Double criminality: which row answers for a state, an instrument and measures, and whether a test is needed. An instrument's rows go before
// the state's; a row on a narrower class of measures before one on a wider; of several measures the strictest row counts.
import type { DualCriminality, MeasureCode, RequestKind, TestNeed } from '../vocabulary'
import { cited } from './exclusion'
import type { DualCriminalityRow, DualCriminalityTest, InstrumentRow, JurisdictionRow, LegalBasisQuestion, Register } from './register'
import { indexOf, jurisdictionOf, stateName, type RegisterIndex } from './register-index'

export interface DualCriminalityQuestion {
  /** Null: by reciprocity, so by the state's own rule. */
  instrument: InstrumentRow | null
  requested: string; kind: RequestKind; measures: readonly MeasureCode[]; offence?: LegalBasisQuestion['offence']
}

export interface DualCriminalityAnswer { rule: DualCriminality; test: DualCriminalityTest; row: DualCriminalityRow | null }

type MeasureClass = DualCriminalityRow['measureClass']
const STRICTEST_FIRST: readonly DualCriminality[] = ['ALWAYS', 'COERCIVE_ONLY', 'DISCRETIONARY', 'NEVER']

export function dualCriminalityFor(register: Register, question: DualCriminalityQuestion): DualCriminalityAnswer {
  const index = indexOf(register)
  const row = rowOf(index, question.instrument?.dualCriminality ?? [], question) ?? rowOf(index, jurisdictionOf(register, question.requested)?.dualCriminality ?? [], question)
  const name = stateName(register, question.requested)
  if (!row) return { rule: 'DISCRETIONARY', test: { needed: 'MAY', reason: `No rule of ${name} on double criminality is known`, source: null, verified: false }, row: null }
  const test = (needed: TestNeed, reason: string): DualCriminalityTest => ({ needed, reason: `${reason}${cited(row)}`, source: row.source, verified: row.verified })
  if (isExempt(index, row, question)) return { rule: 'NEVER', test: test('NO', `No test for a listed category of at least ${row.exemptFromYears ?? 0} years`), row }
  const needed = isNeeded(index, row.rule, question.measures)
  return { rule: row.rule, test: test(needed, `${wording(needed)} in ${name}${row.note ? `: ${row.note.replace(/\.$/, '')}` : ''}`), row }
}

/** The state's own rule, where no instrument says more. */
export function dualCriminalityOf(register: Register, { jurisdiction, kind, measures }: { jurisdiction: JurisdictionRow; kind: RequestKind; measures: readonly MeasureCode[] }): DualCriminality {
  return dualCriminalityFor(register, { instrument: null, requested: jurisdiction.code, kind, measures }).rule
}

function rowOf(index: RegisterIndex, rows: readonly DualCriminalityRow[], { requested, kind, measures }: DualCriminalityQuestion): DualCriminalityRow | null {
  const fitting = rows.filter(row => (!row.requested || row.requested.includes(requested)) && (!row.kinds || row.kinds.includes(kind)))
  if (fitting.length === 0) return null
  const found = measures.length === 0 ? fitting.filter(row => row.measureClass === 'ANY') : measures.flatMap(measure => narrowest(index, fitting, measure))
  return found.sort((one, other) => STRICTEST_FIRST.indexOf(one.rule) - STRICTEST_FIRST.indexOf(other.rule))[0] ?? null
}

/** The rows on the narrowest class of a measure that has any. */
function narrowest(index: RegisterIndex, rows: readonly DualCriminalityRow[], measure: MeasureCode): DualCriminalityRow[] {
  const own: readonly MeasureClass[] = index.codes.get('MEASURE')?.get(measure)?.[0]?.classes ?? []
  const steps: readonly (readonly MeasureClass[])[] = [own, [index.coercive.has(measure) ? 'COERCIVE' : 'NON_COERCIVE'], ['ANY']]
  return steps.map(classes => rows.filter(row => classes.includes(row.measureClass))).find(found => found.length > 0) ?? []
}

/** Listed categories alone count: a word that is no code exempts nothing. */
function isExempt(index: RegisterIndex, row: DualCriminalityRow, { offence }: DualCriminalityQuestion): boolean {
  if (!row.offenceCategoryExempt || !offence?.categories?.some(category => index.codes.get('OFFENCE_CATEGORY')?.has(category))) return false
  const years = offence.leastPenaltyYears ?? offence.maxPenaltyYears
  return typeof years === 'number' && years >= (row.exemptFromYears ?? 0)
}

function isNeeded(index: RegisterIndex, rule: DualCriminality, measures: readonly MeasureCode[]): TestNeed {
  switch (rule) {
    case 'ALWAYS': return 'YES'
    case 'COERCIVE_ONLY': return measures.some(measure => index.coercive.has(measure)) ? 'YES' : 'NO'
    case 'DISCRETIONARY': return 'MAY'
    case 'NEVER': return 'NO'
  }
}

function wording(needed: TestNeed): string {
  switch (needed) {
    case 'YES': return 'Double criminality is tested'
    case 'MAY': return 'Double criminality may be tested'
    case 'NO': return 'Double criminality is not tested for these measures'
  }
}
