// Somebody at the public API of a house: asks over HTTP, takes acts, keeps feeds open over WebSocket or Server-Sent Events.
// Knows no more of Comity than its contract; the clients of both feeds are the libraries that partners use.
import { setTimeout as pause } from 'node:timers/promises'
import { createClient as createEventClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface AnswerError { message: string; path?: (string | number)[]; extensions: Record<string, unknown> & { code: string } }
export interface Answer<Shape> { status: number; data?: Shape | null; errors?: AnswerError[] }
export type Over = 'WebSocket' | 'SSE'
export interface Acted { reference: string; version: number; status: string; urgency: string; pending: { act: string }[]; availableActs: string[]; origin: { authority: string; stale: boolean } }

const ASK_WITHIN_MS = 40_000
const ACTED = '{ reference version status urgency pending { act } availableActs origin { authority stale } }'
const LOOK = `query($reference: String!) { request(reference: $reference) ${ACTED} }`

/** JSON of which a test names no shape. */
export type Json = Record<string, unknown>

export class Desk {
  readonly #feeds: { close(): void }[] = []

  constructor(readonly url: string, readonly token: string | null) {}

  get #headers(): Record<string, string> { return this.token === null ? {} : { authorization: `Bearer ${this.token}` } }

  async ask<Shape = Json>(query: string, variables: object = {}): Promise<Answer<Shape>> {
    const response = await fetch(this.url, {
      method: 'POST', headers: { 'content-type': 'application/json', ...this.#headers }, body: JSON.stringify({ query, variables }), signal: AbortSignal.timeout(ASK_WITHIN_MS),
    }).catch((thrown: Error) => { throw new TypeError(`${this.url} gave no answer: ${String(thrown)}, ${String(thrown.cause)}`, { cause: thrown }) })
    return { status: response.status, ...((await response.json()) as Omit<Answer<Shape>, 'status'>) }
  }

  /** What was asked for; throws where anything was refused. */
  async read<Shape = Json>(query: string, variables: object = {}): Promise<Shape> {
    const { data, errors } = await this.ask<Shape>(query, variables)
    if (errors || !data) throw new TypeError(`refused: ${JSON.stringify(errors)}`)
    return data
  }

  /** The code of the first error; null where there is none. */
  async refusal(query: string, variables: object = {}): Promise<string | null> { return (await this.ask(query, variables)).errors?.[0]?.extensions.code ?? null }

  /** Takes an act; `mutation` is the contract's name of it. */
  async act(mutation: string, input: object): Promise<Acted> {
    return (await this.read<{ done: { request: Acted } }>(mutationText(mutation), { input })).done.request
  }

  tryAct(mutation: string, input: object): Promise<Answer<{ done: { request: Acted } }>> { return this.ask(mutationText(mutation), { input }) }

  /** The error of an act that must be refused; throws where it was taken. */
  async refusedAct(mutation: string, input: object): Promise<AnswerError> {
    const { errors } = await this.tryAct(mutation, input)
    if (!errors?.[0]) throw new TypeError(`${mutation} was taken`)
    return errors[0]
  }

  async look(reference: string): Promise<Acted | null> { return (await this.read<{ request: Acted | null }>(LOOK, { reference })).request }

  /** The request once it is in a state and nothing of this side is pending: a letter needs a moment. */
  until(reference: string, status: string): Promise<Acted | null> {
    return eventually(() => this.look(reference), request => request?.status === status && request.pending.length === 0, `${reference} is ${status}`)
  }

  /** Takes an act once this side may: a letter needs a moment. */
  async actOnceOffered(act: string, mutation: string, reference: string, words: object = {}): Promise<Acted> {
    const seen = await eventually(() => this.look(reference), request => request?.availableActs.includes(act) === true, `${reference} allows ${act}`)
    return this.act(mutation, { reference, expectedVersion: seen?.version, ...words })
  }

  async feedCursor(): Promise<string> { return (await this.read<{ requests: { feedCursor: string } }>('{ requests(first: 1) { feedCursor } }')).requests.feedCursor }

  /** Opens a feed; the subscription takes `$after`. Without one given it begins at a cursor of now, so that nothing is missed. */
  async listen<Event = Json>(query: string, { over = 'WebSocket', after, variables = {} }: { over?: Over; after?: string | null; variables?: object } = {}): Promise<Feed<Event>> {
    const from = after === undefined ? await this.feedCursor() : after
    const feed = new Feed<Event>(this.url, this.#headers, over, { query, variables: { ...variables, after: from } })
    this.#feeds.push(feed)
    return feed
  }

  close(): void { for (const feed of this.#feeds) feed.close() }
}

const mutationText = (mutation: string): string => `mutation($input: ${inputOf(mutation)}!) { done: ${mutation}(input: $input) { request ${ACTED} } }`

/** Input types of acts are named after their mutation, but for two. */
function inputOf(mutation: string): string {
  if (mutation === 'draftRequest') return 'DraftRequestInput'
  return `${mutation[0]?.toUpperCase() ?? ''}${mutation.slice(1).replace(/(Request|Proposal)$/, '')}Input`
}

/** One open feed: what came, in order. Does not reconnect: a test says when. */
export class Feed<Event = Json> {
  readonly events: Event[] = []
  /** Told of each as it comes. */
  heard: (event: Event) => void = () => undefined
  /** Errors that came in place of events. */
  readonly errors: unknown[] = []
  /** Resolves with the cause when the feed ends: null where the house completed it. */
  readonly ended: Promise<unknown>
  #dispose: () => void = () => undefined

  constructor(url: string, headers: Record<string, string>, over: Over, payload: { query: string; variables: Record<string, unknown> }) {
    const client = over === 'WebSocket'
      ? createSocketClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: headers })
      : createEventClient({ url: `${url}/stream`, headers, retryAttempts: 0 })
    this.ended = new Promise(resolve => {
      this.#dispose = client.subscribe<Record<string, Event>>(payload, { next: result => this.#take(result), error: resolve, complete: () => resolve(null) })
    })
  }

  #take({ data, errors }: { data?: Record<string, Event> | null; errors?: readonly unknown[] }): void {
    if (errors) this.errors.push(...errors)
    if (!data) return
    this.events.push(...Object.values(data))
    for (const event of Object.values(data)) this.heard(event)
  }

  /** Cursor of the last event; resuming goes on behind it. */
  get cursor(): string | null { return (this.events.at(-1) as { cursor?: string } | undefined)?.cursor ?? null }

  until(holds: (events: readonly Event[]) => boolean, what = 'the feed to tell it', withinMs?: number): Promise<readonly Event[]> {
    return eventually(() => Promise.resolve(this.events), holds, `${what}; errors: ${JSON.stringify(this.errors)}`, withinMs)
  }

  close(): void { this.#dispose() }
}

/** Reads until it holds; throws with what was read last. */
export async function eventually<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean, what: string, withinMs = 60_000): Promise<Value> {
  const until = Date.now() + withinMs
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > until) throw new TypeError(`waited in vain until ${what}: ${JSON.stringify(value)?.slice(0, 2_000)}`)
    await pause(25)
  }
}
