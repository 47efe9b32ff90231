// Checked codes: strings in the schema, rows in the data. Finds unlisted and retired codes in drafts and acts, each with its path from the
// input's root. Never echoes what was sent: the path says which it is.
import type { CodeList } from '../vocabulary'
import { isCode } from './codes'
import { partsAt } from './draft-paths'
import type { Register } from './register'
import { indexOf } from './register-index'

/** BAD_USER_INPUT, with the path from the variable's root (`input.dossier.persons[0].role`). */
export interface CodeFault { path: string; list: CodeList | null; message: string; hint: string }

/** Why a code cannot be used on a day; null where it can. */
export function codeFault(register: Register, list: CodeList, code: string, on: string, path: string): CodeFault | null {
  if (isCode(register, list, code, on)) return null
  const known = register.templates.noCodes.find(each => each.list === list && each.code === code)
  if (known) return { path, list, message: known.message, hint: known.hint }
  const ask = `Ask \`codes(list: ${list})\` which there are.`
  const row = indexOf(register).codes.get(list)?.get(code)?.at(-1)
  if (!row) return { path, list, message: `This is no code of the list ${list}.`, hint: ask }
  if (row.from !== undefined && on < row.from) return { path, list, message: `This code of the list ${list} is to be used from ${row.from} on.`, hint: ask }
  return { path, list, message: `This code of the list ${list} was retired on ${row.until}.`, hint: row.replacedBy ? `Use ${row.replacedBy} instead.` : ask }
}

/** Unlisted codes anywhere in a draft; `root` as the caller's paths begin. */
export function draftCodeFaults(register: Register, draft: object, on: string, root = 'input.'): CodeFault[] {
  const seen = new Set<string>()
  return register.templates.fields.flatMap(row => {
    if (!row.codes) return []
    const list = row.codes
    return partsAt(draft, row.path + (row.codesAt ?? '')).flatMap(({ path, value }) => {
      if (typeof value !== 'string' || seen.has(path)) return []
      seen.add(path)
      return codeFault(register, list, value, on, root + path) ?? []
    })
  })
}

/** Which inputs of acts are codes; the names are the contract's. */
const CODES_OF_ACTS: readonly { at: string; list: CodeList }[] = [
  { at: 'grounds[]', list: 'REFUSAL_GROUND' }, { at: 'ground', list: 'POSTPONEMENT_GROUND' }, { at: 'conditions[]', list: 'CONDITION' },
  { at: 'objections[]', list: 'OBJECTION' }, { at: 'items[].sensitivity[]', list: 'SENSITIVITY' },
]

/** Unlisted codes in the input of an act, the dossier of a supplement included. */
export function actCodeFaults(register: Register, input: object, on: string): CodeFault[] {
  const own = CODES_OF_ACTS.flatMap(({ at, list }) =>
    partsAt(input, at).flatMap(({ path, value }) => (typeof value === 'string' ? (codeFault(register, list, value, on, `input.${path}`) ?? []) : [])))
  const none = partsAt(input, 'grounds').filter(({ value }) => Array.isArray(value) && value.length === 0)
    .map(({ path }): CodeFault => ({ path: `input.${path}`, list: 'REFUSAL_GROUND', message: 'A refusal names at least one ground.', hint: 'Ask `codes(list: REFUSAL_GROUND)` which there are.' }))
  return [...none, ...own, ...testFaults(input), ...draftCodeFaults(register, input, on)]
}

/** What is said of a test of double criminality agrees with itself and with the grounds. */
function testFaults(input: object): CodeFault[] {
  const at = (path: string): unknown => partsAt(input, path)[0]?.value
  const result = at('dualCriminality.result'), matched = at('dualCriminality.matchedOffence')
  const unmatched = result === 'MET' && (typeof matched !== 'string' || matched.trim() === '')
  const refusedAlthoughMet = result === 'MET' && partsAt(input, 'grounds[]').some(({ value }) => value === 'NO_DUAL_CRIMINALITY')
  return [
    ...(unmatched ? [{ path: 'input.dualCriminality.matchedOffence', list: null, message: 'A test that is met names the offence that matches.', hint: 'Name the offence of your own law.' }] : []),
    ...(refusedAlthoughMet ? [{ path: 'input.dualCriminality.result', list: null, message: 'A request cannot be refused for want of double criminality where the test is met.', hint: 'Correct the result, or leave the ground NO_DUAL_CRIMINALITY out.' }] : []),
  ]
}
