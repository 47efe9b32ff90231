// What one more authority costs a merged page: CPU of the hub over 8 to 195 authorities, beside the byte proxy over the same. The home node is a real one;
// the partners are played in one process and answer with what their real nodes said of the requests that the home authority sent them.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { tokenOf } from '../src/cli/token'
import { LINES } from '../src/peer/lines'
import type { ReadAnswer } from '../src/peer/reading'
import { loadRegister } from '../src/register/load'
import { Desk } from '../test/support/desk'
import { HOME, inParallel, inputTo, planned, registerFolderOf, started, statesOf, submitted, type Federation, type Plan } from './federation'
import { overRounds, type Figure } from './figures'
import { assertionsFor, LIST, prove, question, rawList, recent } from './hub'
import { beside, graphql, type Measured } from './load'

/** `COMITY_BENCH_BREADTH=8,64` measures other numbers of authorities. */
const SIZES = (process.env['COMITY_BENCH_BREADTH'] ?? '8,64,195').split(',').map(Number)
const ROWS_A_PARTNER = 10
const PAGE = 20
/** Real nodes that run at one time while answers are recorded. */
const NODES_AT_ONCE = 16

export async function breadthFigures(say: (figure: Figure) => void): Promise<void> {
  const costs: { size: number; hub: number; raw: number }[] = []
  for (const size of SIZES) {
    const [hub, raw] = await measured(size)
    const cpu = (of: Measured[]) => overRounds(of.map(each => each.cpuMs)).value
    costs.push({ size, hub: cpu(hub), raw: cpu(raw) })
    const shown = (of: Measured[]): string => `${cpu(of).toFixed(2)} ms of CPU, p50 ${overRounds(of.map(each => each.p50)).value.toFixed(1)} ms, ${Math.round(overRounds(of.map(each => each.bytes)).value)} bytes, ${Math.round(overRounds(of.map(each => each.rssMb)).value)} MB`
    say({ name: `a merged page of ${PAGE} over ${size} authorities: CPU of hub / raw proxy`, unit: '×', ...overRounds(hub.map((each, round) => each.cpuMs / (raw[round]?.cpuMs ?? 1))), beside: `hub ${shown(hub)} / raw ${shown(raw)}` })
  }
  const [first, last] = [costs.at(0), costs.at(-1)]
  if (!first || !last || first === last) return
  const slope = (of: 'hub' | 'raw', from = first, to = last): number => (to[of] - from[of]) / (to.size - from.size)
  say({ name: `one more authority, ${first.size} to ${last.size}: CPU of hub / raw proxy`, unit: '×', value: slope('hub') / slope('raw'), goal: { atMost: 1.7 }, beside: `${(1_000 * slope('hub')).toFixed(0)} / ${(1_000 * slope('raw')).toFixed(0)} µs` })
  const middle = costs.at(Math.floor(costs.length / 2))
  if (middle && middle !== last) say({ name: `one more authority: CPU of hub from ${middle.size} / up to there`, unit: '×', value: slope('hub', middle, last) / slope('hub', first, middle), goal: { atMost: 1.25 }, beside: `raw ${(slope('raw', middle, last) / slope('raw', first, middle)).toFixed(2)} ×` })
}

async function measured(size: number): Promise<[Measured[], Measured[]]> {
  const path = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  const children: ChildProcess[] = []
  try {
    const { plan, folder } = await planned(path, statesOf(size))
    const { countries, port } = plan
    const partners = countries.filter(country => country !== HOME)
    for (const role of ['hub', 'raw'] as const) children.push(await started(role, plan))
    children.push(await started('nodes', plan, [HOME]))
    const nodeUrl = (country: string): string => `http://127.0.0.1:${port + 1 + countries.indexOf(country)}`
    const at = { hub: `http://127.0.0.1:${port}`, countries, nodeUrl, rawUrl: `http://127.0.0.1:${port + 1 + size}`, token: await tokenOf(folder, HOME, 'OFFICIAL', 'anna', 8 * 3_600) }
    const answers = await recorded(plan, at, new Desk(`${nodeUrl(HOME)}/graphql`, await tokenOf(folder, HOME, 'VALIDATOR', 'vera', 8 * 3_600)))
    const played = await started('played', plan, partners)
    children.push(played)
    await tell(played, answers)
    await demandWhole(at.hub, at.token, size)
    await prove(at, at.token)
    const [hub, raw] = children.map(({ pid }) => pid ?? 0) as [number, number]
    return await beside([{ url: at.hub, pid: hub, asking: n => graphql(LIST, { filter: recent(n), first: PAGE }, at.token) }, { url: at.rawUrl, pid: raw, asking: rawList(PAGE) }])
  } finally {
    await Promise.all(children.map(ended))
    rmSync(path, { recursive: true, force: true })
  }
}

type Places = Pick<Federation, 'countries' | 'nodeUrl' | 'rawUrl'> & { hub: string; token: string }

/** What each partner's own node answers once it has the home authority's requests; some nodes at a time. */
async function recorded(plan: Plan, at: Places, vera: Desk): Promise<Record<string, string>> {
  const anna = new Desk(`${at.nodeUrl(HOME)}/graphql`, at.token)
  const register = loadRegister(registerFolderOf(plan.path))
  const languageOf = (country: string): string => register.jurisdictions.find(({ code }) => code === country)?.acceptedLanguages[0] ?? 'en'
  const partners = at.countries.filter(country => country !== HOME)
  const answers: Record<string, string> = {}
  for (let done = 0; done < partners.length; done += NODES_AT_ONCE) {
    const some = partners.slice(done, done + NODES_AT_ONCE)
    const nodes = await started('nodes', plan, some)
    try {
      const sent = some.flatMap(country => Array.from({ length: ROWS_A_PARTNER }, (_, i) => ({ country, key: `${country}-${i}` })))
      const references: string[] = []
      await inParallel(sent, async ({ country, key }) => { references.push(await submitted(anna, vera, inputTo(key, country, languageOf(country)))) })
      for (const reference of references) await anna.until(reference, 'DELIVERED')
      const assertions = await assertionsFor(at, some)
      await Promise.all(some.map(async country => { answers[country] = await readAt(at.nodeUrl(country), assertions[`authority:${country}`] ?? '') }))
    } finally { await ended(nodes) }
    process.stderr.write(`  ${at.countries.length} authorities: ${Object.keys(answers).length} recorded\n`)
  }
  return answers
}

async function readAt(node: string, assertion: string): Promise<string> {
  const body = question({ _filter: null, _order: 'LAST_ACTIVITY' }, { scope: 'DECIDED', limit: PAGE + 1, known: [] })
  const text = await (await fetch(`${node}/house/read`, { method: 'POST', headers: { 'content-type': 'application/json', accept: LINES, authorization: `Bearer ${assertion}` }, body })).text()
  const { told } = JSON.parse(text.split('\n')[0] ?? '') as ReadAnswer
  if (told?.keys.length !== ROWS_A_PARTNER) throw new TypeError(`${node} has ${told?.keys.length} rows: ${text.slice(0, 500)}`)
  return text
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  if (child.connected) child.disconnect()
  await gone
}

async function tell(child: ChildProcess, answers: Record<string, string>): Promise<void> {
  const told = once(child, 'message')
  child.send(answers)
  await told
}

/** Every authority answered, and the page is full. */
async function demandWhole(base: string, token: string, size: number): Promise<void> {
  const { requests: { nodes, sources } } = await new Desk(`${base}/graphql`, token).read<{ requests: { nodes: { origin: { stale: boolean } }[]; sources: { state: string }[] } }>(LIST, { filter: recent(0), first: PAGE })
  const answered = sources.filter(({ state }) => state === 'ANSWERED').length
  if (answered !== size || nodes.length !== PAGE || nodes.some(({ origin }) => origin.stale)) throw new TypeError(`${answered} of ${size} authorities answered, ${nodes.length} rows: ${JSON.stringify(sources).slice(0, 500)}`)
}
