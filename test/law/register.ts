// The register as it is seeded.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Register } from '../../src/domain/law/register'

const FOLDER = join(__dirname, '../../seeds/register')
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8'))
const all = (folder: string): unknown[] => readdirSync(join(FOLDER, folder)).sort().flatMap(file => read(folder, file))

export const register = (): Register => ({
  ...(read('register.json') as object), instruments: all('instruments'), jurisdictions: read('jurisdictions.json'), authorities: read('authorities.json'), codes: all('codes'),
  urgencyLimits: read('urgency-limits.json'), templates: read('templates.json'),
}) as Register
