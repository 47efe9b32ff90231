// The seed data that comes with the package: the register, and the states whose authorities can be set up from it.
import { join } from 'node:path'

/** From dist/src/cli as from src/cli. */
const packageRoot = (): string => (__dirname.includes(`${join('dist', 'src')}`) ? join(__dirname, '..', '..', '..') : join(__dirname, '..', '..'))

export const REGISTER_FOLDER = join(packageRoot(), 'seeds', 'register')
export const SCHEMA_FOLDER = join(packageRoot(), 'schema')
export const LAW_PAGE = join(packageRoot(), 'docs', 'law.md')

/** The fourteen states of domain.md §4.3. */
export const SEED_COUNTRIES: readonly string[] = ['DE', 'FR', 'GB', 'US', 'BR', 'JP', 'NL', 'ES', 'IT', 'PL', 'CH', 'CA', 'ZA', 'NG']
