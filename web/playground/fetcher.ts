// Sends what GraphiQL runs: HTTP for queries and mutations, one socket for subscriptions, both under the Authorization
// that stands in the headers editor. Another Authorization is another socket. A line that is cut is said, not hidden.
import type { Fetcher, FetcherOpts, FetcherParams } from '@graphiql/toolkit'
import { createClient, type Client, type ExecutionResult } from 'graphql-ws'
import { GraphQLError, OperationTypeNode, parse, type OperationDefinitionNode } from 'graphql'
import { GRAPHQL, socketUrl } from '../access/socket-url'

type Answer = ExecutionResult<Record<string, unknown>, Record<string, unknown>>

interface Line { authorization: string; client: Client }

export class HouseFetcher {
  #line: Line | null = null

  constructor(private readonly seen: (answer: unknown) => void) {}

  readonly fetch: Fetcher = (given, options) => {
    const headers = headersOf(options)
    const params = namedRight(given)
    if (isSubscription(params)) return this.#stream(params, headers)
    return this.#once(params, headers)
  }

  /** The socket of whoever one was before. */
  hangUp(): void {
    void this.#line?.client.dispose()
    this.#line = null
  }

  async #once(params: FetcherParams, headers: Record<string, string>): Promise<Answer> {
    const answer = (await (await fetch(GRAPHQL, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', ...headers }, body: JSON.stringify(params) })).json()) as Answer
    this.seen(answer)
    return answer
  }

  async *#stream(params: FetcherParams, headers: Record<string, string>): AsyncGenerator<Answer> {
    const { client } = this.#lineFor(headers['authorization'] ?? '')
    try {
      for await (const answer of client.iterate<Record<string, unknown>>({ query: params.query, variables: params.variables as Record<string, unknown>, operationName: params.operationName })) {
        this.seen(answer)
        yield answer as Answer
      }
    } catch (thrown) {
      yield { errors: [new GraphQLError(told(thrown))] } as Answer
    }
  }

  #lineFor(authorization: string): Line {
    if (this.#line?.authorization === authorization) return this.#line
    this.hangUp()
    this.#line = { authorization, client: createClient({ url: socketUrl(), lazy: true, lazyCloseTimeout: 30_000, keepAlive: 10_000, retryAttempts: 0, connectionParams: authorization ? { authorization } : {} }) }
    return this.#line
  }
}

const told = (thrown: unknown): string => {
  if (Array.isArray(thrown)) return thrown.map(each => (each as { message?: string }).message ?? '').join(' ')
  const { code, reason } = thrown as { code?: number; reason?: string }
  if (code === 4403) return 'The socket was closed: this token is not good, or has ended (4403).'
  return `The line was cut${code ? ` (${[code, reason].filter(Boolean).join(' ')})` : ''}. Run it again; with the last cursor as \`after\` nothing is missed.`
}

/** Header names in lower case: whoever types `authorization` means the same. */
function headersOf(options: FetcherOpts | undefined): Record<string, string> {
  const given = (options?.headers ?? {}) as Record<string, unknown>
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string' && value !== '').map(([name, value]) => [name.toLowerCase(), value as string]))
}

/** Right after a tab is opened GraphiQL still names the operation of the one before. Meant is then the first, which the tab is named for. */
function namedRight(params: FetcherParams): FetcherParams {
  const operations = operationsOf(params.query)
  const [first] = operations
  return !first?.name || operations.some(each => each.name?.value === params.operationName) ? params : { ...params, operationName: first.name.value }
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  const operations = operationsOf(query)
  const run = operations.find(each => each.name?.value === operationName) ?? operations[0]
  return run?.operation === OperationTypeNode.SUBSCRIPTION
}

function operationsOf(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter(each => each.kind === 'OperationDefinition')
  } catch { return [] }
}
