// Prints what a client selected below one field as a selection for a node: fragments inlined, directives applied, boundaries cut.
// A boundary is a type that the hub answers itself: of it the node gives the key alone.
import {
  getNamedType, isAbstractType, isLeafType, isObjectType, Kind, print, visit,
  type FieldNode, type GraphQLAbstractType, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema, type VariableDefinitionNode,
} from 'graphql'
import { collectSubFields } from '@graphql-tools/utils'

/** What a node tells of a contact point; the rest is worked out where it is asked for. */
export const CONTACT_FIELDS = 'id function channels { kind address } languages roundTheClock competences reviewBy level rank shifts { days from to timeZone exceptions { on from to } } authority { id }'

/** What the node gives of a type that the hub answers itself. */
export const BOUNDARY_KEYS: Readonly<Record<string, string>> = { Authority: 'id', ContactPoint: CONTACT_FIELDS }
/** Inside an event a request is read where it is decided, when the event is sent. */
const EVENT_TYPES: readonly string[] = ['StatusChanged', 'UrgentNotice', 'TimelineEvent']

/** A client's alias never becomes a key of ours: `__proto__` is a legal one, and so is `_proto__`. `place`: of several selections of one row. */
export const remoteKey = (key: string | number, place = 0): string => `${placePrefix(place)}${key}`
/** No name begins with a digit, so that no two places meet. */
export const placePrefix = (place: number): string => (place === 0 ? 'k_' : `k${place}_`)

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'operation'>

export interface Projection {
  /** `{ … }` with the braces. */
  text: string
  /** Fields selected on the top level, with the keys under which the node answers them. */
  fields: ReadonlyMap<string, readonly string[]>
  /** Definitions of the client's variables used below, printed. */
  definitions: string[]
  variables: Record<string, unknown>
  /** Of the client's variables, those used below. */
  uses: readonly string[]
  /** The type that was selected from, in the schema by which an answer is judged. */
  type: GraphQLObjectType
  schema: GraphQLSchema
}

export function project(info: Info, type: GraphQLObjectType, nodes: readonly FieldNode[], picks?: (field: string) => boolean): Projection {
  return projectAll(info, type, [nodes], picks)
}

/** Several selections of the same rows as one, each at a place of its own: what an alias means in one says nothing of the others. */
export function projectAll(info: Info, type: GraphQLObjectType, places: readonly (readonly FieldNode[])[], picks: (field: string) => boolean = () => true): Projection {
  const used = new Set<string>()
  const fields = new Map<string, string[]>()
  const text = `{ ${['__typename', ...places.flatMap((nodes, place) => linesOf(info, type, nodes, used, { fields, picks, place }))].join(' ')} }`
  const definitions = (info.operation.variableDefinitions ?? []).filter(definition => used.has(definition.variable.name.value))
  const uses = definitions.map(({ variable }) => variable.name.value)
  return { text, fields, type, schema: info.schema, definitions: definitions.map(printDefinition), uses, variables: valuesOf(uses, info.variableValues) }
}

/** The same question with these values. */
export const withValues = (projection: Projection, values: Info['variableValues']): Projection => ({ ...projection, variables: valuesOf(projection.uses, values) })

const valuesOf = (names: readonly string[], values: Info['variableValues']): Record<string, unknown> => Object.fromEntries(names.map(name => [name, values[name]]))

/** The default was applied already; the value is passed as the client's variable has it. */
const printDefinition = (definition: VariableDefinitionNode): string => `$${definition.variable.name.value}: ${print(definition.type)}`

interface Top { fields: Map<string, string[]>; picks: (field: string) => boolean; place: number }

const selection = (info: Info, type: GraphQLObjectType, nodes: readonly FieldNode[], used: Set<string>): string => `{ ${['__typename', ...linesOf(info, type, nodes, used)].join(' ')} }`

function linesOf(info: Info, type: GraphQLObjectType, nodes: readonly FieldNode[], used: Set<string>, top?: Top): string[] {
  const lines: string[] = []
  for (const [alias, group] of subfields(info, type, nodes)) {
    const key = remoteKey(alias, top?.place)
    const [first] = group
    if (!first) continue
    const name = first.name.value
    if (top && !top.picks(name)) continue
    top?.fields.set(name, [...(top.fields.get(name) ?? []), key])
    lines.push(name === '__typename' ? `${key}: __typename` : field(info, type, key, group, first, used))
  }
  return lines
}

/** What is selected below fields of one response key: fragments and directives are followed. */
export const subfields = (info: Info, type: GraphQLObjectType, nodes: readonly FieldNode[]): Map<string, FieldNode[]> =>
  collectSubFields(info.schema, { ...info.fragments }, info.variableValues, type, [...nodes]).fields

function field(info: Info, parent: GraphQLObjectType, key: string, group: readonly FieldNode[], first: FieldNode, used: Set<string>): string {
  const definition = parent.getFields()[first.name.value]
  const head = `${key}: ${first.name.value}${argumentsOf(first, used)}`
  if (!definition) return head
  const type = getNamedType(definition.type)
  if (isLeafType(type)) return head
  const boundary = type.name === 'Request' && EVENT_TYPES.includes(parent.name) ? 'reference' : BOUNDARY_KEYS[type.name]
  if (boundary) return `${head} { ${boundary} }`
  if (isObjectType(type)) return `${head} ${selection(info, type, group, used)}`
  return isAbstractType(type) ? `${head} ${perType(info, type, group, used)}` : head
}

const perType = (info: Info, type: GraphQLAbstractType, group: readonly FieldNode[], used: Set<string>): string =>
  `{ __typename ${info.schema.getPossibleTypes(type).map(possible => `... on ${possible.name} ${selection(info, possible, group, used)}`).join(' ')} }`

function argumentsOf(node: FieldNode, used: Set<string>): string {
  if (!node.arguments?.length) return ''
  for (const argument of node.arguments) visit(argument.value, { [Kind.VARIABLE]: variable => { used.add(variable.name.value) } })
  return `(${node.arguments.map(argument => print(argument)).join(', ')})`
}
