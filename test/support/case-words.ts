// What officials say in tests of whole cases: complete drafts, and the words that go with each act. Invented, and complete by the law of the seeds.
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString()

const urgent = {
  facts: 'Messages sent from the account on 20 November name the place where a kidnapped child is held and set a time for the killing. The account is with a provider in the requested state.',
  purpose: 'Find the child.', nexus: 'The messages were sent from this account.',
  offences: [{ name: 'Kidnapping for extortion', provision: 'Section 239a of the Criminal Code: five to fifteen years.', maxPenaltyYears: 15 }],
  persons: [], identifiers: [{ kind: 'EMAIL', value: 'holder@example.org' }], stage: 'INVESTIGATION', issuedBy: 'Public prosecutor on duty',
  urgencyGround: 'Risk to the life of a child.', neededBy: day(1), timeWindow: { from: day(-20), to: day(-1) }, dataClasses: ['CONTENT'], custodian: 'Mail provider',
  preservation: { until: day(60).slice(0, 10), followUpIntended: true }, formalities: [],
  proportionality: { aim: 'Save a life.', necessity: 'Nothing else leads to the place.', lessIntrusive: 'None known.' },
  emergencyStatement: 'A child will be killed within hours unless it is found.', dualCriminalityStatement: 'Kidnapping is an offence in both states.',
  confidentiality: 'CONFIDENTIAL', useRestrictions: ['USE_ONLY_FOR_CASE'], retainUntil: '2031-12-31', language: 'en',
}

const fraud = {
  facts: 'Between March and June of this year a group opened accounts under stolen identities and drew about 480,000 euros from 63 victims. The money passed through an account held with a bank in the requested state, from which it was withdrawn in cash within hours. Two of the withdrawals were filmed; the films show the same man.',
  purpose: 'To identify the holder of the account and to follow the money.', nexus: 'The account received 41 of the 63 transfers.',
  offences: [{ name: 'Fraud as part of a gang', provision: 'Whoever deceives as a member of a gang is liable to imprisonment from one to ten years.', maxPenaltyYears: 10 }],
  persons: [{ role: 'HOLDER', name: 'Marek Example' }], identifiers: [{ kind: 'ACCOUNT', value: 'FR00 0000 0000 0000 0000 00' }],
  stage: 'INVESTIGATION', issuedBy: 'Senior public prosecutor, economic crime', timeWindow: { from: day(-250), to: day(-150) }, dataClasses: [], formalities: ['Hearing by a judge'],
  proportionality: { aim: 'To clear up a serious fraud.', necessity: 'The bank alone knows who holds the account.', lessIntrusive: 'Public registers were searched without result.' },
  dualCriminalityStatement: 'Fraud is an offence in both states.', confidentiality: 'CONFIDENTIAL', useRestrictions: ['USE_ONLY_FOR_CASE'], retainUntil: '2032-12-31', language: 'fr',
}

export type Draft = Record<string, unknown> & { idempotencyKey: string }

/** An EMERGENCY preservation under COE185: rings at the other desk. */
export const preservation = (key: string, requested = 'FR', more: Record<string, unknown> = {}): Draft => ({
  idempotencyKey: key, kind: 'PRESERVATION', matter: 'CRIMINAL', urgency: 'EMERGENCY', requested, ownReference: `Js ${key}`, legalBases: [{ treatyCode: 'COE185', article: '29' }], measures: ['PRESERVE'],
  dossier: { ...urgent, identifiers: [{ kind: 'EMAIL', value: `holder.${key.replace(/\W/g, '')}@example.org` }] }, ...more,
})

/** A request for evidence under the EIO, from Germany to France. */
export const evidence = (key: string, more: Record<string, unknown> = {}, dossier: Record<string, unknown> = {}): Draft => ({
  idempotencyKey: key, kind: 'EVIDENCE', matter: 'CRIMINAL', urgency: 'ROUTINE', requested: 'FR', ownReference: `Js ${key}`, legalBases: [{ treatyCode: 'EIO', article: '26' }],
  measures: ['BANK_ACCOUNTS', 'BANK_TRANSACTIONS'], dossier: { ...fraud, ...dossier }, ...more,
})

/** The dossier of `evidence`, with what was missing. */
export const supplemented = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ ...fraud, nexus: 'The account received 41 of the 63 transfers; the statements of three victims are enclosed.', ...more })

export const inDays = day
