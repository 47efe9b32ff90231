// Every operation that reads what a request says leaves one entry at the node whose copy was read: who, which, when; durable before the answer leaves, read by the
// authority's own auditor, verified by `comity verify`.
import { storeFolder } from '../../src/cli/data-folder'
import { verify } from '../../src/cli/verify'
import { verifyChain } from '../../src/ledger/ledger'
import { AccessLog, accessLogOf } from '../../src/node/access-log'
import { Contents } from '../../src/node/contents'
import { digestOf } from '../../src/node/entry'
import { Refusal } from '../../src/refusal'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { LogEntry } from '../../src/store/store'
import { issueAssertion } from '../../src/wire/tokens'
import { temporaryStore } from '../exchange/hub'
import { ASK, codeOf, dataOf, overHttp, TRANSPORTS } from '../support/asking'
import { sent } from '../support/case'
import { evidence } from '../support/case-words'
import { Desk, type Acted } from '../support/desk'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'

interface Entry { position: number; at: string; authority: { id: string; code: string }; subject: string; role: string; references: string[] }

let houses: RunningHouses
let reference: string
let drafted: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const [drafter, validator, receiver] = await Promise.all([houses.desk('DE', 'OFFICIAL', 'anna'), houses.desk('DE', 'VALIDATOR', 'vera'), houses.desk('FR', 'OFFICIAL', 'luc', 'FR')])
  reference = (await sent({ drafter, validator, receiver }, evidence('read'))).reference
  drafted = (await drafter.act('draftRequest', evidence('drafted'))).reference
}, 60_000)
afterAll(() => houses.close())

const LOG = 'query($after: Cursor, $first: Int) { accessLog(first: $first, after: $after) { nodes { position at authority { id code } subject role references } pageInfo { hasNextPage endCursor } } }'
const DOSSIER = { query: 'query($r: String!) { request(reference: $r) { reference dossier { facts } } }' }
const about = (question: { query: string }, r = drafted): object => ({ ...question, variables: { r } })

async function logged(country = 'DE', at = houses.node(country)): Promise<Entry[]> {
  const token = await houses.token(country, 'AUDITOR', 'audrey')
  const found: Entry[] = []
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo } = dataOf(await overHttp(at, { query: LOG, variables: { after, first: 100 } }, { token }))['accessLog'] as { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    found.push(...nodes)
    if (!pageInfo.hasNextPage) return found
    after = pageInfo.endCursor
  }
}

/** What an operation adds to a node's access log. */
async function added(operation: () => Promise<unknown>, country = 'DE'): Promise<Omit<Entry, 'position' | 'at'>[]> {
  const before = (await logged(country)).length
  await operation()
  return (await logged(country)).slice(before).map(({ position: _, at: __, ...entry }) => entry)
}

const draft = (base: string, token: string, key: string): Promise<Acted> => new Desk(`${base}/graphql`, token).act('draftRequest', evidence(key))
const GERMANY = { id: 'authority:DE', code: expect.any(String) as unknown }

describe('one operation leaves one entry', () => {
  describe.each(['hub', 'node'])('asked at the %s', place => {
    const base = (): string => (place === 'hub' ? houses.hub : houses.node('DE'))

    it.each(TRANSPORTS)('over %s', async transport => {
      const token = await houses.token('DE', 'SYSTEM', `reads-${transport}`)
      expect(await added(async () => dataOf(await ASK[transport](base(), about(DOSSIER), { token })))).toEqual([{ authority: GERMANY, subject: `reads-${transport}`, role: 'SYSTEM', references: [drafted] }])
    })

    it('that reads several requests names all of them', async () => {
      const token = await houses.token('DE', 'OFFICIAL', 'anna')
      await draft(base(), token, `several-${place}`)
      const list = { query: '{ requests(first: 50, filter: { statuses: [DRAFT] }) { nodes { reference dossier { facts } } } }' }
      const [entry, ...others] = await added(async () => dataOf(await overHttp(base(), list, { token })))
      expect(others).toEqual([])
      expect(entry?.references.length).toBeGreaterThan(1)
      expect(entry?.references).toEqual([...(entry?.references ?? [])].sort())
    })

    it.each([
      ['a dossier in the answer to an act', (r: string) => ({ query: 'mutation($i: AmendDraftInput!) { amendDraft(input: $i) { request { dossier { facts } } } }', variables: { i: { reference: r, expectedVersion: 1 } } })],
      ['a note in a timeline', (r: string) => ({ query: 'query($r: String!) { request(reference: $r) { timeline(first: 5) { nodes { note } } } }', variables: { r } })],
    ])('%s', async (_, question) => {
      const token = await houses.token('DE', 'OFFICIAL', 'anna')
      const { reference: own } = await draft(base(), token, `act-${place}-${_}`)
      expect(await added(async () => dataOf(await overHttp(base(), question(own), { token })))).toEqual([{ authority: GERMANY, subject: 'anna', role: 'OFFICIAL', references: [own] }])
    })

    it('that reads nothing of what a request says leaves none, nor does one that may not read it', async () => {
      const [token, liaison] = await Promise.all([houses.token('DE', 'OFFICIAL', 'anna'), houses.token('DE', 'LIAISON', 'nora')])
      expect(await added(async () => {
        dataOf(await overHttp(base(), { query: '{ requests(first: 50) { nodes { reference status version deadlines { dueAt } } } }' }, { token }))
        expect(dataOf(await overHttp(base(), about(DOSSIER), { token: liaison }))).toEqual({ request: { reference: drafted, dossier: null } })
        dataOf(await overHttp(base(), about(DOSSIER, 'DE-2026-999999'), { token }))
      })).toEqual([])
    })
  })

  it('an event that shows a dossier names each reader, though the desks ask alike', async () => {
    const desks = await Promise.all(['eva', 'emil'].map(subject => houses.desk('DE', 'OFFICIAL', subject)))
    const entries = await added(async () => {
      const feeds = await Promise.all(desks.map(desk => desk.listen('subscription($after: Cursor) { statusChanged(after: $after) { cursor request { dossier { facts } } } }')))
      await draft(houses.hub, desks[0]?.token ?? '', 'event')
      await Promise.all(feeds.map(feed => feed.until(events => events.length > 0)))
    })
    expect(entries.map(({ subject }) => subject).sort()).toEqual(['emil', 'eva'])
  })
})

it('a request that a partner decides is on record at both nodes: whose copy was read', async () => {
  const token = await houses.token('DE', 'OFFICIAL', 'anna')
  const [french] = [await added(async () => dataOf(await overHttp(houses.hub, about(DOSSIER, reference), { token })), 'FR')]
  expect(french).toEqual([{ authority: GERMANY, subject: 'anna', role: 'OFFICIAL', references: [reference] }])
  expect((await logged('DE')).at(-1)).toMatchObject({ subject: 'anna', references: [reference] })
})

describe('the auditor', () => {
  it('reads the same at hub and node, in pages', async () => {
    const whole = await logged('DE', houses.hub)
    expect(whole).toEqual(await logged('DE'))
    expect(whole.map(({ position }) => position)).toEqual(whole.map((_, i) => i + 1))
    const token = await houses.token('DE', 'AUDITOR')
    for (const base of [houses.hub, houses.node('DE')]) {
      const first = dataOf(await overHttp(base, { query: LOG, variables: { first: 2 } }, { token }))['accessLog'] as { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
      expect(first.nodes).toEqual(whole.slice(0, 2))
      expect(dataOf(await overHttp(base, { query: LOG, variables: { first: 1, after: first.pageInfo.endCursor } }, { token }))).toMatchObject({ accessLog: { nodes: [whole[2]] } })
    }
  })

  it('is the only one who does, and sees no request', async () => {
    for (const role of ['OFFICIAL', 'VALIDATOR', 'LIAISON', 'SYSTEM'] as const) for (const base of [houses.hub, houses.node('DE')]) {
      expect(codeOf(await overHttp(base, { query: LOG }, { token: await houses.token('DE', role) }))).toBe('FORBIDDEN')
    }
    expect(codeOf(await overHttp(houses.hub, { query: LOG }))).toBe('FORBIDDEN')
    const vouched = await issueAssertion({ keys: (await keysOf(houses, 'DE')).keys, issuer: 'authority:DE', audience: 'authority:FR', subject: 'audrey', role: 'AUDITOR', ttlSeconds: 60, now: new Date() })
    expect(codeOf(await overHttp(houses.node('FR'), { query: LOG }, { token: vouched }))).toBe('FORBIDDEN')
    const token = await houses.token('DE', 'AUDITOR')
    for (const base of [houses.hub, houses.node('DE')]) {
      expect(dataOf(await overHttp(base, { query: '{ requests { nodes { reference } } viewer { acts } }' }, { token }))).toEqual({ requests: { nodes: [] }, viewer: { acts: [] } })
      expect(dataOf(await overHttp(base, about(DOSSIER), { token }))).toEqual({ request: null })
      expect(codeOf(await ASK.SSE(base, { query: 'subscription { statusChanged { cursor } }' }, { token }))).toBe('FORBIDDEN')
      await expect(draft(base, token, 'auditor')).rejects.toThrow(/FORBIDDEN/)
    }
    expect(await logged('FR', houses.hub)).toEqual(await logged('FR'))
  })
})

it('what cannot be put on record is not shown', async () => {
  const append = jest.spyOn(AccessLog.prototype, 'append').mockRejectedValue(new Refusal('STORE_UNAVAILABLE', 'The store is full.'))
  try {
    const token = await houses.token('DE', 'OFFICIAL', 'anna')
    for (const base of [houses.hub, houses.node('DE')]) for (const transport of TRANSPORTS) {
      const answer = await ASK[transport](base, about(DOSSIER), { token })
      expect({ code: codeOf(answer), data: answer.data ?? null }).toEqual({ code: 'STORE_UNAVAILABLE', data: base === houses.hub ? { request: null } : null })
      expect(dataOf(await ASK[transport](base, about({ query: 'query($r: String!) { request(reference: $r) { status } }' }), { token }))).toEqual({ request: { status: 'DRAFT' } })
    }
  } finally { append.mockRestore() }
})

describe('the log itself', () => {
  it('two processes of a house append to one chain, many operations with one commit', async () => {
    const store = await temporaryStore()
    let commits = 0
    const counted = { ...store, exclusive: false, log: <Body>(name: string) => { const log = store.log<Body>(name); return { read: log.read.bind(log), readBack: log.readBack.bind(log), last: log.last.bind(log), find: log.find.bind(log), append: (entries: readonly LogEntry<Body>[]) => { commits++; return log.append(entries) } } } }
    const contents = new Contents(store.documents('content'))
    const logs = await Promise.all([1, 2].map(() => AccessLog.open(counted, contents, () => '2026-11-29T22:00:00.000Z')))
    const viewer = { role: 'OFFICIAL' as const, authority: 'authority:DE', subject: 'anna', expiresAt: null, token: 't', signedInAt: null }
    await Promise.all(logs.flatMap(log => Array.from({ length: 100 }, (_, i) => log.append(viewer, [`DE-2026-${String(i).padStart(6, '0')}`]))))
    expect(await verifyChain(accessLogOf(store), digestOf, () => Promise.resolve(null))).toEqual({ count: 200, broken: null })
    expect(commits).toBeLessThan(50)
    await store.remove()
  })

  it('is verified: an edit, a reader made another, and a tail cut off are found by their position', async () => {
    await houses.stop('DE')
    const said = async (): Promise<{ sound: boolean; line: string }> => {
      const lines: string[] = []
      const sound = await verify(houses.settings, { country: 'DE' }, line => lines.push(line))
      return { sound, line: lines.find(line => line.includes('access log')) ?? '' }
    }
    expect(await said()).toMatchObject({ sound: true, line: expect.stringMatching(/^DE: access log: \d+ entries, chain, readers and [1-9]\d* checkpoints hold$/) as string })
    const store = await openEmbeddedStore(storeFolder(houses.folder, 'DE'))
    const [second] = await accessLogOf(store).read({ after: 1, limit: 1 })
    const last = await accessLogOf(store).last()
    const readers = store.documents('content')
    const reader = await readers.get(second?.body.reader ?? '')
    await readers.put(second?.body.reader ?? '', { ...(reader as object), body: { subject: 'nobody', role: 'OFFICIAL' } })
    expect(await said()).toEqual({ sound: false, line: expect.stringMatching(/^DE: access log broken at position [12]: who read/) as string })
    await readers.put(second?.body.reader ?? '', reader)
    const checkpoints = store.documents<string>('access-checkpoint')
    const [signed] = await checkpoints.list({ prefix: '', limit: 1 })
    await checkpoints.put(String(last + 1).padStart(12, '0'), signed?.value ?? '')
    expect(await said()).toEqual({ sound: false, line: `DE: access log broken at position ${last + 1}: it ends here, but a checkpoint was signed at ${last + 1}` })
    await store.close()
  })
})
