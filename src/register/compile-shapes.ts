// The JSON schemas of seeds/schema, compiled by ajv: by the build into code of its own, or where there was no build when they are asked for.
import Ajv, { _, type ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formats } from './shape-formats'

export const SHAPE_NAMES = ['register', 'instrument', 'jurisdictions', 'authorities', 'codes', 'urgency-limits', 'templates'] as const
export type ShapeName = (typeof SHAPE_NAMES)[number]

/** From dist/src/register as from src/register. */
const SCHEMAS = join(__dirname, ...(__dirname.includes(join('dist', 'src')) ? ['..', '..', '..'] : ['..', '..']), 'seeds', 'schema')

/** With `asSource`, so that code can be made of it that stands beside this module. */
export function shapesIn({ asSource }: { asSource: boolean }): Ajv {
  const ajv = new Ajv({
    allErrors: true, strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, formats: { ...formats },
    ...(asSource && { code: { source: true, formats: _`require("./shape-formats").formats` } }),
  })
  const read = (name: string): object => JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')) as object
  ajv.addSchema(read('terms'), 'terms.json')
  for (const name of SHAPE_NAMES) ajv.addSchema(read(name), name)
  return ajv
}

export function compiledShapes(): Record<ShapeName, ValidateFunction> {
  const ajv = shapesIn({ asSource: false })
  return Object.fromEntries(SHAPE_NAMES.map(name => [name, ajv.getSchema(name)])) as Record<ShapeName, ValidateFunction>
}
