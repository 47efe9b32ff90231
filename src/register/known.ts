// What the world knows beside the register: days, states (ISO 3166-1 alpha-2), time zones. No list of ours to keep.
// Made at the first question: a register that was checked before asks none, and the platform's names take 20 ms to load.
let regions: Intl.DisplayNames | null = null
const isNamed = (code: string): boolean => (regions ??= new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })).of(code) !== undefined

/** Codes that the platform names too but that are no states: unions, private use, unknown. */
const NO_STATE = /^(A[AC]|CP|CQ|D[G]|E[AUZ]|IC|Q[M-Z]|T[A]|UN|X[A-Z]|ZZ)$/

export function isState(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NO_STATE.test(code)) return false
  // A retired code (UK, DD, SU) is turned into another one.
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}` && isNamed(code)
}

/** A day of the calendar, from 1800 on: 2023-02-30 is none. */
export function isDay(text: string): boolean {
  if (!/^(1[89]|2\d)\d\d-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
