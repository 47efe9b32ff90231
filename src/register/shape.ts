// Whether a file of the register has its shape: the JSON schemas of seeds/schema, applied with ajv.
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '../refusal'
import { isDay } from './known'

export const SHAPE_NAMES = ['register', 'instrument', 'jurisdictions', 'authorities', 'codes', 'urgency-limits', 'templates'] as const
export type ShapeName = (typeof SHAPE_NAMES)[number]

/** From dist/src/register as from src/register. */
const SCHEMAS = join(__dirname, ...(__dirname.includes(join('dist', 'src')) ? ['..', '..', '..'] : ['..', '..']), 'seeds', 'schema')

let compiled: ReadonlyMap<ShapeName, ValidateFunction> | null = null

function shapes(): ReadonlyMap<ShapeName, ValidateFunction> {
  if (compiled) return compiled
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, formats: { day: isDay } })
  const read = (name: string): object => JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')) as object
  ajv.addSchema(read('terms'), 'terms.json')
  compiled = new Map(SHAPE_NAMES.map(name => [name, ajv.compile(read(name))]))
  return compiled
}

export function shapeFaults(name: ShapeName, rows: unknown): { path: string; fault: string }[] {
  const check = shapes().get(name) ?? fault(`no schema ${name}`)
  return check(rows) ? [] : (check.errors ?? []).map(error => ({ path: error.instancePath || '/', fault: inWords(error) }))
}

function inWords({ keyword, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues, format } = params as { additionalProperty?: string; allowedValues?: readonly string[]; format?: string }
  if (keyword === 'additionalProperties') return `unknown field ${additionalProperty}`
  if (keyword === 'enum') return `must be one of ${allowedValues?.join(', ')}`
  if (format === 'day') return 'must be a day, YYYY-MM-DD'
  return message ?? keyword
}
