// One stream, many desks. Opened at first need under the longest-lived right of those connected, resumed from its place after either side
// restarts. A desk reads the past at its own pace and joins what is live exactly where it has caught up: nothing twice, nothing lost.
import { LRUCache } from 'lru-cache'
import { retryDelay, waitOr } from '../peer/retry'
import { fault, Refusal } from '../refusal'
import type { Asking, Line, Operation, Page, Place, Question, Rendered, Source } from './feed'
import { KeyIndex } from './keyed'
import { lasting, Rendering, type Group, type Member } from './rendering'
import { Ring } from './ring'

const RENDERINGS_KEPT = 4_096
const READ_AHEAD = 32
const QUICK_ATTEMPTS = 6
/** A stream is opened anew this long before the right ends under which it was opened. */
const RENEWED_BEFORE_MS = 5_000
const LOOKED_AT_MS = 1_000
const LOST_PLACE: readonly string[] = ['CURSOR_INVALID', 'CURSOR_EXPIRED']
const DENIALS: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN']

export class Channel<L extends Line, Asker extends Asking> {
  readonly #members = new Map<Member<L, Asker>, Rendering<L, Asker>>()
  readonly #renderings = new Map<string, Rendering<L, Asker>>()
  readonly #kept = new LRUCache<string, Promise<Rendered>>({ max: RENDERINGS_KEPT })
  readonly #index = new KeyIndex<Group<L, Asker>>()
  readonly #pages = new Map<string, Promise<Page<L> | null>>()
  readonly #over = new AbortController()
  #made = 0
  #ring: Ring<L> | null = null
  #place: Place | null = null
  #begun: () => void = () => undefined
  readonly #beginning = new Promise<void>(resolve => { this.#begun = resolve })
  #voice: Member<L, Asker> | null = null
  #renew: () => void = () => undefined

  constructor(private readonly source: Source<L, Asker>, private readonly emptied: () => void, private readonly faulty: (thrown: unknown) => void, private readonly wait: typeof waitOr = waitOr) {}

  get desks(): number { return this.#members.size }

  /** A desk comes in behind `after`, or without it about now. The returned function takes it out. */
  join(asker: Asker, operation: Operation<L>, question: Question<L, never>, after: string | null): () => void {
    const member: Member<L, Asker> = { asker, operation, question, from: null }
    const rendering = this.#renderings.get(operation.alike) ?? new Rendering<L, Asker>(++this.#made, this.#kept, (denied, because) => this.#end(denied, because), this.wait)
    this.#renderings.set(operation.alike, rendering)
    rendering.add(member)
    this.#members.set(member, rendering)
    if (this.#members.size === 1) void this.#run()
    this.#enter(member, after)
    return () => this.#leave(member)
  }

  close(): void { this.#over.abort() }

  #enter(member: Member<L, Asker>, after: string | Place | null): void {
    this.#catchUp(member, after).catch((thrown: unknown) => this.#end(member, thrown))
  }

  #leave(member: Member<L, Asker>): void {
    const rendering = this.#members.get(member)
    if (!rendering) return
    this.#members.delete(member)
    const group = rendering.groups.get(member.question.filter)
    if (rendering.remove(member)) this.#renderings.delete(member.operation.alike)
    if (group?.members.size === 0) this.#index.delete(group)
    if (this.#voice === member) this.#renew()
    if (this.#members.size > 0) return
    this.close()
    this.emptied()
  }

  #end(member: Member<L, Asker>, thrown: unknown): void {
    if (!this.#members.has(member) || this.#over.signal.aborted) return
    this.#leave(member)
    member.operation.desk.end(thrown)
  }

  /** Until the last desk has gone. */
  async #run(): Promise<void> {
    const { signal } = this.#over
    for (let attempt = 0; !signal.aborted; attempt++) {
      const before = this.#place?.seq
      const renewed = await this.#read(signal)
      if (renewed || this.#place?.seq !== before) attempt = 0
      if (!renewed) await this.wait(retryDelay(Math.min(attempt, QUICK_ATTEMPTS), Math.random), signal)
    }
  }

  /** Reads under one desk's right until the line is lost. True where it was left for a better right. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const voice = this.#longest()
    if (!voice) return false
    const left = new AbortController()
    const timer = setInterval(() => { if (lasting(voice) - Date.now() < RENEWED_BEFORE_MS && lasting(this.#longest() ?? voice) > lasting(voice)) left.abort() }, LOOKED_AT_MS)
    this.#voice = voice
    this.#renew = () => left.abort()
    try {
      await this.source.follow(this.#place, voice.asker, { begin: place => this.#begin(place), line: line => this.#take(line) }, AbortSignal.any([signal, left.signal]))
    } catch (thrown) {
      this.#refused(voice, thrown)
    } finally {
      clearInterval(timer)
      this.#voice = null
    }
    return left.signal.aborted
  }

  #refused(voice: Member<L, Asker>, thrown: unknown): void {
    const code = thrown instanceof Refusal ? thrown.code : null
    if (code !== null && DENIALS.includes(code)) this.#end(voice, thrown)
    else if (code !== null && LOST_PLACE.includes(code)) for (const member of [...this.#members.keys()]) this.#end(member, thrown)
    else this.faulty(thrown)
  }

  #longest(): Member<L, Asker> | null {
    let best: Member<L, Asker> | null = null
    for (const member of this.#members.keys()) if (!best || lasting(member) > lasting(best)) best = member
    return best
  }

  #begin(place: Place): void {
    if (this.#ring) return
    this.#place = place
    this.#ring = new Ring<L>(place)
    this.#begun()
  }

  #take(line: L): void {
    if (!this.#ring || line.seq <= (this.#place?.seq ?? 0)) return
    this.#place = { seq: line.seq, cursor: line.cursor }
    this.#ring.keep(line)
    const concerned = new Map<Rendering<L, Asker>, Group<L, Asker>[]>()
    for (const group of this.#index.of(this.source.keysOf(line))) {
      if (!group.question.accepts(line)) continue
      const known = concerned.get(group.rendering)
      if (known) known.push(group)
      else concerned.set(group.rendering, [group])
    }
    for (const [rendering, found] of concerned) if (!rendering.tell(line, found)) void rendering.drained().then(reached => this.#fallBack(rendering, reached))
  }

  /** Where reads hang, lines are not gathered without bound: the desks read them from the past once the line moves again. */
  #fallBack(rendering: Rendering<L, Asker>, reached: Place): void {
    for (const member of rendering.retired()) {
      const place = member.from && member.from.seq > reached.seq ? member.from : reached
      member.from = null
      this.#enter(member, place)
    }
    for (const group of rendering.groups.values()) this.#index.delete(group)
    rendering.groups.clear()
  }

  /** From `after` to where the stream stands, at the desk's own pace; then live. */
  async #catchUp(member: Member<L, Asker>, after: string | Place | null): Promise<void> {
    await this.#beginning
    let place = typeof after === 'string' ? await this.#placeOf(after, member) : (after ?? this.#place)
    while (place && this.#members.has(member)) {
      if (place.seq >= (this.#place?.seq ?? 0)) return this.#goLive(member, place)
      const page = await this.#behind(place, member)
      if (!page) return
      await this.#tellPast(member, page.lines)
      place = page.end
    }
  }

  #goLive(member: Member<L, Asker>, from: Place): void {
    const rendering = this.#members.get(member)
    if (!rendering) return
    member.from = from
    const group = rendering.groupOf(member.question)
    if (group.members.size === 0) this.#index.add(group)
    group.members.add(member)
  }

  /** Where a client's cursor stands; its first page comes with the answer and is kept for a moment. */
  async #placeOf(after: string, member: Member<L, Asker>): Promise<Place | null> {
    const known = this.#ring?.seqOf(after)
    if (known !== undefined) return { seq: known, cursor: after }
    const page = await this.#page(after, member)
    if (!page) return null
    await this.#tellPast(member, page.lines)
    return page.end
  }

  async #behind(place: Place, member: Member<L, Asker>): Promise<Page<L> | null> {
    const lines = this.#ring?.behind(place.seq)
    const last = lines?.at(-1)
    return lines && last ? { lines: [...lines], end: last } : this.#page(place.cursor, member)
  }

  async #tellPast(member: Member<L, Asker>, lines: readonly L[]): Promise<void> {
    const fitting = lines.filter(line => member.question.accepts(line))
    for (let i = 0; i < fitting.length; i += READ_AHEAD) {
      const made = await Promise.all(fitting.slice(i, i + READ_AHEAD).map(line => this.#members.get(member)?.rendered(line)))
      for (const rendered of made) {
        if (!this.#members.has(member)) return
        if (rendered?.state === 'TOLD' && rendered.passes(member.question)) member.operation.desk.tell(rendered.told)
      }
      await member.operation.desk.flushed()
    }
  }

  /** Desks that come back behind the same event read the same page once. */
  async #page(after: string, member: Member<L, Asker>): Promise<Page<L> | null> {
    for (let attempt = 0; this.#members.has(member); attempt++) {
      const page = await this.#asked(after, member)
      if (page) return page
      await this.wait(retryDelay(Math.min(attempt, QUICK_ATTEMPTS), Math.random), this.#over.signal)
    }
    return null
  }

  async #asked(after: string, { asker }: Member<L, Asker>): Promise<Page<L> | null> {
    const others = this.#pages.get(after)
    // What another was denied is asked again under the own right.
    if (others) return others.catch((thrown: unknown) => (thrown instanceof Refusal && DENIALS.includes(thrown.code) ? this.source.page(asker, after, this.#over.signal) : Promise.reject(thrown)))
    const own = this.source.page(asker, after, this.#over.signal)
    this.#pages.set(after, own)
    try { return await own } finally { this.#pages.delete(after) }
  }
}

/** A desk's feed before anybody reads it: what a subscription's `subscribe` answers. The engine joins it; nothing iterates it. */
export class Feed<L extends Line = Line, Asker extends Asking = Asking> implements AsyncIterable<never> {
  constructor(private readonly channel: () => Channel<L, Asker>, private readonly asker: Asker, readonly question: Question<L, never>, private readonly after: string | null) {}

  join(operation: Operation<L>): () => void { return this.channel().join(this.asker, operation, this.question, this.after) }

  [Symbol.asyncIterator](): AsyncIterator<never> { return fault('a feed is joined, not iterated') }
}
