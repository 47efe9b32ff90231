// Folds ledger entries into what the docket keeps: request rows, idempotency keys, contact points, and the tally of numbers given out.
// Derived alone: everything here can be dropped and made again from ledger and contents.
import { evolve, type Recorded } from '../domain/evolve'
import { isOpen } from '../domain/lifecycle'
import type { AuthorityId, Digest, Fact, RequestState, Said } from '../domain/request'
import { nextClock } from '../domain/clock-notices'
import { respondBy } from '../domain/deadlines'
import type { DocketRow } from '../store/store'
import { entryReference, type ContactFact, type Entry, type EntryBody, type HandOverFact } from './entry'

/** Numbers given out so far. */
export interface Tally {
  seq: number
  /** Highest reference number by year. */
  references: Record<string, number>
  /** Letters sent, by recipient. */
  sent: Record<AuthorityId, number>
  /** Letters handled, by sender. */
  received: Record<AuthorityId, number>
  /** Authorities to which this one has submitted requests: they decide some. */
  deciders: Record<AuthorityId, true>
  /** Authorities that have shown this one a draft: they decide it. */
  consulting: Record<AuthorityId, true>
}
export const EMPTY_TALLY: Tally = { seq: 0, references: {}, sent: {}, received: {}, deciders: {}, consulting: {} }

export interface KeyRecord { input: Digest; ref: string; seq: number }
export interface ContactRecord { contact: ContactFact; seq: number }
/** `leftBy`, `takenBy`: contents that name the subject. */
export interface HandOverRecord { id: string; contact: string; at: string; said: Digest; leftBy: Digest; taken: { at: string; by: Digest } | null }

export function handOverRecord({ id, contact, at, left, contents: { said } }: HandOverFact, actor: Digest): HandOverRecord {
  return left ? { id, contact, at: left.at, said, leftBy: left.by, taken: { at, by: actor } } : { id, contact, at, said, leftBy: actor, taken: null }
}

/** An undelivered urgent request is told to the sender's own desk after this long. */
export const DELIVERY_EXPECTED_WITHIN_MS = 10 * 60_000

export function tallied(tally: Tally, entry: Entry): Tally {
  const { fact, from, to } = entry.body
  const { references, sent, received, deciders, consulting } = tally
  const next: Tally = { seq: entry.seq, references, sent, received, deciders, consulting }
  if (fact?.act === 'DRAFT') {
    const [, year = '', number = '0'] = fact.reference.split('-')
    if (Number(number) > (tally.references[year] ?? 0)) next.references = { ...tally.references, [year]: Number(number) }
  }
  if (fact?.act === 'SUBMIT' && entry.body.kind === 'act' && fact.index && !tally.deciders[fact.index.requested]) next.deciders = { ...tally.deciders, [fact.index.requested]: true }
  if (fact?.act === 'CONSULT' && entry.body.kind === 'received' && fact.index && !tally.consulting[fact.index.requesting]) next.consulting = { ...tally.consulting, [fact.index.requesting]: true }
  if (from) next.received = { ...tally.received, [from.authority]: Math.max(tally.received[from.authority] ?? 0, from.n) }
  if (to) next.sent = { ...tally.sent, ...to }
  return next
}

const SPOKEN: readonly string[] = ['DRAFT', 'AMEND', 'CONSULT', 'SUBMIT', 'ACKNOWLEDGE']

/** Which contents the fold of an entry needs: those whose words stand in the row itself. */
export function contentsNeeded({ body }: Entry): Digest[] {
  const { fact, actor } = body
  if (!fact || fact.type !== 'ACT') return []
  const said = SPOKEN.includes(fact.act ?? '') ? fact.contents.said : undefined
  return [said, fact.act === 'DRAFT' || fact.act === 'AMEND' ? actor : undefined].filter(digest => digest !== undefined)
}

/** What a fold asks for beside the entries. */
export interface FoldSources {
  own: AuthorityId
  contentOf(digest: Digest): unknown
  /** Of a fact that stands at the head of its request now. */
  headOf(fact: Fact): Digest
}

export function foldRow(row: DocketRow | null, entry: Entry, sources: FoldSources): DocketRow | null {
  const reference = entryReference(entry)
  if (!reference || (row && row.seq >= entry.seq)) return row
  const state = foldState(row?.state ?? null, entry, sources)
  return state ? rowOf(state, entry.seq, sources.own) : row
}

function foldState(state: RequestState | null, { body }: Entry, sources: FoldSources): RequestState | null {
  if (body.fact) return evolve(state, recorded(body.fact, body, sources))
  if (!body.proposal || !state) return state
  const { id, act, at, contents } = body.proposal
  return { ...state, pending: [...state.pending, { id, act, at, contents, ...(body.relations && { relations: body.relations }) }] }
}

function recorded(fact: Fact, { actor, relations }: Pick<EntryBody, 'actor' | 'relations'>, { contentOf, headOf }: FoldSources): Recorded {
  const said = fact.contents.said ? ((contentOf(fact.contents.said) as Said | undefined) ?? null) : null
  const who = actor ? (contentOf(actor) as { subject: string } | undefined) : undefined
  return { fact, get digest() { return headOf(fact) }, said, actor: who?.subject ?? '', ...(relations && { relations }) }
}

export function rowOf(state: RequestState, seq: number, own: AuthorityId): DocketRow {
  const shared = state.deliveredAt !== null || state.status === 'CONSULTATION'
  return {
    reference: state.reference, seq, state,
    readers: shared ? [state.requesting, state.requested] : [state.requesting],
    parties: [state.requesting, state.requested],
    decider: state.deliveredAt === null ? state.requesting : state.requested,
    open: isOpen(state.status),
    dueAt: respondBy(state.deadlines),
    clockAt: clockAt(state, own),
    updatedAt: state.lastActivityAt,
    createdAt: state.createdAt,
  }
}

/** When the timer of this house has to look again: only the deciding store tells the clocks, the sender its own undelivered ones. */
function clockAt(state: RequestState, own: AuthorityId): string | null {
  if (!isOpen(state.status)) return null
  if (state.deliveredAt !== null) return state.requested === own ? nextClock(state.deadlines) : null
  const waits = state.status === 'SUBMITTED' && state.requesting === own && !state.undeliveredTold && state.submittedAt !== null
  return waits && isUrgent(state.urgency) ? new Date(Date.parse(state.submittedAt ?? '') + DELIVERY_EXPECTED_WITHIN_MS).toISOString() : null
}

export const isUrgent = (urgency: string): boolean => urgency === 'URGENT' || urgency === 'EMERGENCY'
