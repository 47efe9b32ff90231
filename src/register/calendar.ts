// Public holidays of the states, from the maintained library, as the calendars that the pure clocks take. Knows no limit and no request.
import Holidays from 'date-holidays'
import { DAY_MS, dayOf, type Calendar } from '../domain/calendar-days'
import type { JurisdictionRow } from '../domain/law/register'

export type CalendarOf = (jurisdiction: Pick<JurisdictionRow, 'code' | 'capitalTimeZone' | 'capitalRegion'>) => Calendar

/** Calendars by state, each year read once. A state or region that the library lacks has no holidays, only weekends. */
export function calendars(): CalendarOf {
  const known = new Map<string, Calendar>()
  return ({ code, capitalTimeZone, capitalRegion = '' }) => {
    const key = `${code} ${capitalRegion} ${capitalTimeZone}`
    const calendar = known.get(key) ?? calendarOf(code, capitalRegion, capitalTimeZone)
    known.set(key, calendar)
    return calendar
  }
}

function calendarOf(code: string, region: string, timeZone: string): Calendar {
  const library = new Holidays()
  if (!(region && library.init(code, region))) library.init(code)
  const years = new Map<number, ReadonlySet<string>>()
  const of = (year: number): ReadonlySet<string> => {
    const days = years.get(year) ?? holidaysOf(library, year)
    years.set(year, days)
    return days
  }
  return { timeZone, isHoliday: date => of(Number(date.slice(0, 4))).has(date) }
}

/** Public holidays alone: bank, school, optional days and observances stop no clock. */
function holidaysOf(library: Holidays, year: number): ReadonlySet<string> {
  const publicDays = library.getHolidays(year).filter(holiday => holiday.type === 'public')
  return new Set(publicDays.flatMap(holiday => daysOf(holiday.date, holiday.end.getTime() - holiday.start.getTime())))
}

/** The library counts a day as 23 to 25 hours where the clocks change. */
function daysOf(date: string, length: number): string[] {
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`)
  return Array.from({ length: Math.max(1, Math.round(length / DAY_MS)) }, (_, i) => dayOf(new Date(first + i * DAY_MS)))
}
