// A reader for whom more waits than a house keeps (reliability-security.md §3, row 21) is cut off, and comes again without having missed anything: a
// socket is told its last cursor with the code 4008, a stream of events has it as its last id. At hub and node alike.
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { draftInput } from '../support/case'
import { eventually, type Desk, type Over } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

interface Changed { cursor: string; request: { reference: string } }

const PROSE = 'x'.repeat(20_000)
/** An event of more than half a megabyte. */
const LARGE = `subscription($after: Cursor) { statusChanged(after: $after) { cursor request { reference ${Array.from({ length: 10 }, (_, i) => `d${i}: dossier { facts purpose nexus }`).join(' ')} } } }`
const SMALL = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor request { reference } } }'
const PARTNERS = 'subscription { partnerChanged { partner { authority { code } } } }'
const QUIET = 'subscription { statusChanged(filter: { statuses: [CLOSED] }) { cursor } }'
const PLACES = ['hub', 'node'] as const

let houses: RunningHouses
let anna: Desk
let token: string
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  anna = await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')
  token = await houses.token('DE', 'OFFICIAL', 'anna')
})
afterAll(() => houses.close())
afterEach(() => jest.restoreAllMocks())

const baseOf = (place: (typeof PLACES)[number]): string => (place === 'hub' ? houses.hub : houses.node('DE'))
const draft = async (): Promise<string> => (await anna.act('draftRequest', draftInput({}, { facts: PROSE, purpose: PROSE, nexus: PROSE }))).reference
const referencesOf = (events: readonly Changed[]): string[] => events.map(event => event.request.reference)

/** Drafts until the house has cut the reader off, and once more. */
async function draftUntil(isCut: () => Promise<boolean>): Promise<string[]> {
  const made: string[] = []
  do made.push(await draft())
  while (!(await isCut()))
  return [...made, await draft()]
}

/** Who goes on behind the cursor, over either transport, hears the rest. */
async function demandRest(desk: Desk, after: string, rest: readonly string[]): Promise<void> {
  expect(rest.length).toBeGreaterThan(0)
  for (const over of ['WebSocket', 'SSE'] satisfies Over[]) {
    const feed = await desk.listen<Changed>(SMALL, { over, after })
    expect(referencesOf(await feed.until(events => events.length >= rest.length))).toEqual(rest)
    feed.close()
  }
}

interface Message { type: string; id?: string; payload?: { data: { statusChanged: Changed } } }

/** A socket with operations by id, of which `feed` is heard live. */
async function socketAt(base: string, operations: Record<string, string>): Promise<{ socket: WebSocket; heard: Changed[]; ids: Set<string>; first: string; closed: Promise<{ code: number; reason: string }> }> {
  const after = await anna.feedCursor()
  const [heard, ids]: [Changed[], Set<string>] = [[], new Set()]
  const socket = new WebSocket(`${base.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message')
  socket.on('message', (frame: Buffer) => {
    const { type, id, payload } = JSON.parse(frame.toString()) as Message
    if (type !== 'next' || id === undefined || !payload) return
    ids.add(id)
    if (id === 'feed') heard.push(payload.data.statusChanged)
  })
  for (const [id, query] of Object.entries({ feed: LARGE, ...operations })) socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { after } } }))
  const first = await draft()
  await eventually(async () => heard.length, count => count > 0, 'the feed is live')
  return { socket, heard, ids, first, closed }
}

/** Whether the house has said 4008 on a socket, heard or not. */
function closings(): () => Promise<boolean> {
  const close = jest.spyOn(WebSocket.prototype, 'close')
  return async () => close.mock.calls.some(([code]) => code === 4008)
}

describe.each(PLACES)('at the %s', place => {
  it('a socket hears what waited for it, then 4008 with the last cursor, whatever runs beside that has no cursors', async () => {
    const { socket, heard, ids, first, closed } = await socketAt(baseOf(place), { partners: PARTNERS })
    await eventually(async () => ids, all => all.has('partners'), 'how partners stand')
    socket.pause()
    const made = [first, ...(await draftUntil(closings()))]
    socket.resume()
    const { code, reason } = await closed
    expect(code).toBe(4008)
    expect(reason).toBe(heard.at(-1)?.cursor)
    expect(referencesOf(heard)).toEqual(made.slice(0, heard.length))
    await demandRest(await houses.desk('DE', 'OFFICIAL', 'anna', place === 'hub' ? 'hub' : 'DE'), reason, made.slice(heard.length))
  })

  it('a socket is told no cursor where one of its operations has heard nothing yet', async () => {
    const { socket, closed } = await socketAt(baseOf(place), { quiet: QUIET })
    socket.pause()
    await draftUntil(closings())
    socket.resume()
    expect(await closed).toEqual({ code: 4008, reason: '' })
  })

  it('a stream of events breaks off without an end, behind the id with which it is resumed', async () => {
    const { response, text } = await streamAt(baseOf(place), LARGE, { after: await anna.feedCursor() })
    const first = await draft()
    await eventually(async () => eventsIn(text()), events => events.length > 0, 'the feed is live')
    response.pause()
    const closed = new Promise(resolve => response.once('close', resolve))
    const made = [first, ...(await draftUntil(async () => (await streamsOpen(place)) === 0))]
    response.resume()
    await closed
    const events = eventsIn(text())
    expect(text()).not.toContain('event: complete')
    expect(events.map(({ id }) => id)).toEqual(events.map(({ changed }) => changed.cursor))
    expect(referencesOf(events.map(({ changed }) => changed))).toEqual(made.slice(0, events.length))
    const again = await streamAt(baseOf(place), SMALL, {}, events.at(-1)?.id)
    const rest = made.slice(events.length)
    await eventually(async () => eventsIn(again.text()), all => all.length >= rest.length, 'the rest')
    expect(referencesOf(eventsIn(again.text()).map(({ changed }) => changed))).toEqual(rest)
    again.response.destroy()
  })

  it('a stream that begins with how things stand gives no ids', async () => {
    const { response, text } = await streamAt(baseOf(place), PARTNERS, {})
    await eventually(async () => text(), said => said.includes('event: next'), 'how a partner stands')
    expect(text()).not.toMatch(/^id:/m)
    response.destroy()
  })
})

async function streamAt(base: string, query: string, variables: object, lastEventId?: string): Promise<{ response: IncomingMessage; text: () => string }> {
  const asking = request(`${base}/graphql/stream`, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) } })
  asking.on('error', () => undefined).end(JSON.stringify({ query, variables }))
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('error', () => undefined)
  return { response, text: () => text }
}

/** Whole ones: what broke off is none. */
const eventsIn = (text: string): { id: string; changed: Changed }[] =>
  [...text.matchAll(/^id: (\S+)\nevent: next\ndata: (.+)\n\n/gm)].map(([, id = '', data = '']) => ({ id, changed: (JSON.parse(data) as { data: { statusChanged: Changed } }).data.statusChanged }))

const streamsOpen = async (place: (typeof PLACES)[number]): Promise<number> =>
  Number(/^comity_event_streams_open (\d+)$/m.exec(await (await fetch(`${baseOf(place)}/metrics`)).text())?.[1])
