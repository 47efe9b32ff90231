// Which time limits an instrument and an urgency level set for a kind and measures. A row narrowed to measures applies where one of them is asked for.
import type { MeasureCode, RequestKind, Urgency } from '../vocabulary'
import type { InstrumentRow, Register, TimeLimitRow } from './register'

/** Without a level: the instrument's rows for any level, and none that only a level sets. */
export function timeLimitsFor(register: Register, instrument: InstrumentRow, kind: RequestKind, measures: readonly MeasureCode[], urgency: Urgency | null): TimeLimitRow[] {
  const fits = (row: TimeLimitRow): boolean =>
    (!row.kinds || row.kinds.includes(kind)) && (!row.measures || row.measures.some(measure => measures.includes(measure))) &&
    (!row.urgencies || urgency === null || row.urgencies.includes(urgency))
  return [...instrument.timeLimits, ...(urgency === null ? [] : register.urgencyLimits)].filter(fits)
}
