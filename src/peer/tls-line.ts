// Mutual TLS to another house: both show a certificate, and whether the other one's is the right one is asked of the caller, not of an authority.
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { LineLost } from './outcome'

export interface LineTls {
  /** What this end shows now, PEM both. */
  shown(): { cert: string; key: string }
  /** Whether this is the certificate of the house that is meant. */
  isPeer(certificate: X509Certificate): boolean
}

export function pinned({ shown, isPeer }: LineTls, timeout: number): buildConnector.connector {
  // No session of one house may be taken for another's: they can share an address.
  const connect = (): buildConnector.connector => buildConnector({ ...shown(), timeout, minVersion: 'TLSv1.3', rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, callback) => connect()(options, (error, socket) => {
    if (error) return callback(error, null)
    const seen = (socket as TLSSocket).getPeerX509Certificate()
    if (seen && isPeer(seen)) return callback(null, socket)
    socket.destroy()
    callback(new LineLost('TLS'), null)
  })
}
