// How long `legalBases` takes in process on 40 instruments x 195 states, beside a scan of the rows without index or explanations, and how long
// `checkDraft` takes for a complete draft of every kind under the register that comes with the package.
// Prints one line each; exits 1 where a promise (2 ms, 5 ms at p99) is broken. Run: npx tsc -p tsconfig.json --outDir dist && node dist/bench/law.js
import { join } from 'node:path'
import { findings, type Draft } from '../src/domain/law/findings'
import { legalBases } from '../src/domain/law/legal-bases'
import type { InstrumentRow, LegalBasisQuestion, Register } from '../src/domain/law/register'
import { MEASURE_CODES, REQUEST_KINDS } from '../src/domain/vocabulary'
import { loadRegister } from '../src/register/load'
import { COMPLETE, FACTS } from '../test/law/drafts'

const PROMISED_MS = { legalBases: 2, checkDraft: 5 }
const ROUNDS = 20_000
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
function scan({ requesting, requested, kind, on }: LegalBasisQuestion): string[] {
  const binds = (row: InstrumentRow, state: string): boolean => row.parties.filter(party => party.state === state && (party.inForceOn ?? '') <= on && on <= (party.endsOn ?? '9999')).length > 0
  const fitting = register.instruments.filter(row => requesting !== requested && binds(row, requesting) && binds(row, requested) && row.kinds.includes(kind))
  return fitting.filter(row => !fitting.some(each => each.displaces?.includes(row.code))).map(row => row.code)
}

function measured<Question>(name: string, asked: readonly Question[], answer: (question: Question) => unknown): number {
  const asks = (i: number): Question => asked[i % asked.length] as Question
  for (let i = 0; i < 2000; i++) answer(asks(i))
  const once = (i: number): number => { const start = process.hrtime.bigint(); answer(asks(i)); return Number(process.hrtime.bigint() - start) / 1e6 }
  // The best of three: what other processes of the machine take is not ours.
  const took = Array.from({ length: ROUNDS }, (_, i) => Math.min(once(i), once(i), once(i))).sort((one, other) => one - other)
  const at = (share: number): number => took[Math.floor(share * ROUNDS)] ?? 0
  console.log(`${name.padEnd(34)} p50 ${at(0.5).toFixed(4)} ms   p99 ${at(0.99).toFixed(4)} ms   max ${(took.at(-1) ?? 0).toFixed(3)} ms`)
  return at(0.99)
}

console.log(`${register.instruments.length} instruments x ${states.length} states, ${ROUNDS} questions`)
const bases = measured('legalBases, reasons and order', questions, question => legalBases(register, question))
measured('plain scan, usable codes alone', questions, scan)

const shipped = loadRegister(join(process.cwd(), 'seeds', 'register'))
console.log(`${shipped.instruments.length} instruments of the package, a complete draft of each of ${REQUEST_KINDS.length} kinds`)
const drafts: Draft[] = REQUEST_KINDS.map(kind => COMPLETE[kind])
const check = measured('checkDraft, all faults', drafts, draft => findings(shipped, draft, FACTS))
process.exitCode = bases < PROMISED_MS.legalBases && check < PROMISED_MS.checkDraft ? 0 : 1
