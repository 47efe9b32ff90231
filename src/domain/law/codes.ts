// Lists of codes as they stand on a day. Strings in the schema, rows in the data.
import type { CodeList } from '../vocabulary'
import type { CodeRow, Register } from './register'
import { indexOf } from './register-index'

/** The codes of a list on a day; without a day all, retired ones with their successor too. */
export function codesOf(register: Register, list: CodeList, on: string | null): CodeRow[] {
  const rows = [...(indexOf(register).codes.get(list)?.values() ?? [])].flat()
  return on === null ? rows : rows.filter(row => standsOn(row, on))
}

export const isCode = (register: Register, list: CodeList, code: string, on: string): boolean =>
  indexOf(register).codes.get(list)?.get(code)?.some(row => standsOn(row, on)) ?? false

const standsOn = ({ from, until }: CodeRow, on: string): boolean => (from === undefined || from <= on) && (until === undefined || on <= until)
