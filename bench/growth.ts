// How cost grows with what a house holds: folding its whole ledger into an empty docket.
import { performance } from 'node:perf_hooks'
import { Ledger } from '../src/ledger/ledger'
import { Contents } from '../src/node/contents'
import { NodeDocket } from '../src/node/docket'
import { digestOf, type EntryBody } from '../src/node/entry'
import { scopedToHouse, type Store } from '../src/store/store'
import { mongoAvailable } from '../test/support/mongo-server'
import { costOf } from './cost'
import { overRounds, type Figure } from './figures'
import { onEmbedded, onMongo } from './stores'
import { longLedger, OWN } from '../test/support/long-ledger'

const ENTRIES = 100_000
const ENTRIES_OVER_MONGO = 5_000
/** Requests between their draft and their end at the same time. */
const UNDER_WAY = 2_000
const ROUNDS = 3

export async function growthFigures(say: (figure: Figure) => void): Promise<void> {
  await onEmbedded(store => rebuilt('embedded', store, ENTRIES, say))
  if (mongoAvailable) await onMongo(store => rebuilt('MongoDB protocol', store, ENTRIES_OVER_MONGO, say))
}

/** Folds the whole ledger into an empty docket, as a node does at the start with a docket of another format. */
async function rebuilt(adapter: string, store: Store, entries: number, say: (figure: Figure) => void): Promise<void> {
  await longLedger(store, entries, UNDER_WAY)
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, new Contents(store.documents('content')), OWN)
  const rates: number[] = []
  const cpu: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [before, begun] = [costOf(process.pid), performance.now()]
    await docket.rebuild()
    rates.push((entries * 1_000) / (performance.now() - begun))
    cpu.push(((costOf(process.pid).cpuMs - before.cpuMs) * 1_000) / entries)
    const rows = await store.docket.count(scopedToHouse(OWN), {})
    if (docket.seq !== entries || rows < entries / 10) throw new TypeError(`${docket.seq} entries made ${rows} rows`)
  }
  say({ name: `docket rebuild, ${adapter}, ${entries} entries`, unit: 'a second', ...overRounds(rates), ...(adapter === 'embedded' && { goal: { atLeast: 20_000 } }), beside: `${Math.round(overRounds(cpu).value)} µs of CPU an entry, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB` })
}
