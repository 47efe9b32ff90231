// The one way into a house: HTTP, WebSocket and SSE on one port, behind the same identity, limits and masking.
import { setMaxListeners } from 'node:events'
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { X509Certificate } from 'node:crypto'
import { setImmediate as afterReading, setTimeout as pause } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import helmet from 'helmet'
import type { Logger } from 'pino'
import { TRUNK_PATH } from '../peer/trunk-frames'
import { fault, Refusal } from '../refusal'
import { Buckets } from './buckets'
import { Engine, type CallMeta, type Identity, type OperationMeta, type Shortcut } from './engine'
import { GraphqlHttp } from './graphql-http'
import { HouseSockets } from './house-sockets'
import { Measures } from './measures'
import { demandNoSecret } from './params'
import { sendJson, sendRefusal } from './plain'
import type { Route } from './route'
import { EventStreams } from './sse'
import { StandingWatch, type Withdrawn } from './standing'
import { addressOf, Admission, streamsOfAddresses, streamsOfTokens } from './streams'
import { unwrapTls } from './tls-front'
import { Trunks, type AnswerOnTrunk } from './trunks'
import { Sockets } from './websocket'

export type { Identity, OperationMeta } from './engine'

export interface DoorOptions {
  host: string
  port: number
  profile: 'trial' | 'production'
  /** `host:port` values that are answered in production; others get 421. */
  hosts?: string[]
  /** Origins that may ask in production; others get 403. */
  origins?: string[]
  /** Mutual TLS between houses, on the same port as plain HTTP. */
  tls?: DoorTls
  schema: GraphQLSchema
  sdl: () => string
  identify(authorization: string | undefined): Promise<Identity>
  /** The same, but for whether the right still stands: asked with a proof, for calls of one operation. */
  recognise?(authorization: string | undefined): Promise<Identity>
  /** Whether an operation does nothing before the caller's own house has judged its token. */
  isJudgedAtHome?(operation: OperationDefinitionNode): boolean
  /** Asked again and again about those who stay connected, and at each operation on a socket. */
  withdrawn: Withdrawn
  context(identity: Identity, meta: OperationMeta): object
  /** Awaited with an operation's context before its answer leaves; where it throws, that is the answer. */
  beforeAnswer?(context: object): Promise<void>
  /** Runs some operations for less. */
  shortcut?: Shortcut
  routes: Route[]
  /** Of a node: reads of hubs, many on one connection. */
  trunk?: { answer: AnswerOnTrunk; questionAtMost: number }
  ready(): Promise<boolean>
  /** Of a hub: feeds open from nodes. */
  upstreams?: () => number
  log: Logger
}

export interface DoorTls {
  /** What this house shows now, PEM both. */
  shown(): { cert: string; key: string }
  /** The house whose certificate this is; null where none may come in with it. */
  houseOf(certificate: X509Certificate): string | null
}

/** `url` is the GraphQL endpoint. */
export interface Door { url: string; port: number; close(): Promise<void> }

/** One for all: an error of its own for each call that ends would cost a trace each. */
const ENDED = 'the call has ended'
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 15_000
/** For a refused caller to close the line itself. */
const LINGER_MS = 2_000
const HEADERS_AT_MOST = 64 * 1024
const DRAIN_MS = 5_000
const LOOK_MS = 50
const LOOKS_AT_MOST = 20

export async function openDoor(options: DoorOptions): Promise<Door> {
  const house = new OpenDoor(options)
  await house.listen()
  return { url: house.url, port: options.port, close: () => house.close() }
}

class OpenDoor {
  readonly #server: Server
  readonly #http: GraphqlHttp
  readonly #streams: EventStreams
  readonly #sockets: Sockets
  readonly #buckets = new Buckets()
  readonly #addresses = streamsOfAddresses()
  readonly #admission = new Admission()
  readonly #measures: Measures
  readonly #standing: StandingWatch
  readonly #houses: HouseSockets | null
  readonly #trunks: Trunks | null
  readonly #headers: ReturnType<typeof helmet>
  readonly #over = new AbortController()
  /** Calls that came so far. */
  #came = 0
  /** Answers under way. */
  readonly #answers = new Set<ServerResponse>()

  constructor(private readonly options: DoorOptions) {
    // Each call to a route listens to the end.
    setMaxListeners(0, this.#over.signal)
    const engine = new Engine(options.schema, options.profile === 'production', options.context, options.log, options.beforeAnswer, options.shortcut)
    this.#http = new GraphqlHttp(engine, options.isJudgedAtHome)
    const tokens = streamsOfTokens()
    this.#streams = new EventStreams(engine, tokens)
    this.#sockets = new Sockets({ engine, identify: options.identify, withdrawn: options.withdrawn, buckets: this.#buckets, tokens })
    this.#standing = new StandingWatch(options.withdrawn, [this.#sockets, this.#streams], options.log)
    const { upstreams, trunk } = options
    this.#trunks = trunk ? new Trunks(trunk.answer, trunk.questionAtMost, () => this.#trunkCall()) : null
    this.#measures = new Measures({ sockets: () => this.#sockets.open, streams: () => this.#streams.open, ...(upstreams && { upstreams }), ...(trunk && { trunks: () => this.#trunks?.open ?? 0 }) })
    this.#headers = helmet({ contentSecurityPolicy: { useDefaults: false, directives: CSP }, strictTransportSecurity: options.profile === 'production', crossOriginEmbedderPolicy: false })
    this.#server = createServer({ headersTimeout: HEADERS_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS, maxHeaderSize: HEADERS_AT_MOST, keepAliveTimeout: 10_000, connectionsCheckingInterval: 2_000 }, (req, res) => void this.#answer(req, res))
    this.#houses = options.tls ? new HouseSockets(certificate => options.tls?.houseOf(certificate) ?? null) : null
    if (options.tls) unwrapTls(this.#server, options.tls.shown)
    this.#server.on('upgrade', (req, socket, head) => void this.#upgrade(req, socket, head))
    this.#server.on('clientError', (error, socket) => refuseConnection(error, socket as Socket))
  }

  get url(): string { return `http://${this.options.host.includes(':') ? `[${this.options.host}]` : this.options.host}:${this.options.port}/graphql` }

  async listen(): Promise<void> {
    await this.#http.start()
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(busy(error, this.options)))
      this.#server.listen(this.options.port, this.options.host, resolve)
    })
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = randomUUID()
    const ended = new AbortController()
    const end = (): void => ended.abort(ENDED)
    res.once('close', () => { if (!res.writableFinished) end() })
    res.setHeader('x-request-id', requestId)
    this.#came += 1
    this.#answers.add(res)
    res.once('close', () => this.#answers.delete(res))
    if (this.#over.signal.aborted) res.setHeader('connection', 'close')
    const meta: CallMeta = { requestId, signal: ended.signal, end }
    const timer = this.#measures.begin()
    res.once('finish', () => timer(req.method ?? '', res.statusCode))
    try {
      this.#headers(req, res, () => undefined)
      this.#demandHostAndOrigin(req, res, pathOf(req))
      await this.#route(req, res, meta)
    } catch (thrown) {
      const status = thrown instanceof Refusal && typeof thrown.facts['status'] === 'number' ? thrown.facts['status'] : undefined
      sendRefusal(res, thrown, meta, this.options.log, status, thrown instanceof Refusal && typeof thrown.facts['allow'] === 'string' ? { allow: thrown.facts['allow'] } : {})
    }
  }

  async #route(req: IncomingMessage, res: ServerResponse, meta: CallMeta): Promise<void> {
    const path = pathOf(req)
    if (req.method === 'OPTIONS') return void res.writeHead(204, { allow: 'GET, POST, OPTIONS', 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'authorization, content-type, last-event-id', 'access-control-max-age': '600' }).end()
    if (path === '/graphql') return this.#graphql(req, meta, this.options.recognise ?? this.options.identify, (identity, full) => this.#http.handle(req, res, identity, full))
    if (path === '/graphql/stream') await this.#admit(req, res)
    if (path === '/graphql/stream') return this.#graphql(req, meta, this.options.identify, (identity, full) => this.#streams.handle(req, res, identity, full))
    if (await this.#own(path, req, res)) return
    const route = this.#routeOf(path)
    if (!route) throw new Refusal('BAD_REQUEST', 'There is nothing at this path.', { hint: 'GraphQL is at /graphql, the playground at /playground.', status: 404 })
    demandMethod(req, [route.method])
    const house = this.#houses?.houseOf(req) ?? null
    // What was shown on this line will not get better: the house has to come again on another one.
    if (route.forHouses && this.options.tls && house === null) res.setHeader('connection', 'close')
    if (route.forHouses && this.options.tls && house === null) throw new Refusal('FORBIDDEN', 'Houses talk over mutual TLS here.', { hint: 'Show the certificate of a house that the directory lists.' })
    this.#over.signal.addEventListener('abort', meta.end)
    res.once('close', () => this.#over.signal.removeEventListener('abort', meta.end))
    if (this.#over.signal.aborted) meta.end()
    await route.handle(req, res, { requestId: meta.requestId, signal: meta.signal, house })
  }

  #routeOf(path: string): Route | undefined {
    return this.options.routes.find(each => (each.path.endsWith('/') ? path.startsWith(each.path) || `${path}/` === each.path : path === each.path))
  }

  async #graphql(req: IncomingMessage, meta: CallMeta, recognise: DoorOptions['identify'], answer: (identity: Identity, meta: CallMeta) => Promise<void>): Promise<void> {
    demandMethod(req, ['GET', 'POST'])
    const authorizations = req.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization')
    if (authorizations.length > 1) throw new Refusal('BAD_REQUEST', 'There are two Authorization headers.', { hint: 'Send one.' })
    const identity = await recognise(req.headers.authorization)
    try {
      this.#buckets.take(identity.bearer, req.socket.remoteAddress)
      await answer(identity, meta)
    } catch (thrown) {
      // Whose right was taken back is told nothing else.
      await identity.proof?.demand()
      throw thrown
    }
  }

  /** Health, metrics and schema. True where it was one of these. */
  async #own(path: string, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    if (!OWN_PATHS.includes(path)) return false
    demandMethod(req, ['GET'])
    if (path === '/health/live') sendJson(res, 200, { live: true })
    else if (path === '/health/ready') {
      const ready = !this.#over.signal.aborted && (await this.options.ready())
      sendJson(res, ready ? 200 : 503, { ready })
    } else if (path === '/metrics') res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(await this.#measures.text())
    else res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(this.options.sdl())
    return true
  }

  #demandHostAndOrigin(req: IncomingMessage, res: ServerResponse, path: string): void {
    const { origin, host } = req.headers
    if (!this.#isAnsweredHost(host, path)) throw new Refusal('BAD_REQUEST', 'This host is not answered here.', { hint: 'Operators name the hosts in COMITY_HOSTS.', status: 421 })
    if (origin === undefined) return
    if (!this.#isAllowedOrigin(origin, host)) throw new Refusal('FORBIDDEN', 'This origin may not ask here.', { hint: 'Operators name the origins in COMITY_ORIGINS.' })
    res.setHeader('access-control-allow-origin', origin)
    res.setHeader('vary', 'origin')
  }

  /** Probes and other houses come by address: what host they name says nothing. */
  #isAnsweredHost(host: string | undefined, path: string): boolean {
    return this.options.profile !== 'production' || (this.options.hosts ?? []).includes(host ?? '') || path.startsWith('/health/') || this.#isForAnyHost(this.#routeOf(path))
  }

  #isForAnyHost(route: Route | undefined): boolean { return route?.forHouses === true || route?.anyHost === true }

  /** In trials pages of this machine; in production those that are named. No credentials are ambient, so nothing else is at stake. */
  #isAllowedOrigin(origin: string, host: string | undefined): boolean {
    if (this.options.profile === 'production') return (this.options.origins ?? []).includes(origin)
    return origin === `http://${host}` || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin) || origin === 'null'
  }

  async #admit({ socket }: IncomingMessage, res: ServerResponse): Promise<void> {
    res.once('close', this.#addresses.take(addressOf(socket.remoteAddress)))
    if (!(await this.#admission.enter())) throw new Refusal('RATE_LIMITED', 'Too many come in at once.', { hint: 'Come again in some seconds.', status: 503 })
  }

  async #upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy())
    const { origin, host } = req.headers
    if (this.#trunks && pathOf(req) === TRUNK_PATH) return this.#upgradeTrunk(this.#trunks, req, socket, head)
    if (pathOf(req) !== '/graphql') return endUpgrade(socket, 404)
    if (!this.#isAnsweredHost(host, pathOf(req))) return endUpgrade(socket, 421)
    if (origin !== undefined && !this.#isAllowedOrigin(origin, host)) return endUpgrade(socket, 403)
    if (namesSecret(req)) return endUpgrade(socket, 400)
    if (!this.#hasPlace(req, socket)) return endUpgrade(socket, 429)
    if (!(await this.#admission.enter()) || this.#over.signal.aborted) return endUpgrade(socket, 503)
    if (!socket.destroyed) this.#sockets.upgrade(req, socket, head)
  }

  /** Of houses alone, as the routes that the same is asked by otherwise; a page has no business there. */
  #upgradeTrunk(trunks: Trunks, req: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!trunks.isOffered(req)) return endUpgrade(socket, 400)
    if (req.headers.origin !== undefined || (this.options.tls && (this.#houses?.houseOf(req) ?? null) === null)) return endUpgrade(socket, 403)
    if (this.#over.signal.aborted) return endUpgrade(socket, 503)
    if (!this.#hasPlace(req, socket)) return endUpgrade(socket, 429)
    trunks.upgrade(req, socket, head)
  }

  /** Whether its address may hold one more open; it does then until the socket closes. */
  #hasPlace(req: IncomingMessage, socket: Duplex): boolean {
    try {
      socket.once('close', this.#addresses.take(addressOf(req.socket.remoteAddress)))
      return true
    } catch { return false }
  }

  #trunkCall(): (status: number) => void {
    this.#came += 1
    const timer = this.#measures.begin()
    return status => timer('TRUNK', status)
  }

  /** Calls that were on their way when the house was told to stop are still read: until nothing new has come for a moment. */
  async #readLastCalls(): Promise<void> {
    for (let looks = 0, came = -1; came !== this.#came && looks < LOOKS_AT_MOST; looks++) {
      came = this.#came
      await pause(LOOK_MS)
      await afterReading()
    }
  }

  /** Open work ends, streams are told or cut, sockets close. */
  async close(): Promise<void> {
    this.#over.abort()
    this.#standing.close()
    this.#houses?.close()
    for (const res of this.#answers) if (!res.headersSent) res.setHeader('connection', 'close')
    await this.#readLastCalls()
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.#streams.close()
    await this.#trunks?.close()
    await this.#sockets.close()
    this.#server.closeIdleConnections()
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, DRAIN_MS).unref())])
    this.#server.closeAllConnections()
    await this.#http.stop()
  }
}

const OWN_PATHS: readonly string[] = ['/health/live', '/health/ready', '/metrics', '/schema.graphql']

/** GraphiQL runs under it; nothing is loaded from elsewhere. */
const CSP = {
  'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'", "'unsafe-inline'"], 'font-src': ["'self'", 'data:'], 'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'", 'ws:', 'wss:'], 'worker-src': ["'self'", 'blob:'], 'base-uri': ["'none'"], 'form-action': ["'none'"], 'frame-ancestors': ["'none'"],
}

function namesSecret(req: IncomingMessage): boolean {
  try {
    demandNoSecret(new URL(req.url ?? '/', 'http://door').searchParams)
    return false
  } catch { return true }
}

const pathOf = (req: IncomingMessage): string => {
  const path = (req.url ?? '/').split('?')[0] ?? '/'
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function demandMethod(req: IncomingMessage, allowed: readonly string[]): void {
  if (!allowed.includes(req.method ?? '')) throw new Refusal('BAD_REQUEST', 'This method is not answered here.', { hint: `Use ${allowed.join(' or ')}.`, status: 405, allow: allowed.join(', ') })
}

const busy = (error: NodeJS.ErrnoException, { host, port }: DoorOptions): Error => {
  if (error.code === 'EADDRINUSE') return new Refusal('STORE_UNAVAILABLE', `Port ${port} on ${host} is taken by another process.`, { hint: 'Stop it, or make a new data folder with other ports (--data, --port): a house keeps the port that its directory has.' })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES') return new Refusal('STORE_UNAVAILABLE', `Nothing can listen on ${host}:${port} (${error.code}).`, { hint: 'Choose another with --host or --port.' })
  return fault('the door cannot listen', error)
}

/** What could not be read, or not in time. Who was answered already is not answered again in the middle of it. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null }
  if (!socket.writable || answer?.headersSent) return void socket.destroy()
  socket.setTimeout(LINGER_MS, () => socket.destroy())
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify({ errors: [{ message: 'The request could not be read.', extensions: { code: 'BAD_REQUEST', requestId: randomUUID() } }] })
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
}

const endUpgrade = (socket: Duplex, status: number): void => void socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)

