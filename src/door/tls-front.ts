// Mutual TLS on the port of plain HTTP: a connection whose first byte begins a TLS handshake is unwrapped, any other is taken as it is.
// Whose certificate it is, others judge.
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { fault } from '../refusal'

const HANDSHAKE = 0x16
const FIRST_BYTE_WITHIN_MS = 10_000

export function unwrapTls(server: Server, shown: () => { cert: string; key: string }): void {
  const [plain] = server.listeners('connection') as ((this: Server, socket: Duplex) => void)[]
  if (!plain) fault('a server that takes no connections')
  let current = shown()
  const tls = createTlsServer({ ...current, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false }, socket => plain.call(server, socket))
  tls.on('tlsClientError', (_, socket) => socket.destroy())
  server.removeAllListeners('connection')
  server.on('connection', socket => {
    const late = setTimeout(() => socket.destroy(), FIRST_BYTE_WITHIN_MS)
    const broken = (): void => void socket.destroy()
    socket.once('close', () => clearTimeout(late))
    socket.on('error', broken)
    socket.once('readable', () => {
      clearTimeout(late)
      socket.off('error', broken)
      const first = socket.read() as Buffer | null
      if (first === null) return void socket.destroy()
      socket.unshift(first)
      if (first[0] !== HANDSHAKE) return plain.call(server, socket)
      if (shown() !== current) tls.setSecureContext({ ...(current = shown()), minVersion: 'TLSv1.3' })
      tls.emit('connection', socket)
    })
  })
}
