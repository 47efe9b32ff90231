// What every kind of exclusion rule is given and answers: why an instrument falls out, in words with days and source, or null.
import type { InstrumentRow, LegalBasisQuestion, Register, Sourced, StatementRow } from './register'
import { partyOn } from './parties'

export interface Asked { readonly register: Register; readonly question: LegalBasisQuestion }

export type ExclusionRule = (instrument: InstrumentRow, asked: Asked) => string | null

/** ` (Domain brief §4.2, not verified)`. */
export const cited = ({ source, verified }: Sourced): string => ` (${source}${verified ? '' : ', not verified'})`

/** Statements of the two states on an instrument that stand on the day. */
export function statementsOf(instrument: InstrumentRow, { question: { requesting, requested, on } }: Asked): { state: string; as: 'REQUESTING' | 'REQUESTED'; statement: StatementRow }[] {
  const sides = [{ state: requesting, as: 'REQUESTING' }, { state: requested, as: 'REQUESTED' }] as const
  return sides.flatMap(({ state, as }) => (partyOn(instrument, state, on)?.statements ?? []).filter(row => standsOn(row, on)).map(statement => ({ state, as, statement })))
}

const standsOn = ({ from, until }: StatementRow, on: string): boolean => (from === undefined || from <= on) && (until === undefined || on <= until)

/** Statements that take something out of the instrument between the two. */
export const reservationsOf = (instrument: InstrumentRow, asked: Asked): { state: string; statement: StatementRow }[] =>
  statementsOf(instrument, asked).filter(({ as, statement: { excludes } }) => excludes !== undefined && (excludes.as === undefined || excludes.as === as))
