// JSON as it must be where it was signed or decides something: no key twice, nothing that reaches a prototype, no nesting without end,
// no lone surrogate, no number that a double cannot hold. One pass over the text, then JSON.parse.
import { Refusal } from '../refusal'

export interface JsonBounds {
  maxDepth?: number
  maxBytes?: number
  /** False where a schema judges numbers later. */
  safeIntegers?: boolean
}

const bad = (what: string): never => { throw new Refusal('BAD_REQUEST', `The JSON ${what}.`, { hint: 'Send well-formed JSON in UTF-8, each key once.' }) }

const POISON: readonly string[] = ['__proto__', 'constructor', 'prototype']

export function parseStrictJson(text: string, { maxDepth = 64, maxBytes = 1024 * 1024, safeIntegers = true }: JsonBounds = {}): unknown {
  if (text.length > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', `At most ${maxBytes} bytes are taken here.`, {})
  if (!text.isWellFormed()) bad('holds a lone surrogate')
  scan(text, maxDepth, safeIntegers)
  return JSON.parse(text) as unknown
}

/** Depth, keys and numbers, without recursion. */
function scan(text: string, maxDepth: number, safeIntegers: boolean): void {
  const keys: (Set<string> | null)[] = []
  let position = 0
  while (position < text.length) {
    const mark = text[position]
    if (mark === '{' || mark === '[') {
      if (keys.length >= maxDepth) bad('is nested too deeply')
      keys.push(mark === '{' ? new Set() : null)
      position++
    } else if (mark === '}' || mark === ']') {
      keys.pop()
      position++
    } else if (mark === '"') position = string(text, position, keys.at(-1) ?? null)
    else if (mark === '-' || (mark !== undefined && mark >= '0' && mark <= '9')) position = number(text, position, safeIntegers)
    else position++
  }
  if (!isJson(text)) bad('cannot be read')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch { return false }
}

function string(text: string, start: number, keys: Set<string> | null): number {
  let end = start + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  const raw = text.slice(start, end + 1)
  const value = raw.includes('\\') ? unescaped(raw) : raw.slice(1, -1)
  if (!value.isWellFormed()) bad('holds a lone surrogate')
  if (keys && isKey(text, end + 1)) {
    if (POISON.includes(value)) bad('has a key that is not allowed')
    if (keys.has(value)) bad('has a key twice')
    keys.add(value)
  }
  return end + 1
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(raw) as string
  } catch { return bad('cannot be read') }
}

function isKey(text: string, after: number): boolean {
  let position = after
  while (text[position] === ' ' || text[position] === '\n' || text[position] === '\r' || text[position] === '\t') position++
  return text[position] === ':'
}

function number(text: string, start: number, safeIntegers: boolean): number {
  let end = start + 1
  while (end < text.length && /[0-9.eE+-]/.test(text[end] ?? '')) end++
  const raw = text.slice(start, end)
  const value = Number(raw)
  if (!Number.isFinite(value)) bad('has a number out of range')
  if (safeIntegers && /^-?\d+$/.test(raw) && !Number.isSafeInteger(value)) bad('has a number out of range')
  return end
}
