// The closed vocabularies of the contract as const tuples: the one place from which types, GraphQL enums and tables are made.

export const URGENT_CAUSES = [
  'RECEIVED', 'RAISED', 'LOWERED', 'ACKNOWLEDGED', 'DUE_SOON', 'OVERDUE', 'ESCALATED',
] as const
export type UrgentCause = (typeof URGENT_CAUSES)[number]

export const ROLES = [
  'PUBLIC', 'OFFICIAL', 'VALIDATOR', 'LIAISON', 'SYSTEM', 'AUDITOR', 'OVERSIGHT', 'SECRETARIAT',
] as const
export type Role = (typeof ROLES)[number]

export const WEEKDAYS = [
  'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY',
] as const
export type Weekday = (typeof WEEKDAYS)[number]

export const ESCALATION_LEVELS = [
  'DUTY_DESK', 'HEAD', 'SECRETARIAT',
] as const
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number]

export const DUAL_CRIMINALITIES = [
  'ALWAYS', 'COERCIVE_ONLY', 'DISCRETIONARY', 'NEVER',
] as const
export type DualCriminality = (typeof DUAL_CRIMINALITIES)[number]

export const CHANNEL_KINDS = [
  'HUB', 'EMAIL', 'PHONE', 'I24_7', 'SIENA', 'POST',
] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export const REACHABILITIES = [
  'ANSWERED', 'REFUSED', 'UNREACHABLE', 'TIMED_OUT',
] as const
export type Reachability = (typeof REACHABILITIES)[number]

export const CODE_LISTS = [
  'REFUSAL_GROUND', 'POSTPONEMENT_GROUND', 'CONDITION', 'OBJECTION', 'OUTCOME', 'USE_RESTRICTION', 'SENSITIVITY',
  'OFFENCE_CATEGORY', 'PERSON_ROLE', 'IDENTIFIER_KIND', 'MEASURE', 'LANGUAGE', 'ASSET_KIND',
] as const
export type CodeList = (typeof CODE_LISTS)[number]

export const EXCLUSION_REASONS = [
  'NOT_IN_FORCE', 'ENDED', 'PARTY_MISSING', 'KIND_NOT_COVERED', 'MEASURE_EXCLUDED', 'OFFENCE_EXCLUDED', 'RESERVATION',
  'DISPLACED',
] as const
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number]

export const OBLIGATIONS = [
  'ACKNOWLEDGE', 'DECIDE', 'EXECUTE', 'ANSWER_INFORMATION', 'ANSWER_SCOPE', 'ANSWER_CONDITIONS', 'RESUME', 'PRESERVE', 'OBJECT',
  'SURRENDER', 'RELEASE', 'SERVE', 'CONFIRM', 'NOTIFY_PERSON', 'DELETE',
] as const
export type Obligation = (typeof OBLIGATIONS)[number]

export const CLOCK_STARTS = [
  'RECEIPT', 'DECISION', 'ORDER', 'ARREST', 'CONSENT', 'AGREED_DATE', 'FULL_INFORMATION', 'TRANSMISSION',
  'REQUEST_OF_THE_OTHER_SIDE',
] as const
export type ClockStart = (typeof CLOCK_STARTS)[number]

/** How the days of a time limit are counted; the first day never is. */
export const DAY_COUNTINGS = [
  'TO_WORKING_DAY', 'EVERY_DAY', 'WORKING_DAYS',
] as const
export type DayCounting = (typeof DAY_COUNTINGS)[number]

export const PRESENCES = [
  'MANDATORY', 'OPTIONAL', 'CONDITIONAL', 'UNUSED',
] as const
export type Presence = (typeof PRESENCES)[number]

export const REQUEST_KINDS = [
  'EVIDENCE', 'PRESERVATION', 'SUBSCRIBER_INFORMATION', 'EXTRADITION', 'ASSET_FREEZING', 'SERVICE_OF_DOCUMENTS',
  'VIDEO_HEARING', 'TRANSFER_OF_SENTENCED_PERSON', 'JOINT_INVESTIGATION_TEAM', 'SPONTANEOUS_INFORMATION', 'CIVIL_EVIDENCE',
] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

export const MATTERS = [
  'CRIMINAL', 'CIVIL', 'ADMINISTRATIVE',
] as const
export type Matter = (typeof MATTERS)[number]

export const URGENCIES = [
  'ROUTINE', 'PRIORITY', 'URGENT', 'EMERGENCY',
] as const
export type Urgency = (typeof URGENCIES)[number]

export const SIDES = [
  'REQUESTING', 'REQUESTED', 'HUB',
] as const
export type Side = (typeof SIDES)[number]

export const REQUEST_STATUSES = [
  'DRAFT', 'CONSULTATION', 'VALIDATED', 'SUBMITTED', 'DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION',
  'CONDITIONS_PENDING', 'ACCEPTED', 'EXECUTING', 'POSTPONED', 'PARTIALLY_EXECUTED', 'EXECUTED', 'CONFIRMED', 'REFUSED',
  'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED', 'CLOSED',
] as const
export type RequestStatus = (typeof REQUEST_STATUSES)[number]

export const MEASURE_CODES = [
  'HEAR_WITNESS', 'HEAR_EXPERT', 'HEAR_SUSPECT', 'HEAR_VIDEO', 'HEAR_PHONE', 'STATEMENT', 'DOCUMENTS', 'BUSINESS_RECORDS',
  'EXISTING_EVIDENCE', 'CRIMINAL_RECORD', 'SEARCH_PREMISES', 'SEIZE', 'BANK_ACCOUNTS', 'BANK_TRANSACTIONS', 'BANK_MONITORING',
  'SUBSCRIBER', 'TRAFFIC_STORED', 'CONTENT_STORED', 'TRAFFIC_REALTIME', 'INTERCEPTION', 'PRESERVE', 'EXPEDITED_TRAFFIC',
  'DOMAIN_DATA', 'LOCATE_PERSON', 'IDENTIFY', 'DNA', 'FINGERPRINTS', 'EXPERT_OPINION', 'COVERT', 'CONTROLLED_DELIVERY',
  'SURVEILLANCE', 'CUSTODY_TRANSFER', 'SERVE', 'FREEZE', 'CONFISCATE', 'RETURN_PROPERTY', 'CRYPTO_TRACE', 'ARREST_PROVISIONAL',
  'SURRENDER', 'TRANSIT',
] as const
export type MeasureCode = (typeof MEASURE_CODES)[number]

/** Acts beside the shared status (see beside.ts). */
export const BESIDE_ACTS = [
  'RECORD_SUB_STATE', 'RAISE_OVERLAY', 'LIFT_OVERLAY', 'ASK_FURTHER_USE', 'DECIDE_FURTHER_USE', 'TRIGGER_SAFEGUARD', 'TELL_PERSON', 'EXTEND_LIMIT',
  'ANSWER_CONSULTATION',
] as const
export type BesideAct = (typeof BESIDE_ACTS)[number]

export const SUB_STATES = [
  'PROVISIONAL_ARREST', 'DOCUMENTS_AWAITED', 'CONSENT_OF_PERSON', 'JUDICIAL_PHASE', 'EXECUTIVE_DECISION', 'SURRENDER_SCHEDULED', 'TEMPORARY_SURRENDER',
  'SURRENDERED', 'RELEASED', 'CONSENT_OF_REQUESTING_STATE', 'CONSENT_OF_REQUESTED_STATE', 'CONTINUED_ENFORCEMENT', 'CONVERSION', 'TRANSFERRED',
  'PROPOSED', 'NEGOTIATED', 'SIGNED', 'OPERATING', 'EXTENDED', 'ENDED', 'EVALUATED', 'OFFERED', 'CONDITIONS_ACCEPTED', 'CONDITIONS_DECLINED', 'HANDED_OVER',
  'SERVED', 'NOT_SERVED', 'PRESERVED', 'KEPT_FOR_FOLLOW_UP', 'FROZEN', 'CONFISCATED', 'ASSETS_SHARED', 'HEARING_SCHEDULED', 'HEARD', 'NOT_HEARD',
] as const
export type SubState = (typeof SUB_STATES)[number]

export const OVERLAYS = [
  'DISPUTED', 'ESCALATED', 'LEGAL_REMEDY_PENDING', 'CONFIDENTIALITY_BREACHED', 'ON_HOLD_BY_COURT',
] as const
export type Overlay = (typeof OVERLAYS)[number]

export const ACTS = [
  'DRAFT', 'PUBLISH_CONTACT_POINT', 'CONSULT', 'AMEND', 'VALIDATE', 'SUBMIT', 'WITHDRAW', 'SUPPLEMENT', 'ANSWER_SCOPE',
  'ANSWER_CONDITIONS', 'CONFIRM_RESULTS', 'ACKNOWLEDGE', 'BEGIN_ASSESSMENT', 'ASK_FOR_INFORMATION', 'PROPOSE_SCOPE', 'ACCEPT',
  'REFUSE', 'POSTPONE', 'RESUME', 'BEGIN_EXECUTION', 'REPORT_RESULTS', 'DECLARE_IMPOSSIBLE', 'REDIRECT', 'CHANGE_URGENCY',
  'CLOSE', ...BESIDE_ACTS,
] as const
export type Act = (typeof ACTS)[number]

export const DEADLINE_STATES = [
  'RUNNING', 'PAUSED', 'MET', 'OVERDUE',
] as const
export type DeadlineState = (typeof DEADLINE_STATES)[number]

export const TIMELINE_EVENT_TYPES = [
  'ACT', 'DELIVERED', 'DELIVERY_REFUSED', 'PROPOSAL_REFUSED', 'DUE_SOON', 'OVERDUE', 'ESCALATED', 'EXPIRED',
] as const
export type TimelineEventType = (typeof TIMELINE_EVENT_TYPES)[number]

export const DECISION_RESULTS = [
  'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REFUSED', 'IMPOSSIBLE',
] as const
export type DecisionResult = (typeof DECISION_RESULTS)[number]

export const PROCEEDINGS_STAGES = [
  'INVESTIGATION', 'TRIAL', 'SENTENCE', 'CONFISCATION', 'CIVIL',
] as const
export type ProceedingsStage = (typeof PROCEEDINGS_STAGES)[number]

export const DATA_CLASSES = [
  'SUBSCRIBER', 'TRAFFIC', 'CONTENT', 'ACCESS',
] as const
export type DataClass = (typeof DATA_CLASSES)[number]

export const CONFIDENTIALITIES = [
  'OPEN', 'RESTRICTED', 'CONFIDENTIAL',
] as const
export type Confidentiality = (typeof CONFIDENTIALITIES)[number]

export const NOTICE_TIMES = [
  'NOW', 'DEFERRED', 'NEVER_BY_LAW',
] as const
export type NoticeTime = (typeof NOTICE_TIMES)[number]

export const SERVICE_METHODS = [
  'BY_LAW_OF_REQUESTED_STATE', 'SPECIAL_METHOD', 'INFORMAL_DELIVERY',
] as const
export type ServiceMethod = (typeof SERVICE_METHODS)[number]

export const REQUEST_RELATIONS = [
  'FOLLOW_UP', 'SUPPLEMENT', 'NARROWED', 'PARALLEL', 'DUPLICATE',
] as const
export type RequestRelation = (typeof REQUEST_RELATIONS)[number]

export const LINK_DIRECTIONS = [
  'NAMES', 'NAMED_BY',
] as const
export type LinkDirection = (typeof LINK_DIRECTIONS)[number]

export const TEST_NEEDS = [
  'YES', 'MAY', 'NO',
] as const
export type TestNeed = (typeof TEST_NEEDS)[number]

export const TEST_RESULTS = [
  'MET', 'NOT_MET', 'NOT_TESTED',
] as const
export type TestResult = (typeof TEST_RESULTS)[number]

export const REQUEST_ORDERS = [
  'LAST_ACTIVITY', 'DUE_FIRST', 'CREATED',
] as const
export type RequestOrder = (typeof REQUEST_ORDERS)[number]

export const SEVERITIES = [
  'FAULT', 'WARNING',
] as const
export type Severity = (typeof SEVERITIES)[number]
