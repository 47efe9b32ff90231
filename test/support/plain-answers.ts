// The slow and simple way to answer: everything about each request is read once, field by field, and operations are run over the plain objects by graphql-js
// alone, with no resolver of ours. What any other way answers must be this.
import {
  buildSchema, execute, getNamedType, isEnumType, isLeafType, isObjectType, isUnionType, type DocumentNode, type ExecutionResult, type GraphQLField, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql'
import { houseSchema, printedSdl } from '../../resolvers/house-schema'
import { eventually, type Answer, type Desk } from './desk'

/** Cursors are sealed anew each time, and these tell the time of the answer or what lies beyond the request. */
const LEFT_OUT: readonly string[] = ['asOf', 'checkedAt', 'lastSeenAt', 'tookMs', 'medianAcknowledgeMinutes', 'openRequests', 'sources', 'contactPoints', 'onDuty', 'onDutyNow', 'reachability', 'parties', 'description']
const LEVELS = 5

type Row = Record<string, unknown>
type Field = GraphQLField<unknown, unknown>

export const plainSchema: GraphQLSchema = buildSchema(printedSdl(houseSchema()))
const REQUEST = plainSchema.getType('Request') as GraphQLObjectType
const UNION_MEMBERS = Object.values(plainSchema.getTypeMap()).flatMap(type => (isUnionType(type) ? type.getTypes().map(({ name }) => name) : []))

/** Fields of a type that are compared. */
export function comparedFields(type: GraphQLObjectType): Field[] {
  return Object.values(type.getFields()).filter(field => {
    const named = getNamedType(field.type)
    return !LEFT_OUT.includes(field.name) && named.name !== 'Cursor' && (named !== REQUEST || type.name === 'RequestConnection' || type.name === 'RequestEdge')
  })
}

/** All of a type, several levels deep; of a union one member alone, so that no two meet under one name. */
function whole(type: GraphQLOutputType, levels: number, member: string): string | null {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (levels === 0) return null
  if (isObjectType(named)) return `{ ${wholeObject(named, levels, member)} }`
  const possible = plainSchema.getPossibleTypes(named).find(({ name }) => name === member)
  return `{ __typename ${possible ? `... on ${member} { ${wholeObject(possible, levels, member)} }` : ''} }`
}

const wholeObject = (type: GraphQLObjectType, levels: number, member: string): string => ['__typename', ...comparedFields(type).flatMap(field => {
  const inner = whole(field.type, levels - 1, member)
  return inner === null ? [] : [`${field.name}${isPaged(field) ? '(first: 100)' : ''} ${inner}`]
})].join(' ')

const isPaged = ({ args }: Field): boolean => args.some(({ name }) => name === 'first')

/** Two answers to one question that differ in what was selected of a union. */
function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((each, i) => joined(each, other[i]))
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return other
  return Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(other)])].map(key => [key, key in one && key in other ? joined((one as Row)[key], (other as Row)[key]) : ((one as Row)[key] ?? (other as Row)[key])]))
}

/** Connections below a request take `first` as the schema does. */
function paged(row: Row): Row {
  const timeline = row['timeline'] as { edges: unknown[]; nodes: unknown[]; pageInfo: Row } | undefined
  if (!timeline) return row
  return { ...row, timeline: ({ first = 50 }: { first?: number }) => ({ ...timeline, edges: timeline.edges.slice(0, first), nodes: timeline.nodes?.slice(0, first), pageInfo: { ...timeline.pageInfo, hasNextPage: timeline.edges.length > first } }) }
}

export class PlainAnswers {
  private constructor(private readonly rows: ReadonlyMap<string, Row>, private readonly orders: ReadonlyMap<string, readonly string[]>) {}

  get references(): string[] { return [...this.rows.keys()] }

  static async read(desk: Desk): Promise<PlainAnswers> {
    const orders = new Map<string, readonly string[]>()
    const order = plainSchema.getType('RequestOrder')
    for (const { name } of isEnumType(order) ? order.getValues() : []) {
      const { requests } = await desk.read<{ requests: { nodes: { reference: string }[] } }>(`{ requests(first: 100, orderBy: ${name}) { nodes { reference } } }`)
      orders.set(name, requests.nodes.map(({ reference }) => reference))
    }
    const rows = new Map<string, Row>()
    for (const reference of orders.get('CREATED') ?? []) {
      const row: Row = { __typename: 'Request' }
      for (const field of comparedFields(REQUEST)) Object.assign(row, await wholeField(desk, reference, field))
      rows.set(reference, paged(row))
    }
    return new PlainAnswers(rows, orders)
  }

  answer(document: DocumentNode, variableValues: Row): Promise<ExecutionResult> | ExecutionResult {
    const request = ({ reference }: { reference: string }): Row | null => this.rows.get(reference) ?? null
    const rootValue = { request, node: ({ id }: { id: string }) => request({ reference: id.replace('request:', '') }), requests: this.#requests }
    return execute({ schema: plainSchema, document, rootValue, variableValues })
  }

  readonly #requests = ({ filter, orderBy = 'LAST_ACTIVITY', first = 20 }: { filter?: { references?: string[] | null } | null; orderBy?: string; first?: number }): Row => {
    const found = (this.orders.get(orderBy) ?? []).filter(reference => filter?.references?.includes(reference) ?? true)
    const nodes = found.slice(0, first).map(reference => this.rows.get(reference))
    return { nodes, edges: nodes.map(node => ({ node })), pageInfo: { hasNextPage: found.length > first, hasPreviousPage: false } }
  }
}

/** One operation for each member of a union, one for all where there is none. */
async function wholeField(desk: Desk, reference: string, field: Field): Promise<Row> {
  const bounds = isPaged(field) ? '(first: 100)' : ''
  const texts = new Set(UNION_MEMBERS.map(member => `query($reference: String!) { request(reference: $reference) { ${field.name}${bounds} ${whole(field.type, LEVELS, member) ?? ''} } }`))
  let row: unknown
  for (const text of texts) {
    const { data, errors } = await askPatiently<{ request: Row }>(desk, text, { reference })
    if (errors || !data) throw new TypeError(`${field.name}: ${JSON.stringify(errors)}`)
    row = row === undefined ? data.request : joined(row, data.request)
  }
  return row as Row
}

/** Again, once the rate allows it. */
export const askPatiently = <Shape>(desk: Desk, query: string, variables: object): Promise<Answer<Shape>> =>
  eventually(() => desk.ask<Shape>(query, variables), ({ errors }) => errors?.[0]?.extensions.code !== 'RATE_LIMITED', 'the rate allows it')
