// The domain's vocabularies as GraphQL enums; the compiler asks for a description of every value. No behaviour.
import { registerEnumType } from 'type-graphql'
import type { Act, ChannelKind, ClockStart, CodeList, Confidentiality, DataClass, DayCounting, DeadlineState, DecisionResult, DualCriminality, EscalationLevel, ExclusionReason, LinkDirection, Matter, MeasureCode, NoticeTime, Obligation, Overlay, Presence, ProceedingsStage, Reachability, RequestKind, RequestOrder, RequestRelation, RequestStatus, Role, ServiceMethod, Severity, Side, SubState, TestNeed, TestResult, TimelineEventType, Urgency, UrgentCause, Weekday } from '../src/domain/vocabulary'

/** A tuple as TypeGraphQL wants it: an object from each value to itself. */
function enumOf<Value extends string>(name: string, description: string, values: Record<Value, string>): Record<Value, Value> {
  const own = Object.fromEntries(Object.keys(values).map(value => [value, value])) as Record<Value, Value>
  const valuesConfig = Object.fromEntries(Object.entries<string>(values).map(([value, text]) => [value, { description: text }])) as never
  registerEnumType(own, { name, description, valuesConfig })
  return own
}

export const RoleEnum = enumOf<Role>('Role', 'Role of a token; what each may see and do stands in operations.md.', {
  PUBLIC: 'No token: jurisdictions, authorities, contact points without channels, treaties, legal bases, templates, codes.',
  OFFICIAL: 'Requests of the own authority with dossier; every act of either side but VALIDATE.',
  VALIDATOR: 'Reads as OFFICIAL; validates what another subject drafted.',
  LIAISON: 'The desk: requests of the own authority, dossiers of urgent ones; acknowledges, redirects, changes urgency, keeps contact points.',
  SYSTEM: 'A national case system; as OFFICIAL, with larger pages.',
  AUDITOR: 'Who read the dossiers of the own authority\'s node, and when; never a request.',
  OVERSIGHT: 'Counts and times, never a request; issued by the hub.',
  SECRETARIAT: 'Keeps directory and register; issued by the hub.',
})

export const SideEnum = enumOf<Side>('Side', 'Whose act or obligation it is.', {
  REQUESTING: 'The authority that asks.',
  REQUESTED: 'The authority that is asked.',
  HUB: 'No human: delivery, expiry, clocks, refused letters and proposals.',
})

export const RequestKindEnum = enumOf<RequestKind>('RequestKind', 'Kind of assistance.', {
  EVIDENCE: 'Taking of evidence in criminal matters.',
  PRESERVATION: 'Expedited preservation of stored data (Budapest art. 29).',
  SUBSCRIBER_INFORMATION: 'Who holds an account, address or domain.',
  EXTRADITION: 'Surrender of a person.',
  ASSET_FREEZING: 'Freezing, seizure and confiscation of assets.',
  SERVICE_OF_DOCUMENTS: 'Service of judicial documents.',
  VIDEO_HEARING: 'Hearing by video or telephone.',
  TRANSFER_OF_SENTENCED_PERSON: 'Transfer to serve a sentence at home.',
  JOINT_INVESTIGATION_TEAM: 'Setting up a joint investigation team.',
  SPONTANEOUS_INFORMATION: 'Information offered without being asked.',
  CIVIL_EVIDENCE: 'Taking of evidence in civil matters (Hague 1970).',
})

export const MatterEnum = enumOf<Matter>('Matter', 'Branch of law.', {
  CRIMINAL: 'Criminal matters.',
  CIVIL: 'Civil and commercial matters.',
  ADMINISTRATIVE: 'Administrative matters.',
})

export const UrgencyEnum = enumOf<Urgency>('Urgency', 'Level of urgency (domain brief §3.3).', {
  ROUTINE: 'The instrument\'s own time limits.',
  PRIORITY: 'Detention, vulnerable victim, near limitation: acknowledged within 3 days.',
  URGENT: 'Data about to be deleted, arrest or trial near: acknowledged within 24 h, decided within 72 h.',
  EMERGENCY: 'Imminent risk to life or safety: acknowledged within 1 h, answered within 24 h.',
})

export const RequestStatusEnum = enumOf<RequestStatus>('RequestStatus', 'Where a request stands (semantics: acts and states).', {
  DRAFT: 'Being drafted, seen by the own authority alone.',
  CONSULTATION: 'A draft shown to the other side with a question before it is sent; the other side reads it, answers and decides nothing.',
  VALIDATED: 'Signed off by a second official; content is frozen.',
  SUBMITTED: 'Handed over to be sent.',
  DELIVERED: 'In the requested authority\'s own store.',
  ACKNOWLEDGED: 'Receipt confirmed by a handler.',
  INFO_REQUESTED: 'The requested side needs more; its clocks rest.',
  ASSESSMENT: 'Legal assessment.',
  NEGOTIATION: 'A narrower scope is proposed.',
  CONDITIONS_PENDING: 'Accepted with conditions that wait for agreement.',
  ACCEPTED: 'Accepted.',
  EXECUTING: 'Measures are under way.',
  POSTPONED: 'Lawfully delayed until a day.',
  PARTIALLY_EXECUTED: 'Some results were transmitted, some are open.',
  EXECUTED: 'All results were transmitted.',
  CONFIRMED: 'The requesting side confirmed receipt; final.',
  REFUSED: 'Refused with codes and reasons; final.',
  IMPOSSIBLE: 'Cannot be carried out; final.',
  WITHDRAWN: 'Taken back by the requesting side; final.',
  REDIRECTED: 'Another authority is competent; final.',
  EXPIRED: 'The term of a preservation ended; final.',
  CLOSED: 'The file is ended.',
})

export const MeasureCodeEnum = enumOf<MeasureCode>('MeasureCode', 'A measure that may be asked for (domain brief §2.2).', {
  HEAR_WITNESS: 'Hearing of a witness.',
  HEAR_EXPERT: 'Hearing of an expert.',
  HEAR_SUSPECT: 'Hearing of a suspect or accused.',
  HEAR_VIDEO: 'Hearing by video.',
  HEAR_PHONE: 'Hearing by telephone.',
  STATEMENT: 'Taking of a statement.',
  DOCUMENTS: 'Documents.',
  BUSINESS_RECORDS: 'Business records.',
  EXISTING_EVIDENCE: 'Evidence that the requested state holds already.',
  CRIMINAL_RECORD: 'Criminal record.',
  SEARCH_PREMISES: 'Search of premises; coercive.',
  SEIZE: 'Seizure; coercive.',
  BANK_ACCOUNTS: 'Which bank accounts there are.',
  BANK_TRANSACTIONS: 'Past bank transactions.',
  BANK_MONITORING: 'Monitoring of bank accounts; coercive.',
  SUBSCRIBER: 'Subscriber data.',
  TRAFFIC_STORED: 'Stored traffic data.',
  CONTENT_STORED: 'Stored content.',
  TRAFFIC_REALTIME: 'Traffic data in real time; coercive.',
  INTERCEPTION: 'Interception of communications; coercive.',
  PRESERVE: 'Preservation of stored data.',
  EXPEDITED_TRAFFIC: 'Expedited disclosure of preserved traffic data.',
  DOMAIN_DATA: 'Registration data of a domain.',
  LOCATE_PERSON: 'Finding where a person is.',
  IDENTIFY: 'Identification of a person.',
  DNA: 'DNA sample or profile; coercive.',
  FINGERPRINTS: 'Fingerprints.',
  EXPERT_OPINION: 'Expert opinion.',
  COVERT: 'Covert investigation; coercive.',
  CONTROLLED_DELIVERY: 'Controlled delivery; coercive.',
  SURVEILLANCE: 'Surveillance; coercive.',
  CUSTODY_TRANSFER: 'Temporary transfer of a person in custody; coercive.',
  SERVE: 'Service of documents.',
  FREEZE: 'Freezing; coercive.',
  CONFISCATE: 'Confiscation; coercive.',
  RETURN_PROPERTY: 'Return of property.',
  CRYPTO_TRACE: 'Tracing of crypto-assets.',
  ARREST_PROVISIONAL: 'Provisional arrest; coercive.',
  SURRENDER: 'Surrender of a person; coercive.',
  TRANSIT: 'Transit of a person.',
})

export const ActEnum = enumOf<Act>('Act', 'An act that a viewer or a side may take; each belongs to one mutation.', {
  DRAFT: '`draftRequest`.',
  PUBLISH_CONTACT_POINT: '`publishContactPoint`, `retireContactPoint`.',
  CONSULT: '`consultRequest`.',
  AMEND: '`amendDraft`.',
  VALIDATE: '`validateRequest`.',
  SUBMIT: '`submitRequest`.',
  WITHDRAW: '`withdrawRequest`.',
  SUPPLEMENT: '`supplementRequest`.',
  ANSWER_SCOPE: '`answerScopeProposal`.',
  ANSWER_CONDITIONS: '`answerConditions`.',
  CONFIRM_RESULTS: '`confirmResults`.',
  ACKNOWLEDGE: '`acknowledgeRequest`.',
  BEGIN_ASSESSMENT: '`beginAssessment`.',
  ASK_FOR_INFORMATION: '`askForInformation`.',
  PROPOSE_SCOPE: '`proposeScope`.',
  ACCEPT: '`acceptRequest`.',
  REFUSE: '`refuseRequest`.',
  POSTPONE: '`postponeRequest`.',
  RESUME: '`resumeRequest`.',
  BEGIN_EXECUTION: '`beginExecution`.',
  REPORT_RESULTS: '`reportResults`.',
  DECLARE_IMPOSSIBLE: '`declareImpossible`.',
  REDIRECT: '`redirectRequest`.',
  CHANGE_URGENCY: '`changeUrgency`.',
  CLOSE: '`closeRequest`.',
  RECORD_SUB_STATE: '`recordSubState`; beside the status, so never in `availableActs`.',
  RAISE_OVERLAY: '`raiseOverlay`; beside the status, so never in `availableActs`.',
  LIFT_OVERLAY: '`liftOverlay`; beside the status, so never in `availableActs`.',
  ASK_FURTHER_USE: '`askFurtherUse`; beside the status, so never in `availableActs`.',
  DECIDE_FURTHER_USE: '`decideFurtherUse`; beside the status, so never in `availableActs`.',
  TRIGGER_SAFEGUARD: '`triggerSafeguard`; beside the status, so never in `availableActs`.',
  EXTEND_LIMIT: '`extendLimit`; beside the status, so never in `availableActs`.',
  TELL_PERSON: '`tellPerson`; beside the status, so never in `availableActs`.',
  ANSWER_CONSULTATION: '`answerConsultation`; beside the status, so never in `availableActs`.',
})

export const SubStateEnum = enumOf<SubState>('SubState', 'A kind\'s own state beside the shared status.', {
  PROVISIONAL_ARREST: 'EXTRADITION: the person is under provisional arrest.',
  DOCUMENTS_AWAITED: 'EXTRADITION: the requesting side prepares the documents.',
  CONSENT_OF_PERSON: 'EXTRADITION, TRANSFER_OF_SENTENCED_PERSON: the person consents.',
  JUDICIAL_PHASE: 'EXTRADITION: before a court.',
  EXECUTIVE_DECISION: 'EXTRADITION: before the executive.',
  SURRENDER_SCHEDULED: 'EXTRADITION: the day of the surrender is agreed.',
  TEMPORARY_SURRENDER: 'EXTRADITION: surrendered for a time.',
  SURRENDERED: 'EXTRADITION: surrendered.',
  RELEASED: 'EXTRADITION: the person is free. ASSET_FREEZING: the asset is.',
  CONSENT_OF_REQUESTING_STATE: 'TRANSFER_OF_SENTENCED_PERSON: the requesting state consents.',
  CONSENT_OF_REQUESTED_STATE: 'TRANSFER_OF_SENTENCED_PERSON: the requested state consents.',
  CONTINUED_ENFORCEMENT: 'TRANSFER_OF_SENTENCED_PERSON: the sentence is enforced as it is.',
  CONVERSION: 'TRANSFER_OF_SENTENCED_PERSON: the sentence is converted.',
  TRANSFERRED: 'TRANSFER_OF_SENTENCED_PERSON: transferred.',
  PROPOSED: 'JOINT_INVESTIGATION_TEAM: proposed.',
  NEGOTIATED: 'JOINT_INVESTIGATION_TEAM: the agreement is negotiated.',
  SIGNED: 'JOINT_INVESTIGATION_TEAM: the agreement is signed.',
  OPERATING: 'JOINT_INVESTIGATION_TEAM: the team works.',
  EXTENDED: 'JOINT_INVESTIGATION_TEAM, PRESERVATION: the term was extended.',
  ENDED: 'JOINT_INVESTIGATION_TEAM: the team has ended.',
  EVALUATED: 'JOINT_INVESTIGATION_TEAM: its work was evaluated.',
  OFFERED: 'SPONTANEOUS_INFORMATION: offered.',
  CONDITIONS_ACCEPTED: 'SPONTANEOUS_INFORMATION: the conditions of use are accepted.',
  CONDITIONS_DECLINED: 'SPONTANEOUS_INFORMATION: the conditions of use are declined.',
  HANDED_OVER: 'SPONTANEOUS_INFORMATION: handed over.',
  SERVED: 'SERVICE_OF_DOCUMENTS: served.',
  NOT_SERVED: 'SERVICE_OF_DOCUMENTS: not served.',
  PRESERVED: 'PRESERVATION: the data are kept.',
  KEPT_FOR_FOLLOW_UP: 'PRESERVATION: a follow-up request has come; the data are kept until it is decided and the term ends no more.',
  FROZEN: 'ASSET_FREEZING: frozen.',
  CONFISCATED: 'ASSET_FREEZING: confiscated.',
  ASSETS_SHARED: 'ASSET_FREEZING: the proceeds are shared.',
  HEARING_SCHEDULED: 'VIDEO_HEARING, CIVIL_EVIDENCE: the day of the hearing is set.',
  HEARD: 'VIDEO_HEARING, CIVIL_EVIDENCE: heard.',
  NOT_HEARD: 'VIDEO_HEARING, CIVIL_EVIDENCE: the hearing did not take place.',
})

export const OverlayEnum = enumOf<Overlay>('Overlay', 'What may stand beside the status of a request.', {
  DISPUTED: 'One side disputes what the other did. Raised by either side.',
  ESCALATED: 'It was passed up: by either side, or by a clock that climbed its ladder, until nothing is late any more.',
  LEGAL_REMEDY_PENDING: 'A legal remedy is pending: nothing is transmitted, clocks of the requested side pause. Raised by the requested side.',
  CONFIDENTIALITY_BREACHED: 'Confidentiality was broken. Raised by either side.',
  ON_HOLD_BY_COURT: 'A court holds the execution. Raised by the requested side.',
})

export const UrgentCauseEnum = enumOf<UrgentCause>('UrgentCause', 'Why a desk rings.', {
  RECEIVED: 'An urgent request reached the requested side\'s desk.',
  RAISED: 'Its urgency was raised.',
  LOWERED: 'Its urgency was lowered.',
  ACKNOWLEDGED: 'It was acknowledged.',
  DUE_SOON: 'A deadline ends soon.',
  OVERDUE: 'A deadline has ended unmet, or the request is not delivered after 10 minutes.',
  ESCALATED: 'It climbed a step of the escalation ladder.',
})

export const DualCriminalityEnum = enumOf<DualCriminality>('DualCriminality', 'When double criminality is tested.', {
  ALWAYS: 'For every request.',
  COERCIVE_ONLY: 'For coercive measures alone.',
  DISCRETIONARY: 'The state may ask for it.',
  NEVER: 'Not at all.',
})

export const ChannelKindEnum = enumOf<ChannelKind>('ChannelKind', 'Kind of channel.', {
  HUB: 'Comity itself.',
  EMAIL: 'E-mail.',
  PHONE: 'Telephone.',
  I24_7: 'INTERPOL\'s network I-24/7.',
  SIENA: 'Europol\'s network SIENA.',
  POST: 'Post.',
})

export const ReachabilityEnum = enumOf<Reachability>('Reachability', 'How a store answered.', {
  ANSWERED: 'It answered.',
  REFUSED: 'It answered, but not with an answer that can be shown.',
  UNREACHABLE: 'No connection, or its store is down.',
  TIMED_OUT: 'No answer within the deadline.',
})

export const CodeListEnum = enumOf<CodeList>('CodeList', 'A list of codes of the register.', {
  REFUSAL_GROUND: 'Grounds for refusal.',
  POSTPONEMENT_GROUND: 'Grounds for postponement.',
  CONDITION: 'Conditions of an acceptance.',
  OBJECTION: 'Objections to a scope.',
  OUTCOME: 'Outcomes of a file.',
  USE_RESTRICTION: 'Restrictions on the use of what is transmitted.',
  SENSITIVITY: 'Labels of sensitive material.',
  OFFENCE_CATEGORY: 'The 32 offence categories of EIO Annex D and the EAW.',
  PERSON_ROLE: 'Roles of persons.',
  IDENTIFIER_KIND: 'Kinds of identifiers.',
  MEASURE: 'Measures.',
  LANGUAGE: 'Languages, ISO 639-1.',
  ASSET_KIND: 'Kinds of assets.',
})

export const ExclusionReasonEnum = enumOf<ExclusionReason>('ExclusionReason', 'Why an instrument may not be cited, in the order in which the first reason is given.', {
  NOT_IN_FORCE: 'In force nowhere on that day.',
  ENDED: 'It ended, or ended for one of the two.',
  PARTY_MISSING: 'In force, but not, or not yet, for one of the two.',
  KIND_NOT_COVERED: 'It does not cover this kind or matter.',
  MEASURE_EXCLUDED: 'It does not cover one of the measures.',
  OFFENCE_EXCLUDED: 'It does not cover the offence.',
  RESERVATION: 'A reservation stands against it.',
  DISPLACED: 'A more special instrument takes its place between these states.',
})

export const ObligationEnum = enumOf<Obligation>('Obligation', 'What must happen.', {
  ACKNOWLEDGE: 'Acknowledge receipt.',
  DECIDE: 'Decide on the request, or answer it.',
  EXECUTE: 'Carry it out.',
  ANSWER_INFORMATION: 'Answer a question for information.',
  ANSWER_SCOPE: 'Answer a proposed scope.',
  ANSWER_CONDITIONS: 'Answer conditions.',
  RESUME: 'Resume a postponed request.',
  PRESERVE: 'Keep data until this.',
  OBJECT: 'Object to a notified measure.',
  SURRENDER: 'Surrender a person.',
  RELEASE: 'Release a person.',
  SERVE: 'Serve documents.',
  CONFIRM: 'Confirm results.',
  NOTIFY_PERSON: 'Notify the person concerned.',
  DELETE: 'Delete data.',
})

export const ClockStartEnum = enumOf<ClockStart>('ClockStart', 'Where a time limit starts.', {
  RECEIPT: 'Receipt by the requested side.',
  DECISION: 'The decision.',
  ORDER: 'The order.',
  ARREST: 'The arrest.',
  CONSENT: 'The consent.',
  AGREED_DATE: 'The agreed day.',
  FULL_INFORMATION: 'Receipt of all information.',
  TRANSMISSION: 'The transmission.',
  REQUEST_OF_THE_OTHER_SIDE: 'A request of the other side.',
})

export const DayCountingEnum = enumOf<DayCounting>('DayCounting', 'How the days of a time limit are counted, in the requested state. The first day never counts; the last ends at its midnight.', {
  TO_WORKING_DAY: 'Every day counts; a last day without work gives way to the next working day.',
  EVERY_DAY: 'Every day counts, and the last is the last, whichever day it is.',
  WORKING_DAYS: 'Only working days count.',
})

export const PresenceEnum = enumOf<Presence>('Presence', 'Whether a field is needed.', {
  MANDATORY: 'Sending is barred without it.',
  OPTIONAL: 'It may stay empty.',
  CONDITIONAL: 'Needed under a condition that is told.',
  UNUSED: 'Not used for this kind.',
})

export const DeadlineStateEnum = enumOf<DeadlineState>('DeadlineState', 'How a deadline stands.', {
  RUNNING: 'It runs.',
  PAUSED: 'It rests.',
  MET: 'The obligation was met.',
  OVERDUE: 'It ended unmet.',
})

export const TimelineEventTypeEnum = enumOf<TimelineEventType>('TimelineEventType', 'Kind of entry of a timeline.', {
  ACT: 'An act of a side.',
  DELIVERED: 'Arrival in the requested side\'s store.',
  DELIVERY_REFUSED: 'The requested side\'s node could not take the letter.',
  PROPOSAL_REFUSED: 'A proposed act was not taken.',
  DUE_SOON: 'A deadline ends soon.',
  OVERDUE: 'A deadline has ended unmet.',
  ESCALATED: 'It climbed a step of the escalation ladder.',
  EXPIRED: 'The term of a preservation ended.',
})

export const DecisionResultEnum = enumOf<DecisionResult>('DecisionResult', 'What was decided.', {
  ACCEPTED: 'Accepted.',
  CONDITIONALLY_ACCEPTED: 'Accepted with conditions.',
  REFUSED: 'Refused.',
  IMPOSSIBLE: 'Cannot be carried out.',
})

export const ProceedingsStageEnum = enumOf<ProceedingsStage>('ProceedingsStage', 'Stage of the proceedings.', {
  INVESTIGATION: 'Investigation.',
  TRIAL: 'Trial.',
  SENTENCE: 'After sentence.',
  CONFISCATION: 'Confiscation.',
  CIVIL: 'Civil proceedings.',
})

export const DataClassEnum = enumOf<DataClass>('DataClass', 'Class of electronic data.', {
  SUBSCRIBER: 'Who holds the account.',
  TRAFFIC: 'Traffic data.',
  CONTENT: 'Content.',
  ACCESS: 'Access data.',
})

export const ConfidentialityEnum = enumOf<Confidentiality>('Confidentiality', 'Level of confidentiality.', {
  OPEN: 'Nothing to keep.',
  RESTRICTED: 'For those who work on it.',
  CONFIDENTIAL: 'To be kept from the person concerned and from third parties.',
})

export const NoticeTimeEnum = enumOf<NoticeTime>('NoticeTime', 'When the person concerned is told.', {
  NOW: 'At once.',
  DEFERRED: 'Later, for a reason that is reviewed on a day.',
  NEVER_BY_LAW: 'Never, because a law says so.',
})

export const ServiceMethodEnum = enumOf<ServiceMethod>('ServiceMethod', 'How a document is to be served.', {
  BY_LAW_OF_REQUESTED_STATE: 'As the requested state serves its own documents.',
  SPECIAL_METHOD: 'By a method that the requesting side names.',
  INFORMAL_DELIVERY: 'By delivery to an addressee who accepts it.',
})

export const LinkDirectionEnum = enumOf<LinkDirection>('LinkDirection', 'Which of two related requests names the other.', {
  NAMES: 'This request names the other one: it is its follow-up, its supplement, and so on.',
  NAMED_BY: 'The other request names this one.',
})

export const RequestRelationEnum = enumOf<RequestRelation>('RequestRelation', 'How a request stands to another one.', {
  FOLLOW_UP: 'It asks for what the other one preserved, froze or announced.',
  SUPPLEMENT: 'It adds to the other one.',
  NARROWED: 'It asks for less after the other one was refused.',
  PARALLEL: 'It asks another state in the same case.',
  DUPLICATE: 'It asks for the same as the other one.',
})

export const WeekdayEnum = enumOf<Weekday>('Weekday', 'Day of the week.', {
  MONDAY: 'Monday.', TUESDAY: 'Tuesday.', WEDNESDAY: 'Wednesday.', THURSDAY: 'Thursday.', FRIDAY: 'Friday.', SATURDAY: 'Saturday.', SUNDAY: 'Sunday.',
})

export const EscalationLevelEnum = enumOf<EscalationLevel>('EscalationLevel', 'Where a desk stands on the ladder of escalation.', {
  DUTY_DESK: 'A desk of the duty roster.',
  HEAD: 'The head of the authority.',
  SECRETARIAT: 'The contact point of the authority\'s secretariat.',
})

export const TestNeedEnum = enumOf<TestNeed>('TestNeed', 'Whether a test is needed.', {
  YES: 'It is.',
  MAY: 'The requested state may test.',
  NO: 'It is not.',
})

export const TestResultEnum = enumOf<TestResult>('TestResult', 'What a test of double criminality found.', {
  MET: 'The conduct is an offence in the requested state too.',
  NOT_MET: 'The conduct is no offence there.',
  NOT_TESTED: 'No test was needed.',
})

export const SeverityEnum = enumOf<Severity>('Severity', 'Weight of a finding.', {
  FAULT: 'Bars sending.',
  WARNING: 'Does not bar sending.',
})

export const RequestOrderEnum = enumOf<RequestOrder>('RequestOrder', 'Order of a list of requests; ties by reference.', {
  LAST_ACTIVITY: 'Newest activity first.',
  DUE_FIRST: 'Earliest running deadline first, those without one last.',
  CREATED: 'Newest draft first.',
})
