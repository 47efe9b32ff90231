// 1,000 random things done to a house's store behind its back, on either store: each is found, at its position. What a retention may delete (contents)
// is changed but not deleted here; what is derived from the ledger (docket, cursors) is no evidence and left alone.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { storeFolder } from '../../src/cli/data-folder'
import { verified } from '../../src/cli/verify'
import { GENESIS } from '../../src/ledger/ledger'
import { digestOf, letterKey, type Entry } from '../../src/node/entry'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { Store } from '../../src/store/store'
import type { Directory } from '../../src/wire/directory'
import { draftInput, requestIn, staff, take } from '../support/case'
import { eventually } from '../support/desk'
import { describeWithMongo, testMongo } from '../support/mongo-server'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'
import { copyOf, dumpOf, rawEmbedded, rawMongo, type Dump, type RawStore } from './raw-store'

const SEED = Number(process.env['COMITY_SEED'] ?? Date.now() % 1_000_000)
const EDITS = 1_000
const OWN = 'authority:DE'

let houses: RunningHouses
let directory: Directory
let hub: Store
/** Whole stores of earlier days, and the one of now. */
const backups: Dump[] = []
let now: Dump

/** Draws numbers that come again under the same seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
type Draw = ReturnType<typeof drawing>
const one = <Item>(items: readonly Item[], draw: Draw): Item => {
  const item = items[draw(items.length)]
  if (item === undefined) throw new TypeError('nothing to choose from')
  return item
}

const entryAt = (dump: Dump, seq: number): Entry => JSON.parse(dump.entries.get(seq) ?? 'null') as Entry
const positions = (dump: Dump): number[] => [...dump.entries.keys()]
const kept = (dump: Dump, name: string): Map<string, string> => dump.documents.get(name) ?? new Map<string, string>()

/** The first entry that a document bears on. */
function positionOf(dump: Dump, name: string, key: string): number {
  if (name === 'checkpoint') return Number(key)
  if (name === 'countersigned') return (JSON.parse(kept(dump, name).get(key) ?? '{}') as { seq: number }).seq
  const found = positions(dump).find(seq => {
    const { fact, proposal, contact, actor, from, to = {} } = entryAt(dump, seq).body
    if (name === 'content') return key === actor || Object.values((fact ?? proposal ?? contact)?.contents ?? {}).includes(key)
    if (name === 'sent') return Object.entries(to).some(([authority, n]) => letterKey(authority, n) === key)
    return from !== undefined && letterKey(from.authority, from.n) === key
  })
  if (found === undefined) throw new TypeError(`${name} ${key} bears on nothing`)
  return found
}

/** Another value at one place of a JSON text. */
function spoiled(text: string, draw: Draw): string {
  const root = { value: JSON.parse(text) as unknown }
  const places: [Record<string, unknown>, string][] = []
  const walk = (holder: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>)
      else if (key !== 'seq' || holder !== root.value) places.push([holder, key])
    }
  }
  walk(root)
  const [holder, key] = one(places, draw)
  holder[key] = otherThan(holder[key], draw)
  return JSON.stringify(root.value)
}

function otherThan(value: unknown, draw: Draw): unknown {
  if (typeof value === 'number') return value + 1 + draw(9)
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string' || value === '') return 'x'
  const at = draw(value.length)
  return `${value.slice(0, at)}${value[at] === 'b' ? 'c' : 'b'}${value.slice(at + 1)}`
}

/** What was done, and where it has to be found: exactly there, or not before it. */
interface Done { what: string; at: number; exactly: boolean }
type Edit = (dump: Dump, draw: Draw) => Done

const EVIDENCE = ['content', 'received', 'receipts', 'sent', 'checkpoint', 'countersigned']

const EDITS_BY_NAME: Readonly<Record<string, Edit>> = {
  'an entry is edited': (dump, draw) => {
    const at = one(positions(dump), draw)
    dump.entries.set(at, spoiled(dump.entries.get(at) ?? '', draw))
    return { what: `entry ${at}`, at, exactly: true }
  },
  'an entry is written over with what is none': (dump, draw) => {
    const at = one(positions(dump), draw)
    dump.entries.set(at, one(['{', 'null', '{}', '[]', '"x"', ''], draw) || '{"seq":0')
    return { what: `entry ${at}`, at, exactly: true }
  },
  'an entry is deleted': (dump, draw) => {
    const at = one(positions(dump).slice(0, -1), draw)
    dump.entries.delete(at)
    return { what: `entry ${at}`, at, exactly: true }
  },
  'two entries change places': (dump, draw) => {
    const [first, second] = two(positions(dump), draw)
    const [one_, other] = [entryAt(dump, first), entryAt(dump, second)]
    dump.entries.set(first, JSON.stringify({ ...other, seq: first }))
    dump.entries.set(second, JSON.stringify({ ...one_, seq: second }))
    return { what: `${first} and ${second}`, at: Math.min(first, second), exactly: true }
  },
  'the tail is cut off': (dump, draw) => {
    const at = one(positions(dump), draw)
    for (const seq of positions(dump)) if (seq >= at) dump.entries.delete(seq)
    return { what: `from ${at}`, at, exactly: true }
  },
  'the tail is cut off, and all that the house itself holds of it': (dump, draw) => {
    const at = one(positions(dump), draw)
    const before = copyOf(dump)
    for (const seq of positions(dump)) if (seq >= at) dump.entries.delete(seq)
    for (const name of EVIDENCE.filter(each => each !== 'content')) for (const key of [...kept(dump, name).keys()]) if (positionOf(before, name, key) >= at) kept(dump, name).delete(key)
    kept(dump, 'cursors').clear()
    kept(dump, 'docket-cursor').clear()
    return { what: `from ${at}`, at, exactly: true }
  },
  'an old backup is laid back': (dump, draw) => {
    const old = one(backups, draw)
    dump.entries = new Map(old.entries)
    dump.documents = copyOf(old).documents
    return { what: `of ${old.entries.size} entries`, at: old.entries.size + 1, exactly: true }
  },
  'the past is made anew over an edit': (dump, draw) => {
    const at = one(positions(dump), draw)
    let prev = at === 1 ? GENESIS.digest : entryAt(dump, at - 1).body.digest
    for (const seq of positions(dump).filter(each => each >= at)) {
      const { body, ...place } = entryAt(dump, seq)
      const { digest: _, ...edited } = { ...body, prev, ...(seq === at && { at: '2020-01-01T00:00:00.000Z' }) }
      prev = digestOf({ ...place, body: edited })
      dump.entries.set(seq, JSON.stringify({ ...place, body: { ...edited, digest: prev } }))
    }
    return { what: `from ${at}`, at, exactly: false }
  },
  'a document is edited': (dump, draw) => {
    const [name, key] = document(dump, EVIDENCE, draw)
    const at = positionOf(dump, name, key)
    kept(dump, name).set(key, spoiled(kept(dump, name).get(key) ?? '', draw))
    return { what: `${name} ${key}`, at, exactly: true }
  },
  'a document is deleted': (dump, draw) => {
    const [name, key] = document(dump, ['received', 'receipts', 'sent', 'checkpoint'], draw)
    kept(dump, name).delete(key)
    return { what: `${name} ${key}`, at: positionOf(now, name, key), exactly: true }
  },
  'two documents change places': (dump, draw) => {
    const name = one(EVIDENCE.filter(each => kept(dump, each).size > 1), draw)
    const [first, second] = two([...kept(dump, name).keys()], draw)
    const at = Math.min(positionOf(dump, name, first), positionOf(dump, name, second))
    const [one_, other] = [kept(dump, name).get(first) ?? '', kept(dump, name).get(second) ?? '']
    kept(dump, name).set(first, other)
    kept(dump, name).set(second, one_)
    return { what: `${name} ${first} and ${second}`, at, exactly: true }
  },
}

function two<Item>(items: readonly Item[], draw: Draw): [Item, Item] {
  const first = one(items, draw)
  return [first, one(items.filter(item => item !== first), draw)]
}

function document(dump: Dump, names: readonly string[], draw: Draw): [string, string] {
  const name = one(names.filter(each => kept(dump, each).size > 0), draw)
  return [name, one([...kept(dump, name).keys()], draw)]
}

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  const people = await staff(houses)
  const readIn = async <Value>(house: string, read: (store: Store) => Promise<Value>): Promise<Value> => {
    const store = await openEmbeddedStore(storeFolder(houses.folder, house), { readOnly: true })
    try { return await read(store) } finally { await store.close() }
  }
  const backUp = async (): Promise<void> => {
    // All that came is answered, and the answers are at the hub.
    const collected = async (): Promise<boolean> => {
      const last = await readIn('hub', store => store.log('mailbox:authority:DE').last())
      return (await readIn('DE', store => store.documents<{ seq: number }>('cursors').get('collector')))?.seq === last
    }
    await eventually(collected, Boolean, 'the mailbox is emptied')
    await houses.stop('DE')
    backups.push(await readIn('DE', dumpOf))
  }
  await requestIn(people, 'DELIVERED')
  await backUp()
  await houses.start('DE')
  const reference = await requestIn(people, 'INFO_REQUESTED')
  await take(people, reference, 'SUPPLEMENT')
  await people.annaAtHome.until(reference, 'ASSESSMENT')
  await backUp()
  await houses.start('DE')
  // Heard of by nobody else.
  for (let i = 0; i < 3; i++) await people.annaAtHome.act('draftRequest', draftInput())
  await backUp()
  now = backups.pop() ?? { entries: new Map(), documents: new Map() }
  ;({ directory } = await keysOf(houses, 'DE'))
  await houses.stop('hub')
  hub = await openEmbeddedStore(storeFolder(houses.folder, 'hub'), { readOnly: true })
})
afterAll(async () => {
  await hub.close()
  await houses.close()
})

async function fuzz(raw: RawStore, adapter: string): Promise<void> {
  const draw = drawing(SEED)
  const names = Object.keys(EDITS_BY_NAME)
  const missed: string[] = []
  const begun = performance.now()
  const look = () => raw.reading(store => verified({ own: OWN, store, hub, directory }))
  expect(await look()).toMatchObject({ count: now.entries.size, fault: null })
  for (let run = 0; run < EDITS; run++) {
    const name = names[run % names.length] ?? ''
    const dump = copyOf(now)
    const done = EDITS_BY_NAME[name]?.(dump, draw) ?? { what: '', at: 0, exactly: true }
    await raw.change(now, dump)
    const { fault } = await look()
    await raw.change(dump, now)
    if (!fault || (done.exactly ? fault.seq !== done.at : fault.seq < done.at)) missed.push(`run ${run}: ${name}: ${done.what}, to be found at ${done.at}: ${JSON.stringify(fault)}`)
  }
  expect((await look()).fault).toBeNull()
  process.stdout.write(`tamper fuzz on the ${adapter} store: seed ${SEED}, ${EDITS - missed.length} of ${EDITS} found at their position, ${Math.round(performance.now() - begun)} ms, ledger of ${now.entries.size} entries\n`)
  expect(missed).toEqual([])
}

test(`of ${EDITS} edits of an embedded store every one is found at its position (seed ${SEED})`, async () => {
  const folder = join(houses.folder.path, 'tampered')
  cpSync(storeFolder(houses.folder, 'DE'), folder, { recursive: true })
  const raw = rawEmbedded(folder)
  try { await fuzz(raw, 'embedded') } finally { await raw.close() }
}, 600_000)

describeWithMongo('over the MongoDB protocol', () => {
  test(`of ${EDITS} edits of a database every one is found at its position (seed ${SEED})`, async () => {
    const server = await testMongo()
    const raw = await rawMongo(server.uri, `comity_tamper_${process.pid}`, now)
    try { await fuzz(raw, 'MongoDB') } finally {
      await raw.close()
      await server.remove()
    }
  }, 600_000)
})
