// What every store promises of its docket: whose rows a viewer sees, which a filter fits, in which order, page by page.
import * as fc from 'fast-check'
import { positionOf, scoped, scopedToHouse, type Docket, type DocketFilter, type DocketPosition, type DocketRow, type Scope } from '../../src/store/store'
import { REQUEST_ORDERS, type RequestOrder, type Role } from '../../src/domain/vocabulary'
import type { Viewer } from '../../src/domain/viewer'
import { BR, DE, FR, inPlainOrder, instant, rowOf, type RowSketch } from '../support/docket-rows'
import type { Opened } from './store'

const viewer = (authority: string | null, role: Role = 'OFFICIAL'): Viewer => ({ role, authority, subject: 'anna', expiresAt: null, token: null, signedInAt: null })
const reads = (authority: string): Scope => scoped(viewer(authority), () => true)
const references = (rows: readonly DocketRow[]): string[] => rows.map(({ reference }) => reference)

/** Every page of a query, by the position of its last row. */
async function pages(docket: Docket, scope: Scope, filter: DocketFilter, order: RequestOrder, limit: number): Promise<DocketRow[]> {
  const all: DocketRow[] = []
  for (let after: DocketPosition | undefined; ;) {
    const page = await docket.find(scope, { filter, order, limit, ...(after && { after }) })
    all.push(...page)
    const last = page.at(-1)
    if (!last || page.length < limit) return all
    after = positionOf(last, order)
  }
}

export function describeDocket(use: () => Opened, worlds: number): void {
  describe('docket', () => {
    const docket = (): Docket => use().store.docket
    const fill = async (...sketches: RowSketch[]): Promise<DocketRow[]> => {
      const rows = sketches.map(rowOf)
      await docket().put(rows)
      return rows
    }
    beforeEach(() => docket().drop())

    describeWrites(docket, fill)
    describeScopes(docket, fill)
    describeFilters(docket, fill)
    describeOrders(docket, fill)
    describeAgainstPlainRows(docket, worlds)
  })
}

type Fill = (...sketches: RowSketch[]) => Promise<DocketRow[]>

function describeWrites(docket: () => Docket, fill: Fill): void {
  test('a row is read back as it was put', async () => {
    const [row] = await fill({ reference: 'DE-2026-000001', dueAt: instant(5) })
    expect(await docket().get(reads(DE), 'DE-2026-000001')).toEqual(row)
    expect(await docket().getMany(reads(DE), ['DE-2026-000001', 'DE-2026-000001', 'DE-2026-000002', '', 'x\u0000'])).toEqual([row])
    await docket().put([])
  })

  test('a row is replaced only by one with a higher seq, whatever comes in which order', async () => {
    await fill({ reference: 'A', seq: 5, requestingReference: 'five', status: 'ACCEPTED', updatedAt: instant(5) })
    await fill({ reference: 'A', seq: 4, requestingReference: 'four' }, { reference: 'B', seq: 4 })
    await fill({ reference: 'A', seq: 5, requestingReference: 'five again' })
    expect((await docket().get(reads(DE), 'A'))?.state.requestingReference).toBe('five')
    await fill({ reference: 'A', seq: 7, requestingReference: 'seven', updatedAt: instant(7) }, { reference: 'A', seq: 6, requestingReference: 'six' })
    expect((await docket().get(reads(DE), 'A'))?.state.requestingReference).toBe('seven')
    expect(references(await docket().find(reads(DE), { filter: {}, order: 'LAST_ACTIVITY', limit: 9 }))).toEqual(['A', 'B'])
    expect(await docket().count(reads(DE), { statuses: ['ACCEPTED'] })).toBe(0)
  })

  test('of many writers of one new row the highest seq stands', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => fill({ reference: 'A', seq: index + 1, requestingReference: String(index + 1) })))
    expect((await docket().get(reads(DE), 'A'))?.state.requestingReference).toBe('12')
  })

  test('a dropped docket is empty and takes rows of any seq again', async () => {
    await fill({ reference: 'A', seq: 9, clockAt: instant(1) })
    await docket().drop()
    expect(await docket().get(reads(DE), 'A')).toBeNull()
    expect(await docket().count(scopedToHouse(DE), {})).toBe(0)
    await fill({ reference: 'A', seq: 1 })
    expect(await docket().count(scopedToHouse(DE), {})).toBe(1)
    expect(await docket().due(scopedToHouse(DE), { at: instant(9), limit: 9 })).toEqual([])
  })
}

function describeScopes(docket: () => Docket, fill: Fill): void {
  test('an authority sees the rows that it may read, its house those it is a party to, nobody else any', async () => {
    await fill({ reference: 'DRAFT', readers: [DE], status: 'DRAFT' }, { reference: 'SENT' }, { reference: 'OTHERS', requesting: BR, requested: FR })
    const seen = async (scope: Scope): Promise<string[]> => references(await docket().find(scope, { filter: {}, order: 'CREATED', limit: 9 }))
    expect(await seen(reads(DE))).toEqual(['DRAFT', 'SENT'])
    expect(await seen(reads(FR))).toEqual(['OTHERS', 'SENT'])
    expect(await seen(scopedToHouse(FR))).toEqual(['DRAFT', 'OTHERS', 'SENT'])
    expect(await seen(reads('authority:JP'))).toEqual([])
    expect(await docket().get(reads(FR), 'DRAFT')).toBeNull()
    expect(await docket().getMany(reads(FR), ['DRAFT', 'SENT'])).toHaveLength(1)
    expect(await docket().count(reads(FR), { references: ['DRAFT'] })).toBe(0)
    expect(await docket().count(reads(FR), { statuses: ['DRAFT'] })).toBe(0)
  })

  const rightless: [string, () => Scope][] = [
    ['a role without a right', () => scoped(viewer(DE, 'OVERSIGHT'), role => role === 'OFFICIAL')],
    ['no authority', () => scoped(viewer(null), () => true)],
    ['an undefined authority', () => scoped({ ...viewer(null), authority: undefined } as unknown as Viewer, () => true)],
    ['an empty authority', () => scoped(viewer(''), () => true)],
    ['a list for an authority', () => scoped(viewer([DE] as unknown as string), () => true)],
    ['an operator for an authority', () => scoped(viewer({ $ne: null } as unknown as string), () => true)],
    ['a forged scope with a list', () => ({ field: 'readers', authority: [DE] }) as unknown as Scope],
    ['a forged scope with an operator', () => ({ field: 'readers', authority: { $exists: true } }) as unknown as Scope],
    ['a forged scope without an authority', () => ({ field: 'readers' }) as unknown as Scope],
    ['the beginning of an authority id', () => reads('authority:D')],
    ['an authority id in another case', () => reads('authority:de')],
  ]
  test.each(rightless)('E85 a viewer with %s sees nothing by any way', async (_, scope) => {
    await fill({ reference: 'A', clockAt: instant(1) })
    for (const order of REQUEST_ORDERS) expect(await docket().find(scope(), { filter: {}, order, limit: 9 })).toEqual([])
    expect(await docket().find(scope(), { filter: { references: ['A'] }, order: 'CREATED', limit: 9 })).toEqual([])
    expect(await docket().due(scope(), { at: instant(9), limit: 9 })).toEqual([])
    expect(await docket().get(scope(), 'A')).toBeNull()
    expect(await docket().getMany(scope(), ['A'])).toEqual([])
    expect(await docket().count(scope(), {})).toBe(0)
  })

  test.each(['$comment', 'state', '__proto__'])('a forged scope over %s, which is no row rule, is answered by no number', async field => {
    await fill({ reference: 'A' })
    await expect(docket().count({ field, authority: DE } as unknown as Scope, {})).rejects.toThrow()
  })

  test('E86 a read without a viewer is a mistake of ours and throws', () => {
    expect(() => scoped(undefined as unknown as Viewer, () => true)).toThrow(TypeError)
    expect(() => scoped({} as unknown as Viewer, () => true)).toThrow(TypeError)
    expect(() => scopedToHouse('')).toThrow(TypeError)
  })
}

function describeFilters(docket: () => Docket, fill: Fill): void {
  const hostile: [string, object][] = [
    ['an operator for a side', { side: { $ne: null }, sideOf: DE }], ['a list for a text', { dueBefore: [instant(1)] }], ['an operator in a list', { statuses: [{ $gt: '' }] }],
    ['undefined', { statuses: undefined }], ['undefined in a list', { references: [undefined] }], ['null', { open: null }], ['a text for a flag', { open: 'true' }],
    ['an empty clause', { $or: [] }], ['an empty list of clauses', { $and: [] }], ['an empty clause inside another', { $and: [{ $or: [] }] }], ['a misspelt name', { statusess: ['DRAFT'] }], ['code', { $where: '1' }], ['an unknown name', { readers: [DE] }], ['a path into the row', { 'state.status': 'DRAFT' }], ['a side without whose', { side: 'REQUESTING' }],
    ['whose without a side', { sideOf: DE }], ['a prototype', JSON.parse('{"__proto__": {"open": true}}')], ['an inherited name', { constructor: 'x' }],
    ['an operator for an instant', { updatedAfter: { $gt: '' } }], ['a pattern', { references: [/./] }], ['control characters for an instant', { updatedAfter: '\u0000' }],
  ]
  test.each(hostile)('F89 F91 a filter with %s is refused, not answered', async (_, filter) => {
    await fill({ reference: 'A' })
    const refused = { name: 'Refusal', code: 'BAD_USER_INPUT' }
    await expect(docket().find(reads(DE), { filter: filter as DocketFilter, order: 'CREATED', limit: 9 })).rejects.toMatchObject(refused)
    await expect(docket().count(reads(DE), filter as DocketFilter)).rejects.toMatchObject(refused)
  })

  const noReferences: [string, unknown][] = [['undefined', undefined], ['null', null], ['an operator', { $ne: null }], ['a list', ['A']], ['a pattern', /./], ['a number', 1]]
  test.each(noReferences)('%s for a reference is refused, not answered', async (_, reference) => {
    await fill({ reference: 'A' })
    const refused = { name: 'Refusal', code: 'BAD_USER_INPUT' }
    await expect(docket().get(reads(DE), reference as string)).rejects.toMatchObject(refused)
    await expect(docket().getMany(reads(DE), ['A', reference as string])).rejects.toMatchObject(refused)
  })

  const noPlaces: [string, unknown][] = [['an operator', { $ne: null }], ['a list', [instant(0)]], ['an empty object', {}]]
  test.each(noPlaces)('%s for the place of a page or of the timer is a mistake of ours and shows no row', async (_, value) => {
    await fill({ reference: 'A', clockAt: instant(1), dueAt: instant(1) })
    for (const order of REQUEST_ORDERS) {
      await expect(docket().find(reads(DE), { filter: {}, order, limit: 9, after: { value: value as string, reference: '' } })).rejects.toMatchObject({ name: 'Fault' })
      await expect(docket().find(reads(DE), { filter: {}, order, limit: 9, after: { value: instant(0), reference: value as string } })).rejects.toMatchObject({ name: 'Fault' })
    }
    await expect(docket().due(scopedToHouse(DE), { at: value as string, limit: 9 })).rejects.toMatchObject({ name: 'Fault' })
    await expect(docket().due(scopedToHouse(DE), { at: instant(9), limit: 9, after: { clockAt: value as string, reference: '' } })).rejects.toMatchObject({ name: 'Fault' })
  })

  test.each(['references', 'partners', 'kinds', 'statuses', 'urgencies', 'deciders'] as const)('an empty list of %s asks for nothing', async name => {
    await fill({ reference: 'A' })
    expect(await docket().find(reads(DE), { filter: { [name]: [] }, order: 'CREATED', limit: 9 })).toEqual([])
    expect(await docket().count(reads(DE), { [name]: [] })).toBe(0)
  })

  test('a limit that is no whole number is a mistake of ours; none is an empty page', async () => {
    await fill({ reference: 'A' })
    for (const limit of [-1, 0.5, NaN]) await expect(docket().find(reads(DE), { filter: {}, order: 'CREATED', limit })).rejects.toMatchObject({ name: 'Fault' })
    expect(await docket().find(reads(DE), { filter: {}, order: 'CREATED', limit: 0 })).toEqual([])
  })

  test('a filter by overlays finds rows beside whose status one of them stands, and no other', async () => {
    await fill({ reference: 'A', overlays: ['DISPUTED', 'ON_HOLD_BY_COURT'] }, { reference: 'B', overlays: ['ESCALATED'] }, { reference: 'C' })
    const found = async (overlays: DocketFilter['overlays']): Promise<string[]> => references(await docket().find(reads(DE), { filter: { ...(overlays && { overlays }) }, order: 'CREATED', limit: 9 }))
    expect([await found(['DISPUTED']), await found(['ON_HOLD_BY_COURT', 'ESCALATED']), await found(['LEGAL_REMEDY_PENDING']), await found([])]).toEqual([['A'], ['A', 'B'], [], []])
    await fill({ reference: 'A', seq: 2 })
    expect(await found(['DISPUTED'])).toEqual([])
  })

  test('due before is strict, updated after is strict', async () => {
    await fill({ reference: 'A', dueAt: instant(5), updatedAt: instant(5) }, { reference: 'B', dueAt: null })
    const count = (filter: DocketFilter): Promise<number> => docket().count(scopedToHouse(DE), filter)
    expect([await count({ dueBefore: instant(5) }), await count({ dueBefore: instant(6) })]).toEqual([0, 1])
    expect([await count({ updatedAfter: instant(5) }), await count({ updatedAfter: instant(4) })]).toEqual([0, 1])
  })

  test('the timer is told of what is due, at its very instant, earliest first, to its limit, and of nothing that moved away', async () => {
    await fill({ reference: 'C', clockAt: instant(5) }, { reference: 'B', clockAt: instant(7) }, { reference: 'A', clockAt: instant(7) }, { reference: 'D', clockAt: null }, { reference: 'E', clockAt: instant(1), requesting: BR, requested: FR })
    const due = async (minute: number, limit = 9): Promise<string[]> => references(await docket().due(scopedToHouse(DE), { at: instant(minute), limit }))
    expect([await due(4), await due(5), await due(6), await due(7), await due(7, 2), await due(7, 0)]).toEqual([[], ['C'], ['C'], ['C', 'A', 'B'], ['C', 'A'], []])
    await fill({ reference: 'C', seq: 2, clockAt: instant(8) }, { reference: 'A', seq: 2, clockAt: null })
    expect([await due(7), await due(8)]).toEqual([['B'], ['B', 'C']])
    await fill({ reference: 'F', clockAt: instant(8) })
    expect(references(await docket().due(scopedToHouse(DE), { at: instant(8), after: { clockAt: instant(7), reference: 'B' }, limit: 1 }))).toEqual(['C'])
    expect(references(await docket().due(scopedToHouse(DE), { at: instant(8), after: { clockAt: instant(8), reference: 'C' }, limit: 9 }))).toEqual(['F'])
    await expect(docket().due(scopedToHouse(DE), { at: instant(7), limit: -1 })).rejects.toMatchObject({ name: 'Fault' })
  })

  test('an own authority named as partner is the partner of no row', async () => {
    await fill({ reference: 'A' })
    expect(await docket().count(reads(DE), { partners: [DE] })).toBe(0)
    expect(await docket().count(reads(DE), { partners: [DE, FR] })).toBe(1)
    expect(await docket().count(reads(DE), { side: 'HUB', sideOf: DE })).toBe(0)
  })
}

function describeOrders(docket: () => Docket, fill: Fill): void {
  test('rows without a deadline come last in DUE_FIRST, by reference, and paging crosses over to them', async () => {
    await fill({ reference: 'E' }, { reference: 'D', dueAt: instant(2) }, { reference: 'C' }, { reference: 'B', dueAt: instant(1) }, { reference: 'A', dueAt: instant(2) })
    for (const limit of [1, 2, 3, 9]) expect(references(await pages(docket(), reads(DE), {}, 'DUE_FIRST', limit))).toEqual(['B', 'A', 'D', 'C', 'E'])
  })

  test('rows of one instant are paged by reference without loss or double', async () => {
    await fill(...Array.from({ length: 25 }, (_, index) => ({ reference: `R${String(index).padStart(2, '0')}`, updatedAt: instant(1) })))
    for (const order of REQUEST_ORDERS) {
      const all = references(await pages(docket(), reads(DE), {}, order, 4))
      expect(all).toEqual([...all].sort())
      expect(new Set(all).size).toBe(25)
    }
  })

  test('I139 a row that goes out of sight between two pages takes none of the others with it, be it the last one shown', async () => {
    await fill(...[1, 2, 3, 4, 5, 6].map(n => ({ reference: `R${n}`, updatedAt: instant(n), createdAt: instant(n), dueAt: instant(n) })))
    for (const [order, seen] of [['LAST_ACTIVITY', ['R6', 'R5', 'R3', 'R2']], ['CREATED', ['R6', 'R5', 'R3', 'R2']], ['DUE_FIRST', ['R2', 'R3', 'R5', 'R6']]] as const) {
      const first = await docket().find(reads(DE), { filter: {}, order, limit: 3 })
      const [last] = first.slice(-1)
      await fill(...['R1', 'R4'].map(reference => ({ reference, seq: 2, readers: [FR], updatedAt: instant(Number(reference.slice(1))), createdAt: instant(Number(reference.slice(1))), dueAt: instant(Number(reference.slice(1))) })))
      const rest = await docket().find(reads(DE), { filter: {}, order, limit: 9, ...(last && { after: positionOf(last, order) }) })
      expect(references([...first, ...rest]).filter(reference => !['R1', 'R4'].includes(reference))).toEqual(seen)
      expect(references(rest).filter(reference => ['R1', 'R4'].includes(reference))).toEqual([])
      await docket().drop()
      await fill(...[1, 2, 3, 4, 5, 6].map(n => ({ reference: `R${n}`, updatedAt: instant(n), createdAt: instant(n), dueAt: instant(n) })))
    }
  })

  test('I140 a row that comes between two pages, before, at or behind the place of the cursor, moves no other', async () => {
    const old = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6']
    for (const order of REQUEST_ORDERS) {
      await docket().drop()
      await fill(...old.map((reference, n) => ({ reference, updatedAt: instant(n), createdAt: instant(n), dueAt: instant(n) })))
      const met: string[] = []
      for (let after: DocketPosition | undefined, page = 0; page < 9; page++) {
        const rows = await docket().find(reads(DE), { filter: {}, order, limit: 2, ...(after && { after }) })
        met.push(...references(rows))
        const last = rows.at(-1)
        if (!last) break
        after = positionOf(last, order)
        await fill(...[0, 2, 5].map(n => ({ reference: `N${page}${n}`, updatedAt: instant(n), createdAt: instant(n), dueAt: instant(n) })))
      }
      expect(new Set(met).size).toBe(met.length)
      expect(met.filter(reference => old.includes(reference))).toEqual(order === 'DUE_FIRST' ? old : [...old].reverse())
    }
  })

  test('a row that changes moves in the order and is met once', async () => {
    await fill(...[1, 2, 3].map(n => ({ reference: `R${n}`, updatedAt: instant(n) })))
    await fill({ reference: 'R1', seq: 2, updatedAt: instant(9), status: 'CLOSED', open: false, urgency: 'EMERGENCY' })
    expect(references(await pages(docket(), reads(DE), {}, 'LAST_ACTIVITY', 2))).toEqual(['R1', 'R3', 'R2'])
    expect(references(await pages(docket(), reads(DE), { open: true }, 'LAST_ACTIVITY', 2))).toEqual(['R3', 'R2'])
    expect(references(await pages(docket(), reads(DE), { urgencies: ['EMERGENCY'] }, 'LAST_ACTIVITY', 2))).toEqual(['R1'])
  })
}

const AUTHORITIES = [DE, FR, BR]
const KINDS = ['EVIDENCE', 'EXTRADITION', 'PRESERVATION'] as const
const STATUSES = ['DRAFT', 'DELIVERED', 'ACCEPTED', 'CLOSED'] as const
const URGENCIES = ['ROUTINE', 'PRIORITY', 'EMERGENCY'] as const

const minute = fc.integer({ min: 0, max: 6 }).map(instant)
const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> => fc.subarray([...values], { minLength: 1 })

const sketch: fc.Arbitrary<Omit<RowSketch, 'reference'>> = fc.record({
  parties: fc.shuffledSubarray(AUTHORITIES, { minLength: 2, maxLength: 2 }), kind: fc.constantFrom(...KINDS), status: fc.constantFrom(...STATUSES),
  urgency: fc.constantFrom(...URGENCIES), dueAt: fc.option(minute), clockAt: fc.option(minute), updatedAt: minute, createdAt: minute, decidedByRequesting: fc.boolean(),
}).map(({ parties: [requesting = DE, requested = FR], decidedByRequesting, ...more }) => ({
  ...more, requesting, requested, open: more.status !== 'CLOSED', readers: more.status === 'DRAFT' ? [requesting] : [requesting, requested],
  decider: decidedByRequesting ? requesting : requested,
}))

const filters: fc.Arbitrary<DocketFilter> = fc.record({
  references: some(Array.from({ length: 40 }, (_, index) => `R${index}`)), sides: fc.record({ side: fc.constantFrom('REQUESTING' as const, 'REQUESTED' as const), sideOf: fc.constantFrom(...AUTHORITIES) }),
  partners: some(AUTHORITIES), kinds: some(KINDS), statuses: some(STATUSES), urgencies: some(URGENCIES), open: fc.boolean(), dueBefore: minute, updatedAfter: minute,
  deciders: some(AUTHORITIES),
}, { requiredKeys: [] }).map(({ sides, ...filter }) => ({ ...filter, ...sides }))

/** The filter as the contract words it, judged on plain rows, apart from both adapters. */
function fits(row: DocketRow, filter: DocketFilter, own: string): boolean {
  const { state } = row
  const other = state.requesting === own ? state.requested : state.requesting
  const isIn = <Value>(list: readonly Value[] | undefined, value: Value): boolean => !list || list.some(one => one === value)
  return [
    isIn(filter.references, row.reference), isIn(filter.partners, other), isIn(filter.kinds, state.kind), isIn(filter.statuses, state.status),
    isIn(filter.urgencies, state.urgency), isIn(filter.deciders, row.decider), filter.open === undefined || row.open === filter.open,
    !filter.side || (filter.side === 'REQUESTING' ? state.requesting : state.requested) === filter.sideOf,
    !filter.dueBefore || (row.dueAt ?? '~') < filter.dueBefore, !filter.updatedAfter || row.updatedAt > filter.updatedAfter,
  ].every(Boolean)
}

function describeAgainstPlainRows(docket: () => Docket, worlds: number): void {
  test('any filter in any order, paged, answers what plain rows filtered and sorted would', async () => {
    const query = fc.record({ filter: filters, order: fc.constantFrom(...REQUEST_ORDERS), own: fc.constantFrom(...AUTHORITIES), house: fc.boolean(), limit: fc.integer({ min: 1, max: 9 }) })
    const world = fc.record({ sketches: fc.array(sketch, { minLength: 20, maxLength: 40 }), changed: fc.array(sketch, { maxLength: 15 }), queries: fc.array(query, { minLength: 12, maxLength: 12 }) })
    await fc.assert(fc.asyncProperty(world, async ({ sketches, changed, queries }) => {
      await docket().drop()
      const rows = new Map<string, DocketRow>()
      for (const [seq, group] of [sketches, changed].entries()) {
        const written = group.map((one, index) => rowOf({ ...one, reference: `R${index}`, seq: seq + 1 }))
        await docket().put(written)
        for (const row of written) rows.set(row.reference, row)
      }
      for (const { filter, order, own, house, limit } of queries) {
        const seen = [...rows.values()].filter(row => (house ? row.parties : row.readers).includes(own) && fits(row, filter, own))
        const scope = house ? scopedToHouse(own) : reads(own)
        expect(await pages(docket(), scope, filter, order, limit)).toEqual(inPlainOrder(seen, order))
        expect(await docket().count(scope, filter)).toBe(seen.length)
      }
    }), { numRuns: worlds })
  })
}
