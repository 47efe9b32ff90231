// Lines of other houses over mutual TLS: whose each is, by the certificate that was shown on it. One whose key ended or was revoked since is cut,
// with whatever runs on it: the house comes again and shows the key that it has now.
import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

const LOOK_EVERY_MS = 1_000

export class HouseSockets {
  readonly #open = new Map<TLSSocket, X509Certificate>()
  readonly #timer: NodeJS.Timeout

  constructor(private readonly ownerOf: (certificate: X509Certificate) => string | null) {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
  }

  /** The house whose line this came by; null where it is none's. */
  houseOf({ socket }: IncomingMessage): string | null {
    if (!(socket instanceof TLSSocket)) return null
    const shown = this.#open.get(socket) ?? socket.getPeerX509Certificate()
    const house = shown ? this.ownerOf(shown) : null
    if (shown && house !== null) this.#keep(socket, shown)
    return house
  }

  #keep(socket: TLSSocket, shown: X509Certificate): void {
    if (this.#open.has(socket)) return
    this.#open.set(socket, shown)
    socket.once('close', () => this.#open.delete(socket))
  }

  #look(): void {
    for (const [socket, shown] of this.#open) if (this.ownerOf(shown) === null) socket.destroy()
  }

  close(): void { clearInterval(this.#timer) }
}
