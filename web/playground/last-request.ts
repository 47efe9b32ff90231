// The request that was met last, in whichever window of this browser: its reference and version fill the acts' variables.
import { REFERENCE_WANTED } from './ready-tabs'
import { GRAPHQL } from '../access/socket-url'

export interface Met { reference: string; version: number }

const KEY = 'comity.playground.met'

export function lastMet(): Met | null {
  try {
    const met = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Met | null
    return met && typeof met.reference === 'string' && typeof met.version === 'number' ? met : null
  } catch { return null }
}

/** A request that an act or an event speaks of. A list speaks of many, so of none. */
export function meet(answer: unknown): Met | null {
  const data = (answer as { data?: Record<string, unknown> | null } | null)?.data
  for (const field of Object.values(data ?? {})) {
    const request = (field as { request?: Partial<Met> } | null)?.request
    if (typeof request?.reference !== 'string' || typeof request.version !== 'number') continue
    const met = { reference: request.reference, version: request.version }
    localStorage.setItem(KEY, JSON.stringify(met))
    return met
  }
  return null
}

/** Its version now, as this viewer's house knows it; null where the viewer cannot see it. */
export async function versionNow(reference: string, authorization: string | null): Promise<number | null> {
  try {
    const answer = await fetch(GRAPHQL, {
      method: 'POST', headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query: 'query VersionNow($reference: String!) { request(reference: $reference) { version } }', variables: { reference } }),
    })
    const { data } = (await answer.json()) as { data?: { request?: { version?: number } | null } | null }
    return data?.request?.version ?? null
  } catch { return null }
}

/**
 * The variables with reference and version of the request at hand; null where there is nothing to fill in.
 * A reference that a person has typed is kept, and only its version brought up to date.
 */
export async function filled(text: string, filledBefore: string | null, authorization: string | null): Promise<{ text: string; reference: string } | null> {
  const variables = parsed(text)
  if (typeof variables?.['reference'] !== 'string') return null
  const here = variables['reference']
  const reference = here === REFERENCE_WANTED || here === filledBefore ? (lastMet()?.reference ?? here) : here
  if (reference === REFERENCE_WANTED) return null
  const version = 'version' in variables ? await versionNow(reference, authorization) : null
  return { reference, text: JSON.stringify({ ...variables, reference, ...(version !== null && { version }) }, null, 2) }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch { return null }
}
