// Every clock of domain.md §3.2 from its start to what meets it, with the register's own rows and an injected clock.
import { deadlineLaw, deadlinesAfter, type ClockEvent, type DeadlineLaw } from '../../src/domain/deadlines'
import type { Deadline } from '../../src/domain/request'
import type { RequestStatus, Urgency } from '../../src/domain/vocabulary'
import { calendars } from '../../src/register/calendar'
import { register } from './register'
import { act, beside, CLOCKS, UNKNOWABLE, type ClockRow, type Rest } from './time-limits.table'

const law = register(), calendarOf = calendars()
const paris = calendarOf(law.jurisdictions.find(row => row.code === 'FR') ?? { code: 'FR', capitalTimeZone: 'Europe/Paris' })
const HOUR = 3_600_000

const lawOf = ({ cites, kind, measures = [], urgency = 'ROUTINE', asks, with: more = [] }: ClockRow): DeadlineLaw => {
  const rests = deadlineLaw(law, { kind, measures, urgency, legalBases: [{ treatyCode: cites }] }, paris, asks)
  return { ...rests, limits: [...rests.limits, ...more] }
}
const walk = (way: readonly ClockEvent[], rests: DeadlineLaw, from: Deadline[] = []): Deadline[] => way.reduce((list, event) => deadlinesAfter(list, event, rests), from)
const ofRow = (list: readonly Deadline[], { obligation, source }: ClockRow): Deadline[] => list.filter(each => each.obligation === obligation && each.source === source)
const running = (list: readonly Deadline[], row: ClockRow): string[] => ofRow(list, row).filter(each => each.state === 'RUNNING').map(each => each.dueAt).sort()

/** The requested side rests for exactly 48 hours, from half an hour after the clock's start. */
function rest(how: Rest, { way }: ClockRow): [begins: ClockEvent, ends: ClockEvent] {
  const { at = '', to: status = 'ASSESSMENT' } = way.at(-1) ?? {}
  const begin = new Date(Date.parse(at) + 0.5 * HOUR).toISOString(), end = new Date(Date.parse(at) + 48.5 * HOUR).toISOString()
  switch (how) {
    case 'INFO_REQUESTED': return [act('ASK_FOR_INFORMATION', status, 'INFO_REQUESTED', begin), act('SUPPLEMENT', 'INFO_REQUESTED', 'ASSESSMENT', end)]
    case 'POSTPONED': return [act('POSTPONE', status, 'POSTPONED', begin), act('RESUME', 'POSTPONED', status, end)]
    case 'LEGAL_REMEDY_PENDING': return [beside('RAISE_OVERLAY', status, begin, { overlay: how }), beside('LIFT_OVERLAY', status, end, { overlay: how }, { remedyPending: true })]
  }
}
const BEFORE_DECISION: readonly (RequestStatus | undefined)[] = ['DELIVERED', 'ACKNOWLEDGED', 'ASSESSMENT']
const restsOf = ({ rests, way }: ClockRow): readonly Rest[] =>
  rests ?? (BEFORE_DECISION.includes(way.at(-1)?.to) ? ['INFO_REQUESTED', 'POSTPONED', 'LEGAL_REMEDY_PENDING'] : ['POSTPONED', 'LEGAL_REMEDY_PENDING'])

describe.each(CLOCKS.map(row => [row.row, row] as const))('%s', (_, row) => {
  const rests = lawOf(row), started = walk(row.way, rests)

  test('starts with its event and not before, and ends when it must', () => {
    const before = running(walk(row.way.slice(0, -1), rests), row)
    expect(before.filter(end => row.ends.includes(end))).toEqual([])
    expect(running(started, row)).toEqual(row.ends)
  })

  test.each(restsOf(row))('%s lengthens it by its own time, or lets it run on where it is a term', how => {
    const [begins, ends] = rest(how, row)
    const resting = walk([begins], rests, started)
    expect(ofRow(resting, row).map(each => each.state)).toEqual(row.ends.map(() => (row.rested ? 'PAUSED' : 'RUNNING')))
    expect(running(walk([ends], rests, resting), row)).toEqual(row.rested ?? row.ends)
  })

  test('is met by its act, and tells nothing more', () => {
    const met = walk([row.met], rests, started)
    expect(ofRow(met, row).map(each => each.state)).toEqual(row.ends.map(() => 'MET'))
  })

  test('is warned of before the end, told at the end, and escalated by the ladder of its urgency', () => {
    for (const deadline of ofRow(started, row)) {
      const at = (type: string): string[] => deadline.tell.filter(notice => notice.type === type).map(notice => notice.at)
      const after = (hours: number): string => new Date(Date.parse(deadline.dueAt) + hours * HOUR).toISOString()
      expect(at('OVERDUE')).toEqual([deadline.dueAt])
      expect(at('DUE_SOON').length).toBeGreaterThan(0)
      expect(at('DUE_SOON').every(warned => warned < deadline.dueAt && warned > (row.way.at(-1)?.sentAt ?? row.way.at(-1)?.beside?.on ?? row.way.at(-1)?.at ?? ''))).toBe(true)
      expect(at('ESCALATED')).toEqual(row.obligation === 'PRESERVE' ? [] : LADDER[deadline.unit][row.urgency ?? 'ROUTINE'].map(after))
    }
  })
})

/** Hours after the end, as the rows have them. */
const LADDER: Record<Deadline['unit'], Record<Urgency, readonly number[]>> = {
  HOURS: { EMERGENCY: [0.5, 2, 6], URGENT: [6, 24, 48], PRIORITY: [24, 72], ROUTINE: [72, 168] },
  DAYS: { EMERGENCY: [24, 72, 168], URGENT: [24, 72, 168], PRIORITY: [72, 168], ROUTINE: [168, 720] },
}

describe('what no clock can run for', () => {
  test.each(UNKNOWABLE.map(row => [row.row, row] as const))('%s: the reason stands beside it, and nothing starts', (_, { because, source }) => {
    expect(because.length).toBeGreaterThan(10)
    const kinds = source ? law.instruments.filter(row => row.timeLimits.some(limit => limit.source === source)) : []
    for (const instrument of kinds) {
      const limit = instrument.timeLimits.find(each => each.source === source)
      for (const { way, met } of CLOCKS) {
        const rests = deadlineLaw(law, { kind: 'EVIDENCE', measures: limit?.measures ?? [], urgency: 'EMERGENCY', legalBases: [{ treatyCode: instrument.code }] }, paris)
        expect(walk([...way, met], rests).filter(each => each.source === source)).toEqual([])
      }
    }
  })
})

test('a deadline without reasons binds only where the instrument asks for none', () => {
  const asked = (cites: string): Deadline[] => {
    const row = CLOCKS.find(each => each.cites === cites)
    return row ? walk(row.way, lawOf({ ...row, asks: { neededBy: '2026-03-20T12:00:00.000Z', withReasons: false } })) : []
  }
  expect(['UNTOC', 'UNCAC', 'EU2000'].map(cites => asked(cites).length)).toEqual([0, 0, 1])
})

test('every limit of the register stands in the table', () => {
  const known = new Set([...CLOCKS.map(row => `${row.obligation} ${row.source}`), ...UNKNOWABLE.map(row => `OBJECT ${row.source}`)])
  const rows = law.instruments.flatMap(row => [...row.timeLimits, ...(row.askedLimits ?? [])])
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.map(row => `${row.obligation} ${row.source}`).filter(name => !known.has(name))).toEqual([])
})
