// GraphQL over HTTP: POST, and GET for queries, run by Apollo Server behind the one pipeline.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { OperationDefinitionNode } from 'graphql'
import { Refusal } from '../refusal'
import { parseStrictJson } from '../wire/strict-json'
import { isMutation, isSubscription, Unprepared, WALL_CLOCK_MS, type CallMeta, type Engine, type Identity, type OperationMeta, type Params, type Prepared } from './engine'
import { asksOfSchema } from './introspection'
import { LIMITS } from './limits'
import { demandNoSecret, paramsOf, paramsOfSearch } from './params'
import { demandJson, readText, sendJson } from './plain'

const SPEC_TYPE = 'application/graphql-response+json'

/** Parses variables and bodies; numbers are judged by the schema's scalars, depth where the variables are looked at. */
export const parseBody = (text: string): unknown => parseStrictJson(text, { maxDepth: LIMITS.bytes, maxBytes: LIMITS.bytes, safeIntegers: false })

export class GraphqlHttp {
  readonly #apollo: ApolloServer<object>

  constructor(private readonly engine: Engine, private readonly isJudgedAtHome: (operation: OperationDefinitionNode) => boolean = () => false) {
    this.#apollo = new ApolloServer<object>({
      schema: engine.schema, introspection: true, csrfPrevention: false, includeStacktraceInErrorResponses: false, allowBatchedHttpRequests: false, persistedQueries: false,
      parseOptions: { maxTokens: LIMITS.tokens }, stopOnTerminationSignals: false, logger: engine.log.child({ part: 'apollo' }, { level: 'error' }) as never,
      plugins: [ApolloServerPluginCacheControlDisabled(), this.#masking()],
    })
  }

  start(): Promise<void> { return this.#apollo.start() }
  stop(): Promise<void> { return this.#apollo.stop() }

  /** Apollo formats errors without knowing the request: they are masked again from the originals, once the answer may leave. */
  #masking(): ApolloServerPlugin<object> {
    return {
      requestDidStart: async () => ({
        willSendResponse: async ({ response, errors, contextValue }) => {
          if (response.body.kind !== 'single') return
          const { data } = response.body.singleResult
          const cleared = await this.engine.cleared({ ...(data !== undefined && { data }), ...(errors && { errors }) }, contextValue)
          response.body.singleResult = this.engine.formatted(cleared, metaOf(contextValue)) as typeof response.body.singleResult
        },
      }),
    }
  }

  async handle(req: IncomingMessage, res: ServerResponse, identity: Identity, meta: CallMeta): Promise<void> {
    demandAccept(req)
    const isGet = req.method === 'GET'
    const params = await readParams(req)
    const spec = accepts(req).includes(SPEC_TYPE)
    let prepared: Prepared
    try {
      prepared = this.engine.prepare(params, identity)
    } catch (thrown) {
      if (!(thrown instanceof Unprepared)) throw thrown
      await identity.proof?.demand()
      return this.#sendUnprepared(res, thrown, meta, spec)
    }
    if (isSubscription(prepared)) throw new Refusal('SUBSCRIPTION_TRANSPORT_REQUIRED', 'Subscriptions need a stream.', { hint: 'Use WebSocket (graphql-transport-ws) on /graphql, or Server-Sent Events on /graphql/stream.' })
    if (isGet && isMutation(prepared)) throw mutationByGet()
    if (!this.isJudgedAtHome(prepared.operation)) await identity.proof?.demand()
    const late = setTimeout(() => meta.end(), WALL_CLOCK_MS)
    res.once('close', () => clearTimeout(late))
    const { status, answer } = asksOfSchema(params) || this.engine.hasShortcut(prepared) ? { status: 200, answer: await this.engine.run(prepared, identity, meta) } : await this.#byApollo(prepared, identity, meta)
    await identity.proof?.demand()
    sendJson(res, status, answer, typed(spec))
  }

  #sendUnprepared(res: ServerResponse, { errors }: Unprepared, meta: OperationMeta, spec: boolean): void {
    sendJson(res, 400, { errors: this.engine.masked(errors, meta) }, typed(spec))
  }

  async #byApollo({ params: { query, variables, operationName } }: Prepared, identity: Identity, { requestId, signal }: CallMeta): Promise<{ status: number; answer: unknown }> {
    const meta = { requestId, signal }
    const contextValue = withMeta(this.engine.contextFor(identity, meta), meta)
    const { body, http } = await this.#apollo.executeOperation({ query, ...(variables && { variables }), ...(operationName && { operationName }) }, { contextValue })
    return { status: http.status ?? 200, answer: body.kind === 'single' ? body.singleResult : {} }
  }
}

/** What was asked: in the body of a POST, in the address of a GET. */
export async function readParams(req: IncomingMessage): Promise<Params> {
  const searchParams = searchOf(req.url ?? '/')
  demandNoSecret(searchParams)
  if (req.method !== 'GET') return paramsOf(parseBody(await readText(req, LIMITS.bytes)))
  if (req.headers['content-type'] !== undefined) demandJson(req)
  return paramsOfSearch(searchParams, parseBody)
}

const searchOf = (url: string): URLSearchParams => (url.includes('?') ? new URL(url, 'http://door').searchParams : new URLSearchParams())

export const mutationByGet = (): Refusal => new Refusal('BAD_REQUEST', 'Mutations are sent by POST.', { hint: 'Send the same by POST.', status: 405, allow: 'POST' })

const typed = (spec: boolean): { 'content-type': string } => ({ 'content-type': `${spec ? SPEC_TYPE : 'application/json'}; charset=utf-8` })

const META = Symbol('meta of the operation')
const withMeta = (context: object, meta: OperationMeta): object => Object.assign(context, { [META]: meta })
const metaOf = (context: object): OperationMeta => (context as { [META]: OperationMeta })[META]

const accepts = (req: IncomingMessage): string => req.headers.accept ?? '*/*'

function demandAccept(req: IncomingMessage): void {
  const wanted = accepts(req).split(',').filter(type => !/;\s*q=0(\.0*)?\s*(;|$)/i.test(type))
  const types = wanted.map(type => type.split(';')[0]?.trim().toLowerCase())
  if (types.some(type => type === '*/*' || type === 'application/*' || type === 'application/json' || type === SPEC_TYPE)) return
  throw new Refusal('BAD_REQUEST', 'Only JSON is answered here.', { hint: `Accept application/json or ${SPEC_TYPE}; the playground is at /playground.`, status: 406 })
}

