// Trunks of hubs (src/peer/trunk-frames.ts): each carries many reads at once, every one of them judged by itself as it would be over HTTP.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import { WebSocketServer, type WebSocket } from 'ws'
import { framed, HEAD_AT_MOST, TRUNK_PROTOCOL, Turnout, unframed } from '../peer/trunk-frames'

export interface TrunkQuestion { authorization: string; body: Uint8Array; requestId: string; signal: AbortSignal }
export interface TrunkAnswer { status: number; type: string; text: string }
/** Never throws: a refusal is an answer. */
export type AnswerOnTrunk = (question: TrunkQuestion) => Promise<TrunkAnswer>

/** An honest hub asks elsewhere before it has as many open. */
const CALLS_AT_ONCE = 128
/** What may wait for a hub that does not read. */
const WAITING_AT_MOST = 64 * 1024 * 1024
/** An honest hub lets a trunk go long before. */
const IDLE_MS = 30_000
const LEAVES_WITHIN_MS = 5_000

export class Trunks {
  readonly #wss: WebSocketServer
  readonly #open = new Set<TrunkEnd>()

  constructor(private readonly answer: AnswerOnTrunk, questionAtMost: number, private readonly answered: () => (status: number) => void, private readonly idleMs = IDLE_MS) {
    this.#wss = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, autoPong: false, maxPayload: questionAtMost + HEAD_AT_MOST, handleProtocols: () => TRUNK_PROTOCOL })
  }

  get open(): number { return this.#open.size }

  isOffered({ headers }: IncomingMessage): boolean { return headers['sec-websocket-protocol'] === TRUNK_PROTOCOL }

  upgrade(req: IncomingMessage, raw: Duplex, head: Buffer): void {
    this.#wss.handleUpgrade(req, raw, head, socket => {
      const end = new TrunkEnd(socket, raw, this.answer, this.answered, this.idleMs)
      this.#open.add(end)
      socket.once('close', () => this.#open.delete(end))
    })
  }

  /** What was asked is answered, then each is closed; whoever asks meanwhile does so again over HTTP. */
  async close(): Promise<void> { await Promise.all([...this.#open].map(end => end.leave())) }
}

/** One trunk. */
class TrunkEnd {
  readonly #calls = new Map<string, AbortController>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #turnout: Turnout
  readonly #idle: NodeJS.Timeout

  constructor(private readonly socket: WebSocket, raw: Duplex, private readonly answer: AnswerOnTrunk, private readonly answered: () => (status: number) => void, idleMs: number) {
    this.#turnout = new Turnout(raw)
    this.#idle = setTimeout(() => (this.#calls.size > 0 ? this.#idle.refresh() : socket.close(1001, 'Idle')), idleMs).unref()
    socket.on('message', (bytes: Buffer) => this.#take(bytes))
    for (const sign of ['ping', 'pong'] as const) socket.once(sign, () => socket.close(1008, 'Calls alone'))
    // Whatever befell it, the end of it follows.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearTimeout(this.#idle)
      for (const call of this.#calls.values()) call.abort()
    })
  }

  #take(bytes: Buffer): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    this.#idle.refresh()
    const { words: [id = '', ...rest], body } = unframed(bytes) ?? { words: [], body: null }
    if (!/^\d{1,15}$/.test(id) || (body && this.#calls.has(id))) return this.socket.close(1008, 'No call')
    if (!body) return void this.#calls.get(id)?.abort()
    if (this.#calls.size >= CALLS_AT_ONCE) return this.socket.close(1008, 'Too many calls at once')
    const call = this.#call(id, rest.join(' '), body).finally(() => this.#underWay.delete(call))
    this.#underWay.add(call)
  }

  async #call(id: string, authorization: string, body: Uint8Array): Promise<void> {
    const ended = new AbortController()
    this.#calls.set(id, ended)
    const done = this.answered()
    const { status, type, text } = await this.answer({ authorization, body, requestId: randomUUID(), signal: ended.signal })
    done(status)
    this.#calls.delete(id)
    if (ended.signal.aborted || this.socket.readyState !== this.socket.OPEN) return
    if (this.socket.bufferedAmount > WAITING_AT_MOST) return this.socket.terminate()
    this.#turnout.hold()
    this.socket.send(framed([id, status, type], text), { binary: true })
  }

  async leave(): Promise<void> {
    await Promise.race([Promise.all(this.#underWay), new Promise(resolve => setTimeout(resolve, LEAVES_WITHIN_MS).unref())])
    this.socket.close(1001, 'The house is closing')
    setTimeout(() => this.socket.terminate(), LEAVES_WITHIN_MS).unref()
  }
}
