// How often a node signs where a log of its stands: every 256 entries, and a minute after the last time where anything came since.
import { waitOr } from '../peer/retry'

const ENTRIES_BETWEEN = 256
const MS_BETWEEN = 60_000
const LOOK_MS = 1_000

/** Position and time of the last signature. */
export interface Signed { seq: number; at: number }

export function isDue(head: number, { seq, at }: Signed, now: Date): boolean {
  const behind = head - seq
  return behind >= ENTRIES_BETWEEN || (behind > 0 && now.getTime() - at >= MS_BETWEEN)
}

/** False once the signal ends it. */
export const nextLook = (signal: AbortSignal): Promise<boolean> => waitOr(LOOK_MS, signal)
