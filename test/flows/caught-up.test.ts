// What a reader was shown of a request as its partner has it, the own house tells next: its timeline, and the past of its feed.
import { Ledger } from '../../src/ledger/ledger'
import { field, requestIn, staff, take, type Staff, type StepName } from '../support/case'
import type { Desk } from '../support/desk'
import { HubBetween } from '../support/hub-between'
import { runHouses, type RunningHouses } from '../support/running-houses'

interface Entry { version: number; status: string }
interface Seen extends Entry { origin: { stale: boolean }; timeline: { nodes: Entry[] } }

const SEEN = 'query($reference: String!) { request(reference: $reference) { version status origin { stale } timeline(first: 100) { nodes { version status } } } }'
const PAST = 'query($reference: String!) { statusChanges(first: 100, filter: { references: [$reference] }) { nodes { to } } }'
const STEPS: readonly StepName[] = ['ACKNOWLEDGE', 'BEGIN_ASSESSMENT', 'POSTPONE', 'RESUME', 'PROPOSE_SCOPE']

let houses: RunningHouses
let between: HubBetween
let people: Staff
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], between: async hub => {
    between = await HubBetween.open(hub)
    return between.url
  } })
  people = await staff(houses)
}, 60_000)
afterAll(async () => {
  await houses.close()
  await between.close()
})
afterEach(() => jest.restoreAllMocks())

async function seen(desk: Desk, reference: string): Promise<Seen> {
  const { request } = await desk.read<{ request: Seen }>(SEEN, { reference })
  return request
}

test('an act of the partner that was shown stands in the own timeline and in the past of the own feed', async () => {
  const reference = await requestIn(people, 'DELIVERED')
  for (const step of STEPS) {
    const { version, status } = await take(people, reference, step)
    const shown = await seen(people.anna, reference)
    expect({ step, ...shown, timeline: shown.timeline.nodes.at(-1) }).toMatchObject({ step, version, status, origin: { stale: false }, timeline: { version, status } })
    const { statusChanges } = await people.anna.read<{ statusChanges: { nodes: { to: string }[] } }>(PAST, { reference })
    expect({ step, to: statusChanges.nodes.at(-1)?.to }).toEqual({ step, to: status })
  }
})

test('where its letter is held up, the act is shown all the same, and is waited for once', async () => {
  const reference = await requestIn(people, 'DELIVERED')
  between.turn({ lines: () => line => (line.includes('"beat"') ? [line] : []) })
  const { version } = await take(people, reference, 'ACKNOWLEDGE')
  const waits = jest.spyOn(Ledger.prototype, 'follow')
  for (const _ of ['first', 'second']) {
    const shown = await seen(people.anna, reference)
    expect({ ...shown, timeline: shown.timeline.nodes.at(-1) }).toMatchObject({ version, origin: { stale: false }, timeline: { version: version - 1 } })
  }
  expect(waits).toHaveBeenCalledTimes(1)
  between.turn({})
  await people.annaAtHome.until(reference, 'ACKNOWLEDGED')
  expect(await field(people.anna, reference, 'version')).toBe(version)
})
