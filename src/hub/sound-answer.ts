// Whether what a node said is an answer to the question: rows of the viewer's authority alone, decided where they came from, desks of its own, each field of the
// type that the schema gives it. What is not is shown to nobody. Must not know how a node was asked.
import {
  getNullableType, isEnumType, isListType, isNonNullType, isObjectType, isScalarType, Kind, parse,
  type FieldNode, type GraphQLNonNull, type GraphQLObjectType, type GraphQLOutputType, type GraphQLScalarType, type GraphQLSchema, type SelectionSetNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { isTimeZone } from '../domain/duty'
import type { AuthorityId } from '../domain/request'
import { Rows } from '../peer/lines'
import { isVersion, nodesIn, type DutyAnswer, type ListAsk, type ListKey, type ListTold, type ReadAnswer, type RemoteError } from '../peer/reading'
import { CONTACT_FIELDS, type Projection } from './projection'
import { attachErrors, ERRORS_AT_MOST, type RemoteObject } from './remote'

export interface AskedOf { list: ListAsk; projection: Projection; /** The authority whose viewer asks. */ viewers: AuthorityId }
/** A house that answered, and the state whose requests and desks bear its code. */
export interface Answering { authority: AuthorityId; country: string | null }

const REFERENCE = /^[A-Z]{2}-\d{4}-\d{6,12}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/
const NAME_AT_MOST = 200
const CHECKS_KEPT = 500

/** What was told of the rows, and each of them once it is wanted: null where it is unsound. */
export interface SoundAnswer { told: ListTold; row: (position: number) => RemoteObject | null }

/** Null where what was told is unsound. A row is looked at where it is shown; most rows of a merge are not. */
export function soundAnswer(answer: ReadAnswer, from: Answering, asked: AskedOf): SoundAnswer | null {
  const { told, errors } = answer as { told?: unknown; errors?: unknown }
  const rows = rowsOf(answer)
  if (!isTold(told, from, asked) || rows?.length !== told.keys.length || !areErrors(errors)) return null
  const { projection } = asked
  const fits = checkOf(projection)
  const row = (position: number): RemoteObject | null => {
    const node = rows.at(position)
    if (node === null || !fits(node) || !isOfKey(node as RemoteObject, told.keys[position], from, projection)) return null
    attachErrors(node as RemoteObject, errorsBelow(['r', 'nodes', position], errors))
    return node as RemoteObject
  }
  return { told, row }
}

const rowsOf = ({ rows, data }: ReadAnswer): { length: number; at(position: number): unknown } | null => (rows instanceof Rows ? rows : nodesIn(data))

/** With paths that begin there. */
const errorsBelow = (place: readonly (string | number)[], errors: readonly RemoteError[] = []): RemoteError[] =>
  errors.flatMap(error => (place.every((step, i) => error.path?.[i] === step) ? [{ ...error, path: error.path?.slice(place.length) ?? [] }] : []))

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= NAME_AT_MOST

const areErrors = (errors: unknown): errors is RemoteError[] | undefined =>
  errors === undefined || (Array.isArray(errors) && errors.length <= ERRORS_AT_MOST && errors.every(error => isObject(error) && typeof error['message'] === 'string' && isPath(error['path'])))

const isPath = (path: unknown): boolean => path === undefined || (Array.isArray(path) && path.every(step => (typeof step === 'string' && step !== '__proto__') || typeof step === 'number'))

function isTold(told: unknown, from: Answering, { list, viewers }: AskedOf): told is ListTold {
  if (!isObject(told)) return false
  const { asOf, keys, more, known } = told
  if (typeof asOf !== 'string' || !INSTANT.test(asOf) || typeof more !== 'boolean' || !Array.isArray(keys) || !Array.isArray(known)) return false
  const wanted = new Set(list.known)
  const isOwn = from.authority === viewers
  if (!isOwn && known.length > wanted.size) return false
  if (!known.every(reference => typeof reference === 'string' && (isOwn || wanted.has(reference)))) return false
  if (keys.length > list.limit || (more && keys.length < list.limit) || !keys.every(key => isKey(key, from, viewers))) return false
  const among = list.scope === 'REFERENCES' ? new Set(list.references) : null
  const references = new Set<string>()
  for (const { reference } of keys as ListKey[]) if (!among || among.has(reference)) references.add(reference)
  return references.size === keys.length
}

/** A row to which the viewer's authority is a party; of another store, one that this store decides, and of its own requests one with a reference that it gave. */
function isKey(key: unknown, from: Answering, viewers: AuthorityId): key is ListKey {
  if (!isObject(key)) return false
  const { reference, value, requesting, requested, decider, submitted, pending, version } = key
  if (typeof reference !== 'string' || !REFERENCE.test(reference) || (value !== null && !isName(value))) return false
  if (!isName(requesting) || !isName(requested) || typeof submitted !== 'boolean' || typeof pending !== 'boolean') return false
  if (version !== undefined && !isVersion(version)) return false
  const isParty = (house: AuthorityId): boolean => requesting === house || requested === house
  if (!isParty(viewers) || from.authority === viewers) return isParty(viewers)
  return decider === from.authority && isParty(from.authority) && (requesting !== from.authority || reference.startsWith(`${from.country}-`))
}

/** A row says of itself what its key says of it, and of its origin who answered. */
function isOfKey(node: RemoteObject, key: ListKey | undefined, { authority }: Answering, { fields }: Projection): boolean {
  const says = (field: string, check: (value: unknown) => boolean): boolean => (fields.get(field) ?? []).every(name => check(node[name]))
  const isHouse = (id: string | undefined) => (value: unknown): boolean => (value as { id?: unknown } | null)?.id === id
  return says('reference', value => value === key?.reference) && says('id', value => value === `request:${key?.reference}`)
    && says('requesting', isHouse(key?.requesting)) && says('requested', isHouse(key?.requested)) && says('origin', value => isFrom(value, authority))
}

/** Texts of an origin are whose it is, and when. */
const isFrom = (origin: unknown, authority: AuthorityId): boolean =>
  Object.values(origin as object).every(value => typeof value !== 'string' || value === authority || value === 'RequestOrigin' || INSTANT.test(value))

const DESKS_AT_MOST = 1_000

/** What a node says of its desks, as far as it is of its own desks; null where any of it is unsound. */
export function soundDuty(answer: unknown, from: Answering, schema: GraphQLSchema): DutyAnswer | null {
  if (!isObject(answer)) return null
  const { asOf, contactPoints, medianAcknowledgeMinutes: median, feedCursor } = answer
  const isSound = typeof asOf === 'string' && INSTANT.test(asOf) && (median === null || (Number.isInteger(median) && Math.abs(median as number) < 2 ** 31))
    && (feedCursor === undefined || feedCursor === null || typeof feedCursor === 'string') && areDesks(contactPoints, from, schema)
  return isSound ? (answer as unknown as DutyAnswer) : null
}

function areDesks(desks: unknown, from: Answering, schema: GraphQLSchema): boolean {
  const type = schema.getType('ContactPoint')
  if (!Array.isArray(desks) || desks.length > DESKS_AT_MOST || !isObjectType(type)) return false
  const fits = checkOf({ text: `{ ${CONTACT_FIELDS} }`, type, schema })
  return desks.every(desk => desk !== null && fits(desk) && isDesk(desk as Desk, from)) && new Set(desks.map((desk: Desk) => desk.id)).size === desks.length
}

interface Desk { id: string; authority: { id: string }; shifts: { timeZone: string }[] }

const isDesk = ({ id, authority, shifts }: Desk, from: Answering): boolean =>
  authority.id === from.authority && id.startsWith(`contact:${from.country}:`) && id.length <= NAME_AT_MOST && shifts.every(({ timeZone }) => isTimeZone(timeZone))

/** Whether a value is of a type and holds what was selected of it, as an execution would have made it. */
type Check = (value: unknown) => boolean

/** By type and by the text of what was selected of it. */
const checks = new WeakMap<GraphQLObjectType, LRUCache<string, Check>>()

/** One question is put again and again: what its rows must be is worked out once. */
function checkOf({ text, type, schema }: Pick<Projection, 'text' | 'type' | 'schema'>): Check {
  const ofType = checks.get(type) ?? new LRUCache<string, Check>({ max: CHECKS_KEPT })
  checks.set(type, ofType)
  const known = ofType.get(text)
  if (known) return known
  const [operation] = parse(text, { noLocation: true }).definitions
  const set = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : undefined
  const check = checkOfType(schema, type, set)
  ofType.set(text, check)
  return check
}

function checkOfType(schema: GraphQLSchema, type: GraphQLOutputType, set: SelectionSetNode | undefined): Check {
  const check = checkOfValue(schema, getNullableType(type) as NullableOutput, set)
  return isNonNullType(type) ? check : value => value === null || check(value)
}

type NullableOutput = Exclude<GraphQLOutputType, GraphQLNonNull<never>>

function checkOfValue(schema: GraphQLSchema, type: NullableOutput, set: SelectionSetNode | undefined): Check {
  if (isListType(type)) {
    const check = checkOfType(schema, type.ofType, set)
    return value => Array.isArray(value) && value.every(check)
  }
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name))
    return value => typeof value === 'string' && names.has(value)
  }
  if (isScalarType(type)) return value => isOfScalar(type, value)
  const possible = new Map((isObjectType(type) ? [type] : schema.getPossibleTypes(type)).map(each => [each.name, fieldChecks(schema, each, set)]))
  const only = isObjectType(type) ? possible.get(type.name) : undefined
  return value => {
    if (!isObject(value)) return false
    const fields = only ?? possible.get(String(value['__typename']))
    return fields !== undefined && fields.every(({ key, check }) => Object.hasOwn(value, key) && check(value[key]))
  }
}

/** What a projection selects of a concrete type: fields, and inline fragments on it. */
function fieldChecks(schema: GraphQLSchema, type: GraphQLObjectType, set: SelectionSetNode | undefined): { key: string; check: Check }[] {
  return (set?.selections ?? []).flatMap(selection => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection.typeCondition?.name.value === type.name ? fieldChecks(schema, type, selection.selectionSet) : []
    return selection.kind === Kind.FIELD ? [{ key: selection.alias?.value ?? selection.name.value, check: fieldCheck(schema, type, selection) }] : [UNFIT]
  })
}

const UNFIT = { key: '', check: () => false }

function fieldCheck(schema: GraphQLSchema, type: GraphQLObjectType, { name, selectionSet }: FieldNode): Check {
  if (name.value === '__typename') return value => value === type.name
  const field = type.getFields()[name.value]
  return field ? checkOfType(schema, field.type, selectionSet) : UNFIT.check
}

/** As JSON has it: no object or list in the place of a text, no text in the place of a number. */
function isOfScalar(type: GraphQLScalarType, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
  try {
    return type.parseValue(value) !== undefined
  } catch { return false }
}
