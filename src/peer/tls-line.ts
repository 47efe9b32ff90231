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

const LOOK_EVERY_MS = 1_000

/** Lines to one house that are open. One whose other end showed a key that ended or was revoked since is cut: at once before anything is said, else within a second. */
export class PinnedLines {
  readonly #open = new Map<TLSSocket, X509Certificate>()
  readonly #timer: NodeJS.Timeout
  readonly connector: buildConnector.connector

  constructor(private readonly tls: LineTls, timeout: number) {
    this.connector = pinned(tls, timeout, (socket, seen) => {
      this.#open.set(socket, seen)
      socket.once('close', () => this.#open.delete(socket))
    })
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
  }

  look(): void { for (const [socket, seen] of this.#open) if (!this.tls.isPeer(seen)) socket.destroy() }

  close(): void { clearInterval(this.#timer) }
}

function pinned({ shown, isPeer }: LineTls, timeout: number, opened: (socket: TLSSocket, seen: X509Certificate) => void): buildConnector.connector {
  // No session of one house may be taken for another's: they can share an address.
  const connect = (): buildConnector.connector => buildConnector({ ...shown(), timeout, minVersion: 'TLSv1.3', rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, callback) => connect()(options, (error, socket) => {
    if (error) return callback(error, null)
    const seen = (socket as TLSSocket).getPeerX509Certificate()
    if (seen && isPeer(seen)) {
      opened(socket as TLSSocket, seen)
      return callback(null, socket)
    }
    socket.destroy()
    callback(new LineLost('TLS'), null)
  })
}
