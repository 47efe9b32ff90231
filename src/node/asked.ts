// What a hub may ask of a node, judged before any work: the hub carries a viewer's token, but whoever holds the hub writes what it asks.
import { GraphQLError, Kind, parse, validate, visit, type DocumentNode, type GraphQLSchema } from 'graphql'
import { demandShallow, tooComplex } from '../door/limits'
import { isVersion, type ListAsk, type Place } from '../peer/reading'
import { Refusal } from '../refusal'

/** A viewer's operation with every field under a name of its own. */
const TOKENS_AT_MOST = 20_000
/** Fields of one name are compared each with each. */
const ALIKE_AT_MOST = 1_000
const FRAGMENTS_AT_MOST = 200
/** A page of each partner's may have to be proved. */
const REFERENCES_AT_MOST = 10_000
/** Rows that a reader has met in a newer version elsewhere. */
const AWAITED_AT_MOST = 100
const AUTHORITIES_AT_MOST = 300
const NAME_AT_MOST = 200
const SCOPES: readonly string[] = ['HOME', 'DECIDED', 'COPIES', 'REFERENCES'] satisfies ListAsk['scope'][]

/** A query that fits the schema and is no more than an honest hub makes of what a viewer may ask. */
export function readDocument(schema: GraphQLSchema, query: string): DocumentNode {
  demandShallow(query)
  const document = parsed(query)
  demandFewAlike(document)
  const [error] = validate(schema, document)
  if (error) throw new Refusal('GRAPHQL_VALIDATION_FAILED', 'The query does not fit this node\'s schema.', { hint: 'Hub and node must be of versions that go together.' })
  return document
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: TOKENS_AT_MOST })
  } catch (thrown) {
    if (thrown instanceof GraphQLError && /tokens\. Parsing aborted/.test(thrown.message)) throw tooComplex('tokens', TOKENS_AT_MOST)
    throw thrown
  }
}

function demandFewAlike(document: DocumentNode): void {
  if (document.definitions.length > FRAGMENTS_AT_MOST) throw tooComplex('fragments', FRAGMENTS_AT_MOST)
  visit(document, {
    SelectionSet({ selections }) {
      const alike = new Map<string, number>()
      for (const selection of selections) {
        const name = selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : ''
        const count = (alike.get(name) ?? 0) + 1
        if (count > ALIKE_AT_MOST) throw tooComplex('fields of one name', ALIKE_AT_MOST)
        alike.set(name, count)
      }
    },
  })
}

/** Which rows are meant; null where nothing is asked beyond the query. */
export function listAskIn(ask: unknown): ListAsk | null {
  const value = (ask as { list?: unknown } | null | undefined)?.list
  if (value === undefined || value === null) return null
  const { scope, limit, after, references, deciders, known, reached } = value as Partial<Record<keyof ListAsk, unknown>>
  const isSound = SCOPES.some(each => each === scope) && typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0 && limit <= REFERENCES_AT_MOST
    && (after === undefined || isPlace(after)) && [references, known].every(names => isNames(names, REFERENCES_AT_MOST)) && isNames(deciders, AUTHORITIES_AT_MOST) && isVersions(reached)
  if (!isSound) throw new Refusal('BAD_REQUEST', 'The rows that are asked for are not named as a hub names them.', { path: 'ask' })
  return value as ListAsk
}

const isName = (value: unknown): boolean => typeof value === 'string' && value.length <= NAME_AT_MOST
const isNames = (value: unknown, atMost: number): boolean => value === undefined || (Array.isArray(value) && value.length <= atMost && value.every(isName))

const isVersions = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value) && isNames(Object.keys(value), AWAITED_AT_MOST) && Object.values(value).every(isVersion))

function isPlace(place: unknown): place is Place {
  const { value, reference } = (place ?? {}) as Partial<Record<keyof Place, unknown>>
  return isName(reference) && (value === null || isName(value))
}
