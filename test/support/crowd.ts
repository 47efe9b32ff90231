// Many desks on one hub that is taken from them: each keeps a line of `comity/client` open and writes down what it heard, and when. What was heard
// is compared with what was done, desk by desk: nothing lost, nothing twice, in order.
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { follow, type FeedEvent, type Line } from '../../src/client/client'
import { draftInput } from './case'
import { eventually, type Desk } from './desk'
import type { Trial } from './trial'

const STATUS = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor request { reference version status } } }'
/** A token may ask for 400 operations a second; people have one each. */
const DESKS_A_TOKEN = 100
const OPENED_AT_ONCE = 250
const CAUGHT_UP_WITHIN_MS = 120_000
const LOOK_MS = 50

/** How it went to have everybody come back at once. Times from the moment at which the hub was taken away. */
export interface Weathered { /** Until the hub was ready again. */ readyMs: number; /** Of each desk: until it had heard all that was done before and meanwhile. */ caughtUpMs: number[]; mostUpstreams: number }

interface Seat { line: Line; heard: string[]; at: number }

export class Crowd {
  readonly #seats: Seat[] = []
  /** References in the order in which they were drafted. */
  readonly #done: string[] = []

  private constructor(private readonly trial: Trial, private readonly actor: Desk) {}

  /** `desks` lines are open at the hub, and each has heard a first act. */
  static async gather(trial: Trial, desks: number): Promise<Crowd> {
    const crowd = new Crowd(trial, await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' }))
    const after = await crowd.actor.feedCursor()
    const tokens = await Promise.all(Array.from({ length: Math.ceil(desks / DESKS_A_TOKEN) }, (_, i) => trial.token('DE', 'SYSTEM', `case system ${i}`)))
    for (let i = 0; i < desks; i++) {
      if (i > 0 && i % OPENED_AT_ONCE === 0) await crowd.#live(i)
      crowd.#seat(after, tokens[i % tokens.length] ?? '')
    }
    await crowd.#live(desks)
    await crowd.act(1)
    await crowd.#caughtUp()
    return crowd
  }

  get size(): number { return this.#seats.length }

  /** As many acts at the deciding node, one after the other. */
  async act(count: number): Promise<void> {
    for (let i = 0; i < count; i++) this.#done.push((await this.actor.act('draftRequest', draftInput())).reference)
  }

  /** Acts one after the other, each once the one before was heard everywhere: how long after its answer each desk had it. */
  async lateness(acts: number): Promise<number[]> {
    const late: number[] = []
    for (let i = 0; i < acts; i++) {
      await this.act(1)
      const answered = performance.now()
      await this.#caughtUp()
      late.push(...this.#seats.map(({ at }) => Math.max(0, at - answered)))
    }
    return late
  }

  /** The hub goes, `count` acts are done while it is away, it comes back, and every desk catches up. */
  async weather(leave: () => Promise<unknown>, count: number): Promise<Weathered> {
    const begun = performance.now()
    await leave()
    await this.act(count)
    await this.trial.start('hub')
    const readyMs = performance.now() - begun
    const watched = new AbortController()
    const most = this.#mostUpstreams(watched.signal)
    try {
      await this.#caughtUp()
    } finally { watched.abort() }
    return { readyMs, caughtUpMs: this.#seats.map(({ at }) => at - begun), mostUpstreams: await most }
  }

  /** All are live, and hear one more act: what was repeated late would have come before it. */
  async settle(): Promise<void> {
    await this.#live(this.size)
    await this.act(1)
    await this.#caughtUp()
    await this.#live(this.size)
  }

  /** Desks that lost something, heard something twice or in another order. */
  get wrong(): { heard: readonly string[]; done: readonly string[] }[] {
    const done = this.#done.join()
    return this.#seats.filter(({ heard }) => heard.join() !== done).map(({ heard }) => ({ heard, done: this.#done }))
  }

  leave(): void { for (const { line } of this.#seats) line.close() }

  /** Until the hub has noticed. */
  async leaveAll(): Promise<void> {
    this.leave()
    await eventually(() => metric(this.trial, 'comity_websockets_open'), open => open === 0, 'the hub has no socket left', CAUGHT_UP_WITHIN_MS)
  }

  upstreams(): Promise<number> { return metric(this.trial, 'comity_upstreams_open') }

  #seat(after: string, token: string): void {
    const heard: string[] = []
    const next = (event: FeedEvent): void => {
      heard.push((event as unknown as { request: { reference: string } }).request.reference)
      seat.at = performance.now()
    }
    const seat: Seat = { heard, at: 0, line: follow({ url: this.trial.urlOf('hub'), authorization: () => `Bearer ${token}`, feeds: [{ query: STATUS, after, next }] }) }
    this.#seats.push(seat)
  }

  #live(count: number): Promise<unknown> {
    return eventually(async () => this.#seats.slice(0, count).filter(({ line }) => line.state.phase === 'live').length, live => live === count, `${count} desks are live`, CAUGHT_UP_WITHIN_MS)
  }

  #caughtUp(): Promise<unknown> {
    const wanted = this.#done.length
    return eventually(async () => this.#seats.filter(({ heard }) => heard.length >= wanted).length, caught => caught === this.size, `${this.size} desks have heard ${wanted} acts`, CAUGHT_UP_WITHIN_MS)
  }

  async #mostUpstreams(signal: AbortSignal): Promise<number> {
    let most = 0
    for (; !signal.aborted; await pause(LOOK_MS)) most = Math.max(most, await this.upstreams())
    return most
  }
}

/** One number of the hub's metrics. */
export async function metric(trial: Trial, name: string): Promise<number> {
  const text = await (await fetch(trial.urlOf('hub').replace('/graphql', '/metrics'))).text()
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
  if (value === undefined) throw new TypeError(`the hub tells no ${name}`)
  return Number(value)
}
