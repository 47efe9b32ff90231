// A hub in a thief's hands between honest nodes, on real sockets: whatever it does with what passes through it, no node believes what nobody has signed, none
// falls, none takes more of it than it has room for, and once the hub is honest again everything comes: each letter once, each with its receipt.
import { storeFolder } from '../../src/cli/data-folder'
import { verify } from '../../src/cli/verify'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { Store } from '../../src/store/store'
import { Desk, eventually } from '../support/desk'
import { HubBetween } from '../support/hub-between'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { EVIL_CASES, ON_THE_SIDE, type EvilCase } from './evil-hub.table'

let between: HubBetween
let houses: RunningHouses
let berlin: Desk
let paris: Desk
const published: string[] = []
/** A letter of 1 MiB and its line; what a socket holds on its way. */
const TAKEN_AT_MOST = 16 * 2 ** 20
const ACT_WITHIN_MS = 10_000
/** A letter that was lost more than once comes again later each time, and those behind it wait for it. */
const COMES_AGAIN_WITHIN_MS = 200_000

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'], between: async hub => (between = await HubBetween.open(hub)).url })
  berlin = await houses.desk('DE', 'LIAISON', 'nacht', 'DE')
  paris = await houses.desk('FR', 'LIAISON', 'nuit', 'FR')
}, 60_000)
afterAll(async () => {
  await houses.close()
  await between.close()
})

async function publish(name: string, at = berlin): Promise<void> {
  const point = { function: name, channels: [{ kind: 'PHONE', address: '+49 30 1' }], languages: ['de'], roundTheClock: true, competences: ['EVIDENCE'], reviewBy: '2030-01-01' }
  const begun = performance.now()
  await at.read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input: point })
  expect(performance.now() - begun).toBeLessThan(ACT_WITHIN_MS)
  if (at === berlin) published.push(name)
}

const known = async (): Promise<string[]> =>
  (await paris.read<{ contactPoints: { nodes: { function: string }[] } }>('{ contactPoints(filter: { jurisdictions: ["DE"] }) { nodes { function } } }')).contactPoints.nodes.map(node => node.function)

async function stored<Value>(country: string, read: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await openEmbeddedStore(storeFolder(houses.folder, country), { readOnly: true })
  try { return await read(store) } finally { await store.close() }
}

/** What France has of Germany is what Germany has said, each once; and nothing came into our own objects. */
async function demandTrue(): Promise<void> {
  const seen = await known()
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter(name => !published.includes(name))).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  for (const country of ['DE', 'FR']) expect((await fetch(`${houses.node(country)}/health/ready`)).status).toBe(200)
}

async function play({ name, evil, later, bounded }: EvilCase): Promise<void> {
  between.turn(await evil(houses))
  await publish(name)
  await eventually(() => Promise.resolve(between.met), met => met > 0, 'the hub has done it', COMES_AGAIN_WITHIN_MS)
  await demandTrue()
  if (bounded) expect(between.poured).toBeLessThan(TAKEN_AT_MOST)
  between.turn({})
  if (!later) await eventually(known, names => names.includes(name), `${name}: it comes all the same`, COMES_AGAIN_WITHIN_MS)
  await demandTrue()
}

it.each(EVIL_CASES)('$name: nothing false is believed, and what was held up comes', play, 3 * COMES_AGAIN_WITHIN_MS)

it.each(ON_THE_SIDE)('$name: a house begins and ends all the same', async ({ name, evil, meets = 4 }) => {
  await publish(name, await houses.desk('BR', 'LIAISON', 'noite', 'BR'))
  between.turn(await evil(houses))
  await houses.stop('BR')
  await houses.start('BR')
  await eventually(() => Promise.resolve(between.met), met => met >= meets, 'the hub has done it')
  expect((await fetch(`${houses.node('BR')}/health/ready`)).status).toBe(200)
  await demandTrue()
}, 120_000)

it('once it is honest again every letter is there once, with its receipt, and all ledgers are proved', async () => {
  between.turn({})
  await eventually(known, names => names.length === published.length, 'all that was published is known', 300_000)
  await eventually(() => stored('DE', store => store.documents('outbox').list({ prefix: 'authority:FR/', limit: 1_000 })), waiting => waiting.length === 0, 'every letter has its receipt', 300_000)
  expect((await known()).sort()).toEqual([...published].sort())
  expect((await stored('FR', store => store.documents('parked').list({ prefix: 'waiting/', limit: 5_000 }))).length).toBeLessThanOrEqual(2_000)
  for (const country of ['DE', 'FR', 'BR']) expect(await verify(houses.settings, { country }, () => undefined)).toBe(true)
}, 620_000)

it('no loop of a node has ended on the way, and no fault of ours was met', () => {
  const faults = houses.logged.map(line => JSON.parse(line) as { level: number; msg: string; err?: { type: string; message: string } }).filter(({ msg, err }) => msg.includes('loop of the node') || ['TypeError', 'RangeError', 'Error'].includes(err?.type ?? ''))
  expect(faults.map(({ msg, err }) => `${msg}: ${err?.message}`)).toEqual([])
})
