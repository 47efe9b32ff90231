// The Merkle tree of RFC 6962 over the digests of a ledger's entries: one root for a whole past, a short proof that one root extends another,
// and a short proof that an entry stands at its position. Knows digests, not what they are of.
import { createHash } from 'node:crypto'

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const digest = createHash('sha256').update(Uint8Array.of(prefix))
  for (const part of parts) digest.update(part)
  return digest.digest()
}

export const leafHash = (digest: string): Buffer => hash(0, Buffer.from(digest, 'hex'))
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => hash(1, left, right)
const EMPTY = createHash('sha256').digest()

/** Hash of the leaves [from, to). */
export type HashOfRange = (from: number, to: number) => Promise<Buffer>

/** The largest power of two below a size. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** Root of some leaves in their order. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const tree = new GrowingTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

/** A tree that grows by one leaf at a time and keeps no more than one hash a level. */
export class GrowingTree {
  #size = 0
  /** Roots of full subtrees, largest first; their sizes are the powers of two in the size of the whole. */
  readonly #full: Buffer[] = []

  get size(): number { return this.#size }

  add(leaf: Buffer): void {
    let hashed = leaf
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) hashed = nodeHash(this.#full.pop() ?? EMPTY, hashed)
    this.#full.push(hashed)
    this.#size += 1
  }

  root(): Buffer {
    const [last, ...before] = [...this.#full].reverse()
    return last ? before.reduce((right, left) => nodeHash(left, right), last) : EMPTY
  }
}

/** Hash of any leaves [from, to) out of hashes of smaller ranges. */
export async function joined(from: number, to: number, hashOf: HashOfRange): Promise<Buffer> {
  const middle = from + splitOf(to - from)
  return nodeHash(await hashOf(from, middle), await hashOf(middle, to))
}

/** That the tree of `second` leaves extends the tree of the first `first` of them. */
export async function consistencyProof(first: number, second: number, hashOf: HashOfRange): Promise<string[]> {
  const proof = async (from: number, to: number, isRoot: boolean): Promise<Buffer[]> => {
    if (first === to) return isRoot ? [] : [await hashOf(from, to)]
    const middle = from + splitOf(to - from)
    return first <= middle ? [...(await proof(from, middle, isRoot)), await hashOf(middle, to)] : [...(await proof(middle, to, false)), await hashOf(from, middle)]
  }
  return (await proof(0, second, true)).map(hex)
}

/** That the leaf of this index, counted from 0, stands in the tree of `size` leaves. */
export async function inclusionProof(index: number, size: number, hashOf: HashOfRange): Promise<string[]> {
  const proof = async (from: number, to: number): Promise<Buffer[]> => {
    if (to - from === 1) return []
    const middle = from + splitOf(to - from)
    return index < middle ? [...(await proof(from, middle)), await hashOf(middle, to)] : [...(await proof(middle, to)), await hashOf(from, middle)]
  }
  return (await proof(0, size)).map(hex)
}

/** RFC 9162, 2.1.4.2. */
export function isConsistent(first: { size: number; root: string }, second: { size: number; root: string }, proof: readonly string[]): boolean {
  if (first.size === second.size) return proof.length === 0 && first.root === second.root
  if (first.size < 1 || first.size > second.size) return false
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : [...proof]
  const start = path.shift()
  if (start === undefined) return false
  const place = trimmed({ node: first.size - 1, last: second.size - 1 })
  let old = bytes(start), whole = old
  for (const next of path.map(bytes)) {
    if (place.last === 0) return false
    if (place.node % 2 === 1 || place.node === place.last) {
      old = nodeHash(next, old)
      whole = nodeHash(next, whole)
      skipLeft(place)
    } else whole = nodeHash(whole, next)
    up(place)
  }
  return place.last === 0 && hex(old) === first.root && hex(whole) === second.root
}

/** RFC 9162, 2.1.3.2. */
export function isIncluded(leaf: Buffer, index: number, { size, root }: { size: number; root: string }, proof: readonly string[]): boolean {
  if (index < 0 || index >= size) return false
  const place = { node: index, last: size - 1 }
  let whole = leaf
  for (const next of proof.map(bytes)) {
    if (place.last === 0) return false
    if (place.node % 2 === 1 || place.node === place.last) {
      whole = nodeHash(next, whole)
      skipLeft(place)
    } else whole = nodeHash(whole, next)
    up(place)
  }
  return place.last === 0 && hex(whole) === root
}

interface Place { node: number; last: number }

function up(place: Place): void {
  place.node = Math.floor(place.node / 2)
  place.last = Math.floor(place.last / 2)
}

/** Past the levels on which a right-most node has no sibling. */
function skipLeft(place: Place): void { while (place.node % 2 === 0 && place.node !== 0) up(place) }

function trimmed(place: Place): Place {
  while (place.node % 2 === 1) up(place)
  return place
}

const isPowerOfTwo = (size: number): boolean => size === 1 || splitOf(size) * 2 === size
const hex = (value: Buffer): string => value.toString('hex')
const bytes = (value: string): Buffer => Buffer.from(value, 'hex')

/** A proof as it comes over a line. */
export const isProof = (value: unknown): value is string[] => Array.isArray(value) && value.length <= 128 && value.every(isHash)
export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** Hashes over leaves that are all at hand; each is made once. */
export function hashesOver(leaves: readonly Buffer[]): HashOfRange {
  const known = new Map<string, Promise<Buffer>>()
  const hashOf: HashOfRange = (from, to) => {
    const name = `${from}-${to}`
    const hashed = known.get(name) ?? (to - from === 1 ? Promise.resolve(leaves[from] ?? EMPTY) : joined(from, to, hashOf))
    known.set(name, hashed)
    return hashed
  }
  return hashOf
}
