// What an act costs through the hub beside the same act at the node: time until it is answered, and CPU of hub and nodes together. Each request is
// acknowledged once; blocks of both ways alternate.
import { performance } from 'node:perf_hooks'
import { costOf } from './cost'
import { HOME, type Federation } from './federation'
import { median, overRounds, percentile, type Figure } from './figures'

const ROUNDS = 3
const WAYS = ['hub', 'node'] as const

interface Acts { took: number[]; cpuMs: number }

export async function actFigures(made: Federation, say: (figure: Figure) => void): Promise<void> {
  const all = [...made.sent].flatMap(([country, references]) => references.map(reference => ({ country, reference })))
  const size = Math.floor(all.length / (ROUNDS * WAYS.length))
  const measured: Record<(typeof WAYS)[number], Acts[]> = { hub: [], node: [] }
  for (let block = 0; block < ROUNDS * WAYS.length; block++) {
    const way = WAYS[(block + Math.floor(block / WAYS.length)) % WAYS.length] ?? 'hub'
    measured[way].push(await acknowledged(made, way, all.slice(block * size, (block + 1) * size)))
  }
  const { hub, node } = measured
  const beside = (of: Acts[]): string => `p50 ${overRounds(of.map(({ took }) => median(took))).value.toFixed(1)} p99 ${overRounds(of.map(({ took }) => percentile(took, 0.99))).value.toFixed(1)} ms, ${overRounds(of.map(({ cpuMs }) => cpuMs)).value.toFixed(1)} ms of CPU in all houses`
  say({ name: 'An act: time through the hub / at the node', unit: '×', ...overRounds(hub.map(({ took }, i) => median(took) / median(node[i]?.took ?? []))), goal: { atMost: 1.5 }, beside: `hub ${beside(hub)} / node ${beside(node)}` })
  say({ name: 'An act: CPU through the hub / at the node', unit: '×', ...overRounds(hub.map(({ cpuMs }, i) => cpuMs / (node[i]?.cpuMs ?? 1))), goal: { atMost: 1.5 } })
}

async function acknowledged(made: Federation, way: 'hub' | 'node', requests: readonly { country: string; reference: string }[]): Promise<Acts> {
  const pids = [made.hub, made.nodes, ...made.lastTwo].map(({ pid }) => pid ?? 0)
  const cpu = (): number => pids.reduce((sum, pid) => sum + costOf(pid).cpuMs, 0)
  const desks = new Map<string, Awaited<ReturnType<Federation['desk']>>>()
  for (const { country } of requests) if (!desks.has(country)) desks.set(country, await made.desk(country, 'OFFICIAL', 'luc', way === 'node' ? country : undefined))
  const versions = await Promise.all(requests.map(async ({ country, reference }) => (await desks.get(country)?.look(reference))?.version))
  const took: number[] = []
  const before = cpu()
  for (const [i, { country, reference }] of requests.entries()) {
    const begun = performance.now()
    const { status } = (await desks.get(country)?.act('acknowledgeRequest', { reference, expectedVersion: versions[i], handler: 'Unit 4', ownReference: `N ${reference}` })) ?? {}
    if (status !== 'ACKNOWLEDGED') throw new TypeError(`${reference} is ${String(status)}`)
    took.push(performance.now() - begun)
  }
  const cpuMs = (cpu() - before) / requests.length
  const anna = await made.desk(HOME, 'OFFICIAL', 'anna', HOME)
  for (const { reference } of requests) await anna.until(reference, 'ACKNOWLEDGED')
  return { took, cpuMs }
}
