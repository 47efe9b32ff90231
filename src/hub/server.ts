// The only wiring of the hub: mailboxes, exchange, fan-out, relay and door. It holds no key that opens a letter.
import { setMaxListeners } from 'node:events'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import { dayOf } from '../domain/calendar-days'
import type { Register } from '../domain/law/register'
import { PUBLIC_VIEWER } from '../domain/viewer'
import { bearerOf } from '../door/bearer'
import { openDoor, type DoorOptions, type Identity } from '../door/door'
import { Proof } from '../door/standing'
import type { HouseLines } from '../wire/house-lines'
import { Heartbeats } from '../live/heartbeats'
import { isReady } from '../peer/outcome'
import { Editions } from '../register/editions'
import type { RegisterFiles } from '../register/load'
import type { Store } from '../store/store'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/house-keys'
import { openEdition } from '../wire/register-edition'
import { CursorSealer } from '../wire/seal-cursor'
import { unauthenticated, verifyNodeToken } from '../wire/tokens'
import { orKeyLost } from '../access/lost-keys'
import { SignIn, viewerOf } from '../access/sign-in'
import { withdrawalRoute } from '../access/withdrawal-route'
import { Withdrawals } from '../access/withdrawals'
import { crashPoint } from '../peer/crash-point'
import { Exchange } from './exchange'
import { exchangeRoutes } from './exchange-door'
import { HouseCheckpoints } from './house-checkpoints'
import { HubHouse } from './house'
import { Houses } from './houses'
import { RegisterPublication } from './publication'
import { registerRoute } from './register-door'
import { Relay } from './relay'
import { ShortRows } from './short-rows'
import { isJudgedAtHome, Standing } from './standing'

export interface HubConfig {
  host: string
  port: number
  profile: DoorOptions['profile']
  hosts?: string[]
  origins?: string[]
  /** Mutual TLS between houses; without it, plain HTTP. */
  lines?: HouseLines
  store: Store
  keys: HouseKeys
  cursorKey: Uint8Array
  /** The directory that holds now; throws a Refusal once it has ended. */
  directory: () => Directory
  directoryJws: () => string
  directoryVersion: () => number
  /** What came with the package; editions that were published since go before it. */
  register: () => Register
  registerFiles: RegisterFiles
  schema: GraphQLSchema
  sdl: () => string
  routes: DoorOptions['routes']
  log: Logger
  now?: () => Date
  crashAt?: string
}

export interface RunningHub { url: string; house: HubHouse; relay: Relay; close(): Promise<void> }

export async function startHub(config: HubConfig): Promise<RunningHub> {
  const { store, directory, keys, log } = config
  const now = config.now ?? (() => new Date())
  const houses = new Houses(authority => directory().authority(authority)?.url ?? null, authority => ({ ...(config.lines && { tls: config.lines.to(authority) }) }))
  const relay = new Relay(houses, err => log.error({ err }, 'a fault on an upstream'))
  const heartbeats = new Heartbeats({
    houses: () => directory().authorities.map(({ id }) => id), now, faulty: err => log.error({ err }, 'a fault at a heartbeat'),
    reach: async (authority, signal) => isReady(await houses.plain(authority, '/health/ready', null, signal)),
  })
  const editions = new Editions(config.register(), config.registerFiles, store.documents('register'), jws => openEdition(jws, directory()))
  await editions.refresh()
  const publication = new RegisterPublication({ editions, signer: keys.signer, now })
  const house = new HubHouse({
    directory, register: () => editions.on(dayOf(now())), editions, publication, now, houses, relay, heartbeats, sealer: new CursorSealer(config.cursorKey), schema: config.schema,
  })
  const withdrawals = new Withdrawals(store, 'hub', directory, now)
  const standing = new Standing(houses, withdrawals)
  const stopping = new AbortController()
  // Each open mailbox listens to the end.
  setMaxListeners(0, stopping.signal)
  const exchange = new Exchange({ store, directory, signer: keys.signer, now, log, crash: crashPoint(config.crashAt) })
  const recognise = recogniseAtHub(new SignIn(directory, now), standing)
  const identify = async (authorization: string | undefined): Promise<Identity> => {
    const { proof, ...identity } = await recognise(authorization)
    await proof?.demand()
    return identity
  }
  const onFault = (err: unknown, requestId: string): void => log.error({ err, requestId }, 'a fault at the exchange')
  const checkpoints = new HouseCheckpoints({ store, directory, signer: keys.signer, now, log })
  const door = await openDoor({
    host: config.host, port: config.port, profile: config.profile, schema: config.schema, sdl: config.sdl, log, identify, recognise, isJudgedAtHome, withdrawn: orKeyLost(viewers => standing.withdrawn(viewers), directory, now),
    ...(config.hosts && { hosts: config.hosts }), ...(config.origins && { origins: config.origins }),
    ...(config.lines && { tls: config.lines.from(house => house !== 'hub') }),
    context: (identity, meta) => ({ house, shared: new Map(), ...identity, ...meta }), shortcut: new ShortRows(config.schema),
    routes: [...exchangeRoutes({
      exchange, checkpoints, authorityOf: token => verifyNodeToken(token, { directory: directory(), now: now(), audience: 'hub' }), directoryAfter: version => (config.directoryVersion() > version ? config.directoryJws() : null), editionAfter: async version => { await editions.refresh(); return editions.next(version) }, stopping: stopping.signal, now,
      onFault,
    }), registerRoute({ identify, publication, onFault }), withdrawalRoute(withdrawals, log), ...config.routes],
    ready: () => Promise.resolve().then(directory).then(() => store.ping()).then(() => true, () => false), upstreams: () => relay.upstreams,
  })
  const beating = heartbeats.run(stopping.signal)
  return {
    url: door.url, house, relay,
    close: async () => {
      stopping.abort()
      await door.close()
      relay.close()
      heartbeats.close()
      await beating
      await houses.close()
      await store.close()
    },
  }
}

/** Tokens of any authority in the directory, and of the hub itself for its own roles; as long as their right stands. */
function recogniseAtHub(signIn: SignIn, standing: Standing): (authorization: string | undefined) => Promise<Identity> {
  return async authorization => {
    const bearer = bearerOf(authorization)
    if (bearer === null) return { viewer: PUBLIC_VIEWER, bearer: null }
    const viewer = viewerOf(await signIn.claims(bearer))
    const proof = new Proof(async () => { if ((await standing.withdrawn([viewer])).size > 0) throw unauthenticated() })
    return { viewer, bearer, proof }
  }
}
