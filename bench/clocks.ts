// What 100,000 open clocks cost a node: a look at the docket when nothing is due, telling a thousand of them, and all of them after a sleep;
// beside them what a look would cost that goes through every open request. Runs on the embedded store in a temporary folder.
// Run: npx tsc -p tsconfig.json --outDir dist && node dist/bench/clocks.js [clocks]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { nextClock } from '../src/domain/clock-notices'
import type { Deadline, Fact, RequestState } from '../src/domain/request'
import { Ledger } from '../src/ledger/ledger'
import { Clock } from '../src/node/clock'
import { Contents, type ContentDocument } from '../src/node/contents'
import { NodeDocket } from '../src/node/docket'
import { digestOf, type EntryBody } from '../src/node/entry'
import { rowOf } from '../src/node/fold'
import { Writer } from '../src/node/writer'
import { openEmbeddedStore } from '../src/store/embedded'
import { scopedToHouse, type DocketRow } from '../src/store/store'
import { evolve } from '../src/domain/evolve'

const CLOCKS = Number(process.argv[2] ?? 100_000)
const PROMISED_IDLE_MS = 5
const [DE, FR] = ['authority:DE', 'authority:FR'] as const
const START = Date.UTC(2026, 0, 1)
const SECOND = 1_000
const instant = (ms: number): string => new Date(ms).toISOString()

/** One clock a request, each a second behind the one before. */
function row(i: number): DocketRow {
  const due = START + (3_600 + i) * SECOND
  const deadline: Deadline = {
    obligation: 'DECIDE', of: 'REQUESTED', dueAt: instant(due), state: 'RUNNING', source: 'synthetic', pausedSince: null, unit: 'HOURS',
    tell: [{ type: 'OVERDUE', at: instant(due) }, { type: 'ESCALATED', at: instant(due + CLOCKS * 10 * SECOND) }],
  }
  const reference = `DE-2026-${String(i + 1).padStart(6, '0')}`
  const fact: Fact = {
    reference, type: 'ACT', act: 'SUBMIT', by: 'REQUESTING', at: instant(START), from: 'VALIDATED', to: 'SUBMITTED', version: 3, contents: {}, prev: null,
    index: { kind: 'EVIDENCE', matter: 'CRIMINAL', urgency: 'ROUTINE', measures: ['DOCUMENTS'], requesting: DE, requested: FR }, createdAt: instant(START),
  }
  const state: RequestState = { ...evolve(null, { fact, digest: 'a'.repeat(64), said: null, actor: '' }), status: 'ASSESSMENT', deliveredAt: instant(START), deadlines: [deadline] }
  if (nextClock(state.deadlines) === null) throw new TypeError('a clock that never tells')
  return rowOf(state, 0, FR)
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function bench(folder: string): Promise<boolean> {
  const store = await openEmbeddedStore(folder)
  const contents = new Contents(store.documents<ContentDocument>('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, contents, FR)
  await docket.open()
  let now = START
  const writer = new Writer(ledger, docket, contents, () => instant(now))
  const clock = new Clock({ store, scope: scopedToHouse(FR), writer, now: () => new Date(now), log: pino({ level: 'silent' }) })
  for (let start = 0; start < CLOCKS; start += 1_000) await store.docket.put(Array.from({ length: Math.min(1_000, CLOCKS - start) }, (_, i) => row(start + i)))
  console.log(`${CLOCKS} open clocks`)

  const idle: number[] = []
  for (let round = 0; round < 200; round++) idle.push(await took(() => clock.tick()))
  idle.sort((one, other) => one - other)
  const p99 = idle[Math.floor(idle.length * 0.99)] ?? 0
  console.log(`a tick with nothing due            p50 ${(idle[100] ?? 0).toFixed(3)} ms   p99 ${p99.toFixed(3)} ms`)
  const scan = await took(() => store.docket.find(scopedToHouse(FR), { filter: { open: true }, order: 'CREATED', limit: CLOCKS }))
  console.log(`looking through every open request ${scan.toFixed(0)} ms`)

  now = START + (3_600 + 1_000) * SECOND
  const thousand = await took(() => clock.tick())
  console.log(`telling 1,000 that fell due        ${thousand.toFixed(0)} ms, ${ledger.head.seq} entries`)
  const before = ledger.head.seq
  now = START + (3_600 + CLOCKS) * SECOND
  const all = await took(() => clock.tick())
  const told = ledger.head.seq - before
  console.log(`telling the rest after a sleep     ${(all / 1_000).toFixed(1)} s, ${told} entries, ${Math.round(told / (all / 1_000))} a second`)
  await store.close()
  return p99 < PROMISED_IDLE_MS && ledger.head.seq === CLOCKS
}

const folder = mkdtempSync(join(tmpdir(), 'comity-clocks-'))
// A commit under way does not keep a process alive, as a house's open socket does.
const awake = setInterval(() => undefined, SECOND)
bench(folder).then(kept => { process.exitCode = kept ? 0 : 1 }).finally(() => {
  clearInterval(awake)
  rmSync(folder, { recursive: true, force: true })
})
