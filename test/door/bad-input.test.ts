// Bad input, on every transport, at hub and node alike: one table (bad-input.table.ts), one set of demands on every answer.
import { isScalarType } from 'graphql'
import { houseSchema } from '../../resolvers/house-schema'
import { ASK, codeOf, overHttp, TRANSPORTS } from '../support/asking'
import { ECHO, RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { BAD_OPERATIONS, type BadOperation } from './bad-input.table'

let houses: RunningHouses
let token: string
const rows = new RowsRun('bad input')
const HOUSES = ['hub', 'node'] as const
const baseOf = (house: (typeof HOUSES)[number]): string => (house === 'hub' ? houses.hub : houses.node('DE'))

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

it('F90 no scalar of the schema takes an object or a list', () => {
  const scalars = Object.values(houseSchema().getTypeMap()).filter(isScalarType)
  expect(scalars.length).toBeGreaterThan(10)
  for (const scalar of scalars) for (const value of [{ a: 1 }, [], ['DE']]) expect(() => scalar.parseValue(value)).toThrow()
})

describe.each(HOUSES)('at the %s', house => {
  describe.each(TRANSPORTS)('over %s', transport => {
    it.each(BAD_OPERATIONS.map(row => [row.row, row.what, row] as const))('%s %s is refused', async (_, __, row: BadOperation) => {
      const answer = await ASK[transport](baseOf(house), row.body, { token })
      rows.demand(answer)
      if (answer.closed === null) expect(answer.errors.length).toBeGreaterThan(0)
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
