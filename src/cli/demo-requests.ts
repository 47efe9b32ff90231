// The demo requests: invented cases between the authorities of a trial, each with the acts that bring it to its state.
import type { Dossier } from '../domain/request'
import type { Act, MeasureCode, RequestKind, Urgency } from '../domain/vocabulary'

export interface DemoRequest {
  from: string; to: string; ownReference: string; kind: RequestKind; urgency: Urgency; basis: { treatyCode: string; article: string }; measures: MeasureCode[]
  dossier: Dossier
  /** After the draft, in order. */
  acts: readonly Act[]
}

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString()

const theft: Dossier = {
  facts: 'Between March and June of this year a group opened accounts under stolen identities and drew about 480,000 euros from 63 victims. The money passed through an account held with a bank in the requested state, from which it was withdrawn in cash within hours. Two of the withdrawals were filmed; the films show the same man. The account holder has not been heard yet.',
  purpose: 'To identify the holder of the account and to follow the money.', nexus: 'The account received 41 of the 63 transfers.',
  offences: [{ name: 'Fraud as part of a gang', provision: 'Whoever, with the intent to obtain an unlawful benefit, damages the property of another by deceit is liable to imprisonment from one to ten years where he acts as a member of a gang.', maxPenaltyYears: 10 }],
  persons: [{ role: 'HOLDER', name: 'Marek Example' }], identifiers: [{ kind: 'ACCOUNT', value: 'XX00 0000 0000 0000 0000 00' }],
  stage: 'INVESTIGATION', issuedBy: 'Senior public prosecutor, economic crime', urgencyGround: null, timeWindow: { from: day(-250), to: day(-150) }, dataClasses: [], formalities: ['Hearing by a judge, record signed by the witness'],
  proportionality: { aim: 'To clear up a serious fraud.', necessity: 'The bank alone knows who holds the account.', lessIntrusive: 'Public registers were searched without result.' },
  dualCriminalityStatement: 'Fraud is an offence in both states.', confidentiality: 'CONFIDENTIAL', useRestrictions: ['USE_ONLY_FOR_CASE'], retainUntil: '2032-12-31', language: 'en',
}

const threat: Dossier = {
  ...theft,
  facts: 'Messages sent from the account in the last days announce an attack on a named school and give a day. The provider keeps such messages for a few days only.',
  purpose: 'To secure the messages before they are deleted.', nexus: 'The threats were sent from this account.',
  offences: [{ name: 'Threat of a grave crime', provision: 'Whoever threatens to commit murder or to endanger the life of many is liable to imprisonment of up to three years.', maxPenaltyYears: 3 }],
  persons: [], identifiers: [{ kind: 'EMAIL', value: 'someone@example.org' }], issuedBy: 'Public prosecutor on duty', urgencyGround: 'The data will be deleted within days.', neededBy: day(1),
  timeWindow: { from: day(-20), to: day(-1) }, dataClasses: ['CONTENT', 'TRAFFIC'], custodian: 'Mail provider', preservation: { until: day(75).slice(0, 10), followUpIntended: true }, formalities: [],
  emergencyStatement: 'Pupils and teachers are in danger on the day that the messages name.',
}

const evidence = (from: string, to: string, ownReference: string, acts: readonly Act[], more: Partial<DemoRequest> = {}): DemoRequest => ({
  from, to, ownReference, kind: 'EVIDENCE', urgency: 'ROUTINE', measures: ['BANK_ACCOUNTS'], basis: basisOf(from, to), acts,
  dossier: { ...theft, language: LANGUAGES[to] ?? 'en', identifiers: [{ kind: 'ACCOUNT', value: `XX${ownReference.replace(/\D/g, '').padEnd(18, '0')}` }] }, ...more,
})

const preservation = (from: string, to: string, ownReference: string, urgency: Urgency, acts: readonly Act[]): DemoRequest => ({
  from, to, ownReference, kind: 'PRESERVATION', urgency, measures: ['PRESERVE'], basis: { treatyCode: 'COE185', article: '29' }, acts,
  dossier: { ...threat, identifiers: [{ kind: 'EMAIL', value: `holder.${ownReference.replace(/\D/g, '')}@example.org` }], urgencyGround: urgency === 'ROUTINE' ? null : threat.urgencyGround ?? null },
})

const LANGUAGES: Record<string, string> = { DE: 'de', FR: 'fr', BR: 'pt', JP: 'ja' }
const EU = ['DE', 'FR']

function basisOf(from: string, to: string): DemoRequest['basis'] {
  if (EU.includes(from) && EU.includes(to)) return { treatyCode: 'EIO', article: '26' }
  if ((from === 'JP' && EU.includes(to)) || (to === 'JP' && EU.includes(from))) return { treatyCode: 'EU_JP09', article: '18' }
  return { treatyCode: 'UNTOC', article: '18' }
}

const SENT: readonly Act[] = ['VALIDATE', 'SUBMIT']
const ASSESSED: readonly Act[] = [...SENT, 'ACKNOWLEDGE', 'BEGIN_ASSESSMENT']
const EXECUTING: readonly Act[] = [...ASSESSED, 'ACCEPT', 'BEGIN_EXECUTION']

export const DEMO_REQUESTS: readonly DemoRequest[] = [
  evidence('DE', 'FR', '12 Js 101/26', []),
  evidence('DE', 'FR', '12 Js 102/26', SENT),
  evidence('DE', 'FR', '12 Js 103/26', ASSESSED),
  evidence('DE', 'FR', '12 Js 104/26', [...ASSESSED, 'ASK_FOR_INFORMATION']),
  evidence('FR', 'DE', 'P 26/2201', [...ASSESSED, 'ACCEPT']),
  evidence('FR', 'DE', 'P 26/2202', [...EXECUTING, 'REPORT_RESULTS']),
  evidence('BR', 'DE', 'DRCI 311/2026', [...ASSESSED, 'REFUSE']),
  evidence('DE', 'BR', '12 Js 105/26', [...EXECUTING, 'REPORT_RESULTS', 'CONFIRM_RESULTS']),
  evidence('DE', 'JP', '12 Js 106/26', [...ASSESSED, 'PROPOSE_SCOPE']),
  preservation('DE', 'FR', '12 Js 107/26', 'EMERGENCY', SENT),
  preservation('FR', 'BR', 'P 26/2203', 'URGENT', [...SENT, 'ACKNOWLEDGE']),
  preservation('JP', 'DE', 'MOJ 26-77', 'URGENT', [...ASSESSED, 'ACCEPT']),
]
