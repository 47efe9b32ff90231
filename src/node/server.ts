// The only wiring of a node: store, ledger, writer, docket, courier, collector, clock and door of one authority's house.
import { setMaxListeners } from 'node:events'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import { dayOf } from '../domain/calendar-days'
import type { Context } from '../../resolvers/context'
import type { Register } from '../domain/law/register'
import { orKeyLost } from '../access/lost-keys'
import { SignIn } from '../access/sign-in'
import { withdrawalRoute } from '../access/withdrawal-route'
import { Withdrawals } from '../access/withdrawals'
import type { Viewer } from '../domain/viewer'
import { openDoor, type Door, type DoorOptions } from '../door/door'
import { Ledger } from '../ledger/ledger'
import { Heartbeats } from '../live/heartbeats'
import { HousePeer } from '../peer/client'
import { calendars } from '../register/calendar'
import { Editions } from '../register/editions'
import type { RegisterFiles } from '../register/load'
import { waitOr } from '../peer/retry'
import { fault } from '../refusal'
import { scopedToHouse, type Store } from '../store/store'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/house-keys'
import type { HouseLines } from '../wire/house-lines'
import { openEdition } from '../wire/register-edition'
import { CursorSealer } from '../wire/seal-cursor'
import { issueAssertion } from '../wire/tokens'
import { AccessCheckpoints } from './access-checkpoints'
import { AccessLog } from './access-log'
import { Arrivals } from './arrivals'
import { Checkpoints } from './checkpoints'
import { Clock } from './clock'
import { Collector } from './collector'
import { ContactPoints } from './contact-points'
import { Contents, type ContentDocument } from './contents'
import { Courier } from './courier'
import { crashPoint } from '../peer/crash-point'
import { FollowedDirectory, type DirectoryCopy } from './directory-copy'
import { DeskFeed } from './desk-feed'
import { NodeDocket } from './docket'
import { digestOf, type EntryBody } from './entry'
import { HandOvers } from './hand-overs'
import { NodeHouse, type NodeParts } from './house'
import { BODY_AT_MOST, houseRoutes } from './house-door'
import { identifyAtNode, withdrawnAtNode } from './identity'
import { nodeLaw } from './law'
import { LiveDesks } from './live'
import { Outbox } from './outbox'
import { PartnerLines } from './partner-lines'
import { HistoryTree } from './history-tree'
import { HubWitness } from './hub-witness'
import { PartnerWitness } from './partner-witness'
import { followRegister } from './register-copy'
import { NodeRequests } from './requests'
import { Soundness } from './soundness'
import { Writer } from './writer'

export interface NodeConfig {
  /** Authority id. */
  id: string
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
  directoryCopy: DirectoryCopy
  /** What came with the package; editions that were published since go before it. */
  register: () => Register
  registerFiles: RegisterFiles
  hubUrl: string
  schema: GraphQLSchema
  sdl: () => string
  routes: DoorOptions['routes']
  log: Logger
  now?: () => Date
  /** Sending and deciding need a sign-in that is no older; null: any that is good. */
  freshSignInMs?: number | null
  crashAt?: string
}

export interface RunningNode {
  url: string
  house: NodeHouse
  docket: NodeDocket
  clock: Clock
  close(): Promise<void>
}

const ASSERTION_SECONDS = 60
const DRAIN_MS = 5_000

export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const { id, store, directory, keys, log } = config
  const now = config.now ?? (() => new Date())
  const instant = () => now().toISOString()
  const crash = crashPoint(config.crashAt)
  const contents = new Contents(store.documents<ContentDocument>('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, contents, id)
  await docket.open()
  const soundness = new Soundness(now, log)
  const writer = new Writer(ledger, docket, contents, instant, crash, () => soundness.demand())
  const editions = new Editions(config.register(), config.registerFiles, store.documents('register'), jws => openEdition(jws, directory()))
  await editions.refresh()
  const register = (): Register => editions.on(dayOf(now()))
  const law = nodeLaw({ register, calendarOf: calendars(), countryOf: authority => directory().authority(authority)?.country ?? fault(`the directory does not name ${authority}`) })
  const sealer = new CursorSealer(config.cursorKey)
  const feed = new DeskFeed(ledger, docket, sealer, id)
  const requests = new NodeRequests(store, ledger, contents, feed, id, instant)
  const peerOf = (house: string, url: string): HousePeer => new HousePeer(url, { ...(config.lines && { tls: config.lines.to(house) }) })
  const current = () => (store.exclusive ? Promise.resolve() : writer.current())
  const live = new LiveDesks(feed, current, err => log.error({ err }, 'a fault on a feed'))
  const partners = new PartnerLines(directory, peerOf)
  const reach: NodeParts['reach'] = (authority, signal) => partners.reach(authority, signal)
  const access = await AccessLog.open(store, contents, instant)
  const heartbeats = new Heartbeats({ houses: () => directory().authorities.map(each => each.id).filter(each => each !== id), reach, now, faulty: err => log.error({ err }, 'a fault at a heartbeat') })
  const house = new NodeHouse({
    own: id, directory, register, editions, now, law, writer, docket, contents, requests, feed, live, contacts: new ContactPoints(docket, contents), handOvers: new HandOvers(docket, contents), sealer, access, arrivals: new Arrivals(ledger, () => writer.current()), freshSignInMs: config.freshSignInMs ?? null,
    current,
    heartbeats, reach,
    demandSigner: () => keys.demandSigner(),
    assertion: (viewer: Viewer, audience: string) => issueAssertion({ keys, issuer: id, audience, subject: viewer.subject ?? '', role: viewer.role, ttlSeconds: ASSERTION_SECONDS, now: now() }),
  })

  const hub = peerOf('hub', config.hubUrl)
  // The directory proves itself: it must come through even where the hub shows a certificate that only the next directory lists.
  const carrier = new HousePeer(config.hubUrl, { connections: 1, ...(config.lines && { tls: { ...config.lines.to('hub'), isPeer: () => true } }) })
  const followed = new FollowedDirectory({ copy: config.directoryCopy, hub: carrier, log })
  const outbox = new Outbox(store)
  const parts = { own: id, store, ledger, contents, outbox, directory, hub, now, log, crash }
  const tree = new HistoryTree(store, ledger)
  const checkpoints = new Checkpoints({ ...parts, tree, signer: keys.signer, soundness, witness: new HubWitness({ ...parts, tree, keys, soundness }) })
  await checkpoints.open()
  const witness = new PartnerWitness({ ...parts, tree, newest: () => checkpoints.newest })
  const collector = new Collector({ ...parts, witness, writer, law, keys })
  const courier = new Courier({ ...parts, witness, signer: keys.signer, readable: () => docket.seq, takeReceipt: jws => collector.takeReceipt(jws) })
  const accessCheckpoints = new AccessCheckpoints({ own: id, store, ledger: access.ledger, signer: keys.signer, now, log })
  const clock = new Clock({ store, scope: scopedToHouse(id), writer, law, now, log })

  const door = await nodeDoor(config, { house, feed, soundness, current, now })

  const over = new AbortController()
  const work = running(over.signal, log, [courier, collector, clock, checkpoints, accessCheckpoints, heartbeats, { run: signal => followRegister({ editions, hub, log, wait: waitOr }, signal) }, { run: signal => followed.run(waitOr, signal) }])
  return {
    url: door.url, house, docket, clock,
    close: async () => {
      over.abort()
      await door.close()
      live.close()
      heartbeats.close()
      await Promise.race([work, new Promise(resolve => setTimeout(resolve, DRAIN_MS).unref())])
      await writer.idle()
      await checkpoints.close().catch((err: unknown) => log.warn({ err }, 'the end of the ledger could not be signed'))
      await accessCheckpoints.sign().catch((err: unknown) => log.warn({ err }, 'the end of the access log could not be signed'))
      await docket.settle().catch((err: unknown) => log.warn({ err }, 'how far the docket is folded could not be kept'))
      await Promise.all([hub.close(), carrier.close(), partners.close()])
      await store.close()
    },
  }
}

/** Everything that a node does by itself, until it ends. */
async function running(over: AbortSignal, log: Logger, loops: readonly { run(over: AbortSignal): Promise<unknown> }[]): Promise<void> {
  // Each loop listens to the end, and each of its waits does.
  setMaxListeners(0, over)
  await Promise.all(loops.map(loop => loop.run(over).catch((err: unknown) => log.error({ err }, 'a loop of the node ended'))))
}

interface Rooms { house: NodeHouse; feed: DeskFeed; soundness: Soundness; current: () => Promise<void>; now: () => Date }

async function nodeDoor(config: NodeConfig, { house, feed, soundness, current, now }: Rooms): Promise<Door> {
  const { id, store, directory, schema, log } = config
  const withdrawals = new Withdrawals(store, id, directory, now)
  const withdrawn = orKeyLost(withdrawnAtNode(id, withdrawals), directory, now)
  const identify = identifyAtNode({ own: id, directory, now, signIn: new SignIn(directory, now), withdrawals })
  const { routes, onTrunk } = houseRoutes({ house, feed, schema, identify, withdrawals, own: id, current, log, now })
  return openDoor({
    host: config.host, port: config.port, profile: config.profile, schema, sdl: config.sdl, log, identify, withdrawn, trunk: { answer: onTrunk, questionAtMost: BODY_AT_MOST },
    ...(config.hosts && { hosts: config.hosts }), ...(config.origins && { origins: config.origins }),
    ...(config.lines && { tls: config.lines.from(from => from === 'hub') }),
    context: (identity, meta) => ({ house, shared: new Map(), ...identity, ...meta }), beforeAnswer: context => house.onRecord(context as Context),
    routes: [...routes, withdrawalRoute(withdrawals, log), ...config.routes],
    ready: () => Promise.resolve().then(directory).then(() => store.ping()).then(() => soundness.holds, () => false),
  })
}
