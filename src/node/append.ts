// How an entry of this house's own comes into its ledger: with its clear index, addressed to whom it concerns.
import { isInConsultation } from '../domain/consultation'
import type { Fact, RequestState } from '../domain/request'
import type { Act } from '../domain/vocabulary'
import { fault } from '../refusal'
import type { EventIndex, NodeEntryDraft } from './entry'
import type { Work } from './work'

/** Acts that show the whole request to the other side. */
export const SHOWING: readonly Act[] = ['CONSULT', 'SUBMIT']

type FactMore = Pick<NodeEntryDraft['body'], 'key' | 'actor' | 'from' | 'to' | 'relations'>

/** Appends a decided fact of this house and addresses it to the other side where that may know of it: in a consultation, and from SUBMITTED on. */
export function appendFact(work: Work, before: RequestState | null, fact: Fact, more: FactMore = {}, unique?: string): void {
  const to = travels(before, fact) ? { to: numbered(work, [other(fact.index ?? before ?? fault('a fact without parties'), work.own)]) } : {}
  append(work, before, fact, { ...to, ...more }, unique)
}

/** Appends what this house notes for itself: the other store never had the request, or the proposal. */
export const noteFact = (work: Work, before: RequestState, fact: Fact): void => append(work, before, fact, {})

function append(work: Work, before: RequestState | null, fact: Fact, more: FactMore, unique?: string): void {
  work.append({ ref: fact.reference, ...(unique && { unique }), body: { kind: 'act', at: work.now, fact, index: eventIndex(before, fact), ...more } })
}

/** A letter that was refused ends what the other side gets, until the request is shown to it anew. */
function travels(before: RequestState | null, fact: Fact): boolean {
  if (fact.act !== null && SHOWING.includes(fact.act)) return true
  return before !== null && !before.deliveryRefused && (before.head !== null || isInConsultation(fact))
}

export function eventIndex(before: RequestState | null, fact: Fact): EventIndex {
  const index = fact.index ?? before ?? fault('a fact without an index')
  const deadlines = fact.deadlines ?? before?.deadlines ?? []
  const running = deadlines.filter(deadline => deadline.state === 'RUNNING').map(deadline => deadline.dueAt).sort()
  return {
    kind: index.kind, requesting: index.requesting, requested: index.requested,
    before: before && fact.from ? { status: fact.from, urgency: before.urgency } : null,
    after: { status: fact.to, urgency: index.urgency },
    respondBy: running[0] ?? null,
  }
}

export const other = (parties: { requesting: string; requested: string }, own: string): string => (parties.requesting === own ? parties.requested : parties.requesting)

export const numbered = (work: Work, recipients: readonly string[]): Record<string, number> =>
  Object.fromEntries(recipients.map(recipient => [recipient, (work.tally.sent[recipient] ?? 0) + 1]))
