// GraphQL over WebSocket (graphql-transport-ws) behind the one pipeline: graphql-ws keeps the protocol, this room its bounds.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import { GraphQLError, type ExecutionArgs, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { PUBLIC_VIEWER, type Viewer } from '../domain/viewer'
import type { Desk, Told } from '../live/feed'
import { Refusal } from '../refusal'
import { Beats } from './beats'
import type { Buckets } from './buckets'
import { StreamEnd, Unprepared, WALL_CLOCK_MS, type Engine, type FormattedResult, type Identity, type Prepared } from './engine'
import { Encoded, writeText } from './frames'
import { LIMITS, SLOW } from './limits'
import { goLive } from './live'
import { parseBody } from './graphql-http'
import { paramsOf } from './params'
import { Pulse } from './pulse'
import { withdrawnRight, type Holder, type Withdrawn } from './standing'
import type { OpenStreams } from './streams'
import { setLongTimeout } from './timers'
import { Queue, Turns } from './turns'

const WITHDRAWN = 'The token was withdrawn'
const PROTOCOL = 'graphql-transport-ws'
const INIT_WITHIN_MS = 3_000
const OPERATIONS_A_SOCKET = 50
/** A reason has 123 bytes. */
const REASON_AT_MOST = 123
const LOOK_MS = 10
/** A slow line needs a while for what waits, and shall still learn its place. */
const TERMINATED_AFTER_MS = 10_000
const LEAVES_WITHIN_MS = 1_000
const COME_AGAIN_WITHIN_MS = 5_000
const CONTROL_FRAMES_A_SECOND = 50
const CLIENT_TYPES: readonly string[] = ['connection_init', 'ping', 'pong', 'subscribe', 'complete']

interface Extra { socket: WebSocket; /** What `socket` writes to. */ raw: Duplex; address: string; identity: Identity; queue: Queue; expiry: NodeJS.Timeout | null; desks: Set<SocketDesk>; /** Messages since the peer last had taken everything. */ waiting: number }
interface Args extends ExecutionArgs { prepared: Prepared; requestId: string; extra: Extra; id: string }

export interface SocketParts { engine: Engine; identify: (authorization: string | undefined) => Promise<Identity>; withdrawn: Withdrawn; buckets: Buckets; tokens: OpenStreams }

export class Sockets implements Holder {
  readonly #extras = new Set<Extra>()
  readonly #server: Server<Extra>
  readonly #wss = new WebSocketServer({
    noServer: true, maxPayload: LIMITS.bytes, perMessageDeflate: false, clientTracking: true,
    handleProtocols: protocols => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  })
  readonly #beats = new Beats<Pulse>(pulse => pulse.beat())

  constructor(private readonly parts: SocketParts) {
    this.#server = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: context => this.#connect(context.extra, context.connectionParams),
      onSubscribe: (context, id, payload) => this.#subscribe(context.extra, Object.keys(context.subscriptions).length, id, payload as unknown as Record<string, unknown>),
      execute: args => this.#execute(args as Args) as never,
      subscribe: args => this.#stream(args as Args) as never,
      onNext: (_, __, ___, ____, result) => result as never,
      onError: (_, __, ___, errors) => this.#errors(errors) as never,
    }) as Server<Extra>
  }

  get open(): number { return this.#wss.clients.size }

  /** The socket of an upgrade that the door has let in. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map(each => each.trim())
    this.#wss.handleUpgrade(req, socket, head, ws => (offered.includes(PROTOCOL) ? this.#serve(ws, socket, req.socket.remoteAddress ?? '') : ws.close(4406, 'Subprotocol not acceptable')))
  }

  #serve(ws: WebSocket, raw: Duplex, address: string): void {
    const extra: Extra = { socket: ws, raw, address, identity: { viewer: PUBLIC_VIEWER, bearer: null }, queue: new Queue(), expiry: null, desks: new Set(), waiting: 0 }
    let take: (text: string) => Promise<void> = async () => undefined
    this.#extras.add(extra)
    const closed = this.#server.opened({
      protocol: ws.protocol, send: text => { if (hasRoom(extra)) ws.send(text) }, close: (code, reason) => ws.close(code, reason),
      onMessage: listener => { take = listener },
    }, extra)
    const control = controlCount(ws)
    const pulse = new Pulse(ws)
    ws.on('ping', control).on('pong', control)
    const turns = new Turns(ws, (frame, isBinary) => {
      pulse.felt()
      return this.#message(ws, frame, isBinary, take, control)
    })
    ws.on('message', (frame: Buffer, isBinary) => turns.add(frame, isBinary))
    ws.on('error', error => { if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') ws.close(1009, 'Frame too large') })
    const stop = this.#beats.add(pulse)
    ws.once('close', (code, reason) => {
      stop()
      this.#extras.delete(extra)
      if (extra.expiry) clearTimeout(extra.expiry)
      void closed(code, reason.toString())
    })
  }

  /** True where it asked for an operation. */
  #message(ws: WebSocket, frame: Buffer, isBinary: boolean, take: (text: string) => Promise<void>, control: () => void): boolean {
    // Nothing of a socket that is closing is looked at any more.
    if (ws.readyState !== ws.OPEN) return false
    const text = isBinary ? '' : frame.toString('utf8')
    const type = clientMessageType(text)
    if (type === null) ws.close(4400, 'Bad message')
    if (type === 'ping' || type === 'pong') control()
    if (ws.readyState !== ws.OPEN) return false
    take(text).catch((thrown: unknown) => {
      this.parts.engine.log.error({ err: thrown }, 'a fault on a socket')
      ws.close(4500, 'Internal server error')
    })
    return type === 'subscribe'
  }

  async #connect(extra: Extra, params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    try {
      const authorization = params?.['authorization'] ?? params?.['Authorization']
      if (authorization !== undefined && typeof authorization !== 'string') return false
      extra.identity = await this.parts.identify(authorization)
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) this.parts.engine.log.error({ err: thrown }, 'a fault at connection_init')
      return false
    }
    const { expiresAt } = extra.identity.viewer
    if (expiresAt !== null) extra.expiry = setLongTimeout(() => extra.socket.close(4403, 'The token has ended'), expiresAt - Date.now())
    return true
  }

  async #subscribe(extra: Extra, open: number, id: string, payload: Record<string, unknown>): Promise<Args | readonly GraphQLError[]> {
    const requestId = randomUUID()
    try {
      if (open > OPERATIONS_A_SOCKET) throw new Refusal('RATE_LIMITED', `A socket carries at most ${OPERATIONS_A_SOCKET} operations at the same time.`, { hint: 'Complete some, or open another socket.' })
      this.parts.buckets.take(extra.identity.bearer, extra.address)
      await this.#demandStanding(extra)
      await extra.queue.turn()
      if (extra.socket.readyState !== extra.socket.OPEN) throw new Refusal('BAD_REQUEST', 'The socket has closed.', { hint: 'Nobody hears this.' })
      if (id.length > 200) throw new Refusal('BAD_REQUEST', 'The id of the operation is too long.', { hint: 'Use at most 200 characters.' })
      const prepared = this.parts.engine.prepare(paramsOf(payload), extra.identity)
      return { schema: this.parts.engine.schema, document: prepared.document, operationName: prepared.operation.name?.value ?? null, contextValue: extra.identity, prepared, requestId, extra, id }
    } catch (thrown) {
      const errors = thrown instanceof Unprepared ? thrown.errors : [thrown]
      return [carrying(this.parts.engine.masked(errors, { requestId }))]
    }
  }

  /** The right with which a socket was opened may have been taken back since. */
  async #demandStanding({ identity: { viewer }, socket }: Extra): Promise<void> {
    if (viewer.token === null || (await this.parts.withdrawn([viewer])).size === 0) return
    socket.close(4403, WITHDRAWN)
    throw withdrawnRight()
  }

  viewers(): Iterable<Viewer> { return [...this.#extras].map(({ identity }) => identity.viewer) }

  drop(isOver: (viewer: Viewer) => boolean): void {
    for (const { identity, socket } of this.#extras) if (isOver(identity.viewer)) socket.close(4403, WITHDRAWN)
  }

  async #execute({ prepared, requestId, contextValue }: Args): Promise<FormattedResult> {
    return this.parts.engine.run(prepared, contextValue as Identity, { requestId, signal: AbortSignal.timeout(WALL_CLOCK_MS) }) as Promise<FormattedResult>
  }

  #stream({ prepared, requestId, contextValue, extra, id }: Args): AsyncGenerator<FormattedResult, void, void> {
    const giveBack = this.parts.tokens.take(extra.identity.bearer)
    const operation: SocketDesk = new SocketDesk(extra, id, () => goLive(this.parts.engine, prepared, contextValue as Identity, { requestId }, operation), () => {
      giveBack()
      extra.desks.delete(operation)
    })
    extra.desks.add(operation)
    return operation
  }

  #errors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.flatMap(error => {
      if (error.originalError instanceof StreamEnd) return error.originalError.errors
      const carried = error.extensions['carried'] as GraphQLFormattedError[] | undefined
      return carried ?? this.parts.engine.masked([error.originalError ?? error], { requestId: randomUUID() })
    })
  }

  /** Says that the house restarts and, each socket another time, when to come again; what does not leave is cut. */
  async close(): Promise<void> {
    this.#beats.close()
    for (const ws of this.#wss.clients) ws.close(1012, `Restarting; come again in ${Math.ceil(Math.random() * COME_AGAIN_WITHIN_MS)} ms`)
    await Promise.race([Promise.all([...this.#wss.clients].map(ws => new Promise(resolve => ws.once('close', resolve)))), new Promise(resolve => setTimeout(resolve, LEAVES_WITHIN_MS).unref())])
    for (const ws of this.#wss.clients) ws.terminate()
    this.#wss.close()
  }
}

/** One subscription on a socket. graphql-ws waits for its end alone: events go past it, their text made once for all desks. */
class SocketDesk implements AsyncGenerator<FormattedResult, void, void>, Desk {
  last: Told | null = null
  readonly #own: Encoded
  #leave: (() => void) | null = null
  #isOver = false
  #ended: { resolve: (end: IteratorResult<FormattedResult, void>) => void; reject: (thrown: unknown) => void } | null = null

  constructor(private readonly extra: Extra, id: string, private readonly begin: () => Promise<() => void>, private readonly over: () => void) {
    this.#own = new Encoded(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  }

  [Symbol.asyncIterator](): this { return this }

  next(): Promise<IteratorResult<FormattedResult, void>> {
    if (this.#isOver) return Promise.resolve(DONE)
    return new Promise((resolve, reject) => {
      this.#ended = { resolve, reject }
      this.begin().then(leave => {
        this.#leave = leave
        if (this.#isOver) leave()
      }, (thrown: unknown) => this.end(thrown))
    })
  }

  tell(told: Told): void {
    if (this.#isOver || !hasRoom(this.extra)) return
    writeText(this.extra.raw, this.#own, (told.payload ??= new Encoded(`${told.text}}`)))
    this.last = told
  }

  async flushed(): Promise<void> {
    const { socket, raw } = this.extra
    while (!this.#isOver && socket.readyState === socket.OPEN && raw.writableLength > 0) await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }

  /** Where a house behind this one believes the token no longer, this one sees it in a moment: the socket ends as it would then. */
  end(thrown: unknown): void {
    if (thrown instanceof Refusal && thrown.code === 'UNAUTHENTICATED') this.extra.socket.close(4403, WITHDRAWN)
    if (this.#close()) this.#ended?.reject(thrown)
  }

  return(): Promise<IteratorResult<FormattedResult, void>> {
    if (this.#close()) this.#ended?.resolve(DONE)
    return Promise.resolve(DONE)
  }

  throw(): Promise<IteratorResult<FormattedResult, void>> { return this.return() }
  async [Symbol.asyncDispose](): Promise<void> { await this.return() }

  #close(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#leave?.()
    this.over()
    return true
  }
}

const DONE: IteratorResult<never, void> = { done: true, value: undefined }

/** Whether one message more may be sent. Nobody waits for the peer: where too much waits for it the socket ends, and its client resumes. */
function hasRoom(extra: Extra): boolean {
  const { socket, raw } = extra
  if (socket.readyState !== socket.OPEN) return false
  const waiting = raw.writableLength
  extra.waiting = waiting === 0 ? 0 : extra.waiting + 1
  if (waiting <= SLOW.bytes && extra.waiting <= SLOW.events) return true
  socket.close(4008, resumeAfter(extra.desks))
  setTimeout(() => socket.terminate(), TERMINATED_AFTER_MS).unref()
  return false
}

/** The last cursor that every operation of the socket is past; empty where one was told nothing yet, or a reason has no room for it. */
function resumeAfter(desks: ReadonlySet<SocketDesk>): string {
  let first: Told | null = null
  for (const { last } of desks) {
    if (!last) return ''
    if (last.cursor !== null && (!first || last.seq < first.seq)) first = last
  }
  const cursor = first?.cursor ?? ''
  return cursor.length <= REASON_AT_MOST ? cursor : ''
}

/** The type of a message that a client may send; null for any other. */
function clientMessageType(text: string): string | null {
  try {
    const { type, id } = parseBody(text) as { type?: unknown; id?: unknown }
    const needsId = type === 'subscribe' || type === 'complete'
    if (typeof type !== 'string' || !CLIENT_TYPES.includes(type) || (needsId && (typeof id !== 'string' || id === ''))) return null
    return type
  } catch { return null }
}

/** Made for each refused operation and thrown nowhere: where it was made says nothing, and to find that out costs more than all the rest. */
function carrying(errors: GraphQLFormattedError[]): GraphQLError {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return new GraphQLError('refused', { extensions: { carried: errors } })
  } finally { Error.stackTraceLimit = stackTraceLimit }
}

/** Counts control frames, and the messages that do the same; more than a sane rate ends the socket. */
function controlCount(ws: WebSocket): () => void {
  let count = 0
  let since = Date.now()
  return () => {
    if (Date.now() - since > 1_000) {
      since = Date.now()
      count = 0
    }
    if (++count > CONTROL_FRAMES_A_SECOND) ws.close(1008, 'Too many control frames')
  }
}
