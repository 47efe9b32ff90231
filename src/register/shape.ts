// Whether a file of the register has its shape: the JSON schemas of seeds/schema, as the build has compiled them, else compiled here.
import type { ErrorObject, ValidateFunction } from 'ajv'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ShapeName } from './compile-shapes'

export type { ShapeName } from './compile-shapes'

const load = createRequire(__filename)
/** Made by build.mjs; beside the sources there is none. */
const BUILT = join(__dirname, 'shapes.built.js')

let shapes: Readonly<Record<ShapeName, ValidateFunction>> | null = null

const compiled = (): Record<ShapeName, ValidateFunction> =>
  (existsSync(BUILT) ? load(BUILT) : (load('./compile-shapes') as typeof import('./compile-shapes')).compiledShapes()) as Record<ShapeName, ValidateFunction>

export function shapeFaults(name: ShapeName, rows: unknown): { path: string; fault: string }[] {
  const check = (shapes ??= compiled())[name]
  return check(rows) ? [] : (check.errors ?? []).map(error => ({ path: error.instancePath || '/', fault: inWords(error) }))
}

function inWords({ keyword, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues, format } = params as { additionalProperty?: string; allowedValues?: readonly string[]; format?: string }
  if (keyword === 'additionalProperties') return `unknown field ${additionalProperty}`
  if (keyword === 'enum') return `must be one of ${allowedValues?.join(', ')}`
  if (format === 'day') return 'must be a day, YYYY-MM-DD'
  return message ?? keyword
}
