// The exchange over plain HTTP: letters and receipts in as bounded JSON, mailboxes out as endless NDJSON with back pressure.
// Must not know what makes a letter good; every refusal is JSON with a code and the request's id.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { drained } from '../door/drained'
import { readText } from '../door/plain'
import { Refusal } from '../refusal'
import type { Exchange, MailboxLine } from './exchange'
import type { HouseCheckpoints } from './house-checkpoints'

/** `house`: whose line it is, where that was proved by mutual TLS. */
export interface ExchangeMeta { requestId: string; house?: string | null }

export interface ExchangeRoute {
  method: 'GET' | 'POST'
  path: string
  forHouses?: boolean
  anyHost?: boolean
  handle(req: IncomingMessage, res: ServerResponse, meta: ExchangeMeta): Promise<void>
}

export interface ExchangeDoorParts {
  exchange: Exchange
  checkpoints: HouseCheckpoints
  /** Whose node token this is; a Refusal where it is not good. */
  authorityOf: (token: string) => Promise<string>
  /** The signed directory, where it is newer than this version; else null. */
  directoryAfter: (version: number) => string | null
  /** The next signed edition of the register behind a version; null where there is none. */
  editionAfter: (version: number) => Promise<string | null>
  /** The hub stops: streams end in good order, so that nodes come again elsewhere. */
  stopping: AbortSignal
  now: () => Date
  /** What was thrown and is no Refusal: logged whole there, answered here with a fixed text. */
  onFault: (error: unknown, requestId: string) => void
  beatMs?: number
  longestMs?: number
  stallMs?: number
}

export const MAX_BATCH = 100
export const MAX_BODY_BYTES = 8 * 1024 * 1024
const BEAT_MS = 5_000
/** A stream's authority was proved at its opening; it has to prove itself again at least so often. */
const LONGEST_MS = 60 * 60_000
/** More streams of one authority end the oldest: a node that restarts must not wait for its own half-open line to die. */
const STREAMS_AN_AUTHORITY = 8

export function exchangeRoutes(parts: ExchangeDoorParts): ExchangeRoute[] {
  const streams = new OpenStreams()
  const route = (method: ExchangeRoute['method'], path: string, answer: (req: IncomingMessage, res: ServerResponse, meta: ExchangeMeta) => Promise<void>, forHouses = true): ExchangeRoute =>
    ({ method, path, forHouses, anyHost: !forHouses, handle: (req, res, meta) => answer(req, res, meta).catch(error => refuse(res, error, meta.requestId, parts.onFault)) })
  return [
    route('POST', '/exchange/letters', async (req, res, { house }) => json(res, { results: await parts.exchange.submit(await readBatch(req, 'letters'), house) })),
    route('POST', '/exchange/receipts', async (req, res) => json(res, await parts.exchange.receipts(await readBatch(req, 'receipts')))),
    route('POST', '/exchange/checkpoints', async (req, res, { house }) => json(res, await parts.checkpoints.take(await jsonBody(req), house))),
    route('GET', '/exchange/checkpoints/last', async (req, res) => json(res, { last: await parts.checkpoints.last(await parts.authorityOf(bearerOf(req))) })),
    route('GET', '/exchange/mailbox', (req, res, meta) => openMailbox(parts, streams, req, res, meta)),
    route('GET', '/register', async (req, res) => json(res, { edition: await parts.editionAfter(afterOf(req)) }), false),
    route('GET', '/directory', async (req, res) => directory(parts, req, res), false),
  ]
}

/** Whole, as it was signed; with `after`, as JSON, and null where there is no newer one. */
function directory({ directoryAfter }: ExchangeDoorParts, req: IncomingMessage, res: ServerResponse): void {
  if ((req.url ?? '').includes('?')) json(res, { directory: directoryAfter(afterOf(req)) })
  else send(res, 200, 'application/jose', directoryAfter(0) ?? '')
}

async function openMailbox(parts: ExchangeDoorParts, streams: OpenStreams, req: IncomingMessage, res: ServerResponse, { house }: ExchangeMeta): Promise<void> {
  const authority = await parts.authorityOf(bearerOf(req))
  if (house && house !== authority) throw new Refusal('FORBIDDEN', 'this token is another house\'s than this line', {})
  const after = afterOf(req)
  const last = await parts.exchange.last(authority)
  // Waiting there in silence would skip whatever is written up to that position.
  if (after > last) throw new Refusal('CURSOR_INVALID', 'this mailbox does not reach that far', { last })
  const end = new AbortController()
  const ended = () => end.abort()
  const longest = setTimeout(ended, parts.longestMs ?? LONGEST_MS)
  const forget = streams.add(authority, end)
  res.once('close', ended)
  parts.stopping.addEventListener('abort', ended)
  if (parts.stopping.aborted || res.destroyed) ended()
  try {
    await pour(parts, res, parts.exchange.follow(authority, after, end.signal), end.signal)
  } finally {
    clearTimeout(longest)
    forget()
    parts.stopping.removeEventListener('abort', ended)
  }
}

/** Once the head is out, a fault can only cut the answer off; the node comes again from its cursor. */
async function pour(parts: ExchangeDoorParts, res: ServerResponse, batches: AsyncGenerator<MailboxLine[], void>, signal: AbortSignal): Promise<void> {
  res.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  const beat = () => { if (!res.writableNeedDrain) res.write(`{"beat":"${parts.now().toISOString()}"}\n`) }
  beat()
  const beats = setInterval(beat, parts.beatMs ?? BEAT_MS)
  try {
    for await (const lines of batches) {
      for (const line of lines) {
        if (signal.aborted) break
        if (!res.write(JSON.stringify(line) + '\n')) await drained(res, signal, parts.stallMs)
      }
    }
  } catch (error) {
    res.destroy()
    throw error
  } finally { clearInterval(beats) }
  res.end()
}

class OpenStreams {
  readonly #open = new Map<string, AbortController[]>()

  /** Answers with what takes it out again. */
  add(authority: string, stream: AbortController): () => void {
    const open = [...this.#open.get(authority) ?? [], stream]
    while (open.length > STREAMS_AN_AUTHORITY) open.shift()?.abort()
    this.#open.set(authority, open)
    return () => {
      const rest = (this.#open.get(authority) ?? []).filter(other => other !== stream)
      if (rest.length > 0) this.#open.set(authority, rest)
      else this.#open.delete(authority)
    }
  }
}

function bearerOf(req: IncomingMessage): string {
  const [, token] = /^Bearer ([\w.-]{1,8192})$/.exec(req.headers.authorization ?? '') ?? []
  if (token === undefined) throw new Refusal('UNAUTHENTICATED', 'a node token is needed', { hint: 'Send `Authorization: Bearer` with a token of type comity-node+jwt.' })
  return token
}

function afterOf(req: IncomingMessage): number {
  const query = new URLSearchParams((req.url ?? '').split('?')[1] ?? '')
  const text = query.get('after') ?? ''
  if (!/^\d{1,15}$/.test(text)) throw new Refusal('BAD_USER_INPUT', 'a position of the mailbox is needed', { path: 'after' })
  return Number(text)
}

/** A route that answers with JSON, or with why not. */
export const answering = (method: ExchangeRoute['method'], path: string, onFault: ExchangeDoorParts['onFault'], answer: (req: IncomingMessage) => Promise<unknown>): ExchangeRoute =>
  ({ method, path, handle: (req, res, meta) => answer(req).then(value => json(res, value)).catch(error => refuse(res, error, meta.requestId, onFault)) })

async function readBatch(req: IncomingMessage, name: 'letters' | 'receipts'): Promise<unknown[]> {
  const body = await jsonBody(req)
  const batch = typeof body === 'object' && body !== null && Object.keys(body).join() === name ? Object.values(body)[0] as unknown : null
  if (!Array.isArray(batch)) throw new Refusal('BAD_REQUEST', `the body has to be an object with the one list ${name}`)
  if (batch.length > MAX_BATCH) throw new Refusal('PAYLOAD_TOO_LARGE', `at most ${MAX_BATCH} ${name} at once`)
  return batch
}

/** The body of a request, parsed, of at most MAX_BODY_BYTES. */
export async function jsonBody(req: IncomingMessage): Promise<unknown> {
  const text = await readText(req, MAX_BODY_BYTES)
  try { return JSON.parse(text) } catch { throw new Refusal('BAD_REQUEST', 'the body is not JSON') }
}

const STATUS: Readonly<Partial<Record<Refusal['code'], number>>> = {
  UNAUTHENTICATED: 401, FORBIDDEN: 403, CURSOR_INVALID: 409, VERSION_CONFLICT: 409, PAYLOAD_TOO_LARGE: 413, UNSUPPORTED_MEDIA_TYPE: 415, STORE_UNAVAILABLE: 503,
}

function refuse(res: ServerResponse, error: unknown, requestId: string, onFault: ExchangeDoorParts['onFault']): void {
  if (!(error instanceof Refusal)) onFault(error, requestId)
  if (res.headersSent || res.destroyed) return void res.destroy()
  const { code, message, facts } = error instanceof Refusal ? error : new Refusal('INTERNAL_SERVER_ERROR', 'Internal server error')
  const status = code === 'INTERNAL_SERVER_ERROR' ? 500 : STATUS[code] ?? 400
  // What is left of a refused body is not read: the connection can not be used again.
  if (!res.req.complete) res.setHeader('connection', 'close')
  if (status === 401) res.setHeader('www-authenticate', 'Bearer')
  send(res, status, 'application/json', JSON.stringify({ errors: [{ message, extensions: { ...facts, code, requestId } }] }))
}

const json = (res: ServerResponse, value: unknown): void => send(res, 200, 'application/json', JSON.stringify(value))

function send(res: ServerResponse, status: number, type: string, text: string): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  res.end(text)
}
