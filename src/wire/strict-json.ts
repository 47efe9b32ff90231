// JSON as it must be where it was signed or decides something: no key twice, nothing that reaches a prototype, no nesting without end,
// no lone surrogate, no number that a double bends. One pass over the text without recursion, then JSON.parse. Never echoes what it read.
import { Refusal } from '../refusal'

export interface JsonBounds {
  /** So many lists and objects inside each other. */
  maxDepth?: number
  /** Of the text in UTF-8. */
  maxBytes?: number
  /** False where a schema judges integers later. */
  safeIntegers?: boolean
}

/** A list or an object that is not closed yet; only objects have keys. */
interface Frame { keys: Set<string> | null; last: string | null; under: string | null }

const bad = (what: string): never => { throw new Refusal('BAD_REQUEST', `The JSON ${what}.`, { hint: 'Send well-formed JSON in UTF-8, each key once.' }) }

export function parseStrictJson(text: string, { maxDepth = 64, maxBytes = 1024 * 1024, safeIntegers = true }: JsonBounds = {}): unknown {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', `At most ${maxBytes} bytes are taken here.`, {})
  if (!text.isWellFormed()) bad('holds a lone surrogate')
  scan(text, maxDepth, safeIntegers)
  try {
    return JSON.parse(text) as unknown
  } catch { return bad('cannot be read') }
}

/** Depth, keys and numbers; that the rest is JSON, JSON.parse says. */
function scan(text: string, maxDepth: number, safeIntegers: boolean): void {
  const frames: Frame[] = []
  let position = 0
  while (position < text.length) {
    const mark = text.charAt(position)
    if (mark === '"') position = string(text, position, frames.at(-1))
    else if (mark === '-' || (mark >= '0' && mark <= '9')) position = number(text, position, safeIntegers)
    else {
      if (mark === '{' || mark === '[') {
        if (frames.length >= maxDepth) bad('is nested too deeply')
        frames.push({ keys: mark === '{' ? new Set() : null, last: null, under: frames.at(-1)?.last ?? null })
      } else if (mark === '}' || mark === ']') frames.pop()
      position++
    }
  }
}

/** A string, from its first quote to behind its last. */
function string(text: string, start: number, frame: Frame | undefined): number {
  const end = closingQuote(text, start + 1)
  const raw = text.slice(start, end + 1)
  const value = raw.includes('\\') ? unescaped(raw) : raw.slice(1, -1)
  if (frame?.keys && isKey(text, end + 1)) takeKey(frame, frame.keys, value)
  return end + 1
}

function closingQuote(text: string, start: number): number {
  let end = start
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  return end
}

function takeKey(frame: Frame, keys: Set<string>, key: string): void {
  if (key === '__proto__' || (key === 'prototype' && frame.under === 'constructor')) bad('has a key that is not allowed')
  if (keys.has(key)) bad('has a key twice')
  keys.add(key)
  frame.last = key
}

function unescaped(raw: string): string {
  let value = ''
  try {
    value = JSON.parse(raw) as string
  } catch { bad('cannot be read') }
  return value.isWellFormed() ? value : bad('holds a lone surrogate')
}

function isKey(text: string, after: number): boolean {
  let position = after
  while (text[position] === ' ' || text[position] === '\n' || text[position] === '\r' || text[position] === '\t') position++
  return text[position] === ':'
}

function number(text: string, start: number, safeIntegers: boolean): number {
  const run = /[0-9.eE+-]+/y
  run.lastIndex = start
  const raw = run.exec(text)?.[0] ?? ''
  const value = Number(raw)
  const isBent = !Number.isFinite(value) || Object.is(value, -0) || (safeIntegers && Number.isInteger(value) && !Number.isSafeInteger(value))
  if (isBent) bad('has a number out of range')
  return start + raw.length
}
