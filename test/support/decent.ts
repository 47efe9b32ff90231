// What every answer of reliability-security.md §4 owes, whatever was asked and over whichever transport; and how many of its rows a table ran. Names of
// tests and rows begin with the rows that they show (`B35 a body that stops`).
import { REFUSAL_CODES } from '../../src/refusal'
import type { Answer } from './asking'

/** Stands in every value that an answer must not repeat. */
export const ECHO = 'ECHO7f3a'
export const WITHIN_MS = 2_000

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** Where our files lie, what a stack and a page look like, and what the database says. */
const INSIDE = /node_modules|\bat .+:\d+:\d+|\.(ts|js):\d+|\/(work|tmp|home|root|usr|src)\/|<html|mongodb:|E11000|ENOENT|Cannot read prop/i

/** Text of ours that somebody outside reads. */
export function demandDiscreet(text: string): void {
  expect(text).not.toMatch(INSIDE)
  expect(text).not.toContain(ECHO)
  expect(text).not.toMatch(/did you mean/i)
}

/** An answer in time that says nothing of our inside; each of its errors, at most 20, has a code of the closed list and a request id. */
export function demandDecent({ tookMs, text, errors }: Answer, withinMs = WITHIN_MS): void {
  expect(tookMs).toBeLessThan(withinMs)
  demandDiscreet(text)
  expect(errors.length).toBeLessThanOrEqual(20)
  for (const { message, extensions } of errors) {
    expect(message).not.toBe('')
    expect(REFUSAL_CODES).toContain(extensions?.['code'])
    expect(extensions?.['requestId']).toMatch(UUID)
  }
}

/** Counts the answers of a table's rows; each is demanded to be decent. */
export class RowsRun {
  #ran = 0
  constructor(private readonly table: string) {}

  demand(answer: Answer, withinMs?: number): void {
    this.#ran++
    demandDecent(answer, withinMs)
  }

  /** What came from a socket of the test's own, or the reason of a close; `begun` as `performance.now()` had it. */
  demandText(text: string, begun?: number): void {
    this.#ran++
    if (begun !== undefined) expect(performance.now() - begun).toBeLessThan(WITHIN_MS)
    demandDiscreet(text)
  }

  print(): void { process.stdout.write(`${this.table}: ${this.#ran} rows run\n`) }
}
