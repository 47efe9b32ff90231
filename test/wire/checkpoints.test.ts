// Checkpoints and countersignatures: whose they are, and what a key that was revoked still proves.
import { extendsLast, makeCheckpoint, makeCountersignature, readCheckpoint, readCountersignature } from '../../src/wire/checkpoints'
import { consistencyProof, hashesOver, leafHash, rootOf } from '../../src/wire/merkle'
import { payloadOf, refusalOf, signRaw, headerOf } from './forge'
import { DE, FR, later, NOW, redirect, world, type World } from './houses'

let all: World
beforeAll(async () => { all = await world() })

const leaves = Array.from({ length: 9 }, (_, i) => leafHash(String(i).padStart(64, '0')))
const standing = (seq: number) => ({ seq, digest: String(seq - 1).padStart(64, '0'), root: rootOf(leaves.slice(0, seq)).toString('hex') })
const checkpoint = (seq: number, iss: typeof DE | typeof FR = DE) => makeCheckpoint({ signer: all.keys[iss].signer, iss: DE, ...standing(seq), prev: 0, at: NOW.toISOString() })

test('a checkpoint is the house\'s that signed it, and no other\'s', async () => {
  expect(await readCheckpoint(await checkpoint(5), all.directory)).toMatchObject({ iss: DE, ...standing(5) })
  expect(await refusalOf(async () => readCheckpoint(await checkpoint(5, FR), all.directory))).toMatchObject({ reason: 'CHECKPOINT_INVALID' })
})

test.each([['no root', { root: undefined }], ['a root in capitals', { root: 'A'.repeat(64) }], ['position 0', { seq: 0 }], ['one before it that is none', { prev: 5 }], ['another schema', { v: 2 }], ['no time', { at: 'now' }]])('%s makes it none', async (_, changes) => {
  const good = await checkpoint(5)
  expect(await refusalOf(async () => readCheckpoint(await signRaw(all.files[DE], headerOf(good), { ...payloadOf(good), ...changes }), all.directory))).toMatchObject({ reason: 'CHECKPOINT_INVALID' })
})

test('a key that was revoked signs no new one, and what was kept of it stays evidence', async () => {
  const good = await checkpoint(5)
  const revoked = await redirect(all, ({ authorities }) => { for (const key of authorities.find(({ id }) => id === DE)?.keys ?? []) key.revokedAt = later(-60).toISOString() })
  expect(await refusalOf(() => readCheckpoint(good, revoked, NOW))).toMatchObject({ reason: 'CHECKPOINT_INVALID' })
  expect(await readCheckpoint(good, revoked)).toMatchObject({ iss: DE, seq: 5 })
})

test('a countersignature names another house than its signer; one type is not taken for the other', async () => {
  const by = (iss: string, of: string) => makeCountersignature({ signer: all.keys.hub.signer, iss, of, ...standing(5), at: NOW.toISOString() })
  expect(await readCountersignature(await by('hub', DE), all.directory)).toMatchObject({ iss: 'hub', of: DE, ...standing(5) })
  for (const [iss, of] of [[DE, FR], ['hub', 'hub']] as const) expect(await refusalOf(async () => readCountersignature(await by(iss, of), all.directory))).toMatchObject({ reason: 'CHECKPOINT_INVALID' })
  expect(await refusalOf(async () => readCountersignature(await checkpoint(5), all.directory))).toMatchObject({ reason: 'CHECKPOINT_INVALID' })
})

test('only what is proved to extend the last one seen extends it', async () => {
  const path = await consistencyProof(5, 9, hashesOver(leaves))
  expect(extendsLast(standing(5), { from: 5, path }, standing(9))).toBe(true)
  expect(extendsLast(standing(5), { from: 4, path }, standing(9))).toBe(false)
  expect(extendsLast({ ...standing(5), root: 'a'.repeat(64) }, { from: 5, path }, standing(9))).toBe(false)
  expect(extendsLast(standing(5), { from: 5, path: [] }, standing(9))).toBe(false)
  expect(extendsLast(null, { from: 0, path: [] }, standing(9))).toBe(true)
})
