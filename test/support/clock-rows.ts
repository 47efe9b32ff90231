// Docket rows with one running clock each, a second behind the one before: what a node's timer finds after a night.
import { nextClock } from '../../src/domain/clock-notices'
import { evolve } from '../../src/domain/evolve'
import type { Deadline, Fact, RequestState } from '../../src/domain/request'
import { rowOf } from '../../src/node/fold'
import type { DocketRow } from '../../src/store/store'
import { DE, FR } from './docket-rows'

const SECOND = 1_000
export const START = Date.UTC(2026, 0, 1)
/** When the clock of the row ends. */
export const endOf = (i: number): number => START + (3_600 + i) * SECOND

const instant = (ms: number): string => new Date(ms).toISOString()

/** A request that FR decides, whose one clock ends a second behind that of the row before. */
export function rowWithClock(i: number): DocketRow {
  const due = endOf(i)
  const deadline: Deadline = {
    obligation: 'DECIDE', of: 'REQUESTED', dueAt: instant(due), state: 'RUNNING', source: 'synthetic', pausedSince: null, unit: 'HOURS',
    tell: [{ type: 'OVERDUE', at: instant(due) }, { type: 'ESCALATED', at: instant(due + 10_000_000 * SECOND) }],
  }
  const fact: Fact = {
    reference: `DE-2026-${String(i + 1).padStart(6, '0')}`, type: 'ACT', act: 'SUBMIT', by: 'REQUESTING', at: instant(START), from: 'VALIDATED', to: 'SUBMITTED', version: 3, contents: {}, prev: null,
    index: { kind: 'EVIDENCE', matter: 'CRIMINAL', urgency: 'ROUTINE', measures: ['DOCUMENTS'], requesting: DE, requested: FR }, createdAt: instant(START),
  }
  const state: RequestState = { ...evolve(null, { fact, digest: 'a'.repeat(64), said: null, actor: '' }), status: 'ASSESSMENT', deliveredAt: instant(START), deadlines: [deadline] }
  if (nextClock(state.deadlines) === null) throw new TypeError('a clock that never tells')
  return rowOf(state, 0, FR)
}
