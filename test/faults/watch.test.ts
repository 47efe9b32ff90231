// `comity watch` on real processes: a pipe that a national system can be built on.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftInput } from '../support/case'
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
const cursorFile = (): string => join(trial.folder, 'watch-status-de.cursor')
const keptCursor = (): string => { try { return readFileSync(cursorFile(), 'utf8').trim() } catch { return '' } }
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
