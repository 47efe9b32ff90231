// Whether what a node said is an answer to the question: rows of the viewer's authority alone, decided where they came from, each field of the type that the
// schema gives it. What is not is shown to nobody. Must not know how a node was asked.
import {
  isEnumType, isLeafType, isListType, isNonNullType, isObjectType, Kind, parse,
  type DocumentNode, type FieldNode, type GraphQLEnumType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLScalarType, type GraphQLSchema, type SelectionSetNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { AuthorityId } from '../domain/request'
import type { ListAsk, ListKey, ListTold, ReadAnswer } from '../peer/reading'
import type { Projection } from './projection'
import { ERRORS_AT_MOST, type RemoteObject } from './remote'

export interface AskedOf { list: ListAsk; projection: Projection; /** The authority whose viewer asks. */ viewers: AuthorityId }

const REFERENCE = /^[A-Z]{2}-\d{4}-\d{6,12}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/
const NAME_AT_MOST = 200
const SELECTIONS_KEPT = 500

/** The rows with what was told of them; null where any of it is unsound. */
export function soundAnswer(answer: ReadAnswer, from: AuthorityId, asked: AskedOf): { told: ListTold; nodes: RemoteObject[] } | null {
  const { told, errors } = answer as { told?: unknown; errors?: unknown }
  const nodes = (answer.data?.['r'] as { nodes?: unknown } | null | undefined)?.nodes
  if (!isTold(told, from, asked) || !Array.isArray(nodes) || nodes.length !== told.keys.length || !areErrors(errors)) return null
  const { projection } = asked
  const set = selectionOf(projection.text)
  const judge = new Judge(projection.schema)
  const isSound = nodes.every((node, position) => isObject(node) && judge.fits(projection.type, set, node) && isOfKey(node as RemoteObject, told.keys[position], projection))
  return isSound ? { told, nodes: nodes as RemoteObject[] } : null
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= NAME_AT_MOST

const areErrors = (errors: unknown): boolean =>
  errors === undefined || (Array.isArray(errors) && errors.length <= ERRORS_AT_MOST && errors.every(error => isObject(error) && typeof error['message'] === 'string' && isPath(error['path'])))

const isPath = (path: unknown): boolean => path === undefined || (Array.isArray(path) && path.every(step => (typeof step === 'string' && step !== '__proto__') || typeof step === 'number'))

function isTold(told: unknown, from: AuthorityId, { list, viewers }: AskedOf): told is ListTold {
  if (!isObject(told)) return false
  const { asOf, keys, more, known } = told
  if (typeof asOf !== 'string' || !INSTANT.test(asOf) || typeof more !== 'boolean' || !Array.isArray(keys) || !Array.isArray(known)) return false
  const wanted = new Set(list.known ?? [])
  if (!known.every(reference => typeof reference === 'string' && (from === viewers || wanted.has(reference)))) return false
  if (keys.length > list.limit || (more && keys.length < list.limit) || !keys.every(key => isKey(key, from, viewers))) return false
  const references = keys.map(({ reference }: ListKey) => reference)
  const among = list.scope === 'REFERENCES' ? new Set(list.references) : null
  return new Set(references).size === references.length && references.every(reference => !among || among.has(reference))
}

/** A row to which the viewer's authority is a party; of another store, one that this store decides. */
function isKey(key: unknown, from: AuthorityId, viewers: AuthorityId): key is ListKey {
  if (!isObject(key)) return false
  const { reference, value, requesting, requested, decider, submitted, pending } = key
  if (typeof reference !== 'string' || !REFERENCE.test(reference) || (value !== null && !isName(value))) return false
  if (!isName(requesting) || !isName(requested) || typeof submitted !== 'boolean' || typeof pending !== 'boolean') return false
  const parties = [requesting, requested]
  return parties.includes(viewers) && (from === viewers || (decider === from && parties.includes(from)))
}

/** A row says of itself what its key says of it. */
function isOfKey(node: RemoteObject, key: ListKey | undefined, { fields }: Projection): boolean {
  return (fields.get('reference') ?? []).every(name => node[name] === key?.reference)
}

const selections = new LRUCache<string, SelectionSetNode>({ max: SELECTIONS_KEPT })

function selectionOf(text: string): SelectionSetNode {
  const known = selections.get(text)
  if (known) return known
  const document: DocumentNode = parse(text, { noLocation: true })
  const [operation] = document.definitions
  const set = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : { kind: Kind.SELECTION_SET as const, selections: [] }
  selections.set(text, set)
  return set
}

/** Holds values against types, as an execution would, but for a value that is there already. */
class Judge {
  constructor(private readonly schema: GraphQLSchema) {}

  fits(type: GraphQLOutputType, set: SelectionSetNode | undefined, value: unknown): boolean {
    if (isNonNullType(type)) return value !== null && value !== undefined && this.fits(type.ofType, set, value)
    if (value === null) return true
    if (isListType(type)) return Array.isArray(value) && value.every(each => this.fits(type.ofType, set, each))
    if (isLeafType(type)) return isOfLeaf(type, value)
    if (!isObject(value)) return false
    const concrete = isObjectType(type) ? type : this.schema.getType(String(value['__typename']))
    return isObjectType(concrete) && (isObjectType(type) || this.schema.isSubType(type, concrete)) && (!set || this.#fields(concrete, set, value))
  }

  #fields(type: GraphQLObjectType, set: SelectionSetNode, value: Record<string, unknown>): boolean {
    return set.selections.every(selection => {
      if (selection.kind === Kind.FIELD) return this.#field(type, selection, value)
      if (selection.kind !== Kind.INLINE_FRAGMENT) return false
      return selection.typeCondition?.name.value !== type.name || this.#fields(type, selection.selectionSet, value)
    })
  }

  #field(type: GraphQLObjectType, node: FieldNode, value: Record<string, unknown>): boolean {
    const key = node.alias?.value ?? node.name.value
    if (!Object.hasOwn(value, key)) return false
    if (node.name.value === '__typename') return value[key] === type.name
    const field = type.getFields()[node.name.value]
    return field !== undefined && this.fits(field.type, node.selectionSet, value[key])
  }
}

/** As JSON has it: no object or list in the place of a text, no text in the place of a number. */
function isOfLeaf(type: GraphQLScalarType | GraphQLEnumType, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined
  try {
    return type.parseValue(value) !== undefined
  } catch { return false }
}
