// The store of one house in a data folder: embedded in its sub-folder, or a database of its own.
import { existsSync } from 'node:fs'
import { Refusal } from '../refusal'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { houseFolder, storeFolder, type DataFolder } from './data-folder'
import { Unavailable, withoutSecrets, type Settings } from './settings'

interface Place { folder: DataFolder; settings: Settings }

export async function openStore({ folder, settings }: Place, house: string): Promise<Store> {
  return settings.mongodb ? openDatabase(settings.mongodb, house) : openEmbeddedStore(storeFolder(folder, house))
}

/** Beside a house that may be running. */
export async function openToRead({ folder, settings }: Place, house: string): Promise<Store> {
  return settings.mongodb ? openDatabase(settings.mongodb, house) : openEmbeddedStore(storeFolder(folder, house), { readOnly: true })
}

async function openDatabase(uri: string, house: string): Promise<Store> {
  const { openMongoStore } = await import('../store/mongo.js')
  return openMongoStore(uri, `comity_${houseFolder(house)}`).catch((thrown: unknown) => { throw unanswered(uri, thrown) })
}

const unanswered = (uri: string, thrown: unknown): unknown =>
  thrown instanceof Refusal ? new Unavailable(`--mongodb: ${JSON.stringify(withoutSecrets(uri))} cannot be used. ${thrown.message} ${thrown.facts.hint ?? ''}`) : thrown

/** An embedded store that is not there yet, empty; a database makes itself. */
export async function makeStore(folder: DataFolder, house: string): Promise<void> {
  const path = storeFolder(folder, house)
  if (!existsSync(path)) await (await openEmbeddedStore(path)).close()
}
