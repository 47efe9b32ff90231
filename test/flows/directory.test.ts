// The signed directory in running houses: a newer one is taken without a restart, an older one never, not after a restart either; one that has
// ended stops all that rests on it until the next one is there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openHouse } from '../../src/cli/data-folder'
import { renewDirectory } from '../../src/cli/secretariat'
import { createRootKey, signDirectory, type DirectorySnapshot } from '../../src/wire/directory'
import { codeOf, dataOf, overHttp } from '../support/asking'
import { eventually } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { payloadOf, refusalOf } from '../wire/forge'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR'] }) })
afterAll(() => houses.close())

const HOUR_MS = 3_600_000
const text = (...path: string[]): string => readFileSync(join(houses.folder.path, ...path), 'utf8').trim()
const versionOf = (jws: string): number => (payloadOf(jws) as unknown as DirectorySnapshot).version
const served = async (): Promise<number> => versionOf(await (await fetch(`${houses.hub}/directory`)).text())
const renewed = async (ms: number): Promise<number> => (await renewDirectory(houses.folder, { now: new Date(), expiresAt: new Date(Date.now() + ms) })).version
const is = (wanted: number) => (found: number): boolean => found === wanted
const kept = (house: string) => async (): Promise<number> => versionOf(text(house, 'directory.jws'))

test('a newer one is taken by hub and nodes as they run; an older one is not, whether they were restarted or not', async () => {
  const [first, before] = [text('directory.jws'), await served()]
  const next = await renewed(24 * 365 * HOUR_MS)
  expect(next).toBe(before + 1)
  await eventually(served, is(next), 'the hub serves it')
  for (const house of ['de', 'fr']) await eventually(kept(house), is(next), `${house} keeps it`)

  writeFileSync(join(houses.folder.path, 'directory.jws'), first)
  for (const house of ['hub', 'FR']) {
    await houses.stop(house)
    await houses.start(house)
  }
  expect(await served()).toBe(next)
  const opened = await openHouse(houses.folder, 'FR', new Date())
  expect(opened.directory.version).toBe(next)
  expect(await opened.kept.take(first)).toBe(false)
  const strange = { ...opened.directory.snapshot, version: next + 1 }
  const [root, stranger] = [JSON.parse(text('root', 'root.key.json')) as Awaited<ReturnType<typeof createRootKey>>, await createRootKey()]
  expect(await refusalOf(async () => opened.kept.take(await signDirectory(stranger.privateJwk, strange)))).toMatchObject({ reason: 'DIRECTORY_SIGNATURE' })
  expect(await refusalOf(async () => opened.kept.take(await signDirectory(root.privateJwk, { ...strange, expiresAt: new Date(Date.now() - 1).toISOString() })))).toMatchObject({ reason: 'DIRECTORY_EXPIRED' })
  expect(opened.kept.version).toBe(next)
  writeFileSync(join(houses.folder.path, 'directory.jws'), text('hub', 'directory.jws'))
})

test('one that has ended: a start is refused with the fix; running houses believe nobody, answer the public, and go on with the next one', async () => {
  const anna = await houses.token('DE', 'OFFICIAL', 'anna')
  const who = { query: '{ viewer { role } requests { nodes { reference } } }' }
  const readyAt = async (base: string): Promise<number> => (await fetch(`${base}/health/ready`)).status
  const bases = [houses.hub, houses.node('DE')]
  for (const base of bases) dataOf(await overHttp(base, who, { token: anna }))

  const ending = await renewed(5_000)
  for (const house of ['de', 'fr']) await eventually(kept(house), is(ending), `${house} keeps it`)
  for (const base of bases) {
    await eventually(() => readyAt(base), status => status === 503, 'it is not ready')
    expect(codeOf(await overHttp(base, who, { token: anna }))).toBe('STORE_UNAVAILABLE')
    expect(dataOf(await overHttp(base, { query: '{ viewer { role } }' }))).toEqual({ viewer: { role: 'PUBLIC' } })
  }
  await houses.stop('FR')
  await expect(houses.start('FR')).rejects.toThrow(/directory\.jws: The directory ended on .*comity directory renew/)
  await eventually(async () => houses.logged.join(), said => said.includes('the directory has ended'), 'it is said in the log')

  const next = await renewed(24 * HOUR_MS)
  // The hub asks the home node for the rows: both must have it.
  for (const base of bases) await eventually(() => readyAt(base), status => status === 200, 'it is ready')
  for (const base of bases) dataOf(await overHttp(base, who, { token: anna }))
  expect(await served()).toBe(next)
  await houses.start('FR')
})
