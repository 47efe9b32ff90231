// What an operation may cost before it runs: fields times the rows of the lists around them. Each fragment is counted once, so that counting stays cheap.
import {
  getNamedType, isCompositeType, isInterfaceType, isListType, isNonNullType, isObjectType, Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLCompositeType,
  type GraphQLField, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql'
import { fragmentsOf, LIMITS, tooComplex } from './limits'

/** Rows of a list without pages, for want of a better guess. */
const ROWS_OF_A_LIST = 10
/** A page size beyond what any page may have is refused later, as the wrong value that it is. */
const PAGE_AT_MOST = 500
const CEILING = 1e12

interface Counting {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  known: Map<string, number>
  variables: Readonly<Record<string, unknown>>
  /** Whether a variable had a say in it. */
  varies: boolean
}

/** Of operations that cost the same whatever their variables. Gone with the document. */
const fixed = new WeakMap<OperationDefinitionNode, number>()

export function demandCheap(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): void {
  const cost = fixed.get(operation) ?? counted(schema, document, operation, variables)
  if (cost > LIMITS.cost) throw tooComplex('fields, each counted as often as its list has rows', LIMITS.cost)
}

function counted(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): number {
  const root = schema.getRootType(operation.operation)
  const counting: Counting = { schema, fragments: fragmentsOf(document), known: new Map(), variables, varies: false }
  const cost = root ? costOf(counting, root, operation.selectionSet) : 0
  if (!counting.varies) fixed.set(operation, cost)
  return cost
}

function costOf(counting: Counting, type: GraphQLCompositeType, set: SelectionSetNode): number {
  let cost = 0
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) cost += costOfField(counting, type, selection)
    else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += costOfFragment(counting, selection.name.value)
    else cost += costOf(counting, conditionOf(counting, selection.typeCondition?.name.value) ?? type, selection.selectionSet)
  }
  return Math.min(cost, CEILING)
}

function costOfField(counting: Counting, parent: GraphQLCompositeType, node: FieldNode): number {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
  const type = field && getNamedType(field.type)
  // Introspection is bounded by the schema itself.
  if (!field || !isCompositeType(type) || !node.selectionSet) return 1
  return 1 + rowsOf(counting, field, node, parent) * costOf(counting, type, node.selectionSet)
}

function costOfFragment(counting: Counting, name: string): number {
  const fragment = counting.fragments.get(name)
  const type = fragment && conditionOf(counting, fragment.typeCondition.name.value)
  if (!fragment || !type) return 0
  const cost = counting.known.get(name) ?? costOf(counting, type, fragment.selectionSet)
  counting.known.set(name, cost)
  return cost
}

function conditionOf({ schema }: Counting, name: string | undefined): GraphQLCompositeType | undefined {
  const type = name === undefined ? undefined : schema.getType(name)
  return isCompositeType(type) ? type : undefined
}

/** A page has the rows that were asked for; its `nodes` and `edges` count them no second time. */
function rowsOf(counting: Counting, field: GraphQLField<unknown, unknown>, node: FieldNode, parent: GraphQLCompositeType): number {
  const paged = field.args.find(argument => argument.name === 'first')
  if (paged) return pageOf(counting, node, paged.defaultValue)
  return isList(field.type) && !parent.name.endsWith('Connection') ? ROWS_OF_A_LIST : 1
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type)

function pageOf(counting: Counting, node: FieldNode, usual: unknown): number {
  const value = node.arguments?.find(argument => argument.name.value === 'first')?.value
  if (value?.kind === Kind.VARIABLE) counting.varies = true
  const given = value?.kind === Kind.INT ? Number(value.value) : value?.kind === Kind.VARIABLE ? counting.variables[value.name.value] : undefined
  const first = typeof given === 'number' ? given : typeof usual === 'number' ? usual : 1
  return Math.min(Math.max(first, 1), PAGE_AT_MOST)
}
