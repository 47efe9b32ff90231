// Limits before work: on the raw text, then on the parsed document, the same for every transport. Each is memoised so that the check itself stays cheap.
import { Kind, type ASTVisitor, type DocumentNode, type FragmentDefinitionNode, GraphQLError, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql'
import { Refusal } from '../refusal'

export const LIMITS = { tokens: 2_000, depth: 12, aliases: 30, rootFields: 30, directives: 50, expanded: 5_000, nesting: 200, bytes: 256 * 1024, errors: 20, cost: 1_000_000 } as const

/** What may wait for a desk that does not read; then it is cut off and comes again with its last cursor. */
export const SLOW = { events: 256, bytes: 1024 * 1024 } as const

export const tooComplex = (what: string, most: number): Refusal => new Refusal('QUERY_TOO_COMPLEX', `The operation has more than ${most} ${what}.`, { hint: 'Ask for less at once; split it into several operations.' })

/** Nesting on the raw text: graphql-js recurses before it counts tokens. Brackets inside strings count too, which only errs on the safe side up to the bound. */
export function demandShallow(text: string): void {
  let depth = 0
  for (let position = 0; position < text.length; position++) {
    const mark = text.charCodeAt(position)
    if (mark === 0x22) position = endOfString(text, position)
    else if (mark === 0x23) position = endOfLine(text, position)
    else if (mark === 0x7b || mark === 0x5b || mark === 0x28) {
      if (++depth > LIMITS.nesting) throw tooComplex('levels of brackets', LIMITS.nesting)
    } else if (mark === 0x7d || mark === 0x5d || mark === 0x29) depth--
  }
}

function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) {
    let end = text.indexOf('"""', start + 3)
    while (end > 0 && text[end - 1] === '\\') end = text.indexOf('"""', end + 3)
    return end < 0 ? text.length : end + 2
  }
  let end = start + 1
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1
  return end
}

const endOfLine = (text: string, start: number): number => {
  const end = text.indexOf('\n', start)
  return end < 0 ? text.length : end
}

interface Weight { depth: number; selections: number; aliases: number; directives: number }

/** By name. */
export const fragmentsOf = (document: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(document.definitions.filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION).map(each => [each.name.value, each]))

/** Depth, expanded selections and aliases of a whole document, each fragment weighed once. Answers with the directives of its heaviest operation. */
export function demandLight(document: DocumentNode): number {
  const fragments = fragmentsOf(document)
  const weighed = new Map<string, Weight>()
  let directives = 0
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    if (rootFields(definition.selectionSet, fragments) > LIMITS.rootFields) throw tooComplex('root fields', LIMITS.rootFields)
    const weight = weigh(definition.selectionSet, fragments, weighed, new Set())
    demandBounds(weight)
    directives = Math.max(directives, weight.directives)
  }
  return directives
}

function demandBounds({ depth, selections, aliases }: Weight): void {
  if (depth > LIMITS.depth) throw tooComplex('levels', LIMITS.depth)
  if (selections > LIMITS.expanded) throw tooComplex('selected fields', LIMITS.expanded)
  if (aliases > LIMITS.aliases) throw tooComplex('aliases', LIMITS.aliases)
}

/** Judged behind validation, which has the better word for those that do not exist. */
export function demandFewDirectives(directives: number): void {
  if (directives > LIMITS.directives) throw tooComplex('directives', LIMITS.directives)
}

const NOTHING: Weight = { depth: 0, selections: 0, aliases: 0, directives: 0 }
const CEILING = 1e9

function weigh(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, weighed: Map<string, Weight>, open: Set<string>): Weight {
  let total = NOTHING
  for (const selection of set.selections) {
    const directives = selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) {
      const introspects = selection.name.value === '__schema' || selection.name.value === '__type'
      const below = selection.selectionSet && !introspects ? weigh(selection.selectionSet, fragments, weighed, open) : NOTHING
      total = sum(total, { depth: below.depth + 1, selections: below.selections + 1, aliases: below.aliases + (selection.alias ? 1 : 0), directives: below.directives + directives })
    } else {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? weigh(selection.selectionSet, fragments, weighed, open) : weighFragment(selection.name.value, fragments, weighed, open)
      total = sum(total, { ...inner, directives: inner.directives + directives })
    }
  }
  return total
}

function weighFragment(name: string, fragments: ReadonlyMap<string, FragmentDefinitionNode>, weighed: Map<string, Weight>, open: Set<string>): Weight {
  const known = weighed.get(name)
  const fragment = fragments.get(name)
  if (known || !fragment || open.has(name)) return known ?? NOTHING
  open.add(name)
  const weight = weigh(fragment.selectionSet, fragments, weighed, open)
  open.delete(name)
  weighed.set(name, weight)
  return weight
}

const sum = (one: Weight, other: Weight): Weight => ({
  depth: Math.max(one.depth, other.depth), selections: Math.min(CEILING, one.selections + other.selections),
  aliases: Math.min(CEILING, one.aliases + other.aliases), directives: Math.min(CEILING, one.directives + other.directives),
})

function rootFields(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, open: ReadonlySet<string> = new Set()): number {
  let count = 0
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) count++
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += rootFields(selection.selectionSet, fragments, open)
    else {
      const fragment = fragments.get(selection.name.value)
      if (fragment && !open.has(selection.name.value)) count += rootFields(fragment.selectionSet, fragments, new Set([...open, selection.name.value]))
    }
    if (count > LIMITS.rootFields) return count
  }
  return count
}

/** No introspection where the profile and the viewer do not allow it. */
export const NoIntrospection: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Field(node) {
    if (node.name.value === '__schema' || node.name.value === '__type') context.reportError(new GraphQLError('This is not answered here.', { nodes: [node] }))
  },
})
