// Everybody comes back at once: the hub is taken from 200 desks, by kill -9 and by a stop, while acts go on at the node. `npm run bench -- storm`
// does the same with 5,000, and says how long it takes.
import { Crowd } from '../support/crowd'
import { Trial } from '../support/trial'

const DESKS = 200
const DONE_WITHIN_MS = 400_000

let trial: Trial
let crowd: Crowd

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  await trial.startAll()
  crowd = await Crowd.gather(trial, DESKS)
}, DONE_WITHIN_MS)
afterAll(async () => {
  crowd?.leave()
  await trial.remove()
})

it.each([['killed', () => trial.house('hub').kill()], ['stopped', () => trial.house('hub').stop()]])(`a hub that is %s has ${DESKS} desks back, each with every act once and in order, over one stream from the node`, async (_, leave) => {
  const { mostUpstreams } = await crowd.weather(leave, 4)
  await crowd.settle()
  expect(crowd.wrong).toEqual([])
  expect(mostUpstreams).toBe(1)
}, DONE_WITHIN_MS)
