// How long an act at DE takes until it stands on the French desk's screen: a submission at Germany's node, through seal, hub, France's ledger
// and the hub's relay, to the socket on which France's desk keeps `urgentRequests` open. All houses are processes of their own on this machine.
import { setTimeout as pause } from 'node:timers/promises'
import { preservation } from '../test/support/case-words'
import { Trial } from '../test/support/trial'
import { percentile, type Figure } from './figures'

const SUBMISSIONS = 200
const WARMING = 20
const PAUSE_MS = 25
const GOAL_P99_MS = 40
const RINGS = 'subscription($after: Cursor) { urgentRequests(after: $after) { cursor cause request { reference } } }'

export async function deskFigures(say: (figure: Figure) => void): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  try {
    await trial.startAll()
    const took = await submissions(trial)
    const beside = `${took.length} submissions one after the other, hub, DE and FR as processes of their own`
    say({ name: 'act at DE to the French desk, p50', unit: 'ms', value: percentile(took, 0.5), beside })
    say({ name: 'act at DE to the French desk, p99', unit: 'ms', value: percentile(took, 0.99), goal: { atMost: GOAL_P99_MS }, beside: `longest ${Math.max(...took).toFixed(0)} ms` })
  } finally { await trial.remove() }
}

async function submissions(trial: Trial): Promise<number[]> {
  const [anna, vera, nuit] = await Promise.all([trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' }), trial.desk('DE', 'VALIDATOR', 'vera', { at: 'DE' }), trial.desk('FR', 'LIAISON', 'nuit')])
  const screen = await nuit.listen<{ cause: string; request: { reference: string } }>(RINGS)
  const took: number[] = []
  for (let i = 0; i < WARMING + SUBMISSIONS; i++) {
    const drafted = await anna.act('draftRequest', preservation(`bench-${i}`))
    const validated = await vera.act('validateRequest', { reference: drafted.reference, expectedVersion: drafted.version })
    await pause(PAUSE_MS)
    const begun = performance.now()
    const arrived = once(screen.events, drafted.reference)
    const submitted = anna.act('submitRequest', { reference: drafted.reference, expectedVersion: validated.version })
    const at = await arrived
    await submitted
    if (i >= WARMING) took.push(at - begun)
  }
  return took
}

/** When the event came. Looked for in every turn: a timer would add its own step. */
async function once(events: readonly { request: { reference: string } }[], reference: string): Promise<number> {
  const limit = performance.now() + 20_000
  while (events.at(-1)?.request.reference !== reference) {
    if (performance.now() > limit) throw new TypeError(`${reference} never rang`)
    await pause(1)
  }
  return performance.now()
}
