// Everybody comes back at once: 5,000 desks of `comity/client` on one hub that is killed with `kill -9`, then one that is told to stop. Acts go on at
// the node meanwhile. Every desk is compared with what was done; times run from the moment at which the hub went.
import { Crowd } from '../test/support/crowd'
import { Trial } from '../test/support/trial'
import { costOf } from './cost'
import { percentile, type Figure } from './figures'

const DESKS = Number(process.env['COMITY_BENCH_DESKS'] ?? 5_000)
const ACTS_MEANWHILE = 5
const GOAL_P99_MS = 30_000
/** Of what the hub had with as many desks before: a process that has caught up holds no more than one that never had to. */
const GOAL_MEMORY = 1.25

export async function stormFigures(say: (figure: Figure) => void): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  const memory = (): number => costOf(trial.house('hub').pid).rssKb / 1_024
  try {
    await trial.startAll()
    const idle = memory()
    const crowd = await Crowd.gather(trial, DESKS)
    const before = memory()
    const rounds: [string, () => Promise<unknown>][] = [['killed with kill -9', () => trial.house('hub').kill()], ['told to stop', () => trial.house('hub').stop()]]
    for (const [name, leave] of rounds) {
      const { readyMs, caughtUpMs, mostUpstreams } = await crowd.weather(leave, ACTS_MEANWHILE)
      await crowd.settle()
      const after = memory()
      say({ name: `${DESKS} desks, hub ${name}: until caught up, p99`, unit: 'ms', value: percentile(caughtUpMs, 0.99), goal: { atMost: GOAL_P99_MS }, beside: `p50 ${percentile(caughtUpMs, 0.5).toFixed(0)}, last ${Math.max(...caughtUpMs).toFixed(0)} ms; hub ready again after ${readyMs.toFixed(0)} ms` })
      say({ name: 'desks that lost, repeated or disordered an act', unit: '', value: crowd.wrong.length, goal: { atMost: 0 } })
      say({ name: 'streams from the authority\'s node, most at any look', unit: '', value: mostUpstreams, goal: { atMost: 1 } })
      say({ name: 'memory of the hub with all desks back / before', unit: '×', value: after / before, goal: { atMost: GOAL_MEMORY }, beside: `${after.toFixed(0)} / ${before.toFixed(0)} MB; ${idle.toFixed(0)} MB without desks` })
    }
    await crowd.leaveAll()
    say({ name: 'memory of the hub once all desks have left', unit: 'MB', value: memory(), beside: `${before.toFixed(0)} MB with them` })
  } finally { await trial.remove() }
}
