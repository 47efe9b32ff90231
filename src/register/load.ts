// Reads the register's folder into one object, or refuses it whole: every fault with file, JSON path and what is wrong. The one place
// where rows meet the file system; knows no rule of law.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuthorityRow, CodeRow, InstrumentRow, JurisdictionRow, Register, TemplateSet, TimeLimitRow } from '../domain/law/register'
import { Refusal } from '../refusal'
import { registerFaults } from './cross-check'
import { shapeFaults, type ShapeName } from './shape'

export interface RowFault { file: string; path: string; fault: string }

const SHOWN = 20

export function loadRegister(folder: string): Register {
  const faults: RowFault[] = []
  const one = <T>(file: string, shape: ShapeName, empty: T): T => readRows(folder, file, shape, empty, faults)
  const each = <T>(room: string, shape: ShapeName, empty: T): T[] => filesOf(folder, room, faults).map(file => one(`${room}/${file}`, shape, empty))
  const head = one('register.json', 'register', { version: 0, asOf: '' })
  const instruments = each<InstrumentRow | null>('instruments', 'instrument', null)
  const register: Register = {
    ...head, instruments: instruments.flatMap(row => row ?? []),
    jurisdictions: one<JurisdictionRow[]>('jurisdictions.json', 'jurisdictions', []),
    authorities: one<AuthorityRow[]>('authorities.json', 'authorities', []),
    codes: each<CodeRow[]>('codes', 'codes', []).flat(),
    urgencyLimits: one<TimeLimitRow[]>('urgency-limits.json', 'urgency-limits', []),
    templates: one<TemplateSet>('templates.json', 'templates', { fields: [], kinds: [], measureClasses: [], thresholds: [], noCodes: [], clockWarnings: [] }),
  }
  faults.push(...misnamed(folder, faults), ...(faults.length > 0 ? [] : registerFaults(register)))
  if (faults.length > 0) throw refused(folder, faults)
  return register
}

function refused(folder: string, faults: readonly RowFault[]): Refusal {
  const lines = faults.slice(0, SHOWN).map(({ file, path, fault }) => `${file}: ${path}: ${fault}`)
  const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : []
  return new Refusal('BAD_USER_INPUT', ['The register cannot be used:', ...lines, ...more].join('\n'), { hint: `Correct the rows under ${folder}.`, faults })
}

function readRows<T>(folder: string, file: string, shape: ShapeName, empty: T, faults: RowFault[]): T {
  const rows = parsed(folder, file, faults)
  if (rows === undefined) return empty
  const wrong = shapeFaults(shape, rows).map(fault => ({ file, ...fault }))
  faults.push(...wrong)
  return wrong.length > 0 ? empty : (rows as T)
}

function parsed(folder: string, file: string, faults: RowFault[]): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'))
  } catch (error) {
    faults.push({ file, path: '/', fault: error instanceof SyntaxError ? `not JSON: ${error.message}` : 'cannot be read' })
    return undefined
  }
}

/** In the order of their names, so that two copies of one folder are the same register. */
function filesOf(folder: string, room: string, faults: RowFault[]): string[] {
  try {
    return readdirSync(join(folder, room)).filter(name => name.endsWith('.json')).sort()
  } catch {
    faults.push({ file: room, path: '/', fault: 'this folder cannot be read' })
    return []
  }
}

/** A file is named after what it holds: `instruments/EIO.json` the instrument EIO, `codes/OUTCOME.json` codes of that list. */
function misnamed(folder: string, faults: readonly RowFault[]): RowFault[] {
  const wrong = (room: string, found: (rows: unknown, name: string) => RowFault[]): RowFault[] =>
    filesOf(folder, room, []).map(file => `${room}/${file}`).filter(file => !faults.some(each => each.file === file))
      .flatMap(file => found(JSON.parse(readFileSync(join(folder, file), 'utf8')), file))
  const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.json$/, '')
  return [
    ...wrong('instruments', (row, file) => ((row as InstrumentRow).code === nameOf(file) ? [] : [{ file, path: '/code', fault: `this file must hold ${nameOf(file)}` }])),
    ...wrong('codes', (rows, file) => (rows as CodeRow[]).flatMap(({ list }, i) => (list === nameOf(file) ? [] : [{ file, path: `/${i}/list`, fault: `this file must hold codes of ${nameOf(file)}` }]))),
  ]
}
