// Look-ups over a register and over one instrument, built once per object. Derived from rows, never stored; rows must not change after that.
import type { CodeList, MeasureCode } from '../vocabulary'
import type { AbsentRow, AuthorityRow, CodeRow, InstrumentRow, JurisdictionRow, PartyRow, Register } from './register'

export interface InstrumentIndex { readonly parties: ReadonlyMap<string, readonly PartyRow[]>; readonly absent: ReadonlyMap<string, AbsentRow> }

export interface RegisterIndex {
  readonly instruments: ReadonlyMap<string, InstrumentRow>
  readonly jurisdictions: ReadonlyMap<string, JurisdictionRow>
  readonly authorities: ReadonlyMap<string, AuthorityRow>
  readonly codes: ReadonlyMap<CodeList, ReadonlyMap<string, readonly CodeRow[]>>
  readonly coercive: ReadonlySet<MeasureCode>
}

const registers = new WeakMap<Register, RegisterIndex>()
const instruments = new WeakMap<InstrumentRow, InstrumentIndex>()

export function indexOf(register: Register): RegisterIndex {
  const known = registers.get(register) ?? indexed(register)
  registers.set(register, known)
  return known
}

export function indexOfInstrument(row: InstrumentRow): InstrumentIndex {
  const known = instruments.get(row) ?? { parties: grouped(row.parties, party => party.state), absent: new Map((row.absent ?? []).map(each => [each.state, each])) }
  instruments.set(row, known)
  return known
}

function indexed(register: Register): RegisterIndex {
  const lists = grouped(register.codes, row => row.list)
  return {
    instruments: new Map(register.instruments.map(row => [row.code, row])),
    jurisdictions: new Map(register.jurisdictions.map(row => [row.code, row])),
    authorities: new Map(register.authorities.map(row => [row.id, row])),
    codes: new Map([...lists].map(([list, rows]) => [list, grouped(rows, row => row.code)])),
    coercive: new Set(register.templates.measureClasses.filter(row => row.name === 'COERCIVE').flatMap(row => row.measures)),
  }
}

function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

export const jurisdictionOf = (register: Register, state: string): JurisdictionRow | null => indexOf(register).jurisdictions.get(state) ?? null

export const instrumentOf = (register: Register, code: string): InstrumentRow | null => indexOf(register).instruments.get(code) ?? null

/** Made when a state is first named that the register does not name: the platform's names take 20 ms to load. */
let english: Intl.DisplayNames | null = null
const worldsName = (state: string): string => (english ??= new Intl.DisplayNames(['en'], { type: 'region' })).of(state) ?? state

/** As the register names it, else as the world does. */
export const stateName = (register: Register, state: string): string =>
  jurisdictionOf(register, state)?.name ?? (/^[A-Z]{2}$/.test(state) ? worldsName(state) : state)
