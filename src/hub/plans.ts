// What follows from the text of an operation is worked out once, unless values of variables choose what is selected.
import { BREAK, Kind, visit, type ASTVisitor, type FieldNode, type GraphQLResolveInfo, type OperationDefinitionNode } from 'graphql'

type Info = Pick<GraphQLResolveInfo, 'operation' | 'fragments' | 'fieldNodes'>

/** Of root fields: each stands in one group of its operation alone. Gone with the document. */
export class Plans<Plan> {
  readonly #known = new WeakMap<OperationDefinitionNode, WeakMap<FieldNode, Plan>>()

  of(info: Info, make: () => Plan): Plan {
    const { operation, fieldNodes: [first] } = info
    if (!first || isChosen(info)) return make()
    const plans = this.#known.get(operation) ?? new WeakMap<FieldNode, Plan>()
    this.#known.set(operation, plans)
    const plan = plans.get(first) ?? make()
    plans.set(first, plan)
    return plan
  }
}

const chosen = new WeakMap<OperationDefinitionNode, boolean>()

/** Whether a variable decides about a field, a fragment or a part of one. */
export function isChosen({ operation, fragments }: Pick<Info, 'operation' | 'fragments'>): boolean {
  const known = chosen.get(operation)
  if (known !== undefined) return known
  let found = false
  const look: ASTVisitor = {
    Directive(node) {
      found ||= node.arguments?.some(({ value }) => value.kind === Kind.VARIABLE) ?? false
      return found ? BREAK : undefined
    },
  }
  for (const part of [operation, ...Object.values(fragments)]) visit(part, look)
  chosen.set(operation, found)
  return found
}
