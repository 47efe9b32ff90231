// A key that was taken back: letters that were first seen before stay proved in `comity verify`; one first seen after is named.
import { keptRootKey, knownSnapshot, signNext, withoutKey } from '../../src/cli/secretariat'
import { verify } from '../../src/cli/verify'
import { requestIn, staff } from '../support/case'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  await requestIn(await staff(houses), 'DELIVERED')
  for (const house of ['DE', 'FR']) await houses.stop(house)
})
afterAll(() => houses.close())

async function revokedAt(at: Date): Promise<void> {
  const root = keptRootKey(houses.folder)
  const known = (await knownSnapshot(houses.folder, root)) ?? (() => { throw new TypeError('no directory') })()
  const kid = known.authorities.find(({ id }) => id === 'authority:DE')?.keys.find(key => key.use === 'sign')?.kid ?? ''
  const { keys } = await withoutKey(houses.folder, 'authority:DE', kid, at)
  const authorities = known.authorities.map(each => (each.id === 'authority:DE' ? { ...each, keys } : each))
  await signNext(houses.folder, { hub: known.hub, authorities }, { root, known, now: new Date(), expiresAt: new Date(known.expiresAt) })
}

test('letters that France took before Germany\'s key was revoked stay proved; where it was revoked before they came, the first is named', async () => {
  const verified = async (): Promise<string> => {
    const lines: string[] = []
    await verify(houses.settings, { country: 'FR' }, line => lines.push(line))
    return lines.join()
  }
  await revokedAt(new Date())
  expect(await verified()).toMatch(/^FR: \d+ entries/)
  await revokedAt(new Date(Date.now() - 3_600_000))
  expect(await verified()).toMatch(/^FR: broken at position \d+: the letter that it came with was first seen after its sender's key was revoked/)
})
