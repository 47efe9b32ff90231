// `comity watch` on real processes: a pipe that a national system can be built on.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftInput, sent, STEPS } from '../support/case'
import { preservation } from '../support/case-words'
import { eventually, type Desk } from '../support/desk'
import type { Child } from '../support/children'
import { comity, launch, Trial } from '../support/trial'

interface Line { cursor: string; to: string; request: { reference: string } }

let trial: Trial
let anna: Desk

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  await trial.startAll()
  anna = await trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })
})
afterAll(() => trial.remove())

const watch = (feed: string, country: string): Child => launch(['watch', feed, '--authority', country, '--data', trial.folder])
const heardBy = ({ lines }: Child): string[] => lines.map(line => (JSON.parse(line) as Line).request.reference)
const cursorFile = (feed = 'status', country = 'de'): string => join(trial.folder, `watch-${feed}-${country}.cursor`)
const keptCursor = (file = cursorFile()): string => { try { return readFileSync(file, 'utf8').trim() } catch { return '' } }
const draft = async (): Promise<string> => (await anna.act('draftRequest', draftInput())).reference
const eventuallyHeard = (child: Child, reference: string): Promise<unknown> => eventually(async () => heardBy(child), heard => heard.includes(reference), `${reference} is on the pipe; ${child.said()}`, 40_000)

describe('comity watch status', () => {
  it('prints each event once across kill -9 of the hub and of itself, and keeps its cursor', async () => {
    const first = watch('status', 'DE')
    await eventually(async () => keptCursor(), cursor => cursor !== '', 'a cursor of the beginning', 40_000)
    const made = [await draft()]
    await eventuallyHeard(first, made[0] ?? '')
    await trial.house('hub').kill()
    made.push(await draft())
    await trial.start('hub')
    await eventuallyHeard(first, made[1] ?? '')
    await eventually(async () => keptCursor(), cursor => cursor === (JSON.parse(first.lines.at(-1) ?? '{}') as Line).cursor, 'the last cursor is kept')
    await first.end('SIGKILL')
    made.push(await draft())
    const second = watch('status', 'DE')
    await eventuallyHeard(second, made[2] ?? '')
    expect([...heardBy(first), ...heardBy(second)]).toEqual(made)
    expect(await second.end('SIGTERM')).toBe(0)
  })

  it('ends with 1 where the kept cursor is none, and says what to do; with 2 without an authority', async () => {
    writeFileSync(cursorFile(), 'AAAA\n')
    const { code, stderr, stdout } = await comity(['watch', 'status', '--authority', 'DE', '--data', trial.folder])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/CURSOR_INVALID.*watch-status-de\.cursor/)
    expect((await comity(['watch', 'urgent', '--data', trial.folder])).code).toBe(2)
  })
})

describe('comity watch urgent', () => {
  interface Notice { cursor: string; cause: string; at: string; respondBy: string | null; request: { reference: string; urgency: string } }
  const noticesOf = ({ lines }: Child): Notice[] => lines.map(line => JSON.parse(line) as Notice)
  const causesOf = (child: Child): string[] => noticesOf(child).map(({ cause }) => cause)
  const eventuallyTold = (child: Child, cause: string): Promise<unknown> => eventually(async () => causesOf(child), causes => causes.includes(cause), `${cause} is on the pipe; ${child.said()}`, 40_000)

  it('prints each notice of a desk as one line, comes back by itself after kill -9 of the hub, and goes on behind its cursor', async () => {
    const file = cursorFile('urgent', 'fr')
    const [vera, luc, nuit] = await Promise.all([trial.desk('DE', 'VALIDATOR', 'vera', { at: 'DE' }), trial.desk('FR', 'OFFICIAL', 'luc', { at: 'FR' }), trial.desk('FR', 'LIAISON', 'nuit', { at: 'FR' })])
    const first = watch('urgent', 'FR')
    await eventually(async () => keptCursor(file), cursor => cursor !== '', 'a cursor of the beginning', 40_000)
    const { reference } = await sent({ drafter: anna, validator: vera, receiver: luc }, preservation('watched'))
    await eventuallyTold(first, 'RECEIVED')
    await draft()
    await trial.house('hub').kill()
    await nuit.actOnceOffered('ACKNOWLEDGE', 'acknowledgeRequest', reference, STEPS.ACKNOWLEDGE.words)
    await trial.start('hub')
    await eventuallyTold(first, 'ACKNOWLEDGED')
    await eventually(async () => keptCursor(file), cursor => cursor === noticesOf(first).at(-1)?.cursor, 'the last cursor is kept')
    await first.end('SIGKILL')
    await luc.actOnceOffered('CHANGE_URGENCY', 'changeUrgency', reference, STEPS.CHANGE_URGENCY.words)
    const second = watch('urgent', 'FR')
    await eventuallyTold(second, 'LOWERED')
    expect([first, second].map(causesOf)).toEqual([['RECEIVED', 'ACKNOWLEDGED'], ['LOWERED']])
    for (const notice of [first, second].flatMap(noticesOf)) expect(notice).toMatchObject({ cursor: expect.any(String), at: expect.any(String), request: { reference } })
    expect(await second.end('SIGTERM')).toBe(0)
  })
})
