// What lies in the data folder: the signed directory, the root key of a trial, and one sub-folder a house with its keys and its store.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { AuthorityRow } from '../domain/law/register'
import { canonical, sha256Hex } from '../wire/canonical'
import { createRootKey, openDirectory, signDirectory, type Directory, type DirectorySnapshot, type RootKey } from '../wire/directory'
import { createHouseKeys, openHouseKeys, readKeysFile, writeKeysFile, type HouseKeys } from '../wire/keys'
import { BadSetting, Unavailable } from './settings'

export const HUB = 'hub'
export const houseFolder = (house: string): string => house.toLowerCase()

const DIRECTORY_YEARS = 10

export interface DataFolder { path: string }

export const dataFolder = (path: string): DataFolder => ({ path: resolve(path) })

const directoryFile = ({ path }: DataFolder): string => join(path, 'directory.jws')
const rootFile = ({ path }: DataFolder): string => join(path, 'root', 'root.key.json')
export const folderOf = ({ path }: DataFolder, house: string): string => join(path, houseFolder(house))
export const storeFolder = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'store')
const keysFile = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'keys.json')

export const isInitialised = (folder: DataFolder): boolean => existsSync(directoryFile(folder))

export function demandInitialised(folder: DataFolder): void {
  if (!isInitialised(folder)) throw new BadSetting('--data', folder.path, 'holds no directory', 'Run `comity init` there first, or name the folder that `comity init` made.')
}

interface Planned { host: string; port: number; countries: readonly string[]; authorities: readonly AuthorityRow[]; now: Date }

/** Makes, or brings up to date, keys and the signed directory: a house that is there keeps its keys, new ones are added. */
export async function prepare(folder: DataFolder, planned: Planned): Promise<void> {
  makeFolder(join(folder.path, 'root'))
  const root = await rootKey(folder)
  const known = isInitialised(folder) ? await openedSnapshot(folder, root, planned.now) : null
  const houses = [HUB, ...planned.countries]
  for (const house of houses) await ensureKeys(folder, house, root, planned.now)
  const snapshot = snapshotOf(folder, planned, known)
  if (known && sameContent(known, snapshot)) return
  writeAtomically(directoryFile(folder), await signDirectory(root.privateJwk, snapshot))
}

async function rootKey(folder: DataFolder): Promise<RootKey> {
  const file = rootFile(folder)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as RootKey
  const root = await createRootKey()
  writeAtomically(file, JSON.stringify(root), 0o600)
  return root
}

async function openedSnapshot(folder: DataFolder, root: RootKey, now: Date): Promise<DirectorySnapshot> {
  return (await openDirectory(readFileSync(directoryFile(folder), 'utf8'), root.publicJwk, { now })).snapshot
}

async function ensureKeys(folder: DataFolder, house: string, root: RootKey, now: Date): Promise<void> {
  makeFolder(folderOf(folder, house))
  if (existsSync(keysFile(folder, house))) return addMissingKeys(keysFile(folder, house), now)
  const keys = await createHouseKeys(house === HUB ? HUB : `authority:${house}`, now)
  writeKeysFile(keysFile(folder, house), { ...keys, rootKey: root.publicJwk, cursorKey: randomBytes(32).toString('base64url') })
}

/** A key file that was made before houses had a key of some use gets it. */
async function addMissingKeys(path: string, now: Date): Promise<void> {
  const file = readKeysFile(path)
  const made = await createHouseKeys(file.house, now)
  const missing = made.keys.filter(key => !file.keys.some(known => known.use === key.use))
  if (missing.length === 0) return
  const listed = made.publicKeys.filter(key => missing.some(({ kid }) => kid === key.kid))
  writeKeysFile(path, { ...file, keys: [...file.keys, ...missing], publicKeys: [...file.publicKeys, ...listed] })
}

function snapshotOf(folder: DataFolder, { host, port, countries, authorities, now }: Planned, known: DirectorySnapshot | null): DirectorySnapshot {
  const earlier = (known?.authorities ?? []).map(authority => authority.country)
  const all = [...countries, ...earlier.filter(country => !countries.includes(country))]
  const expiresAt = new Date(now)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + DIRECTORY_YEARS)
  return {
    version: (known?.version ?? 0) + 1, issuedAt: now.toISOString(), expiresAt: expiresAt.toISOString(), prev: known ? sha256Hex(canonical(known)) : null,
    hub: { id: HUB, url: `http://${host}:${port}`, keys: readKeysFile(keysFile(folder, HUB)).publicKeys },
    authorities: all.map((country, i) => {
      const row = authorities.find(each => each.country === country)
      const { id, code, name, competences, languages } = row ?? { id: `authority:${country}`, code: country, name: country, competences: [], languages: [] }
      return { id, code, country, name, competences, languages, url: `http://${host}:${port + 1 + i}`, keys: readKeysFile(keysFile(folder, country)).publicKeys }
    }),
  }
}

/** The same but for version, times and the link to the one before. */
function sameContent(one: DirectorySnapshot, other: DirectorySnapshot): boolean {
  const content = ({ hub, authorities }: DirectorySnapshot) => canonical(JSON.parse(JSON.stringify({ hub, authorities })))
  return content(one) === content(other)
}

export interface OpenedHouse { keys: HouseKeys; cursorKey: Uint8Array; directory: Directory; directoryJws: string }

/** What a house may read: its own sub-folder and the public directory. */
export async function openHouse(folder: DataFolder, house: string, now: Date): Promise<OpenedHouse> {
  demandInitialised(folder)
  if (!existsSync(keysFile(folder, house))) throw new BadSetting('--data', folder.path, `has no house ${house}`, `Add it with \`comity init --authorities …,${house}\`.`)
  const file = readKeysFile(keysFile(folder, house))
  const directoryJws = readFileSync(directoryFile(folder), 'utf8')
  const directory = await openDirectory(directoryJws, file.rootKey, { now })
  return { keys: await openHouseKeys(file), cursorKey: Buffer.from(file.cursorKey, 'base64url'), directory, directoryJws }
}

export function portOf(url: string): number { return Number(new URL(url).port) }

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw new BadSetting('--data', path, `cannot be made (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Name a folder that you may write to.')
  }
}

function writeAtomically(path: string, text: string, mode = 0o644): void {
  try {
    writeFileSync(`${path}.new`, text, { mode })
    renameSync(`${path}.new`, path)
  } catch (thrown) {
    throw new Unavailable(`${path} cannot be written (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'}). Give this user the right to write there.`)
  }
}

/** Says which process serves the house; further processes of the same house say their port too. */
export function writePid(folder: DataFolder, house: string, port: number, first: boolean): void {
  writeFileSync(join(folderOf(folder, house), first ? 'pid' : `pid.${port}`), `${process.pid}\n`)
}
