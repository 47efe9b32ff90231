// Lines that die without a word, and houses that go: both ends find out by themselves, and nobody else feels it.
import { once } from 'node:events'
import { request } from 'node:http'
import { WebSocket } from 'ws'
import { follow, type Line, type LineState } from '../../src/client/client'
import { draftInput } from '../support/case'
import { eventually, type Desk } from '../support/desk'
import { Trial } from '../support/trial'

const STATUS = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor request { reference } } }'
/** Two beats of 10 s are missed, the third ends it; twice that, for a machine that has much to do. */
const NOTICED_WITHIN_MS = 60_000
const DONE_WITHIN_MS = 240_000

let trial: Trial
let anna: Desk
const lines: Line[] = []

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  await trial.startAll()
  anna = await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })
})
afterAll(async () => {
  for (const line of lines) line.close()
  await trial.remove()
})

const draft = async (): Promise<string> => (await anna.act('draftRequest', draftInput())).reference

async function socketAt(url: string, autoPong: boolean): Promise<{ socket: WebSocket; closed: Promise<{ code: number; reason: string }> }> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { autoPong })
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${await trial.token('DE', 'SYSTEM')}` } }))
  await once(socket, 'message')
  return { socket, closed }
}

describe('a line that is dead', () => {
  it('is cut by the hub where the desk never answers a beat, while its neighbour stays', async () => {
    const url = trial.urlOf('hub')
    const [silent, neighbour] = await Promise.all([socketAt(url, false), socketAt(url, true)])
    expect((await silent.closed).code).toBe(1006)
    expect(neighbour.socket.readyState).toBe(WebSocket.OPEN)
    neighbour.socket.terminate()
  }, DONE_WITHIN_MS)

  it('is left by the desk where the hub stands still, and goes on where nothing is missing once it moves', async () => {
    const heard: string[] = []
    const states: LineState[] = []
    const line = follow({
      url: trial.urlOf('hub'), authorization: async () => `Bearer ${await trial.token('DE', 'SYSTEM')}`, state: state => void states.push(state),
      feeds: [{ query: STATUS, next: event => void heard.push((event as unknown as { request: { reference: string } }).request.reference) }],
    })
    lines.push(line)
    await eventually(async () => line.state.phase, phase => phase === 'live', 'the line is live', NOTICED_WITHIN_MS)
    trial.house('hub').freeze()
    try {
      const made = [await draft()]
      await eventually(async () => states.map(({ phase }) => phase), phases => phases.includes('lost'), 'the desk says that the line is lost', NOTICED_WITHIN_MS)
      trial.house('hub').thaw()
      made.push(await draft())
      await eventually(async () => heard, all => all.length >= made.length, 'all that happened', NOTICED_WITHIN_MS)
      expect(heard).toEqual(made)
    } finally { trial.house('hub').thaw() }
  }, DONE_WITHIN_MS)
})

describe('a hub that is told to stop', () => {
  it('closes each socket with 1012 and a time of its own to come again, breaks SSE off without an end, and exits 0', async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => socketAt(trial.urlOf('hub'), true)))
    const said = eventStream(`${trial.urlOf('hub')}/stream`, await trial.token('DE', 'SYSTEM'))
    await said.begun
    const ended = trial.house('hub').stop()
    const closes = await Promise.all(sockets.map(({ closed }) => closed))
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]))
    expect(new Set(closes.map(({ reason }) => /come again in (\d+) ms/.exec(reason)?.[1])).size).toBeGreaterThan(10)
    expect(await said.over).not.toMatch(/event:/)
    expect(await ended).toBe(0)
  }, DONE_WITHIN_MS)
})

/** What an open stream says, until it is over, however that comes. */
function eventStream(url: string, token: string): { begun: Promise<void>; over: Promise<string> } {
  let text = ''
  let begin: () => void = () => undefined
  const begun = new Promise<void>(resolve => { begin = resolve })
  const over = new Promise<string>(resolve => {
    const asking = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } }, response => {
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; begin() }).on('error', () => undefined).on('close', () => resolve(text))
    })
    asking.on('error', () => resolve(text)).end(JSON.stringify({ query: STATUS }))
  })
  return { begun, over }
}
