// The form of every kind as domain.md §2.2 has it, from rows that a schema holds to their shape.
import Ajv from 'ajv'
import { requestTemplate, type RequestTemplate, type TemplateQuestion } from '../../src/domain/law/template'
import type { Presence, RequestKind } from '../../src/domain/vocabulary'
import { REQUEST_KINDS } from '../../src/domain/vocabulary'
import rows from '../../seeds/register/templates.json'
import schema from '../../seeds/schema/templates.json'
import { register } from './register'
import { COMPLETE, TODAY } from './drafts'

const law = register()
const ask = (kind: RequestKind, more: Partial<TemplateQuestion> = {}): RequestTemplate => {
  const { requesting, requested, matter } = COMPLETE[kind]
  return requestTemplate(law, { requesting, requested, kind, matter, on: TODAY, ...more })
}
const presence = (template: RequestTemplate, path: string): Presence | undefined => template.fields.find(field => field.path === path)?.presence

// §2.2, what a draft can hold: EVIDENCE, PRESERVATION, SUBSCRIBER_INFORMATION, EXTRADITION, ASSET_FREEZING, SERVICE, HEARING, TRANSFER, JIT, SPONTANEOUS, CIVIL.
const TABLE: [string, string][] = [
  ['ownReference', 'M M M M M M M M M M M'], ['legalBases', 'M M M M M M M M M M M'], ['matter', 'M M M M M M M M M M M'], ['urgency', 'M M M M M M M M M M M'],
  ['measures', 'M M M O M O M O O – M'], ['dossier.stage', 'M M M M M M M M M O M'], ['dossier.issuedBy', 'M M M M M M M M M M M'], ['dossier.urgencyGround', 'C C C C C C C C C C C'],
  ['dossier.emergencyStatement', 'C C C – – – C – – – –'], ['dossier.offences', 'M M M M M O M M M O –'], ['dossier.facts', 'M M M M M O M M M M M'], ['dossier.nexus', 'M M M – M – M – O – M'],
  ['dossier.purpose', 'M M M M M M M M M M M'], ['dossier.proportionality', 'C M M M M – O – C – O'], ['dossier.dualCriminalityStatement', 'C C C M C – C M – – –'], ['dossier.persons', 'O O O M C M M M O O M'],
  ['dossier.custodian', 'O M M – O – – – – – O'], ['dossier.identifiers', 'C M M – O – – – – O O'], ['dossier.dataClasses', 'C M O – – – – – – – –'], ['dossier.timeWindow', 'C M M – C – – – C – O'],
  ['dossier.preservation', 'O M O – – – – – – – –'], ['dossier.preservation.until', 'O M O – – – – – – – –'], ['dossier.preservation.reference', 'O O O – – – – – – – –'], ['dossier.preservation.followUpIntended', '– M – – – – – – – – –'], ['dossier.formalities', 'O – O – O O O – O – O'], ['dossier.useRestrictions', 'M M M M M O M O M M M'], ['dossier.retainUntil', 'M M M M M O M O M M O'],
  // The parts that single kinds need. The hearing is asked for, not demanded: the contract's own input cannot hold it.
  ['dossier.validation', 'C – C M C – C – – – M'], ['dossier.warrant', 'C – C M M – – M – – –'], ['dossier.order', '– – – – M – – – – – –'], ['dossier.attachments', 'O O O M M M O M O O O'], ['dossier.legalEntities', 'O O O – O O – – O O O'],
  ['dossier.assets', 'O – – O M – – – – – –'], ['dossier.sentence', '– – – C – – – M – – –'], ['dossier.personConsent', '– – – O – – C M – – –'], ['dossier.provisionalArrest', '– – – O – – – – – – –'], ['dossier.assurances', 'O – – M O – O O – – –'],
  ['dossier.documentsToServe', '– – – – – M – – – – –'], ['dossier.hearing', '– – – – – – C – – – C'], ['dossier.custodyTransfer', 'O – – – – – O – – – –'], ['dossier.investigationTeam', '– – – – – – – – M – –'], ['dossier.infoOffered', '– – – – – – – – – M –'],
  ['dossier.civilCase', '– – – – – O – – – – M'], ['dossier.presenceOfOfficials', 'O – O – O O O – O – O'], ['dossier.sensitivity', 'O O O O O O O O O O O'], ['dossier.translations', 'O O O O O O O O O O O'], ['dossier.relatedRequests', 'O O O O O O O O O O O'],
  ['dossier.remedies', 'C – – O O – – – – – –'], ['dossier.costs', 'O – – O O O O O M – O'],
  ['dossier.language', 'M M M M M M M M M M M'], ['dossier.confidentiality', 'M M M M M O M O M M O'],
]
const WORDS: Record<string, Presence> = { M: 'MANDATORY', O: 'OPTIONAL', C: 'CONDITIONAL', '–': 'UNUSED' }

describe('the form of', () => {
  test.each(REQUEST_KINDS.map((kind, i) => [kind, i] as const))('%s asks for what the table says', (kind, i) => {
    // Without usable basis nobody knows yet whether double criminality is tested.
    const template = requestTemplate(law, { requesting: 'DE', requested: 'FR', kind, matter: COMPLETE[kind].matter, on: '1950-01-01' })
    const expected = TABLE.map(([path, marks]) => [path, WORDS[marks.split(' ')[i] ?? '']])
    expect(TABLE.map(([path]) => [path, presence(template, path)])).toEqual(expected)
    expect(template.fields.filter(field => !TABLE.some(([path]) => path === field.path)).map(field => field.path)).toEqual(
      ['kind', 'requested', 'dossier.neededBy', 'dossier.confidentialityReason', 'dossier.noticeToPerson', 'dossier.noticeToPerson.reason',
        'dossier.noticeToPerson.reviewOn', 'dossier.retentionBasis'])
  })

  test('a coercive measure makes the weighing mandatory, another does not', () => {
    expect(presence(ask('EVIDENCE', { measures: ['SEARCH_PREMISES'] }), 'dossier.proportionality')).toBe('MANDATORY')
    expect(presence(ask('EVIDENCE', { measures: ['BANK_ACCOUNTS'] }), 'dossier.proportionality')).toBe('MANDATORY')
    expect(presence(ask('EVIDENCE', { measures: ['DOCUMENTS'] }), 'dossier.proportionality')).toBe('OPTIONAL')
    expect(presence(ask('EVIDENCE', { measures: [] }), 'dossier.proportionality')).toBe('CONDITIONAL')
  })
  test('an electronic measure makes the window mandatory', () => {
    expect(presence(ask('EVIDENCE', { measures: ['INTERCEPTION'] }), 'dossier.timeWindow')).toBe('MANDATORY')
    expect(presence(ask('ASSET_FREEZING', { measures: ['BANK_TRANSACTIONS'] }), 'dossier.timeWindow')).toBe('MANDATORY')
    expect(presence(ask('ASSET_FREEZING', { measures: ['FREEZE'] }), 'dossier.timeWindow')).toBe('OPTIONAL')
  })
  test('double criminality is asked for where basis and measures ask for it', () => {
    expect(presence(ask('ASSET_FREEZING', { measures: ['FREEZE'] }), 'dossier.dualCriminalityStatement')).toBe('MANDATORY')
    expect(presence(ask('ASSET_FREEZING', { measures: ['CRYPTO_TRACE'] }), 'dossier.dualCriminalityStatement')).toBe('OPTIONAL')
  })
  test('conditions are said in words', () => {
    const conditional = ask('EVIDENCE').fields.filter(field => field.presence === 'CONDITIONAL')
    expect(conditional.length).toBeGreaterThan(3)
    expect(conditional.filter(field => !field.because)).toEqual([])
  })
  test('the least length is said in words', () => {
    expect(ask('PRESERVATION').fields.find(field => field.path === 'dossier.facts')?.because).toContain('80')
    expect(ask('EVIDENCE').fields.find(field => field.path === 'dossier.facts')?.because).toContain('200')
    expect(ask('SERVICE_OF_DOCUMENTS').fields.find(field => field.path === 'dossier.facts')?.because).toBeNull()
  })
  test('what is unused offers no codes', () => expect(ask('SPONTANEOUS_INFORMATION').fields.filter(field => field.presence === 'UNUSED' && field.codes.length > 0)).toEqual([]))
})

describe('codes of the form', () => {
  const codes = (kind: RequestKind, path: string): readonly string[] => ask(kind).fields.find(field => field.path === path)?.codes ?? []
  test('measures are the kind\'s own', () => {
    expect(codes('PRESERVATION', 'measures')).toEqual(['PRESERVE', 'EXPEDITED_TRAFFIC'])
    expect(codes('EVIDENCE', 'measures')).toHaveLength(33)
    for (const never of ['SURRENDER', 'ARREST_PROVISIONAL', 'TRANSIT', 'SERVE', 'FREEZE', 'CONFISCATE', 'RETURN_PROPERTY']) expect(codes('EVIDENCE', 'measures')).not.toContain(never)
  })
  test('EMERGENCY is offered to four kinds', () => {
    expect(REQUEST_KINDS.filter(kind => codes(kind, 'urgency').includes('EMERGENCY'))).toEqual(['EVIDENCE', 'PRESERVATION', 'SUBSCRIBER_INFORMATION', 'VIDEO_HEARING'])
  })
  test('bases are the usable ones, languages those that are accepted', () => {
    expect(codes('PRESERVATION', 'legalBases')).toContain('COE185')
    expect(codes('PRESERVATION', 'dossier.language')).toEqual(expect.arrayContaining(['fr', 'en']))
    expect(codes('EVIDENCE', 'dossier.language')).toEqual(['fr'])
  })
  test('roles and kinds of identifier are the register\'s', () => {
    expect(codes('EVIDENCE', 'dossier.persons')).toContain('WITNESS')
    expect(codes('EVIDENCE', 'dossier.identifiers')).toContain('IP_ADDRESS')
  })
})

describe('an instrument that the caller names', () => {
  test('gives its languages and time limits', () => expect(ask('PRESERVATION', { legalBasis: 'COE185' }).languages).toEqual(expect.arrayContaining(['fr', 'en'])))
  test('is answered from its own rows where it is not usable', () => expect(ask('EVIDENCE', { legalBasis: 'COE224' }).languages).toContain('fr'))
  test.each(['ATLANTIS', '__proto__', 'constructor', 'eio'])('%s is refused where the register lacks it', legalBasis =>
    expect(() => ask('EVIDENCE', { legalBasis })).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', facts: expect.objectContaining({ path: 'legalBasis' }) })))
})

describe('the rows', () => {
  const fits = new Ajv({ allErrors: true }).compile(schema)
  test('fit their schema', () => { expect(fits(rows)).toBe(true); expect(fits.errors).toBeNull() })
  test.each<[string, (copy: typeof rows) => void]>([
    ['a kind that there is not', copy => { (copy.kinds[0] as { kind: string }).kind = 'GOSSIP' }], ['a row without a source', copy => { delete (copy.fields[0] as { source?: string }).source }],
    ['a limit in two units', copy => { (copy.thresholds[0] as { limit: string }).limit = 'P1Y2M' }], ['a word that is not known', copy => { Object.assign(copy.fields[0] as object, { comment: 'x' }) }],
    ['a list missing', copy => { delete (copy as { noCodes?: unknown }).noCodes }],
  ])('do not fit with %s', (_, spoil) => {
    const copy = structuredClone(rows)
    spoil(copy)
    expect(fits(copy)).toBe(false)
  })
})
