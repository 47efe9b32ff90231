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
  if (isDeeper(variables, VARIABLES_DEPTH)) throw new Refusal('BAD_USER_INPUT', 'The variables are nested too deeply.', { path: 'variables', hint: `Nest at most ${VARIABLES_DEPTH} lists and objects.` })
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw bad('operationName', '`operationName` is no text.')
  return { query, ...(variables ? { variables: variables as Record<string, unknown> } : {}), ...(operationName ? { operationName } : {}) }
}

const VARIABLES_DEPTH = 64

/** Looks no deeper than so many levels. */
const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some(each => isDeeper(each, levels - 1)))

const isOptionalObject = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))

const GET_PARAMETERS: readonly string[] = ['query', 'variables', 'operationName', 'extensions']

/** An address is kept in histories and logs: what proves who one is does not belong there. */
const SECRETS: readonly string[] = ['access_token', 'token', 'authorization']

export function demandNoSecret(search: URLSearchParams): void {
  if ([...search.keys()].some(name => SECRETS.includes(name.toLowerCase()))) throw new Refusal('BAD_REQUEST', 'A token does not belong in an address.', { hint: 'Send it as `Authorization: Bearer …`, on WebSocket in the payload of connection_init.' })
}

export function paramsOfSearch(search: URLSearchParams, parse: (text: string) => unknown): Params {
  for (const name of GET_PARAMETERS) if (search.getAll(name).length > 1) throw bad(name, `\`${name}\` is given twice.`)
  const json = (name: string): unknown => {
    const text = search.get(name)
    return text === null || text === '' ? undefined : parse(text)
  }
  return paramsOf({ query: search.get('query') ?? undefined, variables: json('variables'), operationName: search.get('operationName') ?? undefined, extensions: json('extensions') })
}
