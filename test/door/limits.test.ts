// The limits from their other side: what must pass, how cheap the check itself is, and that nobody else pays for a hostile operation.
import { buildSchema, getNamedType, isLeafType, isObjectType, parse, type GraphQLObjectType, type OperationDefinitionNode } from 'graphql'
import { Buckets } from '../../src/door/buckets'
import { demandCheap } from '../../src/door/cost'
import { demandLight, demandShallow } from '../../src/door/limits'
import { houseSchema, printedSdl } from '../../resolvers/house-schema'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS } from '../support/asking'
import { evidence } from '../support/case-words'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
const rows = new RowsRun('limits')
let token: string
let system: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  ;[token, system] = await Promise.all([houses.token('DE', 'OFFICIAL'), houses.token('DE', 'SYSTEM')])
  await (await houses.desk('DE', 'OFFICIAL')).act('draftRequest', evidence('limits'))
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

const schema = houseSchema()
const REQUEST = schema.getType('Request') as GraphQLObjectType

/** All fields of a type that need no selection and no argument, and those of the plain objects below it. */
function plainFields(type: GraphQLObjectType, levels: number): string {
  const fields = Object.values(type.getFields()).filter(field => field.args.length === 0)
  return fields.flatMap(field => {
    const named = getNamedType(field.type)
    if (isLeafType(named)) return [field.name]
    return levels > 0 && isObjectType(named) && named.name !== 'Authority' && named.name !== 'Request' ? [`${field.name} { ${plainFields(named, levels - 1)} }`] : []
  }).join(' ')
}

/** Eleven levels around what is selected. */
const deep = (selected: string): string => `{ requests(first: 1) { nodes ${'{ timeline(first: 1) { nodes { request '.repeat(3)}{ ${selected} }${' } } }'.repeat(3)} } }`

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  it.each(TRANSPORTS)('a full page with all plain fields passes over %s, for a national system too', async transport => {
    const query = (first: number): object => ({ query: `{ requests(first: ${first}) { nodes { ${plainFields(REQUEST, 2)} requesting { id code } requested { id code } } pageInfo { hasNextPage endCursor } sources { authority state } feedCursor } }` })
    expect(dataOf(await ASK[transport](base(), query(100), { token }))['requests']).toMatchObject({ nodes: [{ status: 'DRAFT' }] })
    expect(dataOf(await ASK[transport](base(), query(500), { token: system }))['requests']).toMatchObject({ nodes: [{ status: 'DRAFT' }] })
    expect(codeOf(await ASK[transport](base(), query(101), { token }))).toBe('BAD_USER_INPUT')
    expect(codeOf(await ASK[transport](base(), query(501), { token: system }))).toBe('BAD_USER_INPUT')
  })

  it.each(TRANSPORTS)('introspection passes over %s however deep it goes', async transport => {
    const deep = `{ __schema { types { fields { type { ${'ofType { '.repeat(9)}name${' }'.repeat(9)} } } } } }`
    expect(dataOf(await ASK[transport](base(), { query: deep }))).toHaveProperty('__schema')
  })

  it.each<[string, string, string | null]>([
    ['30 aliases', `{ ${Array.from({ length: 15 }, (_, i) => `a${i}: viewer { b${i}: role }`).join(' ')} }`, null],
    ['12 levels', deep('reference'), null],
    ['13 levels', deep('origin { stale }'), 'QUERY_TOO_COMPLEX'],
    ['1,950 tokens', `{ ${Array.from({ length: 18 }, (_, i) => `a${i}: jurisdictions(codes: [${'"DE" '.repeat(96)}]) { code }`).join(' ')} }`, null],
    ['A11 one field 1,200 times', `{ viewer { ${'role '.repeat(1_200)} } }`, 'QUERY_TOO_COMPLEX'],
    ['2,001 tokens', `{ viewer { ${'role '.repeat(1_996)} } }`, 'QUERY_TOO_COMPLEX'],
    ['a list of 100', `{ jurisdictions(codes: [${'"DE" '.repeat(100)}]) { code } }`, null],
    ['a list of 101', `{ jurisdictions(codes: [${'"DE" '.repeat(101)}]) { code } }`, 'BAD_USER_INPUT'],
    ['500 references', `{ requests(filter: { references: [${'"DE-2026-000001" '.repeat(500)}] }) { nodes { reference } } }`, null],
    ['501 references', `{ requests(filter: { references: [${'"DE-2026-000001" '.repeat(501)}] }) { nodes { reference } } }`, 'BAD_USER_INPUT'],
  ])('%s', async (_, query, code) => {
    const answer = await overHttp(base(), { query }, { token })
    rows.demand(answer)
    expect(codeOf(answer) ?? null).toBe(code)
  })

  it('200 operations at once of one token are all answered', async () => {
    const steady = await houses.token('DE', 'OFFICIAL', 'steady')
    const answers = await Promise.all(Array.from({ length: 200 }, () => overHttp(base(), { query: '{ viewer { role } }' }, { token: steady })))
    expect(answers.map(answer => answer.status).filter(status => status !== 200)).toEqual([])
  })

  it('F94 a key of the prototype as an alias comes back as any other, and the prototype stays clean', async () => {
    const query = '{ __proto__: requests { constructor: nodes { __proto__: reference toString: status hasOwnProperty: timeline(first: 1) { __proto__: nodes { constructor: at polluted: version } } _proto__: version } } }'
    for (const transport of TRANSPORTS) {
      const answer = await ASK[transport](base(), { query }, { token })
      expect(answer.text).toContain('"__proto__":{"constructor":[{"__proto__":"DE-')
      expect(answer.text).toMatch(/"polluted":1/)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('the rate of a token', () => {
  it('lets 200 a second through for ever, refuses a flood with RATE_LIMITED, and counts nobody else for it', () => {
    let now = 0
    const buckets = new Buckets(() => now)
    for (let operation = 0; operation < 20_000; operation++) {
      now += 5
      buckets.take('steady')
    }
    expect(() => { for (let operation = 0; operation < 5_000; operation++) buckets.take('flooding') }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
    expect(() => buckets.take('other')).not.toThrow()
    now += 1_000
    expect(() => buckets.take('flooding')).not.toThrow()
  })

  it('knows the public by its address, but nobody on loopback', () => {
    const buckets = new Buckets(() => 0)
    const flood = (address: string) => () => { for (let operation = 0; operation < 5_000; operation++) buckets.take(null, address) }
    expect(flood('203.0.113.7')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
    expect(flood('127.0.0.1')).not.toThrow()
    expect(flood('::ffff:127.0.0.1')).not.toThrow()
    expect(() => buckets.take(null, '203.0.113.8')).not.toThrow()
  })
})

describe('the check itself', () => {
  const built = buildSchema(printedSdl(schema))
  const doubling = (levels: number, most = 2): string =>
    `{ ...f0 } ${Array.from({ length: levels }, (_, i) => `fragment f${i} on Query { requests(first: 100) { nodes { reference } } ${i + 1 < levels ? `...f${i + 1} `.repeat(most) : ''} }`).join(' ')}`

  it.each([[26, 2], [60, 2], [60, 9]])('A15 takes less than 20 ms of CPU for %i fragments that each spread the next %i times', (levels, most) => {
    const text = doubling(levels, most)
    const document = parse(text)
    const times = Array.from({ length: 9 }, () => {
      const begun = process.cpuUsage()
      demandShallow(text)
      expect(() => demandLight(document)).toThrow(/selected fields|root fields/)
      expect(() => demandCheap(built, document, document.definitions[0] as OperationDefinitionNode, {})).toThrow(/as its list has rows/)
      const { user, system } = process.cpuUsage(begun)
      return (user + system) / 1_000
    }).sort((one, other) => one - other)
    expect(times[4]).toBeLessThan(20)
  })

  it('counts a page by what the variable says, and by its default where it says nothing', () => {
    const document = parse('query($n: Int) { requests(first: $n) { nodes { reference status } } }')
    const cost = (variables: Record<string, unknown>): string => {
      try {
        demandCheap(built, document, document.definitions[0] as OperationDefinitionNode, variables)
        return 'passes'
      } catch { return 'too dear' }
    }
    expect([cost({}), cost({ n: 500 }), cost({ n: 1e9 })]).toEqual(['passes', 'passes', 'passes'])
    const twice = parse('query($n: Int) { requests(first: $n) { nodes { timeline(first: $n) { nodes { at by act status version } } } } }')
    const dear = (n: number) => () => demandCheap(built, twice, twice.definitions[0] as OperationDefinitionNode, { n })
    expect(dear(100)).not.toThrow()
    expect(dear(500)).toThrow()
  })
})
