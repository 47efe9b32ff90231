// Questions made from the schema, so that what is added to it is asked for on the day it appears: every field of every type below one type, packed into as
// few operations as the limits allow, and the least that an input takes.
import {
  getNamedType, isAbstractType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isObjectType,
  type GraphQLField, type GraphQLInputType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql'

/** Fields of one type where it is first met, as a selection below the root type. */
export interface Part { fields: string[]; text: string }

const needsNothing = ({ args }: GraphQLField<unknown, unknown>): boolean => args.every(argument => !isNonNullType(argument.type) || argument.defaultValue !== undefined)

/** Every type below, each once, where it is met first; `cut`: types that are not gone into. */
export function partsBelow(schema: GraphQLSchema, root: GraphQLObjectType, cut: readonly string[]): Part[] {
  const parts: Part[] = []
  const met = new Set<string>()
  const open: { type: GraphQLOutputType; path: readonly string[] }[] = [{ type: root, path: [] }]
  for (const { type, path } of open) {
    const named = getNamedType(type)
    if (isAbstractType(named)) open.push(...schema.getPossibleTypes(named).map(possible => ({ type: possible, path: [...path, `... on ${possible.name}`] })))
    if (!isObjectType(named) || met.has(named.name) || cut.includes(named.name)) continue
    met.add(named.name)
    const fields = Object.values(named.getFields()).filter(needsNothing)
    const texts = fields.map(field => (isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`))
    parts.push({ fields: fields.map(field => `${named.name}.${field.name}`), text: nested(path, texts.join(' ')) })
    open.push(...fields.map(field => ({ type: field.type, path: [...path, field.name] })))
  }
  return parts
}

const nested = (path: readonly string[], inner: string): string => path.reduceRight((text, step) => `${step} { ${text} }`, inner)

const TOKENS_AT_MOST = 1_200
const tokensOf = (text: string): number => text.match(/[\w.]+|[^\s\w]/g)?.length ?? 0

/** Selections, each as long as one operation may be. */
export function packed(parts: readonly Part[]): string[] {
  const packs: string[] = []
  for (const { text } of parts) {
    const last = packs.at(-1)
    if (last === undefined || tokensOf(`${last} ${text}`) > TOKENS_AT_MOST) packs.push(text)
    else packs[packs.length - 1] = `${last} ${text}`
  }
  return packs
}

/** Everything below a type that needs no argument, a few levels deep. */
export function selection(type: GraphQLOutputType, but: string, levels = 2): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (!isObjectType(named)) return '{ __typename }'
  const inner = Object.values(named.getFields()).filter(needsNothing).flatMap(field => {
    const below = getNamedType(field.type)
    return isLeafType(below) ? [field.name] : levels > 0 && below.name !== but ? [`${field.name} ${selection(field.type, but, levels - 1)}`] : []
  })
  return `{ __typename ${inner.join(' ')} }`
}

/** The least that a type of input takes; `named`: values of arguments by their name. */
export function least(type: GraphQLInputType, named: Readonly<Record<string, unknown>>, name = ''): unknown {
  if (isNonNullType(type)) return least(type.ofType, named, name)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.value as unknown
  if (isInputObjectType(type)) return Object.fromEntries(Object.values(type.getFields()).filter(field => field.name in named || (isNonNullType(field.type) && field.defaultValue === undefined)).map(field => [field.name, least(field.type, named, field.name)]))
  return named[name] ?? VALUES[type.name] ?? (name === 'to' || name === 'newAuthority' ? 'authority:FR' : 'x')
}

const VALUES: Readonly<Record<string, unknown>> = { Int: 1, Boolean: true, LocalDate: '2026-11-25', Instant: '2026-11-25T10:00:00Z' }
