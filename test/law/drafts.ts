// A complete draft of every kind, between states and under instruments of the register, as of one day.
import type { Draft, DraftFacts } from '../../src/domain/law/findings'
import type { Dossier } from '../../src/domain/request'
import type { RequestKind } from '../../src/domain/vocabulary'

export const TODAY = '2026-11-24'
export const FACTS: DraftFacts = { today: TODAY, now: '2026-11-24T09:00:00.000Z', openRequests: [], known: new Set() }

const STORY = 'On 3 March 2026 between nine and ten in the evening three men broke into the warehouse of a dealer in Hamburg and took goods worth 400,000 euros. ' +
  'The van that they used was hired by the suspect, whose telephone was logged at the place; the goods were offered for sale from the account named here.'

const dossier = (more: Partial<Dossier>): Dossier => ({
  facts: STORY, purpose: 'Evidence in the trial of the suspect.', nexus: 'What is sought shows who disposed of the goods.',
  offences: [{ name: 'Aggravated theft', provision: 'Section 243 of the Criminal Code: three months to ten years.', maxPenaltyYears: 10 }],
  persons: [{ role: 'SUSPECT', name: 'A. Example', birthDate: '1980-02-29', nationality: 'DE' }], identifiers: [],
  stage: 'INVESTIGATION', issuedBy: 'Public prosecutor', formalities: [], confidentiality: 'CONFIDENTIAL', useRestrictions: ['USE_ONLY_FOR_CASE'], retainUntil: '2036-12-31', ...more,
})
const weighed = { aim: 'Find the goods.', necessity: 'They are nowhere else.', lessIntrusive: 'Asking the holder would warn him.' }
const window = { from: '2026-02-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' }
const account = [{ kind: 'ACCOUNT', value: 'seller-77' }]

type Rest = Omit<Draft, 'kind' | 'matter' | 'urgency' | 'ownReference'> & Partial<Pick<Draft, 'matter' | 'urgency'>>
const draft = (kind: RequestKind, rest: Rest): Draft => ({ kind, matter: 'CRIMINAL', urgency: 'ROUTINE', ownReference: 'Js 1/26', ...rest })
const sha256 = (digit: string): string => digit.repeat(64)
const attached = (digit: string, label: string) => ({ label, mediaType: 'application/pdf', bytes: 48_211, sha256: sha256(digit) })
const judgment = { label: 'Judgment', issuedBy: 'Regional court', issuedOn: '2025-06-12', certified: true, sha256: sha256('a') }
const warrant = { ...judgment, label: 'Warrant' }
const validation = { authority: 'Investigating judge', on: '2026-11-20' }
const cited = (treatyCode: string, article: string) => [{ treatyCode, article }]

export const COMPLETE: Readonly<Record<RequestKind, Draft>> = {
  EVIDENCE: draft('EVIDENCE', {
    requesting: 'DE', requested: 'FR', measures: ['SEARCH_PREMISES', 'CONTENT_STORED'], legalBases: cited('EIO', '1'),
    dossier: dossier({ language: 'fr', identifiers: account, timeWindow: window, proportionality: weighed, dualCriminalityStatement: 'Theft is an offence in both states.' }),
  }),
  // The draft that is sent to try out a new installation.
  PRESERVATION: draft('PRESERVATION', {
    urgency: 'EMERGENCY', requesting: 'DE', requested: 'FR', measures: ['PRESERVE'], legalBases: cited('COE185', '29'),
    dossier: {
      facts: 'Messages sent from the account on 20 November name the place where a kidnapped child is held and set a time for the killing. The account is with a provider in Paris.',
      purpose: 'Find the child.', nexus: 'The messages were sent from this account.',
      offences: [{ name: 'Kidnapping for extortion', provision: 'Section 239a of the Criminal Code: five to fifteen years.', maxPenaltyYears: 15 }], persons: [], identifiers: [{ kind: 'EMAIL', value: 'holder@example.org' }],
      stage: 'INVESTIGATION', issuedBy: 'Public prosecutor on duty', urgencyGround: 'Risk to the life of a child.', neededBy: '2026-11-25T09:00:00.000Z',
      timeWindow: { from: '2026-11-04T09:00:00.000Z', to: '2026-11-23T09:00:00.000Z' }, dataClasses: ['CONTENT'], custodian: 'Mail provider in Paris',
      preservation: { until: '2027-01-23', followUpIntended: true }, formalities: [], proportionality: { aim: 'Save a life.', necessity: 'Nothing else leads to the place.', lessIntrusive: 'None known.' },
      emergencyStatement: 'A child will be killed within hours unless it is found.', dualCriminalityStatement: 'Kidnapping is an offence in both states.', confidentiality: 'CONFIDENTIAL',
      useRestrictions: ['USE_ONLY_FOR_CASE'], retainUntil: '2031-12-31', language: 'en',
    },
  }),
  SUBSCRIBER_INFORMATION: draft('SUBSCRIBER_INFORMATION', {
    requesting: 'FR', requested: 'US', measures: ['SUBSCRIBER'], legalBases: cited('COE185', '31'),
    dossier: dossier({ language: 'en', identifiers: [{ kind: 'IP_ADDRESS', value: '192.0.2.7' }], timeWindow: window, custodian: 'Provider in Seattle', proportionality: weighed }),
  }),
  EXTRADITION: draft('EXTRADITION', {
    requesting: 'DE', requested: 'CH', measures: ['SURRENDER'], legalBases: cited('COE024', '12'),
    dossier: dossier({
      language: 'de', proportionality: weighed, dualCriminalityStatement: 'Theft is an offence in both states, punishable by more than a year.', validation, warrant, attachments: [attached('a', 'Warrant')],
      assurances: [{ code: 'SPECIALITY', text: 'He will be tried for these facts alone.' }],
    }),
  }),
  ASSET_FREEZING: draft('ASSET_FREEZING', {
    requesting: 'DE', requested: 'CH', measures: ['FREEZE'], legalBases: cited('COE141', '11'),
    dossier: dossier({
      language: 'de', proportionality: weighed, dualCriminalityStatement: 'Theft is an offence in both states.', warrant, order: { ...judgment, label: 'Freezing order', sha256: sha256('b') },
      attachments: [attached('a', 'Warrant'), attached('b', 'Freezing order')], assets: [{ kind: 'BANK_ACCOUNT', description: 'Account with a bank in Basel', value: 400_000, currency: 'EUR', holder: 'A. Example' }],
    }),
  }),
  SERVICE_OF_DOCUMENTS: draft('SERVICE_OF_DOCUMENTS', {
    requesting: 'PL', requested: 'CH', measures: ['SERVE'], legalBases: cited('COE030', '7'),
    dossier: {
      purpose: 'Summons to the trial.', persons: [{ role: 'ADDRESSEE', name: 'B. Example' }], stage: 'TRIAL', issuedBy: 'Regional court', confidentiality: 'OPEN', language: 'de',
      documentsToServe: [{ title: 'Summons', summary: 'Summons to the trial on 3 March; who stays away is brought.', actBy: '2027-03-03', method: 'BY_LAW_OF_REQUESTED_STATE', sha256: sha256('c') }], attachments: [attached('c', 'Summons')],
    },
  }),
  VIDEO_HEARING: draft('VIDEO_HEARING', {
    requesting: 'DE', requested: 'FR', measures: ['HEAR_VIDEO'], legalBases: cited('EIO', '24'),
    dossier: dossier({ language: 'fr', persons: [{ role: 'WITNESS', name: 'C. Example' }], hearing: { from: '2027-01-11T09:00:00.000Z', to: '2027-01-22T16:00:00.000Z', technicalMeans: 'H.323, encrypted', questions: ['What did you see?'], interpreter: 'de' } }),
  }),
  TRANSFER_OF_SENTENCED_PERSON: draft('TRANSFER_OF_SENTENCED_PERSON', {
    requesting: 'GB', requested: 'DE', measures: [], legalBases: cited('COE112', '2'),
    dossier: dossier({ language: 'de', stage: 'SENTENCE', persons: [{ role: 'SENTENCED', name: 'D. Example' }], dualCriminalityStatement: 'Theft is an offence in both states.', warrant: judgment, attachments: [attached('a', 'Judgment')],
      sentence: { length: 'P5Y', served: 'P17M', endsOn: '2030-06-11', final: true }, personConsent: { given: true, on: '2026-10-01' } }),
  }),
  JOINT_INVESTIGATION_TEAM: draft('JOINT_INVESTIGATION_TEAM', {
    requesting: 'DE', requested: 'NL', measures: [], legalBases: cited('COE182', '20'), dossier: dossier({
      language: 'nl', persons: [], costs: 'Each state bears its own.', investigationTeam: {
        parties: ['DE', 'NL'], purpose: 'Clear up the thefts.', from: '2026-12-01', until: '2027-11-30', leader: 'Senior public prosecutor, Hamburg', members: ['Police of Hamburg', 'National police, The Hague'],
        powers: 'Seconded members are present at measures.', evidenceRule: 'Evidence may be used by both.',
      },
    }),
  }),
  SPONTANEOUS_INFORMATION: draft('SPONTANEOUS_INFORMATION', {
    requesting: 'DE', requested: 'CH', measures: [], legalBases: cited('COE182', '11'), dossier: dossier({ language: 'de', persons: [], offences: [], stage: null, infoOffered: { content: 'The goods were offered for sale in Zürich.', conditionsOfUse: ['USE_ONLY_FOR_CASE'] } }),
  }),
  CIVIL_EVIDENCE: draft('CIVIL_EVIDENCE', {
    matter: 'CIVIL', requesting: 'DE', requested: 'US', measures: ['HEAR_WITNESS'], legalBases: cited('HCCH70', '1'),
    dossier: dossier({ language: 'en', stage: 'CIVIL', offences: [], persons: [{ role: 'WITNESS', name: 'E. Example' }], validation, civilCase: { court: 'Regional court of Hamburg', parties: ['F. Example', 'G. Example Inc.'], counsel: ['H. Example'], claim: 'Damages for the stolen goods.' } }),
  }),
}

/** The complete draft of a kind with some of it otherwise. */
export function changed(kind: RequestKind, change: Partial<Omit<Draft, 'dossier'>> & { dossier?: Partial<Dossier> }): Draft {
  const whole = COMPLETE[kind]
  return { ...whole, ...change, dossier: { ...whole.dossier, ...change.dossier } }
}
