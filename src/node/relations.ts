// What follows from the requests that a dossier names. They lie beside it, so that each side is told of requests to which it is a party alone; and
// a preservation that a follow-up names is kept.
import { mayTakeBeside } from '../domain/beside'
import { hubFact } from '../domain/decide'
import type { RelatedRequest } from '../domain/dossier-parts'
import { isOpen } from '../domain/lifecycle'
import type { AuthorityId, Digest, Dossier, Fact, Reference, RequestState } from '../domain/request'
import type { ReliedLaw } from '../domain/law/relied-law'
import type { NodeLaw } from './acts'
import { appendFact } from './append'
import type { Work } from './work'

/** A dossier as it is kept: without the requests that it names. */
export const sealDossier = (work: Work, { relatedRequests: _, ...dossier }: Dossier): Digest => work.fresh.seal(dossier)

/** What the other party may be told: links to requests to which it is a party too. */
export const toldTo = (work: Work, partner: AuthorityId, relations: readonly RelatedRequest[]): RelatedRequest[] =>
  relations.filter(({ reference }) => work.row(reference)?.parties.includes(partner))

/** What a request's facts may mean for preservations that it follows up, and for itself as one. */
export function keepFollowedUp(work: Work, law: NodeLaw, reference: Reference): void {
  const state = work.row(reference)?.state
  if (!state || state.requested !== work.own) return
  if (state.kind === 'PRESERVATION') keepIfFollowedUp(work, law, reference)
  for (const { reference: named, relation } of state.relations) if (relation === 'FOLLOW_UP') keepIfFollowedUp(work, law, named)
}

/** Notes that the data are kept for a follow-up, where one has come and the term could still end; whether it did. */
export function keepIfFollowedUp(work: Work, law: NodeLaw, reference: Reference): boolean {
  const state = work.row(reference)?.state
  if (!state || state.requested !== work.own || !mayTakeBeside(state, 'REQUESTED', 'RECORD_SUB_STATE', KEPT) || !isFollowedUp(work, state)) return false
  const bare: Fact = hubFact(state, 'ACT', work.now, { act: 'RECORD_SUB_STATE', beside: KEPT })
  const deadlines = law.deadlinesAfter(state, bare, {}, work.content<Dossier>(state.dossier), work.content<ReliedLaw>(state.law))
  appendFact(work, state, deadlines ? { ...bare, deadlines } : bare)
  return true
}

const KEPT = { subState: 'KEPT_FOR_FOLLOW_UP' } as const

/** By an open request of the same parties, once it is delivered. */
const isFollowedUp = (work: Work, { reference, requesting, requested }: RequestState): boolean =>
  work.namedBy(reference).some(naming => {
    const state = work.row(naming)?.state
    return state?.requesting === requesting && state.requested === requested && state.deliveredAt !== null && isOpen(state.status)
      && state.relations.some(each => each.reference === reference && each.relation === 'FOLLOW_UP')
  })
