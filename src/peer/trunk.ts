// One connection to a node for many reads at once. It is opened when reads are asked for and let go when none are; while there is none, and for whatever it was cut
// under, plain HTTP does the same: a read may be asked twice. Nothing that may happen only once is said on it.
import type { IncomingMessage } from 'node:http'
import type { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import type { buildConnector } from 'undici'
import { WebSocket } from 'ws'
import type { Gathered } from './gathering'
import { LineLost, type Reason } from './outcome'
import { framed, TRUNK_PATH, TRUNK_PROTOCOL, Turnout, unframed } from './trunk-frames'

interface TrunkOptions { maxAnswerBytes: number; connectMs: number; idleMs: number; connector: buildConnector.connector | null }

const CALLS_AT_ONCE = 64
/** A house that has no trunk, or had one for a moment only, is not asked for one again at once. */
const REFUSED_FOR_MS = 60_000
const LOST_FOR_MS = 1_000
/** Of an answer: its call, its status and its type. */
const ANSWER_HEAD_AT_MOST = 200

export class Trunk {
  #line: TrunkLine | null = null
  #opening: WebSocket | null = null
  #notBefore = 0
  #isClosed = false

  constructor(private readonly origin: string, private readonly prefix: string, private readonly options: TrunkOptions) {}

  /** Null where no trunk can take it now. */
  ask(authorization: string, question: string): TrunkCall | null {
    if (this.#line) return this.#line.ask(authorization, question)
    if (!this.#opening && !this.#isClosed && performance.now() >= this.#notBefore) this.#open()
    return null
  }

  #open(): void {
    const { connectMs, connector, maxAnswerBytes } = this.options
    const url = `${this.origin.replace(/^http/, 'ws')}${this.prefix}${TRUNK_PATH}`
    const socket = new WebSocket(url, TRUNK_PROTOCOL, {
      handshakeTimeout: connectMs, perMessageDeflate: false, maxPayload: maxAnswerBytes + ANSWER_HEAD_AT_MOST, ...(connector && { createConnection: through(connector, this.origin) }),
    })
    let raw: Duplex | null = null
    this.#opening = socket
    socket.once('upgrade', (answer: IncomingMessage) => { raw = answer.socket })
    socket.once('unexpected-response', () => {
      this.#waits(REFUSED_FOR_MS)
      socket.terminate()
    })
    socket.once('open', () => {
      this.#opening = null
      this.#line = raw && new TrunkLine(socket, raw, this.options.idleMs, line => { if (this.#line === line) this.#line = null })
    })
    // Whatever befell it, the end of it follows.
    socket.on('error', () => this.#waits(LOST_FOR_MS))
    socket.once('close', () => {
      if (this.#opening === socket) this.#opening = null
      if (this.#line?.isOf(socket)) this.#waits(LOST_FOR_MS)
    })
  }

  #waits(ms: number): void { this.#notBefore = Math.max(this.#notBefore, performance.now() + ms) }

  close(): void {
    this.#isClosed = true
    this.#opening?.terminate()
    this.#line?.close()
  }
}

/** One connection, open. Whoever asks on it gets an answer or is told that it was cut. */
class TrunkLine {
  readonly #calls = new Map<string, TrunkCall>()
  readonly #turnout: Turnout
  readonly #idle: NodeJS.Timeout
  #asked = 0
  #isRetired = false

  constructor(private readonly socket: WebSocket, raw: Duplex, idleMs: number, private readonly retired: (line: TrunkLine) => void) {
    this.#turnout = new Turnout(raw)
    this.#idle = setTimeout(() => (this.#calls.size > 0 ? this.#idle.refresh() : this.#retire()), idleMs).unref()
    socket.on('message', (bytes: Buffer) => this.#take(bytes))
    socket.once('close', () => {
      clearTimeout(this.#idle)
      this.#retire()
      for (const call of this.#calls.values()) call.cut()
      this.#calls.clear()
    })
  }

  isOf(socket: WebSocket): boolean { return this.socket === socket }

  ask(authorization: string, question: string): TrunkCall | null {
    if (this.#calls.size >= CALLS_AT_ONCE || this.socket.readyState !== WebSocket.OPEN) return null
    const id = String(++this.#asked)
    const call = new TrunkCall(reason => this.#end(id, reason))
    this.#calls.set(id, call)
    this.#idle.refresh()
    this.#say(framed([id, authorization], question))
    return call
  }

  #say(text: string): void {
    this.#turnout.hold()
    this.socket.send(text, { binary: true })
  }

  /** An answer to no call comes too late for it. What is no answer at all ends the connection. */
  #take(bytes: Buffer): void {
    const { words: [id = '', status, type = ''], body } = unframed(bytes) ?? { words: [], body: null }
    if (!body || !/^[1-5]\d\d$/.test(status ?? '')) return this.socket.terminate()
    this.#calls.get(id)?.take({ status: Number(status), type, bytes: body })
    this.#forget(id)
  }

  /** A house that does not answer in time may be behind a connection that is dead: the next ones ask on another. */
  #end(id: string, reason: Reason): void {
    this.#forget(id)
    if (this.socket.readyState === WebSocket.OPEN) this.#say(id)
    if (reason === 'DEADLINE') this.#retire()
  }

  #forget(id: string): void {
    this.#calls.delete(id)
    if (this.#isRetired && this.#calls.size === 0) this.socket.terminate()
  }

  #retire(): void {
    this.#isRetired = true
    this.retired(this)
    if (this.#calls.size === 0) this.close()
  }

  close(): void { this.socket.terminate() }
}

/** One read on a trunk. */
export class TrunkCall {
  /** Null where it was cut before an answer came. */
  readonly answer: Promise<Gathered | null>
  #resolve: (answer: Gathered | null) => void = () => undefined
  #reject: (because: LineLost) => void = () => undefined

  constructor(private readonly ended: (reason: Reason) => void) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  take(answer: Gathered): void { this.#resolve(answer) }
  cut(): void { this.#resolve(null) }

  end(reason: Reason): void {
    this.#reject(new LineLost(reason))
    this.ended(reason)
  }
}

/** The connection that every other call to this house is made by. */
function through(connector: buildConnector.connector, origin: string): typeof createConnection {
  const { protocol, hostname, port } = new URL(origin)
  const connect = (_: unknown, connected: (...of: buildConnector.CallbackArgs) => void): void => connector({ protocol, hostname, port }, (...of) => { connected(...of) })
  // What node:http takes of it is the call back alone, which the type does not have.
  return connect as unknown as typeof createConnection
}
