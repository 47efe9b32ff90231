// Which languages a request may be in: those that the requested state accepts, and what the instrument adds for the kind.
import type { RequestKind } from '../vocabulary'
import type { InstrumentRow, Register } from './register'
import { jurisdictionOf } from './register-index'

export function languagesFor(register: Register, instrument: InstrumentRow | null, requested: string, kind: RequestKind): string[] {
  const added = (instrument?.languages ?? []).filter(row => !row.kinds || row.kinds.includes(kind)).flatMap(row => row.add)
  return [...new Set([...(jurisdictionOf(register, requested)?.acceptedLanguages ?? []), ...added])]
}
