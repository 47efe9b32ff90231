// Many stores, one answer: the home node first (own rows, partners, assertions), then those partners at once, merged into one ordered page.
// The deciding store's copy wins; where it cannot be reached, or shows what the home node does not vouch for, the viewer's own copy stands in, as its node
// marks it: stale.
import type { AuthorityId } from '../domain/request'
import type { RequestOrder } from '../domain/vocabulary'
import { decidedElsewhere, type ListAsk, type ListKey, type ListTold, type Place, type ReadBody, type ReadText } from '../peer/reading'
import { fault, Refusal } from '../refusal'
import { homeOf, remoteRefusal, type Asker, type Houses, type Outcome } from './houses'
import type { Projection } from './projection'
import type { RemoteObject } from './remote'
import type { SharedRequests } from './shared-requests'
import { soundAnswer, type AskedOf, type SoundAnswer } from './sound-answer'

export interface SourceSlot { authority: AuthorityId; state: 'ANSWERED' | 'REFUSED' | 'UNREACHABLE' | 'TIMED_OUT'; tookMs: number; asOf: string | null; /** Why there is no answer; null where there is one. */ reason: string | null }
export interface MergedRow { key: ListKey; from: AuthorityId; data: RemoteObject }
/** A row as a store told of it. */
class ToldRow {
  #data: RemoteObject | null | undefined = undefined

  constructor(readonly key: ListKey, readonly from: AuthorityId, private readonly answer: SoundAnswer, private readonly position: number) {}

  /** What it shows, looked at once it is wanted; null where that is unsound. */
  read(): RemoteObject | null {
    if (this.#data === undefined) this.#data = this.answer.row(this.position)
    return this.#data
  }
}
export interface MergedPage { rows: MergedRow[]; hasNext: boolean; sources: SourceSlot[]; feedCursor: string | null }

/** What a client selected of each request, printed whole, and what the home node alone can tell. */
export interface RowSelection { whole: Projection; fromHome: Projection; /** No field at all: the home node tells which rows it knows. */ keysAlone: Projection }

export interface ListQuestion { filter: unknown; order: RequestOrder; first: number; after: Place | null }
export interface ReferenceQuestion {
  references: readonly string[]
  /** Where the deciding store is ahead, the own one is given a moment to hear of it, so that what is read there next, its feed and its timelines, shows what was shown here. */
  isOwnAwaited?: boolean
}

/** The stores that can be asked, and what is known of them. */
export interface Stores { houses: Houses; shared: SharedRequests; /** Code of the state that an authority belongs to. */ countryOf: (authority: AuthorityId) => string | null }

interface Reading extends Stores { asker: Asker; selection: RowSelection; signal: AbortSignal; filter: unknown; order: RequestOrder }

/** Fields that come from the viewer's own store, whoever decides. */
export const HOME_FIELDS: readonly string[] = ['timeline', 'pending', 'relations', 'escalatedTo']
const ASSERTION_LIFE_MS = 60_000

export async function mergedPage(stores: Stores, asker: Asker, question: ListQuestion, selection: RowSelection, signal: AbortSignal): Promise<MergedPage> {
  const reading: Reading = { asker, selection, signal, filter: question.filter, order: question.order, ...stores }
  const bounds = boundsOf(question)
  const home = await askHome(reading, { scope: 'HOME', ...bounds })
  const partners = await vouchedFor(reading, await askPartners(reading, home, { scope: 'DECIDED', ...bounds }))
  return (await pageOf(reading, question, home, partners)) ?? (await pageOf(reading, question, home, partners.map(whollySound))) ?? fault('a page of sound answers is unsound')
}

/** Of each store: one row more than the page has shows whether there are more. */
const boundsOf = ({ first, after }: ListQuestion): Pick<ListAsk, 'limit' | 'after'> => ({ limit: first + 1, ...(after && { after }) })

/** Null where a partner's row on it is unsound. */
async function pageOf(reading: Reading, question: ListQuestion, home: Slot, partners: readonly Slot[]): Promise<MergedPage | null> {
  const silent = partners.filter(partner => !partner.told).map(partner => partner.source.authority)
  const copies = silent.length > 0 ? await askHome(reading, { scope: 'COPIES', deciders: silent, ...boundsOf(question) }) : null
  const merged = merge([withoutKnown(home, partners), ...partners, ...(copies ? [copies] : [])], question.order, question.first)
  const rows: MergedRow[] = []
  for (const row of merged.rows) {
    const data = row.from === home.source.authority ? ownRow(row) : row.read()
    if (!data) return null
    rows.push({ key: row.key, from: row.from, data })
  }
  await addHomeFields(reading, rows)
  return { rows, hasNext: merged.hasNext, sources: [home.source, ...partners.map(partner => partner.source)], feedCursor: home.told?.feedCursor ?? null }
}

/** These requests as the stores that decide them have them now; absent where the viewer may not see them. */
export async function rowsByReference(stores: Stores, asker: Asker, { references, isOwnAwaited = false }: ReferenceQuestion, selection: RowSelection, signal: AbortSignal): Promise<Map<string, RemoteObject>> {
  const reading: Reading = { asker, selection, signal, filter: null, order: 'CREATED', ...stores }
  const home = await askHome(reading, { scope: 'REFERENCES', references: [...references], limit: references.length })
  const elsewhere = groupBy(home.rows, row => decidedElsewhere(row.key, home.source.authority))
  const asked = await Promise.all([...elsewhere].map(([authority, rows]) =>
    askPartner(reading, authority, home.told?.assertions?.[authority], { scope: 'REFERENCES', references: rows.map(row => row.key.reference), limit: rows.length })))
  const own = new Map(home.rows.map(row => [row.key.reference, row]))
  const rows = new Map(home.rows.map(row => [row.key.reference, ownRow(row)]))
  const decided = (await vouchedFor(reading, asked.map(whollySound))).flatMap(slot => slot.rows)
  if (isOwnAwaited) for (const row of await caughtUp(reading, decided, own)) own.set(row.key.reference, row)
  for (const row of decided) {
    const { reference } = row.key
    const data = row.read()
    if (data) rows.set(reference, ofDecider(data, own.get(reference), selection))
  }
  return rows
}

/** The own store's rows once they are as new as those of the stores that decide; without those that already were, and none where it cannot tell. */
async function caughtUp(reading: Reading, decided: readonly ToldRow[], own: ReadonlyMap<string, ToldRow>): Promise<ToldRow[]> {
  const ahead = decided.filter(({ key: { reference, version = 0 } }) => version > (own.get(reference)?.key.version ?? version))
  if (ahead.length === 0) return []
  const reached = Object.fromEntries(ahead.map(({ key: { reference, version } }) => [reference, version ?? 0]))
  const list: ListAsk = { scope: 'REFERENCES', references: Object.keys(reached), limit: ahead.length, reached }
  return askHome(reading, list, reading.selection.fromHome).then(home => home.rows, () => [])
}

interface Slot { source: SourceSlot; told: ListTold | null; rows: ToldRow[] }

/** Never an empty page for a store that could not answer. */
async function askHome(reading: Reading, list: ListAsk, projection = reading.selection.whole): Promise<Slot> {
  const answered = await reading.houses.home(reading.asker, questionOf(reading, projection)(list), reading.signal)
  const slot = slotOf(reading, answered, { list, projection, viewers: homeOf(reading.asker.viewer) })
  reading.shared.learn(slot.source.authority, slot.rows.map(row => row.key))
  if (slot.told) return slot
  const [error] = answered.answer.errors ?? []
  throw error ? remoteRefusal(error) : unusable()
}

const unusable = (): Refusal => new Refusal('AUTHORITY_UNREACHABLE', 'Your own authority\'s node gave no usable answer.', { hint: 'Try again in a moment; hub and node must be of versions that go together.' })

function ownRow(row: ToldRow): RemoteObject {
  const data = row.read()
  if (!data) throw unusable()
  return data
}

async function askPartners(reading: Reading, home: Slot, list: ListAsk): Promise<Slot[]> {
  const { partners = [], assertions = {} } = home.told ?? {}
  reading.houses.keep(reading.asker, assertions, Date.now() + ASSERTION_LIFE_MS - 1_000)
  const submitted = groupBy(home.rows.filter(row => row.key.submitted), row => row.key.requested)
  const question = questionOf(reading, reading.selection.whole)
  return Promise.all(partners.map(authority =>
    askPartner(reading, authority, assertions[authority], { known: (submitted.get(authority) ?? []).map(row => row.key.reference), ...list }, question)))
}

async function askPartner(reading: Reading, authority: AuthorityId, assertion: string | undefined, list: ListAsk, question = questionOf(reading, reading.selection.whole)): Promise<Slot> {
  const { whole } = reading.selection
  const outcome = await reading.houses.partner(authority, assertion, question(list), reading.signal)
  return slotOf(reading, outcome, { list, projection: whole, viewers: homeOf(reading.asker.viewer) })
}

/** A partner is shown with rows that the viewer's own node knows it to share; of those met for the first time that node is asked. */
async function vouchedFor(reading: Reading, partners: Slot[]): Promise<Slot[]> {
  const viewers = homeOf(reading.asker.viewer)
  const isVouched = ({ from, key }: ToldRow): boolean => reading.shared.isVouchedFor(viewers, from, key)
  const unvouched = partners.filter(({ rows }) => !rows.every(isVouched))
  if (unvouched.length === 0) return partners
  const unknown = [...new Set(unvouched.flatMap(({ rows }) => rows.filter(row => !isVouched(row))).map(row => row.key.reference))]
  await askHome({ ...reading, filter: null }, { scope: 'REFERENCES', references: unknown, limit: unknown.length }, reading.selection.keysAlone)
  return partners.map(slot => (slot.rows.every(isVouched) ? slot : silentSlot(slot.source, 'REFUSED', 'NOT_VOUCHED_FOR')))
}

/** Printed once for all houses that are asked for rows. */
function questionOf(reading: Reading, projection: Projection): (list: ListAsk) => ReadText {
  const definitions = ['$_filter: RequestFilter', '$_order: RequestOrder', ...projection.definitions].join(', ')
  const query = `query(${definitions}) { r: requests(filter: $_filter, orderBy: $_order) { nodes ${projection.text} } }`
  const printed = JSON.stringify({ query, variables: { ...projection.variables, _filter: reading.filter, _order: reading.order } } satisfies ReadBody)
  return list => `${printed.slice(0, -1)},"ask":${JSON.stringify({ list } satisfies ReadBody['ask'])}}`
}

/** An answer is shown only where it is one to the question, whoever gave it: what it tells of its rows at once, each row when it is shown. */
function slotOf({ countryOf }: Stores, outcome: Outcome, question: AskedOf): Slot {
  const { authority } = outcome
  if (!('answer' in outcome)) return silentSlot(outcome, outcome.state, outcome.reason)
  const { answer } = outcome
  const sound = soundAnswer(answer, { authority, country: countryOf(authority) }, question)
  if (!sound) return silentSlot(outcome, 'REFUSED', 'BAD_ANSWER')
  const { told } = sound
  const rows = told.keys.map((key, position) => new ToldRow(key, authority, sound, position))
  return { source: { authority, state: 'ANSWERED', tookMs: outcome.tookMs, asOf: told.asOf, reason: null }, told, rows }
}

const silentSlot = ({ authority, tookMs }: Pick<SourceSlot, 'authority' | 'tookMs'>, state: Exclude<SourceSlot['state'], 'ANSWERED'>, reason: string): Slot =>
  ({ source: { authority, state, tookMs, asOf: null, reason }, told: null, rows: [] })

/** What is shown of a partner is sound in each row, or nothing of it is shown. */
const whollySound = (slot: Slot): Slot => (slot.rows.every(row => row.read()) ? slot : silentSlot(slot.source, 'REFUSED', 'BAD_ANSWER'))

/** Own copies that the deciding store knows are its to show or not. */
function withoutKnown(home: Slot, partners: readonly Slot[]): Slot {
  const own = new Map(home.rows.map(row => [row.key.reference, row]))
  for (const { told, rows } of partners) {
    for (const reference of told?.known ?? []) own.delete(reference)
    for (const row of rows) own.delete(row.key.reference)
  }
  return { ...home, rows: [...own.values()] }
}

/** One page in order. It ends where a store that has more rows has told its last one: what would follow is not known yet. */
function merge(slots: readonly Slot[], order: RequestOrder, first: number): { rows: ToldRow[]; hasNext: boolean } {
  const compare = (one: ToldRow, other: ToldRow): number => comparePlaces(one.key, other.key, order)
  const horizons = slots.filter(slot => slot.told?.more).map(slot => slot.told?.keys.at(-1)).filter(key => key !== undefined)
  const isWithin = (row: ToldRow): boolean => horizons.every(horizon => comparePlaces(row.key, horizon, order) <= 0)
  const rows = leading(slots.flatMap(slot => slot.rows).filter(isWithin), first + 1, compare)
  return { rows: rows.slice(0, first), hasNext: rows.length > first || horizons.length > 0 }
}

/** The first of these in order: of many stores' rows a page has few. */
function leading<Row>(rows: readonly Row[], count: number, compare: (one: Row, other: Row) => number): Row[] {
  const found: Row[] = []
  for (const row of rows) {
    const last = found.at(-1)
    if (found.length === count && last !== undefined && compare(row, last) >= 0) continue
    let [low, high] = [0, found.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(row, found[middle] as Row) < 0) high = middle
      else low = middle + 1
    }
    found.splice(low, 0, row)
    if (found.length > count) found.pop()
  }
  return found
}

/** Newest first but for DUE_FIRST, which is earliest first with rows without a deadline at the end; ties by reference. */
export function comparePlaces(one: Place, other: Place, order: RequestOrder): number {
  const direction = order === 'DUE_FIRST' ? 1 : -1
  if (one.value === other.value) return one.reference < other.reference ? -1 : one.reference > other.reference ? 1 : 0
  if (one.value === null) return 1
  if (other.value === null) return -1
  return one.value < other.value ? -direction : direction
}

/** What the viewer's own store tells, whoever decides. */
async function addHomeFields(reading: Reading, rows: MergedRow[]): Promise<void> {
  const { fromHome } = reading.selection
  const foreign = rows.filter(row => row.from !== homeOf(reading.asker.viewer))
  if (foreign.length === 0 || !needsHome(reading.selection)) return
  const list: ListAsk = { scope: 'REFERENCES', references: foreign.map(row => row.key.reference), limit: foreign.length }
  const home = await askHome({ ...reading, filter: null }, list, fromHome)
  const own = new Map(home.rows.map(row => [row.key.reference, row]))
  for (const row of foreign) row.data = ofDecider(row.data, own.get(row.key.reference), reading.selection)
}

const needsHome = ({ whole }: RowSelection): boolean => [...HOME_FIELDS, 'availableActs'].some(field => whole.fields.has(field))

/** The deciding store's row with what the own store alone knows; while an own act is pending nothing else may be taken. */
function ofDecider(decided: RemoteObject, own: ToldRow | undefined, selection: RowSelection): RemoteObject {
  if (!own) return decided
  const merged: RemoteObject = { ...decided }
  const data = ownRow(own)
  for (const key of keysOf(selection, HOME_FIELDS)) merged[key] = data[key]
  if (own.key.pending) for (const key of keysOf(selection, ['availableActs'])) merged[key] = []
  return merged
}

const keysOf = ({ whole }: RowSelection, fields: readonly string[]): string[] => fields.flatMap(field => whole.fields.get(field) ?? [])

/** Values without a key fall out. */
function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string | null): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}
