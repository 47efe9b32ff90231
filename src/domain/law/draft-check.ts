// What the rules of a draft look at: the draft, the law as it stands between the two states today, and what was cited of it, looked up once.
import type { CitedBasis, Dossier, Identifier, TimeWindow } from '../request'
import type { DualCriminality, Matter, MeasureCode, RequestKind, Urgency } from '../vocabulary'
import { dualCriminalityFor } from './dual-criminality'
import { languagesFor } from './languages'
import { legalBases } from './legal-bases'
import type { ExcludedInstrument, Finding, InstrumentRow, KindRow, LegalBasisAnswer, LegalBasisQuestion, Register, UsableBasis } from './register'
import { instrumentOf } from './register-index'
import { asksDualCriminality, kindRow, type Circumstances } from './template'

/** A draft as it would be sent. Countries, not authorities. */
export interface Draft {
  kind: RequestKind; matter: Matter; urgency: Urgency; requesting: string; requested: string
  measures: readonly MeasureCode[]; legalBases: readonly CitedBasis[]; ownReference: string; dossier: Dossier
}

/** Another open request of the same authority, without the one that is checked. */
export interface OpenRequest { reference: string; kind: RequestKind; requested: string; identifiers: readonly Identifier[]; timeWindow: TimeWindow | null }

export interface DraftFacts {
  /** `YYYY-MM-DD`. */
  today: string
  now: string
  openRequests: readonly OpenRequest[]
  /** Of the requests that it names: those that the own authority has. */
  known: ReadonlySet<string>
}

export interface Citation { path: string; basis: CitedBasis; instrument: InstrumentRow | null; usable: UsableBasis | null; excluded: ExcludedInstrument | null }

export interface DraftCheck {
  readonly register: Register
  readonly draft: Draft
  readonly facts: DraftFacts
  readonly kind: KindRow | null
  readonly bases: LegalBasisAnswer
  readonly citations: readonly Citation[]
  /** Languages that the cited instruments, or else the requested state and what is usable, accept. */
  readonly languages: readonly string[]
  readonly circumstances: Circumstances
}

export type Rule = (check: DraftCheck) => Finding[]

export const faultAt = (path: string, code: string, message: string, hint: string, source: string | null): Finding => ({ severity: 'FAULT', path, code, message, hint, source })
export const warningAt = (path: string, code: string, message: string, hint: string, source: string | null): Finding => ({ severity: 'WARNING', path, code, message, hint, source })

export function draftCheck(register: Register, draft: Draft, facts: DraftFacts): DraftCheck {
  const kind = kindRow(register, draft.kind)
  // A measure that the kind cannot ask for is a fault of its own; it must not make faults of the basis.
  const measures = draft.measures.filter(measure => kind?.measures.includes(measure))
  const bases = legalBases(register, question(draft, kind, measures, facts.today))
  const citations = draft.legalBases.map((basis, i) => citation(register, bases, basis, i))
  const own = dualCriminalityFor(register, { instrument: null, requested: draft.requested, kind: draft.kind, measures }).rule
  const rule = dualCriminality(register, citations, bases, own, measures)
  const identifiers = draft.dossier.identifiers ?? []
  return {
    register, draft, facts, kind, bases, citations, languages: languages(register, citations, bases, draft),
    circumstances: { measures, identifiers, urgency: draft.urgency, dualCriminality: rule, draft },
  }
}

/** An offence below the kind's own threshold is a fault of its own; it must not make faults of the basis. */
function question(draft: Draft, kind: KindRow | null, measures: readonly MeasureCode[], on: string): LegalBasisQuestion {
  const offence = offenceOf(draft.dossier)
  const counts = (offence?.maxPenaltyYears ?? 0) >= (kind?.minMaxPenaltyYears ?? 0)
  return { requesting: draft.requesting, requested: draft.requested, kind: draft.kind, matter: draft.matter, measures, on, ...(offence && counts && { offence }) }
}

/** What is told of the offences; undefined where no penalty is. */
export function offenceOf(dossier: Dossier): LegalBasisQuestion['offence'] {
  const highest = highestPenalty(dossier)
  return highest === null ? undefined : { maxPenaltyYears: highest, ...categorised(dossier) }
}

/** Categories are told only where every offence is of one: what is not told excludes and exempts nothing. */
function categorised({ offences }: Dossier): LegalBasisQuestion['offence'] {
  const all = offences ?? [], categories = all.flatMap(offence => offence.category ?? [])
  return all.length > 0 && categories.length === all.length ? { categories, leastPenaltyYears: Math.min(...all.map(offence => offence.maxPenaltyYears ?? 0)) } : {}
}

export function highestPenalty({ offences }: Dossier): number | null {
  const known = (offences ?? []).flatMap(offence => offence.maxPenaltyYears ?? [])
  return known.length > 0 ? Math.max(...known) : null
}

function citation(register: Register, { usable, excluded }: LegalBasisAnswer, basis: CitedBasis, i: number): Citation {
  const code = basis.treatyCode ?? null
  return {
    path: `legalBases[${i}]`, basis,
    instrument: code === null ? null : instrumentOf(register, code),
    usable: usable.find(each => each.instrument.code === code) ?? null,
    excluded: excluded.find(each => each.instrument.code === code) ?? null,
  }
}

/**
 * The rule on double criminality: asked for where one of the cited usable instruments asks, else where the state does. Where nothing
 * usable is cited, the mildest of what could be: a missing basis must not make faults of the statement.
 */
function dualCriminality(register: Register, citations: readonly Citation[], bases: LegalBasisAnswer, own: DualCriminality, measures: readonly MeasureCode[]): DualCriminality {
  const asks = (rule: DualCriminality): boolean => asksDualCriminality(register, rule, measures)
  const cited = citations.flatMap(each => each.usable?.dualCriminality ?? [])
  if (cited.length > 0) return cited.find(asks) ?? 'NEVER'
  const byReciprocity = citations.some(each => each.basis.reciprocity && !each.basis.treatyCode)
  if (byReciprocity || bases.usable.length === 0) return own
  return bases.usable.every(each => asks(each.dualCriminality)) ? own : 'NEVER'
}

function languages(register: Register, citations: readonly Citation[], bases: LegalBasisAnswer, { requested, kind }: Draft): readonly string[] {
  const cited = citations.flatMap(each => each.usable?.languages ?? [])
  if (cited.length > 0) return [...new Set(cited)]
  const named = [null, ...citations.map(each => each.instrument)].flatMap(instrument => languagesFor(register, instrument, requested, kind))
  const other = citations.some(each => each.basis.reciprocity) ? [] : bases.usable.flatMap(each => each.languages)
  return [...new Set([...named, ...other])]
}
