// A page of a list as the schema shows it. Edges and cursors are made where they are asked for.

type CursorOf = (position: number) => string

export function connection<Node extends object>(nodes: readonly Node[], cursorOf: CursorOf, hasNextPage: boolean, hasPreviousPage: boolean, more: object = {}): object {
  const last = nodes.length - 1
  const pageInfo = {
    hasNextPage, hasPreviousPage,
    get startCursor() { return last < 0 ? null : cursorOf(0) },
    get endCursor() { return last < 0 ? null : cursorOf(last) },
  }
  return { nodes, get edges() { return edgesOf(nodes, cursorOf) }, pageInfo, ...more }
}

export const edgesOf = <Node extends object>(nodes: readonly Node[], cursorOf: CursorOf): { node: Node; cursor: string }[] => nodes.map((node, i) => ({ node, get cursor() { return cursorOf(i) } }))

export const emptyConnection = (hasPreviousPage: boolean, more: object = {}): object => connection([], () => '', false, hasPreviousPage, more)
