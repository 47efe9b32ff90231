// Rows of the register as the public schema shows them.
import { partyOn as partyRowOn } from '../src/domain/law/parties'
import type { ExcludedInstrument, InstrumentRow, UsableBasis } from '../src/domain/law/register'

const viewOf = (row: InstrumentRow) => ({ ...row, unverified: row.unverified ?? [], __typename: 'Treaty' as const, id: `treaty:${row.code}`, row })
const views = new WeakMap<InstrumentRow, ReturnType<typeof viewOf>>()

/** One view a row: rows do not change. */
export function treatyView(row: InstrumentRow): ReturnType<typeof viewOf> {
  const known = views.get(row) ?? viewOf(row)
  views.set(row, known)
  return known
}

export const partyOn = (row: InstrumentRow, state: string, on: string): boolean => partyRowOn(row, state, on) !== null

const usableViewOf = ({ instrument, ...basis }: UsableBasis) => ({ ...basis, treaty: treatyView(instrument) })
const usable = new WeakMap<UsableBasis, ReturnType<typeof usableViewOf>>()

/** One view a basis: answers are kept, and do not change. */
export function usableView(basis: UsableBasis): ReturnType<typeof usableViewOf> {
  const known = usable.get(basis) ?? usableViewOf(basis)
  usable.set(basis, known)
  return known
}

/** The words are made where they are asked for. */
export class ExcludedView {
  readonly because: ExcludedInstrument['because']
  readonly treaty: ReturnType<typeof treatyView>

  constructor(private readonly excluded: ExcludedInstrument) {
    this.because = excluded.because
    this.treaty = treatyView(excluded.instrument)
  }

  get explanation(): string { return this.excluded.explanation }
}
