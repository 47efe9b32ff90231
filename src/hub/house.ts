// The hub as resolvers see it: profiles and law from its own copies, everything about requests from the nodes, merged.
import { getNamedType, type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql'
import type { AuthorityProfile, ContactPointRow, Context, DutySlot, FeedQuestion, House, RequestFilterInput, RegisterChange } from '../../resolvers/context'
import { connection, emptyConnection } from '../domain/connection'
import type { ContactLine, FeedLine, RequestLine } from '../domain/feed'
import type { Finding, Register } from '../domain/law/register'
import { readsRequests } from '../domain/viewer'
import type { RequestOrder } from '../domain/vocabulary'
import { Feed } from '../live/channel'
import type { Question } from '../live/feed'
import { ANSWERED, FROM_THE_FIRST, type Beat, type Heartbeats } from '../live/heartbeats'
import type { DutyAnswer, Place } from '../peer/reading'
import { fault, noSuchRequest, Refusal } from '../refusal'
import type { Directory } from '../wire/directory'
import { listBinding } from '../wire/list-binding'
import type { Editions } from '../register/editions'
import type { CursorSealer } from '../wire/seal-cursor'
import { HOME_FIELDS, mergedPage, rowsByReference, type MergedRow, type RowSelection, type Stores } from './fan-out'
import { homeOf, remoteRefusal, unreachable, type Answered, type Asker, type Houses } from './houses'
import { Plans } from './plans'
import { project, projectAll, subfields, withValues, type Projection } from './projection'
import type { RegisterPublication } from './publication'
import type { Relay } from './relay'
import { attachErrors, RowOfPage, type RemoteObject, type RowPlaces } from './remote'
import { SharedRequests } from './shared-requests'
import { soundDuty } from './sound-answer'

export interface HubParts {
  directory: () => Directory; register: () => Register; editions: Editions; publication: RegisterPublication; now: () => Date; houses: Houses; relay: Relay; heartbeats: Heartbeats; sealer: CursorSealer
  schema: GraphQLSchema
}

export class HubHouse implements House {
  readonly #batches = new WeakMap<object, Map<FieldNode | undefined, Batch>>()

  readonly #stores: Stores
  readonly #plans = new Plans<RowPlan>()

  constructor(private readonly parts: HubParts) { this.#stores = { houses: parts.houses, shared: new SharedRequests(), countryOf: id => this.authority(id)?.country ?? null } }

  get id(): string { return 'hub' }
  register(): Register { return this.parts.register() }
  editions(): Editions['all'] { return this.parts.editions.all }
  publishRegister(change: RegisterChange): Promise<object> { return this.parts.publication.publish(change) }
  now(): Date { return this.parts.now() }
  authorities(): readonly AuthorityProfile[] { return this.parts.directory().authorities }
  authority(id: string): AuthorityProfile | null { return this.parts.directory().authority(id) ?? null }

  async request(context: Context, reference: string, info: GraphQLResolveInfo): Promise<object | null> {
    const asker = askerOf(context)
    if (!asker) return null
    const { selection } = this.#planned(info, () => ({ selection: selectionOf(info, 'Request', [info.fieldNodes]), places: new Map() }))
    const rows = await rowsByReference(this.#stores, asker, { references: [reference], isOwnAwaited: true }, selection, context.signal)
    return rows.get(reference) ?? null
  }

  async requests(context: Context, args: { filter: RequestFilterInput | null; orderBy: RequestOrder; first: number; after: string | null }, info: GraphQLResolveInfo): Promise<object> {
    const asker = askerOf(context)
    const bound = [args.filter, args.orderBy]
    const after = args.after === null ? null : (this.openPlace(context, 'requests', bound, args.after) as Place)
    if (!asker) return emptyConnection(after !== null, { sources: [], feedCursor: this.parts.sealer.seal('nowhere', {}) })
    const { selection, places } = this.#planned(info, () => pagePlan(info))
    const page = await mergedPage(this.#stores, asker, { filter: args.filter, order: args.orderBy, first: args.first, after }, selection, context.signal)
    const rows = page.rows.map((row: MergedRow) => row.data)
    this.#saw(page.sources)
    const binding = listBinding(this.id, context.viewer, 'requests', bound)
    const cursorOf = (i: number): string => this.parts.sealer.seal(binding, placeOf((page.rows[i] as MergedRow).key))
    return connection(rows.map(row => new RowOfPage(row, places)), cursorOf, page.hasNext, after !== null, { sources: page.sources, feedCursor: page.feedCursor ?? '' })
  }

  #planned(info: GraphQLResolveInfo, make: () => RowPlan): RowPlan {
    const { selection: { whole, fromHome, keysAlone }, places } = this.#plans.of(info, make)
    return { selection: { whole: withValues(whole, info.variableValues), fromHome: withValues(fromHome, info.variableValues), keysAlone }, places }
  }

  sealPlace({ viewer }: Context, field: string, args: unknown, place: object): string { return this.parts.sealer.seal(listBinding(this.id, viewer, field, args), place) }
  openPlace({ viewer }: Context, field: string, args: unknown, cursor: string): object { return this.parts.sealer.open(listBinding(this.id, viewer, field, args), cursor) }

  statusChanges(context: Context, args: { filter: RequestFilterInput | null; first: number; after: string | null }, info: GraphQLResolveInfo): Promise<object> {
    if (!askerOf(context)) return Promise.resolve(emptyConnection(args.after !== null))
    return this.#forward(context, info) as Promise<object>
  }

  async timelineEvent(context: Context, _: string, info: GraphQLResolveInfo): Promise<object | null> {
    return askerOf(context) ? ((await this.#forward(context, info)) as object | null) : null
  }

  accessLog(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }
  checkDraft(context: Context, _: string, info: GraphQLResolveInfo): Promise<readonly Finding[]> { return this.#forward(context, info) as Promise<readonly Finding[]> }
  draft(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }
  act(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }
  contactAct(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }

  /** The client's field as it stands, asked of the viewer's own node. */
  async #forward(context: Context, info: GraphQLResolveInfo): Promise<unknown> {
    const asker = asOwn(context) ?? forbidden()
    const root = project(info, info.parentType, info.fieldNodes.map(asRoot))
    const { houses } = this.parts
    const asked = `${definitionsOf(root)} ${root.text}`
    if (info.operation.operation === 'mutation') return valueIn(await houses.actAtHome(asker, { query: `mutation${asked}`, variables: root.variables }, context.signal))
    return valueIn(await houses.home(asker, { query: `query${asked}`, variables: root.variables }, context.signal))
  }

  async #ask(context: Context, asker: Asker, query: string, variables: Record<string, unknown>): Promise<unknown> {
    return valueIn(await this.parts.houses.home(asker, { query, variables }, context.signal))
  }

  reader(): never { return fault('the hub reads no request of its own') }

  feed(context: Context, question: FeedQuestion, after: string | null): AsyncIterable<never> {
    const asker = askerOf(context) ?? forbidden()
    return new Feed(() => this.parts.relay.channelOf(asker), { ...asker, expiresAt: asker.viewer.expiresAt }, question, after)
  }

  partnerFeed({ viewer }: Context, question: Question<Beat, Context>): AsyncIterable<never> {
    return new Feed(() => this.parts.heartbeats.channel(), { expiresAt: viewer.expiresAt }, question, FROM_THE_FIRST)
  }

  lastSeenAt(authority: string): string | null { return this.parts.heartbeats.lastSeenAt(authority) }

  async exists(context: Context, reference: string): Promise<boolean> {
    const asker = askerOf(context) ?? forbidden()
    const found = await this.#ask(context, asker, 'query($reference: String!) { r: request(reference: $reference) { reference } }', { reference })
    return found !== null
  }

  /** Events of one answer are read together: one read at home, one at each store that decides. */
  async eventRequest(context: Context, { reference }: Pick<RequestLine, 'reference'>, info: GraphQLResolveInfo): Promise<object> {
    const asker = askerOf(context) ?? forbidden()
    const [field] = info.fieldNodes
    const batches = this.#batches.get(context.shared) ?? new Map<FieldNode | undefined, Batch>()
    this.#batches.set(context.shared, batches)
    const batch = batches.get(field) ?? new Batch(references => rowsByReference(this.#stores, asker, { references }, selectionOf(info, 'Request', [info.fieldNodes]), context.signal), () => batches.delete(field))
    batches.set(field, batch)
    const request = await batch.read(reference)
    if (!request) throw noSuchRequest('reference')
    return request
  }

  /** The entry as the viewer's own node shows it: what was said stays behind the viewer's own rights. */
  async eventEntry(context: Context, line: FeedLine, info: GraphQLResolveInfo): Promise<object | null> {
    const asker = askerOf(context) ?? forbidden()
    const projection = project(info, objectType(info.returnType), info.fieldNodes)
    const definitions = ['$_cursor: Cursor!', ...projection.definitions].join(', ')
    return (await this.#ask(context, asker, `query(${definitions}) { r: timelineEvent(cursor: $_cursor) ${projection.text} }`, { ...projection.variables, _cursor: line.cursor })) as object | null
  }

  async eventReason(context: Context, { cursor }: Pick<FeedLine, 'cursor'>): Promise<string | null> {
    const asker = askerOf(context) ?? forbidden()
    const event = await this.#ask(context, asker, 'query($cursor: Cursor!) { r: timelineEvent(cursor: $cursor) { details { ... on UrgencyChange { reason } } } }', { cursor })
    return (event as { details?: { reason?: string } | null } | null)?.details?.reason ?? null
  }

  async handOver(context: Context, id: string, info: GraphQLResolveInfo): Promise<object | null> {
    const projection = project(info, objectType(info.returnType), info.fieldNodes)
    const definitions = ['$_id: ID!', ...projection.definitions].join(', ')
    return (await this.#ask(context, askerOf(context) ?? forbidden(), `query(${definitions}) { r: handOver(id: $_id) ${projection.text} }`, { ...projection.variables, _id: id })) as object | null
  }

  handOvers(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object[]> { return this.#forward(context, info) as Promise<object[]> }
  handOverShift(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }
  acknowledgeHandOver(context: Context, _: unknown, info: GraphQLResolveInfo): Promise<object> { return this.#forward(context, info) as Promise<object> }

  async eventContact(context: Context, line: Pick<ContactLine, 'id'>): Promise<ContactPointRow | null> {
    const outcome = await this.parts.houses.plain(homeOf(context.viewer), `/house/duty?contact=${encodeURIComponent(line.id)}`, context.bearer, context.signal)
    if (outcome.state !== 'ANSWERED' || outcome.status !== 200) throw unreachable(outcome)
    return (outcome.body as { contactPoint?: ContactPointRow | null }).contactPoint ?? null
  }

  async feedCursor(context: Context): Promise<string | null> {
    if (!askerOf(context)) return null
    const outcome = await this.parts.houses.plain(homeOf(context.viewer), '/house/duty', context.bearer, context.signal)
    return outcome.state === 'ANSWERED' ? ((outcome.body as DutyAnswer).feedCursor ?? null) : null
  }

  async duty(context: Context, authorities: readonly string[]): Promise<DutySlot[]> {
    const bearers = await this.#bearers(context, authorities)
    return Promise.all(authorities.map(async authority => {
      const outcome = await this.parts.houses.plain(authority, '/house/duty', bearers.get(authority) ?? null, context.signal)
      const answer = outcome.state === 'ANSWERED' && outcome.status === 200 ? soundDuty(outcome.body, { authority, country: this.authority(authority)?.country ?? null }, this.parts.schema) : null
      const state = answer ? ('ANSWERED' as const) : outcome.state === 'ANSWERED' ? ('REFUSED' as const) : outcome.state
      this.#saw([{ authority, state }])
      return {
        authority, state, tookMs: outcome.tookMs, reason: answer ? null : outcome.state === 'ANSWERED' ? 'BAD_ANSWER' : outcome.reason, asOf: answer?.asOf ?? null, checkedAt: this.now().toISOString(), lastSeenAt: this.lastSeenAt(authority),
        points: (answer?.contactPoints as ContactPointRow[] | undefined) ?? null, medianAcknowledgeMinutes: answer?.medianAcknowledgeMinutes ?? null,
      }
    }))
  }

  /** What proves the viewer at each node; without an authority, or without the own node, one asks as the public. */
  async #bearers(context: Context, authorities: readonly string[]): Promise<Map<string, string>> {
    const asker = asOwn(context)
    if (!asker) return new Map()
    const others = authorities.filter(authority => authority !== asker.viewer.authority)
    const assertions = others.length > 0 ? await this.parts.houses.assertions(asker, others, context.signal).catch(() => new Map<string, string>()) : new Map<string, string>()
    return new Map([...assertions, [homeOf(asker.viewer), asker.bearer]])
  }

  #saw(sources: readonly { authority: string; state: string }[]): void {
    for (const { authority, state } of sources) if (state === ANSWERED) this.parts.heartbeats.saw(authority)
  }

  async openRequests(context: Context, authority: string): Promise<number | null> {
    const asker = askerOf(context)
    if (!asker || authority === asker.viewer.authority) return null
    const answer = await this.parts.houses.vouched(asker, [authority], context.signal)
    return answer.openRequests[authority] ?? null
  }

  async contactPoint(context: Context, id: string): Promise<ContactPointRow | null> {
    const authority = this.authorities().find(profile => id.startsWith(`contact:${profile.country}:`))
    if (!authority) return null
    const [slot] = await this.duty(context, [authority.id])
    return slot?.points?.find(point => point.id === id) ?? null
  }
}

const placeOf = ({ value, reference }: Place): Place => ({ value, reference })

/** Reads of one tick, made as one. */
class Batch {
  readonly #references = new Set<string>()
  #rows: Promise<Map<string, RemoteObject>> | null = null

  constructor(private readonly readAll: (references: string[]) => Promise<Map<string, RemoteObject>>, private readonly begun: () => void) {}

  async read(reference: string): Promise<RemoteObject | undefined> {
    this.#references.add(reference)
    this.#rows ??= new Promise<void>(resolve => setImmediate(resolve)).then(() => {
      this.begun()
      return this.readAll([...this.#references])
    })
    return (await this.#rows).get(reference)
  }
}

/** Viewers that read requests ask their own node; others have nothing to ask. */
const askerOf = (context: Context): Asker | null => (readsRequests(context.viewer.role) ? asOwn(context) : null)

const asOwn = ({ viewer, bearer, proof }: Context): Asker | null => (bearer !== null && viewer.authority !== null ? { viewer, bearer, proof } : null)

const forbidden = (): never => { throw new Refusal('FORBIDDEN', 'Your role has no right to this.', { hint: 'Use a token of an authority with a role that reads requests.' }) }

const objectType = (type: GraphQLResolveInfo['returnType']): GraphQLObjectType => getNamedType(type) as GraphQLObjectType

/** The value of the one field that was asked for. */
function valueIn({ answer }: Answered): unknown {
  const data: RemoteObject = answer.data ?? {}
  attachErrors(data, answer.errors)
  const key = Object.keys(data).find(each => each !== '__typename')
  const rootError = answer.errors?.find(error => !error.path || error.path.length <= 1)
  if (rootError && (key === undefined || data[key] === null || data[key] === undefined)) throw remoteRefusal(rootError)
  return key === undefined ? null : data[key]
}

const asRoot = (field: FieldNode): FieldNode => ({ kind: field.kind, name: { kind: 'Name', value: '_' } as FieldNode['name'], selectionSet: { kind: 'SelectionSet', selections: [field] } as never })

const definitionsOf = ({ definitions }: Projection): string => (definitions.length > 0 ? `(${definitions.join(', ')})` : '')

function selectionOf(info: GraphQLResolveInfo, typeName: string, places: readonly (readonly FieldNode[])[]): RowSelection {
  const type = info.schema.getType(typeName) as GraphQLObjectType
  return { whole: projectAll(info, type, places), fromHome: projectAll(info, type, places, field => HOME_FIELDS.includes(field)), keysAlone: project(info, type, []) }
}

/** What is asked of stores for a root field, and by which of its selections each row is read. */
interface RowPlan { selection: RowSelection; places: RowPlaces }

function pagePlan(info: GraphQLResolveInfo): RowPlan {
  const { selections, places } = rowSelections(info)
  return { selection: selectionOf(info, 'Request', selections), places }
}

/** Where a page's rows are selected: under each `nodes` and each `edges { node }`, by whatever alias. Each is a selection of its own. */
function rowSelections(info: GraphQLResolveInfo): { selections: FieldNode[][]; places: RowPlaces } {
  const selections: FieldNode[][] = []
  const places = new Map<string, number>()
  const add = (path: string, nodes: FieldNode[]): void => { places.set(path, selections.push(nodes) - 1) }
  const below = (type: GraphQLObjectType, nodes: readonly FieldNode[], name: string): [string, FieldNode[]][] => [...subfields(info, type, nodes)].filter(([, [first]]) => first?.name.value === name)
  const connectionType = objectType(info.returnType)
  for (const [key, nodes] of below(connectionType, info.fieldNodes, 'nodes')) add(key, nodes)
  for (const [key, edges] of below(connectionType, info.fieldNodes, 'edges')) {
    for (const [node, nodes] of below(info.schema.getType('RequestEdge') as GraphQLObjectType, edges, 'node')) add(`${key}.${node}`, nodes)
  }
  return { selections, places }
}
