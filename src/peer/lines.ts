// Newline-delimited JSON, out of a body's chunks or out of a whole body: bounded, strict UTF-8, no key that reaches a prototype. Knows no network.
import { parse } from 'secure-json-parse'
import { LineLost } from './outcome'

export const LINES = 'application/x-ndjson'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Parses what another house said; anything unusable is a lost line, never a SyntaxError. */
export function parseGuarded(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes)
    const value: unknown = parse(text, { protoAction: 'error', constructorAction: 'error' })
    return value
  } catch { throw new LineLost('BAD_ANSWER') }
}

const NEWLINE = 0x0a

export class Lines {
  #parts: Uint8Array[] = []
  #length = 0

  constructor(private readonly maxBytes: number) {}

  /** The complete lines that this chunk ends; empty lines are skipped. */
  *take(chunk: Uint8Array): Generator<unknown> {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      start = end + 1
      if (this.#length > 0) yield parseGuarded(this.#whole())
    }
    this.#keep(chunk.subarray(start))
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return
    this.#length += part.length
    if (this.#length > this.maxBytes) throw new LineLost('TOO_LARGE')
    this.#parts.push(part)
  }

  #whole(): Uint8Array {
    const [only] = this.#parts
    const line = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#length = 0
    return line
  }
}

/** More than any page has, and one. */
const ROWS_AT_MOST = 2_000

/** Rows of an answer that are looked at one by one, and most of them not at all: each line is parsed where it is wanted. */
export class Rows {
  /** `ends`: of the first line, then of each row. */
  private constructor(private readonly bytes: Uint8Array, private readonly ends: readonly number[]) {}

  /** What stands in the first line, and the rows behind it. Throws LineLost. */
  static behind(bytes: Uint8Array): { head: unknown; rows: Rows } {
    const ends: number[] = []
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
      ends.push(end)
      if (ends.length > ROWS_AT_MOST) throw new LineLost('BAD_ANSWER')
    }
    ends.push(bytes.length)
    return { head: parseGuarded(bytes.subarray(0, ends[0])), rows: new Rows(bytes, ends) }
  }

  get length(): number { return this.ends.length - 1 }

  /** Undefined where nothing usable stands there. */
  at(position: number): unknown {
    const [before, end] = [this.ends[position], this.ends[position + 1]]
    if (before === undefined || end === undefined) return undefined
    try { return parseGuarded(this.bytes.subarray(before + 1, end)) } catch { return undefined }
  }
}
