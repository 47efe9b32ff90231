// Re-reads a node's ledger beside the running house: chain, positions, the digests of what was said, the signatures of letters, receipts and
// checkpoints, and what the house, the hub and partners hold that the ledger must bear out.
import { existsSync, readFileSync } from 'node:fs'
import { verifyChain } from '../ledger/ledger'
import { matchesDigest, type ContentDocument } from '../node/contents'
import { digestOf, letterKey, type Entry, type EntryBody } from '../node/entry'
import { unsealedOf, type LetterEvidence, type OutgoingLetter, type UnsealedLetter } from '../node/outbox'
import type { Documents, Store } from '../store/store'
import { knownByThen, type Directory } from '../wire/directory'
import { provenLetter } from '../wire/letters'
import { readKeptReceipt, type Receipt } from '../wire/receipts'
import { dataFolder, demandInitialised, HUB, keysFile, openHouse, storeFolder, type DataFolder } from './data-folder'
import { SEED_COUNTRIES } from './seeds'
import { BadSetting, type Settings } from './settings'
import { openToRead } from './stores'
import { verifyAccessLog } from './verify-access'
import { Hearing, missing, witnessesOf, type Witnesses } from './witnesses'

/** `checkpoints`: a file of signed lines, as `comity checkpoints` prints what another house holds. */
export interface VerifyPlan { country: string | null; checkpoints?: string }

export async function verify(settings: Settings, { country, checkpoints }: VerifyPlan, say: (line: string) => void): Promise<boolean> {
  const folder = dataFolder(settings.data)
  demandInitialised(folder)
  const countries = country ? [country] : SEED_COUNTRIES.filter(each => existsSync(storeFolder(folder, each)) || (settings.mongodb !== null && existsSync(keysFile(folder, each))))
  if (countries.length === 0) throw new BadSetting('--data', folder.path, 'holds no ledger', 'Start the houses once, or name another folder.')
  const lines = checkpoints === undefined ? [] : linesOf(checkpoints)
  let sound = true
  for (const each of countries) sound = (await verifyHouse(folder, settings, each, lines, say)) && sound
  return sound
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(line => line !== '')
  } catch { throw new BadSetting('--checkpoints', file, 'cannot be read', 'Name a file that `comity checkpoints` has printed.') }
}

interface ReceivedLetter { id: string; digest: string; jws: string }
interface Kept {
  own: string; directory: Directory; witnesses: Witnesses; hearing: Hearing
  contents: Documents<ContentDocument>; letters: Documents<ReceivedLetter>; given: Documents<string>; sent: Documents<LetterEvidence>; outbox: Documents<OutgoingLetter>; unsealed: Documents<UnsealedLetter>
}

async function verifyHouse(folder: DataFolder, settings: Settings, country: string, lines: readonly string[], say: (line: string) => void): Promise<boolean> {
  const { directory } = await openHouse(folder, country, new Date())
  const store = await openToRead({ folder, settings }, country)
  const hub = existsSync(keysFile(folder, HUB)) ? await openToRead({ folder, settings }, HUB).catch(() => null) : null
  try {
    const { count, checkpoints, fault } = await verified({ own: `authority:${country}`, store, hub, directory, lines })
    say(fault ? `${country}: broken at position ${fault.seq}: ${fault.what}` : `${country}: ${count} entries, chain, contents, letters and ${checkpoints} checkpoints hold${hub ? ', and all that the hub holds of them' : ''}`)
    return (await verifyAccessLog(store, directory, country, say)) && fault === null
  } finally { await Promise.all([store.close(), hub?.close()]) }
}

export interface Verified { count: number; checkpoints: number; fault: { seq: number; what: string } | null }

/** One ledger in its store; `hub` and `lines` where others' word is at hand. */
export async function verified({ own, store, hub, directory, lines = [] }: { own: string; store: Store; hub: Store | null; directory: Directory; lines?: readonly string[] }): Promise<Verified> {
  // Read before the ledger: a running house goes on signing.
  const witnesses = await witnessesOf({ own, store, hub, directory, lines })
  const { checkpoints } = witnesses
  const kept: Kept = {
    own, directory, witnesses, hearing: new Hearing(witnesses), contents: store.documents('content'), letters: store.documents('received'), given: store.documents('receipts'),
    sent: store.documents('sent'), outbox: store.documents('outbox'), unsealed: unsealedOf(store),
  }
  const { count, broken } = await verifyChain(store.log<EntryBody>('ledger'), digestOf, entry => entryFault(entry, kept))
  const cut = broken ? null : missing(witnesses, count)
  return { count, checkpoints, fault: broken ?? (cut ? { seq: count + 1, what: cut } : null) }
}

/** What is wrong with one entry beyond its link; null where nothing is. A deleted content is a provable gap, no fault. */
async function entryFault(entry: Entry, kept: Kept): Promise<string | null> {
  const told = kept.hearing.contradiction(entry)
  if (told) return told
  const { fact, proposal, contact, actor, from, to = {} } = entry.body
  const named = Object.values((fact ?? proposal ?? contact)?.contents ?? {}) as string[]
  for (const [digest, document] of await kept.contents.getMany(actor ? [...named, actor] : named)) {
    if (!isContent(digest, document)) return 'what was said does not match its digest'
  }
  for (const [addressee, n] of Object.entries(to)) {
    const fault = await sentFault(entry, addressee, n, kept)
    if (fault) return fault
  }
  return from ? ((await letterFault(entry, from, await kept.letters.get(letterKey(from.authority, from.n)), kept.directory)) ?? (await givenFault(entry, from, kept))) : null
}

/** What was spoiled may have no form at all any more. */
function isContent(digest: string, document: ContentDocument): boolean {
  try { return matchesDigest(digest, document) } catch { return false }
}

/** A letter counts by when it was first seen here, before or after its sender's key was revoked; one that was only rejected counts for nothing. */
async function letterFault({ body }: Entry, from: NonNullable<EntryBody['from']>, kept: ReceivedLetter | null, directory: Directory): Promise<string | null> {
  if (!kept) return 'the letter that it came with is not there'
  const letter = typeof kept.jws === 'string' ? await provenLetter(kept.jws, directory) : null
  const isSame = letter && letter.iss === from.authority && letter.n === from.n && letter.digest === from.digest && kept.digest === from.digest && kept.id === from.id
  if (!isSame) return 'the letter that it came with is not the one that was signed'
  return body.kind === 'rejected' || (await provenLetter(kept.jws, directory, knownByThen(body.at))) ? null : 'the letter that it came with was first seen after its sender\'s key was revoked'
}

/** The receipt that this house gave for the letter it took. */
async function givenFault({ body }: Entry, { authority, n, digest }: NonNullable<EntryBody['from']>, { own, given, directory, witnesses }: Kept): Promise<string | null> {
  const jws = await given.get(letterKey(authority, n))
  // It is written after the entry: a house that was ended between the two makes up for it when the letter is met again.
  if (jws === null) return n < (witnesses.answeredBelow.get(authority) ?? 0) ? 'the receipt that was given for its letter is not there' : null
  const receipt = await keptReceipt(jws, directory, body.at)
  const isSame = receipt?.iss === own && receipt.aud === authority && receipt.n === n && receipt.digest === digest && receipt.head === body.digest
  return isSame ? null : 'the receipt that was given for its letter is not the one that this house signed'
}

/** The letter that an entry made: on its way, or receipted. */
async function sentFault({ seq, body }: Entry, to: string, n: number, { own, sent, outbox, unsealed, directory, witnesses }: Kept): Promise<string | null> {
  const key = letterKey(to, n)
  // In this order: a running house keeps the receipt before it lets the letter go.
  const waiting = await outbox.get(key)
  const evidence = await sent.get(key)
  if (evidence) {
    const receipt = await keptReceipt(evidence.receipt, directory, body.at)
    const isSame = receipt?.iss === to && receipt.aud === own && receipt.n === n && receipt.id === evidence.id && receipt.digest === evidence.digest
    if (!isSame) return `the receipt for its letter ${key} is not the one that the addressee signed`
  }
  if (waiting) {
    const letter = typeof waiting.jws === 'string' ? await provenLetter(waiting.jws, directory) : null
    const isSame = letter?.iss === own && letter.aud === to && letter.n === n && letter.id === waiting.id && letter.digest === waiting.digest
    if (!isSame) return `its letter ${key} is not the one that this house signed`
  }
  // It waits for its addressee to be listed; sealed meanwhile, it is on its way.
  const isExpected = seq <= witnesses.handedOver && (await unsealed.get(key)) === null && (await outbox.get(key)) === null && (await sent.get(key)) === null
  return evidence || waiting || !isExpected ? null : `neither its letter ${key} nor the receipt for it is there`
}

/** What was spoiled may be no text any more. */
const keptReceipt = async (jws: unknown, directory: Directory, since: string): Promise<Receipt | null> =>
  typeof jws === 'string' ? readKeptReceipt(jws, directory, since).catch(() => null) : null
