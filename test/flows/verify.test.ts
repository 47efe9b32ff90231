// `comity verify` finds what was done to a ledger behind the house's back: an edit, a tail cut off, a checkpoint that another has signed.
import { verify } from '../../src/cli/verify'
import { openEmbeddedStore } from '../../src/store/embedded'
import { storeFolder } from '../../src/cli/data-folder'
import { makeCheckpoint } from '../../src/wire/checkpoints'
import { draftInput, staff } from '../support/case'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'

const ENTRIES = 3
let houses: RunningHouses
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const { annaAtHome } = await staff(houses)
  for (let i = 0; i < ENTRIES; i++) await annaAtHome.act('draftRequest', draftInput())
  await houses.stop('DE')
})
afterAll(() => houses.close())

async function verified(): Promise<{ sound: boolean; said: string }> {
  const lines: string[] = []
  const sound = await verify(houses.settings, 'DE', line => lines.push(line))
  return { sound, said: lines.join() }
}

test('a ledger that nobody touched holds, with the checkpoint that the node signed when it stopped', async () => {
  expect(await verified()).toEqual({ sound: true, said: `DE: ${ENTRIES} entries, chain, contents, letters and 1 checkpoints hold, and all that the hub holds of them` })
})

test('a checkpoint behind the end of the ledger shows that its tail is gone; one by another house is none', async () => {
  const store = await openEmbeddedStore(storeFolder(houses.folder, 'DE'))
  const checkpoints = store.documents<string>('checkpoint')
  const [own, other] = await Promise.all([keysOf(houses, 'DE'), keysOf(houses, 'FR')])
  const signedFor = (seq: number, { keys }: typeof own, iss: string): Promise<string> => makeCheckpoint({ signer: keys.signer, iss, seq, digest: 'a'.repeat(64), at: new Date().toISOString() })
  const at = (seq: number): string => String(seq).padStart(12, '0')

  await checkpoints.put(at(ENTRIES + 2), await signedFor(ENTRIES + 2, own, 'authority:DE'))
  expect(await verified()).toMatchObject({ sound: false, said: expect.stringContaining(`DE: broken at position ${ENTRIES + 1}:`) as string })
  await checkpoints.delete(at(ENTRIES + 2))
  await checkpoints.put(at(2), await signedFor(2, own, 'authority:DE'))
  expect(await verified()).toMatchObject({ sound: false, said: expect.stringContaining('DE: broken at position 2:') as string })
  await checkpoints.put(at(2), await signedFor(2, other, 'authority:FR'))
  expect(await verified()).toMatchObject({ sound: false, said: expect.stringContaining('DE: broken at position 2:') as string })
  await checkpoints.delete(at(2))
  expect((await verified()).sound).toBe(true)
  await store.close()
})
