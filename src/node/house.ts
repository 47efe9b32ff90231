// A node as resolvers see it: every read under the viewer's own scope, every act through the one writer.
import { randomUUID } from 'node:crypto'
import type { ActOrder, AuthorityProfile, ContactOrder, ContactPointRow, Context, DraftOrder, DutySlot, FeedQuestion, HandOverOrder, HandOverQuestion, House, RequestFilterInput } from '../../resolvers/context'
import { dayOf } from '../domain/calendar-days'
import { connection, emptyConnection } from '../domain/connection'
import { feedFilter } from '../../resolvers/feed-filter'
import { AccessNote, type AccessEntry, type AccessLog } from './access-log'
import { letsThrough, type ContactLine, type FeedFilter, type FeedLine, type RequestLine } from '../domain/feed'
import { actCodeFaults, draftCodeFaults } from '../domain/law/code-faults'
import { OPEN } from '../domain/lifecycle'
import type { Finding, Register } from '../domain/law/register'
import type { Dossier } from '../domain/request'
import { needsFreshSignIn, readsRequests, type Viewer } from '../domain/viewer'
import type { RequestOrder } from '../domain/vocabulary'
import { Feed } from '../live/channel'
import type { Question } from '../live/feed'
import { ANSWERED, FROM_THE_FIRST, type Beat, type Heartbeats } from '../live/heartbeats'
import type { AssertionsAnswer, ListAsk, ListTold } from '../peer/reading'
import type { Editions } from '../register/editions'
import { fault, noSuchRequest, Refusal } from '../refusal'
import { positionOf, scopedToHouse, type DocketFilter, type DocketPosition, type DocketRow } from '../store/store'
import { listBinding } from '../wire/list-binding'
import type { CursorSealer } from '../wire/seal-cursor'
import type { Directory } from '../wire/directory'
import { actOnRequest, draftRequest, type NodeLaw } from './acts'
import type { Arrivals } from './arrivals'
import { contactId, publishContactPoint, retireContactPoint, type ContactPoint, type ContactPoints } from './contact-points'
import type { Contents } from './contents'
import { acknowledgeHandOver, handOverShift, type HandOvers, type HandOverView } from './hand-overs'
import type { DeskFeed } from './desk-feed'
import type { NodeDocket } from './docket'
import type { LiveDesks } from './live'
import { MergeReads, type MergeQuestion } from './merge-reads'
import { NodeReader } from './reader'
import type { NodeRequests } from './requests'
import type { Writer } from './writer'

export interface NodeParts {
  own: string; directory: () => Directory; register: () => Register; editions: Editions; now: () => Date; law: NodeLaw; writer: Writer; docket: NodeDocket; contents: Contents
  requests: NodeRequests; feed: DeskFeed; live: LiveDesks; contacts: ContactPoints; handOvers: HandOvers; sealer: CursorSealer; access: AccessLog; arrivals: Arrivals
  /** How old a sign-in may be for acts that send or decide; null: any that is good. */
  freshSignInMs: number | null
  /** Makes everything that any process of this house has appended readable. */
  current: () => Promise<void>
  heartbeats: Heartbeats
  /** Asks a partner's house whether it is there. */
  reach: (authority: string, signal: AbortSignal) => Promise<Pick<DutySlot, 'state' | 'tookMs' | 'reason'>>
  assertion: (viewer: Viewer, audience: string) => Promise<string>
  /** Resolves where this house can sign: an act that nobody could prove is not taken. */
  demandSigner: () => Promise<void>
}

/** The context of a hub's read: what it asks beyond the schema, and where the answer tells it. */
export interface NodeContext extends Context { ask?: ListAsk; told?: { list?: ListTold } }

const DUPLICATES_LOOKED_AT = 100
const ASSERTION_USED_MS = 55_000
const OPEN_ITEMS_AT_MOST = 100
/** What is still being drafted is no business of the next shift. */
const SENT_STATUSES = OPEN.filter(status => status !== 'DRAFT' && status !== 'CONSULTATION' && status !== 'VALIDATED')

export class NodeHouse implements House {
  readonly #merge: MergeReads

  constructor(private readonly parts: NodeParts) { this.#merge = new MergeReads(parts) }

  get id(): string { return this.parts.own }
  register(): Register { return this.parts.register() }
  editions(): Editions['all'] { return this.parts.editions.all }
  publishRegister(): never { throw new Refusal('FORBIDDEN', 'The register is published at the hub.', { hint: 'Ask the hub, with a token of the secretariat.' }) }
  now(): Date { return this.parts.now() }
  authorities(): readonly AuthorityProfile[] { return this.parts.directory().authorities }
  authority(id: string): AuthorityProfile | null { return this.parts.directory().authority(id) ?? null }

  async request(context: Context, reference: string): Promise<object | null> {
    await this.parts.current()
    return this.parts.requests.request(context.viewer, reference)
  }

  async requests(context: NodeContext, args: { filter: RequestFilterInput | null; orderBy: RequestOrder; first: number; after: string | null }): Promise<object> {
    await this.parts.current()
    const filter = this.#filter(context.viewer, args.filter)
    if (context.ask) return this.#asked(context, { ask: context.ask, filter, order: args.orderBy })
    const bound = [args.filter, args.orderBy]
    const place = args.after === null ? {} : { after: this.openPlace(context, 'requests', bound, args.after) as DocketPosition }
    const feedCursor = this.parts.feed.cursorAt(this.parts.feed.head)
    const found = await this.parts.requests.list(context.viewer, { filter, order: args.orderBy, limit: args.first + 1, ...place })
    const rows = found.slice(0, args.first)
    const source = { authority: this.parts.own, state: 'ANSWERED', tookMs: 0, asOf: this.now().toISOString() }
    const binding = listBinding(this.id, context.viewer, 'requests', bound)
    const cursorOf = (i: number): string => this.parts.sealer.seal(binding, positionOf(rows[i] as DocketRow, args.orderBy))
    return connection(rows.map(row => this.parts.requests.view(row)), cursorOf, found.length > rows.length, args.after !== null, { sources: [source], feedCursor })
  }

  /** The rows that a hub merges with other stores' rows, and what it needs to know of them. */
  async #asked(context: NodeContext, question: MergeQuestion): Promise<object> {
    const { rows, told } = await this.#merge.read(context.viewer, question)
    if (context.told) context.told.list = told
    return { nodes: rows.map(row => this.parts.requests.view(row)) }
  }

  /** The ledger is told to this authority's own readers alone; an assertion about another's is for requests as they stand. */
  #readsOwn({ authority, role }: Viewer): boolean { return authority === this.parts.own && readsRequests(role) }

  async statusChanges(context: Context, args: { filter: RequestFilterInput | null; first: number; after: string | null }): Promise<object> {
    if (!this.#readsOwn(context.viewer)) return emptyConnection(args.after !== null)
    await this.parts.current()
    const filter = this.#feedFilter(args.filter)
    const after = args.after === null ? 0 : this.parts.feed.positionOf(args.after)
    if (args.after !== null) await this.parts.feed.demandWhole(after)
    const found = await this.parts.feed.past(after, args.first + 1, line => line.request?.statusChange === true && letsThrough(filter, line.request, this.parts.own))
    const lines = found.slice(0, args.first)
    return connection(lines.map(line => ({ __typename: 'StatusChanged', ...line.request, cursor: line.cursor, line: line.request })), i => lines[i]?.cursor ?? '', found.length > lines.length, args.after !== null)
  }

  async timelineEvent(context: Context, cursor: string): Promise<object | null> {
    if (!this.#readsOwn(context.viewer)) return null
    await this.parts.current()
    return this.parts.requests.eventAt(context.viewer, this.parts.feed.positionOf(cursor))
  }

  reader(context: Context): NodeReader {
    return new NodeReader(context.viewer, this.parts.requests, this.parts.feed, reference => this.#noteOf(context).read(reference))
  }

  readonly #notes = new WeakMap<object, AccessNote>()

  /** By what all copies of an operation's context share. */
  #noteOf({ shared, viewer }: Context): AccessNote {
    const note = this.#notes.get(shared) ?? new AccessNote(this.parts.access, viewer)
    this.#notes.set(shared, note)
    return note
  }

  /** Awaited before an answer leaves: what it shows of dossiers is on record then. */
  onRecord(context: Context): Promise<void> { return this.#notes.get(context.shared)?.settle() ?? Promise.resolve() }

  async accessLog(context: Context, args: { first: number; after: string | null }): Promise<object> {
    if (context.viewer.authority !== this.parts.own) throw new Refusal('FORBIDDEN', 'The access log is for this authority\'s own auditor.', { hint: 'Use a token of this authority with the role AUDITOR.' })
    const after = args.after === null ? 0 : (this.openPlace(context, 'accessLog', [], args.after) as { seq: number }).seq
    const found = await this.parts.access.page(after, args.first + 1)
    const entries = found.slice(0, args.first)
    return connection(entries.map(accessView), position => this.sealPlace(context, 'accessLog', [], { seq: entries[position]?.seq }), found.length > entries.length, args.after !== null)
  }

  async checkDraft(context: Context, reference: string): Promise<readonly Finding[]> {
    await this.parts.current()
    const row = (await this.parts.requests.getMany(context.viewer, [reference]))[0]
    if (!row) throw noSuchRequest('reference')
    const { state } = row
    const dossier = (await this.parts.contents.read<Dossier>(state.dossier)) ?? { confidentiality: 'CONFIDENTIAL' as const }
    const named = await this.parts.requests.getMany(context.viewer, state.relations.map(({ reference: each }) => each))
    const others = { openRequests: await this.#openRequests(context.viewer, row), known: new Set(named.map(({ reference: each }) => each)) }
    return this.parts.law.findings({ index: state, legalBases: state.legalBases, ownReference: state.requestingReference, dossier: { ...dossier, relatedRequests: state.relations } }, this.now().toISOString(), others)
  }

  /** Other open requests to the same authority, for the warning of a likely duplicate. */
  async #openRequests(viewer: Viewer, { reference, state }: DocketRow) {
    const filter: DocketFilter = { side: 'REQUESTING', sideOf: this.parts.own, partners: [state.requested], open: true }
    const rows = (await this.parts.requests.list(viewer, { filter, order: 'LAST_ACTIVITY', limit: DUPLICATES_LOOKED_AT })).filter(row => row.reference !== reference)
    const dossiers = await this.parts.contents.readMany<Dossier>(rows.map(row => row.state.dossier).filter(digest => digest !== null))
    return rows.map(row => {
      const dossier = dossiers.get(row.state.dossier ?? '')
      return { reference: row.reference, kind: row.state.kind, requested: this.#countryOf(state.requested), identifiers: dossier?.identifiers ?? [], timeWindow: dossier?.timeWindow ?? null }
    })
  }

  #countryOf(authority: string): string { return this.parts.directory().authority(authority)?.country ?? '' }

  async draft({ viewer }: Context, order: DraftOrder): Promise<object> {
    this.#demandOwn(viewer)
    await this.parts.demandSigner()
    const requested = this.#requestedAuthority(order.requested)
    demandCodes(draftCodeFaults(this.register(), order.input as object, dayOf(this.now())))
    const row = await this.parts.writer.write(work => draftRequest({ work, viewer, law: this.parts.law }, order, requested))
    return { request: this.parts.requests.view(row) }
  }

  #requestedAuthority(country: string): string {
    const found = this.parts.directory().authorityOf(country)
    if (found && found.id !== this.parts.own) return found.id
    throw new Refusal('BAD_USER_INPUT', 'There is no authority to ask in this state.', { path: 'input.requested', hint: 'Name another state that has an authority; see the query authorities.' })
  }

  async act({ viewer }: Context, order: ActOrder): Promise<object> {
    this.#demandOwn(viewer)
    this.#demandFreshSignIn(viewer, order.act)
    await this.parts.demandSigner()
    demandCodes(actCodeFaults(this.register(), order.input as object, dayOf(this.now())))
    if (order.said.to !== undefined && !this.authority(order.said.to)) {
      throw new Refusal('BAD_USER_INPUT', 'There is no such authority.', { path: 'input.to', hint: 'Use an id of the query authorities.' })
    }
    const items = order.said.items?.map(item => ({ ...item, id: randomUUID() }))
    const complete = items ? { ...order, said: { ...order.said, items } } : order
    const row = await this.parts.writer.write(work => actOnRequest({ work, viewer, law: this.parts.law }, complete))
    return { request: this.parts.requests.view(row) }
  }

  /** Acts are taken at the viewer's own node alone: an assertion is for reading. */
  #demandOwn(viewer: Viewer): void {
    if (viewer.authority !== this.parts.own) throw new Refusal('FORBIDDEN', 'Acts are taken at your own authority\'s node.', { hint: 'Send mutations to the hub or to your own node with a token of your own authority.' })
  }

  #demandFreshSignIn({ role, signedInAt }: Viewer, act: string): void {
    const { freshSignInMs } = this.parts
    if (freshSignInMs === null || !needsFreshSignIn(role, act) || (signedInAt !== null && this.now().getTime() - signedInAt <= freshSignInMs)) return
    throw new Refusal('UNAUTHENTICATED', 'Your authority asks for a fresh sign-in before anything is sent or decided.', { hint: 'Sign in again and repeat the act with the new token.', maxAgeSeconds: freshSignInMs / 1_000 })
  }

  async contactAct({ viewer }: Context, order: ContactOrder): Promise<object> {
    this.#demandOwn(viewer)
    await this.parts.demandSigner()
    const partners = this.authorities().map(profile => profile.id).filter(id => id !== this.parts.own)
    const id = await this.parts.writer.write(work => {
      if (order.said) return publishContactPoint(work, viewer, partners, order.id, order.said as never, contactId(this.#countryOf(this.parts.own), randomUUID()))
      retireContactPoint(work, viewer, partners, order.id ?? '', order.reason)
      return order.id ?? ''
    })
    return { contactPoint: contactRow((await this.parts.contacts.get(id)) ?? fault('a contact point that was just written is not there')) }
  }

  feed({ viewer }: Context, question: FeedQuestion, after: string | null): AsyncIterable<never> {
    return new Feed(() => this.parts.live.channel(), { expiresAt: viewer.expiresAt }, question, after)
  }

  partnerFeed({ viewer }: Context, question: Question<Beat, Context>): AsyncIterable<never> {
    return new Feed(() => this.parts.heartbeats.channel(), { expiresAt: viewer.expiresAt }, question, FROM_THE_FIRST)
  }

  lastSeenAt(authority: string): string | null { return authority === this.parts.own ? this.now().toISOString() : this.parts.heartbeats.lastSeenAt(authority) }

  async eventRequest(context: Context, line: RequestLine): Promise<object> {
    const request = await this.request(context, line.reference)
    if (!request) throw noSuchRequest('reference')
    return request
  }

  eventEntry(context: Context, line: FeedLine): Promise<object | null> { return this.parts.requests.eventAt(context.viewer, line.seq) }

  async eventReason({ viewer }: Context, { seq }: Pick<FeedLine, 'seq'>): Promise<string | null> {
    const event = await this.parts.requests.eventAt(viewer, seq)
    return (event && (await this.parts.requests.said(viewer, event)))?.reason ?? null
  }

  async handOver({ viewer }: Context, id: string): Promise<object | null> {
    this.#demandOwn(viewer)
    await this.parts.current()
    return this.#handOverView(await this.parts.handOvers.get(id))
  }

  async handOvers({ viewer }: Context, question: HandOverQuestion): Promise<object[]> {
    this.#demandOwn(viewer)
    await this.parts.current()
    return Promise.all((await this.parts.handOvers.list(question)).map(each => this.#handOverView(each) as Promise<object>))
  }

  async handOverShift({ viewer }: Context, order: HandOverOrder): Promise<object> {
    this.#demandOwn(viewer)
    const filter: DocketFilter = { urgencies: ['URGENT', 'EMERGENCY'], open: true, statuses: SENT_STATUSES }
    const urgent = order.openItems ? [] : await this.parts.requests.list(viewer, { filter, order: 'DUE_FIRST', limit: OPEN_ITEMS_AT_MOST })
    const id = await this.parts.writer.write(work => handOverShift(work, viewer, order, urgent.map(row => row.reference)))
    return { handOver: await this.#handOverView(await this.parts.handOvers.get(id)) }
  }

  async acknowledgeHandOver({ viewer }: Context, id: string): Promise<object> {
    this.#demandOwn(viewer)
    await this.parts.writer.write(work => acknowledgeHandOver(work, viewer, id))
    return { handOver: await this.#handOverView(await this.parts.handOvers.get(id)) }
  }

  async #handOverView(view: HandOverView | null): Promise<object | null> {
    const point = view && (await this.parts.contacts.get(view.contact))
    return view && { ...view, contactPoint: point && contactRow(point) }
  }

  async eventContact(_: Context, line: Pick<ContactLine, 'id'>): Promise<ContactPointRow | null> {
    const found = await this.parts.contacts.get(line.id)
    return found && contactRow(found)
  }

  async feedCursor({ viewer }: Context): Promise<string | null> {
    return this.#readsOwn(viewer) ? this.parts.feed.cursorAt(this.parts.feed.head) : null
  }

  async duty(context: Context, authorities: readonly string[]): Promise<DutySlot[]> {
    await this.parts.current()
    return Promise.all(authorities.map(authority => this.#dutyOf(context, authority)))
  }

  async #dutyOf({ signal, viewer }: Context, authority: string): Promise<DutySlot> {
    const own = authority === this.parts.own
    const now = this.now().toISOString()
    const [reached, points] = await Promise.all([own ? { state: 'ANSWERED' as const, tookMs: 0, reason: null } : this.parts.reach(authority, signal), this.parts.contacts.list(authority)])
    if (!own && reached.state === ANSWERED) this.parts.heartbeats.saw(authority)
    const median = await this.parts.requests.medianAcknowledgeMinutes(scopedToHouse(this.parts.own), authority)
    return { authority, ...reached, asOf: now, checkedAt: now, lastSeenAt: this.lastSeenAt(authority), points: points.map(point => contactRowFor(viewer, point)), medianAcknowledgeMinutes: median }
  }

  async openRequests({ viewer }: Context, authority: string): Promise<number | null> {
    return viewer.authority === null ? null : this.parts.requests.count(viewer, { open: true, partners: [authority] })
  }

  async contactPoint({ viewer }: Context, id: string): Promise<ContactPointRow | null> {
    const found = await this.parts.contacts.get(id)
    return found && !found.retired ? contactRowFor(viewer, found) : null
  }

  /** A contact point as it stands or last stood, for the event that tells of its end. */
  async contactPointEver({ viewer }: Context, id: string): Promise<ContactPointRow | null> {
    const found = await this.parts.contacts.get(id)
    return found && contactRowFor(viewer, found)
  }

  async exists({ viewer }: Context, reference: string): Promise<boolean> {
    await this.parts.current()
    return (await this.parts.requests.getMany(viewer, [reference])).length > 0
  }

  /** Assertions about a viewer of this authority, and how many open requests it shares with each audience. */
  async vouch(viewer: Viewer, audiences: readonly string[]): Promise<AssertionsAnswer> {
    const known = audiences.filter(audience => audience !== this.parts.own && this.authority(audience))
    const vouched = await Promise.all(known.map(async audience => [audience, await this.parts.assertion(viewer, audience)] as const))
    const counts = await Promise.all(known.map(async audience => [audience, await this.parts.requests.count(viewer, { open: true, partners: [audience] })] as const))
    return { assertions: Object.fromEntries(vouched), expiresAt: this.now().getTime() + ASSERTION_USED_MS, openRequests: Object.fromEntries(counts) }
  }

  #filter(viewer: Viewer, input: RequestFilterInput | null): DocketFilter {
    const { partners, side, dueBefore, updatedAfter, ...plain } = input ?? {}
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== null && value !== undefined)) as DocketFilter
    return {
      ...given, ...(side && { side, sideOf: viewer.authority ?? '' }), ...(dueBefore && { dueBefore }), ...(updatedAfter && { updatedAfter }),
      ...(partners && { partners: this.#authoritiesOf(partners) }),
    }
  }

  /** Countries without an authority match nothing. */
  #authoritiesOf(countries: readonly string[]): string[] {
    return countries.map(country => this.parts.directory().authorityOf(country)?.id ?? `none:${country}`)
  }

  #feedFilter(input: RequestFilterInput | null): FeedFilter { return feedFilter(input, countries => this.#authoritiesOf(countries)) }

  sealPlace({ viewer }: Context, field: string, args: unknown, place: object): string { return this.parts.sealer.seal(listBinding(this.id, viewer, field, args), place) }
  openPlace({ viewer }: Context, field: string, args: unknown, cursor: string): object { return this.parts.sealer.open(listBinding(this.id, viewer, field, args), cursor) }
}

const accessView = ({ seq, at, authority, reader, references }: AccessEntry) => ({ position: seq, at, authority: { id: authority }, subject: reader?.subject ?? null, role: reader?.role ?? null, references })

export const contactRow = ({ authority, retired: _, reason: __, ...said }: ContactPoint): ContactPointRow => ({ ...said, shifts: said.shifts ?? [], level: said.level ?? 'DUTY_DESK', rank: said.rank ?? 0, authority: { id: authority } })

/** The public sees who is there, not how to reach them. */
const contactRowFor = ({ role }: Viewer, point: ContactPoint): ContactPointRow => (role === 'PUBLIC' ? { ...contactRow(point), channels: [] } : contactRow(point))

interface CodeFault { path: string; message: string; hint: string }

/** All unlisted codes at once: the first in `path`, every one in `faults`. */
export function demandCodes(faults: readonly CodeFault[]): void {
  const [first] = faults
  if (first) throw new Refusal('BAD_USER_INPUT', first.message, { path: first.path, hint: first.hint, faults })
}

