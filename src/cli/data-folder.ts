// What lies in the data folder: the signed directory, the root key of a trial, and one sub-folder a house with its keys and its store.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { AuthorityRow } from '../domain/law/register'
import { Refusal } from '../refusal'
import { canonical, sha256Hex } from '../wire/canonical'
import { createRootKey, openDirectory, signDirectory, type Directory, type DirectorySnapshot, type RootKey } from '../wire/directory'
import { createHouseKeys, openHouseKeys, readKeysFile, writeKeysFile, type HouseKeys, type KeysFile } from '../wire/keys'
import { BadSetting, DEFAULT_PORT, HIGHEST_PORT, Unavailable } from './settings'

export const HUB = 'hub'
export const houseFolder = (house: string): string => house.toLowerCase()

const idOf = (house: string): string => (house === HUB ? HUB : `authority:${house}`)

const DIRECTORY_YEARS = 10

export interface DataFolder { path: string }

export const dataFolder = (path: string): DataFolder => ({ path: resolve(path) })

const directoryFile = ({ path }: DataFolder): string => join(path, 'directory.jws')
const rootFile = ({ path }: DataFolder): string => join(path, 'root', 'root.key.json')
export const folderOf = ({ path }: DataFolder, house: string): string => join(path, houseFolder(house))
export const storeFolder = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'store')
export const keysFile = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'keys.json')

const isInitialised = (folder: DataFolder): boolean => existsSync(directoryFile(folder))

export function demandInitialised(folder: DataFolder): void {
  if (!isInitialised(folder)) throw new BadSetting('--data', folder.path, 'holds no directory', 'Run `comity init` there first, or name the folder that `comity init` made.')
}

interface Planned {
  host: string; port: number | null; countries: readonly string[]; authorities: readonly AuthorityRow[]; now: Date
  /** Asked before the first directory binds the houses to these ports. */
  demandFree?: (ports: readonly number[]) => Promise<void>
}

/** Makes, or brings up to date, keys and the signed directory: a house that is there keeps its keys and its port, new ones are added. */
export async function prepare(folder: DataFolder, planned: Planned): Promise<void> {
  makeFolder(join(folder.path, 'root'))
  const root = await rootKey(folder)
  const known = isInitialised(folder) ? await openedSnapshot(folder, root, planned.now) : null
  const ports = portsOf(planned, known)
  if (!known) await planned.demandFree?.([...ports.values()])
  const houses = [HUB, ...planned.countries]
  for (const house of houses) await ensureKeys(folder, house, root, planned.now)
  const snapshot = snapshotOf(folder, planned, ports, known)
  if (known && sameContent(known, snapshot)) return
  writeAtomically(directoryFile(folder), await signDirectory(root.privateJwk, snapshot))
}

async function rootKey(folder: DataFolder): Promise<RootKey> {
  const file = rootFile(folder)
  if (existsSync(file)) return keptRootKey(file)
  const root = await createRootKey()
  writeAtomically(file, JSON.stringify(root), 0o600)
  return root
}

function keptRootKey(file: string): RootKey {
  try {
    const { publicJwk, privateJwk } = JSON.parse(readFileSync(file, 'utf8')) as Partial<RootKey>
    if (publicJwk && privateJwk) return { publicJwk, privateJwk }
  } catch { /* Said below. */ }
  throw new Unavailable(`The key file ${file} is corrupted. Restore it from a copy; without it the directory cannot be signed anew.`)
}

async function openedSnapshot(folder: DataFolder, root: RootKey, now: Date): Promise<DirectorySnapshot> {
  return (await openedDirectory(folder, readFileSync(directoryFile(folder), 'utf8'), root.publicJwk, now)).snapshot
}

/** A file that is there and broken is named. */
async function openedDirectory(folder: DataFolder, jws: string, rootKey: RootKey['publicJwk'], now: Date): Promise<Directory> {
  try {
    return await openDirectory(jws, rootKey, { now })
  } catch (thrown) {
    throw broken(thrown, `${directoryFile(folder)}: `)
  }
}

/** Another house's keys would be listed twice in the next directory, and that one be good for nobody. */
function openedKeys(folder: DataFolder, house: string): KeysFile {
  const path = keysFile(folder, house)
  const file = keysIn(path)
  if (file.house === idOf(house)) return file
  throw new Unavailable(`${path} holds the keys of ${file.house}, not of ${idOf(house)}. Restore the file from a copy.`)
}

function keysIn(path: string): KeysFile {
  try {
    return readKeysFile(path)
  } catch (thrown) {
    throw broken(thrown)
  }
}

/** No option or setting is wrong, but what lies in the folder: exit 1. */
const broken = (thrown: unknown, where = ''): unknown => thrown instanceof Refusal ? new Unavailable(`${where}${thrown.message} ${thrown.facts.hint ?? ''}`) : thrown

async function ensureKeys(folder: DataFolder, house: string, root: RootKey, now: Date): Promise<void> {
  makeFolder(folderOf(folder, house))
  if (existsSync(keysFile(folder, house))) return addMissingKeys(folder, house, now)
  const keys = await createHouseKeys(idOf(house), now)
  writeKeysFile(keysFile(folder, house), { ...keys, rootKey: root.publicJwk, cursorKey: randomBytes(32).toString('base64url') })
}

/** A key file that was made before houses had a key of some use gets it. */
async function addMissingKeys(folder: DataFolder, house: string, now: Date): Promise<void> {
  const file = openedKeys(folder, house)
  const made = await createHouseKeys(file.house, now)
  const missing = made.keys.filter(key => !file.keys.some(known => known.use === key.use))
  if (missing.length === 0) return
  const listed = made.publicKeys.filter(key => missing.some(({ kid }) => kid === key.kid))
  writeKeysFile(keysFile(folder, house), { ...file, keys: [...file.keys, ...missing], publicKeys: [...file.publicKeys, ...listed] })
}

/** The port of every house. Running houses and their clients rely on the ones that are listed: only new houses are given one, behind all others. */
function portsOf({ port, countries }: Planned, known: DirectorySnapshot | null): Map<string, number> {
  const listed = new Map(known ? [[HUB, portOf(known.hub.url)], ...known.authorities.map(({ country, url }): [string, number] => [country, portOf(url)])] : [])
  const hub = listed.get(HUB)
  if (hub !== undefined && port !== null) demandListedPort(port, hub)
  const ports = new Map([[HUB, hub ?? port ?? DEFAULT_PORT], ...listed])
  for (const country of countries) if (!ports.has(country)) ports.set(country, Math.max(...ports.values()) + 1)
  const highest = Math.max(...ports.values())
  if (highest > HIGHEST_PORT) throw new BadSetting('--port', String(ports.get(HUB)), `leaves no room for ${ports.size - 1} authorities on the ports that follow`, `Give a number up to ${HIGHEST_PORT - ports.size + 1}.`)
  return ports
}

export function demandListedPort(port: number, listed: number): void {
  if (port !== listed) throw new BadSetting('--port', String(port), `contradicts the directory, which has ${listed}`, 'Leave it out, or run `comity init --port …` in a new data folder. With --mongodb a further process of the same house may take any free port.')
}

function snapshotOf(folder: DataFolder, { host, authorities, now }: Planned, ports: ReadonlyMap<string, number>, known: DirectorySnapshot | null): DirectorySnapshot {
  const expiresAt = new Date(now)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + DIRECTORY_YEARS)
  const placed = (house: string) => ({ url: `http://${host}:${ports.get(house)}`, keys: openedKeys(folder, house).publicKeys })
  return {
    version: (known?.version ?? 0) + 1, issuedAt: now.toISOString(), expiresAt: expiresAt.toISOString(), prev: known ? sha256Hex(canonical(known)) : null,
    hub: { id: HUB, ...placed(HUB) },
    authorities: [...ports.keys()].filter(house => house !== HUB).map(country => {
      const row = authorities.find(each => each.country === country)
      const { id, code, name, competences, languages } = row ?? { id: `authority:${country}`, code: country, name: country, competences: [], languages: [] }
      return { id, code, country, name, competences, languages, ...placed(country) }
    }),
  }
}

/** The same but for version, times and the link to the one before. */
function sameContent(one: DirectorySnapshot, other: DirectorySnapshot): boolean {
  const content = ({ hub, authorities }: DirectorySnapshot) => canonical(JSON.parse(JSON.stringify({ hub, authorities })))
  return content(one) === content(other)
}

export interface OpenedHouse { keys: HouseKeys; rootKey: RootKey['publicJwk']; cursorKey: Uint8Array; directory: Directory; directoryJws: string }

/** What a house may read: its own sub-folder and the public directory. */
export async function openHouse(folder: DataFolder, house: string, now: Date): Promise<OpenedHouse> {
  demandInitialised(folder)
  if (!existsSync(keysFile(folder, house))) throw new BadSetting('--data', folder.path, `has no house ${house}`, `Add it with \`comity init --authorities …,${house}\`.`)
  const file = openedKeys(folder, house)
  const directoryJws = readFileSync(directoryFile(folder), 'utf8')
  const directory = await openedDirectory(folder, directoryJws, file.rootKey, now)
  const keys = await openHouseKeys(file)
  demandListedKeys(folder, house, keys, directory)
  return { keys, rootKey: file.rootKey, cursorKey: Buffer.from(file.cursorKey, 'base64url'), directory, directoryJws }
}

/** A house with keys that the directory does not give it would be believed by nobody. */
function demandListedKeys(folder: DataFolder, house: string, { signer, tokenSigner }: HouseKeys, directory: Directory): void {
  const id = idOf(house)
  if (directory.key(signer.kid, 'sign')?.owner === id && directory.key(tokenSigner.kid, 'token')?.owner === id) return
  throw new Unavailable(`${keysFile(folder, house)} holds keys that ${directoryFile(folder)} does not list for ${id}. Restore the file from a copy, or have the directory signed anew.`)
}

export function portOf(url: string): number { return Number(new URL(url).port) }

/** Folder by folder: made in one go, Node never comes back from a place like /proc. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
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

/** Says which process serves the house; further processes of the same house say their port too. What is returned takes the word back. */
export function writePid(folder: DataFolder, house: string, port: number, first: boolean): () => void {
  const path = join(folderOf(folder, house), first ? 'pid' : `pid.${port}`)
  const mine = `${process.pid}\n`
  writeFileSync(path, mine)
  return () => { if (existsSync(path) && readFileSync(path, 'utf8') === mine) rmSync(path, { force: true }) }
}
