// One request through the public API over real sockets, every house in a process of its own.
import { preservation } from '../support/case-words'
import { Trial } from '../support/trial'

let trial: Trial
beforeAll(async () => {
  trial = await Trial.make()
  await trial.startAll()
})
afterAll(() => trial.remove())

test('a request that Germany submits rings at the French desk over WebSocket and over SSE', async () => {
  const anna = await trial.desk('DE', 'OFFICIAL', 'anna')
  const vera = await trial.desk('DE', 'VALIDATOR', 'vera')
  const nuit = await trial.desk('FR', 'LIAISON', 'nuit')
  const feeds = await Promise.all((['WebSocket', 'SSE'] as const).map(over => nuit.listen('subscription($after: Cursor) { urgentRequests(after: $after) { cursor cause request { reference status } } }', { over })))
  const { reference } = await anna.act('draftRequest', preservation('ring'))
  await vera.actOnceOffered('VALIDATE', 'validateRequest', reference)
  await anna.actOnceOffered('SUBMIT', 'submitRequest', reference)
  for (const feed of feeds) expect(await feed.until(events => events.length > 0)).toMatchObject([{ cause: 'RECEIVED', request: { reference } }])
})
