// What bars a draft, and what only warns: every rule alone, many at once, and none for what is complete.
import { findings, type Draft, type OpenRequest } from '../../src/domain/law/findings'
import type { Finding } from '../../src/domain/law/register'
import { RULES } from '../../src/domain/law/rules'
import type { Dossier } from '../../src/domain/request'
import { REQUEST_KINDS, type RequestKind } from '../../src/domain/vocabulary'
import { register } from './register'
import { changed, COMPLETE, FACTS } from './drafts'

const law = register()
const check = (draft: Draft, openRequests: OpenRequest[] = []): Finding[] => findings(law, draft, { ...FACTS, openRequests })
const named = (found: readonly Finding[]): string[] => found.map(each => `${each.severity} ${each.path} ${each.code}`)

test.each(REQUEST_KINDS)('a complete draft of the kind %s passes with no finding', kind => expect(check(COMPLETE[kind])).toEqual([]))

type Case = [string, RequestKind, Parameters<typeof changed>[1], string]
const dossier = (name: string, kind: RequestKind, change: Partial<Dossier>, found: string): Case => [name, kind, { dossier: change }, found]
const team = { parties: ['DE', 'NL'], purpose: 'x', from: '2026-12-01', until: '2027-11-30', leader: 'x', members: ['x'], powers: 'x', evidenceRule: 'x' }
const long = { from: '2020-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' }

describe('a draft that breaks one rule finds exactly it:', () => {
  test.each<Case>([
    ['no case number', 'EVIDENCE', { ownReference: ' ' }, 'FAULT ownReference OWN_REFERENCE_MISSING'],
    ['no basis', 'EVIDENCE', { legalBases: [] }, 'FAULT legalBases LEGAL_BASIS_MISSING'],
    ['no basis, where English rests on it', 'PRESERVATION', { legalBases: [] }, 'FAULT legalBases LEGAL_BASIS_MISSING'],
    ['an empty basis', 'EVIDENCE', { legalBases: [{ article: '1' }, { treatyCode: 'EIO' }] }, 'FAULT legalBases[0] BASIS_EMPTY'],
    ['an unknown basis', 'EVIDENCE', { legalBases: [{ treatyCode: 'EIO' }, { treatyCode: 'ATLANTIS' }] }, 'FAULT legalBases[1].treatyCode BASIS_UNKNOWN'],
    ['a basis named like an object\'s own parts', 'EVIDENCE', { legalBases: [{ treatyCode: '__proto__' }] }, 'FAULT legalBases[0].treatyCode BASIS_UNKNOWN'],
    ['a basis not in force', 'EVIDENCE', { legalBases: [{ treatyCode: 'COE224' }] }, 'FAULT legalBases[0].treatyCode BASIS_NOT_IN_FORCE'],
    ['a basis to which the other state is no party', 'PRESERVATION', { requested: 'ZA' }, 'FAULT legalBases[0].treatyCode BASIS_PARTY_MISSING'],
    ['a basis for other kinds', 'EVIDENCE', { legalBases: [{ treatyCode: 'COE024' }] }, 'FAULT legalBases[0].treatyCode BASIS_KIND_NOT_COVERED'],
    ['a basis that another displaces', 'EVIDENCE', { legalBases: [{ treatyCode: 'COE030' }] }, 'FAULT legalBases[0].treatyCode BASIS_DISPLACED'],
    ['no measure', 'EVIDENCE', { measures: [] }, 'FAULT measures MEASURES_MISSING'],
    ['a measure of another kind', 'EVIDENCE', { measures: ['DOCUMENTS', 'SURRENDER'] }, 'FAULT measures[1] MEASURE_NOT_OF_KIND'],
    ['a measure where the kind has none', 'SPONTANEOUS_INFORMATION', { measures: ['DOCUMENTS'] }, 'FAULT measures[0] MEASURE_NOT_OF_KIND'],
    ['EMERGENCY for extradition', 'EXTRADITION', { urgency: 'EMERGENCY', dossier: { urgencyGround: 'He may flee.' } }, 'FAULT urgency EMERGENCY_NOT_OF_KIND'],
    ['urgent without a ground', 'EVIDENCE', { urgency: 'URGENT' }, 'FAULT dossier.urgencyGround URGENCY_GROUND_MISSING'],
    dossier('an emergency without a statement', 'PRESERVATION', { emergencyStatement: null }, 'FAULT dossier.emergencyStatement EMERGENCY_STATEMENT_MISSING'),
    dossier('no facts', 'EVIDENCE', { facts: null }, 'FAULT dossier.facts FACTS_MISSING'),
    dossier('facts of blanks', 'EVIDENCE', { facts: ' \n\u00a0 '.repeat(100) }, 'FAULT dossier.facts FACTS_MISSING'),
    dossier('facts of 199 characters', 'EVIDENCE', { facts: 'é'.repeat(199) }, 'FAULT dossier.facts TEXT_TOO_SHORT'),
    dossier('facts of 199 characters, each two units long', 'EVIDENCE', { facts: '𝄞'.repeat(199) }, 'FAULT dossier.facts TEXT_TOO_SHORT'),
    dossier('facts of 79 characters for a preservation', 'PRESERVATION', { facts: 'x'.repeat(79) }, 'FAULT dossier.facts TEXT_TOO_SHORT'),
    dossier('no language', 'EVIDENCE', { language: null }, 'FAULT dossier.language LANGUAGE_MISSING'),
    dossier('a language that France does not take', 'EVIDENCE', { language: 'ja' }, 'FAULT dossier.language LANGUAGE_NOT_ACCEPTED'),
    dossier('English to France outside the preservation of data', 'EVIDENCE', { language: 'en' }, 'FAULT dossier.language LANGUAGE_NOT_ACCEPTED'),
    dossier('no statement of proportionality for a search', 'EVIDENCE', { proportionality: null }, 'FAULT dossier.proportionality PROPORTIONALITY_MISSING'),
    dossier('a blank in the statement of proportionality', 'EVIDENCE', { proportionality: { aim: 'x', necessity: '  ', lessIntrusive: 'y' } }, 'FAULT dossier.proportionality.necessity PART_BLANK'),
    dossier('no time window for stored content', 'EVIDENCE', { timeWindow: null }, 'FAULT dossier.timeWindow TIME_WINDOW_MISSING'),
    dossier('a time window that ends before it begins', 'EVIDENCE', { timeWindow: { from: long.to, to: long.from } }, 'FAULT dossier.timeWindow TIME_WINDOW_REVERSED'),
    dossier('a time window of no length', 'EVIDENCE', { timeWindow: { from: long.to, to: long.to } }, 'FAULT dossier.timeWindow TIME_WINDOW_REVERSED'),
    dossier('a time window of six years', 'EVIDENCE', { timeWindow: long }, 'WARNING dossier.timeWindow OVER_BROAD'),
    dossier('no identifier for stored content', 'EVIDENCE', { identifiers: [] }, 'FAULT dossier.identifiers IDENTIFIERS_MISSING'),
    dossier('no statement on double criminality', 'EXTRADITION', { dualCriminalityStatement: '' }, 'FAULT dossier.dualCriminalityStatement DUAL_CRIMINALITY_MISSING'),
    dossier('no statement on double criminality for a freezing in Switzerland', 'ASSET_FREEZING', { dualCriminalityStatement: null }, 'FAULT dossier.dualCriminalityStatement DUAL_CRIMINALITY_MISSING'),
    dossier('nobody to extradite', 'EXTRADITION', { persons: [] }, 'FAULT dossier.persons PERSONS_MISSING'),
    dossier('only a witness to extradite', 'EXTRADITION', { persons: [{ role: 'WITNESS', name: 'X' }] }, 'FAULT dossier.persons PERSON_OF_ROLE_MISSING'),
    dossier('a person who is not sentenced to transfer', 'TRANSFER_OF_SENTENCED_PERSON', { persons: [{ role: 'ACCUSED', name: 'X' }] }, 'FAULT dossier.persons PERSON_OF_ROLE_MISSING'),
    dossier('extradition for an offence without a penalty', 'EXTRADITION', { offences: [{ name: 'Theft', provision: 'Section 242' }] }, 'FAULT dossier.offences[0].maxPenaltyYears PENALTY_MISSING'),
    dossier('extradition for half a year', 'EXTRADITION', { offences: [{ name: 'Insult', provision: 'Section 185', maxPenaltyYears: 0.5 }] }, 'FAULT dossier.offences PENALTY_TOO_LOW'),
    dossier('an offence without its text', 'EVIDENCE', { offences: [{ name: 'Theft', provision: '' }] }, 'FAULT dossier.offences[0].provision PART_BLANK'),
    dossier('retention that ends today', 'EVIDENCE', { retainUntil: FACTS.today }, 'FAULT dossier.retainUntil RETENTION_PAST'),
    dossier('a preservation that ended yesterday', 'PRESERVATION', { preservation: { until: '2026-11-23', followUpIntended: true } }, 'FAULT dossier.preservation.until PRESERVATION_PAST'),
    dossier('no preservation', 'PRESERVATION', { preservation: null }, 'FAULT dossier.preservation PRESERVATION_MISSING'),
    dossier('a preservation without an end', 'PRESERVATION', { preservation: { followUpIntended: false } }, 'FAULT dossier.preservation.until PRESERVATION_UNTIL_MISSING'),
    dossier('a preservation that leaves the follow-up open', 'PRESERVATION', { preservation: { until: '2027-01-23' } }, 'FAULT dossier.preservation.followUpIntended FOLLOW_UP_MISSING'),
    dossier('an unlisted role', 'EVIDENCE', { persons: [{ role: 'VILLAIN', name: 'X' }] }, 'FAULT dossier.persons[0].role CODE_UNLISTED'),
    dossier('five months left to serve', 'TRANSFER_OF_SENTENCED_PERSON', { sentence: { length: 'P2Y', endsOn: '2027-05-23', final: true } }, 'FAULT dossier.sentence.endsOn SENTENCE_TOO_SHORT'),
    dossier('a transfer against the will of the person', 'TRANSFER_OF_SENTENCED_PERSON', { personConsent: { given: false } }, 'FAULT dossier.personConsent.given CONSENT_NOT_GIVEN'),
    dossier('a sentenced person without the sentence', 'EXTRADITION', { persons: [{ role: 'SENTENCED', name: 'X' }] }, 'FAULT dossier.sentence SENTENCE_MISSING'),
    dossier('a warrant that is not attached', 'EXTRADITION', { attachments: [{ label: 'Something else', mediaType: 'application/pdf', bytes: 1, sha256: 'f'.repeat(64) }] }, 'FAULT dossier.warrant.sha256 DOCUMENT_NOT_ATTACHED'),
    dossier('a document to serve that is not attached', 'SERVICE_OF_DOCUMENTS', { documentsToServe: [{ title: 'Summons', summary: 'Come.', sha256: 'f'.repeat(64) }] }, 'FAULT dossier.documentsToServe[0].sha256 DOCUMENT_NOT_ATTACHED'),
    dossier('a warrant for evidence that is not attached', 'EVIDENCE', { warrant: { label: 'Warrant', issuedBy: 'Judge', issuedOn: '2026-01-01', sha256: 'f'.repeat(64) } }, 'FAULT dossier.warrant.sha256 DOCUMENT_NOT_ATTACHED'),
    dossier('a team that ends before it begins', 'JOINT_INVESTIGATION_TEAM', { investigationTeam: { ...team, from: '2027-01-01', until: '2026-12-31' } }, 'FAULT dossier.investigationTeam PERIOD_REVERSED'),
    dossier('a team without members', 'JOINT_INVESTIGATION_TEAM', { investigationTeam: { ...team, members: [] } }, 'FAULT dossier.investigationTeam.members PART_BLANK'),
    dossier('a hearing that ends before it begins', 'VIDEO_HEARING', { hearing: { from: '2027-01-02T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z', technicalMeans: 'x' } }, 'FAULT dossier.hearing PERIOD_REVERSED'),
    dossier('an interpreter of no language', 'VIDEO_HEARING', { hearing: { from: '2027-01-01T00:00:00.000Z', to: '2027-01-02T00:00:00.000Z', technicalMeans: 'x', interpreter: 'tlh' } }, 'FAULT dossier.hearing.interpreter CODE_UNLISTED'),
    dossier('an asset of no kind', 'ASSET_FREEZING', { assets: [{ kind: 'DREAM', description: 'A castle in Spain' }] }, 'FAULT dossier.assets[0].kind CODE_UNLISTED'),
    dossier('an asset that says nothing', 'ASSET_FREEZING', { assets: [{ kind: 'CASH', description: ' ' }] }, 'FAULT dossier.assets[0].description PART_BLANK'),
    dossier('an assurance of no code', 'EXTRADITION', { assurances: [{ code: 'MERCY', text: 'We promise.' }] }, 'FAULT dossier.assurances[0].code CODE_UNLISTED'),
    dossier('a civil case without parties', 'CIVIL_EVIDENCE', { civilCase: { court: 'Court', parties: [], claim: 'Damages' } }, 'FAULT dossier.civilCase.parties PART_BLANK'),
    dossier('information on no condition that there is', 'SPONTANEOUS_INFORMATION', { infoOffered: { content: 'x', conditionsOfUse: ['WHISPER'] } }, 'FAULT dossier.infoOffered.conditionsOfUse[0] CODE_UNLISTED'),
    dossier('a deferred notice without a reason', 'EVIDENCE', { noticeToPerson: { when: 'DEFERRED', reviewOn: '2027-02-01' } }, 'FAULT dossier.noticeToPerson.reason NOTICE_REASON_MISSING'),
    dossier('a deferred notice that is never reviewed', 'EVIDENCE', { noticeToPerson: { when: 'DEFERRED', reason: 'He would destroy the rest.' } }, 'FAULT dossier.noticeToPerson.reviewOn NOTICE_REVIEW_MISSING'),
    dossier('a deferred notice reviewed today', 'EVIDENCE', { noticeToPerson: { when: 'DEFERRED', reason: 'He would destroy the rest.', reviewOn: FACTS.today } }, 'FAULT dossier.noticeToPerson.reviewOn NOTICE_REVIEW_PAST'),
    dossier('no notice by a law that is not named', 'EVIDENCE', { noticeToPerson: { when: 'NEVER_BY_LAW' } }, 'FAULT dossier.noticeToPerson.reason NOTICE_REASON_MISSING'),
    dossier('an offence of no category', 'EVIDENCE', { offences: [{ name: 'Theft', provision: 'Section 242', category: 'GREED' }] }, 'FAULT dossier.offences[0].category CODE_UNLISTED'),
    dossier('a translation into a language that France does not take', 'EVIDENCE', { language: 'de', translations: [{ language: 'ja', certified: true }] }, 'FAULT dossier.language LANGUAGE_NOT_ACCEPTED'),
    ['neither window nor identifier nor person', 'EVIDENCE', { measures: ['DOCUMENTS'], dossier: { timeWindow: null, identifiers: [], persons: [] } }, 'WARNING dossier OVER_BROAD'],
  ])('%s', (_, kind, change, found) => expect(named(check(changed(kind, change)))).toEqual([found]))
})

describe('what is asked only where it is needed', () => {
  test.each<Case>([
    ['a hearing of documents needs no weighing, window or identifier', 'EVIDENCE', { measures: ['DOCUMENTS'], dossier: { proportionality: null, timeWindow: null, identifiers: [] } }, ''],
    ['facts of 200 characters suffice', 'EVIDENCE', { dossier: { facts: '𝄞'.repeat(200) } }, ''],
    ['facts of 80 characters suffice for a preservation', 'PRESERVATION', { dossier: { facts: 'x'.repeat(80) } }, ''],
    ['a window of exactly five years is not over-broad', 'EVIDENCE', { dossier: { timeWindow: { from: '2021-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' } } }, ''],
    ['reciprocity in words is a basis', 'EVIDENCE', { legalBases: [{ reciprocity: 'We would do the same for you.' }] }, ''],
    ['a basis beside a usable one is judged too', 'EVIDENCE', { legalBases: [{ treatyCode: 'EIO' }, { treatyCode: 'COE024' }] }, 'FAULT legalBases[1].treatyCode BASIS_KIND_NOT_COVERED'],
    ['a translation into French goes with a request in German', 'EVIDENCE', { dossier: { language: 'de', translations: [{ language: 'fr', certified: true }] } }, ''],
    ['a listed category from three years on needs no statement on double criminality under the EIO', 'EVIDENCE', { dossier: { dualCriminalityStatement: null, offences: [{ name: 'Robbery', provision: 'Section 249', maxPenaltyYears: 15, category: 'ARMED_ROBBERY' }] } }, ''],
    ['a listed category beside an offence of none needs the statement', 'EVIDENCE', { dossier: { dualCriminalityStatement: null, offences: [{ name: 'Robbery', provision: 'Section 249', maxPenaltyYears: 15, category: 'ARMED_ROBBERY' }, { name: 'Theft', provision: 'Section 242', maxPenaltyYears: 5 }] } }, 'FAULT dossier.dualCriminalityStatement DUAL_CRIMINALITY_MISSING'],
    ['a listed category under three years needs the statement', 'EVIDENCE', { dossier: { dualCriminalityStatement: null, offences: [{ name: 'Robbery', provision: 'Section 249', maxPenaltyYears: 15, category: 'ARMED_ROBBERY' }, { name: 'Attempt', provision: 'Section 249', maxPenaltyYears: 2, category: 'ARMED_ROBBERY' }] } }, 'FAULT dossier.dualCriminalityStatement DUAL_CRIMINALITY_MISSING'],
    ['six months left to serve suffice', 'TRANSFER_OF_SENTENCED_PERSON', { dossier: { sentence: { length: 'P2Y', endsOn: '2027-05-24', final: true } } }, ''],
    ['a sentence without a last day has enough left', 'TRANSFER_OF_SENTENCED_PERSON', { dossier: { sentence: { length: 'P99Y', endsOn: null, final: true } } }, ''],
    ['a notice given at once needs no reason', 'EVIDENCE', { dossier: { noticeToPerson: { when: 'NOW' } } }, ''],
    ['a hearing by video needs no part that the contract has not', 'VIDEO_HEARING', { dossier: { hearing: null } }, ''],
    ['a sentenced person with the sentence', 'EXTRADITION', { dossier: { persons: [{ role: 'SENTENCED', name: 'X' }], sentence: { length: 'P3Y', final: true } } }, ''],
    ['urgent with a ground', 'EXTRADITION', { urgency: 'URGENT', dossier: { urgencyGround: 'He is released tomorrow.' } }, ''],
  ])('%s', (_, kind, change, found) => expect(named(check(changed(kind, change)))).toEqual(found ? [found] : []))
})

test('a draft with seven faults shows seven at once', () => {
  const draft = changed('EVIDENCE', {
    urgency: 'PRIORITY', legalBases: [{ treatyCode: 'COE224' }], measures: ['SEARCH_PREMISES', 'CONTENT_STORED', 'SURRENDER'],
    dossier: { facts: 'Too short.', proportionality: null, timeWindow: { from: long.to, to: long.from }, retainUntil: '2020-01-01' },
  })
  expect(named(check(draft)).sort()).toEqual([
    'FAULT dossier.facts TEXT_TOO_SHORT', 'FAULT dossier.proportionality PROPORTIONALITY_MISSING', 'FAULT dossier.retainUntil RETENTION_PAST', 'FAULT dossier.timeWindow TIME_WINDOW_REVERSED',
    'FAULT dossier.urgencyGround URGENCY_GROUND_MISSING', 'FAULT legalBases[0].treatyCode BASIS_NOT_IN_FORCE', 'FAULT measures[2] MEASURE_NOT_OF_KIND',
  ])
})

test('an empty draft of any kind is told all that it lacks and breaks no rule', () => {
  for (const kind of REQUEST_KINDS) {
    const found = check({ ...COMPLETE[kind], ownReference: '', legalBases: [], measures: [], dossier: { confidentiality: 'CONFIDENTIAL' } })
    expect(found.length).toBeGreaterThan(5)
    expect(new Set(found.map(each => each.path)).size).toBe(found.length)
  }
})

test('a fault of the basis says why, with the register\'s explanation and source', () => {
  const [found] = check(changed('PRESERVATION', { requested: 'ZA' }))
  expect(found?.message.length).toBeGreaterThan(20)
  expect(found?.source).toBe(law.instruments.find(row => row.code === 'COE185')?.source)
})

test('every finding says where, what and how to mend it', () => {
  for (const kind of REQUEST_KINDS) {
    for (const each of check({ ...COMPLETE[kind], ownReference: '', legalBases: [], measures: [], dossier: { confidentiality: 'OPEN' } })) {
      expect(each.path).toMatch(/^[a-z]/)
      expect(each.message).toMatch(/\.$/)
      expect(each.hint.length).toBeGreaterThan(10)
    }
  }
})

describe('a likely duplicate', () => {
  const whole = COMPLETE.EVIDENCE
  const twin: OpenRequest = { reference: 'DE-2026-000007', kind: 'EVIDENCE', requested: 'FR', identifiers: [{ kind: 'ACCOUNT', value: ' SELLER-77 ' }], timeWindow: whole.dossier.timeWindow ?? null }
  test('is warned of with the reference of the other request', () => {
    const found = check(whole, [twin])
    expect(named(found)).toEqual(['WARNING dossier.identifiers LIKELY_DUPLICATE'])
    expect(found[0]?.message).toContain('DE-2026-000007')
  })
  test.each<[string, Partial<OpenRequest>]>([
    ['another state', { requested: 'ES' }], ['another identifier', { identifiers: [{ kind: 'ACCOUNT', value: 'seller-78' }] }], ['another window', { timeWindow: null }],
    ['a preservation of the same data', { kind: 'PRESERVATION' }],
  ])('is not seen in %s', (_, change) => expect(check(whole, [{ ...twin, ...change }])).toEqual([]))
  test('is not one where the draft names the other with how it stands to it', () => {
    const related = { ...whole, dossier: { ...whole.dossier, relatedRequests: [{ reference: twin.reference, relation: 'PARALLEL' as const }] } }
    expect(named(findings(law, related, { ...FACTS, openRequests: [twin], known: new Set([twin.reference]) }))).toEqual([])
    expect(named(findings(law, related, { ...FACTS, openRequests: [twin] }))).toEqual(['WARNING dossier.relatedRequests[0].reference RELATED_REQUEST_UNKNOWN'])
  })
  test('is told once, however many there are', () => expect(check(whole, [twin, { ...twin, reference: 'DE-2026-000008' }])).toHaveLength(1))
  test('needs an identifier', () => expect(check(COMPLETE.JOINT_INVESTIGATION_TEAM, [{ ...twin, kind: 'JOINT_INVESTIGATION_TEAM', requested: 'NL', identifiers: [], timeWindow: null }])).toEqual([]))
})

test('the list of rules is frozen', () => expect(Object.isFrozen(RULES)).toBe(true))
