// The exchange in miniature: two houses with ledger, courier, collector and receipts, a hub with mailboxes, a network that loses, repeats
// and delays. Every write that lasts is a step of its own, and a crash may fall behind any of them. Each variant breaks one rule on purpose.
import { Oracle, type EntrySeen, type HouseSeen, type LetterSeen, type Seen } from '../support/exchange-oracle'

export const VARIANTS = [
  'event and outbox written separately', 'receipt before apply', 'duplicate answered with an error', 'hub acceptance counted as delivery', 'dedup without sequence',
  'id is the hash of the wire string, no sequence', 'dedup table expires, no sequence', 'cursor before effect',
  'receipt made anew for each repeat', 'letter sealed anew for each sending', 'acknowledged write rolled back', 'act told before it is written', 'both sides decide', 'version counted by each side',
] as const
export type Variant = (typeof VARIANTS)[number] | 'correct'

export type Name = 'DE' | 'FR'
export type What = 'NOTE' | 'END'
/** What the network does to one call: `unheard` loses the answer, `late` too, and brings the call a second time later. */
export type Fate = 'well' | 'lost' | 'unheard' | 'late'
export type Step =
  | { do: 'act'; house: Name; key: number; what: What; stop: number }
  | { do: 'dispatch'; house: Name; repeat: boolean; fates: Fate[]; stop: number }
  | { do: 'collect'; house: Name; fates: Fate[]; again: boolean; stop: number }
  | { do: 'replay'; which: number }
  | { do: 'crash'; house: Name }

interface Body { id: string; what: What | 'SUBMIT' | 'REFUSED'; version: number; status: string; prev: string; answers?: string }
interface Entry { body: Body; kind: 'fact' | 'proposal' | 'received'; key?: string; from?: { peer: Name; n: number; id: string }; to?: number }
interface Wire { from: Name; to: Name; n: number; id: string; body: Body; isProposal: boolean; /** Changes with each sending, as a resealed letter's bytes would. */ sending: number }
interface Receipt { from: Name; to: Name; n: number; id: string; text: string }
type Item = { letter: Wire } | { receipt: Receipt }
type Call = { letter: Wire } | { receipt: Receipt }

interface House {
  name: Name; peer: Name; ledger: Entry[]; cursor: number; outbox: Map<number, Wire>; evidence: Map<number, string>; apart: { entry: Entry; n: number }[]
  collected: number; receipts: Map<string, Receipt>; remembered: Set<string>; accepted: Set<string>; refused: Set<string>; unsafe: number
}

/** Runs to its end, or to the crash behind its `stop`-th write. */
type Writes = Generator<void, void>

export class World {
  readonly #houses: Record<Name, House> = { DE: house('DE', 'FR'), FR: house('FR', 'DE') }
  readonly #mailboxes: Record<Name, Item[]> = { DE: [], FR: [] }
  readonly #delayed: Call[] = []
  readonly #receipts: Receipt[] = []
  readonly #letters: Wire[] = []
  readonly #oracle = new Oracle()
  #sendings = 0

  constructor(private readonly variant: Variant) {
    const body: Body = { id: 'DE:submit', what: 'SUBMIT', version: 1, status: 'SUBMITTED', prev: '' }
    run(this.#append(this.#houses.DE, { body, kind: 'fact' }, true), 0)
  }

  #is(...variants: Variant[]): boolean { return variants.includes(this.variant) }
  get #unordered(): boolean { return this.#is('dedup without sequence', 'id is the hash of the wire string, no sequence', 'dedup table expires, no sequence') }

  step(step: Step): string[] {
    switch (step.do) {
      case 'act': { const at = this.#houses[step.house]; this.#stopped(at, run(this.#act(at, `${step.house}${step.key}`, step.what), step.stop)); break }
      case 'dispatch': { const at = this.#houses[step.house]; this.#stopped(at, run(this.#dispatch(at, step.repeat, [...step.fates]), step.stop)); break }
      case 'collect': { const at = this.#houses[step.house]; this.#stopped(at, run(this.#collect(at, [...step.fates], step.again), step.stop)); break }
      case 'replay': this.#replay(step.which); break
      case 'crash': this.#stopped(this.#houses[step.house], false)
    }
    return this.#oracle.broken(this.seen())
  }

  /** The network is well again: everything is carried until nothing moves. */
  heal(): string[] {
    while (this.#delayed.length > 0) this.#replay(0)
    for (let round = 0, before = ''; round < 40 && before !== (before = this.#progress()); round++) {
      for (const at of Object.values(this.#houses)) {
        run(this.#dispatch(at, true, []), 0)
        run(this.#collect(at, [], false), 0)
      }
    }
    return this.#oracle.unsettled(this.seen())
  }

  #progress(): string {
    return JSON.stringify([Object.values(this.#houses).map(at => [at.ledger.length, at.cursor, at.collected, at.evidence.size]), Object.values(this.#mailboxes).map(items => items.length)]) + (this.#receipts.length > 0)
  }

  #stopped(at: House, finished: boolean): void {
    if (finished) return
    if (this.#is('dedup table expires, no sequence')) at.remembered.clear()
    if (this.#is('acknowledged write rolled back')) at.ledger.splice(at.ledger.length - at.unsafe)
    at.unsafe = 0
  }

  #replay(which: number): void {
    const [call] = this.#delayed.splice(which % Math.max(1, this.#delayed.length), 1)
    if (call) this.#atHub(call)
  }

  *#append(at: House, entry: Entry, addressed: boolean): Writes {
    const apart = addressed && this.#is('event and outbox written separately')
    const n = at.ledger.filter(each => each.to).length + at.apart.length + 1
    const whole: Entry = addressed && !apart ? { ...entry, to: n } : entry
    at.ledger.push(whole)
    at.unsafe = 1
    yield
    if (apart) at.apart.push({ entry: whole, n })
    if (apart) yield
  }

  *#act(at: House, key: string, what: What): Writes {
    if (at.ledger.some(entry => entry.key === key)) return void at.accepted.add(key)
    if (at.accepted.has(key) || at.refused.has(key)) return
    const stands = standing(at)
    if (!stands || stands.status === 'WITHDRAWN' || (stands.status === 'EXECUTED' && at.name === 'FR')) return void at.refused.add(key)
    if (this.#is('act told before it is written')) { at.accepted.add(key); yield }
    const decides = at.name === 'FR' || this.#is('both sides decide')
    const body = decides ? decided(stands, key, what, at.name) : { ...stands, id: key, what, prev: stands.id }
    yield* this.#append(at, { body, kind: decides ? 'fact' : 'proposal', key }, true)
    at.accepted.add(key)
  }

  *#dispatch(at: House, repeat: boolean, fates: Fate[]): Writes {
    const addressed = [...at.ledger.filter(entry => entry.to).map(entry => ({ entry, n: entry.to ?? 0 })), ...at.apart]
    for (const { entry, n } of addressed.filter(each => (repeat ? !at.evidence.has(each.n) : each.n > at.cursor))) {
      const letter = at.outbox.get(n) ?? { from: at.name, to: at.peer, n, id: `${at.name}-${n}`, body: entry.body, isProposal: entry.kind === 'proposal', sending: 0 }
      if (!at.outbox.has(n)) { at.outbox.set(n, letter); yield }
      const outcome = this.#call({ letter: { ...letter, sending: this.#sendings++ } }, fates.shift() ?? 'well')
      if (outcome === 'refused') return
      if (outcome === 'unanswered') continue
      if (this.#is('hub acceptance counted as delivery')) { at.evidence.set(n, letter.id); yield }
      if (n === at.cursor + 1) { at.cursor = n; yield }
    }
  }

  #call(call: Call, fate: Fate): 'taken' | 'refused' | 'unanswered' {
    if (fate === 'lost') return 'unanswered'
    const taken = this.#atHub(call)
    if (fate === 'late') this.#delayed.push(call)
    return fate === 'well' ? taken : 'unanswered'
  }

  #atHub(call: Call): 'taken' | 'refused' {
    if ('receipt' in call) return this.#receiptAtHub(call.receipt)
    const { letter } = call
    this.#letters.push(letter)
    const mailbox = this.#mailboxes[letter.to]
    const known = mailbox.flatMap(item => ('letter' in item && item.letter.from === letter.from ? [item.letter] : []))
    if (this.#unordered) {
      if (!known.some(each => this.#idOf(each) === this.#idOf(letter))) mailbox.push({ letter })
      return 'taken'
    }
    if (letter.n > known.length + 1) return 'refused'
    if (letter.n === known.length + 1) mailbox.push({ letter })
    return 'taken'
  }

  #receiptAtHub(receipt: Receipt): 'taken' {
    this.#receipts.push(receipt)
    if (!this.#mailboxes[receipt.to].some(item => 'receipt' in item && item.receipt.n === receipt.n)) this.#mailboxes[receipt.to].push({ receipt })
    return 'taken'
  }

  #idOf(letter: Wire): string { return this.#is('id is the hash of the wire string, no sequence') ? `${letter.id}#${letter.sending}` : letter.id }

  *#collect(at: House, fates: Fate[], again: boolean): Writes {
    for (const [i, item] of this.#mailboxes[at.name].entries()) {
      if (i < at.collected) continue
      if (this.#is('cursor before effect')) { at.collected = i + 1; yield }
      for (let times = again ? 2 : 1; times > 0; times--) {
        if ('receipt' in item) {
          at.evidence.set(item.receipt.n, item.receipt.id)
          yield
        } else {
          const receipt: { made: Receipt | null } = { made: null }
          yield* this.#take(at, item.letter, receipt)
          if (receipt.made && this.#call({ receipt: receipt.made }, fates.shift() ?? 'well') === 'unanswered') return
        }
      }
      at.collected = i + 1
      yield
    }
  }

  *#take(at: House, letter: Wire, receipt: { made: Receipt | null }): Writes {
    const isRepeat = this.#unordered ? at.remembered.has(this.#idOf(letter)) : letter.n <= at.ledger.filter(entry => entry.from).length
    if (isRepeat && this.#is('duplicate answered with an error')) return
    const name = `${letter.from}/${letter.n}`
    const anew = this.#is('receipt made anew for each repeat')
    const made = (anew ? null : at.receipts.get(name)) ?? { from: at.name, to: letter.from, n: letter.n, id: letter.id, text: `${letter.id} taken ${anew ? this.#sendings++ : ''}` }
    if (this.#is('receipt before apply')) this.#call({ receipt: made }, 'well')
    if (this.#is('receipt before apply')) yield
    if (!isRepeat) {
      yield* this.#effect(at, letter)
      at.remembered.add(this.#idOf(letter))
    }
    if (!at.receipts.has(name)) { at.receipts.set(name, made); yield }
    receipt.made = made
  }

  *#effect(at: House, { from: peer, n, id, body, isProposal }: Wire): Writes {
    const from = { peer, n, id }
    const stands = standing(at)
    if (!isProposal) {
      const own = this.#is('version counted by each side') && stands ? { ...body, version: at.ledger.length } : body
      return yield* this.#append(at, { body: own, kind: 'received', from }, false)
    }
    if (!stands) return yield* this.#append(at, { body: { ...body, what: 'REFUSED' }, kind: 'received', from }, false)
    const late = stands.status === 'EXECUTED' || stands.status === 'WITHDRAWN'
    const answer: Body = late ? { ...stands, id: `${body.id}:refused`, what: 'REFUSED', prev: stands.id, answers: body.id } : { ...decided(stands, `${body.id}:done`, body.what === 'END' ? 'END' : 'NOTE', 'DE'), answers: body.id }
    yield* this.#append(at, { body: answer, kind: 'fact', from }, true)
  }

  seen(): Seen {
    const anew = this.#is('letter sealed anew for each sending')
    return {
      houses: Object.values(this.#houses).map(at => seenAt(at)),
      receipts: this.#receipts.map(({ from, n, text }) => ({ letter: `${from}/${n}`, text })),
      letters: this.#letters.map(({ from, n, id, sending }) => ({ letter: `${from}/${n}`, text: anew ? `${id} ${sending}` : id })),
    }
  }
}

const house = (name: Name, peer: Name): House => ({
  name, peer, ledger: [], cursor: 0, outbox: new Map(), evidence: new Map(), apart: [], collected: 0, receipts: new Map(), remembered: new Set(), accepted: new Set(), refused: new Set(), unsafe: 0,
})

const isDecided = (entry: Entry): boolean => entry.kind !== 'proposal' && entry.body.what !== 'REFUSED'
const standing = (at: House): Body | null => at.ledger.filter(isDecided).at(-1)?.body ?? null

function decided(stands: Body, id: string, what: What, by: Name): Body {
  const status = what === 'NOTE' ? stands.status : by === 'FR' ? 'EXECUTED' : 'WITHDRAWN'
  return { id, what, version: stands.version + 1, status, prev: stands.id }
}

/** False where it was stopped behind its `stop`-th write; 0: never. */
function run(writes: Writes, stop: number): boolean {
  for (let made = 1; !writes.next().done; made++) if (made === stop) return false
  return true
}

function seenAt(at: House): HouseSeen {
  const decidedHere = at.ledger.filter(isDecided)
  const broken = decidedHere.findIndex((entry, i) => entry.body.prev !== (decidedHere[i - 1]?.body.id ?? ''))
  const timeline: EntrySeen[] = decidedHere.map(({ body }) => ({ version: body.version, status: body.status, digest: JSON.stringify(body), shared: true }))
  const answered = at.ledger.map(entry => entry.body.answers)
  const wordsSent = (entry: Entry): string => (entry.kind === 'proposal' ? entry.body.id : JSON.stringify(entry.body))
  const wordsApplied = (entry: Entry): string | null => (entry.kind === 'fact' ? entry.body.answers ?? null : entry.body.what === 'REFUSED' && !entry.body.answers ? entry.body.id : JSON.stringify(entry.body))
  return {
    house: at.name,
    sent: at.ledger.flatMap(entry => (entry.to ? [{ peer: at.peer, n: entry.to, body: wordsSent(entry), letter: `${at.name}-${entry.to}` }] : [])),
    applied: at.ledger.flatMap(entry => (entry.from ? [{ peer: at.peer, n: entry.from.n, body: wordsApplied(entry), letter: entry.from.id }] : [])),
    acked: [...at.evidence].map(([n, id]) => ({ peer: at.peer, n, body: null, letter: id })),
    fault: broken < 0 ? null : `decided entry ${broken + 1} does not follow the one before it`,
    timelines: new Map([['case', timeline]]),
    pending: at.ledger.filter(entry => entry.kind === 'proposal' && !answered.includes(entry.body.id)).map(entry => entry.body.id),
    accepted: at.accepted, refused: at.refused, recorded: at.ledger.flatMap(entry => entry.key ?? []),
  }
}
