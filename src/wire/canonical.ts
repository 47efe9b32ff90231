// One byte form for one value of our own: sorted keys, plain JSON. Digests and salted content digests over it.
import { createHash, randomBytes } from 'node:crypto'
import { fault } from '../refusal'

/** Deterministic JSON. Refuses what JSON would lose or bend: NaN, -0, undefined in lists, lone surrogates, class instances. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object') return record(value)
  return fault(`a value of type ${typeof value} has no canonical form`)
}

const text = (value: string): string => (value.isWellFormed() ? JSON.stringify(value) : fault('a lone surrogate has no canonical form'))

const number = (value: number): string => (Number.isFinite(value) && !Object.is(value, -0) ? JSON.stringify(value) : fault('this number has no canonical form'))

function record(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) fault('only plain objects have a canonical form')
  const entries = Object.entries(value).filter(([, each]) => each !== undefined).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, each]) => `${text(key)}:${canonical(each)}`).join(',')}}`
}

export const sha256Hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Salted, so that nobody can try out what a digest stands for. */
export function sealContent(body: unknown): { digest: string; salt: string; body: unknown } {
  const salt = randomBytes(16).toString('base64url')
  return { digest: contentDigest(salt, body), salt, body }
}

export const contentDigest = (salt: string, body: unknown): string => sha256Hex(`${salt}.${canonical(body)}`)
