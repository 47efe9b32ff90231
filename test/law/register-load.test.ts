import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codesOf, isCode } from '../../src/domain/law/codes'
import { languagesFor } from '../../src/domain/law/languages'
import { legalBases, partiesOn } from '../../src/domain/law/legal-bases'
import { instrumentOf, jurisdictionOf } from '../../src/domain/law/register-index'
import type { LegalBasisQuestion } from '../../src/domain/law/register'
import { refusalFindings } from '../../src/domain/law/refusal-findings'
import { reliedLaw } from '../../src/domain/law/relied-law'
import { timeLimitsFor } from '../../src/domain/law/time-limits'
import * as vocabulary from '../../src/domain/vocabulary'
import type { RequestKind } from '../../src/domain/vocabulary'
import { Refusal } from '../../src/refusal'
import { isDay, isState, isTimeZone } from '../../src/register/known'
import { loadRegister } from '../../src/register/load'

const SEEDS = join(__dirname, '..', '..', 'seeds')
type Json = Record<string, unknown>

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'register-')); cpSync(join(SEEDS, 'register'), folder, { recursive: true }) })
afterEach(() => rmSync(folder, { recursive: true }))

const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T
const write = (file: string, rows: unknown): void => writeFileSync(join(folder, file), JSON.stringify(rows))
const change = <T>(file: string, edit: (rows: T) => void): void => { const rows = read<T>(file); edit(rows); write(file, rows) }
const refusal = (): Refusal => {
  try { loadRegister(folder) } catch (error) { if (error instanceof Refusal) return error; throw error }
  return new Refusal('INTERNAL_SERVER_ERROR', 'nothing was refused')
}
const question = (more: Partial<LegalBasisQuestion>): LegalBasisQuestion => ({ requesting: 'DE', requested: 'FR', kind: 'EVIDENCE', matter: 'CRIMINAL', measures: [], on: '2026-11-24', ...more })
const sourced = { source: 'OJ', verified: false }

describe('the register as it comes', () => {
  test('has the instruments of the brief, fourteen states with one authority each, a version', () => {
    const register = loadRegister(folder)
    const codes = register.instruments.map(row => row.code)
    expect(codes).toEqual(expect.arrayContaining(['COE024', 'COE030', 'COE098', 'COE099', 'COE182', 'COE112', 'COE141', 'COE198', 'COE185', 'COE224', 'UNTOC', 'UNCAC', 'UN1988', 'HCCH65', 'HCCH70', 'EU2000', 'EIO', 'EAW', 'OAS92', 'ASEAN04', 'HARARE',
      'US_GB94', 'US_DE03', 'US_JP03', 'EU_US03', 'EU_JP09', 'BR_US97', 'COE209', 'COE212', 'EU_2018_1805', 'EU_2023_1543', 'EU_2023_2844', 'EU_GB_TCA', 'US_GB_DAA', 'MEDELLIN', 'UN_CYBER24', 'LJUBLJANA23', 'US_CH', 'US_NL', 'US_IT', 'US_CA', 'US_NG', 'US_ZA', 'US_FR', 'US_ES', 'US_PL']))
    expect(register.jurisdictions.map(row => row.code).sort()).toEqual(register.authorities.map(row => row.country).sort())
    expect(register.authorities).toHaveLength(14)
    expect(register.authorities.find(row => row.country === 'DE')).toMatchObject({ id: 'authority:DE', competences: expect.arrayContaining(['EVIDENCE', 'CIVIL_EVIDENCE', 'SERVICE_OF_DOCUMENTS']) })
    expect(register.version).toBeGreaterThanOrEqual(1)
    expect(isDay(register.asOf)).toBe(true)
  })

  test('says of every row as of when it speaks: by itself, by its file, or by the register', () => {
    change<{ parties: Json[] }>('instruments/EIO.json', row => { row.parties[0] = { ...row.parties[0], asOf: '2026-09-01' } })
    const register = loadRegister(folder)
    expect(instrumentOf(register, 'EIO')?.parties.slice(0, 2).map(row => row.asOf)).toEqual(['2026-09-01', '2026-06-30'])
    expect(instrumentOf(register, 'COE224')?.parties[0]?.statements?.[0]?.asOf).toBe('2025-11-30')
    expect(register.codes[0]?.asOf).toBe(register.asOf)
  })

  test('carries a source on every row', () => {
    const rows: unknown[] = []
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('verified' in value) rows.push(value)
      Object.values(value).forEach(walk)
    }
    const { instruments, jurisdictions, authorities, codes, urgencyLimits } = loadRegister(folder)
    walk([instruments, jurisdictions, authorities, codes, urgencyLimits])
    expect(rows.length).toBeGreaterThan(600)
    expect(rows.filter(row => !(row as Json)['source'] || !isDay(String((row as Json)['asOf'])))).toEqual([])
  })

  test('names in its schemas the words of the contract, no more and no fewer', () => {
    const { definitions } = JSON.parse(readFileSync(join(SEEDS, 'schema', 'terms.json'), 'utf8')) as { definitions: Record<string, { enum?: string[]; items?: { enum: string[] } }> }
    const named = { kind: 'REQUEST_KINDS', matter: 'MATTERS', measure: 'MEASURE_CODES', urgency: 'URGENCIES', obligation: 'OBLIGATIONS', clockStart: 'CLOCK_STARTS', dayCounting: 'DAY_COUNTINGS', dualCriminality: 'DUAL_CRIMINALITIES', codeList: 'CODE_LISTS' } as const
    for (const [name, tuple] of Object.entries(named)) expect(definitions[name]?.enum).toEqual([...vocabulary[tuple]])
    expect([definitions['kinds']?.items?.enum, definitions['measures']?.items?.enum]).toEqual([[...vocabulary.REQUEST_KINDS], [...vocabulary.MEASURE_CODES]])
  })
})

describe('a wrong row stops the start and is named by file, path and fault', () => {
  const EIO = 'instruments/EIO.json'
  const table: [string, string, (rows: never) => void, string][] = [
    ['an unknown kind', EIO, (row: { kinds: string[] }) => row.kinds.push('TELEPATHY'), 'instruments/EIO.json: /kinds/2: must be one of EVIDENCE'],
    ['an unknown measure', EIO, (row: Json) => { row['measuresCovered'] = ['MINDREADING'] }, '/measuresCovered/0: must be one of'],
    ['an unknown field', EIO, (row: Json) => { row['inforceOn'] = '2017-05-22' }, 'instruments/EIO.json: /: unknown field inforceOn'],
    ['a missing source', EIO, (row: Json) => { delete row['source'] }, "instruments/EIO.json: /: must have required property 'source'"],
    ['an empty source', EIO, (row: { parties: Json[] }) => { row.parties[0] = { ...row.parties[0], source: '' } }, '/parties/0/source: must NOT have fewer than 1 characters'],
    ['a mark that is a word', EIO, (row: Json) => { row['verified'] = 'yes' }, '/verified: must be boolean'],
    ['a day that does not exist', EIO, (row: { parties: Json[] }) => { row.parties[1] = { ...row.parties[1], inForceOn: '2023-02-30' } }, 'instruments/EIO.json: /parties/1/inForceOn: must be a day, YYYY-MM-DD'],
    ['a limit in two units', EIO, (row: { timeLimits: Json[] }) => { row.timeLimits[0] = { ...row.timeLimits[0], limit: 'P1M2D' } }, '/timeLimits/0/limit'],
    ['an unknown obligation', EIO, (row: { timeLimits: Json[] }) => { row.timeLimits[0] = { ...row.timeLimits[0], obligation: 'PONDER' } }, '/timeLimits/0/obligation: must be one of'],
    ['signed after it came into force', EIO, (row: Json) => { row['signedOn'] = '2018-01-01' }, 'instruments/EIO.json: /inForceOn: 2017-05-22 is before signedOn 2018-01-01'],
    ['a party before the instrument', EIO, (row: { parties: Json[] }) => { row.parties[0] = { ...row.parties[0], inForceOn: '2016-01-01' } }, '/parties/0/inForceOn: 2016-01-01 is before the instrument came into force'],
    ['a party that left before it came', EIO, (row: { parties: Json[] }) => { row.parties[0] = { ...row.parties[0], endsOn: '2017-05-01' } }, '/parties/0/endsOn: 2017-05-01 is before inForceOn'],
    ['a party to what has no day', 'instruments/COE224.json', (row: { parties: Json[] }) => { row.parties[0] = { ...row.parties[0], inForceOn: '2026-01-01' } }, 'instruments/COE224.json: /parties/0/inForceOn: the instrument itself has no day'],
    ['a state that does not exist', EIO, (row: { parties: Json[] }) => { row.parties[0] = { ...row.parties[0], state: 'UK' } }, 'instruments/EIO.json: /parties/0/state: UK is no state of ISO 3166-1'],
    ['a party twice', EIO, (row: { parties: Json[] }) => { row.parties.push({ ...row.parties[0] }) }, '/parties/7/state: DE is party already'],
    ['party and absent at once', EIO, (row: { absent: Json[] }) => { row.absent.push({ state: 'DE', status: 'NOT_SIGNED', ...sourced }) }, '/absent/2/state: DE is party and absent at once'],
    ['displacing what is unknown', EIO, (row: { displaces: string[] }) => { row.displaces.push('COE999') }, '/displaces/4: COE999 is no other instrument of the register'],
    ['displacing itself', EIO, (row: { displaces: string[] }) => { row.displaces.push('EIO') }, '/displaces/4: EIO is no other instrument'],
    ['a kind through what is unknown', 'instruments/COE030.json', (row: { kindLimits: Json[] }) => { row.kindLimits[0] = { ...row.kindLimits[0], through: 'COE999' } }, '/kindLimits/0/through: COE999 is no instrument of the register'],
    ['articles of a kind not covered', EIO, (row: { articles: Json }) => { row.articles['EXTRADITION'] = ['1'] }, '/articles/EXTRADITION: not a kind of this instrument'],
    ['a limit of a kind not covered', EIO, (row: { timeLimits: Json[] }) => { row.timeLimits[0] = { ...row.timeLimits[0], kinds: ['EXTRADITION'] } }, '/timeLimits/0/kinds/0: EXTRADITION is no kind of this instrument'],
    ['a language that is none', 'instruments/HCCH65.json', (row: { languages: Json[] }) => { row.languages[0] = { ...row.languages[0], add: ['en', 'xx'] } }, '/languages/0/add/1: xx is no code of the list LANGUAGE'],
    ['an offence category that is none', 'instruments/UNCAC.json', (row: { offence: Json[] }) => { row.offence[0] = { ...row.offence[0], categories: ['GREED'] } }, '/offence/0/categories/0: GREED is no code'],
    ['a side that is no party', 'instruments/EU_JP09.json', (row: { sides: { other: string[] } }) => { row.sides.other.push('KR') }, '/sides/other/1: KR is no party of this instrument'],
    ['an unverified day on a verified row', 'instruments/COE030.json', (row: Json) => { row['unverified'] = ['inForceOn'] }, '/verified: a row with an unverified day is not verified'],
    ['a code under another name', EIO, (row: Json) => { row['code'] = 'EIO2' }, 'instruments/EIO.json: /code: this file must hold EIO'],
    ['a code of another list', 'codes/OUTCOME.json', (rows: Json[]) => { rows[3] = { ...rows[3], list: 'CONDITION' } }, 'codes/OUTCOME.json: /3/list: this file must hold codes of OUTCOME'],
    ['a code twice', 'codes/OUTCOME.json', (rows: Json[]) => { rows.push({ ...rows[0] }) }, 'codes/OUTCOME.json: /18/code: FULL is there twice'],
    ['a code replaced by none', 'codes/OUTCOME.json', (rows: Json[]) => { rows[0] = { ...rows[0], replacedBy: 'WHOLE' } }, 'codes/OUTCOME.json: /0/replacedBy: WHOLE is no code of this list'],
    ['a code that ends before it begins', 'codes/OUTCOME.json', (rows: Json[]) => { rows[0] = { ...rows[0], from: '2026-02-01', until: '2026-01-01' } }, 'codes/OUTCOME.json: /0/until: 2026-01-01 is before from'],
    ['a measure that the contract has not', 'codes/MEASURE.json', (rows: Json[]) => { rows.push({ list: 'MEASURE', code: 'MINDREADING', text: 'x', ...sourced }) }, 'codes/MEASURE.json: /40/code: MINDREADING is no measure'],
    ['a time zone that is none', 'jurisdictions.json', (rows: Json[]) => { rows[0] = { ...rows[0], capitalTimeZone: 'Europe/Bonn' } }, 'jurisdictions.json: /0/capitalTimeZone: Europe/Bonn is no time zone'],
    ['a jurisdiction twice', 'jurisdictions.json', (rows: Json[]) => { rows.push({ ...rows[0] }) }, 'jurisdictions.json: /14/code: DE is there twice'],
    ['an authority of no jurisdiction', 'authorities.json', (rows: Json[]) => { rows[0] = { ...rows[0], country: 'AT', id: 'authority:AT' } }, 'authorities.json: /0/country: AT is no jurisdiction'],
    ['an authority under another id', 'authorities.json', (rows: Json[]) => { rows[0] = { ...rows[0], id: 'authority:FR' } }, 'authorities.json: /0/id: must be authority:DE'],
    ['a version of nothing', 'register.json', (row: Json) => { row['version'] = 0 }, 'register.json: /version: must be >= 1'],
    ['an unknown level', 'urgency-limits.json', (rows: Json[]) => { rows[0] = { ...rows[0], urgencies: ['PANIC'] } }, 'urgency-limits.json: /0/urgencies/0: must be one of ROUTINE'],
    ['a rule on double criminality of a kind not covered', 'instruments/COE112.json', (row: { dualCriminality: Json[] }) => { row.dualCriminality[0] = { ...row.dualCriminality[0], kinds: ['EVIDENCE'] } }, '/dualCriminality/0/kinds/0: EVIDENCE is no kind of this instrument'],
    ['an offence of a kind not covered', 'instruments/COE024.json', (row: { offence: Json[] }) => { row.offence[0] = { ...row.offence[0], kinds: ['EVIDENCE'] } }, '/offence/0/kinds/0: EVIDENCE is no kind'],
    ['a language for a kind not covered', 'instruments/COE185.json', (row: { languages: Json[] }) => { row.languages[0] = { ...row.languages[0], kinds: ['CIVIL_EVIDENCE'] } }, '/languages/0/kinds/0: CIVIL_EVIDENCE is no kind'],
    ['made for a kind not covered', EIO, (row: Json) => { row['specificTo'] = { kinds: ['EXTRADITION'] } }, '/specificTo/kinds/0: EXTRADITION is no kind'],
    ['two sides that share a state', 'instruments/EU_JP09.json', (row: { sides: { other: string[] } }) => { row.sides.other.push('DE') }, '/sides/other/1: DE is no state of the other side alone'],
    ['a statement that ends before it begins', 'instruments/COE224.json', (row: { parties: { statements: Json[] }[] }) => { row.parties[0]?.statements.push({ kind: 'DECLARATION', text: 'x', from: '2026-02-01', until: '2026-01-01', ...sourced }) }, '/parties/0/statements/1/until: 2026-01-01 is before from'],
    ['a limit on a kind that ends before it begins', 'instruments/HARARE.json', (row: { kindLimits: Json[] }) => { row.kindLimits[0] = { ...row.kindLimits[0], until: '2001-01-01' } }, '/kindLimits/0/until: 2001-01-01 is before from'],
    ['a jurisdiction without institutions', 'jurisdictions.json', (rows: Json[]) => { delete rows[0]?.['institutions'] }, "jurisdictions.json: /0: must have required property 'institutions'"],
    ['a field of a measure class that is none', 'templates.json', (rows: { fields: Json[] }) => { rows.fields.forEach((row, i) => { if (row['path'] === 'dossier.timeWindow') rows.fields[i] = { ...row, measureClasses: ['TELEPATHY'] } }) }, 'measureClasses/0: TELEPATHY is no class of measures'],
    ['a field on a condition that is not said', 'templates.json', (rows: { fields: Json[] }) => { rows.fields.forEach(row => { if (row['path'] === 'dossier.emergencyStatement') delete row['condition'] }) }, 'a conditional field needs a condition, and because in words'],
    ['a field without a row for a kind', 'templates.json', (rows: { fields: { presence: Json }[] }) => { delete rows.fields[0]?.presence['EVIDENCE'] }, 'templates.json: /fields/0/presence: no row of kind is for EVIDENCE'],
    ['a field with two rows for a kind', 'templates.json', (rows: { fields: Json[] }) => { rows.fields.push({ ...rows.fields[0] }) }, '/presence/EVIDENCE: kind has a row for this kind already'],
    ['a kind without a row', 'templates.json', (rows: { kinds: Json[] }) => { rows.kinds.shift() }, 'templates.json: /kinds: EVIDENCE is missing'],
    ['a kind about a role that is none', 'templates.json', (rows: { kinds: Json[] }) => { rows.kinds[3] = { ...rows.kinds[3], persons: ['VILLAIN'] } }, '/kinds/3/persons/0: VILLAIN is no code of the list PERSON_ROLE'],
    ['no coercive measures', 'templates.json', (rows: { measureClasses: Json[] }) => { rows.measureClasses.shift() }, '/measureClasses: COERCIVE is missing'],
    ['a code said to be none', 'templates.json', (rows: { noCodes: Json[] }) => { rows.noCodes[0] = { ...rows.noCodes[0], code: 'DE_MINIMIS' } }, '/noCodes/0/code: DE_MINIMIS is a code of the list REFUSAL_GROUND'],
    ['a template of no kind', 'templates.json', (rows: { kinds: Json[] }) => { rows.kinds[0] = { ...rows.kinds[0], kind: 'TELEPATHY' } }, 'templates.json: /kinds/0/kind: must be one of EVIDENCE'],
  ]
  test.each(table)('%s', (_, file, edit, fault) => {
    change(file, edit as (rows: unknown) => void)
    expect(refusal()).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining(fault) })
  })

  test('all wrong rows at once, in one refusal', () => {
    change<Json>(EIO, row => { row['verified'] = 1 })
    change<Json[]>('codes/OUTCOME.json', rows => { rows[0] = { ...rows[0], text: 7 } })
    unlinkSync(join(folder, 'jurisdictions.json'))
    const { message, facts } = refusal()
    expect(message).toMatch(/EIO\.json: \/verified[^]*jurisdictions\.json: \/: cannot be read/)
    expect(message).toContain('codes/OUTCOME.json: /0/text: must be string')
    expect(facts['faults']).toHaveLength(3)
  })

  test.each([['not JSON', '{"code": '], ['an empty file', ''], ['null', 'null'], ['a list', '[]'], ['a prototype', '{"__proto__": {"code": "EIO"}}']])('%s', (_, text) => {
    writeFileSync(join(folder, EIO), text)
    expect(refusal()).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('instruments/EIO.json: /') })
  })

  test('no folder at all', () => {
    rmSync(join(folder, 'instruments'), { recursive: true })
    expect(refusal().message).toContain('instruments: /: this folder cannot be read')
  })
})

describe('a change of data alone', () => {
  test('adds an instrument, which is then usable', () => {
    write('instruments/BR_CH30.json', {
      code: 'BR_CH30', title: 'Treaty between Brazil and Switzerland', subject: 'Mutual legal assistance', ...sourced, asOf: '2026-10-01', signedOn: '2025-01-01', inForceOn: '2026-01-01', level: 'BILATERAL', matters: ['CRIMINAL'], kinds: ['EVIDENCE'], articles: { EVIDENCE: ['4'] },
      centralAuthorityRequired: true, channel: 'Central authority', timeLimits: [], parties: [{ state: 'BR', inForceOn: '2026-01-01', ...sourced }, { state: 'CH', inForceOn: '2026-01-01', ...sourced }],
    })
    const register = loadRegister(folder)
    expect(legalBases(register, question({ requesting: 'BR', requested: 'CH' })).usable[0]).toMatchObject({ instrument: { code: 'BR_CH30' }, articles: ['4'] })
    expect(legalBases(register, question({ requesting: 'BR', requested: 'CH', on: '2025-12-31' })).excluded.find(each => each.instrument.code === 'BR_CH30')?.because).toBe('NOT_IN_FORCE')
  })

  test('adds a party date, from which the instrument is usable', () => {
    change<{ parties: Json[]; absent: Json[] }>('instruments/COE185.json', row => {
      row.absent = row.absent.filter(each => each['state'] !== 'ZA')
      row.parties.push({ state: 'ZA', inForceOn: '2026-11-01', source: 'Treaty Office', verified: true })
    })
    const register = loadRegister(folder)
    const usable = (on: string): string[] => legalBases(register, question({ requested: 'ZA', kind: 'PRESERVATION', on })).usable.map(each => each.instrument.code)
    expect([usable('2026-10-31'), usable('2026-11-01')]).toEqual([[], ['COE185']])
    expect(partiesOn(instrumentOf(register, 'COE185') ?? register.instruments[0] as never, '2026-11-24').map(party => party.state)).toContain('ZA')
  })

  test('brings an instrument into force', () => {
    change<Json & { parties: Json[] }>('instruments/COE224.json', row => { row['inForceOn'] = '2026-09-01'; row['parties'] = [...row.parties, { state: 'US', inForceOn: '2026-09-01', ...sourced }] as never; row['absent'] = [] as never })
    const answer = legalBases(loadRegister(folder), question({ requesting: 'US', requested: 'JP', kind: 'SUBSCRIBER_INFORMATION', measures: ['SUBSCRIBER'] }))
    expect(answer.usable.find(each => each.instrument.code === 'COE224')).toMatchObject({ articles: ['8'], conditions: expect.arrayContaining([expect.stringContaining('reservation on art. 7')]) })
  })

  test('adds a time limit, which is then counted', () => {
    change<{ timeLimits: Json[] }>('instruments/UNTOC.json', row => { row.timeLimits.push({ obligation: 'EXECUTE', limit: 'P90D', runsFrom: 'DECISION', kinds: ['EVIDENCE'], source: 'Conference decision', verified: false }) })
    const register = loadRegister(folder), untoc = instrumentOf(register, 'UNTOC')
    expect(untoc && timeLimitsFor(register, untoc, 'EVIDENCE', [], null)).toMatchObject([{ obligation: 'EXECUTE', limit: 'P90D' }])
    expect(legalBases(register, question({ requesting: 'BR', requested: 'ZA' })).usable.find(each => each.instrument.code === 'UNTOC')?.timeLimits).toHaveLength(1)
  })

  test('adds that an instrument has the requested side consult before it refuses, which its basis says and a refusal without it is told', () => {
    change<Json>('instruments/UNCAC.json', row => { row['consultBeforeRefusal'] = [{ because: 'Before it refuses, the requested side consults', kinds: ['EVIDENCE'], source: 'Conference decision', verified: false }] })
    const register = loadRegister(folder)
    const asked = { requesting: 'BR', requested: 'ZA', legalBases: [{ treatyCode: 'UNCAC' }], measures: [] }
    const DAY = '2026-11-24'
    const refused = { decision: { at: `${DAY}T10:00:00.000Z`, result: 'REFUSED' as const, said: null }, consultedAt: null }
    const findings = (kind: RequestKind): string[] => refusalFindings({ kind, ...refused }, reliedLaw(register, { ...asked, kind, matter: 'CRIMINAL' }, DAY)).map(found => `${found.code}: ${found.source}`)
    expect(legalBases(register, question({ requesting: 'BR', requested: 'ZA' })).usable.find(each => each.instrument.code === 'UNCAC')?.conditions).toContain('Before it refuses, the requested side consults (Conference decision)')
    expect(findings('EVIDENCE')).toEqual(['CONSULTATION_NOT_LOGGED: Conference decision'])
    expect(findings('ASSET_FREEZING')).toEqual([])
  })

  test('adds a refusal code and retires another', () => {
    change<Json[]>('codes/REFUSAL_GROUND.json', rows => {
      rows.push({ list: 'REFUSAL_GROUND', code: 'STATELESS_PERSON', text: 'Statelessness', from: '2026-07-01', ...sourced })
      rows.forEach((row, i) => { if (row['code'] === 'OVERBROAD') rows[i] = { ...row, until: '2026-06-30', replacedBy: 'DISPROPORTIONATE' } })
    })
    const register = loadRegister(folder)
    expect(['2026-06-30', '2026-07-01'].map(on => [isCode(register, 'REFUSAL_GROUND', 'STATELESS_PERSON', on), isCode(register, 'REFUSAL_GROUND', 'OVERBROAD', on)])).toEqual([[false, true], [true, false]])
    expect(codesOf(register, 'REFUSAL_GROUND', null).find(row => row.code === 'OVERBROAD')?.replacedBy).toBe('DISPROPORTIONATE')
  })

  test('adds a jurisdiction with its authority, which can then be asked', () => {
    change<Json[]>('jurisdictions.json', rows => { rows.push({ code: 'AT', name: 'Austria', legalTradition: 'civil law', capitalTimeZone: 'Europe/Vienna', acceptedLanguages: ['de'], dualCriminality: [{ measureClass: 'ANY', rule: 'COERCIVE_ONLY', ...sourced }], institutions: [{ matter: 'CIVIL', name: 'Federal Ministry of Justice', ...sourced }], ...sourced, asOf: '2026-10-01' }) })
    change<Json[]>('authorities.json', rows => { rows.push({ id: 'authority:AT', code: 'AT', country: 'AT', name: 'Federal Ministry of Justice', competences: ['EVIDENCE'], languages: ['de'], ...sourced, asOf: '2026-10-01' }) })
    change<{ parties: Json[] }>('instruments/EIO.json', row => { row.parties.push({ state: 'AT', inForceOn: '2018-07-01', ...sourced }) })
    const register = loadRegister(folder)
    expect(jurisdictionOf(register, 'AT')?.name).toBe('Austria')
    expect(legalBases(register, question({ requested: 'AT' })).usable[0]).toMatchObject({ instrument: { code: 'EIO' }, languages: ['de'], dualCriminality: 'COERCIVE_ONLY' })
    expect(languagesFor(register, null, 'AT', 'EVIDENCE')).toEqual(['de'])
  })
})

test.each([
  [isState, 'DE', true], [isState, 'GB', true], [isState, 'SS', true], [isState, 'UK', false], [isState, 'EU', false], [isState, 'SU', false], [isState, 'DD', false], [isState, 'ZZ', false], [isState, 'XK', false], [isState, 'de', false], [isState, 'DEU', false], [isState, '', false],
  [isDay, '2024-02-29', true], [isDay, '2023-02-29', false], [isDay, '2023-13-01', false], [isDay, '2023-1-1', false], [isDay, '2023-01-01T00:00:00Z', false], [isDay, '', false], [isDay, '0001-01-01', false],
  [isTimeZone, 'Asia/Tokyo', true], [isTimeZone, 'Asia/Kioto', false], [isTimeZone, '', false],
] as [(text: string) => boolean, string, boolean][])('%p knows %p: %p', (knows, text, known) => expect(knows(text)).toBe(known))
