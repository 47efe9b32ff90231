// Desks that do what nobody should, one kind each: what the hub does about it, said in a word that is compared with the tables of §3 (rows 21 to 24) and
// §4C (48, 52) of the reliability study. Their neighbours must feel nothing of it.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { dataFolder } from '../../src/cli/data-folder'
import { tokenOf } from '../../src/cli/token'
import { withdraw } from '../../src/cli/withdraw'
import { runNode } from './children'
import { eventually } from './desk'

interface Message { id?: string; type: string; payload?: unknown }
interface Dialled { socket: WebSocket; heard: Message[]; closed: Promise<number> }

/** Where they sit: the hub, and the folder with the keys of their authority. */
export interface Site { hub: string; folder: string }

export interface BadReader { name: string; wanted: RegExp; /** Until the hub has done about it what it does. */ misbehave(site: Site): Promise<string> }

const FEED = 'subscription($filter: RequestFilter) { statusChanged(filter: $filter) { cursor request { reference } } }'
const BIG = '{ __schema { types { name description fields { name description args { name description type { name } } type { name ofType { name } } } } } }'
const BIG_ANSWERS = 300
const ASKED_AT_ONCE = 40
const WHO = '{ viewer { role } }'
const OPERATIONS = 10_000
const NOTICED_WITHIN_MS = 90_000
const ENDING_TOKEN_S = 4
/** Each is refused before a feed is opened. */
const POISONED: readonly object[] = [
  { dueBefore: '2026-01-01T00:00:00.000Z' }, { updatedAfter: '2026-01-01T00:00:00.000Z' }, { statuses: Array.from({ length: 5_000 }, () => 'DRAFT') }, { counterparts: ['not a country'] }, { $where: 'sleep(1000)' },
]

const tokenAt = ({ folder }: Site, subject: string, ttlSeconds = 3_600): Promise<string> => tokenOf(dataFolder(folder), 'DE', 'SYSTEM', subject, ttlSeconds)

async function dialled(site: Site, { token, autoPong = true }: { token?: string; autoPong?: boolean } = {}): Promise<Dialled> {
  const socket = new WebSocket(site.hub.replace('http', 'ws'), 'graphql-transport-ws', { autoPong })
  const heard: Message[] = []
  socket.on('message', (frame: Buffer) => void heard.push(JSON.parse(frame.toString()) as Message))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(([code]) => Number(code))
  await once(socket, 'open')
  const authorization = `Bearer ${token ?? await tokenAt(site, 'bad reader')}`
  say(socket, { type: 'connection_init', payload: { authorization } })
  await eventually(async () => heard.length, count => count > 0, 'the hub greets', NOTICED_WITHIN_MS)
  return { socket, heard, closed }
}

const say = (socket: WebSocket, ...messages: Message[]): void => { for (const message of messages) socket.send(JSON.stringify(message)) }
const subscribe = (id: string, query: string, variables: object = {}): Message => ({ id, type: 'subscribe', payload: { query, variables } })
const closing = async ({ closed }: Dialled): Promise<string> => `closed with ${await closed}`
const codesIn = (messages: readonly Message[]): string[] => messages.flatMap(({ payload }) => (Array.isArray(payload) ? payload : []) as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code)

/** Its process stands still with the line open, as behind a network that has gone: nothing of it answers. */
async function halfOpen(site: Site): Promise<string> {
  const token = await tokenAt(site, 'half open')
  const child = runNode(['-e', `const { WebSocket } = require('ws'); const s = new WebSocket(process.argv[1], 'graphql-transport-ws');
    s.on('open', () => s.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer ' + process.argv[2] } })));
    s.once('message', () => { s.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: process.argv[3] } })); console.log('open') });
    s.on('error', () => undefined); s.on('close', code => { console.log('closed with ' + code) })`, site.hub.replace('http', 'ws'), token, FEED], { cwd: __dirname })
  await child.until(1)
  child.signal('SIGSTOP')
  try {
    // Opened later, and held for gone by the same beats.
    await neverAnswers(site)
  } finally { child.signal('SIGCONT') }
  await child.until(2)
  await child.end('SIGKILL')
  return child.lines[1] ?? ''
}

async function neverAnswers(site: Site): Promise<string> {
  const line = await dialled(site, { autoPong: false })
  say(line.socket, subscribe('1', FEED))
  return closing(line)
}

async function paused(site: Site): Promise<string> {
  const line = await dialled(site)
  line.socket.pause()
  say(line.socket, ...Array.from({ length: BIG_ANSWERS }, (_, i) => subscribe(`b${i}`, BIG)))
  // The hub takes one message of a socket in a turn: once somebody else was answered so often, all of these were taken.
  const asking = await dialled(site)
  for (let asked = ASKED_AT_ONCE; asked <= BIG_ANSWERS + 2 * ASKED_AT_ONCE; asked += ASKED_AT_ONCE) {
    say(asking.socket, ...Array.from({ length: ASKED_AT_ONCE }, (_, i) => subscribe(`a${asked + i}`, WHO)))
    await eventually(async () => asking.heard.filter(({ type }) => type === 'complete').length, count => count >= asked, 'the hub answers somebody else', NOTICED_WITHIN_MS)
  }
  asking.socket.terminate()
  line.socket.resume()
  return closing(line)
}

async function tokenEnds(site: Site): Promise<string> {
  const line = await dialled(site, { token: await tokenAt(site, 'ending', ENDING_TOKEN_S) })
  say(line.socket, subscribe('1', FEED))
  return closing(line)
}

let withdrawals = 0

async function rightWithdrawn(site: Site): Promise<string> {
  const subject = `withdrawn ${++withdrawals}`
  const line = await dialled(site, { token: await tokenAt(site, subject) })
  say(line.socket, subscribe('1', FEED))
  await withdraw(dataFolder(site.folder), 'DE', { subject, role: null }, false)
  return closing(line)
}

async function poisonedFilter(site: Site): Promise<string> {
  const { socket, heard } = await dialled(site)
  say(socket, ...POISONED.map((filter, i) => subscribe(`p${i}`, FEED, { filter })))
  await eventually(async () => heard.length, count => count > POISONED.length, 'each is answered', NOTICED_WITHIN_MS)
  const isOpen = socket.readyState === WebSocket.OPEN
  socket.terminate()
  return `${[...new Set(codesIn(heard))].join()} for ${codesIn(heard).length}, ${isOpen ? 'open' : 'closed'}`
}

async function manyOperations(site: Site): Promise<string> {
  const { socket, heard } = await dialled(site, { token: await tokenAt(site, 'many') })
  say(socket, ...Array.from({ length: OPERATIONS }, (_, i) => subscribe(`m${i}`, FEED)))
  await eventually(async () => codesIn(heard).length, count => count >= OPERATIONS - 50 || socket.readyState !== WebSocket.OPEN, 'each beyond the bound is answered', NOTICED_WITHIN_MS)
  const isOpen = socket.readyState === WebSocket.OPEN
  socket.terminate()
  return `${[...new Set(codesIn(heard))].join()} for ${codesIn(heard).length}, ${isOpen ? 'open' : 'closed'}`
}

export const BAD_READERS: readonly BadReader[] = [
  { name: 'a paused reader', wanted: /^closed with (4008|1006)$/, misbehave: paused },
  { name: 'a half-open line', wanted: /^closed with 1006$/, misbehave: halfOpen },
  { name: 'a client that never answers a beat', wanted: /^closed with 1006$/, misbehave: neverAnswers },
  { name: 'a token that ends', wanted: /^closed with 4403$/, misbehave: tokenEnds },
  { name: 'a right withdrawn', wanted: /^closed with 4403$/, misbehave: rightWithdrawn },
  { name: 'a poisoned filter', wanted: new RegExp(`^BAD_USER_INPUT for ${POISONED.length}, open$`), misbehave: poisonedFilter },
  { name: `${OPERATIONS} operations on one socket`, wanted: new RegExp(`^RATE_LIMITED for ${OPERATIONS - 50}, open$`), misbehave: manyOperations },
]
