import fc from 'fast-check'
import { join } from 'node:path'
import { knownLegalBases } from '../../src/domain/law/known-bases'
import { legalBases, partiesOn } from '../../src/domain/law/legal-bases'
import type { InstrumentRow, LegalBasisAnswer, LegalBasisQuestion, Register } from '../../src/domain/law/register'
import { MATTERS, MEASURE_CODES, REQUEST_KINDS, type Matter, type MeasureCode, type RequestKind } from '../../src/domain/vocabulary'
import { loadRegister } from '../../src/register/load'
import { KINDS, TABLE } from './legal-bases.table'

const register = loadRegister(join(__dirname, '..', '..', 'seeds', 'register'))
const STATES = ['DE', 'FR', 'GB', 'US', 'BR', 'JP', 'NL', 'ES', 'IT', 'PL', 'CH', 'CA', 'ZA', 'NG']

interface Row { line: string; question: LegalBasisQuestion; usable: string[]; excluded: Record<string, string> }

function parse(line: string): Row {
  const [asked = '', usable = '', excluded = ''] = line.split(/ :(?= |$)/)
  const [requesting = '', requested = '', of = '', on = '', ...more] = asked.trim().split(' ')
  const [kind = '', matter = 'CRIMINAL'] = of.split('/')
  const measures = more.flatMap(part => (part.startsWith('[') ? part.slice(1, -1).split(',') : [])) as MeasureCode[]
  const years = more.find(part => /^[\d.]+y$/.test(part)), category = more.find(part => part.startsWith('#'))
  const offence = years || category ? { offence: { ...(years && { maxPenaltyYears: parseFloat(years) }), ...(category && { categories: [category.slice(1)] }) } } : {}
  const words = (text: string): string[] => text.trim().split(' ').filter(Boolean)
  return {
    line: asked.trim(), usable: words(usable), excluded: Object.fromEntries(words(excluded).map(pair => pair.split('='))) as Record<string, string>,
    question: { requesting, requested, kind: KINDS[kind as keyof typeof KINDS], matter: matter as Matter, measures, on, ...offence },
  }
}

const rows = TABLE.trim().split('\n').map(parse)
const ask = (question: Partial<LegalBasisQuestion>, of: Register = register) =>
  legalBases(of, { requesting: 'DE', requested: 'FR', kind: 'EVIDENCE', matter: 'CRIMINAL', measures: [], on: '2026-11-24', ...question })
const excludedFor = (question: Partial<LegalBasisQuestion>, code: string, of: Register = register) => ask(question, of).excluded.find(each => each.instrument.code === code)
const usableFor = (question: Partial<LegalBasisQuestion>, code: string, of: Register = register) => ask(question, of).usable.find(each => each.instrument.code === code)

function anyDay(): fc.Arbitrary<string> {
  return fc.integer({ min: Date.UTC(1950, 0, 1) / 86_400_000, max: Date.UTC(2026, 11, 31) / 86_400_000 }).map(n => new Date(n * 86_400_000).toISOString().slice(0, 10))
}
const inWords = (answer: LegalBasisAnswer): object => ({ ...answer, excluded: answer.excluded.map(({ instrument, because, explanation }) => ({ code: instrument.code, because, explanation })) })

test('the table holds at least 120 different questions, none with a misspelt word', () => {
  expect(new Set(rows.map(row => row.line)).size).toBe(rows.length)
  expect(rows.length).toBeGreaterThanOrEqual(120)
  const known = register.instruments.map(row => row.code)
  for (const { question, usable, excluded } of rows) {
    expect(REQUEST_KINDS).toContain(question.kind)
    for (const measure of question.measures) expect(MEASURE_CODES).toContain(measure)
    for (const code of [...usable, ...Object.keys(excluded)]) expect(known).toContain(code)
  }
})

test('the table names every instrument, and every displacement', () => {
  const named = new Set(rows.flatMap(row => [...row.usable, ...Object.keys(row.excluded)]))
  expect(register.instruments.map(row => row.code).filter(code => !named.has(code))).toEqual([])
  const displaced = new Set(rows.flatMap(row => Object.entries(row.excluded).flatMap(([code, because]) => (because === 'DISPLACED' ? row.usable.map(by => `${by} ${code}`) : []))))
  expect(register.instruments.flatMap(({ code, displaces = [] }) => displaces.map(other => `${code} ${other}`)).filter(pair => !displaced.has(pair))).toEqual([])
})

test.each(rows.map(row => [row.line, row] as const))('a case handler who asks %s is told what to cite, best first, and why not the others', (_, { question, usable, excluded }) => {
  const answer = legalBases(register, question)
  expect(answer.usable.map(each => each.instrument.code)).toEqual(usable)
  for (const [code, because] of Object.entries(excluded)) expect({ code, because: answer.excluded.find(each => each.instrument.code === code)?.because }).toEqual({ code, because })
  expect([...answer.usable, ...answer.excluded].map(each => each.instrument.code).sort()).toEqual(register.instruments.map(row => row.code).sort())
})

describe('explanations', () => {
  test.each([
    ['Poland has not signed', { requested: 'PL', kind: 'SUBSCRIBER_INFORMATION' }, 'COE224'],
    ['Brazil has not signed', { requesting: 'BR' }, 'COE224'],
    ['Germany signed on 2023-01-27 but has not ratified', {}, 'COE224'],
    ['Germany signed only on 2023-01-27', { on: '2022-06-01' }, 'COE224'],
    ['EIO ended for GB on 2020-12-31', { requesting: 'GB' }, 'EIO'],
    ['EAW ended for GB on 2020-12-31', { requested: 'GB', kind: 'EXTRADITION' }, 'EAW'],
    ['came into force on 2004-07-01, after 2003-01-01', { on: '2003-01-01' }, 'COE185'],
    ['Poland is bound only from 2015-06-01 on', { requested: 'PL', on: '2015-05-31' }, 'COE185'],
    ['South Africa has signed but not ratified', { requested: 'ZA' }, 'COE185'],
    ['Whether France is a party is not settled', { kind: 'EXTRADITION' }, 'COE098'],
    ['never two of one side', {}, 'EU_JP09'],
    ['binds US and JP alone', {}, 'US_JP03'],
    ['COE182 is not in force between DE and FR on 2014-01-01', { kind: 'VIDEO_HEARING', on: '2014-01-01' }, 'COE030'],
    ['EIO displaces COE030', {}, 'COE030'],
    ['at least one year', { kind: 'EXTRADITION', offence: { maxPenaltyYears: 0.9 } }, 'COE024'],
    ['it was by 2015-12-31', { requested: 'US', requesting: 'ES', on: '2001-01-01' }, 'US_ES'],
    ['the same', { requested: 'DE' }, 'EIO'],
  ] satisfies [string, Partial<LegalBasisQuestion>, string][])('say "%s"', (words, question, code) => {
    expect(excludedFor(question, code)?.explanation).toContain(words)
  })

  test('name their source, and say where it was not verified', () => {
    expect(excludedFor({ requesting: 'GB' }, 'EIO')?.explanation).toContain('(Domain brief §4.2)')
    expect(excludedFor({ requested: 'ZA' }, 'COE185')?.explanation).toContain('(Domain brief §4.2, not verified)')
  })

  test('point to reciprocity where nothing is usable, and only there', () => {
    const nothing = ask({ requesting: 'BR', requested: 'ZA', kind: 'SUBSCRIBER_INFORMATION' })
    expect(nothing.reciprocity).toMatchObject({ explanation: expect.stringMatching(/reciprocity.*South Africa/), languages: ['en'], dualCriminalityTest: { needed: 'NO' } })
    expect(nothing.excluded.every(each => each.explanation.includes('reciprocity'))).toBe(true)
    expect(JSON.stringify(ask({}))).not.toContain('reciprocity')
  })
})

describe('a usable basis', () => {
  test('carries articles, channels, languages, time limits with sources', () => {
    const [eio] = ask({}).usable
    expect(eio).toMatchObject({ channel: expect.stringContaining('Directly'), urgentChannel: expect.stringContaining('24 hours'), languages: ['fr'], dualCriminality: 'COERCIVE_ONLY' })
    expect(eio?.timeLimits.map(({ obligation, limit, runsFrom, source, verified }) => [obligation, limit, runsFrom, source, verified])).toEqual([
      ['ACKNOWLEDGE', 'P7D', 'RECEIPT', 'EIO art. 16(1)', false], ['DECIDE', 'P30D', 'RECEIPT', 'EIO art. 12(3), (5)', false], ['EXECUTE', 'P90D', 'DECISION', 'EIO art. 12(4)', false],
    ])
    expect(usableFor({ requested: 'BR', kind: 'PRESERVATION' }, 'COE185')).toMatchObject({ articles: ['29', '30'], languages: ['pt', 'en'] })
    expect(usableFor({ requested: 'BR' }, 'COE185')).toMatchObject({ languages: ['pt'] })
  })

  test.each([
    ['both parties and the treaty are ticked', 'DE', 'FR', 'COE030', '2014-01-01', 'EVIDENCE', true],
    ['both parties and the treaty are ticked', 'BR', 'CA', 'UNTOC', '2026-11-24', 'EVIDENCE', true],
    ['both parties and the treaty are ticked', 'US', 'CH', 'US_CH', '1980-01-01', 'EVIDENCE', true],
    ['one party is not ticked', 'DE', 'GB', 'COE030', '2026-11-24', 'EVIDENCE', false],
    ['one party is not ticked', 'BR', 'FR', 'UNTOC', '2026-11-24', 'EVIDENCE', false],
    ['the treaty itself is not ticked', 'DE', 'FR', 'EIO', '2026-11-24', 'EVIDENCE', false],
    ['the year alone is known', 'ES', 'PL', 'EU2000', '2010-01-01', 'EVIDENCE', false],
  ] as const)('where %s (%s, %s, %s) says so', (_, requesting, requested, code, on, kind, verified) => {
    expect(usableFor({ requesting, requested, kind, on }, code)?.verified).toBe(verified)
  })

  test('of a scheme, a protocol, an unknown day and a statement says so in its conditions', () => {
    expect(usableFor({ requesting: 'GB', requested: 'CA' }, 'HARARE')?.conditions.join()).toMatch(/non-binding.*From which day United Kingdom is bound is not known/)
    expect(usableFor({ requesting: 'GB', requested: 'CH', kind: 'VIDEO_HEARING' }, 'COE030')?.conditions.join()).toContain('cite COE182 too')
    expect(usableFor({ requested: 'JP' }, 'EU_JP09')?.conditions.join()).toContain('Annex IV')
    expect(usableFor({ kind: 'TRANSFER_OF_SENTENCED_PERSON' }, 'COE112')?.conditions.join()).toContain('six months')
  })
})

describe('rules that no row of the register needs yet', () => {
  const bilateral = (more: Partial<InstrumentRow>): Register => {
    const sourced = { source: 'test', verified: true }
    const row: InstrumentRow = {
      code: 'X', title: 'X', ...sourced, asOf: '2026-01-01', inForceOn: '2000-01-01', level: 'BILATERAL', matters: ['CRIMINAL'], kinds: ['EVIDENCE'], articles: { EVIDENCE: ['1', '2'] }, centralAuthorityRequired: true, channel: 'x',
      timeLimits: [], parties: [{ state: 'DE', inForceOn: '2000-01-01', ...sourced }, { state: 'FR', inForceOn: '2000-01-01', ...sourced }], ...more,
    }
    return { ...register, instruments: [row] }
  }
  const party = (excludes: object, more: object = {}): Partial<InstrumentRow> => ({
    parties: [{ state: 'DE', source: 'test', verified: true }, { state: 'FR', source: 'test', verified: true, statements: [{ kind: 'RESERVATION', text: 'does not apply this', from: '2010-01-01', until: '2019-12-31', excludes, source: 'test', verified: true, ...more }] }],
  })
  const reason = (question: Partial<LegalBasisQuestion>, more: Partial<InstrumentRow>) => excludedFor({ on: '2015-01-01', ...question }, 'X', bilateral(more))?.because ?? 'usable'

  test.each([
    ['an excluded measure', { measures: ['INTERCEPTION'] }, { measuresExcluded: [{ measures: ['INTERCEPTION'], because: 'not agreed' }] }, 'MEASURE_EXCLUDED'],
    ['an excluded measure of another kind', { measures: ['INTERCEPTION'] }, { measuresExcluded: [{ measures: ['INTERCEPTION'], kinds: ['EXTRADITION'], because: 'not agreed' }] }, 'usable'],
    ['another measure', { measures: ['DOCUMENTS'] }, { measuresExcluded: [{ measures: ['INTERCEPTION'], because: 'not agreed' }] }, 'usable'],
    ['one measure outside those covered', { measures: ['DOCUMENTS', 'SEIZE'] }, { measuresCovered: ['DOCUMENTS'] }, 'MEASURE_EXCLUDED'],
    ['measures covered', { measures: ['DOCUMENTS'] }, { measuresCovered: ['DOCUMENTS'] }, 'usable'],
    ['a reserved kind', {}, party({ kinds: ['EVIDENCE'] }), 'RESERVATION'],
    ['a reserved kind before the reservation', { on: '2009-12-31' }, party({ kinds: ['EVIDENCE'] }), 'usable'],
    ['a reserved kind on the last day of the reservation', { on: '2019-12-31' }, party({ kinds: ['EVIDENCE'] }), 'RESERVATION'],
    ['a reserved kind after the reservation was withdrawn', { on: '2020-01-01' }, party({ kinds: ['EVIDENCE'] }), 'usable'],
    ['a kind reserved on the other side', {}, party({ kinds: ['EVIDENCE'], as: 'REQUESTING' }), 'usable'],
    ['a kind reserved on this side', {}, party({ kinds: ['EVIDENCE'], as: 'REQUESTED' }), 'RESERVATION'],
    ['a reserved measure', { measures: ['SEIZE'] }, party({ measures: ['SEIZE'] }), 'RESERVATION'],
    ['every article reserved', {}, party({ articles: ['1', '2'] }), 'RESERVATION'],
    ['one article reserved', {}, party({ articles: ['1'] }), 'usable'],
    ['an instrument that ended the day before', {}, { endsOn: '2014-12-31' }, 'ENDED'],
    ['an instrument on its last day', {}, { endsOn: '2015-01-01' }, 'usable'],
  ] as [string, Partial<LegalBasisQuestion>, Partial<InstrumentRow>, string][])('%s', (_, question, more, expected) => {
    expect(reason(question, more)).toBe(expected)
  })

  test('a reservation on one article takes it out of what is cited and is told', () => {
    const basis = usableFor({ on: '2015-01-01' }, 'X', bilateral(party({ articles: ['1'] })))
    expect(basis?.articles).toEqual(['2'])
    expect(basis?.conditions.join()).toContain('France: does not apply this')
  })

  test('of several reasons the first of the order is given', () => {
    const all: Partial<InstrumentRow> = { endsOn: '2001-01-01', matters: ['CIVIL'], kinds: [], offence: [{ minMaxPenaltyYears: 5, because: 'x' }] }
    expect(reason({ on: '1999-01-01' }, all)).toBe('NOT_IN_FORCE')
    expect(reason({}, all)).toBe('ENDED')
    expect(reason({ requested: 'BR' }, { matters: ['CIVIL'] })).toBe('PARTY_MISSING')
    expect(reason({ measures: ['SEIZE'], offence: { maxPenaltyYears: 1 } }, { measuresCovered: ['DOCUMENTS'], offence: [{ minMaxPenaltyYears: 5, because: 'x' }] })).toBe('MEASURE_EXCLUDED')
    expect(reason({ offence: { maxPenaltyYears: 1 } }, { ...party({ kinds: ['EVIDENCE'] }), offence: [{ minMaxPenaltyYears: 5, because: 'x' }] })).toBe('OFFENCE_EXCLUDED')
  })

  test('a state that left and came back is bound in both times and not between', () => {
    const twice: Partial<InstrumentRow> = { parties: [
      { state: 'DE', source: 'test', verified: true }, { state: 'FR', inForceOn: '2000-01-01', endsOn: '2004-12-31', source: 'test', verified: true }, { state: 'FR', inForceOn: '2010-01-01', source: 'test', verified: true },
    ] }
    expect(['2004-12-31', '2005-01-01', '2009-12-31', '2010-01-01'].map(on => reason({ on }, twice))).toEqual(['usable', 'ENDED', 'ENDED', 'usable'])
  })
})

describe('over all pairs of states, all kinds, and the day and the eve of whatever changes for one of the two', () => {
  const TODAY = '2026-11-24'
  const beside = (day: string, by: number): string => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10)
  const edgesOf = (states: readonly string[]): string[] => register.instruments.flatMap(({ parties, inForceOn, knownInForceOn }) => parties.filter(party => states.includes(party.state)).flatMap(party => {
    const first = party.inForceOn ?? inForceOn ?? knownInForceOn
    return [...(first ? [first, beside(first, -1)] : []), ...(party.endsOn ? [party.endsOn, beside(party.endsOn, 1)] : [])]
  }))
  /** Read from the rows as they stand, by no rule of the engine. */
  const binds = ({ inForceOn, knownInForceOn, endsOn, parties }: InstrumentRow, state: string, on: string): boolean => {
    const start = inForceOn ?? knownInForceOn
    return start !== undefined && start <= on && on <= (endsOn ?? '9999') && parties.some(party => party.state === state && (party.inForceOn ?? start) <= on && on <= (party.endsOn ?? '9999'))
  }
  const isAcross = ({ sides }: InstrumentRow, one: string, other: string): boolean => !sides || sides.one.includes(one) !== sides.one.includes(other)
  const asked = REQUEST_KINDS.flatMap(kind => (kind === 'CIVIL_EVIDENCE' ? ['CIVIL'] as const : kind === 'SERVICE_OF_DOCUMENTS' ? ['CIVIL', 'CRIMINAL'] as const : ['CRIMINAL'] as const).map(matter => ({ kind, matter })))

  test.each(STATES)('%s gets each instrument once, usable ones in force for both and for the kind, none in force for both without another reason', requesting => {
    const wrong: string[] = []
    let count = 0
    for (const requested of STATES) {
      for (const on of new Set(['1950-01-01', TODAY, ...edgesOf([requesting, requested])])) {
        const bound = new Map(register.instruments.map(row => [row.code, requesting !== requested && binds(row, requesting, on) && binds(row, requested, on) && isAcross(row, requesting, requested)]))
        for (const { kind, matter } of asked) {
          const { usable, excluded } = legalBases(register, { requesting, requested, kind, matter, measures: [], on })
          const listed = new Set([...usable, ...excluded].map(each => each.instrument.code))
          const isWrong = listed.size !== register.instruments.length || usable.length + excluded.length !== listed.size
            || usable.some(({ instrument }) => !bound.get(instrument.code) || !instrument.kinds.includes(kind) || !instrument.matters.includes(matter))
            || excluded.some(({ instrument, because }) => bound.get(instrument.code) === ['NOT_IN_FORCE', 'ENDED', 'PARTY_MISSING'].includes(because))
          if (isWrong) wrong.push(`${requesting} ${requested} ${kind}/${matter} ${on}`)
          count++
        }
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(5000)
  })
})

test('whoever asks about any pair, kind, matter, measures and day gets each instrument once, and a usable one binds both and covers the kind', () => {
  const day = anyDay()
  const edges = [...new Set(register.instruments.flatMap(row => [row.inForceOn, ...row.parties.flatMap(party => [party.inForceOn, party.endsOn])]).filter(each => each !== undefined))]
  const offence = fc.option(fc.record({ maxPenaltyYears: fc.constantFrom(null, 0, 0.5, 1, 4), categories: fc.constantFrom(null, [], ['CORRUPTION'], ['no such category']) }), { nil: undefined })
  const state = fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...STATES) }, { weight: 1, arbitrary: fc.constantFrom('RS', 'ZZ', '', '__proto__') })
  const questions = fc.record({
    requesting: state, requested: state, kind: fc.constantFrom(...REQUEST_KINDS), matter: fc.constantFrom(...MATTERS), measures: fc.subarray([...MEASURE_CODES], { maxLength: 4 }),
    on: fc.oneof(day, fc.constantFrom(...edges)),
  })
  fc.assert(fc.property(questions, offence, (question, of) => {
    const { usable, excluded } = legalBases(register, { ...question, ...(of && { offence: of }) })
    const codes = [...usable, ...excluded].map(each => each.instrument.code)
    expect(codes.length).toBe(register.instruments.length)
    expect(new Set(codes).size).toBe(codes.length)
    for (const { instrument } of usable) {
      const bound = partiesOn(instrument, question.on).map(party => party.state)
      expect(bound).toContain(question.requesting)
      expect(bound).toContain(question.requested)
      expect((instrument.inForceOn ?? instrument.knownInForceOn ?? '9999') <= question.on).toBe(true)
      expect(instrument.kinds).toContain(question.kind)
      expect(instrument.matters).toContain(question.matter)
      expect(question.requesting).not.toBe(question.requested)
    }
    for (const { explanation } of excluded) expect(explanation.length).toBeGreaterThan(10)
  }), { numRuns: 500 })
})

test('an answer that is kept is the one that would be worked out: the same words for each day, whatever was asked before', () => {
  const days = [...new Set(JSON.stringify(register.instruments).match(/\d{4}-\d{2}-\d{2}/g))].sort()
  const nextTo = (date: string, by: number): string => new Date(Date.parse(date) + by * 86_400_000).toISOString().slice(0, 10)
  const on = fc.oneof(anyDay(), fc.tuple(fc.constantFrom(...days), fc.constantFrom(-1, 0, 1)).map(([date, by]) => nextTo(date, by)))
  const pair = fc.constantFrom('DE FR', 'DE GB', 'PL US', 'FR BR', 'DE DE').map(text => text.split(' ') as [string, string])
  fc.assert(fc.property(pair, fc.constantFrom<RequestKind>('EVIDENCE', 'EXTRADITION'), fc.array(on, { minLength: 2, maxLength: 40 }), ([requesting, requested], kind, asked) => {
    for (const each of asked) {
      const question: LegalBasisQuestion = { requesting, requested, kind, matter: 'CRIMINAL', measures: [], on: each }
      expect(inWords(knownLegalBases(register, question))).toEqual(inWords(legalBases(register, question)))
    }
  }), { numRuns: 100 })
})

test('the same question is answered the same from either of two copies, whatever was asked before', () => {
  const copy = structuredClone(register)
  for (const { question } of rows.slice(0, 40)) expect(legalBases(copy, question)).toEqual(legalBases(register, question))
})
