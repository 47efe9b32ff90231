// A page of a list as the schema shows it.

export function connection<Node extends object>(nodes: readonly Node[], cursors: readonly string[], hasNextPage: boolean, hasPreviousPage: boolean, more: object = {}): object {
  const pageInfo = { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null }
  return { nodes, edges: nodes.map((node, i) => ({ node, cursor: cursors[i] })), pageInfo, ...more }
}
