// Starts houses in this process: the hub, or one authority's node, on its store, from the data folder. What only the other house needs is not loaded.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { houseSchema, printedSdl } from '../../resolvers/house-schema'
import type { DoorOptions } from '../door/door'
import { pageRoutes, type DemoIdentity } from '../door/pages'
import type { Register } from '../domain/law/register'
import { registerFiles } from '../register/load'
import { houseLines, type HouseLines } from '../wire/house-lines'
import { Upkeep } from './upkeep'
import { demandListedPort, folderOf, HUB, openHouse, portOf, writePid, type DataFolder, type OpenedHouse } from './data-folder'
import { REGISTER_FOLDER } from './seeds'
import { BadSetting, type Settings } from './settings'
import { openStore } from './stores'
import type { Store } from '../store/store'

export interface RunningHouse {
  name: string
  url: string
  /** Nothing has ever happened here. */
  unused: boolean
  close(): Promise<void>
}

export interface HouseStart {
  folder: DataFolder
  settings: Settings
  register: Register
  log: Logger
  /** Where the directory says the house is, unless said otherwise. */
  port?: number
  hubUrl?: string
  identities?: () => Promise<DemoIdentity[]>
  /** Opens the store of a house, unless it lies where the settings say. */
  store?: (place: Pick<HouseStart, 'folder' | 'settings'>, house: string) => Promise<Store>
}

const shared = ({ settings, log, register, port }: HouseStart, house: string) => ({
  host: settings.host, profile: settings.profile, register: () => register, registerFiles: registerFiles(REGISTER_FOLDER), log: log.child({ house }),
  ...(settings.profile === 'production' && { hosts: settings.hosts, origins: settings.origins }), ...(port && { port }),
  ...(settings.profile === 'trial' && process.env['COMITY_CRASH_AT'] && { crashAt: process.env['COMITY_CRASH_AT'] }),
})

/** Mutual TLS between houses in the production profile; without `lines` they talk over plain HTTP. */
async function linesOf({ settings, folder }: HouseStart, opened: OpenedHouse): Promise<HouseLines | undefined> {
  if (settings.profile !== 'production' || settings.insecureHouses) return undefined
  const certificate = await opened.keys.certificate()
  if (certificate) return houseLines(certificate, () => opened.kept.newest)
  throw new BadSetting('COMITY_PROFILE', 'production', `wants mutual TLS between houses, and a house in ${folder.path} has no key for it`, 'Run `comity init` there once more, which adds it, or say --insecure-houses.')
}

export async function runHub(start: HouseStart): Promise<RunningHouse> {
  const [{ startHub }, { readRemotely }] = await Promise.all([import('../hub/server.js'), import('../hub/remote-schema.js')])
  const { folder } = start
  const opened = await openHouse(folder, HUB, new Date())
  await opened.keys.demandSigner()
  const port = start.port ?? portOf(opened.directory.hub.url)
  const lines = await linesOf(start, opened)
  const store = await (start.store ?? openStore)(start, HUB)
  const schema = readRemotely(houseSchema())
  const hub = await startHub({
    ...shared(start, HUB), ...(lines && { lines }), port, store, schema, sdl: () => printedSdl(schema), keys: opened.keys, cursorKey: opened.cursorKey,
    directory: () => opened.kept.current(), directoryJws: () => opened.kept.jws, directoryVersion: () => opened.kept.version,
    routes: pages(start, true),
  }).catch(async thrown => {
    await store.close()
    throw thrown
  })
  const upkeep = new Upkeep(opened, lines, start.log)
  const unsay = writePid(folder, HUB, port, port === portOf(opened.directory.hub.url))
  return { name: HUB, url: hub.url, unused: true, close: () => closing(hub, upkeep).finally(unsay) }
}

export async function runNode(start: HouseStart, country: string): Promise<RunningHouse> {
  const { startNode } = await import('../node/server.js')
  const { folder } = start
  const opened = await openHouse(folder, country, new Date())
  await opened.keys.demandSigner()
  const id = `authority:${country}`
  const entry = opened.directory.authority(id)
  if (!entry) throw new BadSetting('--data', folder.path, `has a directory that does not name ${country}`, `Add it with \`comity init --authorities …,${country}\`.`)
  const port = start.port ?? portOf(entry.url)
  const lines = await linesOf(start, opened)
  const store = await (start.store ?? openStore)(start, country)
  const schema = houseSchema()
  const node = await startNode({
    ...shared(start, country), ...(lines && { lines }), id, port, store, schema, sdl: () => printedSdl(schema), keys: opened.keys, cursorKey: opened.cursorKey,
    directory: () => opened.kept.current(), directoryCopy: opened.kept, freshSignInMs: start.settings.freshSignInMs, hubUrl: start.hubUrl ?? opened.directory.hub.url, routes: pages(start, false),
  }).catch(async thrown => {
    await store.close()
    throw thrown
  })
  const upkeep = new Upkeep(opened, lines, start.log)
  const unsay = writePid(folder, country, port, port === portOf(entry.url))
  return { name: country, url: node.url, unused: node.docket.seq === 0, close: () => closing(node, upkeep).finally(unsay) }
}

async function closing(house: { close(): Promise<void> }, upkeep: Upkeep): Promise<void> {
  await upkeep.close()
  await house.close()
}

const pages = ({ identities }: HouseStart, desk: boolean): DoorOptions['routes'] => pageRoutes({ playground: true, desk, ...(identities && { identities }) })

/** A first process's port must be the one at which the directory says the house is. */
export function demandPort(settings: Settings, url: string, further: boolean): number {
  const listed = portOf(url)
  if (settings.port === null) return listed
  if (!further) demandListedPort(settings.port, listed)
  return settings.port
}

/** Whether another process of this house runs already. */
export function isRunning(folder: DataFolder, house: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folderOf(folder, house), 'pid'), 'utf8')), 0)
    return true
  } catch { return false }
}
