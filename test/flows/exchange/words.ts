// What officials say with their acts in the exchange tests, and which act a number picks.
import type { ActOrder, DraftOrder } from '../../../resolvers/context'
import { mayTakeBeside } from '../../../src/domain/beside'
import { availableActs, sideOf, type CaseAct } from '../../../src/domain/lifecycle'
import type { RequestState, Said } from '../../../src/domain/request'
import { URGENCIES } from '../../../src/domain/vocabulary'
import { changed, COMPLETE } from '../../law/drafts'

const inDays = (now: Date, days: number): string => new Date(now.getTime() + days * 86_400_000).toISOString()

/** Of the acts beside the status one is proposed by the requested side: an answer in a consultation. */
export type Taken = CaseAct | 'ANSWER_CONSULTATION'

/** `word` is a small number that chooses among the things one may say. */
function saidWith(act: Taken, word: number, now: Date): Said {
  switch (act) {
    case 'CONSULT': return { question: 'Would this do?' }
    case 'ANSWER_CONSULTATION': return { answer: `It would, for ${word} months.` }
    case 'ACKNOWLEDGE': return { handler: 'Desk', ownReference: `N ${word}` }
    case 'ASK_FOR_INFORMATION': return { missing: ['The period'], answerBy: inDays(now, 20) }
    case 'PROPOSE_SCOPE': return { objections: ['TIME_WINDOW_TOO_WIDE'], proposal: 'Three months.', measures: word % 2 ? ['CONTENT_STORED'] : null, timeWindow: word % 3 ? { from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' } : null }
    case 'ANSWER_SCOPE': case 'ANSWER_CONDITIONS': return { accept: word % 2 === 0 }
    case 'ACCEPT': return { reasons: 'Met.', ...(word % 2 && { conditions: ['USE_ONLY_FOR_CASE'] }) }
    case 'REFUSE': return { codes: ['NE_BIS_IN_IDEM'], reasons: 'Judged before.', remedies: null }
    case 'POSTPONE': return { ground: 'ONGOING_INVESTIGATION', until: inDays(now, 30) }
    case 'REPORT_RESULTS': return { items: [{ id: `item-${word}`, label: 'File', mediaType: 'application/pdf', bytes: 7, sha256: 'ab'.repeat(32), sensitivity: [] }], complete: word % 2 === 0 }
    case 'WITHDRAW': case 'DECLARE_IMPOSSIBLE': case 'CHANGE_URGENCY': return { reason: 'So it is.' }
    case 'REDIRECT': return { to: 'authority:BR', reason: 'Theirs.' }
    case 'AMEND': case 'VALIDATE': case 'SUBMIT': case 'SUPPLEMENT': case 'BEGIN_ASSESSMENT': case 'RESUME': case 'BEGIN_EXECUTION': case 'CONFIRM_RESULTS': case 'CLOSE': return word % 4 === 3 ? { note: 'Noted.' } : {}
  }
}

export function actOrder(act: Taken, reference: string, expectedVersion: number, word: number, now: Date): Omit<ActOrder, 'idempotencyKey'> {
  const amended = act === 'AMEND' || act === 'SUPPLEMENT' ? { dossier: dossierOf(reference, word) } : {}
  const urgency = act === 'CHANGE_URGENCY' ? { urgency: URGENCIES[word % URGENCIES.length] ?? 'ROUTINE' } : {}
  return { mutation: act, act, reference, expectedVersion, input: { act, reference, expectedVersion, word }, said: saidWith(act, word, now), ...amended, ...urgency, ...(act === 'ANSWER_CONSULTATION' && { beside: {} }) }
}

const evidence = { DE: COMPLETE.EVIDENCE, FR: changed('EVIDENCE', { requesting: 'FR', requested: 'DE', dossier: { language: 'de' } }) }
const preservation = { DE: COMPLETE.PRESERVATION, FR: changed('PRESERVATION', { requesting: 'FR', requested: 'DE' }) }

const dossierOf = (reference: string, word: number) => ({ ...evidence[reference.startsWith('DE') ? 'DE' : 'FR'].dossier, purpose: `Evidence for trial ${word}.` })

export function draftOrder(country: 'DE' | 'FR', kind: 'EVIDENCE' | 'PRESERVATION', key: string): DraftOrder {
  const { matter, urgency, measures, requested, ownReference, legalBases, dossier } = (kind === 'EVIDENCE' ? evidence : preservation)[country]
  return { idempotencyKey: key, input: { kind, key }, kind, matter, urgency, measures: [...measures], requested, ownReference, legalBases: [...legalBases], dossier }
}

/** Acts that end a request early come seldom, else little would be left to do. */
const SELDOM: readonly CaseAct[] = ['CONSULT', 'WITHDRAW', 'REFUSE', 'REDIRECT', 'DECLARE_IMPOSSIBLE', 'CLOSE', 'AMEND', 'CHANGE_URGENCY', 'POSTPONE']
const weighed = (acts: readonly Taken[]): Taken[] => acts.flatMap(act => ((SELDOM as readonly string[]).includes(act) ? [act] : [act, act, act, act]))

/** What a house may do with a request now, as often as chance shall meet it. */
export function choicesOf(state: RequestState, house: string, subject: string): Taken[] {
  const side = sideOf(state, house)
  const answers = side !== null && state.pending.length === 0 && mayTakeBeside(state, side, 'ANSWER_CONSULTATION', {})
  return weighed([...availableActs(state, side, subject), ...(answers ? ['ANSWER_CONSULTATION' as const] : [])])
}
