// What `comity verify` says of a ledger that somebody with the right to write to its store has changed.
import { join } from 'node:path'
import { open, type Key } from 'lmdb'
import { GENESIS } from '../../src/ledger/ledger'
import { digestOf, type Entry } from '../../src/node/entry'
import { evidence } from '../support/case-words'
import { eventually } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { StoreCopies } from '../support/store-copies'

let houses: RunningHouses
let french: StoreCopies
/** The French store as it was before the second request came, and as it was at the end. */
let old: string, whole: string

/** Changes the entries of the French ledger behind its house's back. */
async function tamper(change: (entries: Map<number, Entry>) => void): Promise<void> {
  const root = open<string, Key[]>({ path: join(french.folder, 'lmdb'), noSubdir: false, encoding: 'string', maxDbs: 8 })
  const table = root.openDB<string, Key[]>({ name: 'entries', encoding: 'string' })
  const read = new Map(Array.from(table.getRange({ start: ['ledger', 0], end: ['ledger', Infinity] }), ({ key, value }) => [Number(key[1]), JSON.parse(value) as Entry]))
  const before = [...read.keys()]
  change(read)
  for (const seq of before) if (!read.has(seq)) await table.remove(['ledger', seq])
  for (const [seq, entry] of read) await table.put(['ledger', seq], JSON.stringify(entry))
  await root.close()
}

/** All digests made anew, so that the chain is sound in itself. */
function rechained(entries: Map<number, Entry>): void {
  let prev = GENESIS.digest
  for (const [seq, entry] of [...entries].sort(([one], [other]) => one - other)) {
    const { digest: _, ...body } = { ...entry.body, prev }
    const digest = digestOf({ ...entry, body })
    entries.set(seq, { ...entry, body: { ...body, digest } as Entry['body'] })
    prev = digest
  }
}

async function submitted(key: string): Promise<void> {
  const anna = await houses.desk('DE', 'OFFICIAL', 'anna')
  const vera = await houses.desk('DE', 'VALIDATOR', 'vera')
  const { reference } = await anna.act('draftRequest', evidence(key))
  await vera.act('validateRequest', { reference, expectedVersion: 1 })
  await anna.act('submitRequest', { reference, expectedVersion: 2 })
  // Germany's own copy: what it says came as a letter, by way of the hub.
  const home = await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')
  const status = async (): Promise<string> => (await home.read<{ request: { status: string } }>('query($reference: String!) { request(reference: $reference) { status } }', { reference })).request.status
  await eventually(status, each => each === 'DELIVERED', 'the request is delivered', 60_000)
}

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  french = new StoreCopies(houses, 'FR')
  await submitted('one')
  await houses.stop('FR')
  old = french.keep('old')
  await houses.start('FR')
  await submitted('two')
  await Promise.all(['FR', 'DE', 'hub'].map(house => houses.stop(house)))
  whole = french.keep('whole')
}, 100_000)
afterAll(() => houses.close())
beforeEach(() => french.restore(whole))

test('a ledger that nobody touched is sound, its own people and the hub agreeing', async () => {
  expect(await french.verified()).toEqual({ sound: true, said: expect.stringMatching(/^FR: 4 entries, chain, contents, letters and \d+ checkpoints hold, and all that the hub holds of them$/) })
})

test.each([1, 2, 3, 4])('an edit of entry %i is found there', async seq => {
  await tamper(entries => {
    const entry = entries.get(seq)
    if (entry) entries.set(seq, { ...entry, body: { ...entry.body, at: '2020-01-01T00:00:00.000Z' } })
  })
  expect(await french.verified()).toMatchObject({ sound: false, said: expect.stringContaining(`FR: broken at position ${seq}: `) })
})

test('a chain made anew over an edit is found at the entry of which a receipt was given', async () => {
  await tamper(entries => {
    const entry = entries.get(3)
    if (entry) entries.set(3, { ...entry, body: { ...entry.body, at: '2020-01-01T00:00:00.000Z' } })
    rechained(entries)
  })
  expect(await french.verified()).toEqual({ sound: false, said: expect.stringMatching(/^FR: broken at position 3: it is not the entry that the signed receipt names/) })
})

test.each([1, 2, 3, 4])('a tail cut off at entry %i is found there', async from => {
  await tamper(entries => { for (const seq of [...entries.keys()]) if (seq >= from) entries.delete(seq) })
  expect(await french.verified()).toEqual({ sound: false, said: expect.stringMatching(new RegExp(`^FR: broken at position ${from}: the ledger ends`)) })
})

test('an older copy of the whole store is found where it ends, by what the hub holds', async () => {
  french.restore(old)
  expect(await french.verified()).toEqual({ sound: false, said: expect.stringMatching(/^FR: broken at position 3: the ledger ends before .* the hub holds/) })
})
