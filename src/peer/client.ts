// Talking to one other house over HTTP: JSON with a deadline and a size cap, and endless NDJSON streams with a watchdog.
// A network fault is an outcome, never an exception. Knows neither what is asked nor who asks.
import { EventEmitter, setMaxListeners } from 'node:events'
import { Pool, type Dispatcher } from 'undici'
import { fault } from '../refusal'
import { Gathering, type Gathered } from './gathering'
import { Lines, LINES, parseGuarded, Rows } from './lines'
import { PinnedLines, type LineTls } from './tls-line'
import { Trunk } from './trunk'
import { failure, isDenial, isGateway, LineLost, reasonOf, type PeerOutcome, type Reason } from './outcome'

export interface PeerOptions {
  /** Mutual TLS on the same address; without it, plain HTTP. */
  tls?: LineTls
  /** Calls at the same time; more wait for a free connection within their deadline. */
  connections?: number
  /** Streams stay open for hours and have connections of their own, so that they never starve calls. */
  streams?: number
  maxAnswerBytes?: number
}

export interface CallOptions {
  headers?: Record<string, string>; deadlineMs: number; signal?: AbortSignal; maxAnswerBytes?: number
}

/** One call, whichever way it goes. The answer is null where none will come that way. */
interface Asked { answer: Promise<Gathered | null>; end(reason: Reason): void }
export interface StreamOptions {
  headers?: Record<string, string>
  signal: AbortSignal
  /** Told of each line before it is yielded: a beat is a line too. */
  onLine?: (line: unknown) => void
  /** Without a whole line for this long the line is held for dead: a half-open connection gives no error of its own. */
  silenceMs?: number
  maxLineBytes?: number
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024
/** One letter of 1 MiB and the line around it. */
const MAX_LINE_BYTES = 1024 * 1024 + 64 * 1024
const SILENCE_MS = 12_000
const CONNECT_MS = 5_000
const KEEP_ALIVE_MS = 4_000

export class HousePeer {
  readonly #calls: Pool
  readonly #streams: Pool
  readonly #prefix: string
  readonly #lines: PinnedLines | null
  readonly #trunk: Trunk

  constructor(url: string, private readonly options: PeerOptions = {}) {
    const { origin, pathname } = new URL(options.tls ? url.replace(/^http:/, 'https:') : url)
    this.#prefix = pathname.replace(/\/+$/, '')
    this.#lines = options.tls ? new PinnedLines(options.tls, CONNECT_MS) : null
    const shared = { connect: this.#lines?.connector ?? { timeout: CONNECT_MS }, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS, bodyTimeout: 0, headersTimeout: 0 }
    this.#calls = new Pool(origin, { ...shared, connections: options.connections ?? 16 })
    this.#streams = new Pool(origin, { ...shared, connections: options.streams ?? 64 })
    this.#trunk = new Trunk(origin, this.#prefix, { maxAnswerBytes: this.#maxAnswerBytes, connectMs: CONNECT_MS, idleMs: KEEP_ALIVE_MS, connector: this.#lines?.connector ?? null })
  }

  get #maxAnswerBytes(): number { return this.options.maxAnswerBytes ?? MAX_ANSWER_BYTES }

  get(path: string, options: CallOptions): Promise<PeerOutcome> {
    return this.#call({ method: 'GET', path: this.#prefix + path, headers: { accept: 'application/json', ...options.headers } }, options)
  }

  post(path: string, body: unknown, options: CallOptions): Promise<PeerOutcome> {
    return this.#call(this.#posted(path, JSON.stringify(body), { accept: 'application/json', ...options.headers }), options)
  }

  /** A read under a bearer, on the trunk where there is one. Where its answer comes as lines, the rows behind the first one are `rows` of the body, not parsed yet. */
  read(question: string, bearer: string, options: Pick<CallOptions, 'deadlineMs' | 'signal'>): Promise<PeerOutcome> {
    const authorization = `Bearer ${bearer}`
    const overHttp = (): Asked => this.#dispatched(this.#posted('/house/read', question, { accept: `${LINES}, application/json`, authorization }), this.#maxAnswerBytes)
    return this.#outcomeOf([() => this.#trunk.ask(authorization, question), overHttp], options, true)
  }

  #posted(path: string, body: string, headers: Record<string, string>): Dispatcher.DispatchOptions {
    return { method: 'POST', path: this.#prefix + path, headers: { 'content-type': 'application/json', ...headers }, body }
  }

  #call(request: Dispatcher.DispatchOptions, options: CallOptions): Promise<PeerOutcome> {
    return this.#outcomeOf([() => this.#dispatched(request, options.maxAnswerBytes ?? this.#maxAnswerBytes)], options, false)
  }

  #dispatched(request: Dispatcher.DispatchOptions, maxBytes: number): Asked {
    const gathering = new Gathering(maxBytes)
    this.#calls.dispatch(request, gathering)
    return gathering
  }

  /** By the first of these ways that an answer comes, all within one deadline. */
  async #outcomeOf(ways: readonly (() => Asked | null)[], { deadlineMs, signal }: CallOptions, mayBeRows: boolean): Promise<PeerOutcome> {
    const begun = performance.now()
    const took = () => Math.round(performance.now() - begun)
    const limit = new Limit(deadlineMs, signal)
    this.#lines?.look()
    try {
      for (const way of ways) {
        if (limit.reason) return failure(limit.reason, took())
        const asked = way()
        if (!asked) continue
        limit.ended = reason => asked.end(reason)
        const answer = await asked.answer
        if (answer) return judged(answer, took(), mayBeRows)
      }
    } catch (error) {
      return failure(limit.reason ?? reasonOf(error), took())
    } finally { limit.clear() }
    return fault('a call that no way has answered')
  }

  /**
   * Lines of an endless answer, parsed. Ends without a word where the caller's signal ends it or the other house closes the
   * answer in good order; every other end throws LineLost, so that the caller comes again from its cursor.
   */
  async *stream(path: string, options: StreamOptions): AsyncGenerator<unknown, void> {
    const watch = new Limit(options.silenceMs ?? SILENCE_MS, options.signal, 'SILENCE')
    if (watch.reason) return
    // All that a stream needs of a signal, without the price of one: it does not remember that it was given.
    const signal = new EventEmitter()
    watch.ended = () => signal.emit('abort')
    this.#lines?.look()
    try {
      const headers = { accept: LINES, ...options.headers }
      const answer = await this.#streams.request({ method: 'GET', path: this.#prefix + path, headers, signal })
      if (answer.statusCode !== 200) throw await unopened(answer)
      const lines = new Lines(options.maxLineBytes ?? MAX_LINE_BYTES)
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        for (const line of lines.take(chunk)) {
          watch.pause()
          options.onLine?.(line)
          yield line
          if (options.signal.aborted) return
          watch.restart()
        }
      }
    } catch (error) {
      const reason = watch.reason ?? reasonOf(error)
      if (reason === 'ABORTED') return
      throw error instanceof LineLost ? error : new LineLost(reason)
    } finally { watch.clear() }
  }

  /** Open calls end as UNREACHABLE, open streams are cut. */
  async close(): Promise<void> {
    this.#lines?.close()
    this.#trunk.close()
    await Promise.all([this.#calls.destroy(), this.#streams.destroy()])
  }
}

/** One end for a deadline and a caller's signal, that remembers which of the two it was and leaves no listener behind. */
class Limit {
  /** Told once. */
  ended: (reason: Reason) => void = () => undefined
  readonly #stopped = () => this.#end('ABORTED')
  #timer: NodeJS.Timeout | null = null
  reason: Reason | null = null

  constructor(private readonly ms: number, private readonly caller: AbortSignal | undefined, private readonly late: Reason = 'DEADLINE') {
    if (caller?.aborted) this.#stopped()
    else {
      // Whoever asks many houses at once listens once for each.
      if (caller) setMaxListeners(0, caller)
      caller?.addEventListener('abort', this.#stopped)
      this.restart()
    }
  }

  restart(): void {
    this.pause()
    if (this.reason === null) this.#timer = setTimeout(() => this.#end(this.late), this.ms)
  }

  /** While the caller works on a line, the other house owes nothing. */
  pause(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  clear(): void {
    this.pause()
    this.caller?.removeEventListener('abort', this.#stopped)
  }

  #end(reason: Reason): void {
    this.clear()
    this.reason = reason
    this.ended(reason)
  }
}

async function readCapped(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw new LineLost('TOO_LARGE')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** Any status with a JSON object as its body is an answer, but for those that turn this caller away. */
function judged(answer: Gathered, tookMs: number, mayBeRows: boolean): PeerOutcome {
  const { status } = answer
  let body: unknown
  try { body = bodyOf(answer, mayBeRows) } catch { return failure(unusable(status), tookMs, { status }) }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return failure(unusable(status), tookMs, { status })
  return isDenial(status) ? failure('DENIED', tookMs, { status, body }) : { state: 'ANSWERED', status, body, tookMs }
}

function bodyOf({ type, bytes }: Gathered, mayBeRows: boolean): unknown {
  if (!mayBeRows || !type.startsWith(LINES)) return parseGuarded(bytes)
  const { head, rows } = Rows.behind(bytes)
  return typeof head === 'object' && head !== null && !Array.isArray(head) ? Object.assign(head, { rows }) : head
}

/** Without usable JSON the house itself did not speak: a proxy before it did, or it talks nonsense. */
const unusable = (status: number): Reason => isDenial(status) ? 'DENIED' : isGateway(status) ? 'GATEWAY' : 'BAD_ANSWER'

async function unopened(answer: Dispatcher.ResponseData): Promise<LineLost> {
  const { statusCode: status } = answer
  const body = await readCapped(answer.body, 64 * 1024).then(parseGuarded).catch(() => undefined)
  return new LineLost(isGateway(status) ? 'GATEWAY' : 'DENIED', { status, body })
}
