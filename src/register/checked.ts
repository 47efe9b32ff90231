// Which register the build has checked whole and found sound: the very same files need no second check at each start. It holds for this Node.js alone, which
// knows the states and time zones that the rows name.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RegisterFiles } from './load'

/** Made by build.mjs; beside the sources there is none. */
export const CHECKED = join(__dirname, 'checked.built.txt')

export const nameOfChecked = (files: RegisterFiles): string => hash('sha256', JSON.stringify([process.version, files]))

export function wasChecked(files: RegisterFiles): boolean {
  try { return readFileSync(CHECKED, 'utf8') === nameOfChecked(files) } catch { return false }
}
