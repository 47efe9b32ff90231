// What the desk asks, follows and does, with the shapes that come back.
export type Urgency = 'ROUTINE' | 'PRIORITY' | 'URGENT' | 'EMERGENCY'
export type Cause = 'RECEIVED' | 'RAISED' | 'LOWERED' | 'ACKNOWLEDGED' | 'DUE_SOON' | 'OVERDUE' | 'ESCALATED'
export type DeadlineState = 'RUNNING' | 'PAUSED' | 'MET' | 'OVERDUE'

export interface Party { id: string; code: string; name: string }
export interface DeadlineSeen { obligation: string; of: 'REQUESTING' | 'REQUESTED' | 'HUB'; dueAt: string; state: DeadlineState }
export interface RequestSeen {
  reference: string; version: number; kind: string; urgency: Urgency; status: string; measures: string[]
  requesting: Party; requested: Party; requestingReference: string; requestedReference: string | null
  lastActivityAt: string; deadlines: DeadlineSeen[]; availableActs: string[]; origin: { stale: boolean; asOf: string }
}
export interface UrgentEvent { cursor: string; cause: Cause; at: string; request: RequestSeen }
export interface StatusEvent { cursor: string; at: string; from: string | null; to: string; version: number; request: RequestSeen }

const SEEN = `fragment Seen on Request {
  reference version kind urgency status measures requestingReference requestedReference lastActivityAt availableActs
  requesting { id code name } requested { id code name } deadlines { obligation of dueAt state } origin { stale asOf }
}`

export interface ViewerSeen { viewer: { role: string; subject: string | null; authority: Party | null } }
export const VIEWER = 'query DeskViewer { viewer { role subject authority { id code name } } }'

export const FILTER = { urgencies: ['URGENT', 'EMERGENCY'], open: true }
export interface ListSeen {
  requests: { nodes: RequestSeen[]; sources: { authority: string; state: string }[]; feedCursor: string; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}
export const LIST = `query DeskList($filter: RequestFilter, $orderBy: RequestOrder, $after: Cursor) {
  requests(filter: $filter, orderBy: $orderBy, first: 100, after: $after) {
    nodes { ...Seen } sources { authority state } feedCursor pageInfo { hasNextPage endCursor }
  }
} ${SEEN}`

export const URGENT_FEED = `subscription DeskUrgent($after: Cursor) { urgentRequests(after: $after) { cursor cause at request { ...Seen } } } ${SEEN}`
/** Without a filter by urgency: a request that is lowered and then ends must leave the board too. */
export const STATUS_FEED = `subscription DeskStatus($after: Cursor) { statusChanged(after: $after) { cursor at from to version request { ...Seen } } } ${SEEN}`

export interface Acknowledged { acknowledgeRequest: { request: RequestSeen } }
export const ACKNOWLEDGE = `mutation DeskAcknowledge($input: AcknowledgeInput!) { acknowledgeRequest(input: $input) { request { ...Seen } } } ${SEEN}`

export interface OneSeen { request: (RequestSeen & Details) | null }
export interface Details {
  dossier: {
    facts: string | null; purpose: string | null; urgencyGround: string | null; emergencyStatement: string | null; neededBy: string | null; custodian: string | null
    identifiers: { kind: string; value: string }[]; persons: { role: string; name: string }[]; offences: { name: string; provision: string }[]
  } | null
  legalBases: { treatyCode: string | null; article: string | null; reciprocity: string | null }[]
  timeline: { nodes: { at: string; by: string; type: string; act: string | null; status: string; note: string | null }[] }
}
export const ONE = `query DeskOne($reference: String!) {
  request(reference: $reference) {
    ...Seen
    dossier { facts purpose urgencyGround emergencyStatement neededBy custodian identifiers { kind value } persons { role name } offences { name provision } }
    legalBases { treatyCode article reciprocity }
    timeline(first: 100) { nodes { at by type act status note } }
  }
} ${SEEN}`
