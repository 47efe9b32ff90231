// Logs in an embedded store: entries by position, with one index by stream and one by unique value. Append checks and writes in one transaction.
import { fault } from '../refusal'
import type { EmbeddedFiles } from './embedded-files'
import type { Appended, Log, LogEntry } from './store'
import { checkedLimit, checkedPosition, decoded, encoded, isStorable, storable } from './text'

interface Written { seq: number; unique: string | null; ref: string | null; text: string }

export class EmbeddedLog<Body> implements Log<Body> {
  constructor(private readonly files: EmbeddedFiles, private readonly name: string) {}

  async append(entries: readonly LogEntry<Body>[]): Promise<Appended> {
    const written = this.files.prepare(() => allWritten(entries))
    return this.files.write(isPart => {
      const appended = this.#appendAll(written)
      return isPart && appended.clash ? fault(`entry ${(written[0]?.seq ?? 0) + appended.inserted} of ${this.name} cannot be written with what follows from it`) : appended
    })
  }

  #appendAll(entries: readonly Written[]): Appended {
    const [first] = entries
    if (first && this.#has(first.seq)) return { inserted: 0, clash: 'POSITION' }
    if (first && first.seq > 1 && !this.#has(first.seq - 1)) fault(`entry ${first.seq} would leave a hole behind ${this.#last()}`)
    for (const [inserted, entry] of entries.entries()) {
      if (entry.unique !== null && this.files.table('uniques').doesExist([this.name, entry.unique])) return { inserted, clash: 'UNIQUE' }
      this.#insert(entry)
    }
    return { inserted: entries.length, clash: null }
  }

  /** A log has no holes: where a position is free, so is every one behind it. */
  #has(seq: number): boolean { return this.files.table('entries').doesExist([this.name, seq]) }

  #insert({ seq, unique, ref, text }: Written): void {
    this.files.table('entries').putSync([this.name, seq], text)
    if (ref !== null) this.files.table('streams').putSync([this.name, ref, seq], '')
    if (unique !== null) this.files.table('uniques').putSync([this.name, unique], String(seq))
  }

  async read({ after, limit, ref }: { after: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]> {
    const start = checkedPosition(after, 'after') + 1
    return ref === undefined ? this.#range(start, Infinity, limit) : this.#stream(ref, start, Infinity, limit)
  }

  async readBack({ before, limit, ref }: { before: number; limit: number; ref?: string }): Promise<LogEntry<Body>[]> {
    const start = checkedPosition(before, 'before') - 1
    return ref === undefined ? this.#range(start, 0, limit) : this.#stream(ref, start, 0, limit)
  }

  async last(): Promise<number> { return this.#last() }

  async find(unique: string): Promise<LogEntry<Body> | null> {
    const seq = isStorable(unique) ? this.files.table('uniques').get([this.name, unique]) : undefined
    return seq === undefined ? null : this.#entry(Number(seq))
  }

  #last(): number {
    const [key] = [...this.files.table('entries').getKeys({ start: [this.name, Infinity], end: [this.name, 0], reverse: true, limit: 1 })]
    return key ? Number(key[1]) : 0
  }

  /** The library takes a limit of 0 for none. */
  #range(from: number, to: number, limit: number): LogEntry<Body>[] {
    const range = this.files.table('entries').getRange({ start: [this.name, from], end: [this.name, to], reverse: to < from, limit: checkedLimit(limit) || 1 })
    return Array.from(range, ({ value }) => decoded<LogEntry<Body>>(value)).slice(0, limit)
  }

  #stream(ref: string, from: number, to: number, limit: number): LogEntry<Body>[] {
    if (!isStorable(ref)) return []
    const keys = this.files.table('streams').getKeys({ start: [this.name, ref, from], end: [this.name, ref, to], reverse: to < from, limit: checkedLimit(limit) || 1 })
    return Array.from(keys, key => this.#entry(Number(key[2]))).slice(0, limit)
  }

  #entry(seq: number): LogEntry<Body> {
    const text = this.files.table('entries').get([this.name, seq])
    return text === undefined ? fault(`the log ${this.name} has an index to entry ${seq}, which is not there`) : decoded(text)
  }
}

function allWritten(entries: readonly LogEntry<unknown>[]): Written[] {
  const written = entries.map(writtenOf)
  return written.some(({ seq }, index) => seq !== (written[0]?.seq ?? 0) + index) ? fault('entries of one append must follow each other') : written
}

function writtenOf<Body>(entry: LogEntry<Body>): Written {
  if (!Number.isSafeInteger(entry.seq) || entry.seq < 1) fault('positions of a log count from 1')
  if (entry.body === undefined) fault('an entry without a body')
  const unique = entry.unique === undefined ? null : storable(entry.unique, 'a unique value')
  const ref = entry.ref === undefined ? null : storable(entry.ref, 'the name of a stream')
  return { seq: entry.seq, unique, ref, text: encoded(entry, 'an entry') }
}
