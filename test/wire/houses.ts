// Two authorities, a stranger and the hub with real keys, one signed directory; nothing but what the wire itself makes.
import { createRootKey, openDirectory, signDirectory, type Directory, type DirectoryAuthority, type DirectorySnapshot, type RootKey } from '../../src/wire/directory'
import { openHouseKeys, type HouseKeys } from '../../src/wire/house-keys'
import { createHouseKeys, type KeysFile, type PublicKey } from '../../src/wire/keys'

export const NOW = new Date('2026-11-24T09:00:00.000Z')
export const [DE, FR, BR] = ['authority:DE', 'authority:FR', 'authority:BR'] as const
export type House = typeof DE | typeof FR | typeof BR | 'hub'
export const HOUSES: readonly House[] = [DE, FR, BR, 'hub']

export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000)

export interface World {
  root: RootKey; snapshot: DirectorySnapshot; directory: Directory
  files: Record<House, KeysFile>; keys: Record<House, HouseKeys>
}

export async function keysFileOf(house: string, root: RootKey, now = NOW): Promise<KeysFile> {
  return { ...(await createHouseKeys(house, now)), rootKey: root.publicJwk, cursorKey: Buffer.alloc(32, 7).toString('base64url') }
}

export const authorityRow = (id: string, keys: PublicKey[]): DirectoryAuthority => {
  const code = id.slice(-2)
  return { id, code, country: code, name: `Central authority of ${code}`, competences: ['EVIDENCE'], languages: ['en'], url: 'http://127.0.0.1:4001', keys }
}

export function snapshotOf(files: Record<House, KeysFile>): DirectorySnapshot {
  return {
    version: 3, issuedAt: NOW.toISOString(), expiresAt: later(86_400).toISOString(), prev: null,
    hub: { id: 'hub', url: 'http://127.0.0.1:4000', keys: files.hub.publicKeys },
    authorities: [DE, FR, BR].map(id => authorityRow(id, files[id].publicKeys)),
  }
}

/** The same houses under another directory: a copy that the caller may change before it is signed. */
export async function redirect({ root, snapshot }: World, change: (snapshot: DirectorySnapshot) => void): Promise<Directory> {
  const copy = structuredClone(snapshot)
  change(copy)
  return openDirectory(await signDirectory(root.privateJwk, copy), root.publicJwk, { now: NOW })
}

export async function world(): Promise<World> {
  const root = await createRootKey()
  const made = await Promise.all(HOUSES.map(async house => [house, await keysFileOf(house, root)] as const))
  const files = Object.fromEntries(made) as Record<House, KeysFile>
  const opened = await Promise.all(made.map(async ([house, file]) => [house, await openHouseKeys(file, { now: () => NOW })] as const))
  const snapshot = snapshotOf(files)
  const directory = await openDirectory(await signDirectory(root.privateJwk, snapshot), root.publicJwk, { now: NOW })
  return { root, snapshot, directory, files, keys: Object.fromEntries(opened) as Record<House, HouseKeys> }
}
