// The production profile at the door: what the trial profile shows for the sake of its playground is not shown to the public, and only the hosts and origins
// that were named are answered.
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS } from '../support/asking'
import { runHouses, type RunningHouses } from '../support/running-houses'

const ORIGIN = 'https://desk.example'
let houses: RunningHouses
let token: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], production: { origins: [ORIGIN] } })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(() => houses.close())

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

  it('B38 a host that was not named is answered with 421, an origin that was not with 403', async () => {
    const asked = await overHttp(base(), WHO, { headers: { host: 'evil.example' } })
    expect({ status: asked.status, code: codeOf(asked) }).toEqual({ status: 421, code: 'BAD_REQUEST' })
    const from = await overHttp(base(), WHO, { headers: { origin: 'https://evil.example' } })
    expect({ status: from.status, code: codeOf(from) }).toEqual({ status: 403, code: 'FORBIDDEN' })
    expect((await overHttp(base(), WHO, { headers: { origin: ORIGIN } })).status).toBe(200)
  })

  it('every answer carries HSTS, a content policy and nosniff', async () => {
    const { headers } = await overHttp(base(), WHO)
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/)
    expect(headers['content-security-policy']).toMatch(/default-src/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-powered-by']).toBeUndefined()
  })
})
