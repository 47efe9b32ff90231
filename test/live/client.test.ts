// The line of `comity/client`, and the clients of others, against houses that restart: over real sockets, in this process.
import { createClient as createEventClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'
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

  it.each(['graphql-ws', 'graphql-sse'])('%s survives a restart of the hub and hears what happened meanwhile', async library => {
    const headers = { authorization: `Bearer ${await houses.token('DE', 'SYSTEM')}` }
    const retry = { retryAttempts: 1_000, retryWait: () => new Promise<void>(resolve => setTimeout(resolve, 100)) }
    const client = library === 'graphql-ws'
      ? createSocketClient({ url: `${houses.hub.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, shouldRetry: () => true, ...retry })
      : createEventClient({ url: `${houses.hub}/graphql/stream`, headers, ...retry })
    const after = await anna.feedCursor()
    const { heard, ends } = heardBy(sink => client.subscribe({ query: STATUS, variables: { after } }, sink as never))
    const first = await draft(anna)
    await until(() => heard, all => all.has(first), 'the first act')
    let meanwhile = ''
    await restart(async () => { meanwhile = await draft(annaAtHome) })
    const last = await draft(anna)
    await until(() => heard, all => all.has(meanwhile) && all.has(last), 'the acts since')
    expect(ends).toEqual([])
    await client.dispose()
  })
})
