// GraphQL over Server-Sent Events, distinct connections: one operation a request. `id:` is the event's cursor, `Last-Event-ID` resumes behind it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '../refusal'
import type { Desk, Told } from '../live/feed'
import { StreamEnd, Unprepared, isMutation, isSubscription, type Engine, type FormattedResult, type Identity, type OperationMeta, type Prepared } from './engine'
import { Beats } from './beats'
import { mutationByGet, readParams } from './graphql-http'
import type { Viewer } from '../domain/viewer'
import { SLOW } from './limits'
import { goLive } from './live'
import { withdrawnRight, type Holder } from './standing'
import type { OpenStreams } from './streams'
import { setLongTimeout } from './timers'

const BEATS_MISSED = 2
const LOOK_MS = 10
const CURSOR_AT_MOST = 2_048

export class EventStreams implements Holder {
  readonly #open = new Set<ServerResponse>()
  readonly #desks = new Map<EventDesk, Viewer>()
  readonly #beats = new Beats<EventDesk>(desk => desk.beat())

  constructor(private readonly engine: Engine, private readonly tokens: OpenStreams) {}

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
    const giveBack = prepared && isSubscription(prepared) ? this.tokens.take(identity.bearer) : () => undefined
    res.once('close', giveBack)
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
    const desk = new EventDesk(res, thrown => this.#end(res, { errors: thrown instanceof StreamEnd ? thrown.errors : this.engine.masked([thrown], meta) }))
    const { expiresAt } = identity.viewer
    const expiry = expiresAt === null ? null : setLongTimeout(() => desk.end(new Refusal('UNAUTHENTICATED', 'The token has ended.', { hint: 'Resume with a new token and the last cursor.' })), expiresAt - Date.now())
    this.#desks.set(desk, identity.viewer)
    const stop = this.#beats.add(desk)
    res.once('close', () => {
      stop()
      this.#desks.delete(desk)
      if (expiry) clearTimeout(expiry)
    })
    try {
      desk.joined(await goLive(this.engine, prepared, identity, meta, desk))
    } catch (thrown) { desk.end(thrown) }
  }

  viewers(): Iterable<Viewer> { return this.#desks.values() }

  drop(isOver: (viewer: Viewer) => boolean): void {
    for (const [desk, viewer] of [...this.#desks]) if (isOver(viewer)) desk.end(withdrawnRight())
  }

  /** Broken off without `complete`, which would stop a client for good. */
  close(): void {
    this.#beats.close()
    for (const res of this.#open) res.destroy()
  }
}

/** One stream as a desk. A reader that is too slow is cut off: it comes again with its last id. */
class EventDesk implements Desk {
  #leave: (() => void) | null = null
  #isOver = false
  #waiting = 0
  #stuck = 0

  constructor(private readonly res: ServerResponse, private readonly ended: (thrown: unknown) => void) {
    res.once('close', () => this.#over())
  }

  joined(leave: () => void): void {
    this.#leave = leave
    if (this.#isOver) leave()
  }

  tell(told: Told): void {
    if (this.#isOver) return
    const { writableLength } = this.res
    this.#waiting = writableLength === 0 ? 0 : this.#waiting + 1
    if (writableLength > SLOW.bytes || this.#waiting > SLOW.events) return void this.res.destroy()
    this.res.write((told.event ??= Buffer.from(`${told.cursor === null ? '' : `id: ${told.cursor}\n`}event: next\ndata: ${told.text}\n\n`)))
  }

  async flushed(): Promise<void> {
    while (!this.#isOver && this.res.writableLength > 0) await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }

  end(thrown: unknown): void {
    if (this.#isOver) return
    this.#over()
    this.ended(thrown)
  }

  /** Nobody answers a comment: whoever takes nothing for some beats is held for gone. */
  beat(): void {
    this.#stuck = this.res.writableLength === 0 ? 0 : this.#stuck + 1
    if (this.#stuck > BEATS_MISSED) this.res.destroy()
    else this.res.write(':\n\n')
  }

  #over(): void {
    this.#isOver = true
    this.#leave?.()
  }
}

function lastEventIdOf(req: IncomingMessage): string | null {
  const value = req.headers['last-event-id']
  if (value === undefined || value === '') return null
  if (typeof value === 'string' && value.length <= CURSOR_AT_MOST && /^[\w-]+$/.test(value)) return value
  throw new Refusal('CURSOR_INVALID', 'This cursor is not one of this list or feed, or not yours.', { path: 'after', hint: 'Send the id of the last event as it came.' })
}
