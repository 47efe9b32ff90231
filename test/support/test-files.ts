// Tests as files: what a list or a paper that names tests is held against.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = join(__dirname, '../..')

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
export const isThere = (path: string): boolean => existsSync(join(root, path))

/** A test and what it imports of the tests: its tables and the suites that it runs. */
export function partsOf(file: string, met = new Set<string>()): Set<string> {
  if (met.has(file)) return met
  met.add(file)
  for (const [, path = ''] of textOf(file).matchAll(/from '(\.[^']+)'/g)) {
    const part = `${relative(root, resolve(root, dirname(file), path))}.ts`
    if (part.startsWith('test/') && !part.startsWith('test/support/') && isThere(part)) partsOf(part, met)
  }
  return met
}

/** Test files at a path: it alone, or all below a folder. */
function filesAt(path: string): string[] {
  if (!isThere(path)) return []
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.ts')).map(entry => relative(root, join(entry.parentPath, entry.name)))
}

const testsAt = (path: string): string[] => filesAt(path).filter(file => file.endsWith('.test.ts'))

/** Whether a test runs what lies at a path: a test, a folder with tests, or a suite that a test imports. */
export const isRun = (path: string): boolean => testsAt(path).some(file => /\b(test|it)\b/.test(textOf(file))) || (isThere(path) && testsAt('test').some(file => partsOf(file).has(path)))
