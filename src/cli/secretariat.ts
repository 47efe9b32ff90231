// What the secretariat does: it keeps the root key and signs directories, one after the other. In real operation the folder with the root key
// lies on no machine that runs a house.
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AuthorityRow } from '../domain/law/register'
import { Refusal } from '../refusal'
import { canonical, sha256Hex } from '../wire/canonical'
import { createRootKey, isListing, mergedKeys, readDirectory, signDirectory, type DirectoryAuthority, type DirectorySnapshot, type Listing, type RootKey } from '../wire/directory'
import { kidOf, readPrivateFile } from '../wire/keys'
import { directoryFile, HUB, rootFile, type DataFolder } from './data-folder'
import { makeFolder, writeAtomically } from './files'
import { BadSetting, broken, Unavailable } from './settings'

export type Houses = Pick<DirectorySnapshot, 'hub' | 'authorities'>

export const hasRootKey = (folder: DataFolder): boolean => existsSync(rootFile(folder))

/** Made where there is none yet. */
export async function rootKeyOf(folder: DataFolder): Promise<RootKey> {
  const file = rootFile(folder)
  if (existsSync(file)) return keptRootKey(folder)
  makeFolder(dirname(file))
  const root = await createRootKey()
  writeAtomically(file, JSON.stringify(root), 0o600)
  return root
}

export function keptRootKey(folder: DataFolder): RootKey {
  const file = rootFile(folder)
  if (!existsSync(file)) throw new BadSetting('--data', folder.path, 'holds no root key', 'Name the folder of the secretariat; `comity directory root` makes a new one.')
  try {
    const { publicJwk, privateJwk } = JSON.parse(readPrivateFile(file)) as Partial<RootKey>
    if (publicJwk && privateJwk) return { publicJwk, privateJwk }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw broken(thrown)
  }
  throw new Unavailable(`The key file ${file} is corrupted. Restore it from a copy; without it the directory cannot be signed anew.`)
}

/** The directory that was signed last, ended or not; null where there is none. */
export async function knownSnapshot(folder: DataFolder, root: RootKey): Promise<DirectorySnapshot | null> {
  const file = directoryFile(folder)
  if (!existsSync(file)) return null
  try {
    return (await readDirectory(readFileSync(file, 'utf8'), root.publicJwk)).snapshot
  } catch (thrown) {
    throw broken(thrown, `${file}: `)
  }
}

export interface Signing { root: RootKey; known: DirectorySnapshot | null; now: Date; expiresAt: Date }

/** Signs the next version and lays it into the folder. */
export async function signNext(folder: DataFolder, houses: Houses, { root, known, now, expiresAt }: Signing): Promise<DirectorySnapshot> {
  const snapshot: DirectorySnapshot = {
    version: (known?.version ?? 0) + 1, issuedAt: now.toISOString(), expiresAt: expiresAt.toISOString(), prev: known ? sha256Hex(canonical(known)) : null,
    hub: houses.hub, authorities: houses.authorities,
  }
  writeAtomically(directoryFile(folder), await signDirectory(root.privateJwk, snapshot))
  return snapshot
}

/** What the register says of an authority, beside what it says of itself. */
export function profileOf(country: string, authorities: readonly AuthorityRow[]): Omit<DirectoryAuthority, 'url' | 'keys'> {
  const row = authorities.find(each => each.country === country)
  const { id, code, name, competences, languages } = row ?? { id: `authority:${country}`, code: country, name: country, competences: [], languages: [] }
  return { id, code, country, name, competences, languages }
}

/** A house's own words, as `comity enroll` prints them. */
export function readListing(file: string): Listing {
  const bad = (what: string): BadSetting => new BadSetting('file', file, what, 'Give the file that `comity enroll` or `comity keys` printed.')
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (thrown) {
    throw bad(`cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'it is no JSON'})`)
  }
  if (!isListing(value)) throw bad('does not list a house')
  // Nobody can have the key of another house listed as its own under another name.
  if (value.keys.some(({ kid, use, jwk }) => kid !== kidOf(use, jwk))) throw bad('names a key that is not what its name says')
  return value
}

/** Without `expiresAt`: when the one before ends. */
export interface Times { now: Date; expiresAt?: Date }

/** The next directory with these houses added, or brought up to date. */
export async function addToDirectory(folder: DataFolder, listings: readonly Listing[], authorities: readonly AuthorityRow[], { now, expiresAt }: Times): Promise<DirectorySnapshot> {
  const root = keptRootKey(folder)
  const known = await knownSnapshot(folder, root)
  const merged = (id: string): Listing | undefined => {
    const before = [known?.hub, ...(known?.authorities ?? [])].find(each => each?.id === id)
    const offered = listings.filter(each => each.id === id)
    const last = offered.at(-1) ?? before
    return last && { id, url: last.url, keys: offered.reduce((keys, { keys: more }) => mergedKeys(keys, more, now), [...(before?.keys ?? [])]) }
  }
  const hub = merged(HUB)
  if (!hub) throw new BadSetting('file', '', 'of the hub is missing', 'The first directory needs what `comity enroll HUB` printed too.')
  const ids = [...new Set([...(known?.authorities ?? []).map(({ id }) => id), ...listings.map(({ id }) => id)])].filter(id => id !== HUB)
  const rows = ids.map((id): DirectoryAuthority => {
    const listing = merged(id)
    const before = known?.authorities.find(each => each.id === id)
    const row = authorities.find(each => each.id === id)
    if (!listing || (!before && !row)) throw new BadSetting('file', id, 'is no authority of the register', 'Enroll a state of the register; its authority is a row in authorities.json.')
    return { ...(before ?? profileOf(row?.country ?? '', authorities)), url: listing.url, keys: listing.keys }
  })
  return signNext(folder, { hub: { ...hub, id: HUB }, authorities: rows }, { root, known, now, expiresAt: expiresAt ?? new Date(known?.expiresAt ?? now) })
}

/** The same houses, good for longer. */
export async function renewDirectory(folder: DataFolder, times: Pick<Signing, 'now' | 'expiresAt'>): Promise<DirectorySnapshot> {
  const root = keptRootKey(folder)
  const known = await knownSnapshot(folder, root)
  if (!known) throw new BadSetting('--data', folder.path, 'holds no directory', 'Make the first one with `comity directory add FILE…`.')
  return signNext(folder, known, { root, known, ...times })
}

/** A listed house without one of its keys: the secretariat takes a key back where its owner cannot. */
export async function withoutKey(folder: DataFolder, id: string, kid: string, now: Date): Promise<Listing> {
  const known = await knownSnapshot(folder, keptRootKey(folder))
  const listed = [known?.hub, ...(known?.authorities ?? [])].find(each => each?.id === id)
  if (!listed) throw new BadSetting('house', id, 'is not in the directory', 'Name a house that the directory lists.')
  if (!listed.keys.some(key => key.kid === kid)) throw new BadSetting('key', kid, 'is no key that the directory lists for it', `Choose among ${listed.keys.map(key => key.kid).join(', ')}.`)
  return { id, url: listed.url, keys: listed.keys.map(key => (key.kid === kid ? { ...key, revokedAt: now.toISOString() } : key)) }
}
