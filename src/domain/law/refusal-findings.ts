// What the law asks of a refusal and the record does not show. It bars nothing: what was said beside the hub stands in no record.
import type { RequestState } from '../request'
import type { RequestKind } from '../vocabulary'
import type { ConsultationRow, Finding, InstrumentRow } from './register'
import type { ReliedLaw } from './relied-law'

/** Under which rows of an instrument the requested side consults before it refuses a request of this kind. */
export const consultationsFor = ({ consultBeforeRefusal = [] }: InstrumentRow, kind: RequestKind): ConsultationRow[] =>
  consultBeforeRefusal.filter(({ kinds }) => !kinds || kinds.includes(kind))

export function refusalFindings({ kind, decision, consultedAt }: Pick<RequestState, 'kind' | 'decision' | 'consultedAt'>, law: ReliedLaw | null): Finding[] {
  if (decision?.result !== 'REFUSED' || consultedAt !== null) return []
  return (law?.bases ?? []).flatMap(({ instrument }) => consultationsFor(instrument, kind).map(row => ({
    severity: 'WARNING' as const, path: 'decision', code: 'CONSULTATION_NOT_LOGGED',
    message: `The request was refused, and no consultation before it is on record. ${instrument.code}: ${row.because.charAt(0).toLowerCase()}${row.because.slice(1)}.`,
    hint: 'Before a refusal, ask with `askForInformation`, propose with `proposeScope`, or answer a consultation; where you spoke otherwise, say so in the reasons.',
    source: row.source,
  })))
}
