// Acts of this authority's own people: one entry, either the decided fact or the proposal to the store that decides.
import { decide, decideDraft, propose, type Command, type Facts } from '../domain/decide'
import type { RelatedRequest } from '../domain/dossier-parts'
import type { LadderRung } from '../domain/duty'
import type { Finding } from '../domain/law/register'
import type { ReliedLaw } from '../domain/law/relied-law'
import { sideOf, type PartySide } from '../domain/lifecycle'
import type { CitedBasis, ContentRefs, Deadline, Dossier, Fact, Proposal, Reference, RequestIndex, RequestState, Said } from '../domain/request'
import type { Viewer } from '../domain/viewer'
import { fault, noSuchRequest, Refusal } from '../refusal'
import type { DocketRow } from '../store/store'
import type { ActOrder, DraftOrder } from '../../resolvers/context'
import type { DraftFacts } from '../domain/law/draft-check'
import { appendFact, numbered, other, SHOWING } from './append'
import { digestOf, type EntryBody } from './entry'
import { keepFollowedUp, sealDossier, toldTo } from './relations'
import type { Work } from './work'

/** What a draft is held against beside the law. */
export type OtherRequests = Pick<DraftFacts, 'openRequests' | 'known'>

/** The law as the node applies it to a request; the register behind it is the node's own copy. */
export interface NodeLaw {
  findings(draft: { index: RequestIndex; legalBases: CitedBasis[]; ownReference: string; dossier: Dossier }, now: string, others?: OtherRequests): readonly Finding[]
  /** `law`: what the request relied on when it was sent. */
  deadlinesAfter(before: RequestState, fact: Fact, said: Said, dossier: Dossier | null, law: ReliedLaw | null): Deadline[] | undefined
  /** The rungs of an escalation, first to last. */
  ladder(): readonly LadderRung[]
  /** Of an authority's capital. */
  timeZoneOf(authority: string): string
  /** What a request relies on that is sent now. */
  reliedLaw(draft: { index: RequestIndex; legalBases: CitedBasis[]; dossier: Dossier }, now: string): ReliedLaw
}

export interface Acting { work: Work; viewer: Viewer; law: NodeLaw }

const EMPTY_DOSSIER: Dossier = { confidentiality: 'CONFIDENTIAL' }

export function draftRequest({ work, viewer }: Acting, order: DraftOrder, requested: string): DocketRow {
  const key = keyOf('draftRequest', order.idempotencyKey, order.input)
  const repeated = repeatedRow(work, key)
  if (repeated) return repeated
  const reference = nextReference(work)
  const contents: ContentRefs = {
    said: work.fresh.seal({ ownReference: order.ownReference, legalBases: order.legalBases } satisfies Said),
    dossier: sealDossier(work, order.dossier),
  }
  const { kind, matter, urgency, measures } = order
  const fact = decideDraft({ reference, index: { kind, matter, urgency, measures, requesting: work.own, requested }, contents, legalBases: order.legalBases }, work.now)
  const relations = order.dossier.relatedRequests
  appendFact(work, null, fact, { key, actor: sealActor(work, viewer), ...(relations && { relations }) })
  return rowAfter(work, reference)
}

export function actOnRequest(acting: Acting, order: ActOrder): DocketRow {
  const { work, viewer } = acting
  const row = visibleRow(work, viewer, order.reference)
  const key = order.idempotencyKey ? keyOf(order.mutation, order.idempotencyKey, order.input) : undefined
  if (key && repeatedRow(work, key)) return row
  const side = sideOf(row.state, work.own) ?? fault('a visible request without a side')
  if (decidesHere(row.state, side)) decideHere(acting, row.state, side, order, key)
  else proposeThere(acting, row.state, side, order, key)
  return rowAfter(work, order.reference)
}

const decidesHere = (state: RequestState, side: PartySide): boolean => state.decider === side

function decideHere(acting: Acting, state: RequestState, side: PartySide, order: ActOrder, key: EntryBody['key']): void {
  const { work, viewer } = acting
  const said = completed(state, order)
  const command = commandOf(work, state, { ...order, said })
  if (order.act === 'SUBMIT') command.contents.law = sealedLaw(acting, state)
  const relations = named(state, order)
  if (relations) command.relations = toldTo(work, other(state, work.own), relations)
  const fact = decide(state, command, factsFor(acting, state, side, order, said))
  appendFact(work, state, fact, { ...(key && { key }), actor: sealActor(work, viewer), ...(relations && { relations }) })
  keepFollowedUp(work, acting.law, order.reference)
}

function proposeThere(acting: Acting, state: RequestState, side: PartySide, order: ActOrder, key: EntryBody['key']): void {
  const { work, viewer } = acting
  propose(state, { act: order.act, expectedVersion: order.expectedVersion, said: order.said, contents: {}, ...(order.beside && { beside: order.beside }) }, factsFor(acting, state, side, order, order.said))
  const contents: ContentRefs = { ...sealedSaid(work, order), ...(order.dossier && { dossier: sealDossier(work, order.dossier) }) }
  const relations = named(state, order)
  const proposal: Proposal = {
    id: digestOf([work.own, work.tally.seq + 1, work.now]), reference: order.reference, act: order.act, by: side, at: work.now,
    expectedVersion: order.expectedVersion, contents, ...(order.urgency && { urgency: order.urgency }), ...(order.beside && { beside: order.beside }),
    ...(relations && { relations: toldTo(work, other(state, work.own), relations) }),
  }
  work.append({ ref: order.reference, body: { kind: 'proposal', at: work.now, proposal, to: numbered(work, [other(state, work.own)]), ...(key && { key }), actor: sealActor(work, viewer), ...(relations && { relations }) } })
}

const sealedLaw = ({ work, law }: Acting, state: RequestState): string =>
  work.fresh.seal(law.reliedLaw({ index: state, legalBases: state.legalBases, dossier: work.content<Dossier>(state.dossier) ?? EMPTY_DOSSIER }, work.now))

/** Showing it carries what the other side has not seen yet. */
const completed = (state: RequestState, order: ActOrder): Said =>
  SHOWING.includes(order.act) ? { ...order.said, ownReference: state.requestingReference, legalBases: state.legalBases } : order.said

export function commandOf(work: Work, state: RequestState, order: Pick<ActOrder, 'act' | 'expectedVersion' | 'said' | 'dossier' | 'urgency' | 'measures' | 'beside'>): Command {
  const { act, expectedVersion, said, urgency, measures, beside } = order
  const contents: ContentRefs = { ...sealedSaid(work, order), ...dossierAfter(work, state, order) }
  return { act, expectedVersion, said, contents, ...(urgency && { urgency }), ...(measures && { measures }), ...(beside && { beside }) }
}

/** The related requests that an act names: those of its dossier, or all that stand where it shows the request; undefined where it says nothing of them. */
const named = ({ relations }: RequestState, { act, dossier }: ActOrder): RelatedRequest[] | undefined =>
  dossier ? (dossier.relatedRequests ?? []) : SHOWING.includes(act) ? relations : undefined

const sealedSaid = (work: Work, { said }: Pick<ActOrder, 'said'>): ContentRefs =>
  Object.values(said).some(value => value !== undefined && value !== null) ? { said: work.fresh.seal(said) } : {}

/** The dossier that an act leaves behind, where it changes or sends it. */
export function dossierAfter(work: Work, state: RequestState, order: Pick<ActOrder, 'act' | 'said' | 'dossier'>): ContentRefs {
  if (order.dossier) return { dossier: sealDossier(work, order.dossier) }
  if (SHOWING.includes(order.act)) return state.dossier ? { dossier: state.dossier } : {}
  if (order.act !== 'ANSWER_SCOPE' || !order.said.accept) return {}
  const scope = work.content<Said>(state.scope)
  const dossier = work.content<Dossier>(state.dossier)
  return scope?.timeWindow && dossier ? { dossier: work.fresh.seal({ ...dossier, timeWindow: scope.timeWindow }) } : {}
}

function factsFor({ work, viewer, law }: Acting, state: RequestState, side: PartySide, order: ActOrder, said: Said): Facts {
  const dossier = () => order.dossier ?? work.content<Dossier>(state.dossier) ?? EMPTY_DOSSIER
  return {
    now: work.now, side, subject: viewer.subject ?? '',
    findings: () => law.findings({ index: state, legalBases: state.legalBases, ownReference: state.requestingReference, dossier: dossier() }, work.now),
    deadlines: (before, fact) => law.deadlinesAfter(before, fact, said, order.act === 'SUBMIT' ? null : dossier(), work.content<ReliedLaw>(state.law)),
    scope: work.content<Said>(state.scope),
  }
}

function nextReference(work: Work): Reference {
  const year = work.now.slice(0, 4)
  const number = (work.tally.references[year] ?? 0) + 1
  return `${work.own.slice(-2)}-${year}-${String(number).padStart(6, '0')}`
}

export const sealActor = (work: Work, viewer: Viewer): string => work.fresh.seal({ subject: viewer.subject ?? '', role: viewer.role })

export const rowAfter = (work: Work, reference: Reference): DocketRow => work.row(reference) ?? fault(`no row for ${reference}`)

export function visibleRow(work: Work, viewer: Viewer, reference: Reference): DocketRow {
  const row = work.row(reference)
  if (row && viewer.authority !== null && row.readers.includes(viewer.authority)) return row
  throw noSuchRequest('input.reference')
}

export const keyOf = (mutation: string, key: string, input: unknown): NonNullable<EntryBody['key']> => ({ name: digestOf([mutation, key]), input: digestOf(input) })

/** The row that a repeated call made; a refusal where the key came with other content. */
function repeatedRow(work: Work, key: NonNullable<EntryBody['key']>): DocketRow | null {
  const known = work.key(key.name)
  if (!known) return null
  demandSameInput(known.input, key.input)
  return rowAfter(work, known.ref)
}

export function demandSameInput(known: string, given: string): void {
  if (known === given) return
  throw new Refusal('IDEMPOTENCY_CONFLICT', 'This key was used before with other content.', { path: 'input.idempotencyKey', hint: 'Repeat a call with exactly the same input, or use a new key for a new call.' })
}

