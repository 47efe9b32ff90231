// How long a start takes until the line `comity ready`: `up` (hub, DE, FR, BR in one process) in a fresh folder, again in the same one,
// and the hub alone. CPU time stands beside the clock, for a machine that has other work.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../test/support/ports'
import { comity, launch, ready } from '../test/support/trial'
import { costOf } from './cost'
import { overRounds, type Figure } from './figures'

const ROUNDS = 3
const GOAL_UP_MS = 5_000
const GOAL_HUB_MS = 500
const GOAL_HUB_MB = 110

interface Start { tookMs: number; cpuMs: number; mb: number }

export async function startFigures(say: (figure: Figure) => void): Promise<void> {
  const rounds: { fresh: Start; again: Start; hub: Start }[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await oneRound())
  const over = (which: 'fresh' | 'again' | 'hub', of: keyof Start) => overRounds(rounds.map(round => round[which][of]))
  const beside = (which: 'fresh' | 'again' | 'hub'): string => `${over(which, 'cpuMs').value.toFixed(0)} ms of CPU, ${over(which, 'mb').value.toFixed(0)} MB`
  say({ name: 'comity up, fresh folder, no demo', unit: 'ms', ...over('fresh', 'tookMs'), goal: { atMost: GOAL_UP_MS }, beside: beside('fresh') })
  say({ name: 'comity up, again', unit: 'ms', ...over('again', 'tookMs'), goal: { atMost: GOAL_UP_MS }, beside: beside('again') })
  say({ name: 'comity hub, again', unit: 'ms', ...over('hub', 'tookMs'), goal: { atMost: GOAL_HUB_MS }, beside: beside('hub') })
  say({ name: 'comity hub, memory once ready', unit: 'MB', ...over('hub', 'mb'), goal: { atMost: GOAL_HUB_MB } })
}

async function oneRound(): Promise<{ fresh: Start; again: Start; hub: Start }> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  const port = String(await freePorts(4))
  const up = ['up', '--data', folder, '--port', port, '--no-demo']
  try {
    const fresh = await started(up)
    const again = await started(up)
    const { code, stderr } = await comity(['verify', '--data', folder])
    if (code !== 0) throw new TypeError(`comity verify ended with ${code}: ${stderr}`)
    return { fresh, again, hub: await started(['hub', '--data', folder]) }
  } finally { rmSync(folder, { recursive: true, force: true }) }
}

async function started(args: readonly string[]): Promise<Start> {
  const begun = performance.now()
  const child = launch(args)
  const house = await ready(args[0] ?? '', child)
  const tookMs = performance.now() - begun
  const { cpuMs, rssKb } = costOf(house.pid)
  await house.stop()
  return { tookMs, cpuMs, mb: rssKb / 1_024 }
}
