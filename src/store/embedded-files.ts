// One LMDB environment in one folder: its tables, and the one way to write. Knows nothing of what the tables mean.
// Writes that come while a commit is under way wait and go into the next one together (group commit). With overlappingSync off
// a commit has been flushed to disk when its promise resolves; with eventTurnBatching off a failed one rejects only what we hold.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { open, type Database, type Key, type RootDatabase } from 'lmdb'
import { Refusal } from '../refusal'

export type Table = Database<string, Key[]>
const TABLES = ['entries', 'streams', 'uniques', 'documents', 'rows', 'facts', 'orders', 'clocks'] as const
export type TableName = (typeof TABLES)[number]

interface Job { run(isPart: boolean): void; fail(error: unknown): void; done(): void }

export class EmbeddedFiles {
  readonly #root: RootDatabase<string, Key[]>
  readonly #tables: Readonly<Record<TableName, Table>>
  #waiting: Job[] = []
  /** What is begun while this stands is one job. */
  #parts: Job[] | null = null
  #commits: Promise<void> | null = null
  #open = true

  constructor(private readonly folder: string, private readonly readOnly: boolean) {
    if (readOnly && !existsSync(join(folder, 'data.mdb'))) throw unavailable(`There is no store in ${folder}.`, 'Name the data folder of a house that was started before.')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#root = open({ path: folder, noSubdir: false, encoding: 'string', overlappingSync: false, eventTurnBatching: false, maxDbs: TABLES.length, readOnly })
    this.#tables = Object.fromEntries(TABLES.map(name => [name, this.#root.openDB({ name, encoding: 'string' })])) as Record<TableName, Table>
    if (!readOnly) flushFolder(folder)
  }

  table(name: TableName): Table {
    if (!this.#open) throw unavailable('The store is closed.', 'Open it again.')
    // What another process wrote is seen from the next read on, not from the next turn of the event loop.
    if (this.readOnly) this.#root.resetReadTxn()
    return this.#tables[name]
  }

  /** Runs the work in a transaction of its own kind: all of it is durable when this resolves, or none of it happened. Told whether other works stand and fall with it. */
  write<Result>(work: (isPart: boolean) => Result): Promise<Result> {
    if (!this.#open || this.readOnly) return Promise.reject(unavailable('The store cannot be written to.', this.#open ? 'It was opened for reading only.' : 'Open it again.'))
    return new Promise<Result>((resolve, reject) => {
      let result: Result
      this.#add({ run: isPart => { result = work(isPart) }, fail: reject, done: () => resolve(result) })
    })
  }

  /** Works that `begin` hands over before it returns are one: where one of them throws, none of them happened. */
  together<Begun>(begin: () => Begun): Begun {
    const parts: Job[] = []
    this.#parts = parts
    try {
      const begun = begin()
      this.#parts = null
      this.#add(oneOf(parts))
      return begun
    } catch (error) {
      for (const part of parts) part.fail(error)
      throw error
    } finally { this.#parts = null }
  }

  /** What a write needs is made at once; where it cannot be, what stands and falls with that write is not written either. */
  prepare<Made>(make: () => Made): Made {
    try {
      return make()
    } catch (error) {
      this.#parts?.push({ run: () => { throw error }, fail: () => undefined, done: () => undefined })
      throw error
    }
  }

  #add(job: Job): void {
    if (this.#parts) return void this.#parts.push(job)
    this.#waiting.push(job)
    this.#commits ??= this.#commitAll()
  }

  async #commitAll(): Promise<void> {
    await turn()
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting
      this.#waiting = []
      await this.#commit(jobs)
    }
    this.#commits = null
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const failed = new Set<Job>()
    try {
      await this.#root.transaction(() => { for (const job of jobs) this.#attempt(job, failed) })
    } catch (error) {
      const refusal = await this.#refusalOf(error)
      return jobs.forEach(job => job.fail(refusal))
    }
    for (const job of jobs) if (!failed.has(job)) job.done()
  }

  /** A work that throws is rolled back alone; the others of the group stand. */
  #attempt(job: Job, failed: Set<Job>): void {
    try {
      void this.#root.childTransaction(() => job.run(false))
    } catch (error) {
      failed.add(job)
      job.fail(error)
    }
  }

  /** The library hides the reason in a second promise, which must be taken even where nobody reads it. */
  async #refusalOf(error: unknown): Promise<Refusal> {
    const hidden = (error as { commitError?: Promise<never> }).commitError
    const cause: unknown = hidden ? await hidden.catch((reason: unknown) => reason) : error
    const refusal = unavailable('The store could not write to its disk; nothing was changed.', 'See that the disk is not full and is well, and try again.')
    return Object.assign(refusal, { cause, folder: this.folder })
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#commits
    await this.#root.close()
  }
}

const oneOf = (parts: readonly Job[]): Job => ({
  run: () => parts.forEach(part => { part.run(true) }), fail: error => parts.forEach(part => { part.fail(error) }), done: () => parts.forEach(part => { part.done() }),
})

const unavailable = (message: string, hint: string): Refusal => new Refusal('STORE_UNAVAILABLE', message, { hint })

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A new file is durable only once its folder is. */
function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
