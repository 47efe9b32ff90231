// What 100,000 open clocks cost a node: a look at the docket when nothing is due, beside a look through every open request; telling all of
// them after a sleep, beside plain appends of as many entries to the same store; and how long a desk's act waits meanwhile, beside its wait
// on a quiet node. COMITY_BENCH_CLOCKS sets another number.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import pino from 'pino'
import { Ledger } from '../src/ledger/ledger'
import { Clock } from '../src/node/clock'
import { Contents, type ContentDocument } from '../src/node/contents'
import { NodeDocket } from '../src/node/docket'
import { digestOf, type EntryBody } from '../src/node/entry'
import { nodeLaw } from '../src/node/law'
import { Writer } from '../src/node/writer'
import { calendars } from '../src/register/calendar'
import { loadRegister } from '../src/register/load'
import { openEmbeddedStore } from '../src/store/embedded'
import { scopedToHouse, type Store } from '../src/store/store'
import { endOf, rowWithClock, START } from '../test/support/clock-rows'
import { FR } from '../test/support/docket-rows'
import { percentile, type Figure } from './figures'

const CLOCKS = Number(process.env['COMITY_BENCH_CLOCKS'] ?? 100_000)
const ROWS_AT_ONCE = 1_000
const APPENDED_AT_ONCE = 64
const ACT_EVERY_MS = 25
const QUIET_ACTS = 200

export async function clockFigures(say: (figure: Figure) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-clocks-'))
  const store = await openEmbeddedStore(folder)
  // A commit under way does not keep a process alive, as a house's open socket does.
  const awake = setInterval(() => undefined, 1_000)
  try {
    await measured(store, say)
  } finally {
    clearInterval(awake)
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(store: Store, say: (figure: Figure) => void): Promise<void> {
  const open = `${CLOCKS} open clocks`
  const { clock, writer, ledger, passTo } = await node(store)
  for (let start = 0; start < CLOCKS; start += ROWS_AT_ONCE) await store.docket.put(Array.from({ length: Math.min(ROWS_AT_ONCE, CLOCKS - start) }, (_, i) => rowWithClock(start + i)))

  const idle: number[] = []
  for (let round = 0; round < 500; round++) idle.push(await took(() => clock.tick()))
  const scan = await took(() => store.docket.find(scopedToHouse(FR), { filter: { open: true }, order: 'CREATED', limit: CLOCKS }))
  say({ name: `${open}: a look with nothing due, p99`, value: percentile(idle, 0.99), unit: 'ms', goal: { atMost: 5 }, beside: `a look through every open request ${Math.round(scan)} ms` })

  const act = (): Promise<number> => took(() => writer.write(work => { work.append({ body: { kind: 'rejected', at: work.now, reason: 'LETTER_SHAPE', actor: 'a3'.repeat(32) } }) }))
  const quiet: number[] = []
  for (let i = 0; i < QUIET_ACTS; i++) quiet.push(await act())

  const plain = (CLOCKS * 1_000) / await took(() => appended(store))
  passTo(endOf(CLOCKS))
  const before = ledger.head.seq
  const acts = everySoOften(act)
  const tick = await took(() => clock.tick())
  const busy = await acts.stop()
  const told = ledger.head.seq - before - busy.length
  if (told !== CLOCKS) throw new Error(`${told} of ${CLOCKS} clocks were told`)
  const rate = (told * 1_000) / tick
  say({ name: `${open}: telling all after a sleep / plain appends`, value: rate / plain, unit: '×', goal: { atLeast: 0.1 }, beside: `${Math.round(rate)} / ${Math.round(plain)} a second, ${(tick / 1_000).toFixed(1)} s in all` })
  say({ name: `${open}: an act while they are told, p99`, value: percentile(busy, 0.99), unit: 'ms', goal: { atMost: 250 }, beside: `p50 ${percentile(busy, 0.5).toFixed(1)}, longest ${Math.max(...busy).toFixed(0)}; on a quiet node p50 ${percentile(quiet, 0.5).toFixed(1)}, p99 ${percentile(quiet, 0.99).toFixed(1)} ms; ${busy.length} acts` })
}

async function node(store: Store) {
  const contents = new Contents(store.documents<ContentDocument>('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, contents, FR)
  await docket.open()
  let now = START
  const writer = new Writer(ledger, docket, contents, () => new Date(now).toISOString())
  const law = nodeLaw({ register: () => loadRegister(join(process.cwd(), 'seeds', 'register')), calendarOf: calendars(), countryOf: authority => authority.slice(-2) })
  const clock = new Clock({ store, scope: scopedToHouse(FR), writer, law, now: () => new Date(now), log: pino({ level: 'silent' }) })
  return { clock, writer, ledger, passTo: (instant: number) => { now = instant } }
}

/** As many entries as there are clocks, with their facts, into a ledger that nothing is folded from. */
async function appended(store: Store): Promise<void> {
  const ledger = await Ledger.open(store.log<EntryBody>('plain'), digestOf, store.exclusive)
  for (let start = 0; start < CLOCKS; start += APPENDED_AT_ONCE) {
    const entries: ReturnType<typeof ledger.chain>[] = []
    let { head } = ledger
    for (let i = start; i < Math.min(CLOCKS, start + APPENDED_AT_ONCE); i++) {
      const { reference, state } = rowWithClock(i)
      const at = new Date(endOf(i)).toISOString()
      const fact = { reference, type: 'OVERDUE' as const, act: null, by: 'HUB' as const, at, from: state.status, to: state.status, version: state.version, contents: {}, prev: state.head, obligation: 'DECIDE' as const, deadlines: state.deadlines }
      const entry = ledger.chain(head, { ref: reference, body: { kind: 'act', at, fact, to: { 'authority:DE': i + 1 } } })
      entries.push(entry)
      head = { seq: entry.seq, digest: entry.body.digest }
    }
    await ledger.commit(entries)
  }
}

/** A desk that acts again and again, each act behind the one before it, until it is stopped; says how long each took. */
function everySoOften(act: () => Promise<number>): { stop: () => Promise<number[]> } {
  const times: number[] = []
  let goesOn = true
  const run = (async () => {
    while (goesOn) {
      times.push(await act())
      await new Promise(resolve => setTimeout(resolve, ACT_EVERY_MS))
    }
  })()
  return { stop: async () => { goesOn = false; await run; return times } }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
