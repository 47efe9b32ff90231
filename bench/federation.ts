// A federation to be measured: the hub in a process of its own, all nodes but the last two in another, those in one each, each node with 1,000 requests in an embedded store of its own, and the
// raw peer, a proxy over undici that asks the same nodes the same questions and joins the bytes. States beyond the fourteen of the seeds are added as data.
import 'reflect-metadata'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFolder, type DataFolder } from '../src/cli/data-folder'
import { REGISTER_FOLDER, SEED_COUNTRIES } from '../src/cli/seeds'
import { tokenOf } from '../src/cli/token'
import { prepare } from '../src/cli/trial-folder'
import type { Role } from '../src/domain/vocabulary'
import { isState } from '../src/register/known'
import { loadRegister } from '../src/register/load'
import { evidence } from '../test/support/case-words'
import { Desk } from '../test/support/desk'
import { freePorts } from '../test/support/ports'

export const HOME = 'DE'
/** Requests that the home authority has sent to each partner. */
const SHARED = 30
const WRITERS = 16
/** Where a CPU profile of the hub is wanted. */
const PROFILES = process.env['COMITY_BENCH_PROFILES']
const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i))
const MORE_STATES = LETTERS.flatMap(one => LETTERS.map(other => one + other)).filter(code => isState(code) && !SEED_COUNTRIES.includes(code))

/** The home authority first. */
export const statesOf = (size: number): string[] => [...SEED_COUNTRIES.filter(country => country !== 'US'), ...MORE_STATES].slice(0, size)

export interface Plan { path: string; port: number; countries: readonly string[] }

export interface Federation {
  plan: Plan
  countries: readonly string[]
  hub: ChildProcess
  nodes: ChildProcess
  /** Of the last two authorities, so that one can be killed and one stopped. */
  lastTwo: [ChildProcess, ChildProcess]
  raw: ChildProcess
  hubUrl: string
  rawUrl: string
  nodeUrl(country: string): string
  token(country: string, role: Role, subject?: string): Promise<string>
  desk(country: string, role: Role, subject: string, at?: string): Promise<Desk>
  /** References that the home authority sent, by the partner that decides them. */
  sent: Map<string, string[]>
  close(): void
}

export const registerFolderOf = (path: string): string => join(path, 'register')

export async function federation(size: number, requestsANode: number, say: (line: string) => void): Promise<Federation> {
  const path = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  const { plan, folder } = await planned(path, statesOf(size))
  const countries = plan.countries
  const hub = await started('hub', plan)
  const nodes = await started('nodes', plan, countries.slice(0, -2))
  const lastTwo = (await Promise.all(countries.slice(-2).map(country => started('nodes', plan, [country])))) as [ChildProcess, ChildProcess]
  const raw = await started('raw', plan)
  const made = federationOf(plan, folder, { hub, nodes, lastTwo, raw })
  try {
    await filled(made, requestsANode, say)
    return made
  } catch (thrown) {
    made.close()
    throw thrown
  }
}

/** Keys, directory and register of a federation, and ports for its houses and the raw peer. */
export async function planned(path: string, countries: readonly string[]): Promise<{ plan: Plan; folder: DataFolder }> {
  const port = await freePorts(countries.length + 2)
  const register = withStates(registerFolderOf(path), countries)
  const folder = dataFolder(join(path, 'data'))
  await prepare(folder, { host: '127.0.0.1', port, countries, authorities: register.authorities, now: new Date() })
  return { plan: { path, port, countries }, folder }
}

function federationOf(plan: Plan, folder: DataFolder, children: Pick<Federation, 'hub' | 'nodes' | 'lastTwo' | 'raw'>): Federation {
  const { port, countries, path } = plan
  const token = (country: string, role: Role, subject = role.toLowerCase()): Promise<string> => tokenOf(folder, country, role, subject, 8 * 3_600)
  const nodeUrl = (country: string): string => `http://127.0.0.1:${port + 1 + countries.indexOf(country)}`
  const hubUrl = `http://127.0.0.1:${port}`
  return {
    plan, countries, ...children, hubUrl, rawUrl: `http://127.0.0.1:${port + countries.length + 1}`, nodeUrl, token, sent: new Map(),
    desk: async (country, role, subject, at) => new Desk(`${at ? nodeUrl(at) : hubUrl}/graphql`, await token(country, role, subject)),
    close: () => {
      for (const child of Object.values(children).flat()) {
        child.kill('SIGCONT')
        if (child.connected) child.disconnect()
      }
      rmSync(path, { recursive: true, force: true })
    },
  }
}

export async function started(role: 'hub' | 'nodes' | 'raw' | 'played', plan: Plan, names: readonly string[] = []): Promise<ChildProcess> {
  const profiled = role === 'hub' && PROFILES ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : []
  const child = fork(join(__dirname, 'federation-process.ts'), [role, JSON.stringify(plan), names.join()], { execArgv: [...process.execArgv, ...profiled], env: { ...process.env, COMITY_LOG: 'error', NODE_ENV: 'production' } })
  await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => { throw new TypeError(`the process of ${role} ended with ${String(code)}`) })])
  return child
}

/** A copy of the register in which every state of the federation is party to the convention that these requests rely on. */
function withStates(to: string, countries: readonly string[]): ReturnType<typeof loadRegister> {
  cpSync(REGISTER_FOLDER, to, { recursive: true })
  const more = countries.filter(country => !SEED_COUNTRIES.includes(country))
  const sourced = { source: 'Invented for measurement', verified: false }
  const add = <Row extends { code: string }>(file: string, row: (model: Row, code: string) => Row): void => {
    const rows = JSON.parse(readFileSync(join(to, file), 'utf8')) as Row[]
    const model = rows.find(({ code }) => code === 'NG') as Row
    writeFileSync(join(to, file), JSON.stringify([...rows, ...more.map(code => row(model, code))]))
  }
  add<{ code: string; name: string }>('jurisdictions.json', (model, code) => ({ ...model, code, name: `State ${code}` }))
  add<{ code: string; id: string; country: string; name: string }>('authorities.json', (model, code) => ({ ...model, code, id: `authority:${code}`, country: code, name: `Central authority of ${code}` }))
  const file = join(to, 'instruments', 'UNTOC.json')
  const untoc = JSON.parse(readFileSync(file, 'utf8')) as { parties: object[] }
  writeFileSync(file, JSON.stringify({ ...untoc, parties: [...untoc.parties, ...more.map(state => ({ state, inForceOn: '2004-02-28', ...sourced }))] }))
  return loadRegister(to)
}

/** Each partner has requests of the home authority, delivered; drafts of its own fill every store. */
async function filled(made: Federation, requestsANode: number, say: (line: string) => void): Promise<void> {
  const partners = made.countries.filter(country => country !== HOME)
  const [anna, vera] = [await made.desk(HOME, 'OFFICIAL', 'anna', HOME), await made.desk(HOME, 'VALIDATOR', 'vera', HOME)]
  const register = loadRegister(registerFolderOf(made.plan.path))
  const languageOf = (country: string): string => register.jurisdictions.find(({ code }) => code === country)?.acceptedLanguages[0] ?? 'en'
  const input = (key: string, requested: string): object => inputTo(key, requested, languageOf(requested))
  const sends = partners.flatMap(country => Array.from({ length: SHARED }, (_, i) => ({ country, key: `sent-${country}-${i}` })))
  await inParallel(sends, async ({ country, key }) => {
    const reference = await submitted(anna, vera, input(key, country))
    made.sent.set(country, [...(made.sent.get(country) ?? []), reference])
  })
  say(`${sends.length} requests sent`)
  for (const country of made.countries) {
    const drafter = await made.desk(country, 'OFFICIAL', 'anna', country)
    const drafts = requestsANode - (country === HOME ? sends.length : SHARED)
    const partner = country === HOME ? (partners[0] ?? '') : HOME
    await inParallel(Array.from({ length: Math.max(0, drafts) }, (_, i) => i), i => drafter.act('draftRequest', input(`draft-${country}-${i}`, partner)))
    say(`${country} holds ${requestsANode} requests`)
  }
  for (const [country, references] of made.sent) {
    const receiver = await made.desk(country, 'OFFICIAL', 'luc', country)
    for (const reference of references) await receiver.until(reference, 'DELIVERED')
    for (const reference of references) await anna.until(reference, 'DELIVERED')
  }
}

export const inputTo = (key: string, requested: string, language: string): object =>
  evidence(key, { requested, legalBases: [{ treatyCode: 'UNTOC', article: '18' }] }, { language, identifiers: [{ kind: 'ACCOUNT', value: key }] })

export async function submitted(drafter: Desk, validator: Desk, input: object): Promise<string> {
  const { reference, version } = await drafter.act('draftRequest', input)
  const validated = await validator.act('validateRequest', { reference, expectedVersion: version })
  await drafter.act('submitRequest', { reference, expectedVersion: validated.version })
  return reference
}

export async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }))
}
