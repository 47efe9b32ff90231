// What the hub costs beside a byte proxy that asks the same nodes the same questions in the same two steps: CPU of the process a request, requests a second,
// times at a fixed rate, bytes. Rounds alternate; every request has variables of its own; answers are compared in content before and after.
import { buildSchema, parse, type FieldNode, type GraphQLObjectType, type OperationDefinitionNode } from 'graphql'
import { houseSchema, printedSdl } from '../resolvers/house-schema'
import { project } from '../src/hub/projection'
import { actFigures } from './hub-acts'
import { federation, HOME, type Federation } from './federation'
import { overRounds, type Figure } from './figures'
import { beside, closedLoop, FOR_MS, graphql, ROUNDS, type Asked, type Asking, type Measured, type Peer } from './load'

const REQUESTS_A_NODE = Number(process.env['COMITY_BENCH_REQUESTS'] ?? 1_000)
/** A silent partner holds a page for its whole deadline: many wait at once, so that the hub is not idle. Of 32 nodes on two cores more at once would wait for the nodes. */
const faultyAtOnce = (size: number): number => (size > 8 ? 8 : 64)
const FIELDS = 'reference version kind matter urgency status measures requestingReference requestedReference createdAt submittedAt lastActivityAt requesting { id } requested { id } deadlines { obligation of dueAt state } origin { authority stale }'
export const LIST = `query($filter: RequestFilter, $first: Int!, $after: Cursor) { requests(filter: $filter, orderBy: LAST_ACTIVITY, first: $first, after: $after) { nodes { ${FIELDS} } sources { authority state } pageInfo { hasNextPage endCursor } } }`
export const ONE = `query($reference: String!) { request(reference: $reference) { ${FIELDS} } }`
const LAW = 'query($requesting: CountryCode!, $requested: CountryCode!, $on: LocalDate) { legalBases(requesting: $requesting, requested: $requested, kind: EVIDENCE, on: $on) { usable { treaty { code } articles languages } excluded { treaty { code } because } } }'
const EMPTY = 'query($yes: Boolean!) { __typename @include(if: $yes) }'

/** Workloads wanted, `Q1,Q6,acts`; all where none is named. */
const WANTED = (process.env['COMITY_BENCH_HUB'] ?? 'Q1,Q2,Q3,Q4,Q5,Q6,faults,acts').split(',')
const isWanted = (name: string): boolean => WANTED.includes(name) || WANTED.includes(name.slice(0, 2))

export async function hubFigures(say: (figure: Figure) => void): Promise<void> {
  for (const size of [8, 32]) {
    if (size === 32 && !isWanted('Q3')) continue
    const made = await federation(size, REQUESTS_A_NODE, line => process.stderr.write(`  ${size} authorities: ${line}\n`))
    try {
      await workloads(made, size, say)
    } finally { made.close() }
  }
}

async function workloads(made: Federation, size: number, say: (figure: Figure) => void): Promise<void> {
  const tokens = { official: await made.token(HOME, 'OFFICIAL', 'anna'), system: await made.token(HOME, 'SYSTEM', 'system') }
  const hub = (asking: Asking): Peer => ({ url: made.hubUrl, pid: made.hub.pid ?? 0, asking })
  const raw = (asking: Asking): Peer => ({ url: made.rawUrl, pid: made.raw.pid ?? 0, asking })
  const list = (token: string, first: number): [Peer, Peer] => [hub(n => graphql(LIST, { filter: recent(n), first }, token)), raw(rawList(first))]
  const compare = async (name: string, peers: [Peer, Peer], goal: number | null): Promise<void> => {
    if (!isWanted(name)) return
    await prove(made, tokens.system)
    const [ours, theirs] = await beside(peers)
    const ratio = overRounds(ours.map((each, round) => each.cpuMs / (theirs[round]?.cpuMs ?? 1)))
    const shown = (of: Measured[]): string => `${micro(of)} µs, ${Math.round(mid(of, 'perSecond'))} a second, p50 ${mid(of, 'p50').toFixed(1)} p99 ${mid(of, 'p99').toFixed(1)} ms, ${Math.round(mid(of, 'bytes'))} bytes, ${Math.round(mid(of, 'rssMb'))} MB`
    say({ name: `${name}: CPU of hub / raw proxy`, unit: '×', ...ratio, ...(goal !== null && { goal: { atMost: goal } }), beside: `hub ${shown(ours)} / raw ${shown(theirs)}` })
  }
  await demandEqual(made, tokens.system)
  if (size === 8) {
    const references = [...made.sent].flatMap(([country, sent]) => sent.map(reference => ({ country, reference })))
    const pick = (n: number) => references[n % references.length] as { country: string; reference: string }
    // One token may not ask as often as the hub can answer.
    const officials = await Promise.all(Array.from({ length: 4 }, (_, i) => made.token(HOME, 'OFFICIAL', `official ${i}`)))
    await compare('Q1 one request by reference', [hub(n => graphql(ONE, { reference: pick(n).reference }, officials[n % officials.length] ?? '')), raw(n => rawOne(pick(n)))], 2)
    await compare('Q2 a merged page of 20 over 8 authorities', list(tokens.official, 20), 2.5)
    await compare('Q4 one page of 500', list(tokens.system, 500), 2.5)
    const pages = await cursors(made, tokens.official)
    await compare('Q5 one of three pages of 20, by cursor', [hub(n => graphql(LIST, { filter: null, first: 20, after: pages[n % pages.length] }, tokens.official)), raw(rawList(20))], 2.5)
    if (isWanted('Q6')) await lawBesideNothing(made, hub, say)
    await demandEqual(made, tokens.system)
    if (isWanted('acts')) await actFigures(made, say)
  } else {
    await compare(`Q3 a merged page of 20 over ${size} authorities`, list(tokens.official, 20), 3)
    await demandEqual(made, tokens.system)
  }
  if (isWanted('faults')) await besideFaults(made, size, hub(n => graphql(LIST, { filter: recent(n), first: 20 }, tokens.official)), say)
}

/** One partner dead and one that answers nothing: what the others cost the hub then. Leaves the federation so. */
async function besideFaults(made: Federation, size: number, peer: Peer, say: (figure: Figure) => void): Promise<void> {
  const rounds = async (): Promise<number[]> => {
    const costs: number[] = []
    for (let round = 0; round < ROUNDS; round++) costs.push((await closedLoop(peer, FOR_MS, faultyAtOnce(size))).cpuMs)
    return costs
  }
  const whole = await rounds()
  const [dead, slow] = made.lastTwo
  dead.kill('SIGKILL')
  slow.kill('SIGSTOP')
  const faulty = await rounds()
  const { sources } = await pageOf(made, { filter: null, first: 20 })
  const states = sources.map(({ state }) => state).sort().join()
  if (!states.endsWith('TIMED_OUT,UNREACHABLE')) throw new TypeError(`one partner is dead and one silent, and the page says ${states}`)
  say({ name: `A merged page over ${size}, one partner dead, one silent: CPU of hub / before`, unit: '×', ...overRounds(faulty.map((each, round) => each / (whole[round] ?? 1))), goal: { atMost: 1.2 }, beside: `${Math.round(1_000 * overRounds(faulty).value)} µs / ${Math.round(1_000 * overRounds(whole).value)} µs, ${faultyAtOnce(size)} at once` })
}

/** Which treaty may be cited to each partner, on each of 300 days. */
export function askingLaw(made: Federation): Asking {
  const countries = made.countries.filter(country => country !== HOME)
  return n => graphql(LAW, { requesting: HOME, requested: countries[n % countries.length], on: new Date(Date.UTC(2026, 0, 1 + (n % 300))).toISOString().slice(0, 10) }, null)
}

async function lawBesideNothing(made: Federation, hub: (asking: Asking) => Peer, say: (figure: Figure) => void): Promise<void> {
  const [laws, empties] = await beside([hub(askingLaw(made)), hub(() => graphql(EMPTY, { yes: true }, null))])
  say({ name: 'Q6 legalBases: CPU / an empty query on the same stack', unit: '×', ...overRounds(laws.map((each, round) => each.cpuMs / (empties[round]?.cpuMs ?? 1))), goal: { atMost: 1.5 }, beside: `${micro(laws)} µs / ${micro(empties)} µs` })
}

const mid = (of: readonly Measured[], which: keyof Measured): number => overRounds(of.map(each => each[which])).value
const micro = (of: readonly Measured[]): number => Math.round(mid(of, 'cpuMs') * 1_000)

/** Every row is newer than this, and no two requests ask for the same. */
export const recent = (n: number) => ({ updatedAfter: new Date(Date.UTC(2026, 0, 1) + n).toISOString() })

/** The questions as the hub puts them to the nodes. */
const SCHEMA = buildSchema(printedSdl(houseSchema()))
const SELECTION = (() => {
  const [operation] = parse(`{ r { ${FIELDS} } }`).definitions as [OperationDefinitionNode]
  return project({ schema: SCHEMA, fragments: {}, variableValues: {}, operation }, SCHEMA.getType('Request') as GraphQLObjectType, operation.selectionSet.selections as readonly FieldNode[]).text
})()
const QUESTION = `query($_filter: RequestFilter, $_order: RequestOrder) { r: requests(filter: $_filter, orderBy: $_order) { nodes ${SELECTION} } }`
export const question = (variables: object, list: object): string => JSON.stringify({ query: QUESTION, variables, ask: { list } })
export const rawList = (first: number): Asking => n => {
  const variables = { _filter: recent(n), _order: 'LAST_ACTIVITY' }
  return { path: '/', token: null, body: `${question(variables, { scope: 'HOME', limit: first + 1 })}\n${question(variables, { scope: 'DECIDED', limit: first + 1, known: [] })}\n` }
}
function rawOne({ country, reference }: { country: string; reference: string }): Asked {
  const asked = question({ _filter: null, _order: 'CREATED' }, { scope: 'REFERENCES', references: [reference], limit: 1 })
  return { path: '/', token: null, body: `${asked}\n${asked}\n${country}` }
}

/** What the home node says of the token's owner to these partners, by authority. */
export async function assertionsFor({ nodeUrl, token }: Pick<Federation, 'nodeUrl'> & { token: string }, countries: readonly string[]): Promise<Record<string, string>> {
  const audiences = countries.map(country => `authority:${country}`)
  const answer = await fetch(`${nodeUrl(HOME)}/house/assertions`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ audiences }) })
  return ((await answer.json()) as { assertions: Record<string, string> }).assertions
}

/** The raw peer is told assertions, which live for a minute, before each measurement. */
export async function prove(made: Pick<Federation, 'countries' | 'nodeUrl' | 'rawUrl'>, token: string): Promise<void> {
  const assertions = await assertionsFor({ ...made, token }, made.countries.filter(country => country !== HOME))
  const partners = Object.entries(assertions).map(([authority, jws]) => [authority.replace('authority:', ''), `Bearer ${jws}`])
  await fetch(`${made.rawUrl}/proofs`, { method: 'POST', body: JSON.stringify({ home: `Bearer ${token}`, partners }) })
}

interface Page { nodes: { reference: string; lastActivityAt: string }[]; sources: { state: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } }

async function pageOf(made: Federation, variables: object): Promise<Page> {
  const desk = await made.desk(HOME, 'SYSTEM', 'system')
  return (await desk.read<{ requests: Page }>(LIST, variables)).requests
}

async function cursors(made: Federation, token: string): Promise<(string | null)[]> {
  const pages: (string | null)[] = [null]
  for (const first = 20; pages.length < 3;) {
    const answer = await fetch(`${made.hubUrl}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: graphql(LIST, { filter: null, first, after: pages.at(-1) }, null).body })
    pages.push(((await answer.json()) as { data: { requests: Page } }).data.requests.pageInfo.endCursor)
  }
  return pages
}

/** The hub's page is what one gets who merges the raw answers by hand: the same rows with the same content in the same order. */
async function demandEqual(made: Federation, token: string): Promise<void> {
  await prove(made, token)
  const { body } = rawList(20)(0)
  const answered = await (await fetch(made.rawUrl, { method: 'POST', body })).text()
  const rows = answered.trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>).filter(line => !('told' in line)).map(unprefixed) as { reference: string; lastActivityAt: string; origin: { stale: boolean; authority: string } }[]
  const decided = new Map(rows.filter(row => !row.origin.stale).map(row => [row.reference, row]))
  const merged = [...decided.values()].sort((one, other) => (one.lastActivityAt === other.lastActivityAt ? (one.reference < other.reference ? -1 : 1) : one.lastActivityAt < other.lastActivityAt ? 1 : -1)).slice(0, 20)
  const { nodes, sources } = await pageOf(made, { filter: recent(0), first: 20 })
  if (sources.length !== made.countries.length || sources.some(({ state }) => state !== 'ANSWERED')) throw new TypeError(`not every store answered: ${JSON.stringify(sources)}`)
  if (JSON.stringify(nodes) !== JSON.stringify(merged)) throw new TypeError(`the hub's page is not what the nodes say:\n${JSON.stringify(nodes).slice(0, 2_000)}\n${JSON.stringify(merged).slice(0, 2_000)}`)
}

/** As a client sees it. */
function unprefixed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unprefixed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__typename').map(([key, each]) => [key.replace(/^k_/, ''), unprefixed(each)]))
}

