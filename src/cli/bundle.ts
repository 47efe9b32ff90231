// A bundle: what a house's ledger holds of one request, with everything that proves it, as lines of canonical JSON. Read here without network and
// store, under a root key that the reader brings: who sent, who received, what (by digest), and in which order.
import { digestOf, type Entry, type EntryBody } from '../node/entry'
import { payloadOf } from '../node/courier'
import { matchesDigest } from '../node/contents'
import { isDecided } from '../domain/lifecycle'
import { Fault, Refusal } from '../refusal'
import { bytesOf } from '../wire/base64url'
import { canonical, sha256Hex } from '../wire/canonical'
import { isSameStanding, readCheckpoint, readCountersignature, type Checkpoint, type Standing } from '../wire/checkpoints'
import { knownByThen, openDirectory, type Directory } from '../wire/directory'
import { payloadObject, verifyJws, type Signer } from '../wire/jws'
import { isConsistent, isIncluded, isProof, leafHash } from '../wire/merkle'
import { readSaid } from '../wire/letters'
import { readKeptReceipt, readWitnessingReceipt } from '../wire/receipts'
import { parseStrictJson } from '../wire/strict-json'

/** A letter that an entry made or came with: what its sender signed inside, and the addressee's receipt where there is one. */
export interface BundledLetter { from: string; to: string; n: number; said: string; receipt: string | null }
export interface BundledContent { digest: string; salt: string; body: unknown }

export type BundleLine =
  | { part: 'bundle'; v: 1; of: string; reference: string; directory: string }
  | { part: 'checkpoint'; jws: string }
  | { part: 'countersignature'; jws: string; path: string[] }
  | { part: 'entry'; entry: Entry; proof: string[]; letters: BundledLetter[]; contents: BundledContent[] }
  | { part: 'signature'; jws: string }

export const bundleText = (lines: readonly BundleLine[]): string => lines.map(line => `${canonical(line)}\n`).join('')

const SCHEMA = 1
const LINE_AT_MOST = 16 * 1024 * 1024
const SIGNATURE_AT_MOST = 8 * 1024

/** The house's word that these lines, no more and no fewer, are what it holds of the request. */
export const signBundle = (signer: Signer, of: string, reference: string, lines: readonly BundleLine[]): Promise<string> =>
  signer.sign('comity-bundle+jws', bytesOf(JSON.stringify({ v: SCHEMA, of, reference, digest: sha256Hex(bundleText(lines)) })))

/** Thrown inside this room only: what is wrong with one line. */
class Broken { constructor(readonly what: string) {} }
const demand = (holds: boolean, what: string): void => { if (!holds) throw new Broken(what) }

export interface ProvenEntry { seq: number; at: string; what: string; by: string; letters: { from: string; to: string; n: number; receivedAt: string | null; status: string | null }[]; contents: number }
export interface ProvenBundle { of: string; reference: string; checkpoint: Checkpoint; entries: ProvenEntry[]; countersigned: { by: string; seq: number }[] }
export type BundleVerdict = { proven: ProvenBundle } | { line: number; position: number | null; what: string }

/** `root`: the public root key, 32 bytes in base64url, that the reader trusts. */
export async function readBundle(text: string, root: string): Promise<BundleVerdict> {
  const reading = new Reading(root)
  const lines = text.split('\n')
  const unended = lines.pop() !== ''
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1
    const broken = (await reading.line(line, isLast ? lines.slice(0, i).map(each => `${each}\n`).join('') : '', isLast)) ?? (i === 0 ? await reading.misnamed(lines.at(-1) ?? '') : null)
    if (broken !== null) return { line: i + 1, position: reading.position, what: broken }
  }
  return unended || !reading.ended ? { line: lines.length + 1, position: null, what: 'the bundle does not end with the house\'s signature' } : { proven: reading.proven }
}

class Reading {
  #head: { of: string; reference: string; directory: Directory } | null = null
  #checkpoint: Checkpoint | null = null
  /** Of the last decided fact: its digest and version. */
  #last: { digest: string | null; version: number } | null = null
  readonly #entries: ProvenEntry[] = []
  readonly #countersigned: { by: string; seq: number }[] = []
  /** Ledger position of the entry that is being read. */
  position: number | null = null
  ended = false

  constructor(private readonly root: string) {}

  get proven(): ProvenBundle {
    if (!this.#head || !this.#checkpoint) throw new TypeError('nothing was read')
    return { of: this.#head.of, reference: this.#head.reference, checkpoint: this.#checkpoint, entries: this.#entries, countersigned: this.#countersigned }
  }

  /** What is wrong with a line; null where nothing is. */
  async line(text: string, before: string, isLast: boolean): Promise<string | null> {
    this.position = null
    try {
      const line = parsedLine(text)
      demand((line.part === 'signature') === isLast, isLast ? 'the bundle does not end with the house\'s signature' : 'something follows the house\'s signature')
      await this.#take(line, before)
      return null
    } catch (thrown) {
      if (thrown instanceof Broken) return thrown.what
      if (thrown instanceof Refusal) return wording(thrown)
      // What was spoiled may have any shape.
      if (thrown instanceof TypeError || thrown instanceof Fault) return 'it has not the shape of its part'
      throw thrown
    }
  }

  /** What is wrong with the head beside the house's signature in the last line; that line's own faults are met there. */
  async misnamed(last: string): Promise<string | null> {
    try {
      const { jws } = parsedLine(last) as Extract<BundleLine, { part: 'signature' }>
      const { payload } = await verifyJws(jws, { typ: 'comity-bundle+jws', atMost: SIGNATURE_AT_MOST, key: kid => this.#head?.directory.keyEver(kid, 'sign') ?? null })
      return payloadObject(payload)['reference'] === this.#head?.reference ? null : 'it does not name the request for which the house signed the bundle'
    } catch { return null }
  }

  async #take(line: BundleLine, before: string): Promise<void> {
    if (line.part === 'bundle') return this.#takeHead(line)
    if (!this.#head) throw new Broken('the bundle does not begin with its head')
    if (line.part === 'checkpoint') return this.#takeCheckpoint(line.jws, this.#head)
    if (!this.#checkpoint) throw new Broken('the bundle has no checkpoint before its entries')
    if (line.part === 'countersignature') return this.#takeCountersignature(line, this.#head, this.#checkpoint)
    if (line.part === 'entry') return this.#takeEntry(line, this.#head, this.#checkpoint)
    await this.#takeSignature(line.jws, before, this.#head)
  }

  async #takeHead({ v, of, reference, directory }: Extract<BundleLine, { part: 'bundle' }>): Promise<void> {
    demand(!this.#head && v === SCHEMA, 'it is no head of a bundle that is known here')
    // What it proves is past: that the directory has ended since is no fault.
    const opened = await openDirectory(directory, { kty: 'OKP', crv: 'Ed25519', x: this.root }, { now: new Date(0) })
    demand(opened.authority(of) !== undefined, 'the directory does not name the house')
    this.#head = { of, reference, directory: opened }
  }

  async #takeCheckpoint(jws: string, { of, directory }: { of: string; directory: Directory }): Promise<void> {
    demand(!this.#checkpoint, 'there is a checkpoint before it')
    const checkpoint = await readCheckpoint(jws, directory)
    demand(checkpoint.iss === of, 'the checkpoint is not signed by the house')
    this.#checkpoint = checkpoint
  }

  async #takeCountersignature({ jws, path }: { jws: string; path: string[] }, { of, directory }: { of: string; directory: Directory }, checkpoint: Checkpoint): Promise<void> {
    const { by, standing } = await countersigned(jws, of, directory)
    const isPast = isProof(path) && isConsistent({ size: standing.seq, root: standing.root }, { size: checkpoint.seq, root: checkpoint.root }, path)
    demand(isPast && (standing.seq < checkpoint.seq || isSameStanding(standing, checkpoint)), 'the checkpoint does not extend what was countersigned')
    this.#countersigned.push({ by, seq: standing.seq })
  }

  async #takeEntry({ entry, proof, letters, contents }: Extract<BundleLine, { part: 'entry' }>, { of, reference, directory }: { of: string; reference: string; directory: Directory }, checkpoint: Checkpoint): Promise<void> {
    this.position = entry.seq
    const { digest, ...body } = entry.body
    demand(digestOf({ ...entry, body }) === digest, 'the entry does not match its digest')
    demand(isProof(proof) && isIncluded(leafHash(digest), entry.seq - 1, { size: checkpoint.seq, root: checkpoint.root }, proof), 'the entry does not stand at this position of the ledger that was signed')
    demand(entry.ref === reference, 'the entry is of another request')
    demand(entry.seq > (this.#entries.at(-1)?.seq ?? 0), 'the entries are not in their order')
    this.#follows(entry.body)
    const named = contentsNamed(entry.body)
    for (const { digest: said, ...document } of contents) demand(named.includes(said) && matchesDigest(said, document), 'what was said does not match its digest')
    const proven = []
    const expected = new Set([...Object.entries(entry.body.to ?? {}).map(([to, n]) => `${of}>${to}/${n}`), ...(entry.body.from ? [`${entry.body.from.authority}>${of}/${entry.body.from.n}`] : [])])
    for (const letter of letters) {
      demand(expected.delete(`${letter.from}>${letter.to}/${letter.n}`), 'the entry names no such letter')
      proven.push(await provenLetter(letter, entry, of, directory))
    }
    demand(expected.size === 0, 'a letter that the entry names is not there')
    const { fact, proposal, at } = entry.body
    this.#entries.push({ seq: entry.seq, at, by: entry.body.from?.authority ?? of, what: fact ? (fact.act ?? fact.type) : `${proposal?.act ?? ''} (proposed)`, letters: proven, contents: contents.length })
  }

  /** Each decided fact names the one before it and raises the version by one. */
  #follows({ fact }: EntryBody): void {
    if (!fact) return
    if (this.#last && this.#last.digest !== null) demand(fact.prev === this.#last.digest, 'it does not follow the decided act before it')
    if (!isDecided(fact.type)) return
    if (this.#last) demand(fact.version === this.#last.version + 1, 'a decided act before it is missing')
    this.#last = { version: fact.version, digest: fact.act === 'SUBMIT' || this.#last?.digest ? digestOf(fact) : null }
  }

  async #takeSignature(jws: string, before: string, { of, reference, directory }: { of: string; reference: string; directory: Directory }): Promise<void> {
    const made = this.#checkpoint?.at ?? ''
    const { payload, key } = await verifyJws(jws, { typ: 'comity-bundle+jws', atMost: SIGNATURE_AT_MOST, key: kid => directory.key(kid, 'sign') ?? directory.key(kid, 'sign', new Date(made)) })
    const signed = payloadObject(payload)
    demand(key.owner === of && signed['of'] === of && signed['reference'] === reference && signed['v'] === SCHEMA, 'it is not signed by the house')
    demand(signed['digest'] === sha256Hex(before), 'the lines are not those that the house signed')
    this.ended = true
  }
}

/** A refusal of the wire, in the middle of a line. */
const wording = ({ message }: Refusal): string => message.replace(/\.$/, '').replace(/^The/, 'the')

function parsedLine(text: string): BundleLine {
  let value: unknown
  try {
    value = parseStrictJson(text, { maxBytes: LINE_AT_MOST })
  } catch { throw new Broken('it is not JSON as a bundle holds it') }
  demand(typeof value === 'object' && value !== null && canonical(value) === text, 'it is not written as a bundle writes it')
  return exact(value as BundleLine)
}

const PARTS: Readonly<Record<BundleLine['part'], string>> = {
  bundle: 'directory,of,part,reference,v', checkpoint: 'jws,part', countersignature: 'jws,part,path', entry: 'contents,entry,letters,part,proof', signature: 'jws,part',
}

function exact(line: BundleLine): BundleLine {
  demand(Object.hasOwn(PARTS, line.part) && Object.keys(line).sort().join() === PARTS[line.part], 'it has not the shape of its part')
  return line
}

async function countersigned(jws: string, of: string, directory: Directory): Promise<{ by: string; standing: Standing }> {
  const hubs = await readCountersignature(jws, directory).catch(() => null)
  if (hubs?.of === of) return { by: hubs.iss, standing: hubs }
  const receipt = await readWitnessingReceipt(jws, directory).catch(() => null)
  if (receipt?.aud === of && receipt.witnessed) return { by: receipt.iss, standing: receipt.witnessed }
  throw new Broken('nobody has countersigned this')
}

const contentsNamed = ({ fact, proposal, actor }: EntryBody): string[] => [...(Object.values((fact ?? proposal)?.contents ?? {}) as string[]), ...(actor ? [actor] : [])]

async function provenLetter({ from, to, n, said, receipt }: BundledLetter, entry: Entry, of: string, directory: Directory): Promise<ProvenEntry['letters'][number]> {
  const words = await readSaid(said, directory, knownByThen(entry.body.at)).catch(() => null)
  if (!words || words.iss !== from || words.aud !== to || words.n !== n) throw new Broken(`letter ${n} from ${from} is not what its sender signed`)
  const { body } = payloadOf(entry)
  // An act that answers a proposal is the decider's own: what came in the letter is the proposal that it names.
  const saysIt = words.body === canonical(body) || (entry.body.kind === 'act' && from !== of && words.kind === 'proposal' && isAnswered(words.body, entry.body))
  demand(saysIt && (from === of || words.id === entry.body.from?.id), `letter ${n} from ${from} does not say what the entry says`)
  if (receipt === null) return { from, to, n, receivedAt: null, status: null }
  const given = await readKeptReceipt(receipt, directory, entry.body.at).catch(() => null)
  const isFor = given?.iss === to && given.aud === from && given.n === n && given.id === words.id && given.said === words.digest && (from === of || given.head === entry.body.digest)
  if (!given || !isFor) throw new Broken(`the receipt for letter ${n} from ${from} is not the one that its addressee signed`)
  return { from, to, n, receivedAt: given.at, status: given.status }
}

function isAnswered(said: string, { fact }: EntryBody): boolean {
  const proposal = parseStrictJson(said) as { id?: unknown; reference?: unknown }
  return proposal.reference === fact?.reference && fact?.answers === proposal.id
}
