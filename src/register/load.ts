// Reads the register's folder into one object, or refuses it whole: every fault with file, JSON path and what is wrong. The one place
// where rows meet the file system; knows no rule of law.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuthorityRow, CodeRow, InstrumentRow, JurisdictionRow, Register, TemplateSet, TimeLimitRow } from '../domain/law/register'
import { Refusal } from '../refusal'
import { wasChecked } from './checked'
import { registerFaults } from './cross-check'
import { shapeFaults, type ShapeName } from './shape'
import { templateFaults } from './template-check'

export interface RowFault { file: string; path: string; fault: string }

const SHOWN = 20

/** Text by file name: `register.json`, `instruments/EIO.json`. */
export type RegisterFiles = Readonly<Record<string, string>>

const ROOMS = ['.', 'instruments', 'codes'] as const

export const loadRegister = (folder: string): Register => registerOf(registerFiles(folder), hintOf(folder))
/** Checks these files, though the build has. */
export const loadAnew = (folder: string): Register => registerOf(registerFiles(folder), hintOf(folder), false)

const hintOf = (folder: string): string => `Correct the rows under ${folder}.`

/** What can be read there; what cannot is missed by `registerOf`. */
export function registerFiles(folder: string): RegisterFiles {
  return Object.fromEntries(ROOMS.flatMap(room => namesIn(join(folder, room)).flatMap(name => textOf(join(folder, room, name)).map(text => [room === '.' ? name : `${room}/${name}`, text]))))
}

/** In the order of their names, so that two copies of one folder are the same register. */
function namesIn(folder: string): string[] {
  try { return readdirSync(folder).filter(name => name.endsWith('.json')).sort() } catch { return [] }
}

function textOf(path: string): string[] {
  try { return [readFileSync(path, 'utf8')] } catch { return [] }
}

/** `isChecked`: no fault was found in these very files before. */
export function registerOf(files: RegisterFiles, hint: string, isChecked = wasChecked(files)): Register {
  const faults: RowFault[] = []
  const one = <T>(file: string, shape: ShapeName, empty: T): T => readRows(files, file, isChecked ? null : shape, empty, faults)
  const each = <T>(room: string, shape: ShapeName, empty: T): T[] => filesOf(files, room, faults).map(file => one(file, shape, empty))
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
  if (!isChecked) faults.push(...misnamed(files, faults), ...(faults.length > 0 ? [] : [...registerFaults(register), ...templateFaults(register)]))
  if (faults.length > 0) throw refused(hint, faults)
  return dated(register, register.asOf)
}

/** A row without a day of its own is as of what it stands in: its instrument or state, else the register. */
function dated<Part>(part: Part, asOf: string): Part {
  if (Array.isArray(part)) return part.map((each: unknown) => dated(each, asOf)) as Part
  if (typeof part !== 'object' || part === null) return part
  const own = (part as { asOf?: string }).asOf ?? asOf
  const parts = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, dated(value as unknown, own)]))
  return ('source' in part ? { ...parts, asOf: own } : parts) as Part
}

function refused(hint: string, faults: readonly RowFault[]): Refusal {
  const lines = faults.slice(0, SHOWN).map(({ file, path, fault }) => `${file}: ${path}: ${fault}`)
  const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : []
  return new Refusal('BAD_USER_INPUT', ['The register cannot be used:', ...lines, ...more].join('\n'), { hint, faults })
}

function readRows<T>(files: RegisterFiles, file: string, shape: ShapeName | null, empty: T, faults: RowFault[]): T {
  const rows = parsed(files, file, faults)
  if (rows === undefined) return empty
  const wrong = (shape === null ? [] : shapeFaults(shape, rows)).map(fault => ({ file, ...fault }))
  faults.push(...wrong)
  return wrong.length > 0 ? empty : (rows as T)
}

function parsed(files: RegisterFiles, file: string, faults: RowFault[]): unknown {
  const text = Object.hasOwn(files, file) ? files[file] : undefined
  if (text === undefined) return void faults.push({ file, path: '/', fault: 'cannot be read' })
  try {
    return JSON.parse(text)
  } catch (error) {
    return void faults.push({ file, path: '/', fault: `not JSON: ${(error as SyntaxError).message}` })
  }
}

function filesOf(files: RegisterFiles, room: string, faults: RowFault[]): string[] {
  const found = Object.keys(files).filter(file => file.startsWith(`${room}/`)).sort()
  if (found.length === 0) faults.push({ file: room, path: '/', fault: 'this folder cannot be read' })
  return found
}

/** A file is named after what it holds: `instruments/EIO.json` the instrument EIO, `codes/OUTCOME.json` codes of that list. */
function misnamed(files: RegisterFiles, faults: readonly RowFault[]): RowFault[] {
  const wrong = (room: string, found: (rows: unknown, name: string) => RowFault[]): RowFault[] =>
    filesOf(files, room, []).filter(file => !faults.some(each => each.file === file)).flatMap(file => found(JSON.parse(files[file] ?? ''), file))
  const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.json$/, '')
  return [
    ...wrong('instruments', (row, file) => ((row as InstrumentRow).code === nameOf(file) ? [] : [{ file, path: '/code', fault: `this file must hold ${nameOf(file)}` }])),
    ...wrong('codes', (rows, file) => (rows as CodeRow[]).flatMap(({ list }, i) => (list === nameOf(file) ? [] : [{ file, path: `/${i}/list`, fault: `this file must hold codes of ${nameOf(file)}` }]))),
  ]
}
