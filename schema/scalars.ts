// The scalars of the contract. Values are their own wire form in the domain; errors never echo what was sent.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'

const CHARACTERS_AT_MOST = 2_048

interface ScalarOrder { name: string; description: string; accepts: (text: string) => boolean; hint: string; normalise?: (text: string) => string; /** Length is judged elsewhere. */ anyLength?: boolean }

/** A scalar over text. */
function textScalar({ name, description, accepts, hint, normalise = text => text, anyLength = false }: ScalarOrder): GraphQLScalarType<string, string> {
  const read = (value: unknown): string => {
    if (typeof value === 'string' && (anyLength || value.length <= CHARACTERS_AT_MOST) && accepts(value)) return normalise(value)
    throw new GraphQLError(`${name} expected: ${hint}`)
  }
  return new GraphQLScalarType<string, string>({
    name, description, serialize: value => String(value), parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : undefined),
  })
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/

/** Without a Date: instants are read by the thousand. */
function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return year >= 1900 && day >= 1 && day <= (month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0))
}

/** Of an instant that is written to the millisecond, as all of ours are. */
const MILLISECONDS = '2026-11-22T09:30:00.000Z'.length

const isInstant = (text: string): boolean => INSTANT.test(text) && isDay(text.slice(0, 10))

export const InstantScalar = textScalar({
  name: 'Instant', description: 'Point in time, RFC 3339, always UTC (`2026-11-22T09:30:00.000Z`), from 1900 on.',
  accepts: isInstant, normalise: text => (text.length === MILLISECONDS ? text : new Date(text).toISOString()), hint: 'RFC 3339 in UTC, 2026-11-22T09:30:00.000Z.',
})
export const LocalDateScalar = textScalar({ name: 'LocalDate', description: 'Calendar day, `YYYY-MM-DD`, from 1900 on.', accepts: isDay, hint: 'a calendar day, YYYY-MM-DD.' })
export const LocalTimeScalar = textScalar({ name: 'LocalTime', description: 'Time on a clock on the wall, `HH:MM`, 00:00 to 23:59.', accepts: text => /^([01]\d|2[0-3]):[0-5]\d$/.test(text), hint: 'a time, HH:MM.' })
export const CountryCodeScalar = textScalar({ name: 'CountryCode', description: 'ISO 3166-1 alpha-2, upper case (`DE`).', accepts: text => /^[A-Z]{2}$/.test(text), hint: 'two upper-case letters.' })
export const CursorScalar = textScalar({
  name: 'Cursor', description: 'Opaque position. A feed\'s is bound to an authority and serves every feed field with any filter; a list\'s is bound to authority, role, field and arguments. Clients store it and send it back, never read it.',
  accepts: () => true, hint: 'a cursor as it came.', anyLength: true,
  // Who opens cursors says of one that is too long what is said of every one that was not given out.
  normalise: text => text.slice(0, CHARACTERS_AT_MOST + 1),
})
export const Sha256Scalar = textScalar({ name: 'Sha256', description: 'Lower-case hex SHA-256.', accepts: text => /^[0-9a-f]{64}$/.test(text), hint: '64 lower-case hexadecimal digits.' })
export const DurationScalar = textScalar({ name: 'Duration', description: 'ISO 8601 duration in one unit (`P7D`, `PT24H`, `P6M`).', accepts: text => /^P(\d{1,5}[YMWD]|T\d{1,5}[HMS])$/.test(text), hint: 'ISO 8601 in one unit, P7D.' })

const readBytes = (value: unknown): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) return value
  throw new GraphQLError('ByteCount expected: a whole number from 0 to 2^53 - 1.')
}

export const ByteCountScalar = new GraphQLScalarType<number, number>({
  name: 'ByteCount', description: 'Number of bytes: a whole number from 0 to 2^53 - 1, as a JSON number. Evidence may exceed what Int holds.',
  serialize: readBytes, parseValue: readBytes, parseLiteral: node => readBytes(node.kind === Kind.INT ? Number(node.value) : undefined),
})
