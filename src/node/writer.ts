// The one writer of a node's ledger: decisions queue behind each other and commit in groups. Each is taken on the state at exactly the
// position it is appended to; where another process took that position, it is taken again on what stands then. One that appends nothing is taken on
// all that any process had appended when it was asked for.
import type { Ledger } from '../ledger/ledger'
import { Batch, type Work } from './work'
import type { Contents } from './contents'
import type { CrashPoint } from '../peer/crash-point'
import type { NodeDocket } from './docket'
import type { EntryBody } from './entry'

interface Job { decide(work: Work): unknown; resolve(result: unknown): void; reject(reason: unknown): void }
interface Settled { job: Job; outcome: { result: unknown } | { refusal: unknown }; lastSeq: number }

const JOBS_AT_ONCE = 128

export class Writer {
  readonly #queue: Job[] = []
  #running: Promise<void> | null = null

  constructor(private readonly ledger: Ledger<EntryBody>, private readonly docket: NodeDocket, private readonly contents: Contents, private readonly now: () => string, private readonly crash: CrashPoint = () => undefined, private readonly demandSound: () => void = () => undefined) {}

  /** Runs `decide` at the head of the ledger; resolves once what it appended is durable and readable, rejects with its refusal. */
  write<R>(decide: (work: Work) => R): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#queue.push({ decide, resolve: resolve as (result: unknown) => void, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves once everything that any process has appended before this call can be read. */
  current(): Promise<void> { return this.write(() => undefined) }

  /** Resolves when no decision is under way. */
  async idle(): Promise<void> { await this.#running }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const jobs = this.#queue.splice(0, JOBS_AT_ONCE)
      try {
        await this.#commit(jobs)
      } catch (thrown) {
        for (const job of jobs) job.reject(thrown)
      }
    }
    // In the very turn that saw the queue empty: a decision that comes a moment later must not wait for a run that has ended.
    this.#running = null
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    // What became durable before, but not readable because the store failed.
    if (this.docket.seq < this.ledger.head.seq) await this.#catchUp()
    let decided = await this.#decided(jobs)
    // Whoever appends proves by it that nobody else has. Where nothing is appended, that is looked up.
    if (decided.batch.entries.length === 0 && (await this.#catchUp())) decided = await this.#decided(jobs)
    const { batch, settled } = decided
    const inserted = await this.#append(batch)
    const lastSeq = batch.head.seq - batch.entries.length + inserted
    const lost = inserted === 0 && batch.entries.length > 0 ? 0 : settled.findIndex(each => each.lastSeq > lastSeq)
    for (const each of lost < 0 ? settled : settled.slice(0, lost)) answer(each)
    if (lost >= 0) this.#queue.unshift(...settled.slice(lost).map(each => each.job))
  }

  /** True where there was something. Entries that became durable, but not readable before the store failed, wake their followers here. */
  async #catchUp(): Promise<boolean> {
    const before = this.docket.seq
    try {
      await this.docket.catchUp()
      return this.docket.seq > before
    } finally { if (this.docket.seq > before) this.ledger.ring() }
  }

  async #decided(jobs: readonly Job[]): Promise<{ batch: Batch; settled: Settled[] }> {
    const batch = new Batch(this.ledger, this.docket, this.contents, this.ledger.head)
    const settled: Settled[] = []
    const now = this.now()
    for (const job of jobs) settled.push(await this.#settle(job, batch, now))
    return { batch, settled }
  }

  async #settle(job: Job, batch: Batch, now: string): Promise<Settled> {
    try {
      const result = await batch.settle(job.decide, now)
      return { job, outcome: { result }, lastSeq: batch.head.seq }
    } catch (refusal) {
      return { job, outcome: { refusal }, lastSeq: batch.head.seq }
    }
  }

  /** How many of its entries, from the first on, are durable: fewer where another process took a position. */
  async #append(batch: Batch): Promise<number> {
    if (batch.entries.length === 0) return 0
    this.demandSound()
    return this.#inOneCommit(batch) ?? this.#inTurn(batch)
  }

  /** Contents, entries, what goes alongside and what follows from them become durable together. */
  #inOneCommit({ entries, alongside, folded, made }: Batch): Promise<number> | null {
    const written = this.docket.keepTogether(folded, async () => {
      this.crash('beforeWrite')
      const [{ inserted }] = await Promise.all([this.ledger.commit(entries), this.contents.write(made.sealed), ...alongside.map(write => write())])
      this.crash('afterWrite')
      return inserted
    })
    return written?.finally(() => this.ledger.ring()) ?? null
  }

  async #inTurn({ entries, alongside, folded, made }: Batch): Promise<number> {
    await Promise.all([this.contents.write(made.sealed), ...alongside.map(write => write())])
    this.crash('beforeWrite')
    const { inserted } = await this.ledger.commit(entries)
    this.crash('afterWrite')
    try {
      if (inserted === entries.length) await this.docket.keep(folded)
      else await this.docket.catchUp()
    } finally { this.ledger.ring() }
    return inserted
  }
}

const answer = ({ job, outcome }: Settled): void => ('result' in outcome ? job.resolve(outcome.result) : job.reject(outcome.refusal))
