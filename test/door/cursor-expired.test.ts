// A cursor behind which the store no longer has what followed ends the stream with a word for that, on both transports, at hub and node, and so does a page of the past; it is never
// passed over in silence.
import { openStore } from '../../src/cli/stores'
import type { HouseStart } from '../../src/cli/houses'
import type { Log } from '../../src/store/store'
import { ASK, codeOf } from '../support/asking'
import { evidence } from '../support/case-words'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
let token: string
let isGone = false

/** A store that keeps no more than the last entry of each log. */
const shortened: NonNullable<HouseStart['store']> = async (place, house) => {
  const store = await openStore(place, house)
  const log = <Body>(name: string): Log<Body> => {
    const whole = store.log<Body>(name)
    return { append: entries => whole.append(entries), readBack: query => whole.readBack(query), last: () => whole.last(), find: unique => whole.find(unique), read: async query => whole.read({ ...query, after: isGone ? Math.max(query.after, (await whole.last()) - 1) : query.after }) }
  }
  return { ...store, ping: () => store.ping(), close: () => store.close(), documents: name => store.documents(name), log }
}

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], store: shortened })
  token = await houses.token('DE', 'OFFICIAL', 'anna')
}, 60_000)
afterAll(() => houses.close())

const PAST = 'query($after: Cursor) { statusChanges(after: $after) { nodes { cursor } } }'
const STATUS = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor } }'

it('is told as expired once what followed is gone, and not before', async () => {
  const anna = await houses.desk('DE', 'OFFICIAL', 'anna')
  const after = await anna.feedCursor()
  for (const facts of ['first', 'second']) await anna.act('draftRequest', evidence(facts))
  const places = (['WebSocket', 'SSE'] as const).flatMap(over => [houses.hub, houses.node('DE')].map(base => ({ over, base })))
  const asked = [...places.map(place => ({ ...place, query: STATUS })), ...[houses.hub, houses.node('DE')].map(base => ({ over: 'HTTP' as const, base, query: PAST }))]
  const told = () => Promise.all(asked.map(async ({ over, base, query }) => {
    const answer = await ASK[over](base, { query, variables: { after } }, { token })
    return { code: codeOf(answer), hint: answer.errors[0]?.extensions?.['hint'] }
  }))
  expect(await told()).toEqual(asked.map(() => ({ code: undefined, hint: undefined })))
  isGone = true
  expect(await told()).toEqual(asked.map(() => ({ code: 'CURSOR_EXPIRED', hint: 'Read the list anew and go on behind its `feedCursor`.' })))
}, 60_000)
