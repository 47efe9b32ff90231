// Reads parts of a draft by the paths that the template's rows name. Knows no field.

export interface Part { path: string; value: unknown }

/** Every value at a path; `[]` stands for each element: `dossier.persons[].role` → `dossier.persons[0].role`, … Missing parts give nothing. */
export function partsAt(whole: unknown, path: string): Part[] {
  let parts: Part[] = [{ path: '', value: whole }]
  for (const step of stepsOf(path)) {
    const within: Part[] = []
    for (const part of parts) stepInto(part, step, within)
    if (within.length === 0) return within
    parts = within
  }
  return parts
}

function stepInto({ path, value }: Part, step: string, within: Part[]): void {
  if (step === '[]') {
    if (Array.isArray(value)) for (const [i, each] of value.entries()) within.push({ path: `${path}[${i}]`, value: each as unknown })
  } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step)) within.push({ path: path ? `${path}.${step}` : step, value: (value as Record<string, unknown>)[step] })
}

const STEPS_KEPT = 1_000
const known = new Map<string, readonly string[]>()

/** The template's rows name few paths, and each again and again. */
function stepsOf(path: string): readonly string[] {
  const steps = known.get(path) ?? path.match(/\[\]|[^.[\]]+/g) ?? []
  if (known.size < STEPS_KEPT) known.set(path, steps)
  return steps
}

export const valueAt = (whole: unknown, path: string): unknown => partsAt(whole, path)[0]?.value

/** Nothing, blanks alone or an empty list. `false` and 0 are something. */
export function isMissing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
