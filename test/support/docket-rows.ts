// Docket rows for tests of stores: complete states with a few fields that a test cares about.
import { positionOf, type DocketRow } from '../../src/store/store'
import type { RequestState } from '../../src/domain/request'
import type { Overlay, RequestKind, RequestOrder, RequestStatus, Urgency } from '../../src/domain/vocabulary'

export interface RowSketch {
  reference: string; seq?: number
  requesting?: string; requested?: string; readers?: string[]; decider?: string
  kind?: RequestKind; status?: RequestStatus; urgency?: Urgency; open?: boolean
  overlays?: Overlay[]
  dueAt?: string | null; clockAt?: string | null; updatedAt?: string; createdAt?: string
  /** Told apart by tests that write one row twice. */
  requestingReference?: string
}

export const DE = 'authority:DE'
export const FR = 'authority:FR'
export const BR = 'authority:BR'

export const instant = (minute: number): string => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()

export function rowOf(sketch: RowSketch): DocketRow {
  const { reference, seq = 1, requesting = DE, requested = FR, open = true, dueAt = null, clockAt = null, updatedAt = instant(0), createdAt = instant(0) } = sketch
  const { readers = [requesting, requested], decider = requested } = sketch
  return { reference, seq, state: stateOf(sketch), parties: [requesting, requested], readers, decider, open, dueAt, clockAt, updatedAt, createdAt }
}

function stateOf({ reference, requesting = DE, requested = FR, kind = 'EVIDENCE', status = 'DELIVERED', urgency = 'ROUTINE', requestingReference = '12 Js 34/26', overlays = [] }: RowSketch): RequestState {
  const state: Partial<RequestState> = {
    kind, matter: 'CRIMINAL', urgency, measures: ['DOCUMENTS'], requesting, requested, reference, version: 4, status, statusSince: 4, resumeTo: null,
    decider: 'REQUESTED', undeliveredTold: false, deliveryRefused: false, createdAt: instant(0), submittedAt: instant(0), deliveredAt: null, lastActivityAt: instant(0),
    requestingReference, requestedReference: null, legalBases: [], deadlines: [], dossier: null, decision: null, results: [], draftedBy: 'anna', amendedBy: 'anna',
    scope: null, subState: null, overlays: overlays.map(overlay => ({ overlay, by: 'REQUESTED', since: instant(0) })), furtherUses: [], head: null, pending: [],
  }
  return state as RequestState
}

/** The order as the contract words it, over plain arrays. */
export function inPlainOrder(rows: readonly DocketRow[], order: RequestOrder): DocketRow[] {
  const newestFirst = order !== 'DUE_FIRST'
  return [...rows].sort((one, other) => {
    const [a, b] = [positionOf(one, order).value, positionOf(other, order).value]
    if (a === b) return one.reference < other.reference ? -1 : 1
    if (a === null || b === null) return a === null ? 1 : -1
    return (a < b) === newestFirst ? 1 : -1
  })
}
