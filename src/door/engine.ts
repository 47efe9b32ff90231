// One pipeline for HTTP, WebSocket and SSE: limits, parsing, validation, execution and masking are here and nowhere else.
import {
  execute, GraphQLError, getOperationAST, parse, specifiedRules, validate, type DocumentNode, type ExecutionArgs, type ExecutionResult, type GraphQLFormattedError,
  type GraphQLSchema, type OperationDefinitionNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Viewer } from '../domain/viewer'
import { Refusal } from '../refusal'
import { demandCheap } from './cost'
import { asksOfSchema, Introspections, isOfSchemaAlone } from './introspection'
import { demandFewDirectives, demandLight, demandShallow, LIMITS, NoIntrospection } from './limits'
import { maskedError } from './masking'
import type { Proof } from './standing'
import { readVariables } from './variables'

export interface Identity {
  viewer: Viewer
  bearer: string | null
  /** Of a caller whose right has not been looked up yet: demanded before anything that its own house does not judge first, and before an answer leaves. */
  proof?: Proof
}
export interface OperationMeta { requestId: string; signal: AbortSignal; lastEventId?: string | null }
/** Of a call over HTTP: `end` aborts what still runs for it. */
export interface CallMeta extends OperationMeta { end(): void }

/** What a client asks for, checked for its shape alone. */
export interface Params { query: string; variables?: Record<string, unknown> | null; operationName?: string | null }

export interface Prepared { document: DocumentNode; operation: OperationDefinitionNode; params: Params }

/** Another schema that gives the same answer to an operation for less, and whether a result of it is none. */
export interface Shortcut { schemaFor(prepared: Prepared): GraphQLSchema | null; isVain(result: ExecutionResult): boolean }

export interface FormattedResult { data?: unknown; errors?: GraphQLFormattedError[] }

/** Errors found before anything ran. */
export class Unprepared {
  constructor(readonly errors: readonly unknown[]) {}
}

/** Refused at the start of a subscription, or ended by a refusal or a fault: what is told then, masked. */
export class StreamEnd extends Error {
  override readonly name = 'StreamEnd'
  constructor(readonly errors: GraphQLFormattedError[]) { super('the stream ended') }
}

const DOCUMENTS_KEPT = 1_000
const TEXT_KEPT_AT_MOST = 20_000
/** What graphql-js says where it stops comparing repeated fields, and nothing else was wrong before. */
const TOO_MUCH_TO_COMPARE = 'Validation aborted.'
export const WALL_CLOCK_MS = 20_000

type Checked = { document: DocumentNode } | { errors: readonly GraphQLError[] }

export class Engine {
  readonly #documents = new LRUCache<string, Checked>({ max: DOCUMENTS_KEPT })
  readonly #introspections = new Introspections()

  constructor(readonly schema: GraphQLSchema, private readonly production: boolean, private readonly context: (identity: Identity, meta: OperationMeta) => object, readonly log: Logger, private readonly beforeAnswer: (context: object) => Promise<void> = () => Promise.resolve(), private readonly shortcut: Shortcut | null = null) {}

  /** The document, checked, with the operation to run. Throws Unprepared. */
  prepare(params: Params, { viewer }: Identity): Prepared {
    const introspects = !(this.production && viewer.role === 'PUBLIC')
    const checked = this.#checked(params.query, introspects)
    if ('errors' in checked) throw new Unprepared(checked.errors)
    const operation = getOperationAST(checked.document, params.operationName ?? null)
    if (!operation) throw new Unprepared([new Refusal('BAD_REQUEST', 'There is no such operation in the document.', { hint: 'Name the operation to run in `operationName`.' })])
    const read = readVariables(this.schema, operation, params.variables ?? {}, LIMITS.errors)
    if ('faults' in read) throw new Unprepared(read.faults)
    this.#demandCheap(checked.document, operation, read.values)
    return { document: checked.document, operation, params }
  }

  #demandCheap(document: DocumentNode, operation: OperationDefinitionNode, values: Record<string, unknown>): void {
    try {
      demandCheap(this.schema, document, operation, values)
    } catch (thrown) {
      throw thrown instanceof Refusal ? new Unprepared([thrown]) : thrown
    }
  }

  #checked(text: string, introspects: boolean): Checked {
    const key = `${introspects ? 'i' : '-'}${text}`
    const known = this.#documents.get(key)
    if (known) return known
    const checked = this.#check(text, introspects)
    if (text.length <= TEXT_KEPT_AT_MOST) this.#documents.set(key, checked)
    return checked
  }

  #check(text: string, introspects: boolean): Checked {
    try {
      demandShallow(text)
      const document = parse(text, { maxTokens: LIMITS.tokens })
      const directives = demandLight(document)
      const errors = validate(this.schema, document, introspects ? specifiedRules : [...specifiedRules, NoIntrospection], { maxErrors: LIMITS.errors })
      if (errors.length > 0) return { errors: errors.slice(0, LIMITS.errors).map(error => coded(error, error.message === TOO_MUCH_TO_COMPARE ? 'QUERY_TOO_COMPLEX' : 'GRAPHQL_VALIDATION_FAILED')) }
      demandFewDirectives(directives)
      return { document }
    } catch (thrown) {
      if (thrown instanceof GraphQLError) return { errors: [coded(thrown, /tokens\. Parsing aborted/.test(thrown.message) ? 'QUERY_TOO_COMPLEX' : 'GRAPHQL_PARSE_FAILED')] }
      if (thrown instanceof Refusal) return { errors: [new GraphQLError(thrown.message, { originalError: thrown })] }
      throw thrown
    }
  }

  contextFor(identity: Identity, meta: OperationMeta): object { return this.context(identity, meta) }

  masked(errors: readonly unknown[], meta: { requestId: string }): GraphQLFormattedError[] {
    return errors.slice(0, LIMITS.errors).map(error => maskedError(error, meta, this.log))
  }

  /** A query or mutation, to its end. */
  async run(prepared: Prepared, identity: Identity, meta: OperationMeta): Promise<FormattedResult> {
    const args = this.#args(prepared, identity, meta)
    const result = asksOfSchema(prepared.params) ? await this.#introspected(prepared, () => execute(args)) : ((await this.#shortly(prepared, args)) ?? (await execute(args)))
    return this.formatted(await this.cleared(result, args.contextValue), meta)
  }

  hasShortcut(prepared: Prepared): boolean { return Boolean(this.shortcut?.schemaFor(prepared)) }

  /** By the shortcut; null where it leads nowhere. */
  async #shortly(prepared: Prepared, args: ExecutionArgs): Promise<ExecutionResult | null> {
    const schema = this.shortcut?.schemaFor(prepared)
    if (!schema) return null
    const result = await execute({ ...args, schema })
    return this.shortcut?.isVain(result) ? null : result
  }

  async #introspected({ operation, params }: Prepared, make: () => ExecutionResult | Promise<ExecutionResult>): Promise<ExecutionResult> {
    try {
      return await (isOfSchemaAlone(operation) ? this.#introspections.answer(params, make) : this.#introspections.alone(make))
    } catch (thrown) { return { errors: [thrown as GraphQLError] } }
  }

  /** A result that may leave: nothing of it does where what has to come before cannot. */
  async cleared(result: ExecutionResult, context: object): Promise<ExecutionResult> {
    try {
      await this.beforeAnswer(context)
      return result
    } catch (thrown) { return { errors: [thrown as GraphQLError] } }
  }

  formatted({ data, errors }: ExecutionResult, meta: { requestId: string }): FormattedResult {
    return { ...(errors && { errors: this.masked(errors, meta) }), ...(data !== undefined && { data }) }
  }

  #args({ document, operation, params }: Prepared, identity: Identity, meta: OperationMeta) {
    return { schema: this.schema, document, operationName: operation.name?.value ?? null, variableValues: params.variables ?? {}, contextValue: this.context(identity, meta) }
  }
}

const coded = (error: GraphQLError, code: string): GraphQLError => new GraphQLError(error.message, { ...(error.nodes && { nodes: error.nodes }), ...(error.source && { source: error.source }), ...(error.positions && { positions: error.positions }), extensions: { code } })

export const isSubscription = ({ operation }: Prepared): boolean => operation.operation === 'subscription'
export const isMutation = ({ operation }: Prepared): boolean => operation.operation === 'mutation'
