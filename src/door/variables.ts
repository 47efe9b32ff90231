// Variables against their types, before anything runs: what does not fit is told by its path alone, never by its value, its type or a guess.
import { coerceInputValue, isInputType, isNonNullType, Kind, typeFromAST, valueFromAST, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode, type VariableDefinitionNode } from 'graphql'
import { Refusal } from '../refusal'

/** Values by name with defaults applied, or what is wrong with them: so many faults at most. */
export function readVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>, atMost: number): { values: Record<string, unknown> } | { faults: Refusal[] } {
  const faults: Refusal[] = []
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const definition of operation.variableDefinitions ?? []) {
    if (faults.length >= atMost) break
    readVariable(schema, definition, given, values, faults, atMost)
  }
  return faults.length > 0 ? { faults } : { values }
}

function readVariable(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode, given: Readonly<Record<string, unknown>>, values: Record<string, unknown>, faults: Refusal[], atMost: number): void {
  const name = variable.name.value
  const type = typeFromAST(schema, node as Parameters<typeof typeFromAST>[1])
  // Validation has its own word for a type that is none of input.
  if (!isInputType(type)) return
  if (!Object.hasOwn(given, name)) {
    if (defaultValue) values[name] = valueFromAST(defaultValue, type)
    else if (node.kind === Kind.NON_NULL_TYPE) faults.push(unfit(name))
    return
  }
  const value = given[name]
  if (value === null && isNonNullType(type)) return void faults.push(unfit(name))
  values[name] = coerceInputValue(value, type, (path, _, error) => {
    if (faults.length < atMost) faults.push(unfit(`${name}${pathText(path)}${missingField(error)}`))
  })
}

const unfit = (path: string): Refusal => new Refusal('BAD_USER_INPUT', 'A variable does not have the shape that the schema asks for.', { path, hint: 'See the type of this variable in the schema.' })

const pathText = (path: readonly (string | number)[]): string => path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')

/** `Field "facts" of required type "String!" was not provided.`: the field is the schema's name, not the caller's word. */
function missingField({ message }: GraphQLError): string {
  const [, field] = /^Field "([A-Za-z0-9_]+)" of required type/.exec(message) ?? []
  return field ? `.${field}` : ''
}
