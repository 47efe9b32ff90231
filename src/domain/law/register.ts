// Law as dated data: the shapes of the register's rows (seeds/). Code knows only these kinds of rule, never a rule.
import type { LadderRung } from '../duty'
import type { ClockStart, CodeList, DayCounting, DualCriminality, ExclusionReason, Matter, MeasureCode, Obligation, RequestKind, TestNeed, Urgency } from '../vocabulary'

/** Where a row comes from and whether it was checked there (domain.md: ✓ = true; no mark or u = false). */
export interface Sourced {
  source: string; verified: boolean
  /** As of which day the row speaks; where the file does not say, the day of what the row stands in. */
  asOf?: string
}

/** `excludes`: what the statement takes out of the instrument for this state; `as` narrows it to one side. `condition`: its text goes with every answer. */
export interface StatementRow extends Sourced {
  kind: string; article?: string; text: string; from?: string; until?: string; condition?: boolean
  excludes?: { articles?: string[]; kinds?: RequestKind[]; measures?: MeasureCode[]; as?: 'REQUESTING' | 'REQUESTED' }
}

/** `inForceOn` absent: party, day not known. `endsOn`: the last day that counts. */
export interface PartyRow extends Sourced { state: string; inForceOn?: string; endsOn?: string; note?: string; statements?: StatementRow[] }

/** A state that is not bound, as far as is known. OPEN: the sources do not settle it. */
export interface AbsentRow extends Sourced { state: string; status: 'NOT_SIGNED' | 'SIGNED' | 'NOT_PARTY' | 'OPEN'; signedOn?: string; note?: string }

/** A kind that an instrument covers only from or until a day, or only where another instrument binds both too. */
export interface KindLimitRow extends Sourced { kind: RequestKind; from?: string; until?: string; through?: string; because: string }

/** A limit is one ISO 8601 duration in one unit (`P7D`, `PT24H`, `P6M`). */
export interface TimeLimitRow extends Sourced {
  obligation: Obligation; limit: string; runsFrom: ClockStart
  /** Narrowing: absent = all. */
  kinds?: RequestKind[]; measures?: MeasureCode[]; urgencies?: Urgency[]
  /** By how much it may be prolonged, with reasons. */
  extension?: string
  /** How its days are counted; absent: TO_WORKING_DAY. */
  counted?: DayCounting
  note?: string
}

/** The instrument binds the requested side to the instant by which the request says that it is needed. */
export interface AskedLimitRow extends Sourced {
  obligation: Obligation; kinds?: RequestKind[]
  /** Only where the request says why. */
  withReasons?: boolean
  note?: string
}

/** The instrument has the requested side consult the requesting one before it refuses; `because` says it in words. */
export interface ConsultationRow extends Sourced { because: string; kinds?: RequestKind[] }

/** `requested` narrows an instrument's row to requested states. `offenceCategoryExempt`: no test for a listed category, from so many years on. */
export interface DualCriminalityRow extends Sourced {
  measureClass: 'COERCIVE' | 'NON_COERCIVE' | 'ANY' | 'FREEZING' | 'SEARCH'; rule: DualCriminality; kinds?: RequestKind[]; requested?: string[]
  offenceCategoryExempt?: boolean; exemptFromYears?: number; note?: string
}

/** A further language that suffices under an instrument. */
export interface LanguageRow extends Partial<Sourced> { add: string[]; kinds?: RequestKind[] }

/** What an offence must be at least for an instrument to serve; unknown facts exclude nothing. */
export interface OffenceRow { kinds?: RequestKind[]; minMaxPenaltyYears?: number; categories?: string[]; because: string }

/** Which pairs an instrument binds beyond both being party: sides of an agreement (EU member with JP, never two members). */
export interface SidesRow { one: string[]; other: string[] }

export interface InstrumentRow extends Sourced {
  code: string; title: string; number?: string; subject?: string; depositary?: string
  signedOn?: string; signedIn?: string; inForceOn?: string; endsOn?: string; reviewOn?: string; asOf: string
  /** The day of entry into force is not known, but that it was in force on this day is. */
  knownInForceOn?: string
  /** Which of the row's own fields are not checked. */
  unverified?: string[]
  note?: string
  /** Rank for "best first": EU before bilateral before regional before universal; a non-binding scheme last. */
  level: 'EU' | 'BILATERAL' | 'REGIONAL' | 'UNIVERSAL' | 'SCHEME'
  matters: Matter[]
  kinds: RequestKind[]
  kindLimits?: KindLimitRow[]
  /** What it was made for: ranks it before equals in questions about these. */
  specificTo?: { kinds?: RequestKind[]; measures?: MeasureCode[] }
  /** Articles to cite, by kind (`*` for all). */
  articles: Partial<Record<RequestKind | '*', string[]>>
  /** Measures the instrument excludes, or only covers, by kind. */
  measuresExcluded?: { measures: MeasureCode[]; kinds?: RequestKind[]; because: string }[]
  measuresCovered?: MeasureCode[]
  centralAuthorityRequired: boolean
  channel: string; urgentChannel?: string
  languageRule?: string
  /** Which languages a request may be in: the requested state's accepted ones, plus these; `kinds` narrows. */
  languages?: LanguageRow[]
  sides?: SidesRow
  parties: PartyRow[]
  absent?: AbsentRow[]
  /** Instruments that this one displaces between states it binds, for what it covers. */
  displaces?: string[]
  offence?: OffenceRow[]
  timeLimits: TimeLimitRow[]
  askedLimits?: AskedLimitRow[]
  dualCriminality?: DualCriminalityRow[]
  consultBeforeRefusal?: ConsultationRow[]
  conditions?: string[]
}

/** An institution of a state that takes requests: for all kinds of the matter, or `kinds` alone; `role` says in words when. */
export interface InstitutionRow extends Sourced { matter: Matter; name: string; role?: string; kinds?: RequestKind[] }

export interface JurisdictionRow extends Sourced {
  code: string; name: string; legalTradition: string; capitalTimeZone: string; asOf: string
  /** Region of the capital as the holiday calendar names it (ISO 3166-2 without the country); absent: national holidays alone. */
  capitalRegion?: string
  /** ISO 639-1. */
  acceptedLanguages: string[]
  dualCriminality: DualCriminalityRow[]
  institutions: InstitutionRow[]
  note?: string
}

export interface AuthorityRow extends Sourced {
  /** Opaque id, e.g. `authority:DE`. */
  id: string; code: string; country: string; name: string; competences: RequestKind[]; languages: string[]; asOf: string
  note?: string
}

/** `classes`: of a measure, the classes that rules on double criminality name beside COERCIVE. */
export interface CodeRow extends Sourced {
  list: CodeList; code: string; text: string; explanation?: string; from?: string; until?: string; replacedBy?: string; classes?: ('SEARCH' | 'FREEZING')[]
}

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

/** Kinds of condition that a field may hang on; `because` says it in words. MEASURE: one of `measureClasses` is asked for; SAID: the draft says one of `said.is` at `said.at`. */
export type TemplateCondition = 'EMERGENCY' | 'ABOVE_ROUTINE' | 'DUAL_CRIMINALITY' | 'MEASURE' | 'SAID' | 'KNOWN_TO_THE_DRAFTER'

/** Presence of one field by kind (domain.md §2.2). A path may have several rows; the first that names the kind counts. */
export interface TemplateRow extends Sourced {
  /** From the draft: `ownReference`, `dossier.facts`. */
  path: string
  /** As the contract's input names it. */
  type: string
  presence: Partial<Record<RequestKind, FieldPresence>>
  condition?: TemplateCondition; measureClasses?: string[]; said?: { at: string; is: string[] }
  /** The condition, or why it is asked, in words. */
  because?: string
  /** List whose codes the field takes, at `codesAt` within the field (`[].role`, `[]`, or the field itself). */
  codes?: CodeList; codesAt?: string
  /** Least number of characters, by kind (`*` for all). */
  minLength?: Partial<Record<RequestKind | '*', number>>
  /** Most characters, most entries: what the input type bounds. */
  maxLength?: number; maxItems?: number
  /** Places within the field: texts that say something where the field is given, digests that must be among the attachments, first and last of a period. */
  texts?: string[]; documents?: string[]; period?: string[]
  /** Code, message and hint of the finding where it is missing. */
  code: string; message: string; hint: string
}

/** What a kind can ask for. `persons`: roles of which one must be named; `minMaxPenaltyYears`: what one offence must carry at most, at least; `consentNeeded`: of the person. */
export interface KindRow extends Sourced { kind: RequestKind; measures: MeasureCode[]; emergency: boolean; persons?: string[]; minMaxPenaltyYears?: number; consentNeeded?: boolean }

/** A class of measures. `withIdentifier` adds a measure to it only where an identifier of that kind is named. */
export interface MeasureClassRow extends Sourced {
  name: string; measures: MeasureCode[]; withIdentifier?: { measure: MeasureCode; identifier: string }[]
}

/** A word often offered as a code that is none, with the reason. */
export interface NoCodeRow extends Sourced { list: CodeList; code: string; message: string; hint: string }

export interface ThresholdRow extends Sourced { name: 'WINDOW_AT_MOST' | 'SENTENCE_LEFT_AT_LEAST'; limit: string; kinds?: RequestKind[] }

/**
 * When the desks hear of a clock besides its end; the first row that fits counts. `share` of the limit, never later than `leastMinutes` before
 * the end; `before` the end; `escalateAfter` the end. Durations in one unit.
 */
export interface ClockWarningRow extends Sourced {
  obligations?: Obligation[]; unit?: 'HOURS' | 'DAYS'; urgencies?: Urgency[]
  share?: number; leastMinutes?: number; before?: string[]; escalateAfter?: string[]
}

/** The rungs of an escalation, first to last: whom each of `escalateAfter` reaches. */
export interface EscalationRow extends Sourced, LadderRung {}

/** seeds/register/templates.json: what a draft must hold, and when clocks are told of. */
export interface TemplateSet {
  fields: TemplateRow[]; kinds: KindRow[]; measureClasses: MeasureClassRow[]; thresholds: ThresholdRow[]; noCodes: NoCodeRow[]; clockWarnings: ClockWarningRow[]
  /** Absent in editions from before there was one. */
  escalationLadder?: EscalationRow[]
}

export interface LegalBasisQuestion {
  requesting: string; requested: string; kind: RequestKind; matter: Matter; measures: readonly MeasureCode[]
  /** `leastPenaltyYears`: of several offences, the mildest one's highest penalty. */
  offence?: { maxPenaltyYears?: number | null; leastPenaltyYears?: number; categories?: readonly string[] | null }
  /** `YYYY-MM-DD`. */
  on: string
}

export interface UsableBasis {
  instrument: InstrumentRow; articles: string[]; channel: string; urgentChannel: string | null; languages: string[]
  dualCriminality: DualCriminality; timeLimits: TimeLimitRow[]; conditions: string[]; verified: boolean
  /** Whether double criminality is tested for these measures, and why. */
  dualCriminalityTest: DualCriminalityTest
}
export interface ExcludedInstrument { instrument: InstrumentRow; because: ExclusionReason; explanation: string }
/** Whether double criminality is tested for these measures, and why. `source` null: no rule is known. */
export interface DualCriminalityTest { needed: TestNeed; reason: string; source: string | null; verified: boolean }

/** What is left where nothing is usable: an offer to do the same. */
export interface ReciprocityOffer { explanation: string; languages: string[]; dualCriminalityTest: DualCriminalityTest }
export interface LegalBasisAnswer { on: string; usable: UsableBasis[]; excluded: ExcludedInstrument[]; reciprocity?: ReciprocityOffer }

export interface Finding { severity: 'FAULT' | 'WARNING'; path: string; code: string; message: string; hint: string; source: string | null }
