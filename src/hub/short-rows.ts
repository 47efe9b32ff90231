// Rows of which every field that is selected came from a node and was found sound are shown without a second execution, and so is what the register says of legal
// bases: a schema in which they are leaves runs the same operation, and what was worked out once from its text makes each of them the client's. Anything out of the
// ordinary is left to the schema as it is.
import {
  defaultFieldResolver, getNullableType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, isLeafType, isListType, isNonNullType, isObjectType,
  type ExecutionResult, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLFieldResolver, type GraphQLOutputType, type GraphQLResolveInfo, type OperationDefinitionNode,
} from 'graphql'
import { collectFields } from '@graphql-tools/utils'
import type { Prepared } from '../door/engine'
import { fragmentsOf } from '../door/limits'
import { isChosen } from './plans'
import { BOUNDARY_KEYS, remoteKey, subfields } from './projection'
import { hasErrors, remoteFieldResolver, type RemoteObject, type RowOfPage } from './remote'
import { ownOfEither } from './remote-schema'

type Value = (value: unknown) => unknown
type Shape = (row: RemoteObject) => object
interface Member { key: string; /** Where the row has it. */ from: string; value: Value }
/** Whose a row is, and so how it is read: a node answers by the client's keys, all that was asked; the hub's own has its fields by name, as they stand. */
type Source = 'NODE' | 'OWN'
interface Selected { keys: string; type: GraphQLObjectType; nodes: readonly FieldNode[]; source: Source }

/** A row is not what it should be for this way: the other one says what is wrong with it. */
class Irregular extends Error {
  override readonly name = 'Irregular'
  constructor() { super('a row to be run by the whole schema') }
}

const irregular = (): never => { throw new Irregular() }

const Row = new GraphQLScalarType<unknown, unknown>({ name: 'Row', serialize: row => row })

export class ShortRows {
  /** By operation, then by the keys that lead to its rows (a node alone may stand in several selections, by a fragment); null: not all rows have one. Gone with the document. */
  readonly #shapes = new WeakMap<OperationDefinitionNode, ReadonlyMap<string, Shape> | null>()
  #short: GraphQLSchema | null = null

  constructor(private readonly schema: GraphQLSchema) {}

  /** The schema by which to run an operation for the same answer; null where there is none. */
  schemaFor({ document, operation }: Prepared): GraphQLSchema | null {
    const known = this.#shapes.get(operation)
    const shapes = known !== undefined ? known : this.#shapesOf(operation, Object.fromEntries(fragmentsOf(document)))
    this.#shapes.set(operation, shapes)
    return shapes && (this.#short ??= this.#shortened())
  }

  isVain({ errors }: ExecutionResult): boolean { return errors?.some(({ originalError }) => originalError instanceof Irregular) ?? false }

  #shapesOf(operation: OperationDefinitionNode, fragments: Record<string, FragmentDefinitionNode>): Map<string, Shape> | null {
    const query = this.schema.getQueryType()
    if (operation.operation !== 'query' || !query || isChosen({ operation, fragments })) return null
    const info = { schema: this.schema, fragments, variableValues: {}, operation }
    const { fields } = collectFields(this.schema, fragments, {}, query, operation.selectionSet)
    const shapes = new Map<string, Shape>()
    for (const { keys, type, nodes, source } of [...fields].flatMap(([key, nodes]) => leaves(info, query, key, nodes))) {
      const shape = shapeOf({ ...info, source }, type, nodes)
      if (!shape) return null
      shapes.set(keys, shape)
    }
    return shapes.size > 0 ? shapes : null
  }

  #shaped({ operation }: GraphQLResolveInfo, keys: readonly unknown[], row: RemoteObject): object {
    const shape = this.#shapes.get(operation)?.get(keys.join('.'))
    try {
      return shape?.(row) ?? irregular()
    } catch { return irregular() }
  }

  #type(name: string): GraphQLObjectType { return this.schema.getType(name) as GraphQLObjectType }

  /** Three types are others: what leads to the rows. */
  #shortened(): GraphQLSchema {
    const [query, connection, edge] = [this.#type('Query'), this.#type('RequestConnection'), this.#type('RequestEdge')]
    const rows = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Row)))
    const shortEdge = changed(edge, { node: { type: new GraphQLNonNull(Row), resolve: ({ node }: { node: RowOfPage }, _, __, info) => {
      const { key, prev: position } = info.path
      const edges = position?.prev
      return this.#shaped(info, [edges?.prev?.key, edges?.key, key], node.at(`${edges?.key}.${key}`))
    } } })
    const shortConnection = changed(connection, {
      nodes: { type: rows, resolve: ({ nodes }: { nodes: RowOfPage[] }, _, __, info) => nodes.map(row => this.#shaped(info, [info.path.prev?.key, info.path.key], row.at(String(info.path.key)))) },
      edges: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(shortEdge))) },
    })
    const { request, requests, legalBases } = query.getFields() as Record<'request' | 'requests' | 'legalBases', GraphQLField<unknown, unknown>>
    const shortQuery = changed(query, {
      request: { type: Row, resolve: async (source, args, context, info) => {
        const row = (await this.#asBefore(request)(source, args, context, info)) as RemoteObject | null
        return row && this.#shaped(info, [info.path.key], row)
      } },
      requests: { type: new GraphQLNonNull(shortConnection), resolve: this.#asBefore(requests) },
      legalBases: { type: new GraphQLNonNull(Row), resolve: async (source, args, context, info) => this.#shaped(info, [info.path.key], (await this.#asBefore(legalBases)(source, args, context, info)) as RemoteObject) },
    })
    const { types, ...config } = this.schema.toConfig()
    return new GraphQLSchema({ ...config, query: shortQuery, types: types.filter(type => ![query, connection, edge].includes(type as GraphQLObjectType)), assumeValid: true })
  }

  /** Resolvers know the schema as it is. */
  #asBefore({ name, type, resolve = defaultFieldResolver }: GraphQLField<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
    return (source, args, context, info) => resolve(source, args, context, { ...info, schema: this.schema, parentType: this.#type('Query'), returnType: type, fieldName: name })
  }
}

type Change = { type: GraphQLOutputType; resolve?: GraphQLFieldResolver<never, unknown> }

function changed(type: GraphQLObjectType, changes: Readonly<Record<string, Change>>): GraphQLObjectType {
  const { fields, ...config } = type.toConfig()
  const changedFields = Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, { ...fields[name], ...change }]))
  return new GraphQLObjectType({ ...config, fields: { ...fields, ...changedFields } as typeof fields })
}

type Info = Parameters<typeof subfields>[0]
type SourceInfo = Info & { source: Source }

/** Selections below one root field that are shown as they stand, with the keys that lead there: of rows the field itself, or each `nodes` and each `edges { node }`. */
function leaves(info: Info, query: GraphQLObjectType, root: string, nodes: readonly FieldNode[]): Selected[] {
  const name = nodes[0]?.name.value
  const typeOf = (type: string): GraphQLObjectType => info.schema.getType(type) as GraphQLObjectType
  if (name === 'legalBases') return [{ keys: root, type: typeOf('LegalBasisAnswer'), nodes, source: 'OWN' }]
  const row = typeOf('Request')
  if (name === 'request') return [{ keys: root, type: row, nodes, source: 'NODE' }]
  if (name !== 'requests') return []
  const connection = getNullableType(query.getFields()['requests']?.type) as GraphQLObjectType
  const below = (type: GraphQLObjectType, keys: string, of: readonly FieldNode[], wanted: string): Selected[] =>
    [...subfields(info, type, of)].filter(([, [first]]) => first?.name.value === wanted).map(([key, group]) => ({ keys: `${keys}.${key}`, type: row, nodes: group, source: 'NODE' }))
  return [...below(connection, root, nodes, 'nodes'), ...below(connection, root, nodes, 'edges').flatMap(edges => below(typeOf('RequestEdge'), edges.keys, edges.nodes, 'node'))]
}

/** Null where a field of it is made while the operation runs. */
function shapeOf(info: SourceInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]): Shape | null {
  const members: Member[] = []
  for (const [key, group] of subfields(info, type, nodes)) {
    const member = memberOf(info, type, key, group)
    if (!member) return null
    members.push(member)
  }
  return row => {
    if (hasErrors(row)) return irregular()
    const shaped: Record<string, unknown> = {}
    for (const { key, from, value } of members) shaped[key] = value(row[from])
    return shaped
  }
}

function memberOf(info: SourceInfo, type: GraphQLObjectType, key: string, group: readonly FieldNode[]): Member | null {
  const name = group[0]?.name.value ?? ''
  if (key === '__proto__') return null
  if (name === '__typename') return { key, from: '', value: () => type.name }
  const field = type.getFields()[name]
  const from = field && (info.source === 'OWN' ? ownKey(field) : nodesKey(type, field, key))
  const value = field && from !== null ? valueOf(info, field.type, group) : null
  return value && { key, from: from ?? '', value }
}

/** Where a node's row has a field; null where the hub makes it. */
function nodesKey({ name: type }: GraphQLObjectType, { name, resolve = defaultFieldResolver }: GraphQLField<unknown, unknown>, key: string): string | null {
  const boundary = BOUNDARY_KEYS[type]
  if (boundary !== undefined) return name === boundary ? name : null
  return resolve === remoteFieldResolver || ownOfEither(resolve) ? remoteKey(key) : null
}

/** A field that is read, not worked out. */
function ownKey({ name, args, resolve = defaultFieldResolver }: GraphQLField<unknown, unknown>): string | null {
  return args.length === 0 && (ownOfEither(resolve) ?? resolve) === defaultFieldResolver ? name : null
}

function valueOf(info: SourceInfo, type: GraphQLOutputType, group: readonly FieldNode[]): Value | null {
  const value = nullableValue(info, getNullableType(type), group)
  if (!value) return null
  const absent = isNonNullType(type) ? irregular : () => null
  const unsaid = info.source === 'OWN' ? absent : irregular
  return given => (given === undefined ? unsaid() : given === null ? absent() : value(given))
}

function nullableValue(info: SourceInfo, type: GraphQLOutputType, group: readonly FieldNode[]): Value | null {
  if (isListType(type)) {
    const value = valueOf(info, type.ofType as GraphQLOutputType, group)
    return value && (given => (Array.isArray(given) ? given.map(value) : irregular()))
  }
  if (isLeafType(type)) return given => type.serialize(given) ?? irregular()
  if (isObjectType(type)) return shapeOf(info, type, group) as Value | null
  return info.source === 'OWN' ? null : perType(info, type as Parameters<GraphQLSchema['getPossibleTypes']>[0], group)
}

function perType(info: SourceInfo, type: Parameters<GraphQLSchema['getPossibleTypes']>[0], group: readonly FieldNode[]): Value | null {
  const shapes = new Map<string, Shape>()
  for (const possible of info.schema.getPossibleTypes(type)) {
    const shape = shapeOf(info, possible, group)
    if (!shape) return null
    shapes.set(possible.name, shape)
  }
  return given => (shapes.get(String((given as RemoteObject)['__typename'])) ?? irregular)(given as RemoteObject)
}
