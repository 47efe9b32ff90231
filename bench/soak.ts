// Whether the hub stays as it is under half its load for 20 minutes: memory, what it keeps open, and how long its answers take. A mix of single requests,
// merged pages and law, with a new draft every second.
import { setTimeout as pause } from 'node:timers/promises'
import { evidence } from '../test/support/case-words'
import type { Figure } from './figures'
import { federation, HOME, type Federation } from './federation'
import { askingLaw, LIST, ONE, recent } from './hub'
import { closedLoop, fixedRate, graphql, type Peer } from './load'

const MINUTES = Number(process.env['COMITY_BENCH_MINUTES'] ?? 20)
const MINUTE_MS = 60_000
const REQUESTS_A_NODE = 200
const SPEED_FOR_MS = 10_000
const HALF = 0.5
/** The first minutes fill caches and pools. */
const WARM_MINUTES = Math.min(3, Math.floor(MINUTES / 4))
const DRAFT_EVERY_MS = 1_000

interface Minute { p50: number; p99: number; rssMb: number; kept: number; timers: number }

export async function soakFigures(say: (figure: Figure) => void): Promise<void> {
  const made = await federation(8, REQUESTS_A_NODE, line => process.stderr.write(`  soak: ${line}\n`))
  try {
    const peer = await mixed(made)
    await closedLoop(peer, SPEED_FOR_MS)
    const { perSecond } = await closedLoop(peer, SPEED_FOR_MS)
    const minutes: Minute[] = []
    const over = new AbortController()
    const drafting = keepDrafting(made, over.signal)
    for (let minute = 0; minute < MINUTES; minute++) {
      const { p50, p99 } = await fixedRate(peer, HALF * perSecond, MINUTE_MS)
      minutes.push({ p50, p99, ...(await kept(made)) })
      const last = minutes.at(-1) as Minute
      process.stderr.write(`  soak: minute ${minute + 1} of ${MINUTES}: p50 ${last.p50.toFixed(1)} p99 ${last.p99.toFixed(1)} ms, ${last.rssMb.toFixed(0)} MB, ${last.kept} kept open, ${last.timers} timers\n`)
    }
    over.abort()
    await drafting
    tell(minutes, HALF * perSecond, say)
  } finally { made.close() }
}

function tell(minutes: readonly Minute[], perSecond: number, say: (figure: Figure) => void): void {
  const third = Math.max(1, Math.floor((minutes.length - WARM_MINUTES) / 3))
  const [first, last] = [minutes.slice(WARM_MINUTES, WARM_MINUTES + third), minutes.slice(-third)]
  const mean = (of: readonly Minute[], which: keyof Minute): number => of.reduce((sum, each) => sum + each[which], 0) / of.length
  const ratio = (name: string, which: keyof Minute, atMost: number, unit: string): void => say({
    name: `soak of ${minutes.length} minutes: ${name}, last third / first third`, value: mean(last, which) / mean(first, which), unit: '×', goal: { atMost },
    beside: `${mean(first, which).toFixed(1)} to ${mean(last, which).toFixed(1)} ${unit}, at ${perSecond.toFixed(0)} a second`,
  })
  ratio('memory of the hub', 'rssMb', 1.1, 'MB')
  ratio('what it keeps open', 'kept', 1.1, 'sockets and others')
  ratio('its timers', 'timers', 1.1, 'timers')
  ratio('p99', 'p99', 1.3, 'ms')
}

async function mixed(made: Federation): Promise<Peer> {
  const token = await made.token(HOME, 'OFFICIAL', 'anna')
  const references = [...made.sent.values()].flat()
  const law = askingLaw(made)
  const asking = (n: number) => (n % 10 < 5 ? graphql(ONE, { reference: references[n % references.length] }, token) : n % 10 < 9 ? graphql(LIST, { filter: recent(n), first: 20 }, token) : law(n))
  return { url: made.hubUrl, pid: made.hub.pid ?? 0, asking }
}

async function keepDrafting(made: Federation, over: AbortSignal): Promise<void> {
  const drafter = await made.desk(HOME, 'OFFICIAL', 'drafter')
  for (let n = 0; !over.aborted; n++) {
    await drafter.act('draftRequest', evidence(`soak-${n}`, { requested: 'FR', legalBases: [{ treatyCode: 'UNTOC', article: '18' }] }, { identifiers: [{ kind: 'ACCOUNT', value: `soak-${n}` }] }))
    await pause(DRAFT_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
  }
}

/** As the hub itself says. */
async function kept(made: Federation): Promise<Omit<Minute, 'p50' | 'p99'>> {
  const text = await (await fetch(`${made.hubUrl}/metrics`)).text()
  const resources = [...text.matchAll(/^comity_active_resources\{kind="(\w+)"\} (\d+)/gm)].map(([, kind, count]) => ({ kind, count: Number(count) }))
  const sum = (of: typeof resources): number => of.reduce((total, { count }) => total + count, 0)
  return {
    rssMb: Number(/^comity_resident_bytes (\d+)/m.exec(text)?.[1]) / 1_048_576, timers: sum(resources.filter(({ kind }) => kind === 'Timeout')), kept: sum(resources.filter(({ kind }) => kind !== 'Timeout')),
  }
}
