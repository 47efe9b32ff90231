// A node's loop outlives what fails for a while, a store that is down first of all: whoever ended here would be missed until a restart.
import type { Logger } from 'pino'
import { retryDelay, type waitOr } from '../peer/retry'

export interface Looping { signal: AbortSignal; wait: typeof waitOr; log: Logger; name: string }

const QUICK_ATTEMPTS = 6

/** Begins the work again, from what is stored, whenever it ends before the signal does. */
export async function unending(work: () => Promise<void>, { signal, wait, log, name }: Looping): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await work()
    } catch (err) {
      log.error({ err, loop: name }, 'a loop of the node failed; it begins again')
    }
    await wait(retryDelay(Math.min(attempt, QUICK_ATTEMPTS), Math.random), signal)
  }
}
