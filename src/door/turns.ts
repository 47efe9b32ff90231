// One operation of a socket in a turn of the process: who sends thousands at once waits for them alone. What came behind is not read further meanwhile.
import { setImmediate as turn } from 'node:timers/promises'
import type { WebSocket } from 'ws'

interface Frame { bytes: Buffer; isBinary: boolean }

export class Turns {
  /** At most what one read of the socket brought. */
  readonly #waiting: Frame[] = []
  #isBusy = false

  /** `take` tells whether the message asked for an operation; others cost nothing and go on at once. */
  constructor(private readonly socket: WebSocket, private readonly take: (bytes: Buffer, isBinary: boolean) => boolean) {}

  add(bytes: Buffer, isBinary: boolean): void {
    if (this.#isBusy) {
      this.#waiting.push({ bytes, isBinary })
      this.socket.pause()
    } else if (this.take(bytes, isBinary)) this.#later()
  }

  #later(): void {
    this.#isBusy = true
    setImmediate(() => this.#goOn())
  }

  #goOn(): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) if (this.take(next.bytes, next.isBinary)) return this.#later()
    this.#isBusy = false
    this.socket.resume()
  }
}

/** For operations that are about to run: what waited for one answer together does not run together when it comes. */
export class Queue {
  #last: Promise<void> = Promise.resolve()

  /** A turn of the process of its own, behind those that asked before. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => turn())
    return this.#last
  }
}
