// A wake-up, never the data: a reader arms it before it reads, else it can sleep through an entry.

export class Doorbell {
  #waiting = new Set<() => void>()

  /** Resolves at the next ring after this call, at the abort, or after `atMostMs` where another process may ring unheard. */
  armed(signal: AbortSignal, atMostMs: number | null): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        if (timer) clearTimeout(timer)
        resolve()
      }
      const timer = atMostMs === null ? null : setTimeout(done, atMostMs)
      if (signal.aborted) return done()
      this.#waiting.add(done)
      signal.addEventListener('abort', done)
    })
  }

  ring(): void {
    for (const wake of [...this.#waiting]) wake()
  }
}
