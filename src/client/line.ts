// A line to a house that misses nothing: any number of feeds over one socket, each resumed behind its last event after every cut, and an
// honest word on how the line is. Runs in a browser and in Node; knows no page, no store, and of the contract only the cursors.
import { createClient, type Client } from 'graphql-ws'

export type LineState =
  | { phase: 'connecting' }
  | { phase: 'catching-up'; events: number }
  | { phase: 'live' }
  | { phase: 'lost'; why: string; retryAt: number }
  /** For good. `CURSOR_EXPIRED` and `CURSOR_INVALID`: what is followed must be read anew; other codes: the token, or what was asked. */
  | { phase: 'ended'; why: string; code: string }

export interface FeedEvent { cursor: string }

export interface Feed {
  /** One subscription of the contract that takes `$after` and selects `cursor` of its events. */
  query: string
  variables?: Record<string, unknown>
  /** Goes on behind this cursor; without it the line asks for one of now before it subscribes, so that nothing is missed from then on. */
  after?: string | null
  /** It begins with how things stand and has no cursors (`partnerChanged`): after a cut it begins anew. */
  isSnapshot?: boolean
  /** Each event once, in order. Its cursor is the line's place as soon as this has returned. */
  next(event: FeedEvent): void
  /** An event that the house could not show in several attempts; the line goes on behind it. Without this, the line ends there. */
  unshown?(event: FeedEvent, why: string): void
}

export interface LineOptions {
  /** The GraphQL endpoint: `http://127.0.0.1:4000/graphql`. */
  url: string
  feeds: readonly Feed[]
  /** `Bearer …`, asked anew for each connection: a token that has ended is replaced, and nothing is missed. */
  authorization?(): Promise<string> | string
  state?(state: LineState): void
  /** The house answered something, an event or a heartbeat. */
  heard?(): void
  /** Milliseconds until the next attempt; by default from 1 s doubling to 15 s, of which a random half. */
  backOff?(attempt: number): number
  webSocket?: unknown
}

const QUIET_MS = 700
const BEAT_MS = 10_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 15_000
const ANSWER_WITHIN_MS = 15_000
/** What passes by itself; any other refusal would come again. */
const PASSING: readonly string[] = ['AUTHORITY_UNREACHABLE', 'STORE_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']
/** Attempts at one place before its event is held for one that cannot be shown. */
const ATTEMPTS_AT_A_PLACE = 3
const NOW = '{ requests(first: 1) { feedCursor } }'

const backOff = (attempt: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.5 + Math.random() / 2)

export class Line {
  readonly #places: (string | null)[]
  /** Of each feed: how often the event at its place could not be shown. */
  readonly #unshown = new Map<number, { cursor: string; times: number }>()
  #client: Client | null = null
  #state: LineState = { phase: 'connecting' }
  #attempts = 0
  #heardAt = 0
  #used: string | undefined
  #isOver = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #quiet: ReturnType<typeof setTimeout> | undefined
  #pong: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: LineOptions) {
    this.#places = options.feeds.map(({ after }) => after ?? null)
  }

  get state(): LineState { return this.#state }
  /** Where each feed goes on: to be kept by whoever goes on another day. Null before the first connection. */
  get cursors(): readonly (string | null)[] { return this.#places }

  open(): void {
    clearTimeout(this.#retry)
    if (this.#isOver || this.#client) return
    this.#say({ phase: 'connecting' })
    const client = createClient({
      url: this.options.url.replace(/^http/, 'ws'), lazy: true, retryAttempts: 0, keepAlive: BEAT_MS, webSocketImpl: this.options.webSocket,
      connectionParams: async () => {
        this.#used = await this.options.authorization?.()
        return this.#used === undefined ? {} : { authorization: this.#used }
      },
      on: {
        connected: () => this.#connected(client),
        ping: received => { if (!received) this.#awaitPong(client) },
        pong: received => { if (received) this.#heard() },
      },
    })
    this.#client = client
    void this.#begin(client)
  }

  /** For good. */
  close(): void {
    this.#isOver = true
    this.pause()
  }

  /** Until `open`, which goes on behind what was told. */
  pause(): void {
    for (const timer of [this.#retry, this.#quiet, this.#pong]) clearTimeout(timer)
    const client = this.#client
    this.#client = null
    // A connection that failed meanwhile has been told.
    void Promise.resolve(client?.dispose()).catch(() => undefined)
  }

  /** The machine woke up, or the network came back: does not wait for a timer to find out. */
  check(): void {
    if (this.#state.phase === 'lost') return this.open()
    if (this.#client && this.#state.phase === 'live' && Date.now() - this.#heardAt > 2 * BEAT_MS) this.#client.terminate()
  }

  async #begin(client: Client): Promise<void> {
    try {
      if (this.#places.some((place, i) => place === null && !this.options.feeds[i]?.isSnapshot)) await this.#beginNow(client)
    } catch { return this.#cut(client, 'The house cannot be reached') }
    for (const [i, feed] of this.options.feeds.entries()) if (client === this.#client) this.#follow(client, i, feed)
  }

  async #beginNow(client: Client): Promise<void> {
    this.#used = await this.options.authorization?.()
    const response = await fetch(this.options.url, {
      method: 'POST', headers: { 'content-type': 'application/json', ...(this.#used !== undefined && { authorization: this.#used }) },
      body: JSON.stringify({ query: NOW }), signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const { data, errors } = (await response.json()) as { data?: { requests: { feedCursor: string } } | null; errors?: readonly unknown[] }
    if (!data) return this.#refused(client, errors ?? [])
    for (const [i, place] of this.#places.entries()) this.#places[i] = place ?? data.requests.feedCursor
  }

  #follow(client: Client, i: number, feed: Feed): void {
    const { query, variables, next } = feed
    client.subscribe<Record<string, FeedEvent | null>>({ query, variables: feed.isSnapshot ? { ...variables } : { ...variables, after: this.#places[i] } }, {
      next: ({ data, errors, extensions }) => {
        if (client !== this.#client) return
        this.#heard()
        const event = Object.values(data ?? {})[0]
        if (!event) return this.#notShown(client, i, feed, errors ?? [], (extensions as Record<string, unknown> | undefined)?.['cursor'])
        if (feed.isSnapshot) return next(event)
        if (typeof event.cursor !== 'string') return this.#end('An event came without its cursor: select `cursor`.', 'BAD_USER_INPUT')
        next(event)
        this.#passed(i, event.cursor)
      },
      error: thrown => this.#failed(client, thrown),
      complete: () => this.#cut(client, 'The house ended the feed'),
    })
  }

  #passed(i: number, cursor: string): void {
    this.#places[i] = cursor
    this.#unshown.delete(i)
    this.#counted()
  }

  /** An event without its data. What passes is met again from before it; what does not must not be met for ever. */
  #notShown(client: Client, i: number, { unshown }: Feed, errors: readonly unknown[], cursor: unknown): void {
    const { message, code } = errorOf(errors)
    if (typeof cursor !== 'string' || code === 'UNAUTHENTICATED') return this.#refused(client, errors)
    const known = this.#unshown.get(i)
    const times = known?.cursor === cursor ? known.times + 1 : 1
    this.#unshown.set(i, { cursor, times })
    if (times < ATTEMPTS_AT_A_PLACE) return this.#cut(client, message)
    if (!unshown) return this.#end(`An event cannot be shown: ${message}`, code)
    unshown({ cursor }, message)
    this.#passed(i, cursor)
  }

  #connected(client: Client): void {
    if (client !== this.#client) return
    this.#heard()
    this.#say({ phase: 'catching-up', events: 0 })
    this.#untilQuiet()
  }

  #counted(): void {
    if (this.#state.phase !== 'catching-up') return
    this.#say({ phase: 'catching-up', events: this.#state.events + 1 })
    this.#untilQuiet()
  }

  /** No event says that the past is over; a moment without one does. */
  #untilQuiet(): void {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      this.#attempts = 0
      this.#say({ phase: 'live' })
    }, QUIET_MS)
  }

  #heard(): void {
    clearTimeout(this.#pong)
    this.#heardAt = Date.now()
    this.options.heard?.()
  }

  /** A beat without an answer until the next: the line is dead, whatever the network says. */
  #awaitPong(client: Client): void {
    clearTimeout(this.#pong)
    this.#pong = setTimeout(() => client.terminate(), BEAT_MS)
  }

  #failed(client: Client, thrown: unknown): void {
    if (client !== this.#client) return
    if (Array.isArray(thrown)) return this.#refused(client, thrown)
    const { code = 0, reason = '' } = (thrown ?? {}) as { code?: number; reason?: string }
    if (code === 4403) return void this.#renew(client, 'The token is not good any more', 'UNAUTHENTICATED')
    const asked = /come again in (\d{1,5}) ms/.exec(reason)?.[1]
    this.#cut(client, CLOSES[code] ?? 'The line was lost', asked === undefined ? undefined : Number(asked))
  }

  #refused(client: Client, errors: readonly unknown[]): void {
    if (client !== this.#client) return
    const { message, code } = errorOf(errors)
    if (PASSING.includes(code)) this.#cut(client, message)
    else if (code === 'UNAUTHENTICATED') void this.#renew(client, message, code)
    else this.#end(message, code)
  }

  /** A token that can be had anew is, once; the same one would be refused again. */
  async #renew(client: Client, why: string, code: string): Promise<void> {
    const used = this.#used
    const fresh = await Promise.resolve(this.options.authorization?.()).catch(() => used)
    if (client !== this.#client) return
    if (this.#attempts > 0 || fresh === used) this.#end(why, code)
    else this.#cut(client, why, 0)
  }

  #end(why: string, code: string): void {
    this.close()
    this.#say({ phase: 'ended', why, code })
  }

  #cut(client: Client, why: string, again?: number): void {
    if (client !== this.#client || this.#isOver) return
    this.pause()
    const wait = again ?? (this.options.backOff ?? backOff)(this.#attempts)
    this.#attempts++
    this.#say({ phase: 'lost', why, retryAt: Date.now() + wait })
    this.#retry = setTimeout(() => this.open(), wait)
  }

  #say(state: LineState): void {
    this.#state = state
    this.options.state?.(state)
  }
}

function errorOf(errors: readonly unknown[]): { message: string; code: string } {
  const { message = 'The house gave no answer', extensions } = (errors[0] ?? {}) as { message?: string; extensions?: Record<string, unknown> }
  return { message, code: typeof extensions?.['code'] === 'string' ? extensions['code'] : 'INTERNAL_SERVER_ERROR' }
}

const CLOSES: Record<number, string> = { 1001: 'The house is going down', 1012: 'The house restarts', 4008: 'This end was too slow', 4499: 'No heartbeat' }

/** Opens a line. */
export function follow(options: LineOptions): Line {
  const line = new Line(options)
  line.open()
  return line
}
