// What is asked of the schema: the same answer for everybody, made once, and never so much of it that others wait long.
import { setImmediate as turn } from 'node:timers/promises'
import { getIntrospectionQuery, getOperationAST, graphqlSync, parse, type OperationDefinitionNode } from 'graphql'
import { houseSchema } from '../../resolvers/house-schema'
import { asksOfSchema, Introspections, isOfSchemaAlone } from '../../src/door/introspection'
import { Refusal } from '../../src/refusal'
import { ASK, dataOf, TRANSPORTS } from '../support/asking'
import { runHouses } from '../support/running-houses'

const WHOLE = { query: getIntrospectionQuery() }

it('tells everybody the whole schema alike, over every transport, again and again', async () => {
  const wanted = JSON.parse(JSON.stringify(graphqlSync({ schema: houseSchema(), source: WHOLE.query }).data)) as unknown
  const houses = await runHouses({ countries: ['DE'] })
  const official = await houses.token('DE', 'OFFICIAL')
  for (const base of [houses.hub, houses.node('DE')]) {
    for (const sending of [{ token: official }, {}]) for (const transport of TRANSPORTS) expect(dataOf(await ASK[transport](base, WHOLE, sending))).toEqual(wanted)
  }
  await houses.close()
}, 60_000)

describe('what is asked of the schema', () => {
  const operationOf = (query: string): OperationDefinitionNode => getOperationAST(parse(query)) as OperationDefinitionNode

  it.each([
    ['{ __schema { types { name } } }', true, true],
    ['{ a: __type(name: "Request") { name } __typename }', true, true],
    ['{ __schema { types { name } } viewer { role } }', true, false],
    ['{ ...all } fragment all on Query { __schema { types { name } } }', true, false],
    ['{ viewer { role } }', false, false],
    ['{ viewer { __typename } }', false, false],
  ])('%s', (query, asks, alone) => {
    expect(asksOfSchema({ query })).toBe(asks)
    expect(isOfSchemaAlone(operationOf(query))).toBe(alone)
  })
})

/** Rests that end when the test says so. */
function room() {
  const rests: (() => void)[] = []
  return { rests, introspections: new Introspections(() => new Promise<void>(resolve => void rests.push(resolve))) }
}

const question = (name: string) => ({ query: `{ __type(name: "${name}") { name } }` })

it('makes an answer once for those who ask the same together, and for those who come later', async () => {
  const introspections = new Introspections(() => Promise.resolve())
  let made = 0
  const make = () => ({ data: { made: ++made } })
  const together = [introspections.answer(question('A'), make), introspections.answer(question('A'), make)]
  expect(await Promise.all(together)).toEqual([{ data: { made: 1 } }, { data: { made: 1 } }])
  expect(await introspections.answer(question('A'), make)).toEqual({ data: { made: 1 } })
  expect(await introspections.answer({ ...question('A'), variables: { a: 1 } }, () => ({ data: { other: true } }))).toEqual({ data: { other: true } })
})

it('keeps no answer with errors', async () => {
  const introspections = new Introspections(() => Promise.resolve())
  await introspections.answer(question('A'), () => ({ errors: [] }))
  expect(await introspections.answer(question('A'), () => ({ data: {} }))).toEqual({ data: {} })
})

it('makes one at a time, and lets others have the process before the next', async () => {
  const { introspections, rests } = room()
  const made: string[] = []
  const asked = ['A', 'B', 'C'].map(name => introspections.answer(question(name), () => {
    made.push(name)
    return { data: {} }
  }))
  for (const [i, name] of ['A', 'B', 'C'].entries()) {
    while (made.length === i) await turn()
    for (let turns = 0; turns < 5; turns++) await turn()
    expect(made.at(-1)).toBe(name)
    expect(made).toHaveLength(i + 1)
    rests[i]?.()
  }
  await Promise.all(asked)
})

it('waits for the rest alone, not for what an answer waits for', async () => {
  const { introspections, rests } = room()
  let answer: (data: Record<string, unknown>) => void = () => undefined
  const slow = introspections.alone(() => new Promise(resolve => { answer = data => resolve({ data }) }))
  while (rests.length === 0) await turn()
  rests[0]?.()
  expect(await introspections.alone(() => ({ data: { quick: true } }))).toEqual({ data: { quick: true } })
  answer({ slow: true })
  expect(await slow).toEqual({ data: { slow: true } })
})

it('lets no more than some hundred wait', async () => {
  const { introspections } = room()
  for (let i = 0; i < 500; i++) void introspections.alone(() => ({ data: {} }))
  const refused = await introspections.alone(() => ({ data: {} })).catch((thrown: unknown) => thrown)
  expect((refused as Refusal).code).toBe('RATE_LIMITED')
})
