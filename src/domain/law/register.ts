// Law as dated data: the shapes of the register's rows (seeds/). Code knows only these kinds of rule, never a rule.
import type { ClockStart, CodeList, DualCriminality, ExclusionReason, Matter, MeasureCode, Obligation, RequestKind, Urgency } from '../vocabulary'

/** Where a row comes from and whether it was checked there (domain.md: ✓ = true; no mark or u = false). */
export interface Sourced { source: string; verified: boolean }

export interface StatementRow extends Sourced { kind: string; article?: string; text: string; from?: string; until?: string }

/** `inForceOn` absent: party, day not known. `endsOn`: the last day that counts. */
export interface PartyRow extends Sourced { state: string; inForceOn?: string; endsOn?: string; note?: string; statements?: StatementRow[] }

/** A limit is one ISO 8601 duration in one unit (`P7D`, `PT24H`, `P6M`). */
export interface TimeLimitRow extends Sourced {
  obligation: Obligation; limit: string; runsFrom: ClockStart
  /** Narrowing: absent = all. */
  kinds?: RequestKind[]; measures?: MeasureCode[]; urgencies?: Urgency[]
}

export interface DualCriminalityRow extends Sourced { measureClass: 'COERCIVE' | 'NON_COERCIVE' | 'ANY' | 'FREEZING' | 'SEARCH'; rule: DualCriminality; kinds?: RequestKind[]; offenceCategoryExempt?: boolean }

/** Which pairs an instrument binds beyond both being party: sides of an agreement (EU member with JP, never two members). */
export interface SidesRow { one: string[]; other: string[] }

export interface InstrumentRow extends Sourced {
  code: string; title: string; number?: string; subject?: string; depositary?: string
  signedOn?: string; inForceOn?: string; endsOn?: string; reviewOn?: string; asOf: string
  /** Rank for "best first": EU before bilateral before regional before universal; a non-binding scheme last. */
  level: 'EU' | 'BILATERAL' | 'REGIONAL' | 'UNIVERSAL' | 'SCHEME'
  matters: Matter[]
  kinds: RequestKind[]
  /** Articles to cite, by kind (`*` for all). */
  articles: Partial<Record<RequestKind | '*', string[]>>
  /** Measures the instrument excludes, or only covers, by kind. */
  measuresExcluded?: { measures: MeasureCode[]; kinds?: RequestKind[]; because: string }[]
  measuresCovered?: MeasureCode[]
  centralAuthorityRequired: boolean
  channel: string; urgentChannel?: string
  languageRule?: string
  /** Which languages a request may be in: the requested state's accepted ones, plus these; `kinds` narrows. */
  languages?: { add: string[]; kinds?: RequestKind[] }[]
  sides?: SidesRow
  parties: PartyRow[]
  /** Instruments that this one displaces between states it binds, for what it covers. */
  displaces?: string[]
  /** Offence conditions: minimum maximum penalty, or categories covered. */
  offence?: { minMaxPenaltyYears?: number; categories?: string[]; because: string }[]
  timeLimits: TimeLimitRow[]
  dualCriminality?: DualCriminalityRow[]
  conditions?: string[]
}

export interface JurisdictionRow extends Sourced {
  code: string; name: string; legalTradition: string; capitalTimeZone: string; asOf: string
  /** Region of the capital as the holiday calendar names it (ISO 3166-2 without the country); absent: national holidays alone. */
  capitalRegion?: string
  /** ISO 639-1. */
  acceptedLanguages: string[]
  /** EU member since, until (last day); absent: never. */
  dualCriminality: DualCriminalityRow[]
}

export interface AuthorityRow extends Sourced {
  /** Opaque id, e.g. `authority:DE`. */
  id: string; code: string; country: string; name: string; competences: RequestKind[]; languages: string[]; asOf: string
}

export interface CodeRow extends Sourced { list: CodeList; code: string; text: string; explanation?: string; from?: string; until?: string; replacedBy?: string }

/** The whole register at one version. `index` structures are built by the engine, never stored. */
export interface Register {
  version: number
  asOf: string
  instruments: InstrumentRow[]
  jurisdictions: JurisdictionRow[]
  authorities: AuthorityRow[]
  codes: CodeRow[]
  /** Time limits that come from the urgency level, not from an instrument (domain.md §3.3). */
  urgencyLimits: TimeLimitRow[]
  templates: TemplateSet
}

export type FieldPresence = 'MANDATORY' | 'OPTIONAL' | 'CONDITIONAL' | 'UNUSED'

/** Kinds of condition that a field may hang on; `because` says it in words. MEASURE: one of `measureClasses` is asked for. */
export type TemplateCondition = 'EMERGENCY' | 'ABOVE_ROUTINE' | 'DUAL_CRIMINALITY' | 'MEASURE' | 'KNOWN_TO_THE_DRAFTER'

/** Presence of one field by kind (domain.md §2.2). A path may have several rows; the first that names the kind counts. */
export interface TemplateRow extends Sourced {
  /** From the draft: `ownReference`, `dossier.facts`. */
  path: string
  /** As the contract's input names it. */
  type: string
  presence: Partial<Record<RequestKind, FieldPresence>>
  condition?: TemplateCondition; measureClasses?: string[]
  /** The condition, or why it is asked, in words. */
  because?: string
  /** List whose codes the field takes, at `codesAt` within the field (`[].role`, `[]`, or the field itself). */
  codes?: CodeList; codesAt?: string
  /** Least number of characters, by kind (`*` for all). */
  minLength?: Partial<Record<RequestKind | '*', number>>
  /** Code, message and hint of the finding where it is missing. */
  code: string; message: string; hint: string
}

/** What a kind can ask for. `persons`: roles of which one must be named; `minMaxPenaltyYears`: what one offence must carry at most, at least. */
export interface KindRow extends Sourced { kind: RequestKind; measures: MeasureCode[]; emergency: boolean; persons?: string[]; minMaxPenaltyYears?: number }

/** A class of measures. `withIdentifier` adds a measure to it only where an identifier of that kind is named. */
export interface MeasureClassRow extends Sourced {
  name: string; measures: MeasureCode[]; withIdentifier?: { measure: MeasureCode; identifier: string }[]
}

/** A word often offered as a code that is none, with the reason. */
export interface NoCodeRow extends Sourced { list: CodeList; code: string; message: string; hint: string }

export interface ThresholdRow extends Sourced { name: 'WINDOW_AT_MOST'; limit: string }

/**
 * When the desks hear of a clock besides its end; the first row that fits counts. `share` of the limit, never later than `leastMinutes` before
 * the end; `before` the end; `escalateAfter` the end. Durations in one unit.
 */
export interface ClockWarningRow extends Sourced {
  obligations?: Obligation[]; unit?: 'HOURS' | 'DAYS'; urgencies?: Urgency[]
  share?: number; leastMinutes?: number; before?: string[]; escalateAfter?: string[]
}

/** seeds/register/templates.json: what a draft must hold, and when clocks are told of. */
export interface TemplateSet {
  fields: TemplateRow[]; kinds: KindRow[]; measureClasses: MeasureClassRow[]; thresholds: ThresholdRow[]; noCodes: NoCodeRow[]; clockWarnings: ClockWarningRow[]
}

export interface LegalBasisQuestion {
  requesting: string; requested: string; kind: RequestKind; matter: Matter; measures: readonly MeasureCode[]
  offence?: { maxPenaltyYears?: number | null; categories?: readonly string[] | null }
  /** `YYYY-MM-DD`. */
  on: string
}

export interface UsableBasis {
  instrument: InstrumentRow; articles: string[]; channel: string; urgentChannel: string | null; languages: string[]
  dualCriminality: DualCriminality; timeLimits: TimeLimitRow[]; conditions: string[]; verified: boolean
}
export interface ExcludedInstrument { instrument: InstrumentRow; because: ExclusionReason; explanation: string }
export interface LegalBasisAnswer { on: string; usable: UsableBasis[]; excluded: ExcludedInstrument[] }

export interface Finding { severity: 'FAULT' | 'WARNING'; path: string; code: string; message: string; hint: string; source: string | null }
