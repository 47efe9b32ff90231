// A subscription at the door: checked for each desk, rendered once for all desks that ask alike and may see alike.
import { createSourceEventStream, execute, Kind, print, visit, type DocumentNode, type ExecutionResult, type FieldNode, type OperationDefinitionNode } from 'graphql'
import { Feed } from '../live/channel'
import { Told, type Desk, type Line, type Question, type Rendered } from '../live/feed'
import type { Viewer } from '../domain/viewer'
import type { RefusalCode } from '../refusal'
import { StreamEnd, WALL_CLOCK_MS, type Engine, type Identity, type OperationMeta, type Prepared } from './engine'
import { refusalOf } from './masking'

type Meta = Omit<OperationMeta, 'signal'>

/** Joins a desk to the feed that it subscribes to; the returned function takes it out. Throws StreamEnd where that is refused. */
export async function goLive(engine: Engine, prepared: Prepared, identity: Identity, meta: Meta, desk: Desk): Promise<() => void> {
  const args = argsOf(engine, prepared)
  const feed = await createSourceEventStream({ ...args, contextValue: engine.contextFor(identity, { ...meta, signal: AbortSignal.timeout(WALL_CLOCK_MS) }) })
  if (!(feed instanceof Feed)) throw new StreamEnd(engine.masked((feed as ExecutionResult).errors ?? [], meta))
  const renderer = new Renderer(engine, prepared, identity, meta, feed.question as Question<Line, unknown>)
  return feed.join({ alike: alikeOf(prepared, identity.viewer), desk, render: line => renderer.render(line) })
}

function argsOf({ schema }: Engine, { document, operation, params }: Prepared) {
  return { schema, document, operationName: operation.name?.value ?? null, variableValues: params.variables ?? {} }
}

/** Not to be had now: an event must not be lost for that. */
const PASSING: readonly RefusalCode[] = ['AUTHORITY_UNREACHABLE', 'STORE_UNAVAILABLE']
/** Reads for an event are bounded by the peers' own deadlines, and outlive the desk that asked. */
const UNENDING = new AbortController().signal

class Renderer {
  #shared: object | null = null

  constructor(private readonly engine: Engine, private readonly prepared: Prepared, private readonly identity: Identity, private readonly meta: Meta, private readonly question: Question<Line, unknown>) {}

  async render(line: Line): Promise<Rendered> {
    const context = this.#context()
    let root: object | null
    try {
      root = await this.question.root(context as never, line as never)
    } catch (thrown) {
      return this.#told(line, { data: null, errors: [thrown as never] }, () => true)
    }
    if (!root) return { state: 'NOTHING' }
    const event = root
    const result = await execute({ ...argsOf(this.engine, this.prepared), rootValue: event, contextValue: context })
    return this.#told(line, await this.engine.cleared(result, context), question => (question as Question<Line, unknown>).passes?.(context as never, event) ?? true)
  }

  #told(line: Line, result: ExecutionResult, passes: (question: unknown) => boolean): Rendered {
    const codes = (result.errors ?? []).map(error => refusalOf(error)?.code)
    if (codes.some(code => code !== undefined && PASSING.includes(code))) return { state: 'AGAIN' }
    if (codes.includes('NOT_FOUND')) return { state: 'NOTHING' }
    if (codes.includes('UNAUTHENTICATED')) return { state: 'DENIED', because: result.errors?.[codes.indexOf('UNAUTHENTICATED')] }
    const said = this.engine.formatted(result, this.meta)
    // Where the event itself cannot be shown, its place is: a client can go on behind it.
    return { state: 'TOLD', told: new Told(line.seq, this.question.isSnapshot ? null : line.cursor, JSON.stringify(said.errors ? { ...said, extensions: { cursor: line.cursor } } : said)), passes }
  }

  /** Shared by the events of one tick, so that what they select beyond the line is read together; never longer, or it would be old. */
  #context(): object {
    if (this.#shared) return this.#shared
    setImmediate(() => { this.#shared = null })
    return (this.#shared = this.engine.contextFor(this.identity, { ...this.meta, signal: UNENDING }))
  }
}

interface Selection { text: string; variables: readonly string[]; isPersonal: boolean }

const SELECTIONS = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Selection>>()
/** What is told differently to two viewers of one role and authority, or put on record for each reader. */
const PERSONAL_FIELDS: readonly string[] = ['availableActs', 'dossier', 'decision', 'results', 'furtherUses', 'consultation', 'note', 'details', 'refusal']

/** Equal for operations whose events are the same bytes. The root field's arguments choose events; they shape none. */
export function alikeOf({ document, operation, params }: Prepared, viewer: Viewer): string {
  const { text, variables, isPersonal } = selectionOf(document, operation)
  return JSON.stringify([viewer.authority, viewer.role, isPersonal ? viewer.subject : '', text, variables.map(name => params.variables?.[name] ?? null)])
}

function selectionOf(document: DocumentNode, operation: OperationDefinitionNode): Selection {
  const ofDocument = SELECTIONS.get(document) ?? new Map<OperationDefinitionNode, Selection>()
  SELECTIONS.set(document, ofDocument)
  const known = ofDocument.get(operation)
  if (known) return known
  const made = selected(document, operation)
  ofDocument.set(operation, made)
  return made
}

function selected(document: DocumentNode, operation: OperationDefinitionNode): Selection {
  const selections = operation.selectionSet.selections.map(each => (each.kind === Kind.FIELD ? withoutArguments(each) : each))
  const shape: OperationDefinitionNode = { ...operation, name: undefined, variableDefinitions: [], selectionSet: { ...operation.selectionSet, selections } }
  const parts = [shape, ...document.definitions.filter(each => each.kind === Kind.FRAGMENT_DEFINITION)]
  const variables = new Set<string>()
  let isPersonal = false
  for (const part of parts) visit(part, { Variable: ({ name }) => void variables.add(name.value), Field: ({ name }) => { isPersonal ||= PERSONAL_FIELDS.includes(name.value) } })
  return { text: parts.map(part => print(part)).join('\n'), variables: [...variables].sort(), isPersonal }
}

const withoutArguments = (field: FieldNode): FieldNode => ({ ...field, arguments: [] })
