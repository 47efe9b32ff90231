// GraphQL over HTTP: POST, and GET for queries, run by Apollo Server behind the one pipeline.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { ExecutionResult, OperationDefinitionNode } from 'graphql'
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
        responseForOperation: async ({ contextValue }) => {
          const short = await this.engine.shortly(runOf(contextValue).prepared, contextValue)
          runOf(contextValue).short = short
          return short && { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data: short.data ?? null } } }
        },
        willSendResponse: async ({ response, errors, contextValue }) => {
          if (response.body.kind !== 'single') return
          const { data } = response.body.singleResult
          const cleared = await this.engine.cleared(runOf(contextValue).short ?? { ...(data !== undefined && { data }), ...(errors && { errors }) }, contextValue)
          response.body.singleResult = this.engine.formatted(cleared, runOf(contextValue).meta) as typeof response.body.singleResult
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
    if (asksOfSchema(params)) return this.#runAlone(res, prepared, identity, meta, spec)
    await this.#run(res, prepared, identity, meta, spec)
  }

  #sendUnprepared(res: ServerResponse, { errors }: Unprepared, meta: OperationMeta, spec: boolean): void {
    sendJson(res, 400, { errors: this.engine.masked(errors, meta) }, typed(spec))
  }

  async #runAlone(res: ServerResponse, prepared: Prepared, identity: Identity, meta: CallMeta, spec: boolean): Promise<void> {
    const answer = await this.engine.run(prepared, identity, meta)
    await identity.proof?.demand()
    sendJson(res, 200, answer, typed(spec))
  }

  async #run(res: ServerResponse, prepared: Prepared, identity: Identity, { requestId, signal, end }: CallMeta, spec: boolean): Promise<void> {
    const late = setTimeout(end, WALL_CLOCK_MS)
    res.once('close', () => clearTimeout(late))
    const meta = { requestId, signal }
    const contextValue = withRun(this.engine.contextFor(identity, meta), { meta, prepared, short: null })
    const { query, variables, operationName } = prepared.params
    const answer = await this.#apollo.executeOperation({ query, ...(variables && { variables }), ...(operationName && { operationName }) }, { contextValue })
    await identity.proof?.demand()
    const body = answer.body.kind === 'single' ? `${JSON.stringify(answer.body.singleResult)}
` : ''
    res.writeHead(answer.http.status ?? 200, { ...typed(spec), 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' })
    res.end(body)
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

/** What Apollo carries through an operation for us, with its context. */
interface Run { meta: OperationMeta; prepared: Prepared; /** The answer, where it did not have to be executed whole. */ short: ExecutionResult | null }
const RUN = Symbol('run of the operation')
const withRun = (context: object, run: Run): object => Object.assign(context, { [RUN]: run })
const runOf = (context: object): Run => (context as { [RUN]: Run })[RUN]

const accepts = (req: IncomingMessage): string => req.headers.accept ?? '*/*'

function demandAccept(req: IncomingMessage): void {
  const wanted = accepts(req).split(',').filter(type => !/;\s*q=0(\.0*)?\s*(;|$)/i.test(type))
  const types = wanted.map(type => type.split(';')[0]?.trim().toLowerCase())
  if (types.some(type => type === '*/*' || type === 'application/*' || type === 'application/json' || type === SPEC_TYPE)) return
  throw new Refusal('BAD_REQUEST', 'Only JSON is answered here.', { hint: `Accept application/json or ${SPEC_TYPE}; the playground is at /playground.`, status: 406 })
}

