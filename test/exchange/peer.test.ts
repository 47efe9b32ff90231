// Another house as it may be: slow, gone, half open, talking nonsense. A real server on a real socket each time.
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { HousePeer } from '../../src/peer/client'
import { LineLost } from '../../src/peer/outcome'
import { runNode } from '../support/children'

const open: { close: () => unknown }[] = []
afterEach(async () => { await Promise.all(open.splice(0).map(one => one.close())) })

function listening<S extends Server | TcpServer>(server: S): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => { sockets.add(socket); socket.on('error', () => undefined) })
  open.push({ close: () => { for (const socket of sockets) socket.destroy(); server.close() } })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))
}
const house = (listener: RequestListener) => listening(createServer(listener))

function peerOf(url: string, options?: ConstructorParameters<typeof HousePeer>[1]): HousePeer {
  const peer = new HousePeer(url, options)
  open.push(peer)
  return peer
}

const answering = (status: number, text: string | Buffer): RequestListener => (_, res) => { res.writeHead(status); res.end(text) }

test('a caller gets the answer of the house with its status, and the house gets path, headers and body', async () => {
  const url = await house((req, res) => {
    const parts: Buffer[] = []
    req.on('data', part => parts.push(part))
    req.on('end', () => { res.writeHead(409); res.end(JSON.stringify({ got: [req.method, req.url, req.headers['x-a'], Buffer.concat(parts).toString()] })) })
  })
  const answer = await peerOf(url + '/base/').post('/ask', { a: 'ü' }, { headers: { 'x-a': '1' }, deadlineMs: 5_000 })
  expect(answer).toMatchObject({ state: 'ANSWERED', status: 409, body: { got: ['POST', '/base/ask', '1', '{"a":"ü"}'] } })
  expect(answer.tookMs).toBeGreaterThanOrEqual(0)
})

const polluted = '{"a":{"__proto__":{"polluted":true}}}'
test.each<[string, RequestListener, object]>([
  ['401 with JSON', answering(401, '{"errors":[]}'), { state: 'REFUSED', reason: 'DENIED', status: 401, body: { errors: [] } }],
  ['403 with HTML', answering(403, '<html>'), { state: 'REFUSED', reason: 'DENIED', status: 403 }],
  ['503 with JSON: the house speaks', answering(503, '{"errors":[]}'), { state: 'ANSWERED', status: 503 }],
  ['503 with HTML: a proxy speaks', answering(503, '<html>'), { state: 'UNREACHABLE', reason: 'GATEWAY' }],
  ['200 with HTML', answering(200, '<html>'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['200 with nothing', answering(200, ''), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['JSON cut short', answering(200, '{"a":'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['bytes that are not UTF-8', answering(200, Buffer.from([0x22, 0xff, 0xfe, 0x22])), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['a key that reaches the prototype', answering(200, polluted), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['the same key, escaped', answering(200, polluted.replace('__p', '\\u005f\\u005fp')), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['a constructor with a prototype', answering(200, '{"constructor":{"prototype":{"a":1}}}'), { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['an answer over the cap', answering(200, JSON.stringify('x'.repeat(5_000_000))), { state: 'REFUSED', reason: 'TOO_LARGE' }],
  ['a redirect', (_, res) => { res.writeHead(302, { location: 'http://127.0.0.1:1/' }); res.end() }, { state: 'REFUSED', reason: 'BAD_ANSWER' }],
  ['a body that ends before its length', (_, res) => { res.writeHead(200, { 'content-length': 10 }); res.write('{'); res.socket?.end() }, { state: 'UNREACHABLE', reason: 'CUT' }],
  ['a connection that is reset', req => { req.socket.resetAndDestroy() }, { state: 'UNREACHABLE', reason: 'CUT' }],
])('a caller is told what came of it where the house gives %s', async (_, listener, outcome) => {
  expect(await peerOf(await house(listener)).get('/', { deadlineMs: 5_000 })).toMatchObject(outcome)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('a caller is told UNREACHABLE where nobody listens, and where the peer was closed', async () => {
  const server = createServer()
  const url = await listening(server)
  await new Promise(resolve => server.close(resolve))
  const peer = peerOf(url)
  expect(await peer.get('/', { deadlineMs: 5_000 })).toMatchObject({ state: 'UNREACHABLE', reason: 'NO_CONNECTION' })
  await peer.close()
  expect(await peer.get('/', { deadlineMs: 5_000 })).toMatchObject({ state: 'UNREACHABLE', reason: 'CLOSED' })
})

test('a caller is told REFUSED where the other side talks no HTTP', async () => {
  const url = await listening(createTcpServer(socket => { socket.end('SSH-2.0-x\r\n\r\n') }))
  expect(await peerOf(url).get('/', { deadlineMs: 5_000 })).toMatchObject({ state: 'REFUSED', reason: 'BAD_ANSWER' })
})

test('a caller waits no longer than its deadline: before the head, inside a body, and behind other calls', async () => {
  const silent = await house(() => undefined)
  const trickling = await house((_, res) => { res.write('{'); const timer = setInterval(() => res.write(' '), 10); res.on('close', () => clearInterval(timer)) })
  const deadlineMs = 120
  const narrow = peerOf(silent, { connections: 1 })
  const outcomes = await Promise.all([narrow.get('/', { deadlineMs }), narrow.get('/', { deadlineMs }), peerOf(trickling).get('/', { deadlineMs })])
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ state: 'TIMED_OUT', reason: 'DEADLINE' })
    expect(outcome.tookMs).toBeLessThan(2_000)
  }
})

test('a caller that goes away ends the call at once, and an ended one makes none', async () => {
  const gone = new AbortController()
  let asked = 0
  const url = await house(() => { asked++; gone.abort() })
  const peer = peerOf(url)
  expect(await peer.get('/', { deadlineMs: 60_000, signal: gone.signal })).toMatchObject({ state: 'TIMED_OUT', reason: 'ABORTED' })
  expect(await peer.get('/', { deadlineMs: 60_000, signal: gone.signal })).toMatchObject({ state: 'TIMED_OUT', reason: 'ABORTED' })
  expect(asked).toBe(1)
})

async function collect(peer: HousePeer, options: Partial<Parameters<HousePeer['stream']>[1]> = {}): Promise<{ lines: unknown[]; lost: LineLost | null }> {
  const lines: unknown[] = []
  try {
    for await (const line of peer.stream('/lines', { signal: new AbortController().signal, ...options })) lines.push(line)
    return { lines, lost: null }
  } catch (error) {
    if (error instanceof LineLost) return { lines, lost: error }
    throw error
  }
}

test('a reader gets every line, however the bytes are cut, and the end in good order', async () => {
  const text = ['{"a":"ü"}', '', '[1]', '"€"', 'null'].join('\n') + '\n'
  const url = await house(async (_, res) => {
    res.setHeader('content-type', 'application/x-ndjson')
    for (const byte of Buffer.from(text)) await new Promise(resolve => res.write(Buffer.from([byte]), resolve))
    res.end()
  })
  expect(await collect(peerOf(url))).toEqual({ lines: [{ a: 'ü' }, [1], '€', null], lost: null })
})

test.each<[string, RequestListener, unknown[], object]>([
  ['a line over the bound', (_, res) => { res.write('1\n'); res.write('2'.repeat(2_000)) }, [1], { reason: 'TOO_LARGE', state: 'REFUSED' }],
  ['a line that is not JSON', (_, res) => { res.write('1\nnope\n') }, [1], { reason: 'BAD_ANSWER', state: 'REFUSED' }],
  ['a line that reaches a prototype', (_, res) => { res.write(polluted + '\n') }, [], { reason: 'BAD_ANSWER' }],
  ['a line that is cut', (_, res) => { res.write('1\n2\n', () => res.destroy()) }, [1, 2], { reason: 'CUT', state: 'UNREACHABLE' }],
  ['silence behind the first line', (_, res) => { res.write('1\n') }, [1], { reason: 'SILENCE', state: 'TIMED_OUT' }],
  ['no head at all', () => undefined, [], { reason: 'SILENCE', state: 'TIMED_OUT' }],
  ['bytes without end but no whole line', (_, res) => { const timer = setInterval(() => res.write(' '), 10); res.on('close', () => clearInterval(timer)) }, [], { reason: 'SILENCE' }],
  ['a refusal instead', answering(409, '{"errors":[{"extensions":{"code":"CURSOR_INVALID"}}]}'), [], { reason: 'DENIED', seen: { status: 409, body: { errors: [{ extensions: { code: 'CURSOR_INVALID' } }] } } }],
  ['a proxy instead', answering(502, '<html>'), [], { reason: 'GATEWAY', state: 'UNREACHABLE', seen: { status: 502 } }],
])('a reader is told to come again where there is %s', async (_, listener, lines, lost) => {
  const seen = await collect(peerOf(await house(listener)), { silenceMs: 2_000, maxLineBytes: 1_000 })
  expect(seen.lines).toEqual(lines)
  expect(seen.lost).toMatchObject(lost)
})

test('a reader finds out that the line is half open: no FIN, no RST, only silence', async () => {
  const origin = new URL(await house((_, res) => { res.write('"first"\n') }))
  // The tunnel swallows the end of both sides, as a cut cable does.
  const tunnel = await listening(createTcpServer({ allowHalfOpen: true }, client => {
    const upstream = connect(Number(origin.port), origin.hostname)
    client.pipe(upstream)
    upstream.on('data', data => client.write(data))
    upstream.on('error', () => undefined)
    open.push({ close: () => upstream.destroy() })
  }))
  expect(await collect(peerOf(tunnel), { silenceMs: 2_000 })).toMatchObject({ lines: ['first'], lost: { reason: 'SILENCE' } })
})

test('beats keep a line alive, and a reader that works long on a line is not blamed on the house', async () => {
  const url = await house(async (_, res) => {
    for (let beat = 1; beat <= 12; beat++) {
      res.write(`${beat}\n`)
      await new Promise(resolve => setTimeout(resolve, 250))
    }
    res.end()
  })
  const heard: unknown[] = []
  const lines: unknown[] = []
  for await (const line of peerOf(url).stream('/', { signal: new AbortController().signal, silenceMs: 2_000, onLine: line => heard.push(line) })) {
    lines.push(line)
    if (line === 3) await new Promise(resolve => setTimeout(resolve, 2_500))
  }
  expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(heard).toEqual(lines)
})

test('a reader that stops, by signal or by leaving the loop, frees the connection', async () => {
  let closed = 0
  let bothClosed: () => void = () => undefined
  const freed = new Promise<void>(resolve => { bothClosed = resolve })
  const url = await house((_, res) => { res.write('1\n2\n3\n'); res.on('close', () => { if (++closed === 2) bothClosed() }) })
  const peer = peerOf(url)
  const stop = new AbortController()
  for await (const line of peer.stream('/', { signal: stop.signal })) if (line === 2) stop.abort()
  for await (const line of peer.stream('/', { signal: new AbortController().signal })) if (line === 2) break
  await freed
})

test('open streams do not take the connections of calls', async () => {
  const url = await house((req, res) => { if (req.url === '/lines') res.write('1\n'); else res.end('{}') })
  const peer = peerOf(url, { connections: 1, streams: 4 })
  const stop = new AbortController()
  const streams = Array.from({ length: 4 }, () => peer.stream('/lines', { signal: stop.signal }))
  expect(await Promise.all(streams.map(stream => stream.next()))).toEqual(Array(4).fill({ done: false, value: 1 }))
  expect(await peer.get('/', { deadlineMs: 5_000 })).toMatchObject({ state: 'ANSWERED' })
  stop.abort()
  await Promise.all(streams.map(stream => stream.next()))
})

test('one caller may ask as many houses as there are under one signal: Node writes no warning between the JSON lines of a log', async () => {
  const asking = `
    const { HousePeer } = require('./src/peer/client')
    const [peer, { signal }] = [new HousePeer(process.argv[1]), new AbortController()]
    Promise.all(Array.from({ length: 20 }, () => peer.get('/', { deadlineMs: 60_000, signal }))).then(() => peer.close()).then(() => console.log('asked'))`
  const child = runNode(['-r', './test/support/typescript.cjs', '-e', asking, await house(answering(200, '{}'))], { cwd: join(__dirname, '../..') })
  await child.ended()
  expect({ lines: child.lines, said: child.said() }).toEqual({ lines: ['asked'], said: '' })
})
