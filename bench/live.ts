// What a feed costs: desks on one hub process, all with one filter and then with 1,000, beside a bare `ws` broadcast of the same bytes to
// as many sockets. Prints one line each; exits 1 where an event was lost. Needs a built dist. Run: node -r ./test/support/typescript.cjs bench/live.ts [desks] [acts]
import { once } from 'node:events'
import { fork, type ChildProcess } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { evidence } from '../test/support/case-words'
import type { Desk } from '../test/support/desk'
import { Trial } from '../test/support/trial'
import { costOf, type Cost } from './cost'
import { percentile } from './figures'

const DESKS = Number(process.argv[2] ?? 1_000)
const ACTS = Number(process.argv[3] ?? 20)
const FILTERS = 1_000
/** Each subset beside DRAFT is a filter of its own that lets every act of the round through. */
const OTHERS = ['VALIDATED', 'SUBMITTED', 'DELIVERED', 'ACKNOWLEDGED', 'ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'EXECUTED', 'CONFIRMED', 'CLOSED']
const AT_ONCE = 100
const ARRIVES_WITHIN_MS = 60_000
const SEATED_WITHIN_MS = 30_000
/** A token may ask for 400 operations a second; people have one each. */
const DESKS_A_TOKEN = 100
interface Listening { sockets: WebSocket[]; heard: { count: number }; arrivals: number[] }

async function listen(count: number, open: (i: number) => Promise<WebSocket>): Promise<Listening> {
  const listening: Listening = { sockets: [], heard: { count: 0 }, arrivals: [] }
  for (let i = 0; i < count; i += AT_ONCE) listening.sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, k) => open(i + k)))))
  for (const socket of listening.sockets) {
    socket.on('message', () => {
      listening.heard.count++
      listening.arrivals.push(performance.now())
    })
  }
  return listening
}

async function arrived(listening: Listening, wanted: number, withinMs = ARRIVES_WITHIN_MS): Promise<void> {
  for (const until = performance.now() + withinMs; listening.heard.count < wanted && performance.now() < until;) await pause(5)
}

const p99 = (values: readonly number[]): number => percentile(values, 0.99)

interface Round { name: string; pid: number; idle: Cost; open: Cost; listening: Listening; perAct: number; act(): Promise<unknown> }

/** Acts one after the other, each once the one before has arrived everywhere. */
async function measure({ name, pid, idle, open, listening, perAct, act }: Round): Promise<number> {
  const lateness: number[] = []
  const before = costOf(pid)
  for (let i = 1; i <= ACTS; i++) {
    listening.arrivals.length = 0
    await act()
    const answered = performance.now()
    await arrived(listening, i * perAct)
    lateness.push(...listening.arrivals.map(at => Math.max(0, at - answered)))
  }
  const after = costOf(pid)
  const lost = ACTS * perAct - listening.heard.count
  const cpu = ((after.cpuMs - before.cpuMs) * 100_000) / (ACTS * perAct)
  console.log(`${name.padEnd(34)} lost ${lost}   p99 ${p99(lateness).toFixed(0)} ms   CPU ${cpu.toFixed(0)} ms per 100,000   ${((open.rssKb - idle.rssKb) / listening.sockets.length).toFixed(1)} kB a desk`)
  if (lost !== 0) process.exitCode = 1
  for (const socket of listening.sockets) socket.terminate()
  return cpu
}

const SUBSCRIPTION = 'subscription($after: Cursor, $filter: RequestFilter) { statusChanged(after: $after, filter: $filter) { cursor at from to version request { reference version status urgency } } }'

async function seat(url: string, token: string, variables: object): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  await once(socket, 'open', { signal: AbortSignal.timeout(SEATED_WITHIN_MS) })
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message', { signal: AbortSignal.timeout(SEATED_WITHIN_MS) })
  socket.on('message', refuse)
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION, variables } }))
  return socket
}

/** A desk that is not seated would be waited for in vain. */
function refuse(frame: Buffer): void {
  const { type, payload } = JSON.parse(frame.toString()) as { type: string; payload?: unknown }
  if (type === 'error') throw new TypeError(`a desk was not seated: ${JSON.stringify(payload)}`)
}

/** Each desk has heard one act: from here on all are live. */
async function seated(listening: Listening, act: () => Promise<unknown>): Promise<void> {
  await act()
  await arrived(listening, listening.sockets.length, SEATED_WITHIN_MS)
  if (listening.heard.count !== listening.sockets.length) throw new TypeError(`${listening.heard.count} of ${listening.sockets.length} desks heard the first act`)
  listening.heard.count = 0
  for (const socket of listening.sockets) socket.off('message', refuse)
}

/** The floor, in a process of its own: sends what it is told to everybody. */
function broadcaster(): void {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('listening', () => process.send?.((server.address() as { port: number }).port))
  process.on('message', (bytes: string) => {
    for (const client of server.clients) client.send(bytes)
    process.send?.('sent')
  })
}

async function floor(bytes: string): Promise<number> {
  const child: ChildProcess = fork(__filename, ['broadcast'])
  const [port] = (await once(child, 'message')) as [number]
  const pid = child.pid ?? 0
  const idle = costOf(pid)
  const listening = await listen(DESKS, async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    return socket
  })
  const cpu = await measure({ name: 'bare ws broadcast', pid, idle, open: costOf(pid), listening, perAct: DESKS, act: async () => {
    const sent = once(child, 'message')
    child.send(bytes)
    await sent
  } })
  child.kill('SIGKILL')
  return cpu
}

const upstreamsOf = async (url: string): Promise<string> => /^comity_upstreams_open (\d+)$/m.exec(await (await fetch(url.replace('/graphql', '/metrics'))).text())?.[1] ?? 'no figure'

async function main(): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  try {
    await trial.startAll()
    const hub = trial.house('hub')
    const anna: Desk = await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })
    const tokens = await Promise.all(Array.from({ length: Math.ceil(DESKS / DESKS_A_TOKEN) }, (_, i) => trial.token('DE', 'SYSTEM', `case system ${i}`)))
    let acts = 0
    const act = (): Promise<unknown> => anna.act('draftRequest', evidence(`bench-${Date.now()}-${++acts}`))
    const feed = await anna.listen<object>(SUBSCRIPTION)
    await act()
    const [event] = await feed.until(events => events.length > 0)
    const bytes = JSON.stringify({ id: '1', type: 'next', payload: { data: { statusChanged: event } } })
    const bare = await floor(bytes)
    const rounds: [string, (i: number) => object][] = [
      [`${DESKS} desks, one filter`, () => ({ statuses: ['DRAFT'] })],
      [`${DESKS} desks, ${FILTERS} filters`, i => ({ statuses: ['DRAFT', ...OTHERS.filter((_, bit) => (((i % FILTERS) >> bit) & 1) === 1)] })],
    ]
    for (const [name, filterOf] of rounds) {
      const idle = costOf(hub.pid)
      const after = await anna.feedCursor()
      const listening = await listen(DESKS, i => seat(hub.url, tokens[i % tokens.length] ?? '', { after, filter: filterOf(i) }))
      await seated(listening, act)
      const open = costOf(hub.pid)
      const upstreams = await upstreamsOf(hub.url)
      const cpu = await measure({ name, pid: hub.pid, idle, open, listening, perAct: DESKS, act })
      console.log(`${' '.repeat(34)} ${(cpu / bare).toFixed(2)} x the floor a delivery; upstream streams: ${upstreams}`)
    }
  } finally { await trial.remove() }
}

if (process.argv[2] === 'broadcast') broadcaster()
else void main()
