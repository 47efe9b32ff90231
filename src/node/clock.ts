// The one timer of a node: asks the docket which requests have something to tell by now, appends it, sleeps until the next.
// Nothing is kept in memory but the next waking, so a restart or a slept night changes only when things are told, not whether.
import type { Logger } from 'pino'
import { hubFact } from '../domain/decide'
import { noticesDue } from '../domain/deadlines'
import type { RequestState } from '../domain/request'
import type { DocketRow, Scope, Store } from '../store/store'
import { waitOr } from '../peer/retry'
import { appendFact } from './acts'
import { unending } from './loop'
import type { Work } from './work'
import type { Writer } from './writer'

const ROWS_AT_ONCE = 200
/** New deadlines appear meanwhile; a machine's clock may jump. */
const SLEEP_AT_MOST_MS = 1_000

export interface ClockParts { store: Store; scope: Scope; writer: Writer; now: () => Date; log: Logger }

export class Clock {
  constructor(private readonly parts: ClockParts) {}

  async run(signal: AbortSignal): Promise<void> {
    await unending(() => this.#everySecond(signal), { signal, wait: waitOr, log: this.parts.log, name: 'clock' })
  }

  async #everySecond(signal: AbortSignal): Promise<void> {
    do await this.tick()
    while (await waitOr(SLEEP_AT_MOST_MS, signal))
  }

  /** Tells everything that has fallen due, in the order in which it did. */
  async tick(): Promise<void> {
    // What the writer could append but not fold when the store failed must not wait for somebody's next act.
    await this.parts.writer.current()
    for (;;) {
      const now = this.parts.now().toISOString()
      const rows = await this.parts.store.docket.find(this.parts.scope, { filter: { clockBefore: now }, order: 'CREATED', limit: ROWS_AT_ONCE })
      if (rows.length === 0) return
      await Promise.all(inOrder(rows).map(row => this.parts.writer.write(work => tell(work, row.reference))))
    }
  }
}

const inOrder = (rows: readonly DocketRow[]): DocketRow[] => [...rows].sort((one, other) => ((one.clockAt ?? '') < (other.clockAt ?? '') ? -1 : 1))

/** Appends what is due for one request as it stands at the head. */
function tell(work: Work, reference: string): void {
  const row = work.row(reference)
  if (!row || row.clockAt === null || row.clockAt > work.now) return
  const { state } = row
  if (state.deliveredAt === null) return appendFact(work, state, hubFact(state, 'OVERDUE', work.now, { obligation: 'ACKNOWLEDGE' }))
  for (const notice of noticesDue(state.deadlines, work.now)) {
    const current = work.row(reference)?.state ?? state
    if (notice.obligation === 'PRESERVE' && notice.type === 'OVERDUE' && expires(current)) return expire(work, current)
    appendFact(work, current, hubFact(current, notice.type, work.now, { obligation: notice.obligation, deadlines: notice.deadlines }))
  }
}

const expires = (state: RequestState): boolean => state.kind === 'PRESERVATION' && (state.status === 'ACCEPTED' || state.status === 'EXECUTED')

/** A preservation whose term ended. */
function expire(work: Work, state: RequestState): void {
  const deadlines = state.deadlines.map(deadline => (deadline.state === 'MET' ? deadline : { ...deadline, state: 'MET' as const, tell: [] }))
  appendFact(work, state, hubFact(state, 'EXPIRED', work.now, { to: 'EXPIRED', deadlines }))
}
