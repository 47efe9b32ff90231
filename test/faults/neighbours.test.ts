// Beside desks that do what nobody should, each ended as the tables say, the others hear every act once and in order. `npm run bench -- neighbours` says
// what that costs them in time.
import { BAD_READERS } from '../support/bad-readers'
import { Crowd } from '../support/crowd'
import { Trial } from '../support/trial'

const DONE_WITHIN_MS = 240_000
const NEIGHBOURS = 20

let trial: Trial
let neighbours: Crowd

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  await trial.startAll()
  neighbours = await Crowd.gather(trial, NEIGHBOURS)
}, DONE_WITHIN_MS)
afterAll(async () => {
  neighbours?.leave()
  await trial.remove()
})

it.each(BAD_READERS)('$name is ended as it should be, and its neighbours hear all', async ({ wanted, misbehave }) => {
  let isOver = false
  const ended = misbehave({ hub: trial.urlOf('hub'), folder: trial.folder }).finally(() => { isOver = true })
  do await neighbours.act(1)
  while (!isOver)
  expect(await ended).toMatch(wanted)
  await neighbours.settle()
  expect(neighbours.wrong).toEqual([])
}, DONE_WITHIN_MS)
