// Follows this authority's mailbox at the hub: opens letters, has each taken once, answers with a signed receipt. The cursor moves after the
// effect, so a letter is met again rather than lost; what cannot be handled is parked in the own store first.
import type { AuthorityId } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { HousePeer } from '../peer/client'
import { LineLost } from '../peer/outcome'
import { retryDelay, waitOr } from '../peer/retry'
import { Refusal } from '../refusal'
import type { Documents, Store } from '../store/store'
import { isOutdated, openLetter, provenLetter, readNewLetter, type LetterName, type OpenedLetter, type OuterLetter } from '../wire/letters'
import { makeReceipt, readNewReceipt } from '../wire/receipts'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/house-keys'
import { namedKey } from '../wire/jws'
import { issueNodeToken } from '../wire/tokens'
import type { Logger } from 'pino'
import type { NodeLaw } from './acts'
import type { CrashPoint } from '../peer/crash-point'
import { letterKey, type EntryBody, type LetterOrigin } from './entry'
import { batched, isBeat, isItem, refusedIn, type MailboxItem } from './mailbox-lines'
import type { Outbox } from './outbox'
import { Parked, type Came } from './parked'
import type { PartnerWitness } from './partner-witness'
import { takeLetter, takeRejection, type ArrivedLetter, type Handled } from './record'
import type { Writer } from './writer'

/** What is kept of a letter that came: enough to prove it and to answer a repeat. */
interface ReceivedLetter { id: string; digest: string; jws: string }

/** A receipt that the hub has not taken yet, and the letter that it is for. */
interface Unsent { receipt: string; for: Came }

/** A letter of somebody to this house, and what it says; `opened` where it could be. */
interface Addressed { name: LetterName; letter: ArrivedLetter['letter']; opened: OpenedLetter | null }

type Begin = () => Promise<(() => Promise<void>) | void>

const ITEMS_AT_ONCE = 64
/** More is no sign of life: whoever sends so many keeps this house busy. */
const BEATS_AT_ONCE = 32
const RECEIPT_DEADLINE_MS = 15_000
/** What waits is looked at again after this long, then more and more rarely. */
const LOOK_AGAIN_MS = 10_000
const LOOK_SOON_MS = 1_000
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
  #unsent: Unsent[] = []
  /** When to look at what waits again; null while nothing does. */
  #again: { at: number; pause: number } | null = { at: 0, pause: LOOK_AGAIN_MS / 2 }
  /** The directory under which it was looked at last. */
  #looked = 0
  /** The place up to which the hub was asked at the last look; 0 where it was asked for all. */
  #askedTo = 0
  /** How far the mailbox was read. */
  #position = 0
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
        await this.#turnBack(thrown).catch((err: unknown) => this.parts.log.error({ err }, 'the mailbox cannot be followed from its end'))
      }
      if (this.lastHeardAt !== heard) attempt = 0
      await this.#wait(retryDelay(Math.min(attempt, 6), Math.random), signal)
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    // First, and in the order of the mailbox: a newer version of this house, or a newer directory, may read what an older one could not.
    await this.#lookAgain(signal)
    this.#position = (await this.#cursor.get('collector'))?.seq ?? 0
    for await (const lines of batched(await this.#mailbox(this.#position, signal), ITEMS_AT_ONCE)) {
      await this.#take(this.#next(lines), signal)
      await this.#lookAgain(signal)
    }
  }

  async #mailbox(after: number, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
    const { hub, own, keys, now } = this.parts
    const token = await issueNodeToken({ keys, issuer: own, audience: 'hub', now: now() })
    return hub.stream(`/exchange/mailbox?after=${after}`, { headers: { authorization: `Bearer ${token}` }, signal, onLine: () => { this.lastHeardAt = now() } })
  }

  async #take(items: readonly MailboxItem[], signal: AbortSignal): Promise<void> {
    if (items.length === 0) return
    await this.#apply(items, signal)
    this.#position = Math.max(this.#position, ...items.map(({ seq }) => seq))
    await this.#cursor.put('collector', { seq: this.#position })
  }

  /** What comes next, or once more. A mailbox has no holes: where one shows, something was left out. On a line that says what no hub says nothing is awaited. */
  #next(lines: readonly unknown[]): MailboxItem[] {
    const others = lines.filter(line => !isItem(line))
    if (others.length > BEATS_AT_ONCE || !others.every(isBeat)) throw new LineLost('BAD_ANSWER')
    let expected = this.#position + 1
    return lines.filter(isItem).filter(({ seq }) => {
      if (seq > expected) throw new LineLost('BAD_ANSWER')
      if (seq === expected) expected += 1
      return true
    })
  }

  /** A mailbox that does not reach as far as this house has read is not the one that it has read: what lies in it is told by its letters' senders. */
  async #turnBack(thrown: unknown): Promise<void> {
    const [error] = (thrown instanceof LineLost ? (thrown.seen.body as { errors?: { extensions?: { code?: unknown; last?: unknown } }[] } | undefined)?.errors : null) ?? []
    const { code, last } = error?.extensions ?? {}
    if (code !== 'CURSOR_INVALID' || typeof last !== 'number' || !Number.isSafeInteger(last) || last < 0 || last >= this.#position) return
    this.parts.log.error({ position: this.#position, last }, 'the mailbox ends before what was read of it; it is followed from its end')
    await this.#parked.forgetWaitingAfter(last)
    await this.#cursor.put('collector', { seq: last })
  }

  /** Positions of letters whose receipts the hub would not take; they are to be looked at again. */
  async #apply(items: readonly MailboxItem[], signal: AbortSignal): Promise<readonly number[]> {
    const opened = await Promise.all(items.map(item => this.#open(item)))
    this.parts.crash('beforeApply')
    // Begun in the order of the mailbox: the writer's queue keeps it.
    const ended = await Promise.all(opened.map(begin => begin()))
    this.parts.crash('afterApply')
    for (const end of ended) await end?.()
    return this.#sendReceipts(signal)
  }

  async #lookAgain(signal: AbortSignal): Promise<void> {
    if (this.#again && (this.#again.at <= this.parts.now().getTime() || this.#looked !== this.parts.directory().version)) await this.#takeWaiting(signal)
  }

  /** Letters that waited for a word more: read again as they came, and where nobody is proved to have sent them, as the hub has them now. */
  async #takeWaiting(signal: AbortSignal): Promise<void> {
    const pause = Math.min((this.#again?.pause ?? LOOK_AGAIN_MS / 2) * 2, LOOK_AGAIN_LONGEST_MS)
    this.#again = null
    this.#looked = this.parts.directory().version
    const asked: number[] = []
    const answered = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    for (let waiting = await this.#parked.waiting(); waiting.length > 0; waiting = await this.#parked.waiting(waiting.at(-1)?.seq)) {
      for (const { seq, jws, why } of waiting) {
        const item = (await this.#readable(seq, jws)) ?? (why !== 'LETTER_SCHEMA' && seq > this.#askedTo && asked.push(seq) <= ASKED_AT_ONCE && !answered.aborted ? await this.#asTheHubHasIt(seq, answered) : null)
        const isDone = item !== null && !(await this.#apply([item], signal)).includes(seq)
        if (isDone) await this.#parked.forgetWaiting(seq)
        else this.#again = { at: this.parts.now().getTime() + pause, pause }
      }
    }
    // The next ones are asked for soon: none waits behind those that the hub never has whole.
    this.#askedTo = asked.length > ASKED_AT_ONCE ? (asked[ASKED_AT_ONCE - 1] ?? 0) : 0
    if (this.#again && this.#askedTo > 0) this.#again = { at: this.parts.now().getTime() + LOOK_SOON_MS, pause: LOOK_AGAIN_MS / 2 }
  }

  async #readable(seq: number, jws: string): Promise<MailboxItem | null> {
    return 'waits' in (await this.#judged(jws)) ? null : { seq, kind: 'letter', letter: jws }
  }

  async #asTheHubHasIt(seq: number, signal: AbortSignal): Promise<MailboxItem | null> {
    try {
      for await (const line of await this.#mailbox(seq - 1, signal)) {
        if (!isItem(line)) continue
        if (line.seq !== seq) return null
        // Something else lies there, or the letter was receipted: then there is nothing to wait for.
        return line.kind === 'letter' && line.letter !== null ? await this.#readable(seq, line.letter) : line.kind === 'receipt' || line.receipt !== null ? line : null
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
    if (item.kind === 'receipt') return async () => void (await this.takeReceipt(item.receipt))
    if (item.letter === null) return async () => void (await this.#takeDropped(item.seq, letterKey(item.from, item.n)))
    const judged = await this.#judged(item.letter)
    const came = { seq: item.seq, jws: item.letter }
    return 'waits' in judged ? async () => void (await this.#keepWaiting(came.seq, came.jws, judged.waits)) : this.#prepared(judged, came)
  }

  /**
   * A letter to be taken, though perhaps only to be answered with a rejection; or why it has to wait. Only what its sender has signed takes the
   * number that it names: else whoever carries letters, or has stolen a key that was taken back, could use numbers up. What lies under a key that
   * holds no more, or that is not known here yet, waits: its sender seals it anew, or the next directory comes.
   */
  async #judged(jws: string): Promise<Addressed | { waits: string }> {
    const { own, directory, keys, now } = this.parts
    const outer = await refusedAs(readNewLetter(jws, directory(), now()))
    const isOurs = !('why' in outer) && outer.aud === own
    if (isOurs && !outer.sealed.recipients.some(({ header }) => keys.opener(String(header?.kid)))) return { waits: 'DECRYPT_KEY' }
    if (isOurs) return { name: outer, ...(await this.#inside(outer)) }
    const why = 'why' in outer ? outer.why : 'LETTER_AUDIENCE'
    if (why === 'LETTER_KEY') return { waits: why }
    const name = await provenLetter(jws, directory())
    return name?.aud === own && why !== 'LETTER_SCHEMA' ? { name, letter: { unreadable: why }, opened: null } : { waits: why }
  }

  async #keepWaiting(seq: number, jws: string, why: string): Promise<void> {
    if (!(await this.#parked.waits(seq, jws, why))) throw new LineLost('TOO_LARGE')
    this.#again ??= { at: this.parts.now().getTime() + LOOK_AGAIN_MS, pause: LOOK_AGAIN_MS }
  }

  /** What the hub has dropped was receipted from here, or is lost there until its sender hands it over again. */
  async #takeDropped(seq: number, key: string): Promise<void> {
    if (!(await this.#receipts.get(key))) await this.#keepWaiting(seq, '', 'LETTER_MISSING')
  }

  async #prepared({ name: came, letter, opened }: Addressed, { seq, jws }: Came): Promise<Begin> {
    const standing = await this.#standing(came, jws)
    if (!standing) return async () => void (await this.#parked.conflict(came, jws))
    const { name, keep } = standing
    const origin: LetterOrigin = { authority: name.iss, n: name.n, id: name.id, digest: name.digest }
    return async () => {
      const handled: Handled = await this.parts.writer.write(work => {
        if (keep) work.alongside(keep)
        return takeLetter(work, this.parts.law, { origin, letter })
      })
      if (handled.state !== 'HANDLED') await keep?.()
      if (handled.state === 'EARLY') return void (await this.#parked.early(name, { seq, jws }, handled.expected))
      return async () => {
        await this.#receipt(name, opened, { seq, jws })
        await this.#resumeEarly(name)
      }
    }
  }

  /**
   * The name under which the letter stands here: its own, or where it was taken before its sender had to seal it anew, the one of that time.
   * Null where another letter has its number. `keep` keeps it as the one that has it, where that is still to be done.
   */
  async #standing(name: LetterName, jws: string): Promise<{ name: LetterName; keep: (() => Promise<unknown>) | null } | null> {
    const { directory, ledger, now } = this.parts
    const key = letterKey(name.iss, name.n)
    const known = await this.#received.get(key)
    if (known?.digest === name.digest) return { name, keep: null }
    if (known && (known.id !== name.id || !(await isOutdated(known.jws, directory(), now())))) return null
    if (known && (await ledger.find(key))) return { name: { ...name, digest: known.digest }, keep: null }
    const kept = { id: name.id, digest: name.digest, jws }
    return { name, keep: () => (known ? this.#received.put(key, kept) : this.#received.insert(key, kept)) }
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
    if ('waits' in judged) {
      await this.#keepWaiting(parked.seq, parked.jws, judged.waits)
      return this.#parked.forgetNext(before)
    }
    await (await (await this.#prepared(judged, parked))())?.()
    await this.#parked.forgetNext(before)
  }

  /** Made once from the entry and stored; a repeat gets the same bytes, as long as the key holds under which they are signed. */
  async #receipt(name: LetterName, opened: OpenedLetter | null, came: Came): Promise<void> {
    const { directory, now, crash } = this.parts
    const key = letterKey(name.iss, name.n)
    const stored = await this.#receipts.get(key)
    const holds = stored !== null && !directory().isOver(namedKey(stored) ?? '', now())
    const receipt = holds ? stored : await this.#makeReceipt(name, key, opened)
    if (!stored) await this.#receipts.insert(key, receipt)
    else if (!holds) await this.#receipts.put(key, receipt)
    crash('beforeReceipt')
    this.#unsent.push({ receipt: (await this.#receipts.get(key)) ?? receipt, for: came })
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

  async #sendReceipts(signal: AbortSignal): Promise<readonly number[]> {
    const refused: number[] = []
    for (let attempt = 0; this.#unsent.length > 0 && !signal.aborted; attempt++) {
      const sending = this.#unsent.slice(0, 100)
      const outcome = await this.parts.hub.post('/exchange/receipts', { receipts: sending.map(({ receipt }) => receipt) }, { deadlineMs: RECEIPT_DEADLINE_MS, signal })
      // Any JSON is an answer; only this one says that the hub keeps them.
      if (outcome.state !== 'ANSWERED' || outcome.status !== 200) { await this.#wait(retryDelay(attempt, Math.random), signal); continue }
      for (const index of refusedIn(outcome.body)) {
        const unsent = sending[index]
        if (!unsent || refused.includes(unsent.for.seq)) continue
        await this.#keepWaiting(unsent.for.seq, unsent.for.jws, 'RECEIPT_REFUSED')
        refused.push(unsent.for.seq)
      }
      this.#unsent = this.#unsent.slice(sending.length)
    }
    return refused
  }

  /** The addressee's word on a letter of ours. */
  async takeReceipt(jws: string): Promise<void> {
    const { outbox, writer, law, own, directory, now } = this.parts
    const receipt = await refusedAs(readNewReceipt(jws, directory(), now()))
    if ('why' in receipt) return this.#disbelieve(receipt.why)
    const letter = await outbox.get(receipt.iss, receipt.n)
    if (receipt.aud !== own) return this.#disbelieve('RECEIPT_AUDIENCE')
    if (!letter) return (await outbox.evidence(receipt.iss, receipt.n))?.receipt === jws ? undefined : this.#disbelieve('RECEIPT_UNKNOWN')
    if (letter.id !== receipt.id || ![letter.digest, ...(letter.earlier ?? [])].includes(receipt.digest)) return this.#disbelieve('RECEIPT_MISMATCH')
    if (receipt.status === 'REJECTED') await writer.write(work => takeRejection(work, law, letter, receipt.reason ?? 'UNKNOWN'))
    await outbox.receipted(letter, jws, receipt.digest)
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
