// What a letter does at its addressee: a proposal is decided and appended, a fact is appended as received. Once, however often it comes:
// the letter's number is the fence, and what cannot be taken still takes its number, with the reason.
import { decide, hubFact, judge, type Facts } from '../domain/decide'
import type { ContentRefs, Dossier, Fact, PendingAct, Proposal, RequestState, Said } from '../domain/request'
import type { ReliedLaw } from '../domain/law/relied-law'
import type { RequestStatus } from '../domain/vocabulary'
import { isAllowed, isDecided, sideOf, statusAfter, type CaseAct, type PartySide } from '../domain/lifecycle'
import { dossierAfter, type NodeLaw } from './acts'
import { appendFact, eventIndex, noteFact } from './append'
import { matchesDigest, type ContentDocument } from './contents'
import { letterKey, type ContactFact, type LetterOrigin } from './entry'
import { addressee } from './ladder'
import { isContactFact, isFact, isProposal } from './letter-shapes'
import { keepFollowedUp } from './relations'
import type { Work } from './work'

export interface ArrivedLetter {
  origin: LetterOrigin
  /** `unreadable` carries the reason code for which the wire refused it. */
  letter: { kind: 'fact' | 'proposal' | 'contact'; body: unknown; contents: readonly { digest: string; document: ContentDocument }[] } | { unreadable: string }
}

export type Handled = { state: 'HANDLED' | 'REPEATED' } | { state: 'EARLY'; expected: number }

interface Receiving { work: Work; law: NodeLaw; origin: LetterOrigin; unique: string }

/** Thrown inside this room only: the letter is well-formed but cannot be taken. */
class Unfit { constructor(readonly reason: string) {} }

export function takeLetter(work: Work, law: NodeLaw, { origin, letter }: ArrivedLetter): Handled {
  const last = work.tally.received[origin.authority] ?? 0
  if (origin.n > last + 1) return { state: 'EARLY', expected: last + 1 }
  const receiving: Receiving = { work, law, origin, unique: letterKey(origin.authority, origin.n) }
  if (origin.n <= last) {
    completeDelivery(receiving, letter)
    return { state: 'REPEATED' }
  }
  const reason = 'unreadable' in letter ? letter.unreadable : refusalOf(() => take(receiving, letter))
  if (reason !== null) work.append({ unique: receiving.unique, body: { kind: 'rejected', at: work.now, from: origin, reason } })
  return { state: 'HANDLED' }
}

function refusalOf(act: () => void): string | null {
  try {
    act()
    return null
  } catch (thrown) {
    if (thrown instanceof Unfit) return thrown.reason
    throw thrown
  }
}

function take(receiving: Receiving, letter: Exclude<ArrivedLetter['letter'], { unreadable: string }>): void {
  for (const { digest, document } of letter.contents) {
    if (!matchesDigest(digest, document)) throw new Unfit('LETTER_CONTENT')
    receiving.work.fresh.take(digest, document)
  }
  const { body } = letter
  if (letter.kind === 'fact' && isFact(body)) return takeFact(receiving, body)
  if (letter.kind === 'proposal' && isProposal(body)) return takeProposal(receiving, body)
  if (letter.kind === 'contact' && isContactFact(body)) return takeContact(receiving, body)
  throw new Unfit('LETTER_SHAPE')
}

function takeFact(receiving: Receiving, fact: Fact): void {
  const { work, origin, unique } = receiving
  const state = work.row(fact.reference)?.state ?? null
  const before = stateBefore(receiving, fact, state)
  work.append({ ref: fact.reference, unique, body: { kind: 'received', at: work.now, fact, from: origin, index: eventIndex(before, fact) } })
  if (fact.act === 'SUBMIT') deliver(receiving, fact.reference)
}

/** What stood before the fact, at a house that may take it from its sender; null for a request that was not known. */
function stateBefore(receiving: Receiving, fact: Fact, known: RequestState | null): RequestState | null {
  if (fact.act === 'SUBMIT' || fact.act === 'CONSULT') return shownRequest(receiving, fact, known)
  return known?.requested === receiving.work.own ? consultedRequest(receiving, fact, known) : knownRequest(receiving, fact, known)
}

/** A request that the sender shows to this authority: for the first time, or after a consultation about it. */
function shownRequest({ work, origin }: Receiving, fact: Fact, known: RequestState | null): RequestState | null {
  const { index, contents } = fact
  const own = index?.requesting === origin.authority && index.requested === work.own && origin.authority !== work.own
  const to = fact.act === 'SUBMIT' ? 'SUBMITTED' : 'CONSULTATION'
  if (!own || !fact.reference.startsWith(`${origin.authority.slice(-2)}-`) || fact.to !== to || fact.prev !== null) throw new Unfit('NOT_A_PARTY')
  if (known && (!CONSULTED.includes(known.status) || fact.version <= known.version)) throw new Unfit('REFERENCE_TAKEN')
  if (!contents.said || !contents.dossier || !work.content(contents.said) || !work.content(contents.dossier)) throw new Unfit('LETTER_CONTENT')
  return known
}

/** As the requested side has it before delivery; what the requesting side does alone in between it is not told. */
const CONSULTED: readonly RequestStatus[] = ['CONSULTATION', 'VALIDATED']

/** A fact of the requesting side in a consultation, or its end. An answer has to be this side's own, word for word. */
function consultedRequest({ origin }: Receiving, fact: Fact, state: RequestState): RequestState {
  const { act, by, index, contents } = fact
  if (state.requesting !== origin.authority || state.status !== 'CONSULTATION') throw new Unfit('UNKNOWN_REQUEST')
  const isAnswer = act === 'ANSWER_CONSULTATION' && by === 'REQUESTED' && fact.to === 'CONSULTATION' && state.pending.some(({ id, contents: own }) => id === fact.answers && own.said === contents.said)
  const isTheirs = act !== null && by === 'REQUESTING' && isAllowed(act, by, state.status) && fact.to === statusAfter(act as CaseAct, state, {})
  if (fact.type !== 'ACT' || !(isAnswer || isTheirs) || fact.from !== state.status || fact.prev !== null || fact.version <= state.version) throw new Unfit('CHAIN_DIVERGED')
  if (index && (index.requesting !== state.requesting || index.requested !== state.requested)) throw new Unfit('NOT_A_PARTY')
  return state
}

/** A fact of the side that decides, next in the chain of a request that this authority has sent. */
function knownRequest({ work, origin }: Receiving, fact: Fact, state: RequestState | null): RequestState {
  if (!state || state.requesting !== work.own || state.requested !== origin.authority || state.head === null) throw new Unfit('UNKNOWN_REQUEST')
  if (state.deliveryRefused) throw new Unfit('NOT_DECIDING')
  if (fact.prev !== state.head || fact.from !== state.status) throw new Unfit('CHAIN_DIVERGED')
  if (fact.version !== state.version + (isDecided(fact.type) ? 1 : 0)) throw new Unfit('CHAIN_DIVERGED')
  if (fact.index && (fact.index.requesting !== state.requesting || fact.index.requested !== state.requested)) throw new Unfit('NOT_A_PARTY')
  return state
}

/** What follows the arrival of a request; done once, however often it is met. */
function deliver({ work, law }: Receiving, reference: string): void {
  const state = work.row(reference)?.state
  if (state?.status === 'SUBMITTED') {
    const bare = hubFact(state, 'DELIVERED', work.now, { to: 'DELIVERED' })
    const deadlines = law.deadlinesAfter(state, bare, {}, work.content<Dossier>(state.dossier), work.content<ReliedLaw>(state.law))
    const desk = addressee(work, law, state, 'DELIVERED', null)
    appendFact(work, state, { ...bare, ...(deadlines && { deadlines }), ...(desk && { addressee: desk }) })
  }
  keepFollowedUp(work, law, reference)
}

/** A letter that was recorded just before a crash: what should follow it is made up for. */
function completeDelivery(receiving: Receiving, letter: ArrivedLetter['letter']): void {
  if (!('unreadable' in letter) && letter.kind === 'fact' && isFact(letter.body) && letter.body.act === 'SUBMIT') {
    const state = receiving.work.row(letter.body.reference)?.state
    if (state?.requested === receiving.work.own && state.requesting === receiving.origin.authority) deliver(receiving, letter.body.reference)
  }
}

function takeProposal(receiving: Receiving, proposal: Proposal): void {
  const { work, origin, unique } = receiving
  const state = work.row(proposal.reference)?.state
  const side = state && proposer(state, work.own, origin.authority)
  if (!state || !side) throw new Unfit('UNKNOWN_REQUEST')
  const said = work.content<Said>(proposal.contents.said) ?? {}
  const scoped: Proposal = proposal.act === 'ANSWER_SCOPE' ? { ...proposal, contents: { ...proposal.contents, ...scopedDossier(receiving, state, said) } } : proposal
  const fact = judge(state, scoped, said, proposal.urgency, housesFacts(receiving, state, said, side))
  // Before delivery the refusal is the receipt: how the request stands meanwhile is the requesting side's own affair.
  if (side === 'REQUESTED' && fact.refusal) throw new Unfit(fact.refusal.code)
  appendFact(work, state, fact, { from: origin }, unique)
  keepFollowedUp(work, receiving.law, proposal.reference)
}

/** The side of a sender that may propose acts on a request that this house decides; null where it may not know of it. */
function proposer(state: RequestState, own: string, sender: string): PartySide | null {
  const isOurs = state.deliveredAt === null ? state.requesting === own && state.status === 'CONSULTATION' : state.requested === own
  return isOurs && sender !== own ? sideOf(state, sender) : null
}

/** An accepted scope's time window becomes the request's. */
function scopedDossier({ work }: Receiving, state: RequestState, said: Said): ContentRefs {
  return state.status === 'NEGOTIATION' ? dossierAfter(work, state, { act: 'ANSWER_SCOPE', said }) : {}
}

function housesFacts({ work, law }: Pick<Receiving, 'work' | 'law'>, state: RequestState, said: Said, side: PartySide): Facts {
  return {
    now: work.now, side, subject: '', findings: () => [],
    deadlines: (before, fact) => law.deadlinesAfter(before, fact, said, work.content<Dossier>(state.dossier), work.content<ReliedLaw>(state.law)),
    scope: work.content<Said>(state.scope),
  }
}

function takeContact({ work, origin, unique }: Receiving, contact: ContactFact): void {
  if (contact.authority !== origin.authority) throw new Unfit('NOT_A_PARTY')
  const known = work.contact(contact.id)
  if (known && known.contact.authority !== origin.authority) throw new Unfit('NOT_A_PARTY')
  work.append({ ref: contact.id, unique, body: { kind: 'contact-received', at: work.now, contact, from: origin } })
}

/** What our own letter was, for the case that its addressee could not take it. */
export interface SentLetter { reference: string; kind: 'fact' | 'proposal' | 'contact'; act: string | null; proposalId: string | null }

/** A signed rejection: the request, or the proposal, is this side's again. Taken twice it changes nothing. */
export function takeRejection(work: Work, law: NodeLaw, sent: SentLetter, reason: string): void {
  const state = work.row(sent.reference)?.state
  if (!state) return
  if (sent.kind === 'fact' && state.requesting === work.own && REACHED_BY[sent.act ?? ''] === state.status) {
    if (!state.deliveryRefused) noteFact(work, state, hubFact(state, 'DELIVERY_REFUSED', work.now, { refusal: { code: reason } }))
    return withdrawPending(work, law, sent.reference)
  }
  const pending = state.pending.find(act => act.id === sent.proposalId)
  if (sent.kind === 'proposal' && pending) refusePending(work, state, pending, reason)
}

/** The status in which a request waits for the other side to take the letter that shows it. */
const REACHED_BY: Readonly<Record<string, RequestStatus>> = { CONSULT: 'CONSULTATION', SUBMIT: 'SUBMITTED' }

function refusePending(work: Work, state: RequestState, pending: PendingAct, reason: string): void {
  noteFact(work, state, hubFact(state, 'PROPOSAL_REFUSED', work.now, { act: pending.act, answers: pending.id, refusal: { code: reason }, contents: pending.contents }))
}

function withdrawPending(work: Work, law: NodeLaw, reference: string): void {
  const state = work.row(reference)?.state
  const pending = state?.pending.find(act => act.act === 'WITHDRAW')
  if (!state || !pending) return
  const said = work.content<Said>(pending.contents.said) ?? {}
  const fact = decide(state, { act: 'WITHDRAW', expectedVersion: state.version, said, contents: pending.contents }, housesFacts({ work, law }, state, said, 'REQUESTING'))
  appendFact(work, state, { ...fact, answers: pending.id })
}
