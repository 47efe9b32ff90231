// Re-reads a node's ledger beside the running house: chain, positions, the digests of what was said, the signatures of letters and checkpoints,
// and what the house and the hub hold that the ledger must bear out.
import { existsSync } from 'node:fs'
import { verifyChain } from '../ledger/ledger'
import { checkpointKey, checkpointsOf } from '../node/checkpoints'
import { matchesDigest, type ContentDocument } from '../node/contents'
import { digestOf, letterKey, type Entry, type EntryBody } from '../node/entry'
import { openEmbeddedStore } from '../store/embedded'
import type { Documents, Store } from '../store/store'
import { readCheckpoint } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import { provenLetter } from '../wire/letters'
import { dataFolder, demandInitialised, HUB, keysFile, openHouse, storeFolder, type DataFolder } from './data-folder'
import { SEED_COUNTRIES } from './seeds'
import { BadSetting, type Settings } from './settings'
import { contradiction, missing, witnessesOf, type Witnesses } from './witnesses'

const PAGE = 1_000

export async function verify(settings: Settings, country: string | null, say: (line: string) => void): Promise<boolean> {
  const folder = dataFolder(settings.data)
  demandInitialised(folder)
  const countries = country ? [country] : SEED_COUNTRIES.filter(each => existsSync(storeFolder(folder, each)) || (settings.mongodb !== null && existsSync(storeFolder(folder, each).replace(/store$/, 'keys.json'))))
  if (countries.length === 0) throw new BadSetting('--data', folder.path, 'holds no ledger', 'Start the houses once, or name another folder.')
  let sound = true
  for (const each of countries) sound = (await verifyHouse(folder, settings, each, say)) && sound
  return sound
}

interface ReceivedLetter { digest: string; jws: string }
interface Kept { contents: Documents<ContentDocument>; letters: Documents<ReceivedLetter>; directory: Directory; witnesses: Witnesses }

async function verifyHouse(folder: DataFolder, settings: Settings, country: string, say: (line: string) => void): Promise<boolean> {
  const { directory } = await openHouse(folder, country, new Date())
  const store = await openToRead(folder, settings, country)
  const hub = existsSync(keysFile(folder, HUB)) ? await openToRead(folder, settings, HUB).catch(() => null) : null
  try {
    // Read before the ledger: a running house goes on signing.
    const signed = await signedPositions(store, directory, `authority:${country}`)
    const witnesses = await witnessesOf(`authority:${country}`, store, hub, directory)
    const kept = { contents: store.documents<ContentDocument>('content'), letters: store.documents<ReceivedLetter>('received'), directory, witnesses }
    const { count, broken } = await verifyChain(store.log<EntryBody>('ledger'), digestOf, async entry => signedFault(signed, entry) ?? (await entryFault(entry, kept)))
    const cut = broken ? null : (missing(witnesses, count) ?? beyond(signed, count))
    const fault = broken ?? (cut ? { seq: count + 1, what: cut } : null)
    say(fault ? `${country}: broken at position ${fault.seq}: ${fault.what}` : `${country}: ${count} entries, chain, contents, letters and ${signed.size} checkpoints hold${hub ? ', and all that the hub holds of them' : ''}`)
    return fault === null
  } finally { await Promise.all([store.close(), hub?.close()]) }
}

function beyond(signed: ReadonlyMap<number, string | null>, count: number): string | null {
  const cut = [...signed.keys()].find(seq => seq > count)
  return cut === undefined ? null : `the ledger ends here, but a checkpoint was signed at ${cut}`
}

/** Position → digest that the house signed for it; null where the signature is not its own. */
async function signedPositions(store: Store, directory: Directory, house: string): Promise<Map<number, string | null>> {
  const signed = new Map<number, string | null>()
  for (let after = ''; ;) {
    const page = await checkpointsOf(store).list({ prefix: '', after, limit: PAGE })
    for (const { key, value } of page) {
      const checkpoint = await readCheckpoint(value, directory).catch(() => null)
      signed.set(Number(key), checkpoint?.iss === house && checkpointKey(checkpoint.seq) === key ? checkpoint.digest : null)
    }
    const last = page.at(-1)
    if (!last) return signed
    after = last.key
  }
}

function signedFault(signed: ReadonlyMap<number, string | null>, { seq, body }: Entry): string | null {
  const digest = signed.get(seq)
  if (digest === undefined || digest === body.digest) return null
  return digest === null ? 'the checkpoint here is not signed by the house' : 'it is not what the checkpoint here was signed for'
}

async function openToRead(folder: DataFolder, settings: Settings, country: string): Promise<Store> {
  if (!settings.mongodb) return openEmbeddedStore(storeFolder(folder, country), { readOnly: true })
  const { openMongoStore } = await import('../store/mongo.js')
  return openMongoStore(settings.mongodb, `comity_${country.toLowerCase()}`)
}

/** What is wrong with one entry beyond its link; null where nothing is. A deleted content is a provable gap, no fault. */
async function entryFault(entry: Entry, { contents, letters, directory, witnesses }: Kept): Promise<string | null> {
  const told = contradiction(witnesses, entry)
  if (told) return told
  const { fact, proposal, contact, actor, from } = entry.body
  const named = Object.values((fact ?? proposal ?? contact)?.contents ?? {}) as string[]
  for (const [digest, document] of await contents.getMany(actor ? [...named, actor] : named)) {
    if (!matchesDigest(digest, document)) return 'what was said does not match its digest'
  }
  return from ? letterFault(from, await letters.get(letterKey(from.authority, from.n)), directory) : null
}

async function letterFault(from: NonNullable<EntryBody['from']>, kept: ReceivedLetter | null, directory: Directory): Promise<string | null> {
  if (!kept) return 'the letter that it came with is not there'
  const letter = await provenLetter(kept.jws, directory)
  return letter && letter.iss === from.authority && letter.n === from.n && letter.digest === from.digest ? null : 'the letter that it came with is not the one that was signed'
}
