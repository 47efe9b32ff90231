// Newline-delimited JSON out of a body's chunks: bounded, strict UTF-8, no key that reaches a prototype. Knows no network.
import { parse } from 'secure-json-parse'
import { LineLost } from './outcome'

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
