// What the hub does with letters and receipts: proves the outer signature, keeps each once and in its sender's order, answers with its
// own receipt, and forgets the sealed bytes once the addressee has signed for them. Must not know what a letter says.
import { fault, Refusal } from '../refusal'
import type { Documents, LogEntry, Store } from '../store/store'
import type { Directory } from '../wire/directory'
import { isOutdated, readNewLetter, type OuterLetter as Letter } from '../wire/letters'
import { makeRelayReceipt, readNewReceipt, type Receipt } from '../wire/receipts'
import type { CrashPoint } from '../peer/crash-point'
import { namedKey, type Signer } from '../wire/jws'
import { LetterQuota } from './letter-quota'
import { Mailbox, nameOf, type LetterItem, type MailboxItem } from './mailbox'

/** Why a letter was not taken. GAP names the number that is expected, RATE_LIMITED passes; everything else will not get better by coming again. */
export const LETTER_FAULTS = ['LETTER_INVALID', 'PAYLOAD_TOO_LARGE', 'ADDRESSEE_UNKNOWN', 'GAP', 'RATE_LIMITED', 'ENVELOPE_CONFLICT'] as const
export type LetterFault = (typeof LETTER_FAULTS)[number]
export const RECEIPT_FAULTS = ['RECEIPT_INVALID', 'PAYLOAD_TOO_LARGE', 'LETTER_UNKNOWN', 'RECEIPT_CONFLICT'] as const
export type ReceiptFault = (typeof RECEIPT_FAULTS)[number]

/** `reason`: what of it could not be believed, in the wire's words. */
export interface LetterError { code: LetterFault; message: string; expected?: number; reason?: string }
/** `receipt`: the addressee's, where it has signed for the letter. */
export type LetterResult = { id: string | null; relay: string; receipt?: string } | { id: string | null; error: LetterError }
export interface ReceiptsResult { ok: number; refused: { index: number; code: ReceiptFault; message: string }[] }

/** A letter on its way out; `letter` is null where it was receipted and dropped already: the receipt then stands in its place. */
export type MailboxLine =
  | { seq: number; kind: 'letter'; letter: string }
  | { seq: number; kind: 'letter'; letter: null; from: string; n: number; id: string; digest: string; receipt: string | null }
  | { seq: number; kind: 'receipt'; receipt: string }

/** A letter with a full dossier, sealed twice over in base64. */
export const MAX_LETTER_BYTES = 1024 * 1024
export const MAX_RECEIPT_BYTES = 16 * 1024
/** So often a letter is laid into a mailbox whose owner has read on without a receipt for it. */
const LAID_AGAIN_AT_MOST = 20
/** So much of sealed letters is held in memory for one stream. */
const OUT_AT_ONCE_BYTES = 4 * 1024 * 1024

export interface ExchangeLog { warn(facts: Record<string, unknown>, message: string): void }
export interface ExchangeParts {
  store: Store
  /** Read at every use: it may have been renewed since. */
  directory: () => Directory
  signer: Signer
  now: () => Date
  log: ExchangeLog
  crash?: CrashPoint
  /** What one authority may send. */
  quota?: LetterQuota
}

/** `again`: in place of one whose key holds no more. */
interface KeptReceipt { receipt: string; at: string; again?: boolean }
/** What stands in a letter's place since its sender had to seal it anew, because a key that it lay under held no more. */
interface SealedAnew { digest: string; relay: string; earlier: string[] }
interface KeptConflict { evidence: string; digest: string; against: string; at: string }
interface Arrival { index: number; jws: string; letter: Letter }
interface Receipted { jws: string; receipt: Receipt; again: boolean }

export class Exchange {
  readonly #mailboxes = new Map<string, Mailbox>()
  readonly #sealed: Documents<string>
  readonly #receipts: Documents<KeptReceipt>
  readonly #conflicts: Documents<KeptConflict>
  readonly #quota: LetterQuota
  readonly #anew: Documents<SealedAnew>
  /** How far each owner has read its mailbox, by its own word. */
  readonly #read = new Map<string, number>()
  /** What came, for the hub's metrics; only ever rising. */
  readonly tally = { relayed: 0, repeated: 0, gaps: 0, conflicts: 0, refusedLetters: 0, receipted: 0, refusedReceipts: 0 }

  constructor(private readonly parts: ExchangeParts) {
    this.#sealed = parts.store.documents('sealed')
    this.#receipts = parts.store.documents('receipts')
    this.#conflicts = parts.store.documents('conflicts')
    this.#quota = parts.quota ?? new LetterQuota()
    this.#anew = parts.store.documents('sealed-anew')
  }

  /** `house`: whose line they came by, where that was proved. One result a letter, in the order given; a letter that is answered with a relay receipt is durable. */
  async submit(letters: readonly unknown[], house: string | null = null): Promise<LetterResult[]> {
    const results: LetterResult[] = []
    const arrivals: Arrival[] = []
    for (const [index, jws] of letters.entries()) {
      const read = await this.#readLetter(jws, house)
      if ('error' in read) results[index] = this.#refuseLetter(read.letter, read.error)
      else arrivals.push({ index, ...read })
    }
    const streams = groupBy(arrivals, ({ letter }) => `${letter.iss}>${letter.aud}`)
    await Promise.all(streams.map(stream => this.#take(stream, results)))
    return results
  }

  async #readLetter(jws: unknown, house: string | null): Promise<{ jws: string; letter: Letter } | { letter: Letter | null; error: LetterError }> {
    if (typeof jws !== 'string') return { letter: null, error: { code: 'LETTER_INVALID', message: 'a letter is a string' } }
    if (jws.length > MAX_LETTER_BYTES) return { letter: null, error: { code: 'PAYLOAD_TOO_LARGE', message: `a letter has at most ${MAX_LETTER_BYTES} bytes` } }
    const letter = await readNewLetter(jws, this.parts.directory(), this.parts.now()).catch(refusalOf)
    if (!(letter instanceof Refusal) && house !== null && letter.iss !== house) return { letter, error: { code: 'LETTER_INVALID', message: 'a house hands over its own letters' } }
    if (!(letter instanceof Refusal)) return { jws, letter }
    // The sender's directory may be newer than the hub's: such a letter is good once the hub has that one too.
    if (letter.facts['reason'] === 'LETTER_AUDIENCE') return { letter: null, error: { code: 'ADDRESSEE_UNKNOWN', message: 'the addressee is not in the directory' } }
    return { letter: null, error: { code: 'LETTER_INVALID', message: letter.message, reason: String(letter.facts['reason']) } }
  }

  /** Letters of one sender to one addressee: those that follow its last one are written in one go, then the repeats are looked up. */
  async #take(stream: readonly Arrival[], results: LetterResult[]): Promise<void> {
    const [first] = stream
    if (!first) return
    const mailbox = this.#mailbox(first.letter.aud)
    const { fresh: wanted, repeats, beyond, next } = await sorted(stream, mailbox)
    for (const { index, letter } of beyond) results[index] = this.#gap(letter, next)
    const fresh = wanted.slice(0, this.#quota.admit(first.letter.iss, wanted.map(({ jws }) => jws.length)))
    for (const { index, letter } of wanted.slice(fresh.length)) results[index] = this.#refuseLetter(letter, { code: 'RATE_LIMITED', message: 'this sender sends more than it may; it waits and comes again' })
    const clashed = await this.#write(mailbox, fresh, results)
    for (const arrival of [...clashed, ...repeats]) results[arrival.index] = await this.#repeat(mailbox, arrival)
    for (const arrival of clashed) await this.#dropOrphan(mailbox, arrival.letter)
  }

  #gap(letter: Letter, expected: number): LetterResult {
    this.tally.gaps++
    return { id: letter.id, error: { code: 'GAP', message: `letter ${expected} of this sender is expected next`, expected } }
  }

  /** Sealed bytes first, then the entry that names them: an entry never dangles. Answers with those that stood there already. */
  async #write(mailbox: Mailbox, fresh: readonly Arrival[], results: LetterResult[]): Promise<Arrival[]> {
    if (fresh.length === 0) return []
    const items = await Promise.all(fresh.map(({ jws, letter }) => this.#itemOf(jws, letter)))
    this.parts.crash?.('beforeWrite')
    const bytes = this.#sealed.putMany(new Map(fresh.map(({ jws, letter }) => [letter.digest, jws])))
    // Begun is enough where the store keeps the order: both go in one commit.
    if (!this.parts.store.exclusive) await bytes
    const [placed] = await Promise.all([mailbox.append(items), bytes])
    this.parts.crash?.('afterWrite')
    return fresh.filter(({ index, letter }, at) => {
      const item = items[at]
      if (placed[at] !== 'NEW' || !item) return true
      this.tally.relayed++
      results[index] = { id: letter.id, relay: item.relay }
      return false
    })
  }

  async #itemOf(jws: string, letter: Letter): Promise<LetterItem> {
    const at = this.parts.now().toISOString()
    const relay = await makeRelayReceipt({ signer: this.parts.signer, letter, at })
    return { kind: 'letter', from: letter.iss, n: letter.n, id: letter.id, digest: letter.digest, bytes: jws.length, at, relay }
  }

  /** A repeat gets the relay receipt of the first time, byte for byte: an error here would leave the sender stuck for good. */
  async #repeat(mailbox: Mailbox, { jws, letter }: Arrival): Promise<LetterResult> {
    const stood = await mailbox.letter(letter.iss, letter.n)
    if (!stood) fault(`mailbox ${mailbox.owner}: letter ${letter.n} of ${letter.iss} is neither there nor new`)
    const stands = stood.digest === letter.digest ? stood : ((await this.#anew.get(placeOf(mailbox.owner, stood))) ?? stood)
    const kept = (await this.#receipts.get(stands.digest)) ?? (await this.#receipts.get(stood.digest))
    if (stood.id === letter.id && (stands.digest === letter.digest || kept || (await this.#isOutdated(stands.digest)))) {
      this.tally.repeated++
      if (kept) return this.#answered(mailbox, { jws, letter, stood }, kept)
      if (stands.digest !== letter.digest) return { id: letter.id, relay: await this.#standAnew(mailbox.owner, { jws, letter, stood }) }
      await this.#mend(jws, letter)
      await this.#layAgain(mailbox, { jws, letter, stood })
      return { id: letter.id, relay: stands.relay }
    }
    this.tally.conflicts++
    // One piece of evidence a number: it proves the fault, and a rogue sender can not fill the store with more.
    await this.#conflicts.insert(`${nameOf('letter', letter.iss, letter.n)}>${letter.aud}`, { evidence: jws, digest: letter.digest, against: stood.digest, at: this.parts.now().toISOString() })
    return this.#refuseLetter(letter, { code: 'ENVELOPE_CONFLICT', message: 'another letter of this sender has this number' })
  }

  /** Whether the sealed bytes are gone, or lie under a key that holds no more. */
  async #isOutdated(digest: string): Promise<boolean> {
    const jws = await this.#sealed.get(digest)
    return jws === null || isOutdated(jws, this.parts.directory(), this.parts.now())
  }

  /** The same letter, sealed anew, in the place of the one that nobody can believe or open any more. Bytes first, so that nothing dangles. */
  async #standAnew(owner: string, { jws, letter, stood }: Repeated): Promise<string> {
    const place = placeOf(owner, stood)
    const before = await this.#anew.get(place)
    const relay = await makeRelayReceipt({ signer: this.parts.signer, letter, at: this.parts.now().toISOString() })
    await this.#sealed.put(letter.digest, jws)
    await this.#anew.put(place, { digest: letter.digest, relay, earlier: [...(before?.earlier ?? []), before?.digest ?? stood.digest] })
    await this.#sealed.delete(before?.digest ?? stood.digest)
    return relay
  }

  /** A letter that has its receipt. Where the key of that holds no more, the addressee is shown the letter once more, to sign for it anew. */
  async #answered(mailbox: Mailbox, { jws, letter, stood }: Repeated, { receipt }: KeptReceipt): Promise<LetterResult> {
    const kid = namedKey(receipt) ?? ''
    if (!this.parts.directory().isOver(kid, this.parts.now())) return { id: letter.id, relay: stood.relay, receipt }
    await this.#sealed.put(letter.digest, jws)
    await mailbox.append([{ ...stood, digest: letter.digest, bytes: jws.length, at: this.parts.now().toISOString(), again: kid }])
    return { id: letter.id, relay: stood.relay }
  }

  /** Its owner has read past the letter and has not signed for it: it never came there, or waits there for something. It is shown once more. */
  async #layAgain(mailbox: Mailbox, { jws, letter, stood }: Repeated): Promise<void> {
    const read = this.#read.get(mailbox.owner) ?? 0
    for (let again = 0; again < LAID_AGAIN_AT_MOST; again++) {
      const seq = await mailbox.positionOf(letter.iss, letter.n, again === 0 ? undefined : String(again))
      if (seq === null) return void (await mailbox.append([{ ...stood, digest: letter.digest, bytes: jws.length, at: this.parts.now().toISOString(), again: String(again) }]))
      if (seq > read) return
    }
  }

  /** Sealed bytes that were lost or spoiled here before the addressee signed for them are there again. */
  async #mend(jws: string, { digest }: Letter): Promise<void> {
    if ((await this.#sealed.get(digest)) === jws || (await this.#receipts.get(digest))) return
    await this.#sealed.put(digest, jws)
    // The receipt may have come, and the bytes been dropped, between the look and the write.
    if (await this.#receipts.get(digest)) await this.#sealed.delete(digest)
  }

  /** A letter that lost the race for its number leaves no sealed bytes, neither beside another letter nor behind its own receipt. */
  async #dropOrphan(mailbox: Mailbox, letter: Letter): Promise<void> {
    const stood = await mailbox.letter(letter.iss, letter.n)
    if (stood?.digest !== letter.digest || await this.#receipts.get(letter.digest)) await this.#sealed.delete(letter.digest)
  }

  #refuseLetter(letter: Letter | null, error: LetterError): LetterResult {
    this.tally.refusedLetters++
    this.parts.log.warn({ code: error.code, ...(letter && { from: letter.iss, to: letter.aud, n: letter.n }) }, 'letter refused')
    return { id: letter?.id ?? null, error }
  }

  /** Keeps each receipt beside its letter's digest, lays it into the sender's mailbox and drops the sealed bytes, in this order: any step may be repeated. */
  async receipts(receipts: readonly unknown[]): Promise<ReceiptsResult> {
    const refused: ReceiptsResult['refused'] = []
    const good: Receipted[] = []
    for (const [index, jws] of receipts.entries()) {
      const read = await this.#readReceipt(jws)
      if ('code' in read) this.#refuseReceipt(refused, index, read)
      else good.push(read)
    }
    this.parts.crash?.('beforeReceipt')
    await Promise.all(groupBy(good, ({ receipt }) => receipt.aud).map(group => this.#deliver(group)))
    this.tally.receipted += good.length
    return { ok: good.length, refused }
  }

  async #readReceipt(jws: unknown): Promise<Receipted | { code: ReceiptFault; message: string }> {
    if (typeof jws !== 'string') return { code: 'RECEIPT_INVALID', message: 'a receipt is a string' }
    if (jws.length > MAX_RECEIPT_BYTES) return { code: 'PAYLOAD_TOO_LARGE', message: `a receipt has at most ${MAX_RECEIPT_BYTES} bytes` }
    const receipt = await readNewReceipt(jws, this.parts.directory(), this.parts.now()).catch(refusalOf)
    if (receipt instanceof Refusal) return { code: 'RECEIPT_INVALID', message: receipt.message }
    // Looked up in the signer's own mailbox: who is not the addressee finds nothing there.
    const letter = await this.#mailbox(receipt.iss).letter(receipt.aud, receipt.n)
    if (!letter || letter.id !== receipt.id || !(await this.#hadDigest(receipt, letter))) return { code: 'LETTER_UNKNOWN', message: 'no such letter lay in the mailbox of this signer' }
    const kept = await this.#keep(jws, receipt)
    return kept ? { jws, receipt, again: kept.again === true } : { code: 'RECEIPT_CONFLICT', message: 'the letter was receipted in other words before' }
  }

  /** Of the letter as it first came, or as it was sealed anew since. */
  async #hadDigest({ iss, digest }: Receipt, letter: LetterItem): Promise<boolean> {
    if (letter.digest === digest) return true
    const anew = await this.#anew.get(placeOf(iss, letter))
    return anew !== null && (anew.digest === digest || anew.earlier.includes(digest))
  }

  /** Null where another receipt for the same letter was kept before: the first one stands, as long as its key does. */
  async #keep(jws: string, { digest, at, aud, iss, n }: Receipt): Promise<KeptReceipt | null> {
    const fresh: KeptReceipt = { receipt: jws, at }
    if (await this.#receipts.insert(digest, fresh)) return fresh
    const kept = await this.#receipts.get(digest)
    if (kept?.receipt === jws) return kept
    if (kept && this.parts.directory().isOver(namedKey(kept.receipt) ?? '', this.parts.now())) {
      await this.#receipts.put(digest, { ...fresh, again: true })
      return { ...fresh, again: true }
    }
    await this.#conflicts.insert(`${nameOf('receipt', iss, n)}>${aud}`, { evidence: jws, digest, against: digest, at: this.parts.now().toISOString() })
    return null
  }

  async #deliver(group: readonly Receipted[]): Promise<void> {
    const [first] = group
    if (!first) return
    await this.#mailbox(first.receipt.aud).append(group.map(({ jws, receipt, again }) => ({
      kind: 'receipt', from: receipt.iss, n: receipt.n, id: receipt.id, digest: receipt.digest, at: this.parts.now().toISOString(), receipt: jws, ...(again && { again: namedKey(jws) ?? '' }),
    })))
    const anew = await this.#anew.getMany(group.map(({ receipt }) => placeOf(receipt.iss, { from: receipt.aud, n: receipt.n })))
    await Promise.all([...group.map(({ receipt }) => receipt), ...anew.values()].map(({ digest }) => this.#sealed.delete(digest)))
  }

  #refuseReceipt(refused: ReceiptsResult['refused'], index: number, { code, message }: { code: ReceiptFault; message: string }): void {
    this.tally.refusedReceipts++
    this.parts.log.warn({ code }, 'receipt refused')
    refused.push({ index, code, message })
  }

  /** Position of the last item that waits for this authority. */
  last(owner: string): Promise<number> { return this.#mailbox(owner).last() }

  /** The mailbox of one authority behind `after`, for ever, in pieces that fit into memory. */
  async *follow(owner: string, after: number, signal: AbortSignal): AsyncGenerator<MailboxLine[], void> {
    this.#read.set(owner, Math.max(after, this.#read.get(owner) ?? 0))
    for await (const entries of this.#mailbox(owner).follow(after, signal)) {
      for (const piece of pieces(entries)) yield await this.#linesOf(owner, piece)
    }
  }

  async #linesOf(owner: string, entries: readonly LogEntry<MailboxItem>[]): Promise<MailboxLine[]> {
    const digests = entries.flatMap(({ body }) => body.kind === 'letter' ? [body.digest] : [])
    const sealed = await this.#sealed.getMany(digests)
    // Read after the sealed bytes: what was dropped between the two reads has its receipt by then.
    const receipts = await this.#receipts.getMany(digests.filter(digest => !sealed.has(digest)))
    return Promise.all(entries.map(async ({ seq, body }): Promise<MailboxLine> => {
      if (body.kind === 'receipt') return { seq, kind: 'receipt', receipt: body.receipt }
      const letter = sealed.get(body.digest) ?? (receipts.has(body.digest) ? null : await this.#sealedAnew(owner, body))
      return letter === null ? this.#dropped(seq, body, receipts.get(body.digest)) : { seq, kind: 'letter', letter }
    }))
  }

  async #sealedAnew(owner: string, item: LetterItem): Promise<string | null> {
    const anew = await this.#anew.get(placeOf(owner, item))
    return anew && this.#sealed.get(anew.digest)
  }

  #dropped(seq: number, { from, n, id, digest }: LetterItem, kept: KeptReceipt | undefined): MailboxLine {
    if (!kept) this.parts.log.warn({ seq, from, n }, 'sealed bytes are missing without a receipt')
    return { seq, kind: 'letter', letter: null, from, n, id, digest, receipt: kept?.receipt ?? null }
  }

  #mailbox(owner: string): Mailbox {
    const mailbox = this.#mailboxes.get(owner) ?? new Mailbox(this.parts.store, owner)
    this.#mailboxes.set(owner, mailbox)
    return mailbox
  }
}

/** A letter that comes again, and what lies in the mailbox under its number. */
interface Repeated { jws: string; letter: Letter; stood: LetterItem }

/** Where a letter stands: in whose mailbox, under which number. */
const placeOf = (owner: string, { from, n }: Pick<LetterItem, 'from' | 'n'>): string => `${nameOf('letter', from, n)}>${owner}`

interface Sorted { fresh: Arrival[]; repeats: Arrival[]; beyond: Arrival[]; next: number }

/** What a memory of the sender's next number can not decide is asked of the store once: another process may have taken letters too. */
async function sorted(stream: readonly Arrival[], mailbox: Mailbox): Promise<Sorted> {
  const out: Sorted = { fresh: [], repeats: [], beyond: [], next: 1 }
  let asked = false
  for (const arrival of stream) {
    const { iss, n } = arrival.letter
    out.next = Math.max(out.next, mailbox.knownNext(iss))
    if (n > out.next && !asked) {
      out.next = Math.max(out.next, await mailbox.next(iss))
      asked = true
    }
    if (n > out.next) out.beyond.push(arrival)
    else if (n < out.next) out.repeats.push(arrival)
    else {
      out.fresh.push(arrival)
      out.next = n + 1
    }
  }
  return out
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}

function* pieces(entries: readonly LogEntry<MailboxItem>[]): Generator<LogEntry<MailboxItem>[]> {
  let piece: LogEntry<MailboxItem>[] = []
  let bytes = 0
  for (const entry of entries) {
    piece.push(entry)
    bytes += entry.body.kind === 'letter' ? entry.body.bytes : 0
    if (bytes < OUT_AT_ONCE_BYTES) continue
    yield piece
    piece = []
    bytes = 0
  }
  if (piece.length > 0) yield piece
}

/** What the wire refused; anything else is a fault of ours and goes on. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
