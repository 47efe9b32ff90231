// What `comity verify` finds though everything in a house's own store was made to agree: by checkpoints that the hub and partners have countersigned.
// And what a house does that finds itself to be an older copy.
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { heldCheckpoints } from '../../src/cli/checkpoints'
import { keysFile } from '../../src/cli/data-folder'
import { keptRootKey, knownSnapshot, signNext, withoutKey } from '../../src/cli/secretariat'
import { GENESIS } from '../../src/ledger/ledger'
import { digestOf, type EntryBody } from '../../src/node/entry'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { LogEntry, Store } from '../../src/store/store'
import { makeCheckpoint, readCheckpoint } from '../../src/wire/checkpoints'
import { leafHash, rootOf } from '../../src/wire/merkle'
import { draftInput, requestIn, staff, take, type Staff } from '../support/case'
import { eventually } from '../support/desk'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'
import { StoreCopies } from '../support/store-copies'

let houses: RunningHouses
let german: StoreCopies
let people: Staff
/** The German store before its last two entries, and at its end; entries at each. */
let old: string, whole: string, before: number, count: number

async function within<Value>(work: (store: Store) => Promise<Value>, folder = german.folder): Promise<Value> {
  const opened = await openEmbeddedStore(folder)
  try { return await work(opened) } finally { await opened.close() }
}
const entriesOf = (opened: Store): Promise<LogEntry<EntryBody>[]> => opened.log<EntryBody>('ledger').read({ after: 0, limit: 1_000 })

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  german = new StoreCopies(houses, 'DE')
  people = await staff(houses)
  await requestIn(people, 'DELIVERED')
  await houses.stop('DE')
  old = german.keep('old')
  before = await within(async opened => (await entriesOf(opened)).length)
  await houses.start('DE')
  // Drafts that no other house has heard of.
  for (let i = 0; i < 2; i++) await people.annaAtHome.act('draftRequest', draftInput())
  await houses.stop('DE')
  whole = german.keep('whole')
  count = await within(async opened => (await entriesOf(opened)).length)
})
afterAll(() => houses.close())
afterEach(() => german.restore(whole))

test('a ledger that nobody touched holds, with the checkpoints that the node signed when it stopped', async () => {
  expect(await german.verified()).toEqual({ sound: true, said: expect.stringMatching(new RegExp(`^DE: ${count} entries, chain, contents, letters and 2 checkpoints hold, and all that the hub holds of them$`)) })
  expect(count).toBe(before + 2)
})

test('an older copy is found where it ends, by the checkpoint that the hub has countersigned, though no letter went out since', async () => {
  german.restore(old)
  expect(await german.verified()).toEqual({ sound: false, said: `DE: broken at position ${before + 1}: the ledger ends here, but a checkpoint was signed at ${count}, which the hub holds` })
})

test('with what the hub holds given as a file, an older copy is found without the hub\'s store', async () => {
  const file = join(houses.folder.path, 'held')
  const lines = await heldCheckpoints(houses.settings, 'DE', 'hub')
  expect(lines).toHaveLength(2)
  writeFileSync(file, lines.map(line => `${line}\n`).join(''))
  german.restore(old)
  cpSync(keysFile(houses.folder, 'hub'), `${file}.keys`)
  rmSync(keysFile(houses.folder, 'hub'))
  try {
    expect((await german.verified()).sound).toBe(true)
    expect(await german.verified(file)).toEqual({ sound: false, said: expect.stringContaining(`DE: broken at position ${before + 1}: the ledger ends here, but a checkpoint was signed at ${count}`) })
  } finally { cpSync(`${file}.keys`, keysFile(houses.folder, 'hub')) }
})

test('a past made anew over an edit, with checkpoints signed anew, is found by the hub\'s countersignature', async () => {
  const { keys: { signer } } = await keysOf(houses, 'DE')
  const entries = await within(entriesOf)
  // As whoever has the house's keys and its store could write it.
  let prev = GENESIS.digest
  const anew = entries.map(({ body, ...place }) => {
    const { digest: _, ...edited } = { ...body, prev, ...(place.seq === count && { at: '2020-01-01T00:00:00.000Z' }) }
    prev = digestOf({ ...place, body: edited })
    return { ...place, body: { ...edited, digest: prev } }
  })
  const root = rootOf(anew.map(({ body }) => leafHash(body.digest))).toString('hex')
  const checkpoints = await within(opened => opened.documents<string>('checkpoint').list({ prefix: '', limit: 10 }))
  german.restore(old)
  await within(async opened => {
    await opened.log('ledger').append(anew.slice(before))
    for (const { key, value } of checkpoints) await opened.documents<string>('checkpoint').put(key, value)
    const at = String(count).padStart(12, '0')
    await opened.documents<string>('checkpoint').put(at, await makeCheckpoint({ signer, iss: 'authority:DE', seq: count, digest: prev, root, prev: before, at: new Date().toISOString() }))
  })
  expect(await german.verified()).toEqual({ sound: false, said: `DE: broken at position ${count}: it is not what the checkpoint here was signed for which the hub holds` })
})

test('a checkpoint by another house, or one that is gone, is found', async () => {
  const { keys: { signer } } = await keysOf(houses, 'FR')
  const at = (seq: number): string => String(seq).padStart(12, '0')
  await within(async opened => opened.documents<string>('checkpoint').put(at(2), await makeCheckpoint({ signer, iss: 'authority:FR', seq: 2, digest: 'a'.repeat(64), root: 'a'.repeat(64), prev: 0, at: new Date().toISOString() })))
  expect(await german.verified()).toMatchObject({ sound: false, said: expect.stringContaining('DE: broken at position 2:') as string })
  german.restore(whole)
  await within(opened => opened.documents('checkpoint').delete(at(before)))
  expect(await german.verified()).toMatchObject({ sound: false, said: `DE: broken at position ${before}: the checkpoint here is not signed by the house, or gone` })
})

test('a house that is an older copy of itself refuses to begin while the hub tells it so', async () => {
  german.restore(old)
  await expect(houses.start('DE')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: 'The ledger of authority:DE is not the one that it has signed: it was changed, or its store is an older copy.' })
  german.restore(whole)
  await houses.start('DE')
  await houses.stop('DE')
})

test('one that begins without the hub finds it out at the next contact, and takes no act any more, nor calls itself ready', async () => {
  german.restore(old)
  await houses.stop('hub')
  await houses.start('DE')
  await people.annaAtHome.act('draftRequest', draftInput())
  await houses.start('hub')
  const health = async (): Promise<number> => (await fetch(`${houses.node('DE')}/health/ready`)).status
  expect(await eventually(health, status => status === 503, 'the house calls itself unfit')).toBe(503)
  expect(await people.annaAtHome.refusedAct('draftRequest', draftInput())).toMatchObject({ extensions: { code: 'STORE_UNAVAILABLE' } })
  expect((await people.annaAtHome.read<{ requests: { nodes: unknown[] } }>('{ requests(first: 5) { nodes { reference } } }')).requests.nodes.length).toBeGreaterThan(0)
  await houses.stop('DE')
})

test('a partner countersigns in its receipt what came with a letter, and holds it', async () => {
  await houses.start('DE')
  const { reference } = await people.anna.act('draftRequest', draftInput())
  for (const step of ['VALIDATE', 'SUBMIT'] as const) await take(people, reference, step)
  await people.annaAtHome.until(reference, 'DELIVERED')
  await houses.stop('DE')
  const { directory } = await keysOf(houses, 'DE')
  const seen = await heldCheckpoints(houses.settings, 'DE', 'FR').then(([jws = '']) => readCheckpoint(jws, directory))
  expect(seen).toMatchObject({ iss: 'authority:DE', seq: count })
  const { jws: _, ...countersigned } = (await within(opened => opened.documents<object & { jws: string }>('countersigned').get('authority:FR'))) ?? { jws: '' }
  expect(countersigned).toEqual({ seq: seen.seq, digest: seen.digest, root: seen.root })
  expect((await german.verified()).sound).toBe(true)
  whole = german.keep('later')
})

test('a countersignature stays what it is when the key of the partner who gave it is revoked', async () => {
  const root = keptRootKey(houses.folder)
  const known = (await knownSnapshot(houses.folder, root)) ?? (() => { throw new TypeError('no directory') })()
  const kid = known.authorities.find(({ id }) => id === 'authority:FR')?.keys.find(key => key.use === 'sign')?.kid ?? ''
  const { keys } = await withoutKey(houses.folder, 'authority:FR', kid, new Date())
  const authorities = known.authorities.map(each => (each.id === 'authority:FR' ? { ...each, keys } : each))
  await signNext(houses.folder, { hub: known.hub, authorities }, { root, known, now: new Date(), expiresAt: new Date(known.expiresAt) })
  expect(await german.verified()).toMatchObject({ sound: true })
})
