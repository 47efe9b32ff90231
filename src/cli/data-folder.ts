// What lies in the data folder: the signed directory, the root key of a trial, and one sub-folder a house with its keys and its store.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { JWK } from 'jose'
import { Refusal } from '../refusal'
import type { Directory } from '../wire/directory'
import { openHouseKeys, type DetachedSigner, type HouseKeys } from '../wire/house-keys'
import { readKeysFile, type KeysFile, type KeyUse, type PublicKey } from '../wire/keys'
import { missingSigner, RemoteSigner } from '../wire/remote-signer'
import { KeptDirectory, type DirectoryFiles } from './kept-directory'
import { BadSetting, broken, Unavailable } from './settings'

export const HUB = 'hub'
export const houseFolder = (house: string): string => house.toLowerCase()

export const idOf = (house: string): string => (house === HUB ? HUB : `authority:${house}`)

export interface DataFolder {
  path: string
  /** Socket of the process that signs for its house; null where the keys lie in the folder. */
  signer: string | null
}

export const dataFolder = (path: string, signer: string | null = null): DataFolder => ({ path: resolve(path), signer })

export const directoryFile = ({ path }: DataFolder): string => join(path, 'directory.jws')
export const directoryFiles = (folder: DataFolder, house: string): DirectoryFiles => ({ public: directoryFile(folder), own: join(folderOf(folder, house), 'directory.jws') })
export const rootFile = ({ path }: DataFolder): string => join(path, 'root', 'root.key.json')
export const folderOf = ({ path }: DataFolder, house: string): string => join(path, houseFolder(house))
export const storeFolder = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'store')
export const keysFile = (folder: DataFolder, house: string): string => join(folderOf(folder, house), 'keys.json')

export const isInitialised = (folder: DataFolder): boolean => existsSync(directoryFile(folder))

export function demandInitialised(folder: DataFolder): void {
  if (!isInitialised(folder)) throw new BadSetting('--data', folder.path, 'holds no directory', 'Run `comity init` there first, lay the directory.jws of the secretariat there, or name the folder that has it.')
}

/** Another house's keys would be listed twice in the next directory, and that one be good for nobody. */
export function openedKeys(folder: DataFolder, house: string): KeysFile {
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

export function demandListedPort(port: number, listed: number): void {
  if (port !== listed) throw new BadSetting('--port', String(port), `contradicts the directory, which has ${listed}`, 'Leave it out, or run `comity init --port …` in a new data folder. With --mongodb a further process of the same house may take any free port.')
}

export interface OpenedHouse { keys: HouseKeys; rootKey: JWK; cursorKey: Uint8Array; directory: Directory; kept: KeptDirectory; keysFile: string }

/** What a house may read: its own sub-folder and the public directory. */
export async function openHouse(folder: DataFolder, house: string, now: Date): Promise<OpenedHouse> {
  demandInitialised(folder)
  if (!existsSync(keysFile(folder, house))) throw new BadSetting('--data', folder.path, `has no house ${house}`, `Add it with \`comity init --authorities …,${house}\`, or make its own keys with \`comity enroll ${house}\`.`)
  const file = openedKeys(folder, house)
  const kept = await KeptDirectory.open(directoryFiles(folder, house), file.rootKey, now)
  const keys = await openHouseKeys(file, { listed: listedFor(idOf(house), kept), ...detachedSigner(folder, house, file) }).catch((thrown: unknown) => { throw unlisted(folder, house, thrown) })
  return { keys, rootKey: file.rootKey, cursorKey: Buffer.from(file.cursorKey, 'base64url'), directory: kept.newest, kept, keysFile: keysFile(folder, house) }
}

/** Of a house whose signing keys lie with another process. */
function detachedSigner({ signer }: DataFolder, house: string, file: KeysFile): { detached?: DetachedSigner } {
  if (signer !== null) return { detached: new RemoteSigner(signer) }
  if (signingKeysLieElsewhere(file)) return { detached: missingSigner(() => new BadSetting('--signer', '', `is missing, and the signing keys of ${house} lie with another process`, 'Give the socket on which `comity signer` listens (COMITY_SIGNER).')) }
  return {}
}

export const signingKeysLieElsewhere = ({ keys, publicKeys }: KeysFile): boolean => publicKeys.some(({ kid, use }) => use === 'sign' && !keys.some(key => key.kid === kid))

const listedFor = (owner: string, kept: KeptDirectory) => (kid: string, use: KeyUse): PublicKey | null => {
  const listed = kept.newest.key(kid, use)
  return listed?.owner === owner ? listed.key : null
}

/** A house with keys that the directory does not give it would be believed by nobody. */
function unlisted(folder: DataFolder, house: string, thrown: unknown): unknown {
  if (!(thrown instanceof Refusal) || thrown.code !== 'STORE_UNAVAILABLE') return broken(thrown)
  return new Unavailable(`${keysFile(folder, house)} holds no keys that ${directoryFile(folder)} lists for ${idOf(house)} and that are valid now. Restore the file from a copy, or have the directory signed anew.`)
}

export function portOf(url: string): number { return Number(new URL(url).port) }

/** Says which process serves the house; further processes of the same house say their port too. What is returned takes the word back. */
export function writePid(folder: DataFolder, house: string, port: number, first: boolean): () => void {
  const path = join(folderOf(folder, house), first ? 'pid' : `pid.${port}`)
  const mine = `${process.pid}\n`
  writeFileSync(path, mine)
  return () => { if (existsSync(path) && readFileSync(path, 'utf8') === mine) rmSync(path, { force: true }) }
}
