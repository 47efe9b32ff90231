// Follows this authority's mailbox at the hub: opens letters, has each taken once, answers with a signed receipt. The cursor moves after the
// effect, so a letter is met again rather than lost; what cannot be handled is parked in the own store first.
import type { AuthorityId } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { HousePeer } from '../peer/client'
import { LineLost } from '../peer/outcome'
import { retryDelay, waitOr } from '../peer/retry'
import { Refusal } from '../refusal'
import type { Documents, Store } from '../store/store'
import { openLetter, provenLetter, readLetter, type LetterName, type OpenedLetter, type OuterLetter } from '../wire/letters'
import { makeReceipt, readReceipt } from '../wire/receipts'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/house-keys'
import { issueNodeToken } from '../wire/tokens'
import type { Logger } from 'pino'
import type { NodeLaw } from './acts'
import type { CrashPoint } from '../peer/crash-point'
import { letterKey, type EntryBody, type LetterOrigin } from './entry'
import type { Outbox } from './outbox'
import { Parked } from './parked'
import type { PartnerWitness } from './partner-witness'
import { takeLetter, takeRejection, type ArrivedLetter, type Handled } from './record'
import type { Writer } from './writer'

/** `letter` is null where the hub has dropped it: it holds the addressee's receipt, or nothing any more. */
type MailboxItem = { seq: number } & (
  | { kind: 'letter'; letter: string }
  | { kind: 'letter'; letter: null; from: string; n: number; receipt: string | null }
  | { kind: 'receipt'; receipt: string }
)

/** What is kept of a letter that came: enough to prove it and to answer a repeat. */
interface ReceivedLetter { id: string; digest: string; jws: string }

/** A letter of somebody to this house, and what it says; `opened` where it could be. */
interface Addressed { name: LetterName; letter: ArrivedLetter['letter']; opened: OpenedLetter | null }

type Begin = () => Promise<(() => Promise<void>) | void>

const ITEMS_AT_ONCE = 64
const RECEIPT_DEADLINE_MS = 15_000
/** What waits is looked at again after this long, then more and more rarely. */
const LOOK_AGAIN_MS = 10_000
const LOOK_AGAIN_LONGEST_MS = 600_000
const ANSWER_WITHIN_MS = 5_000
/** Of what waits, so much is asked of the hub at one look. */
const ASKED_AT_ONCE = 16

export interface CollectorParts {
  own: AuthorityId; store: Store; ledger: Ledger<EntryBody>; writer: Pick<Writer, 'write'>; law: NodeLaw; outbox: Outbox; keys: HouseKeys
  directory: () => Directory; hub: Pick<HousePeer, 'post' | 'stream'>; now: () => Date; log: Logger; crash: CrashPoint
  witness: Pick<PartnerWitness, 'see' | 'countersigned'>
  /** Pauses; tests bring a clock of their own. */
  wait?: typeof waitOr
}

export class Collector {
  readonly #cursor: Documents<{ seq: number }>
  readonly #received: Documents<ReceivedLetter>
  readonly #receipts: Documents<string>
  readonly #parked: Parked
  /** Receipts that the hub has not taken yet. */
  #unsent: string[] = []
  /** When to look at what waits again; null while nothing does. */
  #again: { at: number; pause: number } | null = null
  /** When the mailbox was last heard of, for readiness and metrics. */
  lastHeardAt: Date | null = null

  readonly #wait: typeof waitOr

  constructor(private readonly parts: CollectorParts) {
    const { store } = parts
    this.#wait = parts.wait ?? waitOr
    this.#cursor = store.documents('cursors')
    this.#received = store.documents('received')
    this.#receipts = store.documents('receipts')
    this.#parked = new Parked(store, parts.log)
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const heard = this.lastHeardAt
      try {
        await this.#follow(signal)
      } catch (thrown) {
        this.parts.log.warn({ reason: thrown instanceof LineLost ? thrown.reason : String(thrown) }, 'the line to the mailbox was lost; it is opened again')
      }
      if (this.lastHeardAt !== heard) attempt = 0
      await this.#wait(retryDelay(Math.min(attempt, 6), Math.random), signal)
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    // First, and in the order of the mailbox: a newer version of this house, or a newer directory, may read what an older one could not.
    await this.#takeWaiting(signal)
    const after = (await this.#cursor.get('collector'))?.seq ?? 0
    for await (const items of batched(await this.#mailbox(after, signal), ITEMS_AT_ONCE)) {
      await this.#take(items.filter(isItem), signal)
      if (this.#again && this.#again.at <= this.parts.now().getTime()) await this.#takeWaiting(signal)
    }
  }

  async #mailbox(after: number, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
    const { hub, own, keys, now } = this.parts
    const token = await issueNodeToken({ keys, issuer: own, audience: 'hub', now: now() })
    return hub.stream(`/exchange/mailbox?after=${after}`, { headers: { authorization: `Bearer ${token}` }, signal, onLine: () => { this.lastHeardAt = now() } })
  }

  async #take(items: readonly MailboxItem[], signal: AbortSignal): Promise<void> {
    const last = items.at(-1)
    if (!last) return
    await this.#apply(items, signal)
    await this.#cursor.put('collector', { seq: last.seq })
  }

  async #apply(items: readonly MailboxItem[], signal: AbortSignal): Promise<void> {
    const opened = await Promise.all(items.map(item => this.#open(item)))
    this.parts.crash('beforeApply')
    // Begun in the order of the mailbox: the writer's queue keeps it.
    const ended = await Promise.all(opened.map(begin => begin()))
    this.parts.crash('afterApply')
    for (const end of ended) await end?.()
    await this.#sendReceipts(signal)
  }

  /** Letters that waited for a word more: read again as they came, and where nobody is proved to have sent them, as the hub has them now. */
  async #takeWaiting(signal: AbortSignal): Promise<void> {
    const pause = Math.min((this.#again?.pause ?? LOOK_AGAIN_MS / 2) * 2, LOOK_AGAIN_LONGEST_MS)
    this.#again = null
    let asked = 0
    for (let waiting = await this.#parked.waiting(); waiting.length > 0; waiting = await this.#parked.waiting(waiting.at(-1)?.seq)) {
      for (const { seq, jws, why } of waiting) {
        const item = (await this.#readable(seq, jws)) ?? (why !== 'LETTER_SCHEMA' && asked++ < ASKED_AT_ONCE ? await this.#asTheHubHasIt(seq, signal) : null)
        if (item) await this.#apply([item], signal)
        if (item) await this.#parked.forgetWaiting(seq)
        else this.#again = { at: this.parts.now().getTime() + pause, pause }
      }
    }
  }

  async #readable(seq: number, jws: string): Promise<MailboxItem | null> {
    return 'waits' in (await this.#judged(jws)) ? null : { seq, kind: 'letter', letter: jws }
  }

  async #asTheHubHasIt(seq: number, signal: AbortSignal): Promise<MailboxItem | null> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    try {
      for await (const line of await this.#mailbox(seq - 1, over)) {
        if (isItem(line)) return line.seq === seq && line.kind === 'letter' && line.letter !== null ? await this.#readable(seq, line.letter) : null
      }
    } catch (thrown) {
      if (!(thrown instanceof LineLost)) throw thrown
    }
    return null
  }

  /**
   * Reads an item, checks it, and tells how to begin its effect; that in turn tells what is left to do once all effects are durable. Parked is
   * what cannot be read, whoever tries; a store that fails ends the line, and the letter is met again.
   */
  async #open(item: MailboxItem): Promise<Begin> {
    if (item.kind === 'receipt') return async () => void (await this.#takeReceipt(item.receipt))
    if (item.letter === null) return async () => void (await this.#takeDropped(item.seq, letterKey(item.from, item.n)))
    const judged = await this.#judged(item.letter)
    return 'waits' in judged ? async () => void (await this.#keepWaiting(item.seq, item.letter ?? '', judged.waits)) : this.#prepared(judged, item.letter)
  }

  /**
   * A letter to be taken, though perhaps only to be answered with a rejection; or why it has to wait. Only what its sender has signed takes the
   * number that it names: else whoever carries letters could use numbers up.
   */
  async #judged(jws: string): Promise<Addressed | { waits: string }> {
    const { own, directory } = this.parts
    const outer = await refusedAs(readLetter(jws, directory()))
    if (!('why' in outer) && outer.aud === own) return { name: outer, ...(await this.#inside(outer)) }
    const why = 'why' in outer ? outer.why : 'LETTER_AUDIENCE'
    const name = await provenLetter(jws, directory())
    return name?.aud === own && why !== 'LETTER_SCHEMA' ? { name, letter: { unreadable: why }, opened: null } : { waits: why }
  }

  async #keepWaiting(seq: number, jws: string, why: string): Promise<void> {
    await this.#parked.waits(seq, jws, why)
    this.#again ??= { at: this.parts.now().getTime() + LOOK_AGAIN_MS, pause: LOOK_AGAIN_MS }
  }

  /** What the hub has dropped was receipted from here, or is lost there until its sender hands it over again. */
  async #takeDropped(seq: number, key: string): Promise<void> {
    if (!(await this.#receipts.get(key))) await this.#keepWaiting(seq, '', 'LETTER_MISSING')
  }

  async #prepared({ name, letter, opened }: Addressed, jws: string): Promise<Begin> {
    const key = letterKey(name.iss, name.n)
    const known = await this.#received.get(key)
    if (known && known.digest !== name.digest) return async () => void (await this.#parked.conflict(name, jws))
    if (!known) await this.#received.insert(key, { id: name.id, digest: name.digest, jws })
    const origin: LetterOrigin = { authority: name.iss, n: name.n, id: name.id, digest: name.digest }
    return async () => {
      const handled: Handled = await this.parts.writer.write(work => takeLetter(work, this.parts.law, { origin, letter }))
      if (handled.state === 'EARLY') return void (await this.#parked.early(name, jws, handled.expected))
      return async () => {
        await this.#receipt(name, opened)
        await this.#resumeEarly(name)
      }
    }
  }

  async #inside(outer: OuterLetter): Promise<Omit<Addressed, 'name'>> {
    const opened = await refusedAs(openLetter(outer, this.parts.keys, this.parts.directory()))
    if ('why' in opened) return { letter: { unreadable: opened.why }, opened: null }
    const { kind, body, contents } = opened
    return { opened, letter: { kind, body, contents: contents.map(({ digest, salt, body: said }) => ({ digest, document: { salt, body: said } })) } }
  }

  /** The letter behind this one may have come before it. */
  async #resumeEarly(before: LetterName): Promise<void> {
    const parked = await this.#parked.next(before)
    if (!parked) return
    const judged = await this.#judged(parked.jws)
    if ('waits' in judged) return
    await (await (await this.#prepared(judged, parked.jws))())?.()
    await this.#parked.forgetEarly(judged.name)
  }

  /** Made once from the entry and stored; a repeat gets the same bytes. */
  async #receipt(name: LetterName, opened: OpenedLetter | null): Promise<void> {
    const key = letterKey(name.iss, name.n)
    const stored = await this.#receipts.get(key)
    const receipt = stored ?? (await this.#makeReceipt(name, key, opened))
    if (!stored) await this.#receipts.insert(key, receipt)
    this.parts.crash('beforeReceipt')
    this.#unsent.push(stored ?? (await this.#receipts.get(key)) ?? receipt)
  }

  async #makeReceipt({ iss, n, id, digest }: LetterName, key: string, opened: OpenedLetter | null): Promise<string> {
    const entry = await this.parts.ledger.find(key)
    const { body } = entry ?? {}
    const reason = body?.kind === 'rejected' ? { status: 'REJECTED' as const, reason: body.reason ?? 'UNKNOWN' } : { status: 'APPLIED' as const }
    const witnessed = opened && (await this.parts.witness.see(iss, opened.checkpoint))
    return makeReceipt({
      signer: this.parts.keys.signer, iss: this.parts.own, aud: iss, n, id, digest, ...reason, ...(opened && { said: opened.said }), ...(witnessed && { witnessed }), head: body?.digest ?? '', at: body?.at ?? '',
    })
  }

  async #sendReceipts(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; this.#unsent.length > 0 && !signal.aborted; attempt++) {
      const receipts = this.#unsent.slice(0, 100)
      const outcome = await this.parts.hub.post('/exchange/receipts', { receipts }, { deadlineMs: RECEIPT_DEADLINE_MS, signal })
      // Any JSON is an answer; only this one says that the hub keeps them.
      if (outcome.state === 'ANSWERED' && outcome.status === 200) this.#unsent = this.#unsent.slice(receipts.length)
      else await this.#wait(retryDelay(attempt, Math.random), signal)
    }
  }

  /** The addressee's word on a letter of ours. */
  async #takeReceipt(jws: string): Promise<void> {
    const { outbox, writer, law, own, directory } = this.parts
    const receipt = await refusedAs(readReceipt(jws, directory()))
    if ('why' in receipt) return this.#disbelieve(receipt.why)
    const letter = await outbox.get(receipt.iss, receipt.n)
    if (receipt.aud !== own) return this.#disbelieve('RECEIPT_AUDIENCE')
    if (!letter) return (await outbox.evidence(receipt.iss, receipt.n))?.receipt === jws ? undefined : this.#disbelieve('RECEIPT_UNKNOWN')
    if (letter.id !== receipt.id || letter.digest !== receipt.digest) return this.#disbelieve('RECEIPT_MISMATCH')
    if (receipt.status === 'REJECTED') await writer.write(work => takeRejection(work, law, letter, receipt.reason ?? 'UNKNOWN'))
    await outbox.receipted(letter, jws)
    await this.parts.witness.countersigned(receipt, jws)
  }

  #disbelieve(why: string): void { this.parts.log.error({ why }, 'a receipt was not believed') }
}

/** What was read, or why it is refused. Faults of ours pass, and so does what keeps this house from judging at all. */
async function refusedAs<Read extends object>(reading: Promise<Read>): Promise<Read | { why: string }> {
  try {
    return await reading
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.code !== 'BAD_REQUEST') throw thrown
    return { why: typeof thrown.facts['reason'] === 'string' ? thrown.facts['reason'] : 'UNREADABLE' }
  }
}

function isItem(line: unknown): line is MailboxItem {
  const { seq, kind, letter, receipt } = (line ?? {}) as Partial<Record<'seq' | 'kind' | 'letter' | 'receipt', unknown>>
  return typeof seq === 'number' && ((kind === 'letter' && (typeof letter === 'string' || letter === null)) || (kind === 'receipt' && typeof receipt === 'string'))
}

/** Whatever has come while the last batch was handled, together. */
async function* batched<Item>(source: AsyncIterable<Item>, most: number): AsyncGenerator<Item[]> {
  const iterator = source[Symbol.asyncIterator]()
  let next = ahead(iterator)
  for (;;) {
    const first = await next
    if (first.done) return
    const batch = [first.value]
    next = ahead(iterator)
    while (batch.length < most) {
      const ready = await Promise.race([next, soon])
      if (ready === null || ready.done) break
      batch.push(ready.value)
      next = ahead(iterator)
    }
    yield batch
  }
}
const soon: Promise<null> = Promise.resolve(null)

/** Its failure is met where it is awaited, not before. */
function ahead<Item>(iterator: AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  const next = iterator.next()
  next.catch(() => undefined)
  return next
}
