// Clocks of a request: which obligations run, pause, are met, and when the desks are to be told. Pure: limits, warnings and the calendar
// of the requested state come in; every limit is a row with its source.
import {
  daysBegun, endOfDay, exactMs, isCounted, lastDay, localDate, parseDuration, type Calendar, type Duration,
} from './calendar-days'
import type { Beside } from './beside'
import { earliest, notices } from './clock-notices'
import { OPEN } from './lifecycle'
import type { CitedBasis, Deadline } from './request'
import type { AskedLimitRow, ClockWarningRow, Register, TimeLimitRow } from './law/register'
import type { Act, ClockStart, DayCounting, MeasureCode, Obligation, RequestKind, RequestStatus, Side, SubState, TimelineEventType, Urgency } from './vocabulary'

/** What the clocks of one request rest on. */
export interface DeadlineLaw {
  /** Of the cited instruments. */
  limits: readonly TimeLimitRow[]
  /** Of the cited instruments: limits that the request itself sets. */
  askedLimits?: readonly AskedLimitRow[]
  /** Of every urgency level. */
  urgencyLimits: readonly TimeLimitRow[]
  warnings: readonly ClockWarningRow[]
  kind: RequestKind
  measures: readonly MeasureCode[]
  urgency: Urgency
  /** The requested state's. */
  calendar: Calendar
  /** Last day of a preservation as asked, `YYYY-MM-DD`. */
  preserveUntil?: string | null
  /** Day on which a deferred notice to the person is reviewed, `YYYY-MM-DD`. */
  reviewNoticeOn?: string | null
  /** By when the request is needed, and whether it says why. */
  neededBy?: string | null
  withReasons?: boolean
}

/** What the request itself says of its clocks. */
export type AskedTerms = Pick<DeadlineLaw, 'preserveUntil' | 'reviewNoticeOn' | 'neededBy' | 'withReasons'>

/** The fact that moves the clocks, with what was said with it. */
export interface ClockEvent {
  type: TimelineEventType
  act: Act | null
  at: string
  from: RequestStatus | null
  to: RequestStatus
  /** Where RESUME leads, while the request is POSTPONED. */
  resumeTo?: RequestStatus | null
  /** When the request was sent. */
  sentAt?: string | null
  answerBy?: string
  until?: string
  urgency?: { before: Urgency; after: Urgency }
  beside?: Beside
  /** Whether a legal remedy was pending before. */
  remedyPending?: boolean
}

const PAUSING: readonly RequestStatus[] = ['INFO_REQUESTED', 'POSTPONED']
const UNDECIDED: readonly RequestStatus[] = ['DELIVERED', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'ASSESSMENT', 'NEGOTIATION']
const EXECUTING: readonly RequestStatus[] = ['ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED']
const FROM_RECEIPT: readonly ClockStart[] = ['RECEIPT', 'FULL_INFORMATION']
const FROM_DECISION: readonly ClockStart[] = ['DECISION', 'ORDER']
const OF_REQUESTING: readonly Obligation[] = ['ANSWER_INFORMATION', 'ANSWER_SCOPE', 'ANSWER_CONDITIONS', 'CONFIRM', 'DELETE']
const ANSWERING: readonly Obligation[] = ['ANSWER_INFORMATION', 'ANSWER_SCOPE', 'ANSWER_CONDITIONS']
/** A term, not a task: it runs on while the requested side waits. */
const UNPAUSED: readonly Obligation[] = ['PRESERVE', 'NOTIFY_PERSON', 'RELEASE']

const MET_BY: Partial<Record<Act, readonly Obligation[]>> = {
  ACKNOWLEDGE: ['ACKNOWLEDGE'], SUPPLEMENT: ['ANSWER_INFORMATION'], ANSWER_SCOPE: ['ANSWER_SCOPE'], ANSWER_CONDITIONS: ['ANSWER_CONDITIONS'],
  ACCEPT: ['DECIDE'], REFUSE: ['DECIDE'], RESUME: ['RESUME'],
  DECLARE_IMPOSSIBLE: ['DECIDE', 'EXECUTE'], CONFIRM_RESULTS: ['CONFIRM'], REDIRECT: ['ACKNOWLEDGE'],
}
/** What a kind's own state starts, counted from the day that was said with it, and ends. */
const SUB_STATE_CLOCKS: Partial<Record<SubState, { starts?: readonly ClockStart[]; ends?: readonly Obligation[] }>> = {
  PROVISIONAL_ARREST: { starts: ['ARREST'] }, CONSENT_OF_PERSON: { starts: ['CONSENT'] }, JUDICIAL_PHASE: { ends: ['RELEASE'] },
  SURRENDER_SCHEDULED: { starts: ['AGREED_DATE'], ends: ['RELEASE'] }, SURRENDERED: { ends: ['SURRENDER', 'RELEASE'] }, RELEASED: { ends: ['SURRENDER', 'RELEASE'] },
  SERVED: { ends: ['SERVE'] }, NOT_SERVED: { ends: ['SERVE'] }, KEPT_FOR_FOLLOW_UP: { ends: ['PRESERVE'] },
}
const MET_BY_EXECUTION: readonly Obligation[] = ['EXECUTE', 'SERVE', 'SURRENDER']

/** The law of one request's clocks, from the register's rows. */
export function deadlineLaw(
  register: Register, request: { kind: RequestKind; measures: readonly MeasureCode[]; urgency: Urgency; legalBases: readonly CitedBasis[] }, calendar: Calendar, asked: AskedTerms = {},
): DeadlineLaw {
  const codes = new Set(request.legalBases.map(basis => basis.treatyCode))
  const cited = register.instruments.filter(row => codes.has(row.code))
  return {
    limits: cited.flatMap(row => row.timeLimits), askedLimits: cited.flatMap(row => row.askedLimits ?? []),
    urgencyLimits: register.urgencyLimits, warnings: register.templates.clockWarnings,
    kind: request.kind, measures: request.measures, urgency: request.urgency, calendar, ...asked,
  }
}

/** The clocks that start when the request reaches the requested side; those from its transmission began when it was sent. */
export function openDeadlines(law: DeadlineLaw, receivedAt: string, sentAt = receivedAt): Deadline[] {
  const ofRequested = (limit: TimeLimitRow): boolean => !OF_REQUESTING.includes(limit.obligation)
  const received = started([], limitsFrom(law, FROM_RECEIPT).filter(ofRequested), receivedAt, law)
  return [...started(received, limitsFrom(law, ['TRANSMISSION']).filter(ofRequested), sentAt, law), ...askedFor(law, receivedAt)]
}

/** What the instrument binds to the instant by which the request is needed. */
function askedFor(law: DeadlineLaw, at: string): Deadline[] {
  const due = law.neededBy && new Date(law.neededBy).toISOString()
  if (!due || due <= at) return []
  const binding = (law.askedLimits ?? []).filter(({ kinds, withReasons }) => (!kinds || kinds.includes(law.kind)) && (!withReasons || law.withReasons))
  return binding.map(({ obligation, source }) => clock(obligation, due, at, source, 'HOURS', law))
}

/** All clocks after a fact; the same array where it changes none. */
export function deadlinesAfter(current: Deadline[], event: ClockEvent, law: DeadlineLaw): Deadline[] {
  switch (event.type) {
    case 'DELIVERED': return noticeUntil(openDeadlines(law, event.at, event.sentAt ?? event.at), law.reviewNoticeOn, event.at, law)
    case 'EXPIRED': return settled(met(current, ['PRESERVE']))
    case 'ACT': return same(current, afterAct(current, event, law))
    case 'DELIVERY_REFUSED': case 'PROPOSAL_REFUSED': case 'DUE_SOON': case 'OVERDUE': case 'ESCALATED': return current
  }
}

function afterAct(current: Deadline[], event: ClockEvent, law: DeadlineLaw): Deadline[] {
  const { act, from, to } = event
  if (act === 'CHANGE_URGENCY') return afterUrgency(current, event, law)
  if (event.beside) return afterBeside(current, event, event.beside, law)
  let list = met(current, (act && MET_BY[act]) ?? [])
  if (!OPEN.includes(to)) return settled(to === 'CONFIRMED' ? met(list, MET_BY_EXECUTION) : list)
  const rests = (status: RequestStatus): boolean => event.remedyPending === true || PAUSING.includes(status)
  const paused = from !== null && rests(from)
  if (paused && !rests(to)) list = resumed(list, event.at, law.calendar)
  if (!paused && rests(to)) list = pausedAt(list, event.at)
  const entered = ENTERING[to]?.(list, event, law) ?? list
  return event.remedyPending ? pausedAt(entered, event.at) : entered
}

/** What happens beside the status: a remedy pauses, a kind's own state starts and ends, the person is told. */
function afterBeside(current: Deadline[], { act, to, at }: ClockEvent, { overlay, subState, on, reviewOn, obligation }: Beside, law: DeadlineLaw): Deadline[] {
  if (overlay === 'LEGAL_REMEDY_PENDING' && !PAUSING.includes(to)) return act === 'RAISE_OVERLAY' ? pausedAt(current, at) : resumed(current, at, law.calendar)
  if (act === 'TELL_PERSON') return reviewOn ? noticeUntil(current, reviewOn, at, law) : met(current, ['NOTIFY_PERSON'])
  if (act === 'EXTEND_LIMIT') return current.map(deadline => (deadline.obligation === obligation ? prolonged(deadline, at, law) : deadline))
  if (!subState) return current
  const { starts = [], ends = [] } = SUB_STATE_CLOCKS[subState] ?? {}
  const begun = started(met(current, ends), OPEN.includes(to) ? limitsFrom(law, starts) : [], on ?? at, law)
  return subState === 'EXTENDED' && law.kind === 'PRESERVATION' && on ? extended(begun, on, at, law) : begun
}

/** Once, by what the rule allows, from the present end on. */
function prolonged({ extension, ...deadline }: Deadline, at: string, law: DeadlineLaw): Deadline {
  if (extension === undefined || deadline.state === 'MET') return { ...deadline, ...(extension !== undefined && { extension }) }
  const lastMoment = new Date(Date.parse(deadline.dueAt) - 1).toISOString()
  const duration = parseDuration(extension)
  const due = dueAt(duration, isCounted(duration) ? lastMoment : deadline.dueAt, law.calendar, deadline.counted)
  return { ...deadline, dueAt: due, tell: notices({ ...deadline, dueAt: due }, at, law) }
}

function extended(list: Deadline[], until: string, at: string, law: DeadlineLaw): Deadline[] {
  return [...list.filter(deadline => deadline.obligation !== 'PRESERVE'), clock('PRESERVE', until, at, 'extended by the requested authority', 'DAYS', law)]
}

/** A deferred notice to the person is reviewed by the end of a day of the requested state. */
function noticeUntil(list: Deadline[], day: string | null | undefined, at: string, law: DeadlineLaw): Deadline[] {
  if (!day) return list
  const due = endOfDay(day, law.calendar.timeZone)
  const others = list.filter(deadline => deadline.obligation !== 'NOTIFY_PERSON')
  return due > at ? [...others, clock('NOTIFY_PERSON', due, at, 'deferred until this day of review', 'DAYS', law)] : others
}

type Entering = (list: Deadline[], event: ClockEvent, law: DeadlineLaw) => Deadline[]

/** What a new status starts and ends. */
const ENTERING: Partial<Record<RequestStatus, Entering>> = {
  INFO_REQUESTED: (list, { answerBy, at }, law) => fixed(list, 'ANSWER_INFORMATION', answerBy, at, 'set by the requested authority with its question', law),
  NEGOTIATION: (list, { at }, law) => started(list, limitsOf(law, 'ANSWER_SCOPE'), at, law),
  CONDITIONS_PENDING: (list, { at }, law) => started(list, limitsOf(law, 'ANSWER_CONDITIONS'), at, law),
  POSTPONED: (list, { until, at }, law) => fixed(list, 'RESUME', until, at, 'set by the requested authority with the postponement', law),
  ACCEPTED: (list, { act, at }, law) => (act === 'RESUME' ? list : decidedAt(list, at, law)),
  EXECUTED: (list, { at }, law) => started(met(list, MET_BY_EXECUTION), limitsOf(law, 'CONFIRM'), at, law),
  ASSESSMENT: (list, { act, from, at }, law) => {
    const unasked = list.filter(deadline => deadline.state === 'MET' || !ANSWERING.includes(deadline.obligation))
    if (from === 'CONDITIONS_PENDING') return reopened(unasked, 'DECIDE')
    return act === 'SUPPLEMENT' ? informed(unasked, at, law) : unasked
  },
}

/** Full information came only with the supplement: what runs from there runs anew. */
const informed = (list: Deadline[], at: string, law: DeadlineLaw): Deadline[] => started(list, limitsFrom(law, ['FULL_INFORMATION']), at, law)

function decidedAt(list: Deadline[], at: string, law: DeadlineLaw): Deadline[] {
  const limits = limitsFrom(law, FROM_DECISION)
  const others = started(list, limits.filter(limit => limit.obligation !== 'PRESERVE'), at, law)
  return law.kind === 'PRESERVATION' ? preserved(others, limits.filter(limit => limit.obligation === 'PRESERVE'), at, law) : others
}

/** One clock for the preservation: the day that was asked for, or the instrument's term where that ends later. */
function preserved(list: Deadline[], limits: readonly TimeLimitRow[], at: string, law: DeadlineLaw): Deadline[] {
  const asked = law.preserveUntil ? endOfDay(law.preserveUntil, law.calendar.timeZone) : null
  const terms = limits.map(limit => start(limit, at, law))
  const wish = asked && asked > at ? [clock('PRESERVE', asked, at, 'preservation asked until this day', 'DAYS', law)] : []
  const longest = [...terms, ...wish].reduce<Deadline | null>((one, other) => (one && one.dueAt >= other.dueAt ? one : other), null)
  return longest ? [...list.filter(deadline => deadline.obligation !== 'PRESERVE'), longest] : list
}

/** The level's clocks, those of an instrument that hang on it included, are replaced from the change on; what was met stays met. */
function afterUrgency(current: Deadline[], event: ClockEvent, law: DeadlineLaw): Deadline[] {
  if (!event.urgency) return current
  const { before, after } = event.urgency
  const kept = current.filter(({ state, urgencies }) => state === 'MET' || !urgencies || urgencies.includes(after))
  const status = event.to === 'POSTPONED' ? (event.resumeTo ?? 'ASSESSMENT') : event.to
  const owed = allLimits(law).filter(limit => limit.urgencies && !limit.urgencies.includes(before) && fits(limit, law, after) && isOwed(limit, status))
  const fresh = started([], owed, event.at, { ...law, urgency: after })
  return [...kept, ...(PAUSING.includes(event.to) ? pausedAt(fresh, event.at) : fresh)]
}

/** Whether the obligation can still be owed in a status. */
function isOwed(limit: TimeLimitRow, status: RequestStatus): boolean {
  if (limit.obligation === 'ACKNOWLEDGE') return status === 'DELIVERED'
  if (FROM_DECISION.includes(limit.runsFrom)) return EXECUTING.includes(status)
  return FROM_RECEIPT.includes(limit.runsFrom) && (limit.obligation === 'DECIDE' ? UNDECIDED.includes(status) : status !== 'EXECUTED')
}

/** Limits that apply to this request. A row narrowed to measures applies where one of them is asked for. */
const fits = (limit: TimeLimitRow, law: DeadlineLaw, urgency: Urgency): boolean =>
  (!limit.kinds || limit.kinds.includes(law.kind)) && (!limit.urgencies || limit.urgencies.includes(urgency)) &&
  (!limit.measures || limit.measures.some(measure => law.measures.includes(measure)))

const allLimits = (law: DeadlineLaw): readonly TimeLimitRow[] => [...law.limits, ...law.urgencyLimits]

const limitsFrom = (law: DeadlineLaw, starts: readonly ClockStart[]): TimeLimitRow[] =>
  allLimits(law).filter(limit => starts.includes(limit.runsFrom) && fits(limit, law, law.urgency))

const limitsOf = (law: DeadlineLaw, obligation: Obligation): TimeLimitRow[] =>
  allLimits(law).filter(limit => limit.obligation === obligation && fits(limit, law, law.urgency))

/** Each limit as a deadline of its own; one that runs anew takes the place of the old one. */
function started(list: readonly Deadline[], limits: readonly TimeLimitRow[], at: string, law: DeadlineLaw): Deadline[] {
  const fresh = new Map<string, Deadline>()
  for (const limit of limits) fresh.set(`${limit.obligation} ${limit.limit} ${limit.source}`, start(limit, at, law))
  const clocks = [...fresh.values()]
  return [...list.filter(old => !clocks.some(clock => clock.obligation === old.obligation && clock.source === old.source)), ...clocks]
}

function start(limit: TimeLimitRow, at: string, law: DeadlineLaw): Deadline {
  const duration = parseDuration(limit.limit)
  const running = clock(limit.obligation, dueAt(duration, at, law.calendar, limit.counted), at, limit.source, isCounted(duration) ? 'DAYS' : 'HOURS', law)
  return { ...running, ...(limit.counted && { counted: limit.counted }), ...(limit.extension && { extension: limit.extension }), ...(limit.urgencies && { urgencies: [...limit.urgencies] }) }
}

/** Hours are exact; days are counted without the first and end at 24:00 of the last in the requested state. */
export function dueAt(duration: Duration, at: string, calendar: Calendar, counted: DayCounting = 'TO_WORKING_DAY'): string {
  if (!isCounted(duration)) return new Date(Date.parse(at) + exactMs(duration)).toISOString()
  return endOfDay(lastDay(localDate(at, calendar.timeZone), duration, counted, calendar), calendar.timeZone)
}

/** A clock whose end one side has set. */
function fixed(list: Deadline[], obligation: Obligation, due: string | undefined, at: string, source: string, law: DeadlineLaw): Deadline[] {
  if (due === undefined) return list
  return [...list.filter(old => old.obligation !== obligation), clock(obligation, new Date(due).toISOString(), at, source, 'HOURS', law)]
}

function clock(obligation: Obligation, due: string, at: string, source: string, unit: Deadline['unit'], law: DeadlineLaw): Deadline {
  const of: Side = OF_REQUESTING.includes(obligation) ? 'REQUESTING' : 'REQUESTED'
  const bare: Deadline = { obligation, of, dueAt: due, state: 'RUNNING', source, pausedSince: null, unit, tell: [] }
  return { ...bare, tell: notices(bare, at, law) }
}

const met = (list: Deadline[], obligations: readonly Obligation[]): Deadline[] =>
  list.map(deadline => (deadline.state !== 'MET' && obligations.includes(deadline.obligation) ? { ...deadline, state: 'MET', pausedSince: null } : deadline))

const reopened = (list: Deadline[], obligation: Obligation): Deadline[] =>
  list.map(deadline => (deadline.state === 'MET' && deadline.obligation === obligation ? { ...deadline, state: 'RUNNING' } : deadline))

/** Nothing runs any more: what was met stays as a record, the rest falls away. */
const settled = (list: Deadline[]): Deadline[] => list.filter(deadline => deadline.state === 'MET')

/** The requested side waits: its tasks stand still, but for those that it is late with already. */
const pausedAt = (list: Deadline[], at: string): Deadline[] =>
  list.map(deadline => {
    const pauses = deadline.of === 'REQUESTED' && deadline.state === 'RUNNING' && deadline.dueAt > at && !UNPAUSED.includes(deadline.obligation)
    return pauses ? { ...deadline, state: 'PAUSED', pausedSince: at } : deadline
  })

const resumed = (list: Deadline[], at: string, calendar: Calendar): Deadline[] =>
  list.map(deadline => {
    if (deadline.state !== 'PAUSED') return deadline
    const due = movedBy(deadline, at, calendar), later = Date.parse(due) - Date.parse(deadline.dueAt)
    const tell = deadline.tell.map(notice => ({ ...notice, at: new Date(Date.parse(notice.at) + later).toISOString() }))
    return { ...deadline, state: 'RUNNING', pausedSince: null, dueAt: due, tell }
  })

/** Hours move by the pause to the millisecond; days by as many days as the pause has begun, counted as before. */
function movedBy(deadline: Deadline, at: string, calendar: Calendar): string {
  const since = Date.parse(deadline.pausedSince ?? at), until = Math.max(since, Date.parse(at))
  if (deadline.unit === 'HOURS') return new Date(Date.parse(deadline.dueAt) + until - since).toISOString()
  const counted = deadline.counted ?? 'TO_WORKING_DAY'
  const last = localDate(new Date(Date.parse(deadline.dueAt) - 1).toISOString(), calendar.timeZone)
  return endOfDay(lastDay(last, { amount: daysBegun(since, until, counted, calendar), unit: 'D' }, counted, calendar), calendar.timeZone)
}

/** The same array where nothing changed, so that a fact need not carry it. */
const same = (before: Deadline[], after: Deadline[]): Deadline[] =>
  before.length === after.length && after.every((deadline, i) => deadline === before[i]) ? before : after

/** The earliest running deadline: by when somebody must act. */
export function respondBy(deadlines: readonly Deadline[]): string | null {
  return earliest(deadlines.filter(deadline => deadline.state === 'RUNNING').map(deadline => deadline.dueAt))
}

/** Whether a running clock has ended, as of now; every other state is as stored. */
export const isOverdue = (deadline: Deadline, now: string): boolean => deadline.state === 'RUNNING' && deadline.dueAt <= now
