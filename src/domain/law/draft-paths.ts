// Reads parts of a draft by the paths that the template's rows name. Knows no field.

export interface Part { path: string; value: unknown }

/** Every value at a path; `[]` stands for each element: `dossier.persons[].role` → `dossier.persons[0].role`, … Missing parts give nothing. */
export function partsAt(whole: unknown, path: string): Part[] {
  const steps = path.match(/\[\]|[^.[\]]+/g) ?? []
  return steps.reduce<Part[]>((parts, step) => parts.flatMap(part => stepInto(part, step)), [{ path: '', value: whole }])
}

function stepInto({ path, value }: Part, step: string): Part[] {
  if (step === '[]') return Array.isArray(value) ? value.map((each: unknown, i) => ({ path: `${path}[${i}]`, value: each })) : []
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return []
  return [{ path: path ? `${path}.${step}` : step, value: (value as Record<string, unknown>)[step] }]
}

export const valueAt = (whole: unknown, path: string): unknown => partsAt(whole, path)[0]?.value

/** Nothing, blanks alone or an empty list. `false` and 0 are something. */
export function isMissing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
