// What desks feel of others that do what nobody should: 200 neighbours' time from the act's answer until they have it, alone, with every kind of bad
// reader beside them again and again, beside a process that takes as much of the machine and asks nothing of the hub, and alone once more.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { BAD_READERS, type BadReader, type Site } from '../test/support/bad-readers'
import { Crowd } from '../test/support/crowd'
import { Trial } from '../test/support/trial'
import { costOf } from './cost'
import { percentile, type Figure } from './figures'

const NEIGHBOURS = 200
const ACTS = 200
const GOAL_TIMES = 2
/** In so many milliseconds the process in the bad readers' place takes its share once. */
const SHARE_OF_MS = 20

export async function neighbourFigures(say: (figure: Figure) => void): Promise<void> {
  const trial = await Trial.make({ authorities: ['DE', 'FR'] })
  try {
    await trial.startAll()
    const neighbours = await Crowd.gather(trial, NEIGHBOURS)
    await neighbours.lateness(ACTS / 4)
    const before = await neighbours.lateness(ACTS)
    const { late: beside, ends, share } = await besideBad(trial, neighbours)
    const taken = await besideTaken(neighbours, share)
    const after = await neighbours.lateness(ACTS)
    await neighbours.settle()
    for (const [name, { as, other }] of Object.entries(ends)) say({ name: `${name}: ended otherwise than it should`, unit: '', value: other.length, goal: { atMost: 0 }, beside: `as it should ${as} times${other.map(each => `; ${each}`).join('')}` })
    const alone = percentile([...before, ...after], 0.99)
    say({ name: 'neighbours beside all of these / alone, p99', unit: '×', value: percentile(beside, 0.99) / alone, goal: { atMost: GOAL_TIMES }, beside: `${shown(beside)}; alone ${shown(before)} before, ${shown(after)} after` })
    say({ name: 'neighbours beside all of these / beside a process that takes as much of the machine, p99', unit: '×', value: percentile(beside, 0.99) / percentile(taken, 0.99), beside: `${shown(taken)}; ${(share * 100).toFixed(0)} % of a core` })
    say({ name: 'neighbours that lost, repeated or disordered an act', unit: '', value: neighbours.wrong.length, goal: { atMost: 0 } })
    neighbours.leave()
  } finally { await trial.remove() }
}

const shown = (late: readonly number[]): string => `p50 ${percentile(late, 0.5).toFixed(1)} p99 ${percentile(late, 0.99).toFixed(1)} ms`

interface End { as: number; other: string[] }

/** The bad readers are a process of their own: what they do to themselves is not felt by anybody. */
async function besideBad(trial: Trial, neighbours: Crowd): Promise<{ late: number[]; ends: Record<string, End>; share: number }> {
  const site: Site = { hub: trial.urlOf('hub'), folder: trial.folder }
  const child = fork(__filename, ['bad', JSON.stringify(site)])
  const begun = performance.now()
  let share = 0
  const told = Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new TypeError('the bad readers ended before they were done')))]) as Promise<[Record<string, End>]>
  let isOver = false
  void told.catch(() => undefined).finally(() => { isOver = true })
  const late: number[] = []
  while (!isOver) {
    late.push(...(await neighbours.lateness(1)))
    if (isRunning(child)) share = costOf(child.pid ?? 0).cpuMs / (performance.now() - begun)
  }
  return { late, ends: (await told)[0], share }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

/** What the machine's two cores alone do to hub, nodes and neighbours where somebody else takes this share of one. */
async function besideTaken(neighbours: Crowd, share: number): Promise<number[]> {
  const child = fork(__filename, ['taken', String(share)])
  try {
    return await neighbours.lateness(ACTS)
  } finally { child.kill('SIGKILL') }
}

function take(share: number): void {
  const until = performance.now() + share * SHARE_OF_MS
  while (performance.now() < until);
  setTimeout(take, (1 - share) * SHARE_OF_MS, share)
}

/** Until each has been ended at least once; those that are ended sooner come again. */
async function misbehaveAll(site: Site): Promise<Record<string, End>> {
  const ends: Record<string, End> = Object.fromEntries(BAD_READERS.map(({ name }) => [name, { as: 0, other: [] }]))
  const isOver = (): boolean => Object.values(ends).every(({ as, other }) => as + other.length > 0)
  const again = async ({ name, wanted, misbehave }: BadReader): Promise<void> => {
    const end = ends[name] as End
    do {
      const ended = await misbehave(site)
      if (wanted.test(ended)) end.as++
      else end.other.push(ended)
    } while (!isOver())
  }
  await Promise.all(BAD_READERS.map(again))
  return ends
}

if (require.main === module && process.argv[2] === 'bad') void misbehaveAll(JSON.parse(process.argv[3] ?? '') as Site).then(ends => process.send?.(ends, () => process.exit()))
if (require.main === module && process.argv[2] === 'taken') take(Math.min(1, Number(process.argv[3])))
