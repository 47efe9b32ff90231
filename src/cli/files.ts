// Folders and files of the data folder: made or written whole, or named with what keeps them from it.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BadSetting, Unavailable } from './settings'

/** Folder by folder: made in one go, Node never comes back from a place like /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    throw new BadSetting('--data', path, `cannot be made (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Name a folder that you may write to.')
  }
}

export function writeAtomically(path: string, text: string, mode = 0o644): void {
  // Further processes of the same house may write it too.
  const fresh = `${path}.${process.pid}.new`
  try {
    writeFileSync(fresh, text, { mode })
    renameSync(fresh, path)
  } catch (thrown) {
    throw new Unavailable(`${path} cannot be written (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'}). Give this user the right to write there.`)
  }
}

/** Differs once a file was written anew; empty where there is none. */
export function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''
}
