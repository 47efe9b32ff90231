// What a sent request rests on: the version of the register, and the rows of each cited instrument as they stood on the day. Kept with the
// request, so that a newer register never rewrites it.
import type { CitedBasis } from '../request'
import type { Matter, MeasureCode, RequestKind } from '../vocabulary'
import { dualCriminalityFor } from './dual-criminality'
import { legalBases } from './legal-bases'
import type { ClockWarningRow, DualCriminalityTest, InstrumentRow, LegalBasisQuestion, Register, TimeLimitRow, UsableBasis } from './register'

export interface ReliedLaw {
  registerVersion: number; registerAsOf: string
  /** The day on which it was judged. */
  on: string
  bases: UsableBasis[]
  /** The state's own rule, for what rests on reciprocity. */
  dualCriminality: DualCriminalityTest
  urgencyLimits: TimeLimitRow[]
  clockWarnings: ClockWarningRow[]
}

export interface RelyingRequest {
  requesting: string; requested: string; kind: RequestKind; matter: Matter; measures: readonly MeasureCode[]; legalBases: readonly CitedBasis[]
  offence?: LegalBasisQuestion['offence']
}

export function reliedLaw(register: Register, { legalBases: cited, ...request }: RelyingRequest, on: string): ReliedLaw {
  const { requesting, requested, kind, measures } = request
  const codes = new Set(cited.flatMap(basis => basis.treatyCode ?? []))
  const { usable } = legalBases(register, { ...request, on })
  return {
    registerVersion: register.version, registerAsOf: register.asOf, on,
    bases: usable.filter(({ instrument }) => codes.has(instrument.code)).map(basis => ({ ...basis, instrument: between(basis.instrument, [requesting, requested]) })),
    dualCriminality: dualCriminalityFor(register, { instrument: null, requested, kind, measures, ...(request.offence && { offence: request.offence }) }).test,
    urgencyLimits: register.urgencyLimits, clockWarnings: register.templates.clockWarnings,
  }
}

/** Other states' rows are not what the request rests on. */
function between({ absent: _, ...row }: InstrumentRow, states: readonly string[]): InstrumentRow {
  return { ...row, parties: row.parties.filter(party => states.includes(party.state)) }
}

/** The register as a request relied on it: its own rows before those of today. */
export const asReliedOn = (register: Register, law: ReliedLaw | null): Register =>
  law ? { ...register, instruments: law.bases.map(basis => basis.instrument), urgencyLimits: law.urgencyLimits, templates: { ...register.templates, clockWarnings: law.clockWarnings } } : register
