// A store of its own for a measurement, gone with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../src/store/embedded'
import { openMongoStore } from '../src/store/mongo'
import type { Store } from '../src/store/store'
import { testMongo } from '../test/support/mongo-server'

export async function onEmbedded(work: (store: Store) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  const store = await openEmbeddedStore(folder)
  try {
    await work(store)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function onMongo(work: (store: Store) => Promise<void>): Promise<void> {
  const server = await testMongo()
  const store = await openMongoStore(server.uri, `comity_bench_${process.pid}`)
  try {
    await work(store)
  } finally {
    await store.close()
    await server.remove()
  }
}
