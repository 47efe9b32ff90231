// The contract of the store port as tests over a place that can be opened: what both adapters keep, told by what a house sees.
import type { Store } from '../../src/store/store'
import { describeDocket } from './store-docket'
import { describeDocuments } from './store-documents'
import { describeLog } from './store-log'

export interface StorePlace {
  /** Opens the store; again, once it was closed. */
  open(): Promise<Store>
  /** Another writer on the data of an open store: a further connection, or the same store where only one may write. */
  beside(store: Store): Promise<Store>
  remove(): Promise<void>
}

/** What the groups of tests share: one open store, and a second writer beside it. */
export interface Opened { store: Store; other: Store; place: StorePlace }

/** In a block of its own, so that the store is closed and its place removed before the caller's own afterAll. */
export function describeStore(makePlace: () => Promise<StorePlace>, worlds: number): void {
  describe('keeps the contract:', () => describeOpened(makePlace, worlds))
}

/** `worlds`: how many random dockets are compared with plain rows. */
function describeOpened(makePlace: () => Promise<StorePlace>, worlds: number): void {
  const opened: { now: Opened | null } = { now: null }
  const use = (): Opened => {
    if (!opened.now) throw new TypeError('the store is not open yet')
    return opened.now
  }
  beforeAll(async () => {
    const place = await makePlace()
    const store = await place.open()
    opened.now = { store, other: await place.beside(store), place }
  })
  afterAll(async () => {
    if (!opened.now) return
    await opened.now.other.close()
    await opened.now.store.close()
    await opened.now.place.remove()
  })

  describeLog(use)
  describeDocuments(use)
  describeDocket(use, worlds)
  describeLife(makePlace, use)
}

function describeLife(makePlace: () => Promise<StorePlace>, use: () => Opened): void {
  describe('life', () => {
    test('a house that closes its store and opens it again finds everything that it wrote', async () => {
      const place = await makePlace()
      const before = await place.open()
      await before.log('ledger').append([{ seq: 1, unique: 'authority:FR/1', ref: 'DE-2026-000001', body: { prev: '0', ünïcode: '⚖' } }])
      await before.documents('content').put('a', { said: [1, null, { deep: 'yes' }] })
      await before.close()
      const after = await place.open()
      expect(await after.log('ledger').read({ after: 0, limit: 9 })).toEqual([{ seq: 1, unique: 'authority:FR/1', ref: 'DE-2026-000001', body: { prev: '0', ünïcode: '⚖' } }])
      expect(await after.log('ledger').append([{ seq: 2, unique: 'authority:FR/1', body: {} }])).toEqual({ inserted: 0, clash: 'UNIQUE' })
      expect(await after.documents('content').get('a')).toEqual({ said: [1, null, { deep: 'yes' }] })
      await after.close()
      await place.remove()
    })

    test('a house whose store is closed is refused with STORE_UNAVAILABLE, whatever it asks', async () => {
      const place = await makePlace()
      const store = await place.open()
      await store.log('ledger').append([{ seq: 1, body: 1 }])
      await store.close()
      await store.close()
      const asks: (() => Promise<unknown>)[] = [
        () => store.ping(), () => store.log('ledger').last(), () => store.log('ledger').append([{ seq: 2, body: 2 }]),
        () => store.documents('content').get('a'), () => store.documents('content').put('a', 1), () => store.docket.drop(),
      ]
      for (const ask of asks) await expect(ask()).rejects.toMatchObject({ name: 'Refusal', code: 'STORE_UNAVAILABLE' })
      await place.remove()
    })

    test('a store that answers says so', async () => { await expect(use().store.ping()).resolves.toBeUndefined() })
  })
}
