// Mutual TLS to another house: both show a certificate, and whether the other one's is the right one is asked of the caller, not of an authority.
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { LineLost } from './outcome'

export interface LineTls {
  /** PEM, both. */
  cert: string
  key: string
  /** Whether this is the certificate of the house that is meant. */
  isPeer(certificate: X509Certificate): boolean
}

export function pinned({ cert, key, isPeer }: LineTls, timeout: number): buildConnector.connector {
  // No session of one house may be taken for another's: they can share an address.
  const connect = buildConnector({ cert, key, timeout, minVersion: 'TLSv1.3', rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, callback) => connect(options, (error, socket) => {
    if (error) return callback(error, null)
    const shown = (socket as TLSSocket).getPeerX509Certificate()
    if (shown && isPeer(shown)) return callback(null, socket)
    socket.destroy()
    callback(new LineLost('TLS'), null)
  })
}
