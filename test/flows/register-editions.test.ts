// The secretariat publishes an edition; the hub checks it whole and signs it, nodes take it over, and it applies from its day.
import { registerFiles, loadRegister } from '../../src/register/load'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { HUB, openHouse } from '../../src/cli/data-folder'
import { openEdition, signEdition } from '../../src/wire/register-edition'
import type { Role } from '../../src/domain/vocabulary'
import { codeOf, dataOf, overHttp, type Answer } from '../support/asking'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE'] }) }, 60_000)
afterAll(() => houses.close())

const shipped = loadRegister(REGISTER_FOLDER)
const files = registerFiles(REGISTER_FOLDER)
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const head = (version: number) => ({ name: 'register.json', text: JSON.stringify({ version, asOf: day(0) }) })
const withParty = (): { name: string; text: string } => {
  const row = JSON.parse(files['instruments/COE185.json'] ?? '') as { parties: object[]; absent: { state: string }[] }
  row.absent = row.absent.filter(each => each.state !== 'ZA')
  row.parties.push({ state: 'ZA', inForceOn: '2026-01-01', source: 'Treaty Office', verified: false })
  return { name: 'instruments/COE185.json', text: JSON.stringify(row) }
}
const publish = async (input: object, token?: string): Promise<Answer> =>
  overHttp(houses.hub, { query: 'mutation($input: PublishRegisterInput!) { publishRegister(input: $input) { version asOf appliesFrom } }', variables: { input } }, { token: token ?? (await houses.token(HUB, 'SECRETARIAT')) })
const editions = async (base: string): Promise<{ version: number; appliesFrom: string | null }[]> =>
  dataOf(await overHttp(base, { query: '{ registerEditions { version appliesFrom } }' }))['registerEditions'] as { version: number; appliesFrom: string | null }[]
const usable = async (base: string): Promise<string[]> => {
  const { legalBases } = dataOf(await overHttp(base, { query: '{ legalBases(requesting: "DE", requested: "ZA", kind: PRESERVATION) { usable { treaty { code } } } }' })) as { legalBases: { usable: { treaty: { code: string } }[] } }
  return legalBases.usable.map(({ treaty }) => treaty.code)
}

test('only the secretariat publishes', async () => {
  expect(codeOf(await publish({ expectedVersion: shipped.version, appliesFrom: day(0), files: [head(2)] }, await houses.token('DE', 'OFFICIAL')))).toBe('FORBIDDEN')
})

test.each<[string, () => object, string]>([
  ['a wrong row', () => ({ files: [head(shipped.version + 1), { name: 'instruments/EIO.json', text: '{"code":"EIO"}' }] }), 'instruments/EIO.json: /'],
  ['a version that is not the next', () => ({ files: [head(shipped.version + 2)] }), 'the next one is'],
  ['a day that is past', () => ({ appliesFrom: day(-1), files: [head(shipped.version + 1)] }), 'applies from today'],
  ['a file that is none', () => ({ files: [head(shipped.version + 1), { name: '../x.json', text: '{}' }] }), 'has no file ../x.json'],
  ['a change over another version', () => ({ expectedVersion: shipped.version + 7, files: [head(shipped.version + 8)] }), 'newest edition is version'],
])('%s is refused, and nothing is kept', async (_, change, message) => {
  const answer = await publish({ expectedVersion: shipped.version, appliesFrom: day(0), files: [], ...change() })
  expect(answer.errors[0]?.message).toContain(message)
  expect(await editions(houses.hub)).toEqual([{ version: shipped.version, appliesFrom: null }])
})

describe('what the secretariat\'s command hands in', () => {
  const handIn = async (body: unknown, role: Role = 'SECRETARIAT'): Promise<{ status: number; errors?: { message: string; path?: string; extensions: { code: string; path?: string } }[] }> => {
    const answer = await fetch(`${houses.hub}/register/editions`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${await houses.token(role === 'SECRETARIAT' ? HUB : 'DE', role)}` }, body: JSON.stringify(body) })
    return { status: answer.status, ...((await answer.json()) as object) }
  }
  const sound = { expectedVersion: shipped.version, appliesFrom: day(0), files: [head(shipped.version + 1)] }

  test.each<[string, () => unknown, Role, number, string]>([
    ['by an official', () => sound, 'OFFICIAL', 403, 'FORBIDDEN'],
    ['that is no object', () => null, 'SECRETARIAT', 400, 'BAD_USER_INPUT'],
    ['without a day', () => ({ ...sound, appliesFrom: '2030' }), 'SECRETARIAT', 400, 'BAD_USER_INPUT'],
    ['with a file that is none', () => ({ ...sound, files: [{ name: 'register.json' }] }), 'SECRETARIAT', 400, 'BAD_USER_INPUT'],
    ['with a wrong row', () => ({ ...sound, files: [...sound.files, { name: 'instruments/EIO.json', text: '{"code":"EIO"}' }] }), 'SECRETARIAT', 400, 'BAD_USER_INPUT'],
    ['over another version', () => ({ ...sound, expectedVersion: 77 }), 'SECRETARIAT', 409, 'VERSION_CONFLICT'],
    ['larger than nodes take', () => ({ ...sound, files: [...sound.files, { name: 'jurisdictions.json', text: `${files['jurisdictions.json']}${' '.repeat(3_500_000)}` }] }), 'SECRETARIAT', 413, 'PAYLOAD_TOO_LARGE'],
  ])('%s is refused, and nothing is kept', async (_, body, role, status, code) => {
    const answer = await handIn(body(), role)
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([status, code])
    expect(await editions(houses.hub)).toEqual([{ version: shipped.version, appliesFrom: null }])
  })
})

test('an edition reaches a node signed and applies from its day; after a restart it is still there', async () => {
  expect(await usable(houses.hub)).toEqual([])
  dataOf(await publish({ expectedVersion: shipped.version, appliesFrom: day(0), files: [head(shipped.version + 1), withParty()] }))
  dataOf(await publish({ expectedVersion: shipped.version + 1, appliesFrom: day(30), files: [head(shipped.version + 2)] }))
  expect(await usable(houses.hub)).toEqual(['COE185'])
  await houses.stop('DE')
  await houses.start('DE')
  const until = Date.now() + 40_000
  while ((await editions(houses.node('DE'))).length < 3 && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 100))
  expect(await editions(houses.node('DE'))).toEqual([{ version: shipped.version + 2, appliesFrom: day(30) }, { version: shipped.version + 1, appliesFrom: day(0) }, { version: shipped.version, appliesFrom: null }])
  expect(await usable(houses.node('DE'))).toEqual(['COE185'])
  await houses.stop(HUB)
  await houses.start(HUB)
  expect(await editions(houses.hub)).toHaveLength(3)
}, 90_000)

test('an edition that the hub has not signed is not believed', async () => {
  const [authority, hub] = await Promise.all([openHouse(houses.folder, 'DE', new Date()), openHouse(houses.folder, HUB, new Date())])
  const edition = { version: 99, appliesFrom: day(0), publishedAt: new Date().toISOString(), files }
  await expect(openEdition(await signEdition(authority.keys.signer, edition), hub.directory)).rejects.toMatchObject({ facts: { reason: 'KEY' } })
  expect(await openEdition(await signEdition(hub.keys.signer, edition), authority.directory)).toEqual(edition)
})
