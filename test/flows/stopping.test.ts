// A house that is told to stop ends the work that it has begun (operations.md, "Commands"): a call that had come is answered, on a line that is then
// closed, and what was answered is there after the next start.
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { draftInput, staff } from '../support/case'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR'] }) })
afterAll(() => houses.close())

const DRAFT = 'mutation($input: DraftRequestInput!) { draftRequest(input: $input) { request { reference } } }'

test('a node that is stopped in the middle of a call answers it and then closes the line', async () => {
  const { annaAtHome } = await staff(houses)
  const input = draftInput()
  const body = JSON.stringify({ query: DRAFT, variables: { input } })
  const call = request(annaAtHome.url, {
    method: 'POST', agent: new Agent({ keepAlive: true }),
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${annaAtHome.token}`, expect: '100-continue' },
  })
  call.flushHeaders()
  await once(call, 'continue')
  const stopped = houses.stop('DE')
  call.end(body)
  const [response] = await once(call, 'response') as [IncomingMessage]
  const { data } = await json(response) as { data: { draftRequest: { request: { reference: string } } } }
  expect(response.headers.connection).toBe('close')
  await stopped
  await houses.start('DE')
  expect(await annaAtHome.act('draftRequest', input)).toMatchObject({ reference: data.draftRequest.request.reference, version: 1 })
})
