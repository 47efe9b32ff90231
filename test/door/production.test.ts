// The production profile at the door: what the trial profile shows for the sake of its playground is not shown to the public, and only the hosts and origins
// that were named are answered.
import { WebSocket } from 'ws'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS } from '../support/asking'
import { ECHO, RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { BAD_OPERATIONS } from './bad-input.table'

const ORIGIN = 'https://desk.example'
let houses: RunningHouses
let token: string
const rows = new RowsRun('production')
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], production: { origins: [ORIGIN] } })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

const WHO = { query: '{ viewer { role } }' }
const SCHEMA = { query: '{ __schema { queryType { name } } }' }

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  it.each(TRANSPORTS)('A20 the public asks in vain for the schema over %s, an official does not', async transport => {
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Request") { name } }', '{ ... on Query { a: __type(name: "Request") { name } } }', '{ ...f } fragment f on Query { __schema { description } }']) {
      expect(codeOf(await ASK[transport](base(), { query }))).toBe('GRAPHQL_VALIDATION_FAILED')
    }
    expect(dataOf(await ASK[transport](base(), SCHEMA, { token }))).toEqual({ __schema: { queryType: { name: 'Query' } } })
    expect(dataOf(await ASK[transport](base(), { query: '{ __typename viewer { __typename role } }' }))).toEqual({ __typename: 'Query', viewer: { __typename: 'Viewer', role: 'PUBLIC' } })
  })

  it('A21 no misspelt name is met with a hint', async () => {
    for (const name of ['vieweer', 'request', 'jurisdiction', 'treatys', 'requestz']) {
      expect((await overHttp(base(), { query: `{ ${name} { rolee } }` })).text).not.toMatch(/did you mean|suggest/i)
    }
  })

  it.each(TRANSPORTS)('A20 A21 A22 F89 F91 nothing is told of the schema or of what was sent over %s, neither to the public nor to an official', async transport => {
    for (const row of BAD_OPERATIONS.filter(({ row: id }) => /^(A2[0-2]|F89|F91)$/.test(id))) for (const bearer of [undefined, token]) {
      const answer = await ASK[transport](base(), row.body, { token: bearer })
      rows.demand(answer)
      // The public is told that it may not before it is told what is out of bounds.
      expect(bearer === undefined ? [row.code, 'FORBIDDEN'] : [row.code]).toContain(codeOf(answer))
      expect(answer.text).not.toMatch(/suggest/i)
      // In variables, no name of a type, a field or a value that the sender did not write either.
      if (/^(A22|F)/.test(row.row)) expect(answer.text).not.toMatch(/AcknowledgeInput|RequestKind|RequestFilter"|EVIDENCE|PRESERVATION|"handler"/)
    }
  })

  it('A22 a walk through the names of an input by misspelling them tells none of them', async () => {
    const query = 'mutation($input: AcknowledgeInput!) { acknowledgeRequest(input: $input) { request { reference } } }'
    const answers = await Promise.all(['handle', 'handlers', 'ownReferenc', 'not', 'expectedVersio', 'zzz'].map(name => overHttp(base(), { query, variables: { input: { reference: 'a', expectedVersion: 1, handler: 'a', ownReference: 'b', [name]: ECHO } } }, { token })))
    expect(new Set(answers.map(({ text }) => text.replace(/"requestId":"[^"]+"/, '')))).toHaveProperty('size', 1)
  })

  it.each(['WebSocket', 'SSE'] as const)('B38 C54 hosts and origins are those that were named, over %s too', async transport => {
    const status = async (headers: Record<string, string>): Promise<number | null> => {
      if (transport === 'SSE') return (await ASK.SSE(base(), WHO, { headers })).status
      const socket = new WebSocket(`${base().replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
      return new Promise(resolve => {
        socket.on('open', () => { socket.close(); resolve(200) }).on('unexpected-response', (_, { statusCode }) => { socket.terminate(); resolve(statusCode ?? null) }).on('error', () => undefined)
      })
    }
    expect([await status({ host: 'evil.example' }), await status({ origin: 'https://evil.example' }), await status({ origin: ORIGIN })]).toEqual([421, 403, 200])
  })

  it('B38 a host that was not named is answered with 421, an origin that was not with 403', async () => {
    const asked = await overHttp(base(), WHO, { headers: { host: 'evil.example' } })
    expect({ status: asked.status, code: codeOf(asked) }).toEqual({ status: 421, code: 'BAD_REQUEST' })
    const from = await overHttp(base(), WHO, { headers: { origin: 'https://evil.example' } })
    expect({ status: from.status, code: codeOf(from) }).toEqual({ status: 403, code: 'FORBIDDEN' })
    expect((await overHttp(base(), WHO, { headers: { origin: ORIGIN } })).status).toBe(200)
  })

  it('F99 every answer carries HSTS, a content policy and nosniff', async () => {
    const { headers } = await overHttp(base(), WHO)
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/)
    expect(headers['content-security-policy']).toMatch(/default-src/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-powered-by']).toBeUndefined()
  })
})
