// What every resolver gets: who asks, and the house that answers. Hub and node both are houses: a resolver never knows which.
import type { GraphQLResolveInfo } from 'graphql'
import type { Shift } from '../src/domain/duty'
import type { FeedLine, RequestLine, ContactLine } from '../src/domain/feed'
import type { Finding, Register } from '../src/domain/law/register'
import type { Beside } from '../src/domain/beside'
import type { CaseAct } from '../src/domain/lifecycle'
import type { AuthorityId, CitedBasis, Dossier, Said } from '../src/domain/request'
import type { Viewer } from '../src/domain/viewer'
import type { Question } from '../src/live/feed'
import type { Beat } from '../src/live/heartbeats'
import type { Act, BesideAct, EscalationLevel, Matter, MeasureCode, Overlay, Reachability, RequestKind, RequestOrder, RequestStatus, Side, SubState, Urgency } from '../src/domain/vocabulary'

/** An authority as the signed directory has it. */
export interface AuthorityProfile {
  id: AuthorityId; code: string; country: string; name: string; competences: RequestKind[]; languages: string[]
}

export interface ContactPointRow {
  id: string; authority: { id: AuthorityId }; function: string; channels: { kind: string; address: string }[]; languages: string[]
  roundTheClock: boolean; competences: RequestKind[]; reviewBy: string; shifts: Shift[]; level: EscalationLevel; rank: number
}

/** What one authority's store told of its contact points; `points` null where it could not be asked. */
export interface DutySlot {
  authority: AuthorityId; state: Reachability; tookMs: number; reason: string | null; asOf: string | null; checkedAt: string; lastSeenAt: string | null
  points: ContactPointRow[] | null; medianAcknowledgeMinutes: number | null
}

export interface RequestFilterInput {
  references?: string[] | null; side?: Side | null; partners?: string[] | null; kinds?: RequestKind[] | null; statuses?: RequestStatus[] | null
  urgencies?: Urgency[] | null; open?: boolean | null; dueBefore?: string | null; updatedAfter?: string | null
  overlays?: Overlay[] | null
}

/** An act as a mutation asks for it, parsed. */
export interface ActOrder {
  mutation: string; act: CaseAct | BesideAct; reference: string; expectedVersion: number; idempotencyKey?: string | null
  /** The whole input, plain. */
  input: unknown
  said: Said; dossier?: Dossier; urgency?: Urgency; measures?: MeasureCode[]; beside?: Beside
}

export interface DraftOrder {
  idempotencyKey: string; input: unknown; kind: RequestKind; matter: Matter; urgency: Urgency; measures: MeasureCode[]
  /** Country code as given. */
  requested: string
  ownReference: string; legalBases: CitedBasis[]; dossier: Dossier
}

export interface ContactOrder { mutation: string; id: string | null; said: Omit<ContactPointRow, 'id' | 'authority'> | null; reason: string | null }

/** What a shift leaves to the next; `openItems` null: every open urgent request. */
export interface HandOverOrder {
  contactPoint: string; note: string; openItems: { reference: string; note?: string | null }[] | null
  promisedActions: { action: string; reference?: string | null; dueAt?: string | null }[]; idempotencyKey: string | null; input: unknown
}
export interface HandOverQuestion { contactPoint: string | null; open: boolean | null; first: number }

/** A request, or an entry of its timeline, as its own node hands it to the field resolvers; opaque to them. */
export type RequestRoot = object & { readonly __typename: 'Request' }
export type TimelineRoot = object & { readonly __typename: 'TimelineEvent' }
export interface ActRefusalView { code: string; message: string }

/** Reads on demand what a viewer may see of a request. */
export interface RequestReader {
  availableActs(request: RequestRoot): Act[]
  availableSubStates(request: RequestRoot): SubState[]
  furtherUses(request: RequestRoot): Promise<object[] | null>
  relations(request: RequestRoot): Promise<object[]>
  consultation(request: RequestRoot): Promise<object[] | null>
  escalatedTo(request: RequestRoot): object[]
  timeline(request: RequestRoot, first: number, after: string | null): Promise<object>
  dossier(request: RequestRoot): Promise<object | null>
  decision(request: RequestRoot): Promise<object | null>
  law(request: RequestRoot): Promise<object | null>
  findings(request: RequestRoot): Promise<readonly Finding[]>
  results(request: RequestRoot): Promise<object[] | null>
  requestOf(event: TimelineRoot): Promise<object>
  note(event: TimelineRoot): Promise<string | null>
  details(event: TimelineRoot): Promise<object | null>
  refusal(event: TimelineRoot): Promise<ActRefusalView | null>
}

export interface RegisterChange { expectedVersion: number; appliesFrom: string; files: readonly { name: string; text: string }[] }

export type FeedQuestion = Question<FeedLine, Context>

export interface House {
  readonly id: string
  authorities(): readonly AuthorityProfile[]
  authority(id: AuthorityId): AuthorityProfile | null
  register(): Register
  /** Editions of the register that this house has, newest first. */
  editions(): readonly { version: number; asOf: string; appliesFrom: string | null }[]
  publishRegister(change: RegisterChange): Promise<object>
  now(): Date

  request(context: Context, reference: string, info: GraphQLResolveInfo): Promise<object | null>
  requests(context: Context, args: { filter: RequestFilterInput | null; orderBy: RequestOrder; first: number; after: string | null }, info: GraphQLResolveInfo): Promise<object>
  statusChanges(context: Context, args: { filter: RequestFilterInput | null; first: number; after: string | null }, info: GraphQLResolveInfo): Promise<object>
  timelineEvent(context: Context, cursor: string, info: GraphQLResolveInfo): Promise<object | null>
  checkDraft(context: Context, reference: string, info: GraphQLResolveInfo): Promise<readonly Finding[]>

  /** Who read what at the viewer's own node. */
  accessLog(context: Context, args: { first: number; after: string | null }, info: GraphQLResolveInfo): Promise<object>

  draft(context: Context, order: DraftOrder, info: GraphQLResolveInfo): Promise<object>
  act(context: Context, order: ActOrder, info: GraphQLResolveInfo): Promise<object>
  contactAct(context: Context, order: ContactOrder, info: GraphQLResolveInfo): Promise<object>

  /** A feed behind `after`; without it from about now. A cursor that is not this authority's ends it. */
  feed(context: Context, question: FeedQuestion, after: string | null): AsyncIterable<never>
  /** How each partner stands now, then each change of that. */
  partnerFeed(context: Context, question: Question<Beat, Context>): AsyncIterable<never>
  /** Only a node has one; the hub's schema never asks for it. */
  reader(context: Context): RequestReader

  /** Whether the request exists for the viewer. */
  exists(context: Context, reference: string, info: GraphQLResolveInfo): Promise<boolean>
  /** The request of an event, as it is now; NOT_FOUND where the viewer may not see it any more. */
  eventRequest(context: Context, line: RequestLine, info: GraphQLResolveInfo): Promise<object>
  /** The whole entry of a line, with what the viewer may read of it. */
  eventEntry(context: Context, line: FeedLine, info: GraphQLResolveInfo): Promise<object | null>
  eventContact(context: Context, line: Pick<ContactLine, 'id'>): Promise<ContactPointRow | null>
  /** Why the urgency was changed, where the viewer may read it. */
  eventReason(context: Context, line: Pick<FeedLine, 'seq' | 'cursor'>): Promise<string | null>
  handOver(context: Context, id: string, info: GraphQLResolveInfo): Promise<object | null>
  /** Newest first. */
  handOvers(context: Context, question: HandOverQuestion, info: GraphQLResolveInfo): Promise<object[]>
  handOverShift(context: Context, order: HandOverOrder, info: GraphQLResolveInfo): Promise<object>
  acknowledgeHandOver(context: Context, id: string, info: GraphQLResolveInfo): Promise<object>
  feedCursor(context: Context): Promise<string | null>

  /** A place in a list, sealed and bound to authority, role, field and arguments. */
  sealPlace(context: Context, field: string, args: unknown, place: object): string
  openPlace(context: Context, field: string, args: unknown, cursor: string): object

  /** When the house of an authority last answered this one. */
  lastSeenAt(authority: AuthorityId): string | null
  /** What each authority's own store says of its contact points, one slot for each. */
  duty(context: Context, authorities: readonly AuthorityId[]): Promise<DutySlot[]>
  /** Open requests that the viewer's authority shares with this one; null without an authority. */
  openRequests(context: Context, authority: AuthorityId): Promise<number | null>
  contactPoint(context: Context, id: string): Promise<ContactPointRow | null>
}

export interface Context {
  readonly viewer: Viewer
  readonly bearer: string | null
  /** Told when the viewer's own house has answered under this token. */
  readonly proof?: { give(): void }
  readonly requestId: string
  readonly signal: AbortSignal
  /** SSE's `Last-Event-ID`: where a feed resumes that names no `after`. */
  readonly lastEventId?: string | null
  readonly house: House
  /** Answers shared by the fields of one operation. */
  readonly shared: Map<string, Promise<unknown>>
}

/** One read for all fields of an operation that need it. */
export function once<Value>(context: Context, key: string, read: () => Promise<Value>): Promise<Value> {
  const known = context.shared.get(key) as Promise<Value> | undefined
  if (known) return known
  const begun = read()
  context.shared.set(key, begun)
  return begun
}
