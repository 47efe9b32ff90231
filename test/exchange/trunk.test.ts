// Many reads on one connection to another house, which may be whatever it likes: a real server on a real socket each time. What the trunk cannot do, plain HTTP does.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { Trunks } from '../../src/door/trunks'
import { HousePeer } from '../../src/peer/client'
import type { PeerOutcome } from '../../src/peer/outcome'
import { TRUNK_PATH, TRUNK_PROTOCOL } from '../../src/peer/trunk-frames'

/** What a house does with a frame of its trunk. */
type OnTrunk = (socket: WebSocket, frame: string, id: string) => void

class PlayedHouse {
  readonly overHttp: string[] = []
  readonly onTrunk: string[] = []
  readonly trunks: WebSocket[] = []
  asked = 0
  #url = ''
  readonly #server: Server
  readonly #wss = new WebSocketServer({ noServer: true, perMessageDeflate: false })

  constructor(private readonly play: OnTrunk | null) {
    this.#server = createServer((req, res) => {
      const parts: Buffer[] = []
      req.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        this.overHttp.push(Buffer.concat(parts).toString())
        res.writeHead(200, { 'content-type': 'application/json' }).end(`{"over":"HTTP","authorization":"${req.headers.authorization}"}`)
      })
    })
    this.#server.on('upgrade', (req: IncomingMessage, socket, head) => {
      this.asked += 1
      if (!this.play) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      expect([req.url, req.headers['sec-websocket-protocol']]).toEqual([`/at${TRUNK_PATH}`, TRUNK_PROTOCOL])
      this.#wss.handleUpgrade(req, socket, head, ws => {
        this.trunks.push(ws)
        ws.on('error', () => undefined).on('message', (bytes: Buffer) => {
          const frame = bytes.toString()
          this.onTrunk.push(frame)
          this.play?.(ws, frame, frame.split(/[ \n]/, 1)[0] ?? '')
        })
      })
    })
  }

  get url(): string { return `${this.#url}/at` }

  async listen(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  close(): void {
    for (const trunk of this.trunks) trunk.terminate()
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

const open: { close: () => unknown }[] = []
afterEach(async () => { await Promise.all(open.splice(0).map(one => one.close())) })

async function played(play: OnTrunk | null, options: ConstructorParameters<typeof HousePeer>[1] = {}): Promise<{ house: PlayedHouse; read: (question: string, more?: { deadlineMs?: number; signal?: AbortSignal }) => Promise<PeerOutcome> }> {
  const house = await new PlayedHouse(play).listen()
  const peer = new HousePeer(house.url, options)
  open.push(house, peer)
  return { house, read: (question, more) => peer.read(question, 'token', { deadlineMs: 5_000, ...more }) }
}

/** Reads until one went on the trunk. */
async function untilOnTrunk({ house, read }: Awaited<ReturnType<typeof played>>): Promise<PeerOutcome> {
  for (;;) {
    const outcome = await read('"first"')
    if (house.onTrunk.length > 0) return outcome
  }
}

const answer = (socket: WebSocket, id: string, body: string, type = 'application/json', status = 200): void => socket.send(`${id} ${status} ${type}\n${body}`, { binary: true })
const honest: OnTrunk = (socket, frame, id) => answer(socket, id, JSON.stringify({ over: 'trunk', frame: frame.slice(id.length) }))

test('before there is a trunk a read goes over HTTP, then on the trunk, with the same token', async () => {
  const both = await played(honest)
  expect(await both.read('"first"')).toMatchObject({ state: 'ANSWERED', body: { over: 'HTTP', authorization: 'Bearer token' } })
  expect(await untilOnTrunk(both)).toMatchObject({ state: 'ANSWERED', status: 200, body: { over: 'trunk', frame: ' Bearer token\n"first"' } })
  expect(both.house.asked).toBe(1)
})

test('reads that are asked at once are answered each with its own answer, in whatever order, on one connection', async () => {
  const waiting: (() => void)[] = []
  const both = await played((socket, frame, id) => {
    waiting.push(() => answer(socket, id, JSON.stringify({ heard: frame.split('\n')[1] })))
    if (frame.includes('first') || waiting.length === 20) for (const tell of waiting.splice(0).reverse()) tell()
  })
  await untilOnTrunk(both)
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => both.read(`"ü ${n}"`)))
  expect(outcomes.map(({ state, body }) => [state, body])).toEqual(outcomes.map((_, n) => ['ANSWERED', { heard: `"ü ${n}"` }]))
  expect(both.house.trunks).toHaveLength(1)
})

test('more at once than a trunk takes go over HTTP', async () => {
  const both = await played((socket, frame, id) => { if (frame.includes('first')) answer(socket, id, '{}') })
  await untilOnTrunk(both)
  const before = both.house.overHttp.length
  const gone = new AbortController()
  const waiting = Array.from({ length: 64 }, () => both.read('"waits"', { signal: gone.signal }))
  expect(await both.read('"one more"')).toMatchObject({ state: 'ANSWERED', body: { over: 'HTTP' } })
  expect(both.house.overHttp.slice(before)).toEqual(['"one more"'])
  gone.abort()
  expect(new Set((await Promise.all(waiting)).map(({ state }) => state))).toEqual(new Set(['TIMED_OUT']))
})

test('a house that has no trunk is asked over HTTP and not for a trunk again', async () => {
  const { house, read } = await played(null)
  while (house.asked === 0) await read('1')
  for (let n = 0; n < 20; n++) expect(await read('2')).toMatchObject({ state: 'ANSWERED', body: { over: 'HTTP' } })
  expect(house.asked).toBe(1)
})

test('a caller that leaves is TIMED_OUT, and the house is told that its question is taken back', async () => {
  const both = await played((socket, frame, id) => { if (frame.includes('first')) answer(socket, id, '{}') })
  await untilOnTrunk(both)
  const gone = new AbortController()
  const read = both.read('"leaves"', { signal: gone.signal })
  while (!both.house.onTrunk.some(frame => frame.endsWith('"leaves"'))) await new Promise(resolve => setImmediate(resolve))
  gone.abort()
  expect(await read).toMatchObject({ state: 'TIMED_OUT', reason: 'ABORTED' })
  const id = both.house.onTrunk.find(frame => frame.endsWith('"leaves"'))?.split(' ')[0]
  while (!both.house.onTrunk.includes(id ?? '')) await new Promise(resolve => setImmediate(resolve))
  expect(both.house.trunks).toHaveLength(1)
})

test('a house that is silent on its trunk is TIMED_OUT; what others asked on it is waited for, and whoever asks next does so on another', async () => {
  const late: (() => void)[] = []
  const both = await played((socket, frame, id) => {
    if (frame.includes('silent')) return
    if (frame.includes('slow')) return void late.push(() => answer(socket, id, '{"slow":true}'))
    answer(socket, id, '{}')
  })
  await untilOnTrunk(both)
  const slow = both.read('"slow"')
  expect(await both.read('"silent"', { deadlineMs: 100 })).toMatchObject({ state: 'TIMED_OUT', reason: 'DEADLINE' })
  while (both.house.trunks.length < 2) await both.read('"next"')
  late[0]?.()
  expect(await slow).toMatchObject({ state: 'ANSWERED', body: { slow: true } })
  const [first] = both.house.trunks
  if (first && first.readyState !== first.CLOSED) await new Promise(resolve => first.once('close', resolve))
})

test('what was under way on a trunk that is cut is asked again over HTTP; where the house is gone, it is UNREACHABLE', async () => {
  const both = await played((socket, frame, id) => { if (frame.includes('cut')) socket.terminate(); else answer(socket, id, '{}') })
  await untilOnTrunk(both)
  expect(await both.read('"cut"')).toMatchObject({ state: 'ANSWERED', body: { over: 'HTTP' } })
  expect(both.house.overHttp.at(-1)).toBe('"cut"')
  both.house.close()
  expect(await both.read('"gone"')).toMatchObject({ state: 'UNREACHABLE' })
})

test('an idle trunk is let go', async () => {
  const both = await played(honest)
  await untilOnTrunk(both)
  const [trunk] = both.house.trunks
  await new Promise(resolve => trunk?.once('close', resolve))
  expect(await both.read('"later"')).toMatchObject({ state: 'ANSWERED' })
}, 20_000)

test('a trunk on which nobody asks is closed by the house too, but not under a call that is still answered', async () => {
  let tell: () => void = () => undefined
  const trunks = new Trunks(() => new Promise(resolve => { tell = () => resolve({ status: 200, type: 'application/json', text: '{}' }) }), 1_000, () => () => undefined, 50)
  const server = createServer().on('upgrade', (req, socket, head) => trunks.upgrade(req, socket, head))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const dial = (): WebSocket => new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, TRUNK_PROTOCOL)
  const [silent, asking] = [dial(), dial()]
  const heard = new Promise(resolve => asking.once('message', (bytes: Buffer) => resolve(bytes.toString())))
  asking.once('open', () => asking.send('1 x\n{}'))
  expect(await new Promise(resolve => silent.once('close', code => resolve(code)))).toBe(1001)
  expect(asking.readyState).toBe(WebSocket.OPEN)
  tell()
  expect(await heard).toBe('1 200 application/json\n{}')
  expect(await new Promise(resolve => asking.once('close', code => resolve(code)))).toBe(1001)
  while (trunks.open > 0) await new Promise(resolve => setImmediate(resolve))
})

const HTTP_SAID = { state: 'ANSWERED', body: { over: 'HTTP' } }
const polluted = '{"a":{"__proto__":{"polluted":true}}}'
test.each<[string, OnTrunk, object]>([
  ['nothing', socket => socket.send(Buffer.alloc(0)), HTTP_SAID],
  ['no line', (socket, _, id) => socket.send(`${id} 200 application/json`), HTTP_SAID],
  ['a first line without an end', socket => socket.send('x'.repeat(100_000)), HTTP_SAID],
  ['a status that is none', (socket, _, id) => answer(socket, id, '{}', 'application/json', 7_000), HTTP_SAID],
  ['no status', (socket, _, id) => socket.send(`${id}\n{}`), HTTP_SAID],
  ['more than its bound', (socket, _, id) => answer(socket, id, JSON.stringify('x'.repeat(20_000))), HTTP_SAID],
  ['frames that are against the protocol', socket => (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff, 0xff])), HTTP_SAID],
  ['an answer to another call first', (socket, _, id) => { answer(socket, '999', '{"a":1}'); answer(socket, '__proto__', '{"a":1}'); answer(socket, id, '{"a":2}') }, { state: 'ANSWERED', body: { a: 2 } }],
  ['its answer twice', (socket, _, id) => { answer(socket, id, '{"a":1}'); answer(socket, id, '{"a":2}') }, { state: 'ANSWERED', body: { a: 1 } }],
  ['401', (socket, _, id) => answer(socket, id, '{"errors":[]}', 'application/json', 401), { state: 'REFUSED', reason: 'DENIED', status: 401, body: { errors: [] } }],
  ['no JSON', (socket, _, id) => answer(socket, id, '<html>'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['a list', (socket, _, id) => answer(socket, id, '[]'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['bytes that are not UTF-8', (socket, _, id) => socket.send(Buffer.concat([Buffer.from(`${id} 200 application/json\n`), Buffer.from([0x22, 0xff, 0xfe, 0x22])])), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['a key that reaches the prototype', (socket, _, id) => answer(socket, id, polluted), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['lines too many', (socket, _, id) => answer(socket, id, `{}${'\n{}'.repeat(3_000)}`, 'application/x-ndjson'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
])('a house that says %s on its trunk harms nobody', async (_, play, outcome) => {
  const both = await played((socket, frame, id) => (frame.includes('hostile') ? play(socket, frame, id) : answer(socket, id, '{}')), { maxAnswerBytes: 10_000 })
  await untilOnTrunk(both)
  expect(await both.read('"hostile"')).toMatchObject(outcome)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(await both.read('"after"')).toMatchObject({ state: 'ANSWERED' })
})

test('a house that is closed leaves no trunk and no read behind', async () => {
  const house = await new PlayedHouse((socket, frame, id) => { if (frame.includes('first')) answer(socket, id, '{}') }).listen()
  const peer = new HousePeer(house.url)
  open.push(house)
  const read = (question: string) => peer.read(question, 'token', { deadlineMs: 5_000 })
  await untilOnTrunk({ house, read })
  const waits = read('"waits"')
  await peer.close()
  expect(await waits).toMatchObject({ state: 'UNREACHABLE' })
  const [trunk] = house.trunks
  if (trunk && trunk.readyState !== trunk.CLOSED) await new Promise(resolve => trunk.once('close', resolve))
})
