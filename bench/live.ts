// What a feed costs: desks on one hub process, all with one filter and then with 1,000, beside a bare `ws` broadcast of the same bytes to as many sockets.
// Both are measured in turn, in three rounds of as many acts, so that what else the machine does meets both alike.
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { fork, type ChildProcess } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { evidence } from '../test/support/case-words'
import { eventually, type Desk } from '../test/support/desk'
import { metric } from '../test/support/crowd'
import { Trial } from '../test/support/trial'
import { costOf } from './cost'
import { overRounds, percentile, type Figure } from './figures'
import { ROUNDS } from './load'

const SIZES = (process.env['COMITY_BENCH_DESKS'] ?? '1000,2500,5000').split(',').map(Number)
const DELIVERIES = 100_000
/** Of fewer the slowest act alone would be the 99th percentile. */
const ACTS_AT_LEAST = 60
const FILTERS = 1_000
/** A hub that has served nobody yet grows by what it needs for anybody: few desks, and as many acts as make its memory that of a hub at work. */
const FIRST_DESKS = 50
const FIRST_ACTS = 300
/** Each subset beside DRAFT is a filter of its own that lets every act of the round through. */
const OTHERS = ['VALIDATED', 'SUBMITTED', 'DELIVERED', 'ACKNOWLEDGED', 'ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'EXECUTED', 'CONFIRMED', 'CLOSED']
const AT_ONCE = 100
const ARRIVES_WITHIN_MS = 60_000
const SEATED_WITHIN_MS = 30_000
/** A token may ask for 400 operations a second; people have one each. */
const DESKS_A_TOKEN = 100
const GOAL_P99_MS = 120
const GOAL_KB = 32
const GOAL_FLAT = 1.25
const SUBSCRIPTION = 'subscription($after: Cursor, $filter: RequestFilter) { statusChanged(after: $after, filter: $filter) { cursor at from to version request { reference version status urgency } } }'

/** A process that tells many sockets the same: how it is made to, and what came of it. */
class Side {
  readonly sockets: WebSocket[] = []
  readonly lateness: number[] = []
  #arrivals: number[] = []
  #cpuMs = 0
  #told = 0
  #lost = 0

  private constructor(private readonly pid: number, private readonly idleKb: number, private readonly act: () => Promise<unknown>) {}

  /** `idleKb`: what the process used before anybody sat there. */
  static async open(pid: number, idleKb: number, desks: number, seat: (i: number) => Promise<WebSocket>, act: () => Promise<unknown>): Promise<Side> {
    const side = new Side(pid, idleKb, act)
    for (let i = 0; i < desks; i += AT_ONCE) side.sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, desks - i) }, (_, k) => seat(i + k)))))
    for (const socket of side.sockets) socket.on('message', () => void side.#arrivals.push(performance.now()))
    return side
  }

  /** One act, and everybody hears it. */
  async tell(withinMs = ARRIVES_WITHIN_MS): Promise<number> {
    this.#arrivals = []
    const before = costOf(this.pid).cpuMs
    await this.act()
    const answered = performance.now()
    for (const until = answered + withinMs; this.#arrivals.length < this.sockets.length && performance.now() < until;) await pause(5)
    this.#cpuMs += costOf(this.pid).cpuMs - before
    this.#told += this.#arrivals.length
    this.#lost += this.sockets.length - this.#arrivals.length
    for (const at of this.#arrivals) this.lateness.push(Math.max(0, at - answered))
    return this.#arrivals.length
  }

  get cpu(): number { return (this.#cpuMs * DELIVERIES) / this.#told }
  get lost(): number { return this.#lost }
  get kbADesk(): number { return (costOf(this.pid).rssKb - this.idleKb) / this.sockets.length }
  get p99(): number { return percentile(this.lateness, 0.99) }
  get p50(): number { return percentile(this.lateness, 0.5) }

  /** What was counted so far was to get warm. */
  forget(): void {
    this.lateness.length = this.#cpuMs = this.#told = this.#lost = 0
  }

  close(): void { for (const socket of this.sockets) socket.terminate() }
}

export async function liveFigures(say: (figure: Figure) => void): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  try {
    await trial.startAll()
    const rooms = await Rooms.make(trial)
    const first: number[] = []
    for (const size of SIZES) {
      for (const [i, filters] of [1, FILTERS].entries()) {
        const times = await beside(rooms, size, filters, say)
        first[i] ??= times
        if (size !== SIZES[0]) say({ name: `${named(size, filters)}: times the floor / with ${SIZES[0]} desks`, unit: '×', value: times / (first[i] ?? times), goal: { atMost: GOAL_FLAT } })
      }
    }
  } finally { await trial.remove() }
}

const named = (size: number, filters: number): string => `${size} desks, ${filters === 1 ? 'one filter' : `${filters} filters`}`

/** The hub's CPU for a delivery, times that of the bare broadcast. */
async function beside(rooms: Rooms, size: number, filters: number, say: (figure: Figure) => void): Promise<number> {
  const warm = await rooms.warm()
  const [floor, hub] = [await rooms.floor(size), await rooms.hub(size, filters)]
  const rounds: Record<'times' | 'hubCpu' | 'floorCpu' | 'hubP99' | 'floorP99' | 'hubP50' | 'floorP50', number>[] = []
  let lost = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of round % 2 === 0 ? [floor, hub] : [hub, floor]) for (let acts = 0; acts < Math.max(ACTS_AT_LEAST, DELIVERIES / size); acts++) await side.tell()
    rounds.push({ times: hub.cpu / floor.cpu, hubCpu: hub.cpu, floorCpu: floor.cpu, hubP99: hub.p99, floorP99: floor.p99, hubP50: hub.p50, floorP50: floor.p50 })
    for (const side of [floor, hub]) {
      lost += side.lost
      side.forget()
    }
  }
  const of = (what: keyof (typeof rounds)[number]): ReturnType<typeof overRounds> => overRounds(rounds.map(round => round[what]))
  const ms = (what: keyof (typeof rounds)[number]): string => of(what).value.toFixed(0)
  const [name, times] = [named(size, filters), of('times')]
  say({ name: `${name}: events lost`, unit: '', value: lost, goal: { atMost: 0 } })
  say({ name: `${name}: CPU of hub / bare ws broadcast`, unit: '×', ...times, goal: { atMost: filters === 1 ? 2 : 3 }, beside: `${ms('hubCpu')} / ${ms('floorCpu')} ms for 100,000 deliveries` })
  say({ name: `${name}: from the act's answer to the desk, p99`, unit: 'ms', ...of('hubP99'), ...(size === SIZES.at(-1) && { goal: { atMost: GOAL_P99_MS } }), beside: `p50 ${ms('hubP50')}; bare broadcast p99 ${ms('floorP99')} (${of('floorP99').spread.map(each => each.toFixed(0)).join(' to ')}), p50 ${ms('floorP50')}` })
  say({ name: `${name}: memory a desk`, unit: 'kB', value: hub.kbADesk, goal: { atMost: GOAL_KB }, beside: `bare broadcast ${floor.kbADesk.toFixed(1)}; the hub before: ${warm}` })
  say({ name: `${name}: streams from the authority's node`, unit: '', value: await rooms.upstreams(), goal: { atMost: 1 } })
  for (const side of [floor, hub]) side.close()
  rooms.close()
  return times.value
}

class Rooms {
  #acts = 0
  #floor: ChildProcess | null = null
  #idleKb = 0

  private constructor(private readonly trial: Trial, private readonly anna: Desk, private readonly tokens: readonly string[], private readonly bytes: string) {}

  static async make(trial: Trial): Promise<Rooms> {
    const anna = await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })
    const tokens = await Promise.all(Array.from({ length: Math.ceil(Math.max(...SIZES) / DESKS_A_TOKEN) }, (_, i) => trial.token('DE', 'SYSTEM', `case system ${i}`)))
    const feed = await anna.listen<object>(SUBSCRIPTION)
    await anna.act('draftRequest', evidence('bench-0'))
    const [event] = await feed.until(events => events.length > 0)
    return new Rooms(trial, anna, tokens, JSON.stringify({ id: randomUUID(), type: 'next', payload: { data: { statusChanged: event } } }))
  }

  upstreams(): Promise<number> { return metric(this.trial, 'comity_upstreams_open') }

  /** A hub of its own for each round, at work: one would else be measured with what earlier rounds left to be collected. Tells its memory. */
  async warm(): Promise<string> {
    await this.trial.house('hub').stop()
    const { pid } = await this.trial.start('hub')
    const freshKb = costOf(pid).rssKb
    const side = await this.hub(FIRST_DESKS, 1)
    for (let acts = 0; acts < FIRST_ACTS; acts++) await side.tell()
    side.close()
    await eventually(() => metric(this.trial, 'comity_websockets_open'), open => open <= 1, 'the first desks have left')
    this.#idleKb = costOf(pid).rssKb
    return `${(this.#idleKb / 1_024).toFixed(0)} MB, ${(freshKb / 1_024).toFixed(0)} before anybody was served`
  }

  async hub(size: number, filters: number): Promise<Side> {
    const { pid, url } = this.trial.house('hub')
    const after = await this.anna.feedCursor()
    const filterOf = (i: number): object => ({ statuses: ['DRAFT', ...OTHERS.filter((_, bit) => (((i % filters) >> bit) & 1) === 1)] })
    const side = await Side.open(pid, this.#idleKb, size, i => seat(url, this.tokens[i % this.tokens.length] ?? '', { after, filter: filterOf(i) }), () => this.anna.act('draftRequest', evidence(`bench-${++this.#acts}`)))
    const heard = await side.tell(SEATED_WITHIN_MS)
    if (heard !== size) throw new TypeError(`${heard} of ${size} desks heard the first act`)
    side.forget()
    for (const socket of side.sockets) socket.off('message', refuse)
    return side
  }

  /** A process of its own, which sends what it is told to everybody. */
  async floor(size: number): Promise<Side> {
    const child = (this.#floor = fork(__filename, ['broadcast']))
    const [port] = (await once(child, 'message')) as [number]
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      await once(socket, 'open')
      return socket
    }
    const pid = child.pid ?? 0
    const side = await Side.open(pid, costOf(pid).rssKb, size, open, () => Promise.resolve(child.send(this.bytes)))
    await side.tell()
    side.forget()
    return side
  }

  close(): void { this.#floor?.kill('SIGKILL') }
}

/** The id is of its own, as clients make them. */
async function seat(url: string, token: string, variables: object): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  await once(socket, 'open', { signal: AbortSignal.timeout(SEATED_WITHIN_MS) })
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message', { signal: AbortSignal.timeout(SEATED_WITHIN_MS) })
  socket.on('message', refuse)
  socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query: SUBSCRIPTION, variables } }))
  return socket
}

/** A desk that is not seated would be waited for in vain. */
function refuse(frame: Buffer): void {
  const { type, payload } = JSON.parse(frame.toString()) as { type: string; payload?: unknown }
  if (type === 'error') throw new TypeError(`a desk was not seated: ${JSON.stringify(payload)}`)
}

/** The floor's process. */
function broadcaster(): void {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('listening', () => process.send?.((server.address() as { port: number }).port))
  process.on('message', (bytes: string) => { for (const client of server.clients) client.send(bytes) })
}

if (require.main === module && process.argv[2] === 'broadcast') broadcaster()
