// Warns where the own authority already asks the same state for the same data over the same time, and the draft does not say how it stands to that request.
import type { Identifier } from '../../request'
import { warningAt, type OpenRequest, type Rule } from '../draft-check'

export const likelyDuplicate: Rule = ({ draft, facts }) => {
  const wanted = namesOf(draft.dossier.identifiers ?? [])
  if (wanted === '') return []
  const named = new Set((draft.dossier.relatedRequests ?? []).map(({ reference }) => reference))
  const twins = facts.openRequests.filter(other =>
    !named.has(other.reference) && other.requested === draft.requested && sameAim(other, draft.kind) && namesOf(other.identifiers) === wanted && windowOf(other.timeWindow) === windowOf(draft.dossier.timeWindow))
  return twins.slice(0, 1).map(({ reference }) => warningAt(
    'dossier.identifiers', 'LIKELY_DUPLICATE', `Your authority's open request ${reference} asks the same state for the same data over the same time.`,
    'Amend or supplement that one, or name it in `dossier.relatedRequests` with how this one stands to it.', null))
}

/** Data that are preserved first and asked for later are no duplicate. */
const sameAim = (other: OpenRequest, kind: OpenRequest['kind']): boolean => other.kind === kind || (other.kind !== 'PRESERVATION' && kind !== 'PRESERVATION')

const namesOf = (identifiers: readonly Identifier[]): string =>
  [...new Set(identifiers.map(({ kind, value }) => `${kind} ${value.trim().toLowerCase()}`))].sort().join('\n')

const windowOf = (window: { from: string; to: string } | null | undefined): string => (window ? `${Date.parse(window.from)}-${Date.parse(window.to)}` : '')
