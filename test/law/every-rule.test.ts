// Every rule on drafts that the rows or the code hold, broken alone in every kind that it is for: found, and nothing else. What is added to rows
// or code without a draft that breaks it fails here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftCheck } from '../../src/domain/law/draft-check'
import { isMissing, valueAt } from '../../src/domain/law/draft-paths'
import { findings, type Draft, type OpenRequest } from '../../src/domain/law/findings'
import type { Finding, InstrumentRow, Register, TemplateRow } from '../../src/domain/law/register'
import { RULES } from '../../src/domain/law/rules'
import { fieldsOf, hasMeasureOf, kindRow, leastOf } from '../../src/domain/law/template'
import { EXCLUSION_REASONS, REQUEST_KINDS, type MeasureCode, type RequestKind } from '../../src/domain/vocabulary'
import { fault } from '../../src/refusal'
import { FACTS } from './drafts'
import { at, fullDrafts, RELATED } from './full-drafts'
import { register } from './register'

const law = register()
const FULL = fullDrafts(law)

/** `found` empty: the draft breaks nothing. */
interface Case { name: string; draft: Draft; found: string; openRequests?: OpenRequest[]; law?: Register }
/** The request that full drafts name as related is the own authority's. */
const facts = ({ openRequests = [] }: Case) => ({ ...FACTS, openRequests, known: new Set([RELATED]) })
const known = new Map<Case, Finding[]>()
function findingsOf(each: Case): Finding[] {
  const all = known.get(each) ?? findings(each.law ?? law, each.draft, facts(each))
  known.set(each, all)
  return all
}
const found = (each: Case): string[] => findingsOf(each).map(({ severity, path, code }) => `${severity} ${path} ${code}`)

type Field = ReturnType<typeof fieldsOf>[number]
const used = (kind: RequestKind): Field[] => fieldsOf(law, kind).filter(({ presence }) => presence !== 'UNUSED')
const FORM_GIVEN = ['kind', 'matter', 'urgency', 'requested', 'dossier.confidentiality']

/** A draft in which the condition of a row holds, so that the field is asked for; null where no draft shows it. */
function where(kind: RequestKind, { condition, measureClasses = [], said }: TemplateRow): Draft | null {
  const draft = FULL[kind]
  switch (condition) {
    case 'ABOVE_ROUTINE': return { ...draft, urgency: 'PRIORITY' }
    case 'EMERGENCY': return { ...draft, urgency: 'EMERGENCY' }
    case 'MEASURE': {
      const measure = kindRow(law, kind)?.measures.find(each => measureClasses.some(name => hasMeasureOf(law, name, [each])))
      return measure ? { ...draft, measures: [measure] } : fault(`no measure of ${measureClasses.join()} for ${kind}`)
    }
    case 'DUAL_CRIMINALITY': return at({ ...draft, requested: 'NG', legalBases: [{ reciprocity: 'We would do the same.' }] }, 'dossier.language', 'en')
    case 'SAID': switch (said?.at) {
      case 'dossier.persons[].role': return at(draft, 'dossier.persons', [{ role: 'SENTENCED', name: 'X' }])
      case 'dossier.noticeToPerson.when': return draft
      default: return fault(`no draft says ${said?.at}`)
    }
    case 'KNOWN_TO_THE_DRAFTER': case undefined: return null
  }
}

function presenceCases(kind: RequestKind, { row, presence }: Field): Case[] {
  const { path, code, condition } = row
  if (FORM_GIVEN.includes(path)) return []
  const without = (draft: Draft): Draft => at(draft, path, path.startsWith('dossier.') ? undefined : path === 'ownReference' ? ' ' : [])
  const name = `${kind} without ${path}`
  if (presence === 'MANDATORY') return [{ name, draft: without(FULL[kind]), found: `FAULT ${path} ${code}` }]
  const asked = presence === 'CONDITIONAL' ? where(kind, row) : null
  const free: Case = { name: `${name}, which it does not need`, draft: without(FULL[kind]), found: '' }
  // What others name by its digest is needed by them.
  const isFree = presence === 'OPTIONAL' && path !== 'dossier.attachments'
  return [
    ...(isFree ? [free] : []),
    ...(asked ? [{ name: `${name}, where ${condition}`, draft: without(asked), found: `FAULT ${path} ${code}` }, { name: `${kind} with ${path}, where ${condition}`, draft: asked, found: '' }] : []),
  ]
}

/** The draft with one more element in a list, or with a part changed, at a place within a field; and the path of what was changed. */
function spoilt(draft: Draft, path: string, place: string, value: unknown): { draft: Draft; path: string } {
  const [, list = '', end = ''] = /^(.*?)(?:\[\](.*))?$/.exec(path + place) ?? []
  if (!(path + place).includes('[]')) return { draft: at(draft, path + place, value), path: path + place }
  const rows = valueAt(draft, list) as unknown[]
  return { draft: at(draft, list, [...rows, end === '' ? value : { ...(rows[0] as object), [end.slice(1)]: value }]), path: `${list}[${rows.length}]${end}` }
}

function rowCases(kind: RequestKind, { row }: Field): Case[] {
  const draft = FULL[kind], { path } = row, least = leastOf(row, kind)
  const broken = (what: string, code: string, place: string, value: unknown): Case => {
    const made = spoilt(draft, path, place, value)
    return { name: `${kind}: ${what} at ${path}${place}`, draft: made.draft, found: `FAULT ${made.path} ${code}` }
  }
  const [first = '', last = ''] = row.period ?? []
  return [
    ...(least ? [broken('too short', 'TEXT_TOO_SHORT', '', 'x'.repeat(least - 1))] : []),
    ...(row.codes ? [broken('no code', 'CODE_UNLISTED', row.codesAt ?? '', 'NO_SUCH_CODE')] : []),
    ...(row.texts ?? []).map(place => broken('blank', 'PART_BLANK', place, Array.isArray(valueAt(draft, path + place)) ? [] : ' ')),
    ...(row.documents ?? []).map(place => broken('not attached', 'DOCUMENT_NOT_ATTACHED', place, 'f'.repeat(64))),
    ...(row.period ? [{ name: `${kind}: reversed at ${path}`, draft: at(at(draft, path + first, valueAt(draft, path + last)), path + last, valueAt(draft, path + first)), found: `FAULT ${path} PERIOD_REVERSED` }] : []),
  ]
}

function kindCases(kind: RequestKind): Case[] {
  const draft = FULL[kind], row = kindRow(law, kind) ?? fault(`no row of ${kind}`), offence = { name: 'Insult', provision: 'Section 185' }
  const other = (['SURRENDER', 'DNA'] satisfies MeasureCode[]).find(each => !row.measures.includes(each)) ?? fault('no other measure')
  const of = (name: string, made: Draft, code: string): Case => ({ name: `${kind} ${name}`, draft: made, found: `FAULT ${code}` })
  return [
    of('with a measure of another kind', { ...draft, measures: [...draft.measures, other] }, `measures[${draft.measures.length}] MEASURE_NOT_OF_KIND`),
    ...(row.emergency ? [] : [of('as an emergency', { ...draft, urgency: 'EMERGENCY' }, 'urgency EMERGENCY_NOT_OF_KIND')]),
    ...(row.persons ? [of('about a witness', at(draft, 'dossier.persons', [{ role: 'WITNESS', name: 'X' }]), 'dossier.persons PERSON_OF_ROLE_MISSING')] : []),
    ...(row.minMaxPenaltyYears ? [
      of('without a penalty', at(draft, 'dossier.offences', [offence]), 'dossier.offences[0].maxPenaltyYears PENALTY_MISSING'),
      of('for too little', at(draft, 'dossier.offences', [{ ...offence, maxPenaltyYears: row.minMaxPenaltyYears - 0.1 }]), 'dossier.offences PENALTY_TOO_LOW'),
    ] : []),
    ...(row.consentNeeded ? [of('against the will of the person', at(draft, 'dossier.personConsent.given', false), 'dossier.personConsent.given CONSENT_NOT_GIVEN')] : []),
  ]
}

/** Rules that code holds for whatever kind uses the field. */
function fieldCases(kind: RequestKind): Case[] {
  const draft = FULL[kind], uses = (path: string): boolean => used(kind).some(({ row }) => row.path === path)
  const [from, to] = ['2020-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']
  const of = (name: string, path: string, value: unknown, code: string, field = path): Case[] => (uses(field) ? [{ name: `${kind} with ${name}`, draft: at(draft, path, value), found: code }] : [])
  const left = law.templates.thresholds.some(({ name, kinds }) => name === 'SENTENCE_LEFT_AT_LEAST' && (!kinds || kinds.includes(kind)))
  return [
    ...of('a window that ends before it begins', 'dossier.timeWindow', { from: to, to: from }, 'FAULT dossier.timeWindow TIME_WINDOW_REVERSED'),
    ...of('a window of six years', 'dossier.timeWindow', { from, to }, 'WARNING dossier.timeWindow OVER_BROAD'),
    ...of('retention that ends today', 'dossier.retainUntil', FACTS.today, 'FAULT dossier.retainUntil RETENTION_PAST'),
    ...of('a review today', 'dossier.noticeToPerson.reviewOn', FACTS.today, 'FAULT dossier.noticeToPerson.reviewOn NOTICE_REVIEW_PAST'),
    ...of('a related request that is not there', 'dossier.relatedRequests', [{ reference: 'DE-2026-999999', relation: 'PARALLEL' }], 'WARNING dossier.relatedRequests[0].reference RELATED_REQUEST_UNKNOWN'),
    ...(kind === 'PRESERVATION' ? of('a term that ends today', 'dossier.preservation.until', FACTS.today, 'FAULT dossier.preservation.until PRESERVATION_PAST') : []),
    ...(left ? [
      ...of('five months left', 'dossier.sentence.endsOn', '2027-05-23', 'FAULT dossier.sentence.endsOn SENTENCE_TOO_SHORT', 'dossier.sentence'),
      ...of('five months left of what is served', 'dossier.sentence', { length: 'P5Y', served: 'P55M', final: true }, 'FAULT dossier.sentence.served SENTENCE_TOO_SHORT'),
      ...of('six months left of what is served', 'dossier.sentence', { length: 'P5Y', served: 'P54M', final: true }, ''),
    ] : []),
    { name: `${kind} in a language that is not taken`, draft: at(at(draft, 'dossier.language', 'la'), 'dossier.translations', undefined), found: 'FAULT dossier.language LANGUAGE_NOT_ACCEPTED' },
  ]
}

const spoiltLaw = (code: string, change: Partial<InstrumentRow>): Register => ({ ...law, instruments: law.instruments.map(row => (row.code === code ? { ...row, ...change } : row)) })
const offenceOf = (category: string) => [{ name: 'X', provision: 'Y', maxPenaltyYears: 10, category }]
const french = (change: object): Partial<InstrumentRow> => ({ parties: law.instruments.find(row => row.code === 'EIO')?.parties.map(party => (party.state === 'FR' ? { ...party, statements: [{ kind: 'RESERVATION', text: 'Not this', excludes: change, source: 'test', verified: false }] } : party)) ?? [] })

/** For every reason why an instrument falls out, a draft that cites one that does. */
const EXCLUDED: Record<(typeof EXCLUSION_REASONS)[number], { treatyCode: string; draft?: Partial<Draft>; law?: Register; offences?: object[]; language?: string }> = {
  NOT_IN_FORCE: { treatyCode: 'COE224' }, ENDED: { treatyCode: 'EIO', draft: { requested: 'GB' }, language: 'en' }, PARTY_MISSING: { treatyCode: 'OAS92' }, KIND_NOT_COVERED: { treatyCode: 'COE024' }, DISPLACED: { treatyCode: 'COE030' },
  MEASURE_EXCLUDED: { treatyCode: 'EIO', law: spoiltLaw('EIO', { measuresExcluded: [{ measures: ['SEARCH_PREMISES'], because: 'not agreed' }] }) }, OFFENCE_EXCLUDED: { treatyCode: 'UNCAC', offences: offenceOf('DRUG_TRAFFICKING') },
  RESERVATION: { treatyCode: 'EIO', law: spoiltLaw('EIO', french({ measures: ['SEARCH_PREMISES'] })) },
}

function basisCases(): Case[] {
  const draft = FULL.EVIDENCE, cited = (basis: object): Draft => ({ ...draft, legalBases: [{ treatyCode: 'COE185' }, basis] })
  const excluded = EXCLUSION_REASONS.map((reason): Case => {
    const { treatyCode, draft: change = {}, law: changed, offences = draft.dossier.offences ?? [], language = 'fr' } = EXCLUDED[reason]
    return { name: `cites what is ${reason}`, draft: at(at({ ...cited({ treatyCode }), ...change }, 'dossier.offences', offences), 'dossier.language', language), ...(changed && { law: changed }), found: `FAULT legalBases[1].treatyCode BASIS_${reason}` }
  })
  return [...excluded, { name: 'cites nothing', draft: cited({ article: '1' }), found: 'FAULT legalBases[1] BASIS_EMPTY' }, { name: 'cites what is unknown', draft: cited({ treatyCode: 'ATLANTIS' }), found: 'FAULT legalBases[1].treatyCode BASIS_UNKNOWN' }]
}

function otherCases(): Case[] {
  const { kind, requested, dossier } = FULL.EVIDENCE, twin: OpenRequest = { reference: 'DE-2026-000007', kind, requested, identifiers: dossier.identifiers ?? [], timeWindow: dossier.timeWindow ?? null }
  const unbound = ['timeWindow', 'identifiers', 'persons'].reduce((draft, part) => at(draft, `dossier.${part}`, undefined), { ...FULL.EVIDENCE, measures: ['DOCUMENTS'] } as Draft)
  return [
    { name: 'asks for the same twice', draft: FULL.EVIDENCE, openRequests: [twin], found: 'WARNING dossier.identifiers LIKELY_DUPLICATE' },
    { name: 'names neither window nor identifier nor person', draft: unbound, found: 'WARNING dossier OVER_BROAD' },
  ]
}

const casesOf = (kind: RequestKind): Case[] => [...used(kind).flatMap(field => [...presenceCases(kind, field), ...rowCases(kind, field)]), ...kindCases(kind), ...fieldCases(kind)]
const GROUPS: readonly (readonly [string, readonly Case[]])[] = [...REQUEST_KINDS.map(kind => [kind, casesOf(kind)] as const), ['whatever the kind', [...basisCases(), ...otherCases()]]]

test.each(REQUEST_KINDS)('a draft of the kind %s that fills every field of its form passes with no finding', kind => {
  expect(used(kind).filter(({ row }) => !['dossier.emergencyStatement'].includes(row.path) && isMissing(valueAt(FULL[kind], row.path))).map(({ row }) => row.path)).toEqual([])
  expect(found({ name: kind, draft: FULL[kind], found: '' })).toEqual([])
})

test.each(GROUPS)('a draft that breaks one rule finds exactly it: %s', (_, cases) => {
  const wrong = cases.map(each => ({ name: each.name, expected: each.found ? [each.found] : [], found: found(each) })).filter(each => each.expected.join() !== each.found.join())
  expect(wrong).toEqual([])
})

describe('there is a draft that breaks', () => {
  const breaking = GROUPS.flatMap(([, cases]) => cases).filter(each => each.found)
  test('every rule', () => {
    const broken = new Set(breaking.flatMap(each => {
      const check = draftCheck(each.law ?? law, each.draft, facts(each))
      return RULES.filter(rule => rule(check).length > 0)
    }))
    expect(RULES.filter(rule => !broken.has(rule)).map(rule => rule.name)).toEqual([])
    const files = readdirSync(join(__dirname, '..', '..', 'src', 'domain', 'law', 'rules')).filter(name => name !== 'index.ts')
    expect(RULES).toHaveLength(files.length)
  })
  test('every code that the rules and the rows name', () => {
    const rules = join(__dirname, '..', '..', 'src', 'domain', 'law', 'rules')
    const calls = readdirSync(rules).flatMap(name => [...readFileSync(join(rules, name), 'utf8').matchAll(/(?:faultAt|warningAt)\(\s*[^,]+,\s*([^,\s]+)/g)].map(([, code = '']) => code.replace(/['`]/g, '')))
    const coded = calls.flatMap(code => (code.startsWith('BASIS_${') ? EXCLUSION_REASONS.map(reason => `BASIS_${reason}`) : code === 'row.code' ? [] : [code]))
    expect(calls.filter(code => code === 'row.code')).toHaveLength(1)
    const asked = REQUEST_KINDS.flatMap(kind => used(kind).filter(({ row, presence }) => !FORM_GIVEN.includes(row.path) && (presence === 'MANDATORY' || (presence === 'CONDITIONAL' && row.condition !== 'KNOWN_TO_THE_DRAFTER'))).map(({ row }) => row.code))
    const broken = new Set(breaking.map(each => each.found.split(' ')[2]))
    expect([...new Set([...coded, ...asked])].filter(code => !broken.has(code))).toEqual([])
  })
  test('and each finding names where, what, how to mend it and on what it rests', () => {
    const all = breaking.flatMap(findingsOf)
    expect(all.length).toBeGreaterThan(500)
    expect(all.filter(({ path, code, message, hint, source }) => !path || !code || !message.endsWith('.') || hint.length < 5 || !source)).toEqual([])
  })
})
