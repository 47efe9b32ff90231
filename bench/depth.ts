// What a query at a node costs with what its store holds: pages in each order, by filters, behind a cursor and single requests, at a node of its own with 10,000 requests
// and at one with 1,000,000, in turn. The rows are copies of drafts that the node itself made.
import { performance } from 'node:perf_hooks'
import { REQUEST_KINDS, REQUEST_STATUSES, URGENCIES } from '../src/domain/vocabulary'
import { dataFolder, storeFolder } from '../src/cli/data-folder'
import { openEmbeddedStore } from '../src/store/embedded'
import { scopedToHouse, type DocketRow } from '../src/store/store'
import { evidence } from '../test/support/case-words'
import type { Desk } from '../test/support/desk'
import { Trial } from '../test/support/trial'
import { costOf } from './cost'
import { overRounds, percentile, type Figure } from './figures'

const [FEW = 0, MANY = 0] = (process.env['COMITY_BENCH_ROWS'] ?? '10000,1000000').split(',').map(Number)
const OWN = 'authority:DE'
const COUNTRIES = ['FR', 'BR', 'NL', 'JP', 'GB']
const PARTNERS = COUNTRIES.map(country => `authority:${country}`)
const WRITTEN_AT_ONCE = 5_000
const ROUNDS = 3
const ASKED_A_ROUND = 600
const GOAL = 1.5
const MINUTE_MS = 60_000
const FIRST_MS = Date.UTC(2020, 0, 1)
const LIST = 'query($filter: RequestFilter, $orderBy: RequestOrder, $after: Cursor) { requests(filter: $filter, orderBy: $orderBy, first: 20, after: $after) { nodes { reference status kind urgency createdAt lastActivityAt requested { id } } pageInfo { endCursor } } }'
const ONE = 'query($reference: String!) { request(reference: $reference) { reference status kind urgency createdAt } }'

export async function depthFigures(say: (figure: Figure) => void): Promise<void> {
  const deep: Deep[] = []
  try {
    for (const rows of [FEW, MANY]) deep.push(await Deep.make(rows))
    const rounds: { p99: number; p50: number }[][] = []
    for (let round = 0; round <= ROUNDS; round++) rounds.push(await inTurn(deep, round))
    const measured = rounds.slice(1)
    const of = (which: 0 | 1, what: 'p50' | 'p99'): string => overRounds(measured.map(round => round[which]?.[what] ?? 0)).value.toFixed(1)
    const memory = deep.map(({ rssMb }) => rssMb.toFixed(0))
    say({
      name: `queries of a node with ${MANY} requests / with ${FEW}, p99`, unit: '×', ...overRounds(measured.map(round => (round[1]?.p99 ?? 0) / (round[0]?.p99 ?? 1))), goal: { atMost: GOAL },
      beside: `${of(1, 'p99')} / ${of(0, 'p99')} ms, p50 ${of(1, 'p50')} / ${of(0, 'p50')} ms; memory of the node ${memory[1]} / ${memory[0]} MB`,
    })
  } finally { for (const each of deep) await each.remove() }
}

/** The first round gets warm. */
async function inTurn(deep: readonly Deep[], round: number): Promise<{ p99: number; p50: number }[]> {
  const took: number[][] = deep.map(() => [])
  for (let n = 0; n < ASKED_A_ROUND; n++) for (const [i, each] of deep.entries()) took[i]?.push(await each.ask(round * ASKED_A_ROUND + n))
  return took.map(times => ({ p99: percentile(times, 0.99), p50: percentile(times, 0.5) }))
}

class Deep {
  #cursor: string | null = null

  private constructor(private readonly trial: Trial, private readonly rows: number, private readonly anna: Desk) {}

  static async make(rows: number): Promise<Deep> {
    const trial = await Trial.make({ authorities: ['DE', ...COUNTRIES] })
    await trial.start('DE')
    const drafter = await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })
    for (let i = 0; i < PARTNERS.length; i++) await drafter.act('draftRequest', evidence(`depth-${i}`))
    await trial.house('DE').stop()
    await fill(storeFolder(dataFolder(trial.folder), 'DE'), rows)
    process.stderr.write(`  ${rows} rows written\n`)
    await trial.start('DE')
    return new Deep(trial, rows, await trial.desk('DE', 'SYSTEM', 'system', { at: 'DE' }))
  }

  get rssMb(): number { return costOf(this.trial.house('DE').pid).rssKb / 1_024 }

  /** How long the n-th question took; each is another one. */
  async ask(n: number): Promise<number> {
    const begun = performance.now()
    const way = n % QUESTIONS.length
    if (way === 0) await this.anna.read(ONE, { reference: referenceOf((n * 7_919) % this.rows) })
    else {
      const { requests } = await this.anna.read<{ requests: { nodes: unknown[]; pageInfo: { endCursor: string } } }>(LIST, QUESTIONS[way]?.(n, this.rows, this.#cursor))
      if (requests.nodes.length !== 20) throw new TypeError(`${requests.nodes.length} rows for question ${way}`)
      if (way === 1) this.#cursor = requests.pageInfo.endCursor
    }
    return performance.now() - begun
  }

  remove(): Promise<void> { return this.trial.remove() }
}

const at = (i: number): string => new Date(FIRST_MS + i * MINUTE_MS).toISOString()
const referenceOf = (i: number): string => `DE-2019-${String(i + 1).padStart(7, '0')}`

/** The first is for a single request; the third goes on where the second ended. */
const QUESTIONS: readonly ((n: number, rows: number, cursor: string | null) => object)[] = [
  () => ({}),
  () => ({ orderBy: 'LAST_ACTIVITY' }),
  (_, __, after) => ({ orderBy: 'LAST_ACTIVITY', after }),
  () => ({ orderBy: 'CREATED' }),
  () => ({ orderBy: 'DUE_FIRST' }),
  n => ({ orderBy: 'LAST_ACTIVITY', filter: { statuses: [REQUEST_STATUSES[n % REQUEST_STATUSES.length]] } }),
  n => ({ orderBy: 'CREATED', filter: { kinds: [REQUEST_KINDS[n % REQUEST_KINDS.length]], urgencies: [URGENCIES[n % URGENCIES.length]] } }),
  n => ({ orderBy: 'DUE_FIRST', filter: { partners: [COUNTRIES[n % COUNTRIES.length]] } }),
  (n, rows) => ({ orderBy: 'LAST_ACTIVITY', filter: { updatedAfter: at((n * 31) % (rows / 2)) } }),
]

async function fill(folder: string, rows: number): Promise<void> {
  const store = await openEmbeddedStore(folder)
  try {
    const models = await store.docket.find(scopedToHouse(OWN), { filter: {}, order: 'CREATED', limit: PARTNERS.length })
    for (let done = 0; done < rows; done += WRITTEN_AT_ONCE) {
      await store.docket.put(Array.from({ length: Math.min(WRITTEN_AT_ONCE, rows - done) }, (_, k) => rowOf(models[(done + k) % models.length] as DocketRow, done + k)))
    }
  } finally { await store.close() }
}

/** Every field that is filtered or ordered by takes all its values, each at another pace. */
function rowOf(model: DocketRow, i: number): DocketRow {
  const [reference, requested] = [referenceOf(i), PARTNERS[i % PARTNERS.length] ?? '']
  const [kind, status, urgency] = [REQUEST_KINDS[i % REQUEST_KINDS.length], REQUEST_STATUSES[(i * 3) % REQUEST_STATUSES.length], URGENCIES[(i * 7) % URGENCIES.length]]
  const state = { ...model.state, reference, requested, ...(kind && { kind }), ...(status && { status }), ...(urgency && { urgency }) }
  return { ...model, reference, state, parties: [OWN, requested], open: i % 4 > 0, dueAt: i % 3 === 0 ? at(i + 50_000) : null, createdAt: at(i), updatedAt: at(i + ((i * 13) % 5_000)) }
}
