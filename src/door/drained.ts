// Back pressure of an endless answer: whoever writes waits until its reader took what was written.
import type { ServerResponse } from 'node:http'

const STALL_MS = 60_000

/** Resolves when it did, or when the signal ends; a reader that takes nothing for so long is cut off, which has to end the signal. */
export function drained(res: ServerResponse, signal: AbortSignal, stallMs = STALL_MS): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(stall)
      res.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const stall = setTimeout(() => res.destroy(), stallMs)
    res.once('drain', done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
