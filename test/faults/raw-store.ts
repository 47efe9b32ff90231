// What somebody with the right to write to a store's files or database can do to it, past everything that Comity asks of itself.
import { join } from 'node:path'
import { open, type Key } from 'lmdb'
import mongoose from 'mongoose'
import type { Entry } from '../../src/node/entry'
import { openEmbeddedStore } from '../../src/store/embedded'
import { openMongoStore } from '../../src/store/mongo'
import type { Store } from '../../src/store/store'

/** What lies in a store of a node, as JSON text: entries of its ledger by position, documents by collection and key. */
export interface Dump { entries: Map<number, string>; documents: Map<string, Map<string, string>> }

/** Collections that are evidence, or that a node needs to begin. */
export const COLLECTIONS = ['content', 'received', 'receipts', 'sent', 'outbox', 'checkpoint', 'countersigned', 'cursors', 'docket-cursor'] as const

export async function dumpOf(store: Store): Promise<Dump> {
  const entries = await store.log('ledger').read({ after: 0, limit: 10_000 })
  const documents = await Promise.all(COLLECTIONS.map(async name => [name, new Map((await store.documents(name).list({ prefix: '', limit: 10_000 })).map(({ key, value }) => [key, JSON.stringify(value)]))] as const))
  return { entries: new Map(entries.map(entry => [entry.seq, JSON.stringify(entry)])), documents: new Map(documents) }
}

export const copyOf = ({ entries, documents }: Dump): Dump => ({ entries: new Map(entries), documents: new Map([...documents].map(([name, kept]) => [name, new Map(kept)])) })

export interface RawStore {
  /** Makes it hold this instead of that, writing what differs and nothing else. */
  change(from: Dump, to: Dump): Promise<void>
  /** As `comity verify` reads it. */
  reading<Value>(read: (store: Store) => Promise<Value>): Promise<Value>
  close(): Promise<void>
}

type Write = { place: string; key: string | number; text: string | null }

function* differences(from: Dump, to: Dump): Generator<Write> {
  const maps: [string, ReadonlyMap<string | number, string>, ReadonlyMap<string | number, string>][] =
    [['ledger', from.entries, to.entries], ...COLLECTIONS.map((name): [string, ReadonlyMap<string, string>, ReadonlyMap<string, string>] => [name, from.documents.get(name) ?? new Map(), to.documents.get(name) ?? new Map()])]
  for (const [place, before, after] of maps) {
    for (const key of new Set([...before.keys(), ...after.keys()])) if (before.get(key) !== after.get(key)) yield { place, key, text: after.get(key) ?? null }
  }
}

/** Over the files of an embedded store. */
export function rawEmbedded(folder: string): RawStore {
  const root = open<string, Key[]>({ path: join(folder, 'lmdb'), noSubdir: false, encoding: 'string', maxDbs: 8 })
  const tables = { entries: root.openDB<string, Key[]>({ name: 'entries', encoding: 'string' }), documents: root.openDB<string, Key[]>({ name: 'documents', encoding: 'string' }) }
  return {
    change: async (from, to) => root.transactionSync(() => {
      for (const { place, key, text } of differences(from, to)) {
        const table = place === 'ledger' ? tables.entries : tables.documents
        if (text === null) table.removeSync([place, key])
        else table.putSync([place, key], text)
      }
    }),
    reading: async read => {
      const store = await openEmbeddedStore(folder, { readOnly: true })
      try { return await read(store) } finally { await store.close() }
    },
    close: () => root.close(),
  }
}

/** Over a database, in which the dump is laid first. */
export async function rawMongo(uri: string, database: string, dump: Dump): Promise<RawStore> {
  const store = await openMongoStore(uri, database)
  await store.log('ledger').append([...dump.entries.values()].map(text => JSON.parse(text) as Entry))
  for (const [name, kept] of dump.documents) await store.documents(name).putMany(new Map([...kept].map(([key, text]) => [key, JSON.parse(text) as unknown])))
  const connection = await mongoose.createConnection(uri, { dbName: database }).asPromise()
  const tableOf = (place: string) => connection.collection<{ _id: string | number }>(place === 'ledger' ? 'log.ledger' : `documents.${place}`)
  const documentOf = ({ place, key, text }: Write & { text: string }): object => ({ _id: key, ...(place === 'ledger' ? { append: 'x', ...rowOf(text) } : { value: text }) })
  return {
    change: async (from, to) => {
      const writes = [...differences(from, to)]
      // First away with all: two entries that change places hold the same unique values.
      for (const { place, key } of writes) await tableOf(place).deleteOne({ _id: key })
      for (const { text, ...write } of writes) if (text !== null) await tableOf(write.place).insertOne(documentOf({ ...write, text }) as never)
    },
    reading: read => read(store),
    close: async () => { await connection.close(); await store.close() },
  }
}

/** An entry as the database keeps it; what is no JSON any more becomes its body. */
function rowOf(text: string): object {
  try {
    const { ref, unique, body } = JSON.parse(text) as Entry
    return { ...(ref !== undefined && { ref }), ...(unique !== undefined && { unique }), body: JSON.stringify(body) }
  } catch { return { body: text } }
}
