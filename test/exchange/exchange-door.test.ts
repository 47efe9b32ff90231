// The exchange's HTTP side: hostile bodies, and mailbox streams that are cut, slow, old, too many, or begun where nothing is.
import { connect, type Socket } from 'node:net'
import { LineLost } from '../../src/peer/outcome'
import { BR, DE, FR, letterOf, receiptOf, tokenOf } from './houses'
import { entriesOf, openHub, storeWith, temporaryStore, type Hub } from './hub'

let store: Awaited<ReturnType<typeof temporaryStore>>
let hubs: Hub[] = []
beforeEach(async () => { store = await temporaryStore() })
afterEach(async () => {
  await Promise.all(hubs.splice(0).map(hub => hub.close()))
  await store.remove()
})
async function hubWith(options: Parameters<typeof openHub>[1] = {}): Promise<Hub> {
  const hub = await openHub(store, options)
  hubs.push(hub)
  return hub
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const lettersOf = (count: number, body = '') => Promise.all(range(count).map(n => letterOf(DE, FR, n, body)))

interface Line { seq?: number; kind?: string; letter?: string | null; receipt?: string; beat?: string }
async function streamOf(hub: Hub, after: number, owner: typeof DE | typeof FR | typeof BR = FR): Promise<AsyncGenerator<Line, void>> {
  return hub.peer.stream(`/exchange/mailbox?after=${after}`, { headers: { authorization: `Bearer ${await tokenOf(owner)}` }, signal: AbortSignal.timeout(20_000) }) as AsyncGenerator<Line, void>
}

/** The next items of a stream; beats are passed over. */
async function items(stream: AsyncGenerator<Line, void>, count: number): Promise<Line[]> {
  const got: Line[] = []
  while (got.length < count) {
    const { value, done } = await stream.next()
    if (done) break
    if (value.seq !== undefined) got.push(value)
  }
  return got
}

test('a node follows its mailbox, is cut off, and comes again with its cursor: every letter once, in order, the same bytes', async () => {
  const hub = await hubWith()
  const letters = await lettersOf(9)
  await hub.submit(letters.slice(0, 3))
  const first = await streamOf(hub, 0)
  const before = await items(first, 3)
  await hub.submit(letters.slice(3, 5))
  before.push(...await items(first, 1))
  await first.return()
  await hub.submit(letters.slice(5))
  const again = await items(await streamOf(hub, before.at(-1)?.seq ?? 0), 5)
  expect([...before, ...again]).toEqual(letters.map((letter, at) => ({ seq: at + 1, kind: 'letter', letter })))
})

test('a letter that is taken while a node listens is pushed to it, a receipt to its sender', async () => {
  const hub = await hubWith()
  const [receiving, sending] = [await streamOf(hub, 0), await streamOf(hub, 0, DE)]
  expect(await receiving.next()).toMatchObject({ value: { beat: expect.any(String) } })
  const letter = await letterOf(DE, FR, 1)
  await hub.submit([letter])
  expect(await items(receiving, 1)).toEqual([{ seq: 1, kind: 'letter', letter }])
  const receipt = await receiptOf(FR, letter)
  await hub.receipts([receipt])
  expect(await items(sending, 1)).toEqual([{ seq: 1, kind: 'receipt', receipt }])
})

test('a node that begins again before what it has receipted finds the receipts in place of the dropped letters', async () => {
  const hub = await hubWith()
  const letters = await lettersOf(2)
  await hub.submit(letters)
  const receipt = await receiptOf(FR, letters[0] ?? '')
  await hub.receipts([receipt])
  const [entry] = await entriesOf(store, FR)
  expect(await items(await streamOf(hub, 0), 2)).toEqual([
    { seq: 1, kind: 'letter', letter: null, from: DE, n: 1, id: entry?.body.id, digest: entry?.body.digest, receipt },
    { seq: 2, kind: 'letter', letter: letters[1] },
  ])
})

test('nobody sees another authority\'s mailbox', async () => {
  const hub = await hubWith()
  await hub.submit([await letterOf(DE, FR, 1)])
  const letter = await letterOf(DE, BR, 1)
  await hub.submit([letter])
  const [only] = await items(await streamOf(hub, 0, BR), 1)
  expect(only).toEqual({ seq: 1, kind: 'letter', letter })
})

test('beats come while nothing else does', async () => {
  const stream = await streamOf(await hubWith({ beatMs: 10 }), 0)
  for (const _ of range(4)) expect((await stream.next()).value).toEqual({ beat: expect.stringMatching(/^\d{4}-.*Z$/) })
})

test.each(['', 'after=', 'after=-1', 'after=1.5', 'after=1e3', 'after=0x10', 'after=NaN', 'after=%00', 'after=9999999999999999', 'before=1'])('a position written as "%s" is refused', async query => {
  const hub = await hubWith()
  const answer = await hub.peer.get(`/exchange/mailbox?${query}`, { headers: { authorization: `Bearer ${await tokenOf(FR)}` }, deadlineMs: 5_000 })
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT', path: 'after', requestId: 'request-1' } }] } })
})

test('a node whose cursor is ahead of the mailbox is told so, instead of missing what is written up to there', async () => {
  const hub = await hubWith()
  await hub.submit(await lettersOf(2))
  const lost = await streamOf(hub, 3).then(stream => stream.next()).catch((error: unknown) => error)
  expect(lost).toBeInstanceOf(LineLost)
  expect(lost).toMatchObject({ seen: { status: 409, body: { errors: [{ extensions: { code: 'CURSOR_INVALID', last: 2 } }] } } })
})

test.each<[string, Record<string, string>]>([
  ['no token', {}],
  ['a token that is none', { authorization: 'Bearer x' }],
  ['another scheme', { authorization: 'Basic eDp5' }],
  ['an empty one', { authorization: 'Bearer ' }],
  ['two', { authorization: 'Bearer a, Bearer b' }],
  ['a giant', { authorization: `Bearer ${'a'.repeat(9_000)}` }],
])('a mailbox is not opened with %s', async (_, headers) => {
  const hub = await hubWith()
  const answer = await hub.peer.get('/exchange/mailbox?after=0', { headers, deadlineMs: 5_000 })
  expect(answer).toMatchObject({ state: 'REFUSED', status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
  expect(hub.faults).toEqual([])
})

test('a hub that stops, and a stream that has lasted long enough, end in good order', async () => {
  const stop = new AbortController()
  const stopping = await streamOf(await hubWith({ stopping: stop.signal }), 0)
  await stopping.next()
  stop.abort()
  expect(await stopping.next()).toEqual({ done: true, value: undefined })
  const aged = await streamOf(await hubWith({ longestMs: 30 }), 0)
  await aged.next()
  expect(await aged.next()).toEqual({ done: true, value: undefined })
})

test('a ninth stream of one authority ends its oldest, and no stream of another', async () => {
  const hub = await hubWith()
  const others = await streamOf(hub, 0, BR)
  await others.next()
  const streams = []
  for (const _ of range(9)) {
    const stream = await streamOf(hub, 0)
    await stream.next()
    streams.push(stream)
  }
  expect(await streams[0]?.next()).toEqual({ done: true, value: undefined })
  await hub.submit([await letterOf(DE, FR, 1), await letterOf(DE, BR, 1)])
  for (const stream of [...streams.slice(1), others]) expect(await items(stream, 1)).toHaveLength(1)
})

const BIG = 'x'.repeat(400_000)

test('a slow reader gets every letter, and the hub reads no further ahead than the line takes', async () => {
  let loaded = 0
  const hub = await openHub(storeWith(store, (kept, name) => ({ getMany: keys => { loaded += name === 'sealed' ? keys.length : 0; return kept.getMany(keys) } })))
  hubs.push(hub)
  const letters = await lettersOf(60, BIG)
  for (let start = 0; start < letters.length; start += 8) await hub.submit(letters.slice(start, start + 8))
  const stream = await streamOf(hub, 0)
  expect(await items(stream, 1)).toHaveLength(1)
  for (const _ of range(100)) await hub.peer.get('/directory', { deadlineMs: 5_000 })
  expect(loaded).toBeLessThan(45)
  expect((await items(stream, 59)).map(({ letter }) => letter)).toEqual(letters.slice(1))
})

test('a reader that takes nothing is cut off, and what it had open is let go', async () => {
  const hub = await hubWith({ stallMs: 100 })
  const letters = await lettersOf(40, BIG)
  for (let start = 0; start < letters.length; start += 8) await hub.submit(letters.slice(start, start + 8))
  const socket = await opened(hub)
  socket.pause()
  socket.write(`GET /exchange/mailbox?after=0 HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: Bearer ${await tokenOf(FR)}\r\n\r\n`)
  await hub.peer.close()
  while (await hub.connections() > 0) await new Promise(resolve => setTimeout(resolve, 10))
  socket.destroy()
})

const opened = (hub: Hub): Promise<Socket> => new Promise(resolve => {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1', () => resolve(socket))
  socket.on('error', () => undefined)
})

interface Said { status: number; code: string }
async function said(hub: Hub, path: string, body: string | Buffer, headers: Record<string, string>): Promise<Said> {
  const answer = await fetch(hub.url + path, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers })
  const { errors } = await answer.json() as { errors?: { extensions: { code: string } }[] }
  return { status: answer.status, code: errors?.[0]?.extensions.code ?? 'TAKEN' }
}

const json = { 'content-type': 'application/json' }
test.each<[string, string | Buffer, Record<string, string>, Said]>([
  ['nothing', '', json, { status: 400, code: 'BAD_REQUEST' }],
  ['half of it', '{"letters":[', json, { status: 400, code: 'BAD_REQUEST' }],
  ['null', 'null', json, { status: 400, code: 'BAD_REQUEST' }],
  ['a list', '[]', json, { status: 400, code: 'BAD_REQUEST' }],
  ['another name', '{"letter":[]}', json, { status: 400, code: 'BAD_REQUEST' }],
  ['a further name', '{"letters":[],"receipts":[]}', json, { status: 400, code: 'BAD_REQUEST' }],
  ['a prototype', '{"__proto__":[]}', json, { status: 400, code: 'BAD_REQUEST' }],
  ['letters that are no list', '{"letters":{"length":1}}', json, { status: 400, code: 'BAD_REQUEST' }],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), json, { status: 400, code: 'BAD_REQUEST' }],
  ['UTF-16', Buffer.from('{"letters":[]}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }],
  ['a form', 'letters=1', { 'content-type': 'application/x-www-form-urlencoded' }, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }],
  ['plain text', '{"letters":[]}', { 'content-type': 'text/plain' }, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }],
  ['something compressed', '{"letters":[]}', { ...json, 'content-encoding': 'gzip' }, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }],
  ['101 letters', JSON.stringify({ letters: Array(101).fill('x') }), json, { status: 413, code: 'PAYLOAD_TOO_LARGE' }],
  ['lists in lists', '{"letters":' + '['.repeat(200_000) + ']'.repeat(200_000) + '}', json, { status: 400, code: 'BAD_REQUEST' }],
  ['no letters at all', '{"letters":[]}', json, { status: 200, code: 'TAKEN' }],
])('a body of %s is answered in JSON, never with a fault', async (_, body, headers, expected) => {
  const hub = await hubWith()
  const answer = await said(hub, '/exchange/letters', body, headers)
  // A tree so deep is either refused by the parser or a list with one odd letter: both are fine, a fault is not.
  if (body.length !== 400_012) expect(answer).toEqual(expected)
  expect(answer.status).toBeLessThan(500)
  expect(hub.faults).toEqual([])
  expect((await hub.submit([await letterOf(DE, FR, 1)]))).toMatchObject([{ relay: expect.any(String) }])
})

test.each(['content-length', 'chunked'])('a body over the bound (%s) is not read to its end', async how => {
  const hub = await hubWith()
  const socket = await opened(hub)
  const length = how === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${64 * 1024 * 1024}`
  socket.write(`POST /exchange/letters HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n${length}\r\n\r\n`)
  const chunk = how === 'chunked' ? `10000\r\n${'x'.repeat(65_536)}\r\n` : 'x'.repeat(65_536)
  let open = true
  let written = 0
  let head = ''
  socket.on('data', data => { head += data.toString() })
  const closed = new Promise(resolve => socket.once('close', () => { open = false; resolve(null) }))
  while (open && head === '' && written < 60_000_000) {
    written += chunk.length
    await new Promise(resolve => socket.write(chunk, resolve))
    // What the system takes at once would be written without a turn in which the hub may read.
    await new Promise(resolve => setImmediate(resolve))
  }
  await closed
  expect(written).toBeLessThan(30_000_000)
  if (head !== '') expect(head).toContain('413')
})

test('the directory is given out as it was signed', async () => {
  const hub = await hubWith()
  const answer = await fetch(hub.url + '/directory')
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'application/jose', 'the.signed.directory'])
})
