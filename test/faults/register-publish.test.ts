// An edition above the bound of the public API, published by the secretariat's command, reaches nodes that are processes of their own over
// mutual TLS, is believed there and applied from its day.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { loadRegister, registerFiles } from '../../src/register/load'
import { dataOf, overHttp } from '../support/asking'
import { comity, Trial } from '../support/trial'

const BOUND = 256 * 1024
const shipped = loadRegister(REGISTER_FOLDER)
const folder = mkdtempSync(join(tmpdir(), 'comity-edition-'))
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

let trial: Trial
beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  const env = { COMITY_PROFILE: 'production', COMITY_HOSTS: [0, 1, 2].map(i => `127.0.0.1:${trial.port + i}`).join() }
  await trial.startAll({ env })
}, 60_000)
afterAll(async () => {
  await trial.remove()
  rmSync(folder, { recursive: true, force: true })
})

const at = (house: string): string => trial.urlOf(house).replace('/graphql', '')
type Row = Record<string, unknown> & { code: string; absent: { state: string }[]; parties: object[] }
const rowOf = (name: string): Row => JSON.parse(readFileSync(join(folder, 'instruments', `${name}.json`), 'utf8')) as Row
const write = (name: string, row: object): void => writeFileSync(join(folder, name), JSON.stringify(row))

/** The next version in the folder: South Africa in the Budapest Convention, or out again, and an agreement of every pair of states. */
function nextVersion(version: number, isParty: boolean): void {
  cpSync(REGISTER_FOLDER, folder, { recursive: true })
  write('register.json', { version, asOf: day(0) })
  const budapest = rowOf('COE185')
  if (isParty) write('instruments/COE185.json', { ...budapest, absent: budapest.absent.filter(({ state }) => state !== 'ZA'), parties: [...budapest.parties, { state: 'ZA', inForceOn: '2026-01-01', source: 'Treaty Office', verified: false }] })
  const pattern = rowOf('US_CA')
  const pairs = shipped.jurisdictions.flatMap(({ code: one }) => shipped.jurisdictions.filter(({ code: other }) => one < other).map(({ code: other }) => [one, other] as const))
  for (const [one, other] of pairs) {
    const code = `X_${one}_${other}`
    write(`instruments/${code}.json`, { ...pattern, code, note: 'A synthetic row. '.repeat(100).trim(), parties: [one, other].map(state => ({ state, inForceOn: '2020-01-01', source: 'synthetic', verified: false })) })
  }
}

const publish = async (from: string): Promise<string> => {
  const { code, stdout, stderr } = await comity(['register', 'publish', folder, '--from', from, '--data', trial.folder])
  if (code !== 0) throw new TypeError(stderr)
  return stdout
}
const editionsAt = async (house: string): Promise<{ version: number; appliesFrom: string | null }[]> =>
  dataOf(await overHttp(at(house), { query: '{ registerEditions { version appliesFrom } }' }))['registerEditions'] as never
const reaches = async (house: string, version: number): Promise<void> => {
  while ((await editionsAt(house))[0]?.version !== version) await new Promise(resolve => setImmediate(resolve))
}
const usableAt = async (house: string): Promise<string[]> => {
  const { legalBases } = dataOf(await overHttp(at(house), { query: '{ legalBases(requesting: "DE", requested: "ZA", kind: PRESERVATION) { usable { treaty { code } } } }' })) as { legalBases: { usable: { treaty: { code: string } }[] } }
  return legalBases.usable.map(({ treaty }) => treaty.code)
}

test('a whole new set, larger than an operation may be, is taken by every node over mutual TLS and applied from its day', async () => {
  // Houses alone get through to the exchange: this is mutual TLS, not the plain line of a trial.
  const plain = await fetch(`${at('hub')}/exchange/letters`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"letters":[]}' })
  expect(plain.status).toBe(403)
  expect(await usableAt('DE')).toEqual([])

  nextVersion(shipped.version + 1, true)
  const files = Object.entries(registerFiles(folder)).map(([name, text]) => ({ name, text }))
  expect(JSON.stringify(files).length).toBeGreaterThan(BOUND)
  const byMutation = await overHttp(at('hub'), {
    query: 'mutation($input: PublishRegisterInput!) { publishRegister(input: $input) { version } }', variables: { input: { expectedVersion: shipped.version, appliesFrom: day(0), files: files.slice(0, 100) } },
  }, { token: await trial.token('hub', 'SECRETARIAT') })
  expect(byMutation.errors[0]?.extensions?.code).toBe('PAYLOAD_TOO_LARGE')

  expect(await publish(day(0))).toContain(`register version ${shipped.version + 1} is published`)
  nextVersion(shipped.version + 2, false)
  expect(await publish(day(30))).toContain(`register version ${shipped.version + 2} is published`)
  for (const house of ['DE', 'FR']) {
    await reaches(house, shipped.version + 2)
    expect(await editionsAt(house)).toEqual([{ version: shipped.version + 2, appliesFrom: day(30) }, { version: shipped.version + 1, appliesFrom: day(0) }, { version: shipped.version, appliesFrom: null }])
    expect(await usableAt(house)).toContain('COE185')
  }
}, 90_000)
