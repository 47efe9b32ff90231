// GraphQL over WebSocket (graphql-transport-ws) behind the one pipeline: graphql-ws keeps the protocol, this room its bounds.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import { GraphQLError, type ExecutionArgs, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { PUBLIC_VIEWER } from '../domain/viewer'
import { Refusal } from '../refusal'
import type { Buckets } from './buckets'
import { isSubscription, rootKey, StreamEnd, Unprepared, WALL_CLOCK_MS, type Engine, type FormattedResult, type Identity, type Prepared } from './engine'
import { LIMITS } from './limits'
import { parseBody } from './graphql-http'
import { paramsOf } from './params'

const PROTOCOL = 'graphql-transport-ws'
const PING_MS = 10_000
const PINGS_MISSED = 2
const INIT_WITHIN_MS = 3_000
const OPERATIONS_A_SOCKET = 50
const BUFFERED_AT_MOST = 1024 * 1024
const CONTROL_FRAMES_A_SECOND = 50
const CLIENT_TYPES: readonly string[] = ['connection_init', 'ping', 'pong', 'subscribe', 'complete']

interface Extra { socket: WebSocket; identity: Identity; expiry: NodeJS.Timeout | null; cursors: Map<string, string> }
interface Args extends ExecutionArgs { prepared: Prepared; requestId: string }

export interface SocketParts { engine: Engine; identify: (authorization: string | undefined) => Promise<Identity>; buckets: Buckets }

export class Sockets {
  readonly #server: Server<Extra>
  readonly #wss = new WebSocketServer({
    noServer: true, maxPayload: LIMITS.bytes, perMessageDeflate: false, clientTracking: true,
    handleProtocols: protocols => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  })
  readonly #beat: NodeJS.Timeout

  constructor(private readonly parts: SocketParts) {
    this.#server = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: context => this.#connect(context.extra, context.connectionParams),
      onSubscribe: (context, id, payload) => this.#subscribe(context.extra, Object.keys(context.subscriptions).length, id, payload as unknown as Record<string, unknown>),
      execute: args => this.#execute(args as Args) as never,
      subscribe: args => this.#stream(args as Args) as never,
      onNext: (context, id, _, args, result) => this.#next(context.extra, id, args as Args, result as FormattedResult) as never,
      onError: (_, __, ___, errors) => this.#errors(errors) as never,
    }) as Server<Extra>
    this.#beat = setInterval(() => this.#beatAll(), PING_MS).unref()
  }

  get open(): number { return this.#wss.clients.size }

  /** The socket of an upgrade that the door has let in. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map(each => each.trim())
    this.#wss.handleUpgrade(req, socket, head, ws => (offered.includes(PROTOCOL) ? this.#serve(ws) : ws.close(4406, 'Subprotocol not acceptable')))
  }

  #serve(ws: WebSocket): void {
    const extra: Extra = { socket: ws, identity: { viewer: PUBLIC_VIEWER, bearer: null }, expiry: null, cursors: new Map() }
    let take: (text: string) => Promise<void> = async () => undefined
    const closed = this.#server.opened({
      protocol: ws.protocol, send: text => send(ws, text, extra), close: (code, reason) => ws.close(code, reason),
      onMessage: listener => { take = listener },
    }, extra)
    ws.on('message', (frame: Buffer, isBinary) => void this.#message(ws, frame, isBinary, take))
    ws.on('error', error => { if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') ws.close(1009, 'Frame too large') })
    ws.once('close', (code, reason) => {
      if (extra.expiry) clearTimeout(extra.expiry)
      void closed(code, reason.toString())
    })
    countPings(ws)
  }

  async #message(ws: WebSocket, frame: Buffer, isBinary: boolean, take: (text: string) => Promise<void>): Promise<void> {
    const text = isBinary ? null : frame.toString('utf8')
    if (text === null || !isClientMessage(text)) return ws.close(4400, 'Bad message')
    try {
      await take(text)
    } catch (thrown) {
      this.parts.engine.log.error({ err: thrown }, 'a fault on a socket')
      ws.close(4500, 'Internal server error')
    }
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

  #subscribe(extra: Extra, open: number, id: string, payload: Record<string, unknown>): Args | readonly GraphQLError[] {
    const requestId = randomUUID()
    try {
      if (open > OPERATIONS_A_SOCKET) throw new Refusal('RATE_LIMITED', `A socket carries at most ${OPERATIONS_A_SOCKET} operations at the same time.`, { hint: 'Complete some, or open another socket.' })
      this.parts.buckets.take(extra.identity.bearer)
      if (id.length > 200) throw new Refusal('BAD_REQUEST', 'The id of the operation is too long.', { hint: 'Use at most 200 characters.' })
      const prepared = this.parts.engine.prepare(paramsOf(payload), extra.identity)
      return { schema: this.parts.engine.schema, document: prepared.document, operationName: prepared.operation.name?.value ?? null, contextValue: extra.identity, prepared, requestId }
    } catch (thrown) {
      const errors = thrown instanceof Unprepared ? thrown.errors : [thrown]
      return [carrying(this.parts.engine.masked(errors, { requestId }))]
    }
  }

  async #execute({ prepared, requestId, contextValue }: Args): Promise<FormattedResult> {
    return this.parts.engine.run(prepared, contextValue as Identity, { requestId, signal: AbortSignal.timeout(WALL_CLOCK_MS) }) as Promise<FormattedResult>
  }

  #stream({ prepared, requestId, contextValue }: Args): AsyncGenerator<FormattedResult, void, void> {
    return this.parts.engine.stream(prepared, contextValue as Identity, { requestId })
  }

  /** Results come formatted; the cursor of the last event is kept for the close reason of a socket that is too slow. */
  #next(extra: Extra, id: string, { prepared }: Args, result: FormattedResult): FormattedResult {
    if (isSubscription(prepared)) {
      const key = rootKey(prepared)
      const cursor = key === null ? undefined : cursorIn(result, key)
      if (cursor) extra.cursors.set(id, cursor)
    }
    return result
  }

  #errors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.flatMap(error => {
      if (error.originalError instanceof StreamEnd) return error.originalError.errors
      const carried = error.extensions['carried'] as GraphQLFormattedError[] | undefined
      return carried ?? this.parts.engine.masked([error], { requestId: randomUUID() })
    })
  }

  readonly #missed = new WeakMap<WebSocket, number>()

  #beatAll(): void {
    for (const ws of this.#wss.clients) {
      const missed = this.#missed.get(ws) ?? 0
      if (missed === 0) ws.on('pong', () => this.#missed.set(ws, 1))
      if (missed > PINGS_MISSED) ws.terminate()
      else {
        this.#missed.set(ws, Math.max(1, missed) + 1)
        ws.ping()
      }
    }
  }

  /** Says that the house restarts; what does not leave is cut. */
  async close(): Promise<void> {
    clearInterval(this.#beat)
    for (const ws of this.#wss.clients) ws.close(1012, 'Restarting')
    await Promise.race([Promise.all([...this.#wss.clients].map(ws => new Promise(resolve => ws.once('close', resolve)))), new Promise(resolve => setTimeout(resolve, 1_000).unref())])
    for (const ws of this.#wss.clients) ws.terminate()
    this.#wss.close()
  }
}

/** Does not wait for the peer: a full buffer ends the socket, and its client resumes with the last cursor. */
function send(ws: WebSocket, text: string, extra: Extra): void {
  if (ws.readyState !== ws.OPEN) return
  if (ws.bufferedAmount > BUFFERED_AT_MOST) {
    const last = [...extra.cursors.values()].at(-1) ?? ''
    ws.close(4008, `Too slow; resume after ${last}`.slice(0, 120))
    setTimeout(() => ws.terminate(), 2_000).unref()
    return
  }
  ws.send(text)
}

function isClientMessage(text: string): boolean {
  try {
    const message = parseBody(text) as { type?: unknown; id?: unknown } | null
    if (typeof message !== 'object' || message === null || typeof message.type !== 'string' || !CLIENT_TYPES.includes(message.type)) return false
    return (message.type !== 'subscribe' && message.type !== 'complete') || (typeof message.id === 'string' && message.id !== '')
  } catch { return false }
}

const carrying = (errors: GraphQLFormattedError[]): GraphQLError => new GraphQLError('refused', { extensions: { carried: errors } })

export function cursorIn(result: FormattedResult, key: string): string | undefined {
  const event = (result.data as Record<string, { cursor?: unknown } | null> | null | undefined)?.[key]
  return typeof event?.cursor === 'string' ? event.cursor : undefined
}

/** Control frames beyond a sane rate end the socket. */
function countPings(ws: WebSocket): void {
  let count = 0
  let since = Date.now()
  const counted = (): void => {
    if (Date.now() - since > 1_000) {
      since = Date.now()
      count = 0
    }
    if (++count > CONTROL_FRAMES_A_SECOND) ws.close(1008, 'Too many control frames')
  }
  ws.on('ping', counted)
  ws.on('pong', counted)
}

const TIMEOUT_AT_MOST = 2 ** 31 - 1

/** Node's timers overflow after 24 days. */
function setLongTimeout(act: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(act, Math.min(Math.max(0, ms), TIMEOUT_AT_MOST)).unref()
}
