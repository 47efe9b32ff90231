// One byte form for one value of our own: sorted keys, plain JSON. Digests and salted content digests over it.
import { hash, randomBytes } from 'node:crypto'
import { fault } from '../refusal'

/**
 * Deterministic JSON; keys in UTF-16 order. Refuses what JSON would lose or bend: NaN, -0, integers beyond 2^53, holes and undefined in
 * lists, lone surrogates, class instances. A key whose value is undefined is not there, as in JSON.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (Array.isArray(value)) return list(value)
  if (typeof value === 'object') return record(value)
  return fault(`a value of type ${typeof value} has no canonical form`)
}

/** Printable ASCII without quote and backslash stands as it is; nearly every text of ours is such. */
const PLAIN = /^[ !#-[\]-~]*$/

function text(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`
  return value.isWellFormed() ? JSON.stringify(value) : fault('a lone surrogate has no canonical form')
}

function number(value: number): string {
  const isExact = Number.isFinite(value) && !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return isExact ? JSON.stringify(value) : fault('this number has no canonical form')
}

/** A hole is met as undefined here; `map` would skip it. */
function list(values: readonly unknown[]): string {
  let parts = ''
  for (let i = 0; i < values.length; i++) parts += `${i === 0 ? '' : ','}${canonical(values[i])}`
  return `[${parts}]`
}

function record(value: object): string {
  if (!isPlain(value)) fault('only plain objects have a canonical form')
  let parts = ''
  for (const key of sortedKeys(value)) {
    const each = (value as Record<string, unknown>)[key]
    if (each !== undefined) parts += `${parts === '' ? '' : ','}${name(key)}:${canonical(each)}`
  }
  return `{${parts}}`
}

const FEW = 16

/** In UTF-16 order. Few are sorted by insertion, which costs a third of what `sort` does. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  if (keys.length > FEW) return keys.sort()
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string
    let place = i
    for (; place > 0 && (keys[place - 1] as string) > key; place--) keys[place] = keys[place - 1] as string
    keys[place] = key
  }
  return keys
}

const NAMES_KEPT = 1_000
const names = new Map<string, string>()

/** Few names stand for nearly all keys. */
function name(key: string): string {
  const known = names.get(key)
  if (known !== undefined) return known
  const made = text(key)
  if (names.size < NAMES_KEPT) names.set(key, made)
  return made
}

/** Without a prototype, or with one that has none itself: `Object.prototype` of whatever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export const sha256Hex = (bytes: string | Uint8Array): string => hash('sha256', bytes)

/** Salted, so that nobody can try out what a digest stands for. */
export function sealContent(body: unknown): { digest: string; salt: string; body: unknown } {
  const salt = randomBytes(16).toString('base64url')
  return { digest: contentDigest(salt, body), salt, body }
}

/** 16 bytes. A salt may hold no dot: `a.1` over 5 would be `a` over 1.5. */
export const isSalt = (salt: unknown): salt is string => typeof salt === 'string' && /^[A-Za-z0-9_-]{22}$/.test(salt)

export const contentDigest = (salt: string, body: unknown): string => sha256Hex(`${salt}.${canonical(body)}`)
