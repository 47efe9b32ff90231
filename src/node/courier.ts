// Follows the own ledger, seals what is addressed to partners and hands it to the hub. Its cursor moves once the hub has the letter;
// a letter without a receipt is handed over again, the same bytes, with growing pauses.
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
import { unending } from './loop'
import type { Outbox, OutgoingLetter } from './outbox'
import type { PartnerWitness } from './partner-witness'
import type { Logger } from 'pino'
import type { CrashPoint } from '../peer/crash-point'

interface Result { id: string; relay?: string; error?: { code: string; message: string; expected?: number } }

const LETTERS_AT_ONCE = 50
const HAND_OVER_DEADLINE_MS = 15_000
const REPEAT_AFTER_MS = 30_000
const REPEAT_LONGEST_MS = 600_000

export interface CourierParts {
  own: AuthorityId; ledger: Ledger<EntryBody>; store: Store; contents: Contents; outbox: Outbox; signer: Signer
  directory: () => Directory; hub: Pick<HousePeer, 'post'>; readable: () => number; now: () => Date; log: Logger; crash: CrashPoint
  witness: Pick<PartnerWitness, 'carried'>
  /** Pauses; tests bring a clock of their own. */
  wait?: typeof waitOr
}

export class Courier {
  readonly #cursor: Documents<{ seq: number }>
  /** When each unreceipted letter is to be handed over again. */
  readonly #repeats = new Map<string, { at: number; pause: number }>()

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

  /** Null where the addressee has receipted it already, or the directory no longer names it. */
  async #letter(entry: Entry, to: AuthorityId, n: number): Promise<OutgoingLetter | null> {
    const { own, directory, outbox, signer, now, log } = this.parts
    const kept = await outbox.get(to, n)
    if (kept) return kept
    if (await outbox.isReceipted(to, n)) return null
    if (!directory().authority(to)) {
      log.error({ to, n }, 'a letter to an authority that the directory does not name waits in the ledger')
      return null
    }
    const { kind, body, digests } = payloadOf(entry)
    const contents = [...(await this.parts.contents.documentsOf(digests))].map(([digest, document]) => ({ digest, ...document }))
    const checkpoint = await this.parts.witness.carried(to)
    const sealed = await sealLetter({ signer, directory: directory(), from: own, to, n, id: randomUUID(), kind, body: canonical(body), contents, ...(checkpoint && { checkpoint }), now: now() })
    return outbox.keep({ ...sealed, ...sentLetter(entry, kind), to, n, sealedAt: now().toISOString() })
  }

  /** Hands over in order; where the hub cannot be reached, again and again. */
  async #handOver(letters: readonly OutgoingLetter[], signal: AbortSignal): Promise<void> {
    let waiting = [...letters]
    for (let attempt = 0; waiting.length > 0 && !signal.aborted; attempt++) {
      this.parts.crash('beforeHandOver')
      const outcome = await this.parts.hub.post('/exchange/letters', { letters: waiting.map(letter => letter.jws) }, { deadlineMs: HAND_OVER_DEADLINE_MS, signal })
      this.parts.crash('afterHandOver')
      if (outcome.state === 'ANSWERED' && outcome.status === 200) {
        waiting = await this.#unsettled(waiting, (outcome.body as { results: Result[] }).results)
        if (waiting.length === 0) return
      } else this.parts.log.warn({ state: outcome.state }, 'the hub does not take letters now; they wait')
      await this.#wait(retryDelay(attempt, Math.random), signal)
    }
  }

  /** Letters to hand over again: where the hub misses earlier ones, from there on; what was too many for now, as it is. */
  async #unsettled(letters: readonly OutgoingLetter[], results: readonly Result[]): Promise<OutgoingLetter[]> {
    const errors = new Map(results.filter(result => result.error).map(result => [result.id, result.error]))
    const again: OutgoingLetter[] = []
    for (const letter of letters) {
      const error = errors.get(letter.id)
      if (!error) continue
      if (error.code === 'RATE_LIMITED') {
        again.push(letter)
        continue
      }
      if (error.code !== 'GAP' || again.some(each => each.to === letter.to)) {
        if (error.code !== 'GAP') this.parts.log.error({ to: letter.to, n: letter.n, code: error.code }, 'the hub refused a letter')
        continue
      }
      again.push(...(await this.parts.outbox.from(letter.to, error.expected ?? letter.n, LETTERS_AT_ONCE)))
    }
    return again
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    while (await this.#wait(REPEAT_AFTER_MS / 3, signal)) {
      const due = (await this.parts.outbox.unreceipted(1_000)).filter(letter => this.#isDue(letter)).slice(0, LETTERS_AT_ONCE)
      if (due.length > 0) await this.#handOver(due, signal)
    }
  }

  #isDue(letter: OutgoingLetter): boolean {
    const now = this.parts.now().getTime()
    const known = this.#repeats.get(letter.id) ?? { at: Date.parse(letter.sealedAt) + REPEAT_AFTER_MS, pause: REPEAT_AFTER_MS }
    if (known.at > now) return false
    const pause = Math.min(known.pause * 2, REPEAT_LONGEST_MS)
    if (this.#repeats.size > 10_000) this.#repeats.clear()
    this.#repeats.set(letter.id, { at: now + pause, pause })
    return true
  }
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
