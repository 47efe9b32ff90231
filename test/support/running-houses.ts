// The hub and some authorities in this process, as `comity up` starts them: real sockets, embedded stores, keys and directory in a folder
// of their own. What they log is kept, so that a test can look for what must not stand there.
import 'reflect-metadata'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFolder, HUB, openHouse, type DataFolder } from '../../src/cli/data-folder'
import { prepare } from '../../src/cli/trial-folder'
import { houseLog } from '../../src/cli/log'
import { runHub, runNode, type HouseStart, type RunningHouse } from '../../src/cli/houses'
import { settings as settingsOf, type Settings } from '../../src/cli/settings'
import { tokenOf } from '../../src/cli/token'
import type { Role } from '../../src/domain/vocabulary'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import type { Register } from '../../src/domain/law/register'
import { loadRegister } from '../../src/register/load'
import { Desk } from './desk'
import { freePorts } from './ports'

export interface HousesPlan { countries?: readonly string[]; production?: { origins?: readonly string[] }; /** Settings by environment. */ env?: NodeJS.ProcessEnv; /** Without it, the package's. */ law?: Register; /** Opens the store of a house; without it, an embedded one. */ store?: HouseStart['store']; /** Where nodes find the hub in place of its own address. */ between?: (hub: string) => Promise<string> }

export interface RunningHouses {
  folder: DataFolder
  settings: Settings
  /** Base URLs without a path: of the hub, and of one authority's node. */
  hub: string
  node(country: string): string
  token(country: string, role: Role, subject?: string, ttlSeconds?: number): Promise<string>
  /** Somebody with a token, at the hub or at an authority's node. */
  desk(country: string, role: Role, subject?: string, at?: string): Promise<Desk>
  public(at?: string): Desk
  /** Lines that the houses logged so far. */
  logged: string[]
  /** Ends one authority's node, or the hub; the others go on. */
  stop(house: string): Promise<void>
  start(house: string): Promise<void>
  close(): Promise<void>
}

export async function runHouses({ countries = ['DE', 'FR', 'BR'], production, env = {}, law = loadRegister(REGISTER_FOLDER), store, between }: HousesPlan = {}): Promise<RunningHouses> {
  const path = mkdtempSync(join(tmpdir(), 'comity-houses-'))
  const port = await freePorts(countries.length + 1)
  const folder = dataFolder(path)
  const hosts = Array.from({ length: countries.length + 1 }, (_, i) => `127.0.0.1:${port + i}`)
  const profile = production ? { COMITY_PROFILE: 'production', COMITY_HOSTS: hosts.join(), COMITY_ORIGINS: (production.origins ?? []).join() } : {}
  const settings = settingsOf({ data: path, port: String(port), authorities: countries.join() }, { ...profile, ...env })
  await prepare(folder, { host: '127.0.0.1', port, countries, authorities: law.authorities, now: new Date() })
  const logged: string[] = []
  const log = houseLog('info', line => void logged.push(line))
  const running = new Map<string, RunningHouse>()
  const hubUrl = await between?.(`http://127.0.0.1:${port}`)
  const start = async (house: string): Promise<void> => {
    const plan = { folder, settings, register: law, log, ...(store && { store }) }
    running.set(house, await (house === HUB ? runHub(plan) : runNode({ ...plan, ...(hubUrl !== undefined && { hubUrl }) }, house)))
  }
  const stop = async (house: string): Promise<void> => {
    await running.get(house)?.close()
    running.delete(house)
  }
  await start(HUB)
  await Promise.all(countries.map(start))
  const desks: Desk[] = []
  const seat = (house: string, token: string | null): Desk => {
    const desk = new Desk(`http://127.0.0.1:${house === HUB ? port : port + 1 + countries.indexOf(house)}/graphql`, token)
    desks.push(desk)
    return desk
  }
  const token = (country: string, role: Role, subject = role.toLowerCase(), ttlSeconds = 3_600): Promise<string> => tokenOf(folder, country, role, subject, ttlSeconds)
  return {
    folder, settings, logged, start, stop, token,
    hub: `http://127.0.0.1:${port}`,
    node: country => `http://127.0.0.1:${port + 1 + countries.indexOf(country)}`,
    desk: async (country, role, subject, at = HUB) => seat(at, await token(country, role, subject)),
    public: (at = HUB) => seat(at, null),
    close: async () => {
      for (const desk of desks) desk.close()
      await Promise.all([...running.keys()].map(stop))
      rmSync(path, { recursive: true, force: true })
    },
  }
}

/** The key file of a house: what a thief of its keys would have. */
export const keysOf = async ({ folder }: RunningHouses, house: string): Promise<Awaited<ReturnType<typeof openHouse>>> => openHouse(folder, house, new Date())
