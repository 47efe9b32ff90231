// A desk that is cut at random under a stream of acts hears exactly what happened, in order: over both transports in turn, while the hub
// and its node are killed and started again, and with one cursor across two processes of the hub.
import { setTimeout as pause } from 'node:timers/promises'
import { chanceOf, type Chance } from '../live/ledger'
import { draftInput } from '../support/case'
import { type Desk, type Over } from '../support/desk'
import { describeWithMongo, ownMongo, ownMongoAvailable, type MongoServer } from '../support/mongo-server'
import { freePorts } from '../support/ports'
import { Trial, type HouseProcess } from '../support/trial'

interface Changed { cursor: string; request: { reference: string } }

const STATUS = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor to request { reference } } }'
const BETWEEN_ACTS_MS = 30
const AGAIN_MS = 100
const LISTENS_AT_MOST_MS = 400
const DONE_WITHIN_MS = 400_000

/** Drafts one after the other until told to stop; what got no answer is sent again under its key. */
async function actAlways(desk: Desk, made: string[], over: AbortSignal): Promise<void> {
  for (let input = draftInput(); !over.aborted; input = draftInput()) {
    for (let reference: string | null = null; reference === null;) {
      reference = await desk.act('draftRequest', input).then(acted => acted.reference, () => null)
      if (reference === null) await pause(AGAIN_MS)
      else made.push(reference)
    }
    await pause(BETWEEN_ACTS_MS)
  }
}

class Reader {
  readonly heard: string[] = []
  #turns = 0

  constructor(private readonly desks: readonly Desk[], public cursor: string, private readonly chance: Chance) {}

  /** Listens for a moment, at another hub process and over the other transport than before, and is cut. */
  async listen(enough: () => boolean = () => false): Promise<void> {
    const desk = this.desks[this.#turns % this.desks.length] as Desk
    const over: Over = Math.floor(this.#turns++ / this.desks.length) % 2 === 0 ? 'WebSocket' : 'SSE'
    const feed = await desk.listen<Changed>(STATUS, { over, after: this.cursor })
    const wanted = 1 + Math.floor(this.chance() * 6)
    const until = Date.now() + LISTENS_AT_MOST_MS
    let isOver = false
    void feed.ended.then(() => { isOver = true })
    while (!isOver && feed.events.length < wanted && Date.now() < until && !enough()) await pause(5)
    feed.close()
    this.heard.push(...feed.events.map(event => event.request.reference))
    this.cursor = feed.cursor ?? this.cursor
    expect(feed.errors).toEqual([])
    if (isOver) await pause(AGAIN_MS)
  }
}

async function hearsAll({ actor, desks, cuts, disturb }: { actor: Desk; desks: readonly Desk[]; cuts: number; disturb: Record<number, () => Promise<unknown>> }): Promise<void> {
  const seed = Date.now()
  const made: string[] = []
  const over = new AbortController()
  const reader = new Reader(desks, await actor.feedCursor(), chanceOf(seed))
  const acting = actAlways(actor, made, over.signal)
  const disturbed: Promise<unknown>[] = []
  for (let cut = 0; cut < cuts; cut++) {
    const next = disturb[cut]
    if (next) {
      await Promise.all(disturbed)
      disturbed.push(next())
    }
    await reader.listen()
  }
  over.abort()
  await Promise.all([acting, ...disturbed])
  for (const until = Date.now() + 60_000; reader.heard.length < made.length && Date.now() < until;) await reader.listen(() => reader.heard.length >= made.length)
  await reader.listen()
  expect({ seed, heard: reader.heard }).toEqual({ seed, heard: made })
}

describe('a desk cut 300 times under a stream of acts', () => {
  let trial: Trial
  beforeAll(async () => {
    trial = await Trial.make({ authorities: ['DE', 'FR'] })
    await trial.startAll()
  })
  afterAll(() => trial.remove())

  it('hears each act once and in order, while the hub and its node are killed and come back', async () => {
    const killed = (name: string) => async (): Promise<void> => {
      await trial.house(name).kill()
      await trial.start(name)
    }
    await hearsAll({
      actor: await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' }), desks: [await trial.desk('DE', 'SYSTEM', 'case system')], cuts: 300,
      disturb: { 40: killed('hub'), 100: killed('DE'), 160: killed('hub'), 220: killed('DE'), 260: killed('hub') },
    })
  }, DONE_WITHIN_MS)
})

describeWithMongo('a desk at two processes of one hub', () => {
  let server: MongoServer
  let trial: Trial
  beforeAll(async () => {
    server = await ownMongo()
    trial = await Trial.make({ authorities: ['DE', 'FR'], mongodb: server.uri })
    await trial.startAll()
  })
  afterAll(async () => {
    await trial.remove()
    await server.remove()
  })

  it('goes on at the one with the cursor of the other, while one of them is killed and comes back', async () => {
    const first = trial.house('hub')
    const port = await freePorts(1)
    const startSecond = (): Promise<HouseProcess> => trial.start('hub', { args: ['--port', String(port)] })
    let second = await startSecond()
    await hearsAll({
      actor: await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' }), cuts: 100,
      desks: [await trial.desk('DE', 'SYSTEM', 'case system', { at: first.url }), await trial.desk('DE', 'SYSTEM', 'case system', { at: second.url })],
      disturb: { 30: async () => { await second.kill(); second = await startSecond() }, 65: async () => { await first.kill(); await trial.start('hub') } },
    })
  }, DONE_WITHIN_MS)
}, ownMongoAvailable)
