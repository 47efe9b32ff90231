// Follows the own ledger, seals what is addressed to partners and hands it to the hub. Its cursor moves once the hub has the letter;
// a letter without a receipt is handed over again, the same bytes, with growing pauses. Where a key that it lies under holds no more, the same
// letter is sealed anew under those that do: by its id and its words it is the one that it was.
import { randomUUID } from 'node:crypto'
import { asSent } from '../domain/consultation'
import type { AuthorityId } from '../domain/request'
import type { Ledger } from '../ledger/ledger'
import type { HousePeer } from '../peer/client'
import { retryDelay, waitOr } from '../peer/retry'
import type { Documents, Store } from '../store/store'
import { canonical } from '../wire/canonical'
import { sealLetter, type LetterKind } from '../wire/letters'
import type { Directory } from '../wire/directory'
import type { Signer } from '../wire/jws'
import type { Contents } from './contents'
import type { Entry, EntryBody } from './entry'
import { fault } from '../refusal'
import { unending } from './loop'
import type { Outbox, OutgoingLetter, UnsealedLetter } from './outbox'
import type { PartnerWitness } from './partner-witness'
import type { Logger } from 'pino'
import type { CrashPoint } from '../peer/crash-point'

/** What the hub says of a letter; `receipt`: the addressee's, where the hub has it. */
interface Result { receipt: string | null; error: { code: string; reason: string | null; expected: number | null } | null }

const LETTERS_AT_ONCE = 50
const HAND_OVER_DEADLINE_MS = 15_000
const REPEAT_AFTER_MS = 30_000
/** What the hub refused it may take once it has the same directory. */
const REFUSED_AGAIN_AFTER_MS = 1_000
const LOOK_EVERY_MS = 2_000
const UNSEALED_AT_MOST = 10_000
const REPEAT_LONGEST_MS = 600_000

export interface CourierParts {
  own: AuthorityId; ledger: Ledger<EntryBody>; store: Store; contents: Contents; outbox: Outbox; signer: Signer
  directory: () => Directory; hub: Pick<HousePeer, 'post'>; readable: () => number; now: () => Date; log: Logger; crash: CrashPoint
  witness: Pick<PartnerWitness, 'carried'>
  /** Takes an addressee's receipt that the hub hands out. */
  takeReceipt: (jws: string) => Promise<void>
  /** Pauses; tests bring a clock of their own. */
  wait?: typeof waitOr
}

export class Courier {
  readonly #cursor: Documents<{ seq: number }>
  /** When each unreceipted letter is to be handed over again. */
  readonly #repeats = new Map<string, { at: number; pause: number }>()
  /** When the outbox is to be looked through next, and under which directory it was. */
  #lookAt = 0
  #looked = 0

  /** Addressees for whom a letter waits that could not be sealed. */
  readonly #unlisted = new Set<AuthorityId>()

  readonly #wait: typeof waitOr

  constructor(private readonly parts: CourierParts) {
    this.#cursor = parts.store.documents('cursors')
    this.#wait = parts.wait ?? waitOr
  }

  /** Until the signal ends. */
  async run(signal: AbortSignal): Promise<void> {
    const looping = { signal, wait: this.#wait, log: this.parts.log }
    await Promise.all([unending(() => this.#carry(signal), { ...looping, name: 'courier' }), unending(() => this.#repeat(signal), { ...looping, name: 'courier, repeats' })])
  }

  async #carry(signal: AbortSignal): Promise<void> {
    const after = (await this.#cursor.get('courier'))?.seq ?? 0
    for await (const entries of this.parts.ledger.follow(after, signal, this.parts.readable)) {
      const letters = (await Promise.all(entries.map(entry => this.#letters(entry)))).flat()
      for (let start = 0; start < letters.length && !signal.aborted; start += LETTERS_AT_ONCE) await this.#handOver(letters.slice(start, start + LETTERS_AT_ONCE), signal)
      const last = entries.at(-1)
      if (last && !signal.aborted) await this.#cursor.put('courier', { seq: last.seq })
    }
  }

  async #letters(entry: Entry): Promise<OutgoingLetter[]> {
    const addressed = Object.entries(entry.body.to ?? {})
    return (await Promise.all(addressed.map(([to, n]) => this.#letter(entry, to, n)))).filter(letter => letter !== null)
  }

  /** Null where the addressee has receipted it already, or the directory lists nobody yet for whom it can be sealed: then it waits. */
  async #letter(entry: Entry, to: AuthorityId, n: number): Promise<OutgoingLetter | null> {
    const { outbox } = this.parts
    const kept = await outbox.get(to, n)
    if (kept) return this.#fit(kept)
    if (await outbox.isReceipted(to, n)) return null
    if (this.#canSealFor(to)) return outbox.keep(await this.#sealed(entry, to, n, randomUUID()))
    this.parts.log.error({ to, n }, 'a letter waits until the directory lists a key for it')
    await outbox.leaveUnsealed({ to, n, seq: entry.seq })
    this.#unlisted.add(to)
    return null
  }

  /** Both can open a letter, its sender too: each needs a key. */
  #canSealFor(to: AuthorityId): boolean {
    const { own, directory, now } = this.parts
    return [own, to].every(party => directory().encryptionKey(party, now()) !== null)
  }

  /** Seals what waited for its addressee to be listed. Forgotten first: what is left unsealed meanwhile is looked for again. */
  async #late(): Promise<OutgoingLetter[]> {
    const to = [...this.#unlisted].find(each => this.#canSealFor(each))
    if (to === undefined) return []
    const { outbox } = this.parts
    const waiting = await outbox.unsealed(LETTERS_AT_ONCE, to)
    if (waiting.length < LETTERS_AT_ONCE) this.#unlisted.delete(to)
    const late: OutgoingLetter[] = []
    for (const each of waiting) {
      const letter = await this.#letter(await this.#entryOf(each), to, each.n)
      if (letter) late.push(letter)
      if (letter || (await outbox.isReceipted(to, each.n))) await outbox.isSealed(each)
    }
    return late
  }

  async #entryOf({ to, n, seq }: UnsealedLetter): Promise<Entry> {
    const [entry] = await this.parts.ledger.read({ after: seq - 1, limit: 1 })
    return entry?.body.to?.[to] === n ? entry : fault(`position ${seq} does not make letter ${n} to ${to}`)
  }

  async #sealed(entry: Entry, to: AuthorityId, n: number, id: string): Promise<OutgoingLetter> {
    const { own, directory, signer, now } = this.parts
    const { kind, body, digests } = payloadOf(entry)
    const contents = [...(await this.parts.contents.documentsOf(digests))].map(([digest, document]) => ({ digest, ...document }))
    const checkpoint = await this.parts.witness.carried(to)
    const sealed = await sealLetter({ signer, directory: directory(), from: own, to, n, id, kind, body: canonical(body), contents, ...(checkpoint && { checkpoint }), now: now() })
    return { ...sealed, ...sentLetter(entry, kind), to, n, sealedAt: now().toISOString(), seq: entry.seq }
  }

  /** The letter as it can be believed and opened now. Where there is no key to seal it with, as it is. */
  async #fit(letter: OutgoingLetter): Promise<OutgoingLetter> {
    const { outbox, log } = this.parts
    if (this.#holds(letter)) return letter
    if (!this.#canSealFor(letter.to)) return letter
    const fresh = await this.#sealed(await this.#entryOf(letter), letter.to, letter.n, letter.id)
    log.info({ to: letter.to, n: letter.n }, 'a letter was sealed anew: a key that it lay under holds no more')
    return outbox.replace(letter, { ...fresh, earlier: [...(letter.earlier ?? []), letter.digest] })
  }

  /** Hands over in order; where the hub cannot be reached, again and again. */
  async #handOver(letters: readonly OutgoingLetter[], signal: AbortSignal): Promise<void> {
    let waiting = [...letters]
    for (let attempt = 0; waiting.length > 0 && !signal.aborted; attempt++) {
      this.parts.crash('beforeHandOver')
      const outcome = await this.parts.hub.post('/exchange/letters', { letters: waiting.map(letter => letter.jws) }, { deadlineMs: HAND_OVER_DEADLINE_MS, signal })
      this.parts.crash('afterHandOver')
      if (outcome.state === 'ANSWERED' && outcome.status === 200) {
        waiting = await this.#unsettled(waiting, resultsIn(outcome.body, waiting))
        if (waiting.length === 0) return
      } else this.parts.log.warn({ state: outcome.state }, 'the hub does not take letters now; they wait')
      await this.#wait(retryDelay(attempt, Math.random), signal)
      waiting = await Promise.all(waiting.map(letter => this.#fit(letter)))
    }
  }

  /** Letters to hand over again at once: where the hub misses earlier ones, from there on; what was too many for now, as it is. What it refused, and what comes behind that, a little later. */
  async #unsettled(letters: readonly OutgoingLetter[], results: readonly Result[]): Promise<OutgoingLetter[]> {
    for (const { receipt } of results) if (receipt !== null) await this.parts.takeReceipt(receipt)
    const refused = new Set(letters.filter((_, i) => !PASSING.includes(results[i]?.error?.code ?? GAP)).map(({ to }) => to))
    const again: OutgoingLetter[] = []
    for (const [i, letter] of letters.entries()) {
      const error = results[i]?.error
      if (!error) continue
      if (error.code === 'RATE_LIMITED') again.push(letter)
      else if (refused.has(letter.to)) this.#refused(letter, error)
      else if (!again.some(each => each.to === letter.to)) again.push(...(await this.parts.outbox.from(letter.to, error.expected ?? letter.n, LETTERS_AT_ONCE)))
    }
    return again
  }

  #refused({ id, to, n }: OutgoingLetter, { code, reason }: { code: string; reason: string | null }): void {
    if (code !== GAP) this.parts.log.error({ to, n, code, reason }, 'the hub refused a letter')
    if (!this.#repeats.has(id)) this.#repeatIn(id, REFUSED_AGAIN_AFTER_MS)
  }

  #repeatIn(id: string, pause: number): void {
    if (this.#repeats.size > 10_000) this.#repeats.clear()
    const at = this.parts.now().getTime() + pause
    this.#repeats.set(id, { at, pause })
    this.#lookAt = Math.min(this.#lookAt, at)
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    for (const { to } of await this.parts.outbox.unsealed(UNSEALED_AT_MOST)) this.#unlisted.add(to)
    while (await this.#wait(LOOK_EVERY_MS, signal)) {
      const late = await this.#late()
      if (late.length > 0) await this.#handOver(late, signal)
      const due = await this.#due()
      if (due.length > 0) await this.#handOver(due, signal)
    }
  }

  /** Those whose time has come; under a newer directory also those that it no longer bears out. */
  async #due(): Promise<OutgoingLetter[]> {
    const { directory, outbox, now } = this.parts
    const { version } = directory()
    if (version === this.#looked && this.#lookAt > now().getTime()) return []
    const waiting = await outbox.unreceipted(1_000)
    const due: OutgoingLetter[] = []
    for (const letter of waiting) if (due.length < LETTERS_AT_ONCE && ((version !== this.#looked && !this.#holds(letter)) || this.#isDue(letter))) due.push(letter)
    if (due.length < LETTERS_AT_ONCE) this.#looked = version
    this.#lookAt = due.length < LETTERS_AT_ONCE ? Math.min(now().getTime() + REPEAT_AFTER_MS / 3, ...waiting.map(({ id }) => this.#repeats.get(id)?.at ?? Infinity)) : 0
    return Promise.all(due.map(letter => this.#fit(letter)))
  }

  #holds({ kids }: OutgoingLetter): boolean { return !kids.some(kid => this.parts.directory().isOver(kid, this.parts.now())) }

  #isDue({ id, sealedAt }: OutgoingLetter): boolean {
    const known = this.#repeats.get(id) ?? { at: Date.parse(sealedAt) + REPEAT_AFTER_MS, pause: REPEAT_AFTER_MS }
    if (known.at > this.parts.now().getTime()) return false
    this.#repeatIn(id, Math.min(known.pause * 2, REPEAT_LONGEST_MS))
    return true
  }
}

const GAP = 'GAP'
/** Made up for by handing over again at once: what is missing, or was too many for now. */
const PASSING: readonly string[] = [GAP, 'RATE_LIMITED']

/** What the hub says of each of these letters, in their order; whatever else it says is no word on a letter. */
function resultsIn(body: unknown, letters: readonly OutgoingLetter[]): Result[] {
  const { results } = (body ?? {}) as { results?: unknown }
  return letters.map((letter, i) => resultOf(Array.isArray(results) ? results[i] : null, letter))
}

function resultOf(value: unknown, letter: OutgoingLetter): Result {
  const { id, relay, receipt, error } = (value ?? {}) as Partial<Record<'id' | 'relay' | 'receipt' | 'error', unknown>>
  if (typeof error === 'object' && error !== null) return { receipt: null, error: errorIn(error) }
  if (id !== letter.id || typeof relay !== 'string') return { receipt: null, error: { code: 'UNANSWERED', reason: null, expected: null } }
  return { receipt: typeof receipt === 'string' ? receipt : null, error: null }
}

function errorIn(error: Partial<Record<'code' | 'reason' | 'expected', unknown>>): Result['error'] {
  const { code, reason, expected } = error
  const isNumber = typeof expected === 'number' && Number.isSafeInteger(expected) && expected > 0
  return { code: typeof code === 'string' ? code : 'UNKNOWN', reason: typeof reason === 'string' ? reason : null, expected: isNumber ? expected : null }
}

/** What a letter of this entry says. */
export function payloadOf({ body }: Entry): { kind: LetterKind; body: unknown; digests: string[] } {
  const { fact, proposal, contact } = body
  const kind: LetterKind = fact ? 'fact' : proposal ? 'proposal' : 'contact'
  const payload = fact ? asSent(fact) : proposal ?? contact
  const contents = (payload?.contents ?? {}) as Record<string, string>
  return { kind, body: payload, digests: Object.values(contents) }
}

function sentLetter({ body }: Entry, kind: LetterKind) {
  const { fact, proposal, contact } = body
  return { reference: fact?.reference ?? proposal?.reference ?? contact?.id ?? '', kind, act: fact?.act ?? proposal?.act ?? null, proposalId: proposal?.id ?? null }
}
