// How long an act at DE takes until it stands on the French desk's screen: a submission at Germany's node, through seal, hub, France's ledger
// and the hub's relay, to the socket on which France's desk keeps `urgentRequests` open. All houses are processes of their own on this machine. In turn with
// each, the same way with nothing on it.
import { setTimeout as pause } from 'node:timers/promises'
import { preservation } from '../test/support/case-words'
import type { Feed } from '../test/support/desk'
import { Trial } from '../test/support/trial'
import { BareWay } from './bare-way'
import { percentile, type Figure } from './figures'

const SUBMISSIONS = 200
const WARMING = 20
const PAUSE_MS = 25
const GOAL_P99_MS = 40
const RINGS_WITHIN_MS = 20_000
const RINGS = 'subscription($after: Cursor) { urgentRequests(after: $after) { cursor cause request { reference } } }'

interface Ring { cause: string; request: { reference: string } }

export async function deskFigures(say: (figure: Figure) => void): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  let way: BareWay | null = null
  try {
    await trial.startAll()
    way = await BareWay.open()
    const { took, bare } = await submissions(trial, way)
    const of = (share: number): string => `the same way with nothing on it ${percentile(bare, share).toFixed(1)} ms`
    say({ name: 'act at DE to the French desk, p50', unit: 'ms', value: percentile(took, 0.5), beside: `${of(0.5)}; ${took.length} submissions one after the other, hub, DE and FR as processes of their own` })
    say({ name: 'act at DE to the French desk, p99', unit: 'ms', value: percentile(took, 0.99), goal: { atMost: GOAL_P99_MS }, beside: `${of(0.99)}; longest ${Math.max(...took).toFixed(0)} ms` })
  } finally {
    way?.close()
    await trial.remove()
  }
}

async function submissions(trial: Trial, way: BareWay): Promise<Record<'took' | 'bare', number[]>> {
  const [anna, vera, nuit] = await Promise.all([trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' }), trial.desk('DE', 'VALIDATOR', 'vera', { at: 'DE' }), trial.desk('FR', 'LIAISON', 'nuit')])
  const screen = await nuit.listen<Ring>(RINGS)
  const took: number[] = []
  const bare: number[] = []
  for (let i = 0; i < WARMING + SUBMISSIONS; i++) {
    const drafted = await anna.act('draftRequest', preservation(`bench-${i}`))
    const validated = await vera.act('validateRequest', { reference: drafted.reference, expectedVersion: drafted.version })
    await pause(PAUSE_MS)
    const begun = performance.now()
    const arrived = rung(screen, drafted.reference)
    const submitted = anna.act('submitRequest', { reference: drafted.reference, expectedVersion: validated.version })
    const at = await arrived
    await submitted
    await pause(PAUSE_MS)
    const besides = await way.act()
    if (i < WARMING) continue
    took.push(at - begun)
    bare.push(besides)
  }
  return { took, bare }
}

/** When the event came. */
function rung(screen: Feed<Ring>, reference: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new TypeError(`${reference} never rang`)), RINGS_WITHIN_MS)
    screen.heard = ({ request }) => {
      if (request.reference !== reference) return
      clearTimeout(late)
      resolve(performance.now())
    }
  })
}
