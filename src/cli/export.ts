// Writes what a house holds of one request as a bundle. Reads beside the running house; opens what came to this house with its own keys, so that
// what the sender signed inside can be shown to others.
import { writeFileSync } from 'node:fs'
import type { ContentDocument } from '../node/contents'
import { countersignedOf } from '../node/hub-witness'
import { payloadOf } from '../node/courier'
import { letterKey, type Entry, type EntryBody } from '../node/entry'
import type { LetterEvidence, OutgoingLetter } from '../node/outbox'
import { checkpointsOf } from '../node/checkpoints'
import { Refusal } from '../refusal'
import type { Log, Store } from '../store/store'
import { canonical } from '../wire/canonical'
import { makeCheckpoint, readCheckpoint, type Checkpoint } from '../wire/checkpoints'
import { consistencyProof, hashesOver, inclusionProof, leafHash, type HashOfRange } from '../wire/merkle'
import { knownByThen } from '../wire/directory'
import { openLetter, readLetter, sayIn } from '../wire/letters'
import { bundleText, signBundle, type BundledContent, type BundledLetter, type BundleLine } from './bundle'
import { dataFolder, demandInitialised, openHouse, type OpenedHouse } from './data-folder'
import type { Settings } from './settings'
import { openToRead } from './stores'
import { each, entriesOf } from './witnesses'

export interface ExportPlan { country: string; reference: string; out: string; contents: boolean }

/** How many entries the bundle proves, and the root key under which it does. */
export async function exportBundle(settings: Settings, plan: ExportPlan): Promise<{ entries: number; root: string }> {
  const folder = dataFolder(settings.data)
  demandInitialised(folder)
  const house = await openHouse(folder, plan.country, new Date())
  const store = await openToRead({ folder, settings }, plan.country)
  try {
    const lines = await new Exporting(`authority:${plan.country}`, house, store).lines(plan)
    writeFileSync(plan.out, bundleText(lines))
    return { entries: lines.filter(({ part }) => part === 'entry').length, root: String(house.rootKey.x) }
  } finally { await store.close() }
}

class Exporting {
  readonly #ledger: Log<EntryBody>

  constructor(private readonly own: string, private readonly house: OpenedHouse, private readonly store: Store) { this.#ledger = store.log('ledger') }

  async lines({ reference, contents }: ExportPlan): Promise<BundleLine[]> {
    const entries = await this.#entries(reference)
    const leaves: Buffer[] = []
    let head: Entry | null = null
    for await (const entry of entriesOf(this.#ledger)) {
      leaves.push(leafHash(entry.body.digest))
      head = entry
    }
    const last = entries.at(-1)
    if (!last || !head) throw new Refusal('NOT_FOUND', `The ledger of ${this.own} holds no request ${reference}.`, { hint: 'Check the reference.' })
    const { checkpoint, jws } = await this.#checkpoint(last.seq, head, leaves)
    const hashOf = hashesOver(leaves.slice(0, checkpoint.seq))
    const lines: BundleLine[] = [{ part: 'bundle', v: 1, of: this.own, reference, directory: this.house.kept.jws }, { part: 'checkpoint', jws }, ...(await this.#countersignatures(checkpoint, hashOf))]
    for (const entry of entries.filter(({ seq }) => seq <= checkpoint.seq)) {
      lines.push({ part: 'entry', entry, proof: await inclusionProof(entry.seq - 1, checkpoint.seq, hashOf), letters: await this.#letters(entry), contents: contents ? await this.#contents(entry) : [] })
    }
    return [...lines, { part: 'signature', jws: await signBundle(this.house.keys.signer, this.own, reference, lines) }]
  }

  async #entries(reference: string): Promise<Entry[]> {
    const found: Entry[] = []
    for await (const entry of entriesOf(this.#ledger, reference)) found.push(entry)
    return found
  }

  /** The newest that was signed, or where that stands before the request's last entry, one for the end. */
  async #checkpoint(from: number, { seq, body: { digest } }: Entry, leaves: readonly Buffer[]): Promise<{ checkpoint: Checkpoint; jws: string }> {
    let newest: { checkpoint: Checkpoint; jws: string } | null = null
    for await (const { value: jws } of each(checkpointsOf(this.store))) newest = { checkpoint: await readCheckpoint(jws, this.house.directory), jws }
    if (newest && newest.checkpoint.seq >= from && newest.checkpoint.seq <= seq) return newest
    const root = (await hashesOver(leaves)(0, seq)).toString('hex')
    const checkpoint = { iss: this.own, seq, digest, root, prev: newest?.checkpoint.seq ?? 0, at: new Date().toISOString() }
    return { checkpoint, jws: await makeCheckpoint({ signer: this.house.keys.signer, ...checkpoint }) }
  }

  async #countersignatures(checkpoint: Checkpoint, hashOf: HashOfRange): Promise<BundleLine[]> {
    const lines: BundleLine[] = []
    for await (const { value: { seq, jws } } of each(countersignedOf(this.store))) {
      if (seq <= checkpoint.seq) lines.push({ part: 'countersignature', jws, path: seq === checkpoint.seq ? [] : await consistencyProof(seq, checkpoint.seq, hashOf) })
    }
    return lines
  }

  async #letters(entry: Entry): Promise<BundledLetter[]> {
    const { from, to = {} } = entry.body
    const sent = await Promise.all(Object.entries(to).map(([addressee, n]) => this.#sent(entry, addressee, n)))
    return [...(from ? [await this.#received(entry, from)] : []), ...sent]
  }

  /** What was said is said again in the same bytes: the addressee's receipt names their digest. */
  async #sent(entry: Entry, to: string, n: number): Promise<BundledLetter> {
    const key = letterKey(to, n)
    const evidence = await this.store.documents<LetterEvidence>('sent').get(key)
    const id = evidence?.id ?? (await this.store.documents<OutgoingLetter>('outbox').get(key))?.id
    if (id === undefined) throw new Refusal('NOT_FOUND', `Letter ${key} is not sealed yet.`, { hint: 'Let the house run until it has handed its letters over, then export again.' })
    const { kind, body } = payloadOf(entry)
    return { from: this.own, to, n, said: await sayIn(this.house.keys.signer, { id, iss: this.own, aud: to, n }, kind, canonical(body)), receipt: evidence?.receipt ?? null }
  }

  async #received({ body: { at } }: Entry, { authority, n }: NonNullable<EntryBody['from']>): Promise<BundledLetter> {
    const { directory, keys } = this.house
    const key = letterKey(authority, n)
    const jws = (await this.store.documents<{ jws: string }>('received').get(key))?.jws ?? ''
    const seen = knownByThen(at)
    const outer = await readLetter(jws, directory).catch(() => readLetter(jws, directory, seen))
    const { fact } = await openLetter(outer, keys, directory).catch(() => openLetter(outer, keys, directory, seen))
    return { from: authority, to: this.own, n, said: fact, receipt: await this.store.documents<string>('receipts').get(key) }
  }

  async #contents({ body: { fact, proposal } }: Entry): Promise<BundledContent[]> {
    const named = Object.values((fact ?? proposal)?.contents ?? {}) as string[]
    return [...(await this.store.documents<ContentDocument>('content').getMany(named))].map(([digest, { salt, body }]) => ({ digest, salt, body }))
  }
}
