// Timers for the end of a token: Node's own overflow after 24 days.
const TIMEOUT_AT_MOST = 2 ** 31 - 1

export const setLongTimeout = (act: () => void, ms: number): NodeJS.Timeout => setTimeout(act, Math.min(Math.max(0, ms), TIMEOUT_AT_MOST)).unref()
