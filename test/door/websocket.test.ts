// What a WebSocket alone can do wrong (reliability-security.md §4C), at hub and node alike: each ends with the close code of operations.md, or with
// one `error` for one operation while the socket and its neighbours go on.
import { request } from 'node:http'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { Beats } from '../../src/door/beats'
import { Engine } from '../../src/door/engine'
import type { Pulse } from '../../src/door/pulse'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let token: string
const rows = new RowsRun('bad WebSocket')
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

interface Message { type: string; id?: string; payload?: unknown }

/** A socket that remembers what it heard. */
class Line {
  readonly heard: Message[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  constructor(readonly socket: WebSocket) {
    socket.on('message', (frame: Buffer) => this.heard.push(JSON.parse(frame.toString()) as Message))
    socket.on('error', () => undefined)
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }))
  }
  say(...messages: (object | string)[]): void { for (const message of messages) this.socket.send(typeof message === 'string' ? message : JSON.stringify(message)) }
  async hears(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.heard.find(fits)
      if (found) return found
      const { code } = await Promise.race([once(this.socket, 'message').then(() => ({ code: null })), this.closed])
      if (code !== null && !this.heard.some(fits)) throw new TypeError(`closed with ${code} before it was heard`)
    }
  }
}

async function dial(base: string, protocol: string | string[] = 'graphql-transport-ws', options: object = {}): Promise<Line> {
  const line = new Line(new WebSocket(`${base.replace('http', 'ws')}/graphql`, protocol, options))
  await once(line.socket, 'open')
  return line
}

const INIT = (): Message => ({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
const subscribe = (id: string, query: string, more: object = {}): Message => ({ id, type: 'subscribe', payload: { query, ...more } })
const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
const WHO = '{ viewer { role } }'
const FEED = 'subscription { statusChanged { cursor } }'
const acknowledged = ({ type }: Message): boolean => type === 'connection_ack'

async function greeted(base: string, options: object = {}): Promise<Line> {
  const line = await dial(base, 'graphql-transport-ws', options)
  line.say(INIT())
  await line.hears(acknowledged)
  return line
}

const codeIn = ({ payload }: Message): unknown => (payload as { extensions?: { code?: unknown } }[])[0]?.extensions?.code

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  it.each<[string, number, string, boolean, readonly (Message | string)[]]>([
    ['C42', 4401, 'an operation before the greeting', false, [subscribe('1', WHO)]],
    ['C42', 4401, 'an operation right behind the greeting', false, [{ type: 'connection_init' }, subscribe('1', WHO)]],
    ['C43', 4429, 'a second greeting', true, [{ type: 'connection_init' }]],
    ['C43', 4429, 'two greetings at once', false, [{ type: 'connection_init' }, { type: 'connection_init' }]],
    ['C44', 4400, 'JSON that breaks off', true, ['{"type":']],
    ['C44', 4400, 'a key twice', true, ['{"type":"ping","type":"ping"}']],
    ['C44', 4400, 'a list', true, ['[]']],
    ['C44', 4400, 'a type that nobody knows', true, [{ type: 'ECHO7f3a' }]],
    ['C44', 4400, 'an operation without an id', true, [{ type: 'subscribe', payload: { query: WHO } }]],
    ['C44', 4400, 'an operation with an empty id', true, [subscribe('', WHO)]],
    ['C44', 4400, 'an id that is a number', true, ['{"id":1,"type":"subscribe","payload":{"query":"{ viewer { role } }"}}']],
    ['C44', 4400, 'a query that is a number', true, [{ id: '1', type: 'subscribe', payload: { query: 1, operationName: 'ECHO7f3a' } }]],
    ['C44', 4400, 'variables that are a list', true, [subscribe('1', WHO, { variables: [] })]],
    ['C44', 4400, 'no payload', true, [{ id: '1', type: 'subscribe' }]],
    ['C45', 4400, 'what only a house says: next', true, [{ id: '1', type: 'next', payload: {} }]],
    ['C45', 4400, 'what only a house says: connection_ack', true, [{ type: 'connection_ack' }]],
    ['C46', 4409, 'an id that is in use', true, [subscribe('1', FEED), subscribe('1', FEED)]],
    ['C49', 4403, 'a token that is not good', false, [{ type: 'connection_init', payload: { authorization: 'Bearer ECHO7f3a.b.c' } }]],
    ['C49', 4403, 'a token that is no text', false, [{ type: 'connection_init', payload: { authorization: { $ne: null } } }]],
    ['C49', 4403, 'a credential of another kind', false, [{ type: 'connection_init', payload: { authorization: 'Basic YTpi' } }]],
  ])('%s closes with %i for %s', async (_, code, __, greets, messages) => {
    const line = greets ? await greeted(base()) : await dial(base())
    const begun = performance.now()
    line.say(...messages)
    const end = await line.closed
    expect(end.code).toBe(code)
    rows.demandText(end.reason, begun)
    rows.demandText(JSON.stringify(line.heard))
    expect(end.reason).not.toMatch(/Cannot|undefined/)
  })

  it('C41 closes with 4408 where nobody greets', async () => {
    const begun = performance.now()
    expect((await (await dial(base())).closed).code).toBe(4408)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it.each([['the protocol of old', 'graphql-ws'], ['no protocol at all', null]] as const)('C50 closes with 4406 for %s', async (_, protocol) => {
    const upgrade = request(`${base()}/graphql`, { headers: { ...UPGRADE, ...(protocol && { 'sec-websocket-protocol': protocol }) } })
    upgrade.end()
    const [, socket, head] = (await once(upgrade, 'upgrade')) as [unknown, Socket, Buffer]
    const frame = head.length >= 4 ? head : ((await once(socket, 'data')) as [Buffer])[0]
    expect({ opcode: frame[0], code: frame.readUInt16BE(2) }).toEqual({ opcode: 0x88, code: 4406 })
    socket.destroy()
  })

  it('C44 closes with 4400 for a binary frame', async () => {
    const line = await greeted(base())
    line.socket.send(Buffer.from(JSON.stringify({ type: 'ping' })), { binary: true })
    expect((await line.closed).code).toBe(4400)
  })

  it('C51 takes a frame of 256 KiB and closes with 1009 for one byte more', async () => {
    const line = await greeted(base())
    const sized = (bytes: number): string => {
      const empty = JSON.stringify(subscribe('1', WHO, { extensions: { pad: '' } }))
      return JSON.stringify(subscribe('1', WHO, { extensions: { pad: 'a'.repeat(bytes - empty.length) } }))
    }
    line.say(sized(256 * 1024))
    expect((await line.hears(({ type }) => type === 'next')).payload).toEqual({ data: { viewer: { role: 'OFFICIAL' } } })
    line.say(sized(256 * 1024 + 1))
    expect((await line.closed).code).toBe(1009)
  })

  it('C47 runs an operation of the id __proto__ like any other', async () => {
    const line = await greeted(base())
    line.say(subscribe('__proto__', WHO))
    expect((await line.hears(({ type }) => type === 'next')).id).toBe('__proto__')
    expect(({} as { payload?: unknown }).payload).toBeUndefined()
    line.socket.close()
  })

  it('C48 answers a syntax error for its operation alone', async () => {
    const line = await greeted(base())
    line.say(subscribe('bad', '{ viewer(a: "ECHO7f3a" { '), subscribe('good', WHO))
    expect(codeIn(await line.hears(({ type }) => type === 'error'))).toBe('GRAPHQL_PARSE_FAILED')
    expect((await line.hears(({ type }) => type === 'next')).id).toBe('good')
    rows.demandText(JSON.stringify(line.heard))
    expect(line.socket.readyState).toBe(WebSocket.OPEN)
    line.socket.close()
  })

  it('C52 carries 50 streams on a socket, refuses the next with RATE_LIMITED, and takes it once one was completed', async () => {
    const line = await greeted(base())
    line.say(...Array.from({ length: 51 }, (_, i) => subscribe(`s${i}`, FEED)))
    const refused = await line.hears(({ type }) => type === 'error')
    expect({ id: refused.id, code: codeIn(refused) }).toEqual({ id: 's50', code: 'RATE_LIMITED' })
    line.say({ id: 's0', type: 'complete' }, subscribe('again', WHO))
    expect((await line.hears(({ type }) => type === 'next')).id).toBe('again')
    expect(line.heard.filter(({ type }) => type === 'error')).toHaveLength(1)
    line.socket.close()
  })

  it('C53 takes mutations, with the same refusals as over HTTP', async () => {
    const line = await greeted(base())
    line.say(subscribe('1', 'mutation { closeRequest(input: { reference: "DE-2026-999999", expectedVersion: 1 }) { request { reference } } }'))
    const { payload } = await line.hears(({ type }) => type === 'next')
    expect((payload as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe('NOT_FOUND')
    line.socket.close()
  })

  it('C56 ends a feed whose cursor was forged with CURSOR_INVALID', async () => {
    const line = await greeted(base())
    line.say(subscribe('1', 'subscription { statusChanged(after: "ECHO7f3a") { cursor } }'))
    expect(codeIn(await line.hears(({ type }) => type === 'error'))).toBe('CURSOR_INVALID')
    rows.demandText(JSON.stringify(line.heard))
    expect(line.socket.readyState).toBe(WebSocket.OPEN)
    line.socket.close()
  })

  it('C58 closes with 1008 for a flood of pings, as frames or as messages, and for a frame in 20,000 pieces', async () => {
    const [pings, messages, pieces] = await Promise.all([greeted(base()), greeted(base()), greeted(base())])
    for (let i = 0; i < 500; i++) pings.socket.ping()
    expect((await pings.closed).code).toBe(1008)
    for (let i = 0; i < 500; i++) messages.say({ type: 'ping' })
    expect((await messages.closed).code).toBe(1008)
    for (let i = 0; i < 20_000; i++) pieces.socket.send('a', { fin: false })
    expect((await pieces.closed).code).toBe(1008)
  })

  it('closes with 4008 for a reader that takes nothing, while a neighbour goes on', async () => {
    const [slow, neighbour] = await Promise.all([greeted(base()), greeted(base())])
    slow.socket.pause()
    const big = '{ __schema { types { name description fields { name description args { name description type { name } } type { name ofType { name } } } } } }'
    for (let i = 0; i < 300; i++) slow.say(subscribe(`b${i}`, big))
    // One operation of a socket in a turn: once the neighbour was answered more often, all of the slow one's were taken.
    for (let i = 0; i < 400; i++) {
      neighbour.say(subscribe(`n${i}`, WHO))
      await neighbour.hears(({ type, id }) => type === 'complete' && id === `n${i}`)
    }
    slow.socket.resume()
    expect([4008, 1006]).toContain((await slow.closed).code)
    neighbour.socket.close()
  })

  it('runs one operation of a socket in a turn, those too whose right was asked about together', async () => {
    const [asked, count] = [`${WHO} # ${base()}`, 40]
    const ranIn: number[] = []
    const run = Engine.prototype.run
    const spy = jest.spyOn(Engine.prototype, 'run').mockImplementation(function (this: Engine, ...args: Parameters<typeof run>) {
      if (args[0].params.query === asked) ranIn.push(turns)
      return run.apply(this, args)
    })
    let [turns, isOver] = [0, false]
    const next = (): void => {
      turns += 1
      if (!isOver) setImmediate(next)
    }
    next()
    const line = await greeted(base())
    line.say(...Array.from({ length: count }, (_, i) => subscribe(`t${i}`, asked)))
    for (let i = 0; i < count; i++) await line.hears(({ type, id }) => type === 'complete' && id === `t${i}`)
    isOver = true
    spy.mockRestore()
    line.socket.close()
    expect(ranIn).toHaveLength(count)
    expect(new Set(ranIn).size).toBe(count)
  })

  it('holds no socket for dead while it has yet to take what the socket said, and one that says nothing after three beats', async () => {
    const joined = jest.spyOn(Beats.prototype, 'add')
    const [busy, silent] = [await greeted(base()), await greeted(base(), { autoPong: false })]
    const [busyPulse, silentPulse] = joined.mock.calls.map(([pulse]) => pulse as Pulse)
    joined.mockRestore()
    const [count, every] = [200, 20]
    let answered = 0
    busy.socket.on('message', () => { if (++answered % every === 0) busyPulse?.beat() })
    busy.say(...Array.from({ length: count }, (_, i) => subscribe(`q${i}`, WHO)))
    for (let i = 0; i < count; i++) await busy.hears(({ type, id }) => type === 'complete' && id === `q${i}`)
    expect(busy.socket.readyState).toBe(WebSocket.OPEN)
    for (let beats = 0; beats < 3; beats++) silentPulse?.beat()
    expect((await silent.closed).code).toBe(1006)
    busy.socket.close()
  })

  it.each([
    ['C54 a page of another origin', '/graphql', { origin: 'https://evil.example' }, 403], ['C55 a token in the address', '/graphql?access_token=ECHO7f3a', {}, 400], ['a path without sockets', '/graphql/stream', {}, 404],
  ])('refuses the upgrade for %s', async (_, path, headers, status) => {
    const upgrade = request(`${base()}${path}`, { headers: { ...UPGRADE, 'sec-websocket-protocol': 'graphql-transport-ws', ...headers } })
    upgrade.end()
    const [response] = (await once(upgrade, 'response')) as [{ statusCode: number; resume(): void }]
    response.resume()
    expect(response.statusCode).toBe(status)
  })

  it('answers a text ping with a pong', async () => {
    const line = await greeted(base())
    line.say({ type: 'ping' })
    await line.hears(({ type }) => type === 'pong')
    line.socket.close()
  })

  it('logged no fault of ours', () => {
    expect(houses.logged.filter(line => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
  })
})
