// How long `legalBases` takes in process on 40 synthetic instruments x 195 states, and `checkDraft` for a complete draft of every kind under the
// register that comes with the package, each beside a scan of the rows without index, order or explanations.
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { findings, type Draft } from '../src/domain/law/findings'
import { legalBases } from '../src/domain/law/legal-bases'
import type { InstrumentRow, LegalBasisQuestion, Register } from '../src/domain/law/register'
import { MEASURE_CODES, REQUEST_KINDS } from '../src/domain/vocabulary'
import { loadRegister } from '../src/register/load'
import { COMPLETE, FACTS } from '../test/law/drafts'
import { percentile, type Figure } from './figures'

const PROMISED_MS = { legalBases: 2, checkDraft: 5 }
const ROUNDS = 5_000
const WARM = 1_000
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const states = letters.flatMap(one => letters.map(other => one + other)).slice(0, 195)
const sourced = { source: 'synthetic', verified: false }

/** The same numbers on every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return state / 2_147_483_648 }
}
const next = numbers(7)
const below = (n: number): number => Math.floor(next() * n)
const day = (): string => new Date(Date.UTC(1950 + below(77), below(12), 1 + below(28))).toISOString().slice(0, 10)

function instrument(i: number): InstrumentRow {
  const start = `${1955 + i}-01-01`
  return {
    code: `X${i}`, title: `Instrument ${i}`, ...sourced, asOf: '2026-01-01', signedOn: start, inForceOn: start, level: i % 4 === 0 ? 'REGIONAL' : 'UNIVERSAL', matters: ['CRIMINAL'],
    kinds: REQUEST_KINDS.filter(() => next() < 0.6), articles: { '*': ['1'] }, centralAuthorityRequired: true, channel: 'Central authority', ...(i % 5 === 0 && i > 0 && { displaces: [`X${i - 1}`] }),
    offence: [{ minMaxPenaltyYears: 1, because: 'x' }], dualCriminality: [{ measureClass: 'ANY', rule: 'COERCIVE_ONLY', ...sourced }], timeLimits: [{ obligation: 'EXECUTE', limit: 'P90D', runsFrom: 'DECISION', ...sourced }],
    parties: states.map(state => ({ state, inForceOn: `${1955 + i + below(30)}-06-01`, ...sourced, ...(next() < 0.1 && { statements: [{ kind: 'DECLARATION', text: 'x', condition: true, ...sourced }] }) })),
  }
}

const register: Register = {
  version: 1, asOf: '2026-01-01', instruments: Array.from({ length: 40 }, (_, i) => instrument(i)), authorities: [], codes: MEASURE_CODES.map(code => ({ list: 'MEASURE', code, text: code, ...sourced })), urgencyLimits: [],
  jurisdictions: states.map(code => ({ code, name: code, legalTradition: 'x', capitalTimeZone: 'UTC', acceptedLanguages: ['en'], dualCriminality: [], institutions: [], ...sourced, asOf: '2026-01-01' })),
  templates: { fields: [], kinds: [], measureClasses: [{ name: 'COERCIVE', measures: ['SEIZE'], ...sourced }], thresholds: [], noCodes: [], clockWarnings: [] },
}

const questions: LegalBasisQuestion[] = Array.from({ length: 1000 }, () => ({
  requesting: states[below(195)] ?? 'AA', requested: states[below(195)] ?? 'AB', kind: REQUEST_KINDS[below(11)] ?? 'EVIDENCE', matter: 'CRIMINAL', measures: MEASURE_CODES.slice(0, below(4)), on: day(), offence: { maxPenaltyYears: below(5) },
}))

/** What a reader of the rows would write first: usable codes alone. */
function scan(register: Register, { requesting, requested, kind, on }: Pick<LegalBasisQuestion, 'requesting' | 'requested' | 'kind' | 'on'>): string[] {
  const binds = (row: InstrumentRow, state: string): boolean => row.parties.filter(party => party.state === state && (party.inForceOn ?? '') <= on && on <= (party.endsOn ?? '9999')).length > 0
  const fitting = register.instruments.filter(row => requesting !== requested && binds(row, requesting) && binds(row, requested) && row.kinds.includes(kind))
  return fitting.filter(row => !fitting.some(each => each.displaces?.includes(row.code))).map(row => row.code)
}

/** What a reader of the rows would write first: mandatory fields that are empty, and cited codes that are not usable. */
function scanDraft(register: Register, draft: Draft): string[] {
  const valueAt = (path: string): unknown => path.split('.').reduce<unknown>((part, step) => (part as Record<string, unknown> | null | undefined)?.[step], draft)
  const empty = register.templates.fields.filter(row => row.presence[draft.kind] === 'MANDATORY').map(row => row.path).filter(path => [undefined, null, ''].includes(valueAt(path) as never))
  const usable = scan(register, { ...draft, on: FACTS.today })
  return [...empty, ...draft.legalBases.flatMap(basis => (basis.treatyCode && !usable.includes(basis.treatyCode) ? [basis.treatyCode] : []))]
}

/** Milliseconds at p50 and p99. The best of three each: what other processes of the machine take is not ours. */
function timed<Question>(asked: readonly Question[], answer: (question: Question) => unknown): { p50: number; p99: number } {
  const once = (i: number): number => { const start = performance.now(); answer(asked[i % asked.length] as Question); return performance.now() - start }
  for (let i = 0; i < WARM; i++) once(i)
  const took = Array.from({ length: ROUNDS }, (_, i) => Math.min(once(i), once(i), once(i)))
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) }
}

const beside = ({ p50, p99 }: { p50: number; p99: number }, what: string): string => `p50 ${p50.toFixed(3)}, p99 ${p99.toFixed(3)} ms: ${what}`

export function lawFigures(say: (figure: Figure) => void): Promise<void> {
  const bases = timed(questions, question => legalBases(register, question)), scanned = timed(questions, question => scan(register, question))
  say({ name: 'legalBases, 40 instruments x 195 states, p50', value: bases.p50, unit: 'ms' })
  say({ name: 'legalBases, 40 instruments x 195 states, p99', value: bases.p99, unit: 'ms', goal: { atMost: PROMISED_MS.legalBases }, beside: beside(scanned, 'plain scan, usable codes alone') })
  const shipped = loadRegister(join(__dirname, '..', 'seeds', 'register')), drafts: Draft[] = REQUEST_KINDS.map(kind => COMPLETE[kind])
  const checks = timed(drafts, draft => findings(shipped, draft, FACTS)), looked = timed(drafts, draft => scanDraft(shipped, draft))
  say({ name: `checkDraft, ${shipped.instruments.length} instruments of the package, 11 kinds, p50`, value: checks.p50, unit: 'ms' })
  say({ name: `checkDraft, ${shipped.instruments.length} instruments of the package, 11 kinds, p99`, value: checks.p99, unit: 'ms', goal: { atMost: PROMISED_MS.checkDraft }, beside: beside(looked, 'plain scan, empty fields and codes not usable alone') })
  return Promise.resolve()
}
