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
  private constructor(private readonly lines: readonly Uint8Array[]) {}

  /** What stands in the first line, and the rows behind it. Throws LineLost. */
  static behind(bytes: Uint8Array): { head: unknown; rows: Rows } {
    const lines: Uint8Array[] = []
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push(bytes.subarray(start, end))
      start = end + 1
      if (lines.length > ROWS_AT_MOST) throw new LineLost('BAD_ANSWER')
    }
    lines.push(bytes.subarray(start))
    return { head: parseGuarded(lines[0] ?? bytes), rows: new Rows(lines.slice(1)) }
  }

  get length(): number { return this.lines.length }

  /** Undefined where nothing usable stands there. */
  at(position: number): unknown {
    const line = this.lines[position]
    try { return line && parseGuarded(line) } catch { return undefined }
  }
}
