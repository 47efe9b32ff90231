// The tree over a ledger: roots as RFC 6962 has them, and proofs that hold for the true past alone.
import fc from 'fast-check'
import { consistencyProof, hashesOver, inclusionProof, isConsistent, isIncluded, leafHash, rootOf, type HashOfRange } from '../../src/wire/merkle'

/** Leaves of the reference trees of Certificate Transparency, and the root after each. */
const REFERENCE: [leaf: string, root: string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
]

const digests = (count: number, salt = 0): string[] => Array.from({ length: count }, (_, i) => (i + salt * 1_000).toString(16).padStart(64, '0'))
const root = (of: readonly string[]): string => rootOf(of.map(leafHash)).toString('hex')
const hashesOf = (of: readonly string[]): HashOfRange => hashesOver(of.map(leafHash))

test.each(REFERENCE.map(([, expected], i) => [i + 1, expected] as const))('the root over %i leaves is the one of the RFC\'s reference trees', (count, expected) => {
  expect(root(REFERENCE.slice(0, count).map(([leaf]) => leaf))).toBe(expected)
})

test('every past is extended by every later one, and every entry is in it', async () => {
  const all = digests(70)
  for (let second = 1; second <= all.length; second++) {
    const whole = { size: second, root: root(all.slice(0, second)) }
    expect((await hashesOf(all)(0, second)).toString('hex')).toBe(whole.root)
    for (let first = 1; first <= second; first++) {
      expect(isConsistent({ size: first, root: root(all.slice(0, first)) }, whole, await consistencyProof(first, second, hashesOf(all)))).toBe(true)
      expect(isIncluded(leafHash(all[first - 1] ?? ''), first - 1, whole, await inclusionProof(first - 1, second, hashesOf(all)))).toBe(true)
    }
  }
})

test('no proof makes another past, another entry, another place or a spoiled proof good', async () => {
  const size = fc.integer({ min: 2, max: 60 })
  await fc.assert(fc.asyncProperty(size, size, fc.nat(), fc.nat(), async (one, other, at, bit) => {
    const [first, second] = one < other ? [one, other] : [other, one + 1]
    const all = digests(second)
    const whole = { size: second, root: root(all) }
    const changed = all.map((digest, i) => (i === at % first ? digests(1, 9)[0] ?? '' : digest))
    const path = await consistencyProof(first, second, hashesOf(all))
    expect(isConsistent({ size: first, root: root(changed.slice(0, first)) }, whole, path)).toBe(false)
    expect(isConsistent({ size: first, root: root(changed.slice(0, first)) }, whole, await consistencyProof(first, second, hashesOf(changed)))).toBe(false)
    const index = at % second
    const proof = await inclusionProof(index, second, hashesOf(all))
    expect(isIncluded(leafHash(digests(1, 7)[0] ?? ''), index, whole, proof)).toBe(false)
    expect(isIncluded(leafHash(all[index] ?? ''), (index + 1) % second, whole, proof)).toBe(false)
    const spoiled = proof.map((hash, i) => (i === bit % proof.length ? flipped(hash) : hash))
    expect(isIncluded(leafHash(all[index] ?? ''), index, whole, spoiled)).toBe(false)
    expect(isIncluded(leafHash(all[index] ?? ''), index, whole, proof.slice(1))).toBe(false)
  }), { numRuns: 300 })
})

const flipped = (hash: string): string => `${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}`
