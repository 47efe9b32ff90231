// Asking the house: one GraphQL call over HTTP with a deadline, its refusals with their code, and the house's clock.
import { GRAPHQL } from '../access/socket-url'

export interface Refused { code: string; message: string; hint: string | null; currentVersion: number | null }
export type Answer<T> = { data: T } | { refused: Refused } | { noAnswer: string }

const WITHIN_MS = 15_000

let ahead = 0

/** Now by the clock of the house: deadlines are its, and a clock of this machine may be wrong. */
export const houseNow = (): number => Date.now() + ahead

/** How far the house's clock is ahead of this machine's. The header has whole seconds only. */
export const houseAhead = (): number => ahead

export async function ask<T>(authorization: string, query: string, variables: Record<string, unknown> = {}): Promise<Answer<T>> {
  try {
    const response = await fetch(GRAPHQL, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
      body: JSON.stringify({ query, variables }), signal: AbortSignal.timeout(WITHIN_MS), cache: 'no-store',
    })
    setClock(response.headers.get('date'))
    const body = (await response.json()) as { data?: T | null; errors?: readonly unknown[] }
    if (body.errors?.length || !body.data) return { refused: refusedBy(body.errors ?? []) }
    return { data: body.data }
  } catch (thrown) {
    return { noAnswer: thrown instanceof DOMException && thrown.name === 'TimeoutError' ? `No answer within ${WITHIN_MS / 1_000} s.` : 'The house cannot be reached.' }
  }
}

function setClock(date: string | null): void {
  const there = Date.parse(date ?? '')
  if (Number.isNaN(there)) return
  const off = there + 500 - Date.now()
  ahead = Math.abs(off) > 2_000 ? off : 0
}

function refusedBy(errors: readonly unknown[]): Refused {
  const { message, extensions } = (errors[0] ?? {}) as { message?: string; extensions?: Record<string, unknown> }
  return {
    code: typeof extensions?.['code'] === 'string' ? extensions['code'] : 'INTERNAL_SERVER_ERROR', message: message ?? 'The house gave no answer.',
    hint: typeof extensions?.['hint'] === 'string' ? extensions['hint'] : null, currentVersion: typeof extensions?.['currentVersion'] === 'number' ? extensions['currentVersion'] : null,
  }
}
