// GraphQL over Server-Sent Events, distinct connections: one operation a request. `id:` is the event's cursor, `Last-Event-ID` resumes behind it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '../refusal'
import { rootKey, StreamEnd, Unprepared, isMutation, isSubscription, type Engine, type FormattedResult, type Identity, type OperationMeta, type Prepared } from './engine'
import { mutationByGet, readParams } from './graphql-http'
import { cursorIn } from './websocket'

const BEAT_MS = 10_000
const BUFFERED_AT_MOST = 1024 * 1024
const CURSOR_AT_MOST = 2_048

export class EventStreams {
  readonly #open = new Set<ServerResponse>()

  constructor(private readonly engine: Engine) {}

  get open(): number { return this.#open.size }

  async handle(req: IncomingMessage, res: ServerResponse, identity: Identity, meta: OperationMeta): Promise<void> {
    const params = await readParams(req)
    const lastEventId = lastEventIdOf(req)
    let prepared: Prepared | null = null
    let errors: readonly unknown[] = []
    try {
      prepared = this.engine.prepare(params, identity)
    } catch (thrown) {
      if (!(thrown instanceof Unprepared)) throw thrown
      errors = thrown.errors
      prepared = null
    }
    if (req.method === 'GET' && prepared && isMutation(prepared)) throw mutationByGet()
    this.#begin(res)
    if (!prepared) return this.#end(res, { errors: this.engine.masked(errors, meta) })
    if (!isSubscription(prepared)) return this.#end(res, await this.engine.run(prepared, identity, meta))
    await this.#stream(res, prepared, identity, { ...meta, lastEventId })
  }

  #begin(res: ServerResponse): void {
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-store', connection: 'keep-alive', 'x-accel-buffering': 'no' })
    res.write(':\n\n')
    this.#open.add(res)
    res.once('close', () => this.#open.delete(res))
  }

  #end(res: ServerResponse, result: FormattedResult): void {
    res.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)
    res.end('event: complete\ndata:\n\n')
  }

  async #stream(res: ServerResponse, prepared: Prepared, identity: Identity, meta: OperationMeta): Promise<void> {
    const events = this.engine.stream(prepared, identity, meta)
    const beat = setInterval(() => res.write(':\n\n'), BEAT_MS)
    const { expiresAt } = identity.viewer
    const ended = new Refusal('UNAUTHENTICATED', 'The token has ended.', { hint: 'Resume with a new token and the last cursor.' })
    const expiry = expiresAt === null ? null : setTimeout(() => {
      this.#end(res, { errors: this.engine.masked([ended], meta) })
      void events.return()
    }, Math.min(Math.max(0, expiresAt - Date.now()), 2 ** 31 - 1))
    res.once('close', () => void events.return())
    try {
      for await (const event of events) this.#event(res, prepared, event)
      if (!res.writableEnded && !res.destroyed) res.end('event: complete\ndata:\n\n')
    } catch (thrown) {
      if (!res.writableEnded) this.#end(res, { errors: thrown instanceof StreamEnd ? thrown.errors : this.engine.masked([thrown], meta) })
    } finally {
      clearInterval(beat)
      if (expiry) clearTimeout(expiry)
    }
  }

  /** A reader whose buffer is full is cut off: it comes again with its last id. */
  #event(res: ServerResponse, prepared: Prepared, event: FormattedResult): void {
    if (res.writableEnded) return
    if (res.writableLength > BUFFERED_AT_MOST) return void res.destroy()
    const key = rootKey(prepared)
    const cursor = key === null ? undefined : cursorIn(event, key)
    res.write(`${cursor ? `id: ${cursor}\n` : ''}event: next\ndata: ${JSON.stringify(event)}\n\n`)
  }

  /** Broken off without `complete`, which would stop a client for good. */
  close(): void {
    for (const res of this.#open) res.destroy()
  }
}

function lastEventIdOf(req: IncomingMessage): string | null {
  const value = req.headers['last-event-id']
  if (value === undefined || value === '') return null
  if (typeof value === 'string' && value.length <= CURSOR_AT_MOST && /^[\w-]+$/.test(value)) return value
  throw new Refusal('CURSOR_INVALID', 'This cursor is not one of this list or feed, or not yours.', { hint: 'Send the id of the last event as it came.' })
}
