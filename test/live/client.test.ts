// The line of `comity/client`, and the clients of others, against houses that restart: over real sockets, in this process.
import { createClient as createEventClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { ApolloClient, InMemoryCache } from '@apollo/client/core'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { GraphQLError, parse } from 'graphql'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { follow, type FeedEvent, type Line, type LineOptions, type LineState } from '../../src/client/client'
import { draftInput } from '../support/case'
import { eventually, type Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

const STATUS = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor to request { reference version status } } }'
interface Changed extends FeedEvent { to: string; request: { reference: string; version: number } }

let houses: RunningHouses
let anna: Desk
let annaAtHome: Desk
const lines: Line[] = []

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  anna = await houses.desk('DE', 'OFFICIAL', 'anna')
  annaAtHome = await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')
})
afterEach(() => { for (const line of lines.splice(0)) line.close() })
afterAll(() => houses.close())

interface Followed { line: Line; heard: string[]; states: LineState[] }

function followed(options: Partial<LineOptions> = {}, after: string | null = null): Followed {
  const heard: string[] = []
  const states: LineState[] = []
  const line = follow({
    url: `${houses.hub}/graphql`, authorization: () => houses.token('DE', 'SYSTEM').then(token => `Bearer ${token}`), backOff: () => 100, state: state => void states.push(state),
    feeds: [{ query: STATUS, after, next: event => void heard.push((event as Changed).request.reference) }], ...options,
  })
  lines.push(line)
  return { line, heard, states }
}

const draft = async (by: Desk): Promise<string> => (await by.act('draftRequest', draftInput())).reference
const until = <Value>(read: () => Value, holds: (value: Value) => boolean, what: string): Promise<Value> => eventually(async () => read(), holds, what)
const isLive = ({ line }: Followed): Promise<unknown> => until(() => line.state.phase, phase => phase === 'live', 'the line is live')

async function restart(between: () => Promise<void> = async () => undefined): Promise<void> {
  await houses.stop('hub')
  await between()
  await houses.start('hub')
  // The hub has said when to come again; these do not wait for it.
  for (const line of lines) line.check()
}

describe('a line of comity/client', () => {
  it('hears each act once and in order across restarts of the hub, those while it was away too', async () => {
    const desk = followed()
    await isLive(desk)
    const made = [await draft(anna), await draft(anna)]
    await restart(async () => { made.push(await draft(annaAtHome), await draft(annaAtHome)) })
    await until(() => desk.heard, heard => heard.length >= 4, 'what happened meanwhile')
    await restart()
    made.push(await draft(annaAtHome))
    await until(() => desk.heard, heard => heard.length >= made.length, 'all')
    expect(desk.heard).toEqual(made)
    expect(desk.states.filter(({ phase }) => phase === 'lost')).not.toEqual([])
  })

  it('misses nothing of what happens before its first event, cut or not', async () => {
    const desk = followed()
    await until(() => desk.line.cursors[0], cursor => cursor !== null, 'a place')
    const made = [await draft(anna)]
    await restart()
    made.push(await draft(anna))
    await until(() => desk.heard, heard => heard.length >= 2, 'both')
    expect(desk.heard).toEqual(made)
  })

  it('goes on with a new token where one ends', async () => {
    const tokens: string[] = []
    const desk = followed({ authorization: async () => {
      const token = await houses.token('DE', 'SYSTEM', 'case system', tokens.length < 2 ? 4 : 3_600)
      tokens.push(token)
      return `Bearer ${token}`
    } })
    await until(() => desk.line.cursors[0], cursor => cursor !== null, 'a place')
    const made = [await draft(anna)]
    await until(() => desk.states, states => states.some(state => state.phase === 'lost' && state.why === 'The token is not good any more'), 'the token ends')
    made.push(await draft(anna))
    await until(() => desk.heard, heard => heard.length >= 2, 'what came before and after')
    expect(desk.heard).toEqual(made)
  })

  it('pauses and goes on behind what it told', async () => {
    const desk = followed()
    await isLive(desk)
    desk.line.pause()
    const made = [await draft(anna)]
    expect(desk.heard).toEqual([])
    desk.line.open()
    await until(() => desk.heard, heard => heard.length >= 1, 'the act')
    expect(desk.heard).toEqual(made)
  })

  it('is one of many on one stream from the node, which the hub counts and leaves with the last', async () => {
    const upstreams = async (): Promise<string | undefined> => /^comity_upstreams_open (\d+)$/m.exec(await (await fetch(`${houses.hub}/metrics`)).text())?.[1]
    const desks = [followed(), followed(), followed()]
    await Promise.all(desks.map(isLive))
    expect(await upstreams()).toBe('1')
    for (const { line } of desks) line.close()
    await eventually(upstreams, count => count === '0', 'the stream is left')
  })

  it.each([
    ['whose token is refused', { authorization: () => 'Bearer nonsense' }, null, 'UNAUTHENTICATED'],
    ['that may not listen', { authorization: () => '' }, 'AAAA', 'UNAUTHENTICATED'],
    ['with a cursor that is none', {}, 'AAAA', 'CURSOR_INVALID'],
    ['that asks for what does not exist', { feeds: [{ query: 'subscription { nothing { cursor } }', after: 'AAAA', next: () => undefined }] }, null, 'GRAPHQL_VALIDATION_FAILED'],
  ])('ends one %s, with the code', async (_, options, after, code) => {
    const { line } = followed(options, after)
    const state = await until(() => line.state, ({ phase }) => phase === 'ended', 'the end')
    expect(state).toMatchObject({ phase: 'ended', code })
  })
})

describe('an event that the house cannot show', () => {
  /** A house whose third event fails whenever it is asked for. */
  async function poisoned(): Promise<{ url: string; close(): void }> {
    const schema = makeExecutableSchema({
      typeDefs: 'type Query { a: Int } type Subscription { told(after: String): Told! } type Told { cursor: String! word: String! }',
      resolvers: { Subscription: { told: { subscribe: async function* (_: unknown, { after }: { after: string | null }) {
        for (let i = Number(after ?? 0) + 1; i <= 5; i++) yield { told: { cursor: String(i), word: () => { if (i === 3) throw new GraphQLError('fault', { extensions: { code: 'INTERNAL_SERVER_ERROR' } }); return 'well' } } }
        await new Promise(() => undefined)
      } } } },
    })
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    useServer({ schema, onNext: (_, __, ___, ____, result) => (result.errors ? { ...result, extensions: { cursor: '3' } } : result) }, server)
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { for (const client of server.clients) client.terminate(); server.close() } }
  }
  const POISON = 'subscription($after: String) { told(after: $after) { cursor word } }'

  it.each([[true, ['1', '2', 'not 3', '4', '5']], [false, ['1', '2']]])('is told as one where the feed has a word for that (%s), else ends the line; never is it asked for without end', async (isTold, wanted) => {
    const house = await poisoned()
    const heard: string[] = []
    const { line, states } = followed({ url: house.url, backOff: () => 20, feeds: [{
      query: POISON, after: '0', next: ({ cursor }) => void heard.push(cursor), ...(isTold && { unshown: ({ cursor }: FeedEvent) => void heard.push(`not ${cursor}`) }),
    }] })
    await until(() => [heard, line.state.phase] as const, ([all, phase]) => all.length >= wanted.length && phase === (isTold ? 'live' : 'ended'), 'what can be shown')
    expect(heard).toEqual(wanted)
    expect(states.filter(({ phase }) => phase === 'lost')).toHaveLength(2)
    house.close()
  })
})

describe('clients of others, unmodified, with their own retry', () => {
  const heardBy = (subscribe: (sink: { next(result: { data?: unknown }): void; error(thrown: unknown): void; complete(): void }) => unknown) => {
    const heard = new Set<string>()
    const ends: unknown[] = []
    subscribe({
      next: ({ data }) => void heard.add((data as { statusChanged: Changed }).statusChanged.request.reference),
      error: thrown => void ends.push(thrown), complete: () => void ends.push('complete'),
    })
    return { heard, ends }
  }

  /** An act before the hub's restart, one meanwhile and one after it are heard, and the stream never ends. */
  async function demandNothingMissed(heard: ReadonlySet<string>, ends: readonly unknown[]): Promise<void> {
    const first = await draft(anna)
    await until(() => heard, all => all.has(first), 'the first act')
    let meanwhile = ''
    await restart(async () => { meanwhile = await draft(annaAtHome) })
    const last = await draft(anna)
    await until(() => heard, all => all.has(meanwhile) && all.has(last), 'the acts since')
    expect(ends).toEqual([])
  }

  it.each(['graphql-ws', 'graphql-sse'])('%s survives a restart of the hub and hears what happened meanwhile', async library => {
    const headers = { authorization: `Bearer ${await houses.token('DE', 'SYSTEM')}` }
    const retry = { retryAttempts: 1_000, retryWait: () => new Promise<void>(resolve => setTimeout(resolve, 100)) }
    const client = library === 'graphql-ws'
      ? createSocketClient({ url: `${houses.hub.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, shouldRetry: () => true, ...retry })
      : createEventClient({ url: `${houses.hub}/graphql/stream`, headers, ...retry })
    const after = await anna.feedCursor()
    const { heard, ends } = heardBy(sink => client.subscribe({ query: STATUS, variables: { after } }, sink as never))
    await demandNothingMissed(heard, ends)
    await client.dispose()
  })

  it('Apollo Client, with its subscription link, hears acts, survives a restart and hears what happened meanwhile', async () => {
    const headers = { authorization: `Bearer ${await houses.token('DE', 'SYSTEM')}` }
    const socket = createSocketClient({
      url: `${houses.hub.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, shouldRetry: () => true,
      retryAttempts: 1_000, retryWait: () => new Promise<void>(resolve => setTimeout(resolve, 100)),
    })
    const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() })
    const after = await anna.feedCursor()
    const { heard, ends } = heardBy(sink => client.subscribe({ query: parse(STATUS), variables: { after } }).subscribe(sink as never))
    await demandNothingMissed(heard, ends)
    client.stop()
    await socket.dispose()
  })
})

describe('Server-Sent Events', () => {
  /** What an unmodified reader of event streams gets: ids and data, until it has so many. */
  async function read(count: number, lastEventId?: string): Promise<{ id: string; reference: string }[]> {
    const over = new AbortController()
    const response = await fetch(`${houses.hub}/graphql/stream?query=${encodeURIComponent(STATUS)}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${await houses.token('DE', 'SYSTEM')}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }, signal: over.signal,
    })
    let text = ''
    const events = (): { id: string; reference: string }[] => [...text.matchAll(/^id: (\S+)\nevent: next\ndata: (.+)$/gm)]
      .map(([, id = '', data = '']) => ({ id, reference: (JSON.parse(data) as { data: { statusChanged: Changed } }).data.statusChanged.request.reference }))
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString()
      if (events().length >= count) break
    }
    over.abort()
    return events()
  }

  it('carry the cursor as their id, and Last-Event-ID resumes behind it, across a restart of the hub', async () => {
    const after = await anna.feedCursor()
    const made = [await draft(anna), await draft(anna)]
    const [first] = await read(1, after)
    expect(first?.reference).toBe(made[0])
    await restart(async () => { made.push(await draft(annaAtHome)) })
    expect((await read(2, first?.id)).map(({ reference }) => reference)).toEqual(made.slice(1))
  })
})

describe('whoever hears of an act and asks at once', () => {
  it.each(['hub', 'DE'])('never sees an older version than the event had, asked at %s', async at => {
    const asked: Promise<void>[] = []
    const older: string[] = []
    const url = at === 'hub' ? houses.hub : houses.node('DE')
    const reader = await houses.desk('DE', 'SYSTEM', 'case system', at)
    const token = await houses.token('DE', 'SYSTEM')
    const line = follow({ url: `${url}/graphql`, authorization: () => `Bearer ${token}`, feeds: [{
      query: 'subscription($after: Cursor) { requestTimeline(after: $after) { cursor version request { reference version } } }', next: event => {
        const { version, request } = event as unknown as { version: number; request: { reference: string; version: number } }
        if (request.version < version) older.push(`${request.reference} in the event`)
        asked.push(reader.read<{ request: { version: number } }>('query($r: String!) { request(reference: $r) { version } }', { r: request.reference })
          .then(({ request: now }) => { if (now.version < version) older.push(`${request.reference} ${now.version} < ${version}`) }))
      },
    }] })
    lines.push(line)
    await until(() => line.state.phase, phase => phase === 'live', 'the line is live')
    const VERSIONS = 12
    const references = await Promise.all([draft(annaAtHome), draft(annaAtHome), draft(annaAtHome)])
    await Promise.all(references.map(async reference => {
      for (let version = 1; version < VERSIONS; version++) await annaAtHome.act('amendDraft', { reference, expectedVersion: version, urgency: version % 2 ? 'PRIORITY' : 'ROUTINE' })
    }))
    await until(() => asked, all => all.length >= references.length * VERSIONS, 'each act')
    await Promise.all(asked)
    expect(older).toEqual([])
  })
})
