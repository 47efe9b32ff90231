// Bad input, on every transport, at hub and node alike: one table (bad-input.table.ts), one set of demands on every answer.
import { REFUSAL_CODES } from '../../src/refusal'
import { ASK, codeOf, overHttp, TRANSPORTS, type Answer } from '../support/asking'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { BAD_OPERATIONS, ECHO, type BadOperation } from './bad-input.table'

let houses: RunningHouses
let token: string
let run = 0
const HOUSES = ['hub', 'node'] as const
const baseOf = (house: (typeof HOUSES)[number]): string => (house === 'hub' ? houses.hub : houses.node('DE'))

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  process.stdout.write(`bad input: ${run} rows run\n`)
})

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** Where our files lie, and what a stack looks like. */
const INSIDE = /node_modules|\bat .+:\d+:\d+|\.(ts|js):\d+|\/(work|tmp|home|root|usr|src)\//

/** What every refusal owes, whatever it refuses. */
function demandDecent(answer: Answer): void {
  expect(answer.tookMs).toBeLessThan(2_000)
  expect(answer.text).not.toMatch(INSIDE)
  expect(answer.text).not.toContain(ECHO)
  expect(answer.text).not.toMatch(/did you mean/i)
  if (answer.closed !== null) return
  expect(answer.errors.length).toBeGreaterThan(0)
  expect(answer.errors.length).toBeLessThanOrEqual(20)
  for (const { message, extensions } of answer.errors) {
    expect(message).not.toBe('')
    expect(REFUSAL_CODES).toContain(extensions?.['code'])
    expect(extensions?.['requestId']).toMatch(UUID)
  }
}

describe.each(HOUSES)('at the %s', house => {
  describe.each(TRANSPORTS)('over %s', transport => {
    it.each(BAD_OPERATIONS.map(row => [row.row, row.what, row] as const))('%s %s is refused', async (_, __, row: BadOperation) => {
      const answer = await ASK[transport](baseOf(house), row.body, { token })
      run++
      demandDecent(answer)
      if (transport === 'WebSocket' && row.closes) return void expect(answer.closed).toBe(row.closes)
      expect({ code: codeOf(answer), ...(row.path && { path: answer.errors[0]?.extensions?.['path'] }) }).toEqual({ code: row.code, ...(row.path && { path: row.path }) })
      if (transport === 'HTTP') expect(answer.status).toBe(row.status)
    })
  })

  it('no fault of ours was logged on the way', async () => {
    await overHttp(baseOf(house), { query: '{ viewer { role } }' }, { token })
    expect(houses.logged.filter(line => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
    expect(houses.logged.filter(line => line.includes(ECHO))).toEqual([])
  })
})
