// Everything in one process for a trial: the hub and some authorities, each with its own store, port and keys, over real sockets.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { loadRegister } from '../register/load'
import type { Role } from '../domain/vocabulary'
import type { DemoIdentity } from '../door/pages'
import { dataFolder, HUB, type DataFolder } from './data-folder'
import { runHub, runNode, type HouseStart, type RunningHouse } from './houses'
import { houseLog } from './log'
import { playDemo } from './demo'
import { REGISTER_FOLDER } from './seeds'
import { Unavailable, type Settings } from './settings'
import { makeStore } from './stores'
import { prepare } from './trial-folder'
import { tokenOf } from './token'

export interface RunningAll { houses: RunningHouse[]; close(): Promise<void> }

export async function init(settings: Settings, demandFree?: (ports: readonly number[]) => Promise<void>): Promise<DataFolder> {
  const folder = dataFolder(settings.data)
  const register = loadRegister(REGISTER_FOLDER)
  await prepare(folder, { host: settings.host, port: settings.port, countries: settings.authorities, authorities: register.authorities, now: new Date(), ...(demandFree && { demandFree }) })
  if (!settings.mongodb) for (const house of [HUB, ...settings.authorities]) await makeStore(folder, house)
  return folder
}

export async function up(settings: Settings, say: (line: string) => void): Promise<RunningAll> {
  const folder = await init(settings, ports => demandFree(settings.host, ports))
  const log = houseLog(settings.log)
  const register = loadRegister(REGISTER_FOLDER)
  const start: HouseStart = { folder, settings, register, log, ...(isLoopback(settings.host) && { identities: () => demoIdentities(folder, settings.authorities) }) }
  const houses: RunningHouse[] = []
  // The hub first: what it has begun still needs the nodes.
  const close = async () => {
    const [hub, ...nodes] = houses
    await hub?.close()
    await Promise.all(nodes.map(node => node.close()))
  }
  try {
    houses.push(await runHub(start))
    houses.push(...(await Promise.all(settings.authorities.map(country => runNode(start, country)))))
    if (settings.demo && houses.every(house => house.unused)) await playDemo(folder, settings.authorities, houses[0]?.url ?? '', say)
  } catch (thrown) {
    await close()
    throw thrown
  }
  for (const line of table(houses, settings)) say(line)
  return { houses, close }
}

/** A port that is taken now would be in the directory for good. */
async function demandFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const server = createServer().listen(port, host)
    const taken = await once(server, 'listening').then(() => null, ({ code }: NodeJS.ErrnoException) => code)
    if (taken) throw new Unavailable(`--port: ${host}:${port} cannot be listened on (${taken}); the houses would be at ${ports.join(', ')}. Stop who listens there, or choose another --port.`)
    await new Promise(resolve => server.close(resolve))
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host.startsWith('127.') || host === '::1'

function table(houses: readonly RunningHouse[], settings: Settings): string[] {
  const [hub] = houses
  const base = hub?.url.replace(/\/graphql$/, '') ?? ''
  const data = settings.data === '.comity' ? '' : ` --data ${settings.data}`
  return [
    '',
    ...houses.map(house => `  ${house.name.padEnd(4)} ${house.url}`),
    '',
    `  playground  ${base}/playground      desk  ${base}/desk`,
    `  a token     npx comity token DE OFFICIAL${data}`,
    '',
  ]
}

const DEMO: readonly { country: string; role: Role; subject: string; label: string }[] = [
  { country: 'DE', role: 'OFFICIAL', subject: 'anna', label: 'Germany: official (anna)' },
  { country: 'DE', role: 'VALIDATOR', subject: 'vera', label: 'Germany: validator (vera)' },
  { country: 'FR', role: 'LIAISON', subject: 'nuit', label: 'France: desk on duty (nuit)' },
  { country: 'FR', role: 'OFFICIAL', subject: 'luc', label: 'France: official (luc)' },
  { country: 'BR', role: 'OFFICIAL', subject: 'bia', label: 'Brazil: official (bia)' },
]

/** Tokens for the playground; only on loopback, only under `up`. */
export async function demoIdentities(folder: DataFolder, countries: readonly string[]): Promise<DemoIdentity[]> {
  const known = DEMO.filter(({ country }) => countries.includes(country))
  const issued = await Promise.all(known.map(async ({ country, role, subject, label }) => ({ label, role, authority: country, token: await tokenOf(folder, country, role, subject, 8 * 3_600) })))
  return [...issued, { label: 'Public (no token)', role: 'PUBLIC', authority: null, token: null }]
}
