import { join } from 'node:path'
import { codesOf, isCode } from '../../src/domain/law/codes'
import { dualCriminalityFor, dualCriminalityOf } from '../../src/domain/law/dual-criminality'
import { languagesFor } from '../../src/domain/law/languages'
import { partiesOn } from '../../src/domain/law/parties'
import { instrumentOf, jurisdictionOf } from '../../src/domain/law/register-index'
import type { InstrumentRow, Register } from '../../src/domain/law/register'
import { timeLimitsFor } from '../../src/domain/law/time-limits'
import { CODE_LISTS, MEASURE_CODES, type DualCriminality, type MeasureCode, type RequestKind, type Urgency } from '../../src/domain/vocabulary'
import { fault } from '../../src/refusal'
import { loadRegister } from '../../src/register/load'

const register = loadRegister(join(__dirname, '..', '..', 'seeds', 'register'))
const instrument = (code: string): InstrumentRow => instrumentOf(register, code) ?? fault(`no ${code}`)

describe('double criminality', () => {
  test.each([
    // §4.4, the states' own rules
    ['DE', null, ['SEIZE'], 'COERCIVE_ONLY', 'YES'], ['DE', null, ['HEAR_WITNESS'], 'COERCIVE_ONLY', 'NO'], ['NL', null, [], 'COERCIVE_ONLY', 'NO'], ['CH', null, ['SEARCH_PREMISES'], 'COERCIVE_ONLY', 'YES'],
    ['ES', null, ['FREEZE'], 'COERCIVE_ONLY', 'YES'], ['PL', null, ['SEIZE'], 'COERCIVE_ONLY', 'YES'], ['PL', null, ['HEAR_WITNESS'], 'DISCRETIONARY', 'MAY'],
    ['FR', null, ['SEARCH_PREMISES'], 'NEVER', 'NO'], ['FR', null, ['FREEZE'], 'ALWAYS', 'YES'], ['IT', null, ['SEIZE'], 'DISCRETIONARY', 'MAY'],
    ['GB', null, ['SEARCH_PREMISES'], 'ALWAYS', 'YES'], ['GB', null, ['HEAR_WITNESS'], 'DISCRETIONARY', 'MAY'], ['US', null, ['HEAR_WITNESS'], 'NEVER', 'NO'], ['US', null, ['HEAR_WITNESS', 'SEARCH_PREMISES'], 'ALWAYS', 'YES'],
    ['CA', null, ['SEARCH_PREMISES'], 'NEVER', 'NO'], ['CA', null, ['CONFISCATE'], 'ALWAYS', 'YES'], ['BR', null, ['INTERCEPTION'], 'COERCIVE_ONLY', 'YES'], ['BR', null, ['DOCUMENTS'], 'NEVER', 'NO'],
    ['JP', null, ['HEAR_WITNESS'], 'ALWAYS', 'YES'], ['ZA', null, ['DOCUMENTS'], 'NEVER', 'NO'], ['ZA', null, ['FREEZE'], 'ALWAYS', 'YES'], ['NG', null, [], 'ALWAYS', 'YES'],
    // an instrument's rule goes before the state's
    ['FR', 'EIO', ['SEIZE'], 'COERCIVE_ONLY', 'YES'], ['FR', 'EIO', ['HEAR_WITNESS'], 'NEVER', 'NO'], ['JP', 'EU_JP09', ['HEAR_WITNESS'], 'COERCIVE_ONLY', 'NO'], ['JP', 'EU_JP09', ['SEARCH_PREMISES'], 'COERCIVE_ONLY', 'YES'],
    ['JP', 'US_JP03', ['SEIZE'], 'COERCIVE_ONLY', 'YES'], ['FR', 'EU_JP09', ['SEIZE'], 'NEVER', 'NO'], ['JP', 'COE185', ['CONTENT_STORED'], 'ALWAYS', 'YES'], ['ZA', 'UNTOC', ['SEIZE'], 'DISCRETIONARY', 'MAY'],
    ['ZA', 'UNCAC', ['HEAR_WITNESS'], 'NEVER', 'NO'], ['ZA', 'UNCAC', ['SEIZE'], 'DISCRETIONARY', 'MAY'],
  ] satisfies [string, string | null, MeasureCode[], DualCriminality, string][])('asked of %s under %s for %j is %s: %s', (requested, code, measures, rule, needed) => {
    expect(dualCriminalityFor(register, { instrument: code === null ? null : instrument(code), requested, kind: 'EVIDENCE', measures })).toMatchObject({ rule, test: { needed } })
  })

  test.each([
    ['EXTRADITION', 'COE024', 'ALWAYS'], ['EXTRADITION', 'UNTOC', 'ALWAYS'], ['EXTRADITION', 'COE185', 'ALWAYS'], ['PRESERVATION', 'COE185', 'NEVER'], ['TRANSFER_OF_SENTENCED_PERSON', 'COE112', 'ALWAYS'], ['CIVIL_EVIDENCE', 'HCCH70', 'NEVER'],
  ] satisfies [RequestKind, string, DualCriminality][])('for %s under %s is %s', (kind, code, rule) => {
    expect(dualCriminalityFor(register, { instrument: instrument(code), requested: 'JP', kind, measures: [] }).rule).toBe(rule)
  })

  test.each([
    ['EIO', 'EVIDENCE', { categories: ['TERRORISM'], maxPenaltyYears: 3 }, 'NEVER'], ['EIO', 'EVIDENCE', { categories: ['TERRORISM'], maxPenaltyYears: 2.9 }, 'COERCIVE_ONLY'], ['EIO', 'EVIDENCE', { categories: ['TERRORISM'] }, 'COERCIVE_ONLY'],
    ['EIO', 'EVIDENCE', { categories: ['JAYWALKING'], maxPenaltyYears: 9 }, 'COERCIVE_ONLY'], ['EIO', 'EVIDENCE', { maxPenaltyYears: 9 }, 'COERCIVE_ONLY'], ['EAW', 'EXTRADITION', { categories: ['RAPE'], maxPenaltyYears: 5 }, 'NEVER'],
    ['COE024', 'EXTRADITION', { categories: ['RAPE'], maxPenaltyYears: 5 }, 'ALWAYS'],
  ] satisfies [string, RequestKind, object, DualCriminality][])('under %s for %s with %j is %s: listed categories of at least three years alone are exempt', (code, kind, offence, rule) => {
    expect(dualCriminalityFor(register, { instrument: instrument(code), requested: 'FR', kind, measures: ['SEIZE'], offence }).rule).toBe(rule)
  })

  test('comes with its reason and source, Nigeria\'s alone verified', () => {
    expect(dualCriminalityFor(register, { instrument: null, requested: 'NG', kind: 'EVIDENCE', measures: [] }).test.reason).toMatch(/tested in Nigeria.*Act of 2019\)\)$/)
    expect(register.jurisdictions.flatMap(row => row.dualCriminality.map(each => [row.code, each.verified])).filter(([, verified]) => verified)).toEqual([['NG', true]])
    expect(dualCriminalityFor(register, { instrument: null, requested: 'RS', kind: 'EVIDENCE', measures: [] })).toMatchObject({ rule: 'DISCRETIONARY', row: null })
  })

  test('the state\'s own rule is asked by its row', () => {
    expect(dualCriminalityOf(register, { jurisdiction: jurisdictionOf(register, 'JP') ?? fault('no JP'), kind: 'EVIDENCE', measures: [] })).toBe('ALWAYS')
  })
})

describe('time limits', () => {
  const words = (code: string, kind: RequestKind, measures: MeasureCode[], urgency: Urgency | null): string[] =>
    timeLimitsFor(register, instrument(code), kind, measures, urgency).map(({ obligation, limit, runsFrom }) => `${obligation} ${limit} ${runsFrom}`)

  test.each([
    ['EIO', 'EVIDENCE', [], null, ['ACKNOWLEDGE P7D RECEIPT', 'DECIDE P30D RECEIPT', 'EXECUTE P90D DECISION']],
    ['EIO', 'EVIDENCE', ['PRESERVE'], null, ['ACKNOWLEDGE P7D RECEIPT', 'DECIDE P30D RECEIPT', 'EXECUTE P90D DECISION', 'DECIDE PT24H RECEIPT']],
    ['EIO', 'EVIDENCE', [], 'URGENT', ['ACKNOWLEDGE P7D RECEIPT', 'DECIDE P30D RECEIPT', 'EXECUTE P90D DECISION', 'ACKNOWLEDGE PT24H RECEIPT', 'DECIDE PT72H RECEIPT']],
    ['COE185', 'PRESERVATION', ['PRESERVE'], 'EMERGENCY', ['PRESERVE P60D ORDER', 'ACKNOWLEDGE PT2H RECEIPT', 'ACKNOWLEDGE PT1H RECEIPT', 'DECIDE PT24H RECEIPT']],
    ['COE185', 'EVIDENCE', [], 'ROUTINE', []],
    ['COE185', 'EVIDENCE', [], 'PRIORITY', ['ACKNOWLEDGE P3D RECEIPT']],
    ['COE024', 'EXTRADITION', [], null, ['RELEASE P18D ARREST', 'RELEASE P40D ARREST', 'RELEASE P15D AGREED_DATE', 'RELEASE P30D AGREED_DATE']],
    ['EAW', 'EXTRADITION', [], null, ['DECIDE P10D CONSENT', 'DECIDE P60D ARREST', 'SURRENDER P10D DECISION']],
    ['EU_2018_1805', 'ASSET_FREEZING', ['FREEZE'], 'ROUTINE', []],
    ['EU_2018_1805', 'ASSET_FREEZING', ['FREEZE'], 'URGENT', ['DECIDE PT48H RECEIPT', 'EXECUTE PT48H DECISION', 'ACKNOWLEDGE PT24H RECEIPT', 'DECIDE PT72H RECEIPT']],
    ['EU_2018_1805', 'ASSET_FREEZING', ['CONFISCATE'], 'ROUTINE', ['DECIDE P45D RECEIPT']],
    ['EU_2023_1543', 'SUBSCRIBER_INFORMATION', ['SUBSCRIBER'], 'EMERGENCY', ['EXECUTE PT8H RECEIPT', 'ACKNOWLEDGE PT1H RECEIPT', 'DECIDE PT24H RECEIPT']],
    ['EU_2023_1543', 'SUBSCRIBER_INFORMATION', ['SUBSCRIBER'], 'ROUTINE', ['EXECUTE P10D RECEIPT']],
    ['COE224', 'SUBSCRIBER_INFORMATION', ['SUBSCRIBER'], 'ROUTINE', ['EXECUTE P30D RECEIPT', 'SERVE P45D FULL_INFORMATION', 'EXECUTE P20D ORDER']],
    ['COE224', 'EVIDENCE', ['TRAFFIC_STORED'], 'ROUTINE', ['SERVE P45D FULL_INFORMATION', 'EXECUTE P45D ORDER']],
    ['COE209', 'EXTRADITION', [], null, ['DECIDE P20D CONSENT', 'SURRENDER P10D DECISION']],
    ['EU_GB_TCA', 'EVIDENCE', [], null, ['DECIDE P45D RECEIPT', 'EXECUTE P90D DECISION']],
    ['HCCH65', 'SERVICE_OF_DOCUMENTS', [], null, ['SERVE P6M TRANSMISSION']],
    ['UNTOC', 'EVIDENCE', [], null, []],
  ] satisfies [string, RequestKind, MeasureCode[], Urgency | null, string[]][])('of %s for %s %j at %s', (code, kind, measures, urgency, limits) => {
    expect(words(code, kind, measures, urgency)).toEqual(limits)
  })

  test('carry what they may be prolonged by', () => {
    expect(instrument('EIO').timeLimits.find(row => row.obligation === 'DECIDE')?.extension).toBe('P30D')
    expect(instrument('EAW').timeLimits.find(row => row.limit === 'P60D')?.extension).toBe('P30D')
    expect(instrument('EU_2023_1543').timeLimits.find(row => row.obligation === 'PRESERVE')).toMatchObject({ limit: 'P60D', extension: 'P30D' })
  })
})

test.each([
  ['COE185', 'FR', 'PRESERVATION', ['fr', 'en']], ['COE185', 'FR', 'EVIDENCE', ['fr']], ['EIO', 'NL', 'EVIDENCE', ['nl', 'en']], ['HCCH65', 'DE', 'SERVICE_OF_DOCUMENTS', ['de', 'en', 'fr']], ['EU_JP09', 'JP', 'EVIDENCE', ['ja']],
  ['UNTOC', 'CH', 'EVIDENCE', ['de', 'fr', 'it']], ['HARARE', 'ZA', 'EVIDENCE', ['en']], [null, 'BR', 'EVIDENCE', ['pt']], ['EIO', 'RS', 'EVIDENCE', []],
] as const)('under %s a request to %s for %s may be in %j', (code, state, kind, languages) => {
  expect(languagesFor(register, code === null ? null : instrument(code), state, kind)).toEqual(languages)
})

describe('institutions', () => {
  const of = (state: string, matter: string) => (jurisdictionOf(register, state) ?? fault(`no ${state}`)).institutions.filter(row => row.matter === matter)
  test.each([
    // §4.3: criminal, then civil
    ['DE', /Federal Office of Justice/, /in each Land/], ['FR', /Criminal Matters and Pardons/, /civil directorate/], ['GB', /Home Office.*Crown Office.*HMRC/, /Senior Master/], ['US', /Office of International Affairs/, /Office of International Judicial Assistance/],
    ['BR', /DRCI.*Federal Prosecution Service/, /DRCI/], ['JP', /Ministry of Justice.*National Public Safety Commission.*Ministry of Foreign Affairs/, /Ministry of Foreign Affairs/], ['NL', /AIRS.*IRC centres/, /court of The Hague/],
    ['ES', /Sub-Directorate General.*Public Prosecutor/, /Sub-Directorate General/], ['IT', /Department for Justice Affairs/, /UNEP office/], ['PL', /National Prosecutor's Office.*Ministry of Justice/, /regional courts/],
    ['CH', /Federal Office of Justice.*Cantons.*fedpol/, /Cantonal authorities.*Federal Office of Justice/], ['CA', /International Assistance Group/, /Provincial authorities.*Global Affairs/], ['ZA', /Justice and Constitutional Development/, /Justice and Constitutional Development/],
    ['NG', /Attorney-General of the Federation.*Central Authority Unit/, /^$/],
  ] as const)('of %s are those of the brief, criminal and civil', (state, criminal, civil) => {
    expect(of(state, 'CRIMINAL').map(row => row.name).join('; ')).toMatch(criminal)
    expect(of(state, 'CIVIL').map(row => row.name).join('; ')).toMatch(civil)
  })
  test('take one kind alone where the brief says so, and three are verified', () => {
    expect(register.jurisdictions.flatMap(({ code, institutions }) => institutions.filter(row => row.kinds).map(row => [code, row.kinds]))).toEqual([
      ['JP', ['SERVICE_OF_DOCUMENTS']], ['IT', ['SERVICE_OF_DOCUMENTS']], ['CH', ['CIVIL_EVIDENCE']], ['ZA', ['CIVIL_EVIDENCE']],
    ])
    expect(register.jurisdictions.flatMap(({ code, institutions }) => institutions.filter(row => row.verified).map(row => [code, row.matter]))).toEqual([['ES', 'CRIMINAL'], ['CH', 'CIVIL'], ['NG', 'CRIMINAL']])
    expect(register.authorities.filter(row => row.verified).map(row => row.country)).toEqual(['ES'])
  })
})

describe('parties', () => {
  const states = (code: string, on: string | null): string[] => partiesOn(instrument(code), on).map(party => party.state)
  test('on a day are those that are bound on it', () => {
    expect(states('COE182', '2005-01-31')).toEqual(['PL'])
    expect(states('COE182', '2005-02-01')).toEqual(['PL', 'CH'])
    expect(states('EIO', '2020-12-31')).toContain('GB')
    expect(states('EIO', '2021-01-01')).not.toContain('GB')
    expect(states('COE024', '1960-04-17')).toEqual([])
    expect(states('COE024', '2026-01-01')).toEqual(expect.arrayContaining(['IL', 'KR']))
  })
  test('of what is not in force are none, but coming ones are listed without a day', () => {
    expect(states('COE224', '2026-11-24')).toEqual([])
    expect(partiesOn(instrument('COE224'), null)).toMatchObject([{ state: 'JP', statements: [{ kind: 'RESERVATION', article: '7', verified: true }] }, { state: 'RS' }])
  })
  test.each([
    ['COE030', 'DE', true], ['COE030', 'GB', false], ['COE112', 'BR', true], ['COE112', 'US', false], ['COE024', 'ZA', true], ['COE024', 'DE', false], ['UNTOC', 'CA', true], ['UNTOC', 'FR', false], ['COE185', 'FR', true], ['COE185', 'CA', false],
    ['EU2000', 'DE', true], ['EU2000', 'ES', false], ['EIO', 'GB', true], ['EAW', 'GB', false], ['HCCH70', 'NL', true], ['UN1988', 'NL', true], ['COE198', 'NL', true], ['COE099', 'PL', false], ['OAS92', 'BR', false],
  ] as const)('the row of %s for %s is verified: %s, as the brief ticks it', (code, state, verified) => {
    expect(instrument(code).parties.find(party => party.state === state)?.verified).toBe(verified)
  })
  test.each([['ES', '2005-12-31'], ['PL', '2005-12-31'], ['IT', '2018-12-31']])('of a year alone, %s, counts from its last day, not verified, with a note', (state, inForceOn) => {
    expect(instrument('EU2000').parties.find(party => party.state === state)).toMatchObject({ inForceOn, verified: false, note: expect.stringContaining('year') })
  })
})

test.each([
  ['COE030', true], ['COE182', true], ['COE112', true], ['COE198', true], ['COE185', true], ['COE224', true], ['UNTOC', true], ['UN1988', true], ['EU2000', true], ['EU_JP09', true], ['EU_US03', true], ['OAS92', true], ['MEDELLIN', true], ['US_CH', true],
  ['UNCAC', false], ['HCCH65', false], ['HCCH70', false], ['EIO', false], ['EAW', false], ['HARARE', false], ['US_GB94', false], ['BR_US97', false], ['COE098', false], ['US_FR', false], ['ASEAN04', false], ['EU_GB_TCA', false],
])('the instrument %s is verified: %s', (code, verified) => expect(instrument(code).verified).toBe(verified))

describe('codes', () => {
  test('every list of the contract has codes, and measures are exactly the contract\'s', () => {
    for (const list of CODE_LISTS) expect(codesOf(register, list, '2026-11-24').length).toBeGreaterThan(4)
    expect(codesOf(register, 'MEASURE', null).map(row => row.code)).toEqual(MEASURE_CODES)
    expect([codesOf(register, 'REFUSAL_GROUND', null).length, codesOf(register, 'POSTPONEMENT_GROUND', null).length, codesOf(register, 'CONDITION', null).length, codesOf(register, 'OBJECTION', null).length, codesOf(register, 'OUTCOME', null).length, codesOf(register, 'OFFENCE_CATEGORY', null).length])
      .toEqual([31, 8, 10, 10, 18, 32])
  })
  test.each([
    ['REFUSAL_GROUND', 'NO_DUAL_CRIMINALITY', true], ['REFUSAL_GROUND', 'BANK_SECRECY', false], ['USE_RESTRICTION', 'USE_ONLY_FOR_CASE', true], ['LANGUAGE', 'uk', true], ['LANGUAGE', 'xx', false], ['LANGUAGE', 'FR', false],
    ['CONDITION', 'no_death_penalty', false], ['PERSON_ROLE', 'ADDRESSEE', true], ['IDENTIFIER_KIND', 'IP_ADDRESS', true], ['PERSON_ROLE', '', false], ['PERSON_ROLE', '__proto__', false], ['OUTCOME', 'constructor', false],
  ] as const)('%s %j is a code: %s', (list, code, known) => expect(isCode(register, list, code, '2026-11-24')).toBe(known))
  test('a retired code stands until its last day and names what replaced it', () => {
    const row = { list: 'OUTCOME', text: 'x', source: 's', verified: false } as const
    const retired: Register = { ...register, codes: [{ ...row, code: 'OLD', until: '2026-06-30', replacedBy: 'NEW' }, { ...row, code: 'NEW', from: '2026-07-01' }] }
    expect(codesOf(retired, 'OUTCOME', '2026-06-30')).toMatchObject([{ code: 'OLD', replacedBy: 'NEW' }])
    expect(codesOf(retired, 'OUTCOME', '2026-07-01').map(each => each.code)).toEqual(['NEW'])
    expect(codesOf(retired, 'OUTCOME', null).map(each => each.code)).toEqual(['OLD', 'NEW'])
    expect([isCode(retired, 'OUTCOME', 'OLD', '2026-07-01'), isCode(retired, 'OUTCOME', 'NEW', '2026-06-30')]).toEqual([false, false])
  })
})
