// A message written past `ws` is one to an unmodified client, of every length, and keeps its place among those that `ws` writes.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { Encoded, writeText } from '../../src/door/frames'
import { eventually } from '../support/desk'

/** Around each length from which on the header has another form. */
const LENGTHS = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 200_000]
const OWN = 'é{"id":'

it.each([['nothing of its own', ''], ['a part of its own', OWN]])('arrives whole and in order, with %s', async (_, own) => {
  const server = createServer()
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const ends: { socket: WebSocket; raw: Duplex }[] = []
  server.on('upgrade', (req, raw, head) => wss.handleUpgrade(req, raw, head, socket => void ends.push({ socket, raw })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: string[] = []
  client.on('message', (frame: Buffer) => void heard.push(frame.toString()))
  await once(client, 'open')
  const [{ socket, raw }] = ends as [{ socket: WebSocket; raw: Duplex }]
  const said: string[] = []
  for (const length of LENGTHS) {
    const shared = 'x'.repeat(Math.max(0, length - Buffer.byteLength(own)))
    writeText(raw, new Encoded(own), new Encoded(shared))
    socket.send(`ws says ${length}`)
    said.push(`${own}${shared}`, `ws says ${length}`)
  }
  await eventually(async () => heard.length, count => count >= said.length, 'all messages')
  expect(heard).toEqual(said)
  client.terminate()
  wss.close()
  server.close()
})
