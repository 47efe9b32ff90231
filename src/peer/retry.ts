// When to try another house again. Pure: chance and time come in from outside; knows nothing of what is tried.

const FIRST_MS = 200
/** The first steps stay this close, so that a house that only restarted is found again within a second or two. */
const QUICK_MS = 1_000
const QUICK_STEPS = 8
const LONGEST_MS = 10 * 60_000

/** Milliseconds before the next try, `attempt` counting failures from 0; the upper half of each step is left to chance. */
export function retryDelay(attempt: number, random: () => number): number {
  const step = stepOf(attempt > 0 ? Math.floor(attempt) : 0)
  return Math.round(step / 2 + (step / 2) * random())
}

function stepOf(attempt: number): number {
  if (attempt < QUICK_STEPS) return Math.min(QUICK_MS, FIRST_MS * 2 ** attempt)
  return Math.min(LONGEST_MS, QUICK_MS * 2 ** (attempt - QUICK_STEPS + 1))
}

/** True once the time has passed, false at once where the signal ends first. */
export function waitOr(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve(false)
    const end = (passed: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stopped)
      resolve(passed)
    }
    const stopped = () => end(false)
    const timer = setTimeout(() => end(true), ms)
    signal.addEventListener('abort', stopped)
  })
}
