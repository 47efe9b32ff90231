// What a caller is told of an error: a refusal whole, a fault of ours as one fixed text with the request's id. Nothing is echoed.
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from 'pino'
import { Refusal, type RefusalCode } from '../refusal'

const FAULT_TEXT = 'Comity could not answer because of a fault of its own. It was logged under the request id.'

export function maskedError(error: unknown, { requestId }: { requestId: string }, log: Logger): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? { ...(error.path && { path: error.path }), ...(error.locations && { locations: error.locations }) } : {}
  const refusal = refusalOf(error)
  if (refusal) {
    const { code, message, facts } = refusal
    return { message, ...place, extensions: { code, ...facts, requestId } }
  }
  log.error({ err: original(error), requestId }, 'a fault')
  return { message: FAULT_TEXT, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }
}

const original = (error: unknown): unknown => (error instanceof GraphQLError && error.originalError ? error.originalError : error)

/** The refusal behind an error; null where it is a fault of ours. */
export function refusalOf(error: unknown): Refusal | null {
  const cause = original(error)
  if (cause instanceof Refusal) return cause.code === 'INTERNAL_SERVER_ERROR' ? null : cause
  return error instanceof GraphQLError ? graphqlRefusal(error) : null
}

/** What graphql-js itself refuses, in its own words but without suggestions and without what the caller wrote as a value. Variables were read before. */
function graphqlRefusal(error: GraphQLError): Refusal | null {
  const code = error.extensions['code'] as RefusalCode | undefined
  const [, variable] = /^Variable "\$([A-Za-z0-9_]+)" /.exec(error.message) ?? []
  if (variable !== undefined && code === undefined) return new Refusal('BAD_USER_INPUT', 'A variable does not have the shape that the schema asks for.', { path: variable, hint: 'See the type of this variable in the schema.' })
  const [, argument] = /^Argument "([A-Za-z0-9_]+)" /.exec(error.message) ?? []
  if (argument !== undefined && code === undefined) return new Refusal('BAD_USER_INPUT', 'An argument does not have the shape that the schema asks for.', { path: argument, hint: 'See the type of this argument in the schema.' })
  if (code === 'QUERY_TOO_COMPLEX') return new Refusal(code, error.message, { hint: 'Ask for less at once; split it into several operations.' })
  if (code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED') return new Refusal(code, discreet(error.message), { hint: SCHEMA_HINT })
  if (code === 'BAD_USER_INPUT' || code === 'BAD_REQUEST') return new Refusal(code, discreet(error.message), {})
  if (code === ('OPERATION_RESOLUTION_FAILURE' as string)) return new Refusal('BAD_REQUEST', 'There is no such operation in the document.', { hint: 'Name the operation to run in `operationName`.' })
  return error.originalError || error.path ? null : new Refusal('GRAPHQL_VALIDATION_FAILED', discreet(error.message), { hint: SCHEMA_HINT })
}

const SCHEMA_HINT = 'See the schema at /schema.graphql.'

/** Where graphql-js repeats a value, and what is said instead. */
const VALUES: readonly [RegExp, string][] = [
  [/^(Expected value of type "[^"]*"), found .*$/s, '$1.'],
  [/^((?:Enum "\w+"|\w+) cannot represent (?:an? )?[\w -]*value): .*$/s, '$1.'],
  [/^Value ".*" does not exist in ("\w+") enum\.$/s, 'This value does not exist in the enum $1.'],
  [/\b(String|BlockString|Int|Float) ".*"\.$/s, '$1.'],
]

/** No suggestion, no value. */
export function discreet(message: string): string {
  const plain = message.replace(/ Did you mean .*$/s, '')
  return VALUES.reduce((text, [pattern, instead]) => text.replace(pattern, instead), plain)
}
