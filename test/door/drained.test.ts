// Endless answers wait for their reader: each wait leaves nothing behind, and ends with the stream, or with a reader that takes nothing.
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { drained } from '../../src/door/drained'

const PIECE = 'x'.repeat(1024 * 1024)

/** One answer and its reader, who takes nothing until told to. */
async function answering(work: (res: ServerResponse, reader: IncomingMessage) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  const [, res] = await asked
  res.writeHead(200)
  res.flushHeaders()
  const [reader] = (await once(request, 'response')) as [IncomingMessage]
  reader.on('error', () => undefined)
  request.on('error', () => undefined)
  try {
    await work(res, reader)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
/** More than the sockets of both ends hold. */
const fill = (res: ServerResponse): void => { for (let i = 0; i < 64; i++) res.write(PIECE) }
const listeners = (res: ServerResponse): number[] => ['close', 'drain'].map(name => res.listenerCount(name))

test('a hundred waits for a slow reader leave no listener behind', () => answering(async (res, reader) => {
  const { signal } = new AbortController()
  const before = listeners(res)
  reader.resume()
  let waits = 0
  while (waits < 100) {
    if (res.write(PIECE)) continue
    waits++
    await drained(res, signal)
  }
  expect(listeners(res)).toEqual(before)
}))

test('the end of the stream ends the wait, and so does one that came before', () => answering(async res => {
  const over = new AbortController()
  fill(res)
  const waiting = drained(res, over.signal)
  over.abort()
  await waiting
  await drained(res, over.signal)
  expect(res.listenerCount('drain')).toBe(0)
}))

test('a reader that takes nothing is cut off, and whoever waited goes on', () => answering(async (res, reader) => {
  const over = new AbortController()
  res.once('close', () => over.abort())
  const cut = new Promise(resolve => reader.once('close', resolve))
  fill(res)
  await drained(res, over.signal, 50)
  expect(res.destroyed).toBe(true)
  reader.resume()
  await cut
}))

test('a reader that is gone is not waited for', () => answering(async (res, reader) => {
  const over = new AbortController()
  const gone = once(res, 'close')
  res.once('close', () => over.abort())
  fill(res)
  reader.destroy()
  await gone
  await drained(res, over.signal)
}))
