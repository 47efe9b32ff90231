// The numbered, hash-chained log of one house. Knows positions and digests, not what an entry means.
// One commit at a time (the house's writer queue sees to that); the store's unique index guards against a second process.
import type { Appended, Log, LogEntry } from '../store/store'
import { Refusal } from '../refusal'
import { Doorbell } from './doorbell'

/** What every entry carries: the digest of the one before and its own. */
export interface Chained { prev: string; digest: string; at: string }
export type Unchained<Body extends Chained> = Omit<Body, 'prev' | 'digest'>

export interface EntryDraft<Body extends Chained> { unique?: string; ref?: string; body: Unchained<Body> }

export interface Head { seq: number; digest: string }
export const GENESIS: Head = { seq: 0, digest: '0'.repeat(64) }

/** Digest over everything of an entry but its own digest. */
export type DigestOf = (value: unknown) => string

const READ_AT_ONCE = 256
/** Another process's entries are looked for at least this often. */
const POLL_MS = 150

export class Ledger<Body extends Chained> {
  #head: Head
  readonly #bell = new Doorbell()

  private constructor(private readonly log: Log<Body>, private readonly digestOf: DigestOf, private readonly exclusive: boolean, head: Head) {
    this.#head = head
  }

  static async open<Body extends Chained>(log: Log<Body>, digestOf: DigestOf, exclusive: boolean): Promise<Ledger<Body>> {
    const last = await log.last()
    const [entry] = last === 0 ? [] : await log.read({ after: last - 1, limit: 1 })
    return new Ledger(log, digestOf, exclusive, entry ? { seq: entry.seq, digest: entry.body.digest } : GENESIS)
  }

  get head(): Head { return this.#head }

  /** The entry that would follow `after`. Writes nothing. */
  chain(after: Head, draft: EntryDraft<Body>): LogEntry<Body> {
    // Undefined is not there: the digest is over everything but itself. What is added to a copy comes first: behind it, it would cost ten times as much.
    const body: { digest: string | undefined } = { prev: after.digest, digest: undefined, ...draft.body }
    const entry = { seq: after.seq + 1, ...draft, body }
    body.digest = this.digestOf(entry)
    return entry as unknown as LogEntry<Body>
  }

  /** Appends chained entries; the head moves to the last one inserted. */
  async commit(entries: readonly LogEntry<Body>[]): Promise<Appended> {
    const appended = await this.log.append(entries)
    const last = entries[appended.inserted - 1]
    if (last) this.#advance(last)
    return appended
  }

  /** Entries that another process has written behind the head; moves the head. Nothing to do on an exclusive store. */
  async refresh(): Promise<LogEntry<Body>[]> {
    if (this.exclusive) return []
    const found: LogEntry<Body>[] = []
    // Mostly there is none: one is asked for before many are.
    for (let limit = 1; ; limit = READ_AT_ONCE) {
      const entries = await this.log.read({ after: this.#head.seq, limit })
      const last = entries.at(-1)
      if (!last) return found
      found.push(...entries)
      this.#advance(last)
    }
  }

  #advance(last: LogEntry<Body>): void {
    this.#head = { seq: last.seq, digest: last.body.digest }
  }

  /** Called once what was committed can also be read in the docket: what a feed announces, a query already shows. */
  ring(): void { this.#bell.ring() }

  read(query: { after: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]> { return this.log.read(query) }
  find(unique: string): Promise<LogEntry<Body> | null> { return this.log.find(unique) }

  /** Batches of entries behind `after`, for ever. `upTo` bounds what may be shown: entries that the docket has not folded yet wait. */
  async *follow(after: number, signal: AbortSignal, upTo: () => number = () => this.#head.seq): AsyncGenerator<LogEntry<Body>[]> {
    let position = after
    while (!signal.aborted) {
      const rung = this.#bell.armed(signal, this.exclusive ? null : POLL_MS)
      const bound = upTo()
      const entries = bound > position ? await this.log.read({ after: position, limit: Math.min(READ_AT_ONCE, bound - position) }) : []
      const last = entries.at(-1)
      if (last) {
        position = last.seq
        yield entries
      } else await rung
    }
  }
}

export interface ChainFault { seq: number; what: string }

/** Re-reads a log from its first entry and names the first broken position; null where the chain holds. */
export async function verifyChain<Body extends Chained>(log: Log<Body>, digestOf: DigestOf, each: (entry: LogEntry<Body>) => Promise<string | null>): Promise<{ count: number; broken: ChainFault | null }> {
  let head = GENESIS
  for (;;) {
    const entries = await readable(log, head.seq)
    if (entries === null) return { count: head.seq, broken: { seq: head.seq + 1, what: 'it cannot be read' } }
    if (entries.length === 0) return { count: head.seq, broken: null }
    for (const entry of entries) {
      const what = linkFault(head, entry, digestOf) ?? (await each(entry))
      if (what) return { count: head.seq, broken: { seq: head.seq + 1, what } }
      head = { seq: entry.seq, digest: entry.body.digest }
    }
  }
}

function isEntry(entry: { body?: unknown } | null): boolean { return typeof entry?.body === 'object' && entry.body !== null }

/** What was spoiled may have no form that could be digested. */
function digestsTo(digest: string, value: unknown, digestOf: DigestOf): boolean {
  try { return digestOf(value) === digest } catch { return false }
}

/** Entries that can be read behind a position; null where the very next one cannot. A store that does not answer is no fault of the log. */
async function readable<Body extends Chained>(log: Log<Body>, after: number): Promise<LogEntry<Body>[] | null> {
  for (const limit of [READ_AT_ONCE, 1]) {
    try {
      return await log.read({ after, limit })
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown
    }
  }
  return null
}

function linkFault<Body extends Chained>(head: Head, entry: LogEntry<Body>, digestOf: DigestOf): string | null {
  if (!isEntry(entry)) return 'it is no entry'
  if (entry.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`
  if (entry.body.prev !== head.digest) return 'it does not name the entry before it'
  const { digest, ...body } = entry.body
  return digestsTo(digest, { ...entry, body }, digestOf) ? null : 'its content does not match its digest'
}

