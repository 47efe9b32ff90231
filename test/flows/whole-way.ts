// One request its whole way through the public API, every house in a process of its own: what both sides see of it, live and afterwards,
// and that a third state sees nothing. Told once; the stores under the houses are the caller's choice.
import { evidence, inDays, preservation, supplemented } from '../support/case-words'
import { eventually, type Desk, type Feed } from '../support/desk'
import { Trial } from '../support/trial'

interface Change { cursor: string; from: string | null; to: string; version: number; by: string; request: { reference: string } }
interface Entry { cursor: string; type: string; act: string | null; version: number; status: string; request: { reference: string }; [said: string]: unknown }
interface Row { reference: string; version: number; status: string; timeline: { nodes: Entry[] } }

const ENTRY = `cursor type at by status version act note request { reference } refusal { code message }
  details { __typename
    ... on Acknowledgement { handler ownReference } ... on InformationWanted { missing answerBy } ... on Supplement { dossierDigest }
    ... on ScopeProposal { objections proposal measures timeWindow { from to } } ... on ScopeAnswer { accept counter } ... on ConditionsAnswer { accept }
    ... on Decision { at result codes reasons remedies conditions } ... on ResultsReported { complete items { id label mediaType bytes sha256 sensitivity } }
    ... on Reason { reason } ... on Postponement { ground until } ... on Redirection { reason to { id } } ... on UrgencyChange { before after why: reason } }`
const CHANGES = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor from to version by request { reference } } }'
const ENTRIES = `subscription($after: Cursor) { requestTimeline(after: $after) { ${ENTRY} } }`
const RINGS = 'subscription($after: Cursor) { urgentRequests(after: $after) { cursor cause request { reference } } }'
const CONTACTS = 'subscription($after: Cursor) { contactPointChanged(after: $after) { cursor retired } }'
const WHOLE = `query($reference: String!) { request(reference: $reference) { reference version status measures requestedReference decision { result conditions } results { label bytes } dossier { digest timeWindow { from to } } timeline(first: 100) { nodes { ${ENTRY} } } } }`
const LIST = 'query($filter: RequestFilter) { requests(filter: $filter, first: 50) { nodes { reference version status origin { authority stale } } edges { node { reference } } sources { authority state } } }'

const NARROWED = { from: inDays(-220), to: inDays(-160) }
const sha256 = (digit: string): string => digit.repeat(64)

/** Who acts, what, with which words; then what the request has become. */
type Step = readonly [who: 'anna' | 'luc' | 'nuit', act: string, mutation: string, words: object, status: string]
const STEPS: readonly Step[] = [
  ['nuit', 'ACKNOWLEDGE', 'acknowledgeRequest', { handler: '24/7 desk', ownReference: 'N 26/18' }, 'ACKNOWLEDGED'],
  ['luc', 'ASK_FOR_INFORMATION', 'askForInformation', { missing: ['The statements of the victims'], answerBy: inDays(20), note: 'The bank asks for them.' }, 'INFO_REQUESTED'],
  ['anna', 'SUPPLEMENT', 'supplementRequest', { dossier: supplemented(RUSH()), note: 'Three statements are enclosed.' }, 'ASSESSMENT'],
  ['luc', 'PROPOSE_SCOPE', 'proposeScope', { objections: ['TIME_WINDOW_TOO_WIDE'], proposal: 'Two months of account movements.', measures: ['BANK_TRANSACTIONS'], timeWindow: NARROWED }, 'NEGOTIATION'],
  ['anna', 'ANSWER_SCOPE', 'answerScopeProposal', { accept: true }, 'ASSESSMENT'],
  ['luc', 'ACCEPT', 'acceptRequest', { reasons: 'The conditions of the instrument are met.', conditions: ['USE_ONLY_FOR_CASE'] }, 'CONDITIONS_PENDING'],
  ['anna', 'ANSWER_CONDITIONS', 'answerConditions', { accept: true, note: 'Agreed.' }, 'ACCEPTED'],
  ['luc', 'BEGIN_EXECUTION', 'beginExecution', {}, 'EXECUTING'],
  ['luc', 'REPORT_RESULTS', 'reportResults', { items: [{ label: 'Account opening file', mediaType: 'application/pdf', bytes: 482_113, sha256: sha256('a'), sensitivity: [] }], complete: false }, 'PARTIALLY_EXECUTED'],
  ['luc', 'REPORT_RESULTS', 'reportResults', { items: [{ label: 'Movements', mediaType: 'text/csv', bytes: 9_007_199_254_740_991, sha256: sha256('b') }], complete: true, note: 'That is all.' }, 'EXECUTED'],
  ['anna', 'CONFIRM_RESULTS', 'confirmResults', { note: 'With thanks.' }, 'CONFIRMED'],
  ['luc', 'CLOSE', 'closeRequest', {}, 'CLOSED'],
]
const SUBMITTED_AT = 4
const TO_STATUS = [[1, 'DRAFT'], [3, 'VALIDATED'], [SUBMITTED_AT, 'SUBMITTED'], [SUBMITTED_AT + 1, 'DELIVERED'], ...STEPS.map(([, , , , status], i): [number, string] => [SUBMITTED_AT + 2 + i, status])] as const
const ACTS = ['DRAFT', 'AMEND', 'VALIDATE', 'SUBMIT', null, ...STEPS.map(([, act]) => act)]

function RUSH(): Record<string, unknown> { return { urgencyGround: 'The account is being emptied.', neededBy: inDays(3) } }

export function travelsTheWholeWay(make: () => Promise<Trial>): void {
  let trial: Trial
  let reference = ''
  const desks = {} as Record<'anna' | 'vera' | 'luc' | 'nuit' | 'bia' | 'rio', Desk>
  const changes = {} as Record<'anna' | 'luc' | 'bia', Feed<Change>[]>
  const entries = {} as Record<'anna' | 'luc' | 'bia', Feed<Entry>[]>
  const rings = {} as Record<'nuit' | 'rio', Feed<{ cause: string; request: { reference: string } }>[]>
  const findings: { path: string; severity: string }[][] = []

  beforeAll(async () => {
    trial = await make()
    await trial.startAll()
    await takeSeats()
    await prepareAndSubmit()
    for (const [i, step] of STEPS.entries()) await take(step, SUBMITTED_AT + 2 + i)
  }, 120_000)
  afterAll(() => trial.remove())

  async function takeSeats(): Promise<void> {
    const seats = [['anna', 'DE', 'OFFICIAL'], ['vera', 'DE', 'VALIDATOR'], ['luc', 'FR', 'OFFICIAL'], ['nuit', 'FR', 'LIAISON'], ['bia', 'BR', 'OFFICIAL'], ['rio', 'BR', 'LIAISON']] as const
    for (const [name, country, role] of seats) desks[name] = await trial.desk(country, role, name)
    const both = <Event>(desk: Desk, query: string): Promise<Feed<Event>[]> => Promise.all([desk.listen<Event>(query, { over: 'WebSocket' }), desk.listen<Event>(query, { over: 'SSE' })])
    for (const name of ['anna', 'luc', 'bia'] as const) [changes[name], entries[name]] = await Promise.all([both<Change>(desks[name], CHANGES), both<Entry>(desks[name], ENTRIES)])
    for (const name of ['nuit', 'rio'] as const) rings[name] = await both(desks[name], RINGS)
  }

  async function prepareAndSubmit(): Promise<void> {
    const { anna, vera } = desks
    const check = async (): Promise<void> => void findings.push((await anna.read<{ checkDraft: { path: string; severity: string }[] }>('query($reference: String!) { checkDraft(reference: $reference) { severity path code message hint } }', { reference })).checkDraft)
    const urgency = { urgency: 'URGENT' }
    ;({ reference } = await anna.act('draftRequest', evidence('whole-way', urgency, { ...RUSH(), facts: 'Too short.' })))
    await check()
    await anna.act('amendDraft', { reference, expectedVersion: 1, dossier: evidence('whole-way', {}, RUSH()).dossier })
    await check()
    await vera.act('validateRequest', { reference, expectedVersion: 2 })
    await anna.act('submitRequest', { reference, expectedVersion: 3 })
    await arrived(SUBMITTED_AT + 1, 'DELIVERED')
  }

  async function take([who, act, mutation, words, status]: Step, version: number): Promise<void> {
    await desks[who].actOnceOffered(act, mutation, reference, words)
    await arrived(version, status)
  }

  /** Both sides hear of it live, and then find it in their lists, once. */
  async function arrived(version: number, status: string): Promise<void> {
    for (const name of ['anna', 'luc'] as const) {
      for (const feed of changes[name]) await feed.until(told => told.some(event => event.version === version && event.to === status), `${name} hears of ${status} at version ${version}`)
      for (const feed of entries[name]) await feed.until(told => told.some(event => event.version === version && event.status === status), `${name} hears of the entry of version ${version}`)
      const { requests } = await desks[name].read<{ requests: { nodes: Row[] } }>(LIST)
      expect(requests.nodes).toEqual([{ reference, version, status, origin: { authority: 'authority:FR', stale: false } }])
    }
  }

  const whole = async (name: 'anna' | 'luc'): Promise<Row> => (await desks[name].read<{ request: Row }>(WHOLE, { reference })).request
  const withoutCursors = (told: readonly Entry[]): Omit<Entry, 'cursor'>[] => told.map(({ cursor: _, ...entry }) => entry)

  test('an official is told all that is missing before a second one may validate', () => {
    expect(findings[0]).toEqual(expect.arrayContaining([expect.objectContaining({ severity: 'FAULT', path: expect.stringContaining('facts') })]))
    expect(findings[1]?.filter(({ severity }) => severity === 'FAULT')).toEqual([])
  })

  test('both sides end with the same timeline from SUBMITTED on, word for word, and versions without a hole', async () => {
    const [german, french] = [await whole('anna'), await whole('luc')]
    expect(german.timeline.nodes.map(({ version }) => version)).toEqual(ACTS.map((_, i) => i + 1))
    expect(german.timeline.nodes.map(({ act }) => act)).toEqual(ACTS)
    expect(withoutCursors(french.timeline.nodes)).toEqual(withoutCursors(german.timeline.nodes.slice(SUBMITTED_AT - 1)))
    expect({ ...german, timeline: null }).toEqual({ ...french, timeline: null })
    expect(german).toMatchObject({
      status: 'CLOSED', version: ACTS.length, measures: ['BANK_TRANSACTIONS'], requestedReference: 'N 26/18', dossier: { timeWindow: NARROWED },
      decision: { result: 'CONDITIONALLY_ACCEPTED', conditions: ['USE_ONLY_FOR_CASE'] }, results: [{ label: 'Account opening file', bytes: 482_113 }, { label: 'Movements', bytes: 9_007_199_254_740_991 }],
    })
  })

  test('each entry carries what was said with it', async () => {
    const { timeline } = await whole('anna')
    expect(timeline.nodes.slice(SUBMITTED_AT + 1)).toMatchObject([
      { by: 'REQUESTED', details: { __typename: 'Acknowledgement', handler: '24/7 desk', ownReference: 'N 26/18' } },
      { by: 'REQUESTED', note: 'The bank asks for them.', details: { __typename: 'InformationWanted', missing: ['The statements of the victims'] } },
      { by: 'REQUESTING', note: 'Three statements are enclosed.', details: { __typename: 'Supplement', dossierDigest: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      { by: 'REQUESTED', details: { __typename: 'ScopeProposal', objections: ['TIME_WINDOW_TOO_WIDE'], proposal: 'Two months of account movements.', measures: ['BANK_TRANSACTIONS'], timeWindow: NARROWED } },
      { by: 'REQUESTING', details: { __typename: 'ScopeAnswer', accept: true } },
      { by: 'REQUESTED', details: { __typename: 'Decision', result: 'CONDITIONALLY_ACCEPTED', conditions: ['USE_ONLY_FOR_CASE'] } },
      { by: 'REQUESTING', note: 'Agreed.', details: { __typename: 'ConditionsAnswer', accept: true } },
      { by: 'REQUESTED', act: 'BEGIN_EXECUTION' },
      { by: 'REQUESTED', details: { __typename: 'ResultsReported', complete: false, items: [{ label: 'Account opening file' }] } },
      { by: 'REQUESTED', note: 'That is all.', details: { __typename: 'ResultsReported', complete: true, items: [{ label: 'Movements' }] } },
      { by: 'REQUESTING', note: 'With thanks.', act: 'CONFIRM_RESULTS' },
      { by: 'REQUESTED', act: 'CLOSE' },
    ])
  })

  test('both sides heard every step once, in order, over WebSocket as over SSE', async () => {
    for (const name of ['anna', 'luc'] as const) {
      const from = name === 'anna' ? 1 : SUBMITTED_AT + 1
      for (const feed of changes[name]) expect(feed.events.map(({ version, to }) => [version, to])).toEqual(TO_STATUS.filter(([version]) => version >= from))
      const { timeline } = await whole(name)
      // A proposal's own entry is decided elsewhere: what a feed told is what the timeline shows.
      for (const feed of entries[name]) expect(feed.events).toEqual(timeline.nodes)
    }
    const changed = changes.anna[0]?.events ?? []
    expect(changed.map(({ from }) => from)).toEqual([null, ...changed.slice(0, -1).map(({ to }) => to)])
    for (const feed of rings.nuit) expect(feed.events).toMatchObject([{ cause: 'RECEIVED', request: { reference } }, { cause: 'ACKNOWLEDGED', request: { reference } }])
  })

  test('the past of the feed shows the same changes, whichever side reads it', async () => {
    const past = 'query($after: Cursor) { statusChanges(first: 50, after: $after) { nodes { cursor from to version by request { reference } } pageInfo { hasNextPage } } }'
    for (const name of ['anna', 'luc'] as const) {
      expect(await desks[name].read(past)).toEqual({ statusChanges: { nodes: changes[name][0]?.events, pageInfo: { hasNextPage: false } } })
      const third = changes[name][0]?.events[2]?.cursor
      expect(await desks[name].read(past, { after: third })).toMatchObject({ statusChanges: { nodes: changes[name][0]?.events.slice(3) } })
    }
  })

  test('each side\'s own node shows what the hub shows', async () => {
    for (const [name, country] of [['anna', 'DE'], ['luc', 'FR']] as const) {
      const own = await trial.desk(country, 'OFFICIAL', name, { at: country })
      const { request } = await own.read<{ request: Row }>(WHOLE, { reference })
      expect(request).toEqual(await whole(name))
    }
  })

  test('a third state sees nothing of it by reference, by id, in a list, a count or the past of a feed, and may not act on it', async () => {
    const places = [desks.bia, desks.rio, await trial.desk('BR', 'VALIDATOR', 'bel'), await trial.desk('BR', 'SYSTEM'), await trial.desk('BR', 'OFFICIAL', 'bia', { at: 'BR' })]
    for (const desk of places) {
      const seen = await desk.ask(`query($reference: String!, $id: ID!) {
        request(reference: $reference) { reference } node(id: $id) { id } all: requests { nodes { reference } pageInfo { hasNextPage endCursor } }
        named: requests(filter: { references: [$reference] }) { nodes { reference } } closed: requests(filter: { open: false, statuses: [CLOSED] }, orderBy: CREATED) { nodes { reference } }
        statusChanges { nodes { cursor } } partners { authority { id } openRequests } }`, { reference, id: `request:${reference}` })
      expect(seen.errors).toBeUndefined()
      expect(seen.data).toMatchObject({ request: null, node: null, all: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }, named: { nodes: [] }, closed: { nodes: [] }, statusChanges: { nodes: [] } })
      expect((seen.data?.['partners'] as { openRequests: number | null }[]).every(({ openRequests }) => openRequests === 0 || openRequests === null)).toBe(true)
    }
    expect(await desks.bia.refusal('query($reference: String!) { checkDraft(reference: $reference) { code } }', { reference })).toBe('NOT_FOUND')
    const [absent, foreign] = await Promise.all(['DE-2026-999999', reference].map(each => desks.bia.tryAct('withdrawRequest', { reference: each, expectedVersion: 17, reason: 'x' })))
    expect(foreign?.errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' } })
    expect(foreign?.errors?.[0]?.message).toBe(absent?.errors?.[0]?.message)
  })

  test('a third state\'s feeds stay silent about it; another state\'s node does not let its officials in', async () => {
    const refused = await desks.bia.listen('subscription($reference: String!, $after: Cursor) { requestTimeline(reference: $reference, after: $after) { cursor } }', { variables: { reference }, over: 'SSE' })
    await refused.ended
    expect(refused.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const own = await desks.bia.act('draftRequest', preservation('brazil', 'DE'))
    for (const feed of changes.bia) expect((await feed.until(told => told.length > 0)).map(({ request }) => request.reference)).toEqual([own.reference])
    for (const feed of entries.bia) expect((await feed.until(told => told.length > 0)).map(({ request }) => request.reference)).toEqual([own.reference])
    for (const feed of rings.rio) expect(feed.events).toEqual([])
    const astray = await trial.desk('BR', 'OFFICIAL', 'bia', { at: 'FR' })
    expect(await astray.refusal('query($reference: String!) { request(reference: $reference) { reference } }', { reference })).toBe('UNAUTHENTICATED')
  })

  test('the public sees nothing of it and hears nothing', async () => {
    const nobody = trial.public()
    expect(await nobody.read('query($reference: String!) { request(reference: $reference) { reference } requests { nodes { reference } } statusChanges { nodes { cursor } } }', { reference }))
      .toEqual({ request: null, requests: { nodes: [] }, statusChanges: { nodes: [] } })
    for (const query of [CHANGES, ENTRIES, RINGS, CONTACTS]) {
      const feed = await nobody.listen(query, { after: null, over: 'SSE' })
      await feed.ended
      expect(feed.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })

  test('every ledger verifies beside the running houses', async () => {
    const { code, stdout, stderr } = await trial.verify()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trim().split('\n').map(line => /^(\w\w): \d+ entries/.exec(line)?.[1])).toEqual(expect.arrayContaining(['BR', 'DE', 'FR']))
  })
}
