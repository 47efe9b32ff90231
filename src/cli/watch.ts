// A feed on a pipe: one JSON line an event on stdout, the cursor in a file once the line is written, reconnecting by itself. A national
// system can be built on it. What was written and not yet noted when the machine stops comes again: its cursor and version tell.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { follow, type FeedEvent, type Line, type LineState } from '../client/client'
import { Unavailable } from './settings'

const REQUEST = 'request { reference version kind urgency status requesting { code } requested { code } }'

export const WATCHED = {
  urgent: `subscription WatchUrgent($after: Cursor) { urgentRequests(after: $after) { cursor cause at respondBy ${REQUEST} } }`,
  status: `subscription WatchStatus($after: Cursor) { statusChanged(after: $after) { cursor at by from to version ${REQUEST} } }`,
} as const
export type Watched = keyof typeof WATCHED

export interface Watch {
  feed: Watched
  url: string
  authorization(): Promise<string>
  cursorFile: string
  /** Resolves when the line has left. */
  print(text: string): Promise<void>
  log(said: object): void
}

/** Lines that may wait for whoever reads the pipe; then the feed is left, and resumed once they have gone. */
const WAITING_AT_MOST = 1_000

/** Runs until it is closed; `ended` rejects where the feed cannot go on. */
export function watch({ feed, url, authorization, cursorFile, print, log }: Watch): { close(): void; ended: Promise<never> } {
  const waiting: FeedEvent[] = []
  let isPrinting = false
  let isPaused = false
  let fail: (thrown: unknown) => void = () => undefined
  const ended = new Promise<never>((_, reject) => { fail = reject })
  let line: Line | null = null

  async function printAll(): Promise<void> {
    if (isPrinting) return
    isPrinting = true
    for (let batch = waiting.splice(0); batch.length > 0; batch = waiting.splice(0)) {
      await print(batch.map(event => `${JSON.stringify(event)}\n`).join(''))
      keep(cursorFile, batch.at(-1)?.cursor ?? '')
    }
    isPrinting = false
    if (isPaused) line?.open()
    isPaused = false
  }

  function take(event: FeedEvent): void {
    waiting.push(event)
    if (waiting.length >= WAITING_AT_MOST && !isPaused) {
      isPaused = true
      queueMicrotask(() => line?.pause())
    }
    printAll().catch(fail)
  }

  /** Said aloud, and on the pipe in its place: nothing is skipped in silence. */
  function pass(event: FeedEvent, why: string): void {
    log({ msg: 'an event cannot be shown', cursor: event.cursor, why })
    take({ ...event, unshown: why } as FeedEvent)
  }

  function say(state: LineState): void {
    if (state.phase === 'catching-up' && state.events === 0 && kept(cursorFile) === null) keep(cursorFile, line?.cursors[0] ?? '')
    if (state.phase === 'lost') log({ msg: 'line lost', why: state.why, againAt: new Date(state.retryAt).toISOString() })
    if (state.phase === 'live') log({ msg: 'live' })
    if (state.phase === 'ended') fail(new Unavailable(`${state.why} (${state.code})${state.code.startsWith('CURSOR_') ? ` Read the list of requests anew, then remove ${cursorFile} and start again.` : ''}`))
  }

  line = follow({ url, authorization, feeds: [{ query: WATCHED[feed], after: kept(cursorFile), next: take, unshown: pass }], state: say })
  return { close: () => line?.close(), ended }
}

function kept(path: string): string | null {
  try { return readFileSync(path, 'utf8').trim() || null } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Unavailable(`${path} cannot be read: ${(thrown as Error).message}`)
  }
}

/** In place whole: a file that is half written would be no cursor. */
function keep(path: string, cursor: string): void {
  if (cursor === '') return
  mkdirSync(dirname(resolve(path)), { recursive: true })
  writeFileSync(`${path}.new`, `${cursor}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
