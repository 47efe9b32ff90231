// What another house holds of a ledger, as signed lines: the last checkpoint that the hub or a partner saw of it. Whoever verifies that ledger
// elsewhere takes them as `comity verify --checkpoints FILE`; they were signed by the house itself, so nobody can have made them up.
import { countersignedLog } from '../hub/house-checkpoints'
import { seenOf } from '../node/partner-witness'
import { Refusal } from '../refusal'
import { dataFolder, demandInitialised, HUB } from './data-folder'
import type { Settings } from './settings'
import { openToRead } from './stores'

export async function heldCheckpoints(settings: Settings, country: string, holder: string): Promise<string[]> {
  const folder = dataFolder(settings.data)
  demandInitialised(folder)
  const of = `authority:${country}`
  const store = await openToRead({ folder, settings }, holder)
  try {
    const log = countersignedLog(store, of)
    const [last] = holder === HUB ? await log.readBack({ before: Infinity, limit: 1 }) : []
    const seen = holder === HUB ? null : await seenOf(store).get(of)
    const lines = last ? [last.body.checkpoint, last.body.countersignature] : seen ? [seen.jws] : []
    if (lines.length === 0) throw new Refusal('NOT_FOUND', `${holder} holds no checkpoint of ${country} yet.`, { hint: 'One comes with the house\'s next contact: 256 entries or a minute after its last entry.' })
    return lines
  } finally { await store.close() }
}
