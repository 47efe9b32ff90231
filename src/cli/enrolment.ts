// What an authority does on its own machine: it makes its keys, adds the next ones, takes one back. Private halves stay in its folder; what it
// says of itself, addresses and public halves, is what the secretariat signs into the directory.
import { existsSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import type { Listing } from '../wire/directory'
import { createHouseKeys, isRootKey, readSignerKeys, writeKeysFile, writeSignerKeys, type KeysFile, type KeyUse, type PublicKey } from '../wire/keys'
import { directoryFiles, folderOf, HUB, idOf, isInitialised, keysFile, openedKeys, signingKeysLieElsewhere, type DataFolder } from './data-folder'
import { makeFolder } from './files'
import { KeptDirectory } from './kept-directory'
import { BadSetting } from './settings'

const shown = (house: string): string => (house === HUB ? 'HUB' : house)

/** Makes the keys of a house where there are none, and answers with what it says of itself. */
export async function enroll(folder: DataFolder, house: string, { url, rootFile, now }: { url: string; rootFile: string | undefined; now: Date }): Promise<Listing> {
  if (existsSync(keysFile(folder, house))) return listingOf(openedKeys(folder, house), url)
  if (rootFile === undefined) throw new BadSetting('--root', '', 'is missing', 'Give the file with the root key\'s public half, as `comity directory root` prints it at the secretariat.')
  const rootKey = readRootKey(rootFile)
  makeFolder(folderOf(folder, house))
  const file: KeysFile = { ...(await createHouseKeys(idOf(house), now)), rootKey, cursorKey: randomBytes(32).toString('base64url') }
  writeKeysFile(keysFile(folder, house), file)
  return listingOf(file, url)
}

function readRootKey(file: string): JWK {
  try {
    const key: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isRootKey(key)) return key
  } catch { /* Said below. */ }
  throw new BadSetting('--root', file, 'is no public root key', 'Give the file that `comity directory root` printed at the secretariat.')
}

const listingOf = ({ house, publicKeys }: KeysFile, url: string): Listing => ({ id: house, url, keys: publicKeys })

export interface Rotation {
  now: Date
  overlapSeconds: number
  /** The signer's file, where the signing keys lie with it. */
  signerKeys?: string | undefined
}

/** Lays in the next key of every use. The ones before hold until the overlap ends; what was sealed for them opens as long as they lie in the file. */
export async function rotateKeys(folder: DataFolder, house: string, { now, overlapSeconds, signerKeys }: Rotation): Promise<Listing> {
  const file = keysToChange(folder, house)
  demandSignersFile(file, house, signerKeys)
  const url = await listedUrl(folder, house, file)
  const made = await createHouseKeys(file.house, now)
  const end = new Date(now.getTime() + overlapSeconds * 1_000).toISOString()
  const ending = <Key extends PublicKey>(key: Key): Key => ({ ...key, notAfter: key.notAfter < end ? key.notAfter : end })
  const elsewhere = made.keys.filter(({ use }) => signerKeys !== undefined && isSigning(use))
  if (signerKeys !== undefined) writeSignerKeys(signerKeys, { house: file.house, keys: [...readSignerKeys(signerKeys).keys, ...elsewhere] })
  const rotated: KeysFile = { ...file, keys: [...file.keys.map(ending), ...made.keys.filter(key => !elsewhere.includes(key))], publicKeys: [...file.publicKeys.map(ending), ...made.publicKeys] }
  writeKeysFile(keysFile(folder, house), rotated)
  return listingOf(rotated, url)
}

const isSigning = (use: KeyUse): boolean => use === 'sign' || use === 'token'

function demandSignersFile(file: KeysFile, house: string, signerKeys: string | undefined): void {
  if (signingKeysLieElsewhere(file) === (signerKeys !== undefined)) return
  if (signerKeys === undefined) throw new BadSetting('--signer-keys', '', `is missing, and the signing keys of ${shown(house)} lie with its signer`, 'Give the signer\'s file: the next ones go there too.')
  throw new BadSetting('--signer-keys', signerKeys, `is of no use: ${shown(house)} has its signing keys in its own file`, `Leave it out, or move them first: \`comity keys detach ${shown(house)} --to ${signerKeys}\`.`)
}

/** Moves the private halves for letters and tokens into a file of their own, for `comity signer`; this house's own file keeps the public ones. */
export function detachSigningKeys(folder: DataFolder, house: string, to: string): void {
  const file = keysToChange(folder, house)
  if (existsSync(to)) throw new BadSetting('--to', to, 'is there already', 'Name a file that is not there yet.')
  if (signingKeysLieElsewhere(file)) throw new BadSetting('house', shown(house), 'has its signing keys elsewhere already', 'Start `comity signer` with the file where they are.')
  writeSignerKeys(to, { house: file.house, keys: file.keys.filter(({ use }) => isSigning(use)) })
  writeKeysFile(keysFile(folder, house), { ...file, keys: file.keys.filter(({ use }) => !isSigning(use)) })
}

/** From now on this key makes nothing more; a house must have another of the same use. */
export async function revokeKey(folder: DataFolder, house: string, kid: string, now: Date): Promise<Listing> {
  const file = keysToChange(folder, house)
  const url = await listedUrl(folder, house, file)
  const key = file.publicKeys.find(each => each.kid === kid)
  if (!key) throw new BadSetting('key', kid, `is no key of ${shown(house)}`, `Choose among ${file.publicKeys.map(each => each.kid).join(', ')}.`)
  const left = file.publicKeys.filter(each => each.use === key.use && each.kid !== kid && !each.revokedAt && Date.parse(each.notAfter) > now.getTime())
  if (left.length === 0) throw new BadSetting('key', kid, `is the only key of its use that ${shown(house)} has`, `Lay in the next one first: \`comity keys rotate ${shown(house)}\`.`)
  const revoking = <Key extends PublicKey>(each: Key): Key => (each.kid === kid && !each.revokedAt ? { ...each, revokedAt: now.toISOString() } : each)
  const revoked: KeysFile = { ...file, keys: file.keys.map(revoking), publicKeys: file.publicKeys.map(revoking) }
  writeKeysFile(keysFile(folder, house), revoked)
  return listingOf(revoked, url)
}

function keysToChange(folder: DataFolder, house: string): KeysFile {
  if (existsSync(keysFile(folder, house))) return openedKeys(folder, house)
  throw new BadSetting('--data', folder.path, `has no keys of ${shown(house)}`, 'Name the data folder of that house.')
}

/** The address that the directory has for it. */
async function listedUrl(folder: DataFolder, house: string, file: KeysFile): Promise<string> {
  if (!isInitialised(folder)) throw new BadSetting('--data', folder.path, 'holds no directory', 'Lay the secretariat\'s directory.jws there first.')
  const { newest } = await KeptDirectory.open(directoryFiles(folder, house), file.rootKey, new Date())
  const url = house === HUB ? newest.hub.url : newest.authority(idOf(house))?.url
  if (url === undefined) throw new BadSetting('--data', folder.path, `has a directory that does not list ${shown(house)}`, 'Have the secretariat add it with `comity directory add`.')
  return url
}
