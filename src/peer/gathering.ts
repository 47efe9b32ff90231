// One answer of another house, gathered as it comes: whole, within its bound, or not at all. A stream to read it from would cost more than the call.
import type { Dispatcher } from 'undici'
import { LineLost, type Reason } from './outcome'

export interface Gathered { status: number; type: string; bytes: Uint8Array }

export class Gathering implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Gathered>
  #resolve: (answer: Gathered) => void = () => undefined
  #reject: (because: Error) => void = () => undefined
  #controller: Dispatcher.DispatchController | null = null
  #ended: LineLost | null = null
  #status = 0
  #type = ''
  #length = 0
  readonly #parts: Buffer[] = []

  constructor(private readonly maxBytes: number) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Cuts it off, or the call that waits for a free connection once it gets one. */
  end(reason: Reason): void {
    this.#ended = new LineLost(reason)
    this.#reject(this.#ended)
    this.#controller?.abort(this.#ended)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#ended) controller.abort(this.#ended)
  }

  /** The last one counts: statuses below 200 only announce it. */
  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.#status = status
    this.#type = String(headers['content-type'] ?? '')
  }

  onResponseData(_: Dispatcher.DispatchController, part: Buffer): void {
    this.#length += part.length
    if (this.#length > this.maxBytes) this.end('TOO_LARGE')
    else this.#parts.push(part)
  }

  onResponseEnd(): void {
    const [only] = this.#parts
    this.#resolve({ status: this.#status, type: this.#type, bytes: only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts) })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void { this.#reject(error) }
}
