// Who sends slowly holds a line of the house no longer than its bounds (reliability-security.md §4B 35): 10 s for headers, 15 s for a body, then 408. All
// wait at the same time.
import { connect } from 'node:net'
import { once } from 'node:events'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
const rows = new RowsRun('slow callers')
beforeAll(async () => { houses = await runHouses({ countries: ['DE'] }) })
afterAll(async () => {
  await houses.close()
  rows.print()
})

const POST = (path: string): string => `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`
const SLOW: readonly [string, string, number][] = [
  ['B35 headers that do not end', POST('/graphql'), 10_000],
  ['B35 a body that stops', `${POST('/graphql')}content-length: 1000\r\n\r\n{"query":"ECHO7f3a`, 15_000],
  ['B35 a body of a stream that stops', `${POST('/graphql/stream')}content-length: 1000\r\n\r\n{"query":"ECHO7f3a`, 15_000],
  ['B35 a body in pieces that never ends', `${POST('/graphql')}transfer-encoding: chunked\r\n\r\n9\r\n{"query":\r\n`, 15_000],
  ['B35 letters that stop', `${POST('/exchange/letters')}content-length: 1000\r\n\r\n{"letters":["ECHO7f3a`, 15_000],
]

/** All that the house says until it closes the line, and when it did. */
async function answerTo(base: string, bytes: string): Promise<{ text: string; tookMs: number }> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const begun = performance.now()
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() }).on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return { text, tookMs: performance.now() - begun }
}

/** Goes away in the middle. */
async function leave(base: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(bytes, () => socket.resetAndDestroy())
  await once(socket, 'close')
}

const places = (): string[] => [houses.hub, houses.node('DE')]

test('B35 a caller who sends slowly is told 408 and cut, at hub and node alike, a neighbour is answered meanwhile, and who leaves is no fault of ours', async () => {
  const asked = SLOW.flatMap(([what, bytes, bound]) => places().filter(base => !bytes.includes('/exchange/') || base === houses.hub).map(async base => ({ what, bound, ...(await answerTo(base, bytes)) })))
  for (const base of places()) expect((await fetch(`${base}/health/live`)).status).toBe(200)
  for (const { what, bound, text, tookMs } of await Promise.all(asked)) {
    expect({ what, said: /^HTTP\/1.1 \d+/.exec(text)?.[0], code: /"code":"(\w+)"/.exec(text)?.[1], closes: /connection: close/i.test(text) }).toEqual({ what, said: 'HTTP/1.1 408', code: 'BAD_REQUEST', closes: true })
    expect(tookMs).toBeGreaterThan(bound - 500)
    expect(tookMs).toBeLessThan(bound + 20_000)
    rows.demandText(text)
  }
  for (const base of places()) await Promise.all(SLOW.map(async ([, bytes]) => leave(base, bytes)))
  for (const base of places()) expect((await fetch(`${base}/health/ready`)).status).toBe(200)
  expect(houses.logged.filter(line => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
})
