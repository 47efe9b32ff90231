// The shape of a GraphQL request, whatever brought it.
import { Refusal } from '../refusal'
import type { Params } from './engine'

const bad = (path: string, what: string): Refusal => new Refusal('BAD_REQUEST', what, { path, hint: 'Send {"query": "…", "variables": {…}, "operationName": "…"}.' })

export function paramsOf(body: unknown): Params {
  if (Array.isArray(body)) throw bad('', 'Several operations in one request are not taken.')
  if (typeof body !== 'object' || body === null) throw bad('', 'The request is no object.')
  const { query, variables, operationName, extensions } = body as Record<string, unknown>
  if (!isOptionalObject(extensions)) throw bad('extensions', '`extensions` is no object.')
  if (query === undefined && (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery !== undefined) {
    throw new Refusal('PERSISTED_QUERY_NOT_SUPPORTED', 'Persisted queries are not supported.', { hint: 'Send the whole query.' })
  }
  if (typeof query !== 'string' || query.trim() === '') throw bad('query', '`query` is missing or no text.')
  if (!isOptionalObject(variables)) throw bad('variables', '`variables` is no object.')
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw bad('operationName', '`operationName` is no text.')
  return { query, ...(variables ? { variables: variables as Record<string, unknown> } : {}), ...(operationName ? { operationName } : {}) }
}

const isOptionalObject = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))

const GET_PARAMETERS: readonly string[] = ['query', 'variables', 'operationName', 'extensions']

export function paramsOfSearch(search: URLSearchParams, parse: (text: string) => unknown): Params {
  for (const name of GET_PARAMETERS) if (search.getAll(name).length > 1) throw bad(name, `\`${name}\` is given twice.`)
  const json = (name: string): unknown => {
    const text = search.get(name)
    return text === null || text === '' ? undefined : parse(text)
  }
  return paramsOf({ query: search.get('query') ?? undefined, variables: json('variables'), operationName: search.get('operationName') ?? undefined, extensions: json('extensions') })
}
