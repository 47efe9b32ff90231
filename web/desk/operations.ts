// What the desk asks, follows and does, with the shapes that come back.
export type Urgency = 'ROUTINE' | 'PRIORITY' | 'URGENT' | 'EMERGENCY'
export type Cause = 'RECEIVED' | 'RAISED' | 'LOWERED' | 'ACKNOWLEDGED' | 'DUE_SOON' | 'OVERDUE' | 'ESCALATED'
export type DeadlineState = 'RUNNING' | 'PAUSED' | 'MET' | 'OVERDUE'

export interface Party { id: string; code: string; name: string }
export interface DeadlineSeen { obligation: string; of: 'REQUESTING' | 'REQUESTED' | 'HUB'; dueAt: string; state: DeadlineState }
export interface RequestSeen {
  reference: string; version: number; kind: string; urgency: Urgency; status: string; measures: string[]
  requesting: Party; requested: Party; requestingReference: string; requestedReference: string | null
  lastActivityAt: string; deadlines: DeadlineSeen[]; availableActs: string[]; overlays: { overlay: string; since: string }[]; origin: { stale: boolean; asOf: string }
}
export interface AddresseeSeen { level: 'DUTY_DESK' | 'HEAD' | 'SECRETARIAT'; authority: Party; contactPoint: { function: string } | null }
/** As the list tells it; what is climbed afterwards is told by the feed. */
export interface ListedRequest extends RequestSeen { escalatedTo: { at: string; addressee: AddresseeSeen }[] }
export interface UrgentEvent { cursor: string; cause: Cause; at: string; reason: string | null; addressee: AddresseeSeen | null; request: RequestSeen }
export interface StatusEvent { cursor: string; at: string; from: string | null; to: string; version: number; request: RequestSeen }

const SEEN = `fragment Seen on Request {
  reference version kind urgency status measures requestingReference requestedReference lastActivityAt availableActs
  requesting { id code name } requested { id code name } deadlines { obligation of dueAt state } overlays { overlay since } origin { stale asOf }
}`

const ADDRESSEE = 'addressee { level authority { id code name } contactPoint { function } }'

export interface ViewerSeen { viewer: { role: string; subject: string | null; authority: Party | null } }
export const VIEWER = 'query DeskViewer { viewer { role subject authority { id code name } } }'

export const FILTER = { urgencies: ['URGENT', 'EMERGENCY'], open: true }
export interface ListSeen {
  requests: { nodes: ListedRequest[]; sources: { authority: string; state: string }[]; feedCursor: string; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}
export const LIST = `query DeskList($filter: RequestFilter, $orderBy: RequestOrder, $after: Cursor) {
  requests(filter: $filter, orderBy: $orderBy, first: 100, after: $after) {
    nodes { ...Seen escalatedTo { at ${ADDRESSEE} } } sources { authority state } feedCursor pageInfo { hasNextPage endCursor }
  }
} ${SEEN}`

export const URGENT_FEED = `subscription DeskUrgent($after: Cursor) { urgentRequests(after: $after) { cursor cause at reason ${ADDRESSEE} request { ...Seen } } } ${SEEN}`
/** Without a filter by urgency: a request that is lowered and then ends must leave the board too. */
export const STATUS_FEED = `subscription DeskStatus($after: Cursor) { statusChanged(after: $after) { cursor at from to version request { ...Seen } } } ${SEEN}`

export interface PartnerEvent { before: string | null; at: string; partner: { authority: Party; reachability: string; onDutyNow: { function: string }[] | null } }
export const PARTNER_FEED = 'subscription DeskPartners { partnerChanged { before at partner { authority { id code name } reachability onDutyNow { function } } } }'

export interface HandOverSeen {
  id: string; at: string; leftBy: string; note: string; contactPoint: { function: string } | null
  openItems: { reference: string; note: string | null }[]; promisedActions: { action: string; reference: string | null; dueAt: string | null }[]
  acknowledgedAt: string | null; acknowledgedBy: string | null
}
const LEFT = 'fragment Left on HandOver { id at leftBy note contactPoint { function } openItems { reference note } promisedActions { action reference dueAt } acknowledgedAt acknowledgedBy }'
export interface HandOverEvent { cursor: string; acknowledged: boolean; handOver: HandOverSeen }
export const HAND_OVER_FEED = `subscription DeskHandOvers($after: Cursor) { handOverChanged(after: $after) { cursor acknowledged handOver { ...Left } } } ${LEFT}`
export interface HandOversSeen { handOvers: HandOverSeen[] }
export const HAND_OVERS = `query DeskHandOvers { handOvers(open: true, first: 10) { ...Left } } ${LEFT}`
export interface OwnDesks { authority: { contactPoints: { id: string; function: string; onDuty: boolean }[] | null } | null }
export const OWN_DESKS = 'query DeskOwnDesks($id: ID!) { authority(id: $id) { contactPoints { id function onDuty } } }'
export const LEAVE_SHIFT = `mutation DeskLeaveShift($input: HandOverShiftInput!) { handOverShift(input: $input) { handOver { ...Left } } } ${LEFT}`
export const TAKE_SHIFT = `mutation DeskTakeShift($input: AcknowledgeHandOverInput!) { acknowledgeHandOver(input: $input) { handOver { ...Left } } } ${LEFT}`

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
