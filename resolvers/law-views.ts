// Rows of the register as the public schema shows them.
import { partyOn as partyRowOn } from '../src/domain/law/parties'
import type { ExcludedInstrument, InstrumentRow, UsableBasis } from '../src/domain/law/register'

export const treatyView = (row: InstrumentRow) => ({ ...row, unverified: row.unverified ?? [], __typename: 'Treaty' as const, id: `treaty:${row.code}`, row })

export const partyOn = (row: InstrumentRow, state: string, on: string): boolean => partyRowOn(row, state, on) !== null

export const usableView = ({ instrument, ...basis }: UsableBasis) => ({ ...basis, treaty: treatyView(instrument) })
export const excludedView = ({ instrument, ...excluded }: ExcludedInstrument) => ({ ...excluded, treaty: treatyView(instrument) })
