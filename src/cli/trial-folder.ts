// The data folder of a trial, where all houses and the root key lie together: made by one command, or brought up to date.
import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import type { AuthorityRow } from '../domain/law/register'
import { canonical } from '../wire/canonical'
import { mergedKeys, type DirectorySnapshot, type RootKey } from '../wire/directory'
import { createHouseKeys, writeKeysFile } from '../wire/keys'
import { demandListedPort, folderOf, HUB, idOf, keysFile, openedKeys, portOf, type DataFolder } from './data-folder'
import { makeFolder } from './files'
import { knownSnapshot, profileOf, rootKeyOf, signNext, type Houses } from './secretariat'
import { BadSetting, DEFAULT_PORT, HIGHEST_PORT } from './settings'

const DIRECTORY_YEARS = 10

interface Planned {
  host: string; port: number | null; countries: readonly string[]; authorities: readonly AuthorityRow[]; now: Date
  /** Asked before the first directory binds the houses to these ports. */
  demandFree?: (ports: readonly number[]) => Promise<void>
}

/** Makes, or brings up to date, keys and the signed directory: a house that is there keeps its keys and its port, new ones are added. */
export async function prepare(folder: DataFolder, planned: Planned): Promise<void> {
  const { now } = planned
  makeFolder(folder.path)
  const root = await rootKeyOf(folder)
  const known = await knownSnapshot(folder, root)
  const ports = portsOf(planned, known)
  if (!known) await planned.demandFree?.([...ports.values()])
  for (const house of [HUB, ...planned.countries]) await ensureKeys(folder, house, root, now)
  const houses = housesOf(folder, planned, ports, known)
  if (known && sameContent(known, houses) && Date.parse(known.expiresAt) > now.getTime()) return
  const expiresAt = new Date(now)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + DIRECTORY_YEARS)
  await signNext(folder, houses, { root, known, now, expiresAt })
}

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
  const missing = made.keys.filter(key => !file.publicKeys.some(known => known.use === key.use))
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

function housesOf(folder: DataFolder, { host, authorities, now }: Planned, ports: ReadonlyMap<string, number>, known: DirectorySnapshot | null): Houses {
  const listed = (house: string) => (house === HUB ? known?.hub : known?.authorities.find(({ country }) => country === house))?.keys ?? []
  const placed = (house: string) => ({ url: `http://${host}:${ports.get(house)}`, keys: mergedKeys(listed(house), openedKeys(folder, house).publicKeys, now) })
  return {
    hub: { id: HUB, ...placed(HUB) },
    authorities: [...ports.keys()].filter(house => house !== HUB).map(country => ({ ...profileOf(country, authorities), ...placed(country) })),
  }
}

/** The same but for version, times and the link to the one before. */
function sameContent(one: Houses, other: Houses): boolean {
  const content = ({ hub, authorities }: Houses) => canonical(JSON.parse(JSON.stringify({ hub, authorities })))
  return content(one) === content(other)
}
