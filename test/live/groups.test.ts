// Desks that ask alike are one to a house: what an event says beyond its line is read once for all of them, and it is formatted and written as bytes
// once, whatever each of them filters and over whichever transport it listens. At hub and node alike.
import { ServerResponse } from 'node:http'
import { Engine } from '../../src/door/engine'
import * as frames from '../../src/door/frames'
import { HousePeer } from '../../src/peer/client'
import { draftInput } from '../support/case'
import { ReadCounts } from '../support/counted-store'
import type { Desk, Feed, Over } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

jest.mock('../../src/door/frames', () => {
  const whole = jest.requireActual<typeof frames>('../../src/door/frames')
  return { ...whole, writeText: jest.fn(whole.writeText) }
})

interface Changed { cursor: string; request: { reference: string } }

const PLACES = ['hub', 'DE'] as const
/** What each group asks for. */
const SELECTIONS = ['reference status', 'reference version', 'reference urgency kind'] as const
/** All let the act through; whoever filters is in no group of its own for that. */
const FILTERS: readonly object[] = [{}, { partners: ['FR'] }, { kinds: ['EVIDENCE'] }]
const TRANSPORTS: readonly Over[] = ['WebSocket', 'SSE']
/** An act looks for its request by itself. */
const ACT_READS = 1

let houses: RunningHouses
let anna: Desk
const counts = new ReadCounts()
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], store: counts.open })
  anna = await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')
})
afterAll(() => houses.close())
afterEach(() => jest.restoreAllMocks())

/** What one event costs the houses. */
interface Cost { desks: number; /** At the node's store. */ rows: number; /** By the hub at the node. */ reads: number; formatted: number; frames: number; events: number }

/** Desks of some groups, `times` of each kind, hear one act. */
async function costOf(place: (typeof PLACES)[number], groups: number, times: number): Promise<Cost> {
  const desk = await houses.desk('DE', 'SYSTEM', 'case system', place)
  const after = await anna.feedCursor()
  const opened: Promise<Feed<Changed>>[] = []
  for (const selection of SELECTIONS.slice(0, groups)) {
    for (const filter of FILTERS) for (const over of TRANSPORTS) for (let i = 0; i < times; i++) {
      opened.push(desk.listen<Changed>(`subscription($after: Cursor, $filter: RequestFilter) { statusChanged(after: $after, filter: $filter) { cursor request { ${selection} } } }`, { over, after, variables: { filter } }))
    }
  }
  const feeds = await Promise.all(opened)
  // Live, all of them: what comes from the past is read by each in its own time.
  await anna.act('draftRequest', draftInput())
  await heardBy(feeds, 1)
  const [read, formatted, write] = [jest.spyOn(HousePeer.prototype, 'read'), jest.spyOn(Engine.prototype, 'formatted'), jest.spyOn(ServerResponse.prototype, 'write')]
  const writeText = jest.mocked(frames.writeText).mockClear()
  counts.take()
  const { reference } = await anna.act('draftRequest', draftInput())
  await heardBy(feeds, 2)
  for (const feed of feeds) expect(feed.events[1]?.request.reference).toBe(reference)
  const { 'DE docket.get': rows = 0, 'DE docket.getMany': pages = 0 } = counts.take()
  const said = write.mock.calls.map(([chunk]) => chunk as unknown).filter(chunk => Buffer.isBuffer(chunk) && chunk.includes('event: next'))
  const cost: Cost = {
    desks: feeds.length,
    rows: rows + pages - ACT_READS, reads: read.mock.calls.length,
    formatted: formatted.mock.calls.filter(([{ data }]) => data && 'statusChanged' in data).length,
    frames: new Set(writeText.mock.calls.map(([, , shared]) => shared)).size, events: new Set(said).size,
  }
  for (const feed of feeds) feed.close()
  return cost
}

const heardBy = async (feeds: readonly Feed<Changed>[], count: number): Promise<void> => { for (const feed of feeds) await feed.until(events => events.length >= count) }

describe.each(PLACES)('at %s', place => {
  it.each([[1, 1], [1, 5], [3, 1], [3, 5]])('what an event says beyond its line is read, formatted and encoded once for each of %i groups, with %i desks of each filter and transport', async (groups, times) => {
    expect(await costOf(place, groups, times)).toEqual({ desks: groups * times * FILTERS.length * TRANSPORTS.length, rows: groups, reads: place === 'hub' ? groups : 0, formatted: groups, frames: groups, events: groups })
  })
})
