// A clock that stands still until it is told to go on, and the pauses that hang on it. And: whether anything is under way.
export class VirtualTime {
  #ms: number
  #waiting: { at: number; end: (passed: boolean) => void }[] = []

  constructor(start: Date) { this.#ms = start.getTime() }

  now = (): Date => new Date(this.#ms)

  wait = (ms: number, signal: AbortSignal): Promise<boolean> => new Promise(resolve => {
    if (signal.aborted) return resolve(false)
    const aborted = (): void => resolve(false)
    this.#waiting.push({ at: this.#ms + ms, end: passed => { signal.removeEventListener('abort', aborted); resolve(passed) } })
    signal.addEventListener('abort', aborted, { once: true })
  })

  advance(ms: number): void {
    this.#ms += ms
    const due = this.#waiting.filter(each => each.at <= this.#ms).sort((one, other) => one.at - other.at)
    this.#waiting = this.#waiting.filter(each => each.at > this.#ms)
    for (const each of due) each.end(true)
  }
}

const QUIET_MS = 1.5
const ENDLESS_MS = 20_000

/** Counts what is under way at stores, on the network and in the thread pool that signs and seals; what is reckoned in between is short. */
export class Activity {
  #open = 0
  #last = performance.now()

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#open++
    this.#last = performance.now()
    try {
      return await work()
    } finally {
      this.#open--
      this.#last = performance.now()
    }
  }

  get isBusy(): boolean { return this.#open > 0 || performance.now() - this.#last < QUIET_MS }

  /** Resolves when nothing has been under way for a moment; throws where it goes on and on. */
  async ceased(): Promise<void> {
    const begun = this.#last = performance.now()
    while (this.isBusy || SEALING.isBusy) {
      if (performance.now() - begun > ENDLESS_MS) throw new Error('the houses never come to rest')
      await new Promise(resolve => setImmediate(resolve))
    }
  }
}

const SEALING = new Activity()
const { subtle } = globalThis.crypto
// All that it does: what is left out passes for rest on a busy machine, however much is still to come of it.
for (const name of ['sign', 'verify', 'encrypt', 'decrypt', 'digest', 'deriveBits', 'deriveKey', 'generateKey', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey'] as const) {
  const work = subtle[name].bind(subtle) as (...given: unknown[]) => Promise<unknown>
  Object.defineProperty(subtle, name, { configurable: true, value: (...given: unknown[]) => SEALING.during(() => work(...given)) })
}

export const never = <Result>(): Promise<Result> => new Promise<Result>(() => undefined)
