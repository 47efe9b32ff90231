// Follows this authority's mailbox at the hub: opens letters, has each taken once, answers with a signed receipt. The cursor moves after the
// effect, so a letter is met again rather than lost; what cannot be handled is parked in the own store first.
import type { AuthorityId } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { HousePeer } from '../peer/client'
import { LineLost } from '../peer/outcome'
import { retryDelay, waitOr } from '../peer/retry'
import { Refusal } from '../refusal'
import type { Documents, Store } from '../store/store'
import { openLetter, readLetter, type OuterLetter } from '../wire/letters'
import { makeReceipt, readReceipt } from '../wire/receipts'
import type { Directory } from '../wire/directory'
import type { HouseKeys } from '../wire/keys'
import { issueNodeToken } from '../wire/tokens'
import type { Logger } from 'pino'
import type { NodeLaw } from './acts'
import type { CrashPoint } from '../peer/crash-point'
import { letterKey, type EntryBody, type LetterOrigin } from './entry'
import type { Outbox } from './outbox'
import { takeLetter, takeRejection, type ArrivedLetter, type Handled } from './record'
import type { Writer } from './writer'

interface MailboxItem { seq: number; kind: 'letter' | 'receipt'; letter?: string; receipt?: string }

/** What is kept of a letter that came: enough to prove it and to answer a repeat. */
interface ReceivedLetter { id: string; digest: string; jws: string }

type Begin = () => Promise<(() => Promise<void>) | void>

const ITEMS_AT_ONCE = 64
const RECEIPT_DEADLINE_MS = 15_000

export interface CollectorParts {
  own: AuthorityId; store: Store; ledger: Ledger<EntryBody>; writer: Pick<Writer, 'write'>; law: NodeLaw; outbox: Outbox; keys: HouseKeys
  directory: () => Directory; hub: Pick<HousePeer, 'post' | 'stream'>; now: () => Date; log: Logger; crash: CrashPoint
  /** Pauses; tests bring a clock of their own. */
  wait?: typeof waitOr
}

export class Collector {
  readonly #cursor: Documents<{ seq: number }>
  readonly #received: Documents<ReceivedLetter>
  readonly #receipts: Documents<string>
  readonly #parked: Documents<{ jws: string; why: string }>
  /** Receipts that the hub has not taken yet. */
  #unsent: string[] = []
  /** When the mailbox was last heard of, for readiness and metrics. */
  lastHeardAt: Date | null = null

  readonly #wait: typeof waitOr

  constructor(private readonly parts: CollectorParts) {
    const { store } = parts
    this.#wait = parts.wait ?? waitOr
    this.#cursor = store.documents('cursors')
    this.#received = store.documents('received')
    this.#receipts = store.documents('receipts')
    this.#parked = store.documents('parked')
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
    const { hub, own, keys, now } = this.parts
    const after = (await this.#cursor.get('collector'))?.seq ?? 0
    const token = await issueNodeToken({ keys, issuer: own, audience: 'hub', now: now() })
    const lines = hub.stream(`/exchange/mailbox?after=${after}`, { headers: { authorization: `Bearer ${token}` }, signal, onLine: () => { this.lastHeardAt = now() } })
    for await (const items of batched(lines, ITEMS_AT_ONCE)) await this.#take(items.filter(isItem), signal)
  }

  async #take(items: readonly MailboxItem[], signal: AbortSignal): Promise<void> {
    const last = items.at(-1)
    if (!last) return
    const opened = await Promise.all(items.map(item => this.#open(item)))
    this.parts.crash('beforeApply')
    // Begun in the order of the mailbox: the writer's queue keeps it.
    const ended = await Promise.all(opened.map(begin => begin()))
    this.parts.crash('afterApply')
    for (const end of ended) await end?.()
    await this.#sendReceipts(signal)
    await this.#cursor.put('collector', { seq: last.seq })
  }

  /**
   * Reads an item, checks it, and tells how to begin its effect; that in turn tells what is left to do once all effects are durable. Parked is
   * what cannot be read, whoever tries; a store that fails ends the line, and the letter is met again.
   */
  async #open(item: MailboxItem): Promise<Begin> {
    if (item.kind === 'receipt') return async () => void (await this.#takeReceipt(item.receipt ?? ''))
    const jws = item.letter ?? ''
    const outer = await refusedAs(this.#ownLetter(jws))
    return 'why' in outer ? async () => void (await this.#park(`mailbox/${String(item.seq).padStart(10, '0')}`, jws, outer.why)) : this.#prepared(outer, jws)
  }

  async #ownLetter(jws: string): Promise<OuterLetter> {
    const outer = await readLetter(jws, this.parts.directory())
    if (outer.aud !== this.parts.own) throw new Refusal('BAD_REQUEST', 'a letter for another authority', { reason: 'LETTER_AUDIENCE' })
    return outer
  }

  async #prepared(outer: OuterLetter, jws: string): Promise<Begin> {
    const key = letterKey(outer.iss, outer.n)
    const [known, arrived] = await Promise.all([this.#received.get(key), this.#arrived(outer)])
    if (known && known.digest !== outer.digest) return async () => void (await this.#park(`conflict/${key}/${outer.digest}`, jws, 'LETTER_CONFLICT'))
    if (!known) await this.#received.insert(key, { id: outer.id, digest: outer.digest, jws })
    return async () => {
      const handled: Handled = await this.parts.writer.write(work => takeLetter(work, this.parts.law, arrived))
      if (handled.state === 'EARLY') return void (await this.#park(`early/${key}`, jws, `GAP: expected ${handled.expected}`))
      return async () => {
        await this.#receipt(outer)
        await this.#resumeEarly(outer)
      }
    }
  }

  async #arrived(outer: OuterLetter): Promise<ArrivedLetter> {
    const origin: LetterOrigin = { authority: outer.iss, n: outer.n, id: outer.id, digest: outer.digest }
    const opened = await refusedAs(openLetter(outer, this.parts.keys, this.parts.directory()))
    if ('why' in opened) return { origin, letter: { unreadable: opened.why } }
    const { kind, body, contents } = opened
    return { origin, letter: { kind, body, contents: contents.map(({ digest, salt, body: said }) => ({ digest, document: { salt, body: said } })) } }
  }

  /** The letter behind this one may have come before it. */
  async #resumeEarly(outer: OuterLetter): Promise<void> {
    const key = `early/${letterKey(outer.iss, outer.n + 1)}`
    const parked = await this.#parked.get(key)
    if (!parked) return
    const begin = await this.#prepared(await readLetter(parked.jws, this.parts.directory()), parked.jws)
    await (await begin())?.()
    await this.#parked.delete(key)
  }

  async #park(key: string, jws: string, why: string): Promise<void> {
    this.parts.log.error({ key, why }, 'a letter was parked')
    await this.#parked.put(key, { jws, why })
  }

  /** Made once from the entry and stored; a repeat gets the same bytes. */
  async #receipt(outer: OuterLetter): Promise<void> {
    const key = letterKey(outer.iss, outer.n)
    const stored = await this.#receipts.get(key)
    const receipt = stored ?? (await this.#makeReceipt(outer, key))
    if (!stored) await this.#receipts.insert(key, receipt)
    this.parts.crash('beforeReceipt')
    this.#unsent.push(stored ?? (await this.#receipts.get(key)) ?? receipt)
  }

  async #makeReceipt(outer: OuterLetter, key: string): Promise<string> {
    const entry = await this.parts.ledger.find(key)
    const { body } = entry ?? {}
    const reason = body?.kind === 'rejected' ? { status: 'REJECTED' as const, reason: body.reason ?? 'UNKNOWN' } : { status: 'APPLIED' as const }
    return makeReceipt({ signer: this.parts.keys.signer, iss: this.parts.own, aud: outer.iss, n: outer.n, id: outer.id, digest: outer.digest, ...reason, head: body?.digest ?? '', at: body?.at ?? '' })
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
    if (receipt.aud !== own || !letter) return
    if (letter.id !== receipt.id || letter.digest !== receipt.digest) return this.#disbelieve('RECEIPT_MISMATCH')
    if (receipt.status === 'REJECTED') await writer.write(work => takeRejection(work, law, letter, receipt.reason ?? 'UNKNOWN'))
    await outbox.receipted(letter, jws)
  }

  #disbelieve(why: string): void { this.parts.log.error({ why }, 'a receipt was not believed') }
}

/** What was read, or why it is refused. Faults of ours pass. */
async function refusedAs<Read extends object>(reading: Promise<Read>): Promise<Read | { why: string }> {
  try {
    return await reading
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { why: typeof thrown.facts['reason'] === 'string' ? thrown.facts['reason'] : 'UNREADABLE' }
  }
}

const isItem = (line: unknown): line is MailboxItem => typeof line === 'object' && line !== null && 'seq' in line && 'kind' in line

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
