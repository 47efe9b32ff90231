// What each role sees of the requests of its own authority and of those that a partner shows it: every field of every type below a request, made from the
// schema, for every role of either party, over every transport, at the hub and at the own node. An official's answer over HTTP is what the others are held to.
import type { GraphQLObjectType } from 'graphql'
import { houseSchema } from '../../resolvers/house-schema'
import type { Role } from '../../src/domain/vocabulary'
import { ASK, dataOf, TRANSPORTS, type Answer, type Transport } from '../support/asking'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { packed, partsBelow } from '../support/schema-walk'
import { CANARY, CONDITIONS, shownRows, type Condition, type ShownRows } from '../support/shown-rows'

type Json = Record<string, unknown>

const schema = houseSchema()
const REQUEST = schema.getType('Request') as GraphQLObjectType
/** What is the register's, the directory's or a desk's, and no row of anybody. */
const PUBLIC_TYPES = ['Authority', 'Treaty', 'ContactPoint']
const PARTS = partsBelow(schema, REQUEST, PUBLIC_TYPES)
const QUERIES = packed(PARTS).map(text => `query($r: String!) { request(reference: $r) { ${text} } }`)

const READERS: readonly Role[] = ['OFFICIAL', 'VALIDATOR', 'SYSTEM', 'LIAISON']
const OTHERS: readonly Role[] = ['AUDITOR']
/** What a request says, which a LIAISON reads of urgent ones alone. */
const CONTENT: readonly string[] = ['dossier', 'decision', 'results', 'furtherUses', 'consultation']
const WORDS: readonly string[] = ['note', 'details', 'refusal']
/** What depends on who asks, or on when. */
const VIEWERS_OWN: readonly string[] = ['availableActs', 'availableSubStates']
const SIDES_OWN: readonly string[] = ['timeline', 'pending', 'relations', 'origin']

let houses: RunningHouses
let shown: ShownRows
let asked = 0
const baselines = new Map<string, Json[]>()

const without = (request: Json, names: readonly string[]): Json => Object.fromEntries(Object.entries(request).filter(([name]) => !names.includes(name)))
const withoutTimes = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (name, each: unknown) => (name === 'asOf' ? undefined : each)))

async function answers(base: string, transport: Transport, country: string, role: Role, reference: string): Promise<Answer[]> {
  const token = await houses.token(country, role, role === 'OFFICIAL' ? 'anna' : role.toLowerCase())
  asked += QUERIES.length
  return Promise.all(QUERIES.map(query => ASK[transport](base, { query, variables: { r: reference } }, { token })))
}
const requestsIn = (given: readonly Answer[]): (Json | null)[] => given.map(answer => withoutTimes(dataOf(answer)['request']) as Json | null)

const PLACES: readonly [string, (country: string) => string][] = [['hub', () => houses.hub], ['own node', country => houses.node(country)]]

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'NL'] })
  shown = await shownRows(houses)
  for (const [place, base] of PLACES) for (const country of ['DE', 'FR']) for (const condition of CONDITIONS) {
    baselines.set(`${place} ${country} ${condition}`, requestsIn(await answers(base(country), 'HTTP', country, 'OFFICIAL', shown.rows[condition])) as Json[])
  }
}, 120_000)
afterAll(async () => {
  await houses.close()
  process.stdout.write(`own and partners' rows: ${asked} questions asked about ${PARTS.length} types with ${PARTS.flatMap(part => part.fields).length} fields\n`)
})

/** What a role that is shown a row sees of it, by `operations.md`. */
function expectedFor(role: Role, condition: Condition, request: Json): Json {
  const kept = without(request, VIEWERS_OWN)
  if (role !== 'LIAISON' || condition === 'urgent') return kept
  const timeline = 'timeline' in kept && { timeline: JSON.parse(JSON.stringify(kept['timeline'], (name, value: unknown) => (WORDS.includes(name) ? null : value))) as unknown }
  return { ...kept, ...Object.fromEntries(CONTENT.filter(name => name in kept).map(name => [name, null])), ...timeline }
}

const isShown = (country: string, role: Role, condition: Condition): boolean => READERS.includes(role) && (country === 'DE' || condition !== 'draft')

it('what is asked for is every field of every type below a request, and something is there to be hidden', () => {
  expect(PARTS.length).toBeGreaterThan(60)
  const whole = Object.assign({}, ...CONDITIONS.flatMap(condition => baselines.get(`hub DE ${condition}`) ?? []).map(request => Object.fromEntries(Object.entries(request).filter(([, value]) => JSON.stringify(value).includes(CANARY))))) as Json
  expect(Object.keys(whole).sort()).toEqual([...CONTENT, 'timeline'].sort())
})

describe.each(PLACES)('at the %s', (place, base) => {
  describe.each(TRANSPORTS)('over %s', transport => {
    describe.each(['DE', 'FR'] as const)('%s', country => {
      it.each([...READERS, ...OTHERS])('%s sees of each request what its role may, and of others nothing', async role => {
        await Promise.all(CONDITIONS.map(async condition => {
          const given = await answers(base(country), transport, country, role, shown.rows[condition])
          const seen = requestsIn(given)
          if (!isShown(country, role, condition)) return void expect({ condition, seen }).toEqual({ condition, seen: QUERIES.map(() => null) })
          const baseline = baselines.get(`${place} ${country} ${condition}`) ?? []
          expect({ condition, seen: seen.map(request => request && without(request, VIEWERS_OWN)) }).toEqual({ condition, seen: baseline.map(request => expectedFor(role, condition, request)) })
          if (role === 'LIAISON' && condition !== 'urgent') for (const { text } of given) expect(text).not.toContain(CANARY)
        }))
      })
    })
  })
})

it.each(CONDITIONS.filter(condition => condition !== 'draft'))('a request that is %s is the same to both parties, but for what each has of its own', condition => {
  const [own, partners] = ['DE', 'FR'].map(country => baselines.get(`hub ${country} ${condition}`)?.map(request => without(request, [...VIEWERS_OWN, ...SIDES_OWN])))
  expect(partners).toEqual(own)
})
