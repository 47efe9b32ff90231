// The one timer of a node: asks the docket which requests have something to tell by now, appends it, sleeps until the next.
// Nothing is kept in memory but the next waking, so a restart or a slept night changes only when things are told, not whether.
import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { noticesDue } from '../domain/clock-notices'
import { hubFact } from '../domain/decide'
import type { RequestState } from '../domain/request'
import type { DocketRow, DueQuery, Scope, Store } from '../store/store'
import { waitOr } from '../peer/retry'
import type { NodeLaw } from './acts'
import { appendFact, noteFact } from './append'
import { addressee } from './ladder'
import { unending } from './loop'
import { keepIfFollowedUp } from './relations'
import type { Work } from './work'
import type { Writer } from './writer'

const ROWS_AT_ONCE = 200
/** Told in one decision; an act of a desk waits for no more than one. */
const TOLD_AT_ONCE = 32
/** New deadlines appear meanwhile; a machine's clock may jump. */
const SLEEP_AT_MOST_MS = 1_000

export interface ClockParts { store: Store; scope: Scope; writer: Writer; law: NodeLaw; now: () => Date; log: Logger }

export class Clock {
  constructor(private readonly parts: ClockParts) {}

  async run(signal: AbortSignal): Promise<void> {
    await unending(() => this.#everySecond(signal), { signal, wait: waitOr, log: this.parts.log, name: 'clock' })
  }

  async #everySecond(signal: AbortSignal): Promise<void> {
    do await this.tick()
    while (await waitOr(SLEEP_AT_MOST_MS, signal))
  }

  /** Tells everything that has fallen due, of all requests together in the order in which it did. */
  async tick(): Promise<void> {
    // What the writer could append but not fold when the store failed must not wait for somebody's next act.
    await this.parts.writer.current()
    for (;;) {
      const calls = await this.#calls(this.parts.now().toISOString())
      if (calls.length === 0) return
      for (let start = 0; start < calls.length; start += TOLD_AT_ONCE) {
        const several = calls.slice(start, start + TOLD_AT_ONCE)
        await this.parts.writer.write(work => {
          work.loadRows(several.map(({ reference }) => reference))
          for (const { reference, at } of several) tell(work, this.parts.law, reference, at)
        })
      }
    }
  }

  /** Each notice of each request by when it fell due. */
  async #calls(now: string): Promise<Call[]> {
    const calls: Call[] = []
    for (let after: DueQuery['after']; ;) {
      const rows = await this.parts.store.docket.due(this.parts.scope, { at: now, limit: ROWS_AT_ONCE, ...(after && { after }) })
      calls.push(...rows.flatMap(row => callsOf(row, now)))
      const last = rows.at(-1)
      if (!last || rows.length < ROWS_AT_ONCE) return calls.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
      after = { clockAt: last.clockAt ?? now, reference: last.reference }
      // What a slept night left may be much: desks get their turn meanwhile.
      await turn()
    }
  }
}

interface Call { reference: string; at: string }

function callsOf({ reference, clockAt, state }: DocketRow, now: string): Call[] {
  const notices = state.deliveredAt === null ? [] : noticesDue(state.deadlines, now)
  return notices.length > 0 ? notices.map(({ at }) => ({ reference, at })) : [{ reference, at: clockAt ?? now }]
}

/** Appends what fell due of one request by `upTo`, as it stands at the head. */
function tell(work: Work, law: NodeLaw, reference: string, upTo: string): void {
  const row = work.row(reference)
  if (!row || row.clockAt === null || row.clockAt > work.now) return
  const { state } = row
  if (state.deliveredAt === null) return noteFact(work, state, hubFact(state, 'OVERDUE', work.now, { obligation: 'ACKNOWLEDGE' }))
  for (const notice of noticesDue(state.deadlines, work.now).filter(({ at }) => at <= upTo)) {
    const current = work.row(reference)?.state ?? state
    if (notice.obligation === 'PRESERVE' && notice.type === 'OVERDUE' && expires(current)) return keepIfFollowedUp(work, law, reference) ? undefined : expire(work, current)
    const desk = addressee(work, law, current, notice.type, notice.deadline)
    appendFact(work, current, hubFact(current, notice.type, work.now, { obligation: notice.obligation, deadlines: notice.deadlines, ...(desk && { addressee: desk }) }))
  }
}

const expires = (state: RequestState): boolean => state.kind === 'PRESERVATION' && (state.status === 'ACCEPTED' || state.status === 'EXECUTED')

/** A preservation whose term ended. */
function expire(work: Work, state: RequestState): void {
  const deadlines = state.deadlines.map(deadline => (deadline.state === 'MET' ? deadline : { ...deadline, state: 'MET' as const, tell: [] }))
  appendFact(work, state, hubFact(state, 'EXPIRED', work.now, { to: 'EXPIRED', deadlines }))
}
