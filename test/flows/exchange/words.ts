// What officials say with their acts in the exchange tests, and which act a number picks.
import type { ActOrder, DraftOrder } from '../../../resolvers/context'
import { availableSubStates, mayTakeBeside, type Beside } from '../../../src/domain/beside'
import { availableActs, sideOf, type CaseAct, type PartySide } from '../../../src/domain/lifecycle'
import type { RequestState, Said } from '../../../src/domain/request'
import { OVERLAYS, URGENCIES, type BesideAct } from '../../../src/domain/vocabulary'
import { changed, COMPLETE } from '../../law/drafts'

const inDays = (now: Date, days: number): string => new Date(now.getTime() + days * 86_400_000).toISOString()

/** Of the acts beside the status: an answer in a consultation, overlays, a kind's own states, and prolonged limits. */
export type Taken = CaseAct | Extract<BesideAct, 'ANSWER_CONSULTATION' | 'RAISE_OVERLAY' | 'LIFT_OVERLAY' | 'RECORD_SUB_STATE' | 'EXTEND_LIMIT'>
/** With the clear words of what stands beside the status. */
export interface Choice { act: Taken; beside?: Beside }

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
    case 'EXTEND_LIMIT': return { reasons: 'The bank is slow.' }
    case 'REFUSE': return { codes: ['NE_BIS_IN_IDEM'], reasons: 'Judged before.', remedies: null }
    case 'POSTPONE': return { ground: 'ONGOING_INVESTIGATION', until: inDays(now, 30) }
    case 'REPORT_RESULTS': return { items: [{ id: `item-${word}`, label: 'File', mediaType: 'application/pdf', bytes: 7, sha256: 'ab'.repeat(32), sensitivity: [] }], complete: word % 2 === 0 }
    case 'WITHDRAW': case 'DECLARE_IMPOSSIBLE': case 'CHANGE_URGENCY': case 'RAISE_OVERLAY': case 'LIFT_OVERLAY': return { reason: 'So it is.' }
    case 'REDIRECT': return { to: 'authority:BR', reason: 'Theirs.' }
    case 'AMEND': case 'VALIDATE': case 'SUBMIT': case 'SUPPLEMENT': case 'BEGIN_ASSESSMENT': case 'RESUME': case 'BEGIN_EXECUTION': case 'CONFIRM_RESULTS': case 'CLOSE': case 'RECORD_SUB_STATE': return word % 4 === 3 ? { note: 'Noted.' } : {}
  }
}

export function actOrder({ act, beside }: Choice, reference: string, expectedVersion: number, word: number, now: Date): Omit<ActOrder, 'idempotencyKey'> {
  const amended = act === 'AMEND' || act === 'SUPPLEMENT' ? { dossier: dossierOf(reference, word) } : {}
  const urgency = act === 'CHANGE_URGENCY' ? { urgency: URGENCIES[word % URGENCIES.length] ?? 'ROUTINE' } : {}
  return { mutation: act, act, reference, expectedVersion, input: { act, reference, expectedVersion, word, beside }, said: saidWith(act, word, now), ...amended, ...urgency, ...(beside && { beside }) }
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
const isSeldom = ({ act, beside }: Choice): boolean => (SELDOM as readonly string[]).includes(act) || beside?.overlay !== undefined
const weighed = (choices: readonly Choice[]): Choice[] => choices.flatMap(choice => (isSeldom(choice) ? [choice] : [choice, choice, choice, choice]))

/** What a house may do with a request now, as often as chance shall meet it. */
export function choicesOf(state: RequestState, house: string, subject: string): Choice[] {
  const side = sideOf(state, house)
  return weighed([...availableActs(state, side, subject).map(act => ({ act })), ...(side && state.pending.length === 0 ? besideChoices(state, side) : [])])
}

function besideChoices(state: RequestState, side: PartySide): Choice[] {
  const overlays = OVERLAYS.flatMap((overlay): Choice[] => [{ act: 'RAISE_OVERLAY', beside: { overlay } }, { act: 'LIFT_OVERLAY', beside: { overlay } }])
  const subStates = availableSubStates(state, side).map((subState): Choice => ({ act: 'RECORD_SUB_STATE', beside: { subState, on: ON } }))
  const others: Choice[] = [{ act: 'ANSWER_CONSULTATION', beside: {} }, { act: 'EXTEND_LIMIT', beside: { obligation: 'DECIDE' } }, ...overlays]
  return [...subStates, ...others.filter(({ act, beside = {} }) => mayTakeBeside(state, side, act as BesideAct, beside))]
}

/** Some day on which something happened, or until which something is kept. */
const ON = '2027-06-01T12:00:00.000Z'
