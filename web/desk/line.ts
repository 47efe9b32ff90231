// The line to the house: both feeds over one socket, resumed behind the last event of each after every cut, and an honest
// word on how it is. Never skips: a cursor that the house does not take is said to whoever owns the board.
import { createClient, type Client } from 'graphql-ws'
import { socketUrl } from '../access/socket-url'
import { refusedBy, type Refused } from './house'
import { STATUS_FEED, URGENT_FEED, type StatusEvent, type UrgentEvent } from './operations'

export type LineState =
  | { phase: 'connecting' }
  | { phase: 'catching-up'; events: number }
  | { phase: 'live' }
  | { phase: 'lost'; why: string; retryAt: number }
  | { phase: 'ended'; why: string }

export interface LineOwner {
  /** Fresh for each connection: a token may have been renewed meanwhile. */
  authorization(): Promise<string>
  renews: boolean
  urgent(event: UrgentEvent): void
  status(event: StatusEvent): void
  state(state: LineState): void
  /** The house answered something, an event or a heartbeat. */
  heard(): void
  /** The feed cannot be resumed: the board must be read anew. */
  cursorLost(code: string): void
}

const QUIET_MS = 700
const PING_MS = 10_000
const PONG_WITHIN_MS = 5_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 15_000
const ENDS: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN']
const LOST_CURSOR: readonly string[] = ['CURSOR_EXPIRED', 'CURSOR_INVALID']

export class Line {
  readonly #cursors: { urgent: string; status: string }
  #client: Client | null = null
  #state: LineState = { phase: 'connecting' }
  #attempts = 0
  #heardAt = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #quiet: ReturnType<typeof setTimeout> | undefined
  #pong: ReturnType<typeof setTimeout> | undefined
  #over = false

  constructor(private readonly owner: LineOwner, feedCursor: string) {
    this.#cursors = { urgent: feedCursor, status: feedCursor }
  }

  open(): void {
    clearTimeout(this.#retry)
    if (this.#over || this.#client) return
    this.#say({ phase: 'connecting' })
    const client = createClient({
      url: socketUrl(), lazy: true, retryAttempts: 0, keepAlive: PING_MS,
      connectionParams: async () => ({ authorization: await this.owner.authorization() }),
      on: {
        connected: () => this.#connected(client),
        ping: received => { if (!received) this.#awaitPong(client) },
        pong: received => { if (received) this.#heard() },
      },
    })
    this.#client = client
    this.#follow(client, URGENT_FEED, this.#cursors.urgent, data => this.#urgent(data))
    this.#follow(client, STATUS_FEED, this.#cursors.status, data => this.#status(data))
  }

  close(): void {
    this.#over = true
    for (const timer of [this.#retry, this.#quiet, this.#pong]) clearTimeout(timer)
    void this.#client?.dispose()
    this.#client = null
  }

  /** The machine woke up, or the network came back: do not wait for a timer to find out. */
  check(): void {
    if (this.#state.phase === 'lost') return this.open()
    if (this.#client && this.#state.phase === 'live' && Date.now() - this.#heardAt > PING_MS + PONG_WITHIN_MS) this.#client.terminate()
  }

  #follow(client: Client, query: string, after: string, next: (data: Record<string, unknown>) => void): void {
    client.subscribe<Record<string, unknown>>({ query, variables: { after } }, {
      next: ({ data, errors }) => {
        if (client !== this.#client) return
        this.#heard()
        if (errors?.length) return this.#refused(client, refusedBy(errors))
        if (data) next(data)
      },
      error: thrown => this.#failed(client, thrown),
      complete: () => this.#cut(client, 'The house ended the feed.'),
    })
  }

  #connected(client: Client): void {
    if (client !== this.#client) return
    this.#heard()
    this.#say({ phase: 'catching-up', events: 0 })
    this.#untilQuiet()
  }

  #urgent(data: Record<string, unknown>): void {
    const event = data['urgentRequests'] as UrgentEvent
    this.owner.urgent(event)
    this.#cursors.urgent = event.cursor
    this.#counted()
  }

  #status(data: Record<string, unknown>): void {
    const event = data['statusChanged'] as StatusEvent
    this.owner.status(event)
    this.#cursors.status = event.cursor
    this.#counted()
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
    this.owner.heard()
  }

  #awaitPong(client: Client): void {
    clearTimeout(this.#pong)
    this.#pong = setTimeout(() => client.terminate(), PONG_WITHIN_MS)
  }

  #failed(client: Client, thrown: unknown): void {
    if (Array.isArray(thrown)) return this.#refused(client, refusedBy(thrown))
    const { code } = thrown as { code?: number }
    if (code === 4403) return this.#ended(client, 'The token is not good any more.')
    this.#cut(client, CLOSES[code ?? 0] ?? 'Line lost')
  }

  #refused(client: Client, refused: Refused): void {
    if (client !== this.#client) return
    if (ENDS.includes(refused.code)) return this.#ended(client, refused.message)
    if (!LOST_CURSOR.includes(refused.code)) return this.#cut(client, refused.message)
    this.close()
    this.owner.cursorLost(refused.code)
  }

  /** A token that can be had anew is, once. */
  #ended(client: Client, why: string): void {
    if (client !== this.#client) return
    if (this.owner.renews && this.#attempts === 0) return this.#cut(client, why)
    this.close()
    this.#say({ phase: 'ended', why })
  }

  #cut(client: Client, why: string): void {
    if (client !== this.#client || this.#over) return
    this.#client = null
    for (const timer of [this.#quiet, this.#pong]) clearTimeout(timer)
    void client.dispose()
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts++) * (0.5 + Math.random() / 2)
    this.#say({ phase: 'lost', why, retryAt: Date.now() + wait })
    this.#retry = setTimeout(() => this.open(), wait)
  }

  #say(state: LineState): void {
    this.#state = state
    this.owner.state(state)
  }
}

const CLOSES: Record<number, string> = { 1001: 'The house is going down', 1012: 'The house restarts', 4008: 'This page was too slow', 4499: 'No heartbeat' }
