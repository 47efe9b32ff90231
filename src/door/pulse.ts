// Whether there is still somebody at the other end of a socket. A house that takes one operation of a socket in a turn reads an answer to its ping late,
// behind all that was said before it: so whatever is taken of a peer tells that it is there.
import type { WebSocket } from 'ws'

const PINGS_MISSED = 2

export class Pulse {
  #missed = 0

  constructor(private readonly socket: WebSocket) { socket.on('pong', () => this.felt()) }

  felt(): void { this.#missed = 0 }

  beat(): void {
    if (this.#missed >= PINGS_MISSED) return this.socket.terminate()
    this.#missed++
    this.socket.ping()
  }
}
