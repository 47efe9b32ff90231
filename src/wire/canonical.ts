// One byte form for one value of our own: sorted keys, plain JSON. Digests and salted content digests over it.
import { createHash, randomBytes } from 'node:crypto'
import { fault } from '../refusal'

/**
 * Deterministic JSON; keys in UTF-16 order. Refuses what JSON would lose or bend: NaN, -0, integers beyond 2^53, holes and undefined in
 * lists, lone surrogates, class instances. A key whose value is undefined is not there, as in JSON.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  // `Array.from` shows a hole as undefined, `map` alone would skip it.
  if (Array.isArray(value)) return `[${Array.from(value as unknown[], each => canonical(each)).join(',')}]`
  if (typeof value === 'object') return record(value)
  return fault(`a value of type ${typeof value} has no canonical form`)
}

const text = (value: string): string => (value.isWellFormed() ? JSON.stringify(value) : fault('a lone surrogate has no canonical form'))

function number(value: number): string {
  const isExact = Number.isFinite(value) && !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return isExact ? JSON.stringify(value) : fault('this number has no canonical form')
}

function record(value: object): string {
  if (!isPlain(value)) fault('only plain objects have a canonical form')
  const entries = Object.entries(value).filter(([, each]) => each !== undefined).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, each]) => `${text(key)}:${canonical(each)}`).join(',')}}`
}

/** Without a prototype, or with one that has none itself: `Object.prototype` of whatever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export const sha256Hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Salted, so that nobody can try out what a digest stands for. */
export function sealContent(body: unknown): { digest: string; salt: string; body: unknown } {
  const salt = randomBytes(16).toString('base64url')
  return { digest: contentDigest(salt, body), salt, body }
}

/** 16 bytes. A salt may hold no dot: `a.1` over 5 would be `a` over 1.5. */
export const isSalt = (salt: unknown): salt is string => typeof salt === 'string' && /^[A-Za-z0-9_-]{22}$/.test(salt)

export const contentDigest = (salt: string, body: unknown): string => sha256Hex(`${salt}.${canonical(body)}`)
