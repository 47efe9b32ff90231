// Desks whose events are the same bytes: each line is rendered once for all of them, in order, and handed round.
import type { LRUCache } from 'lru-cache'
import { retryDelay, type waitOr } from '../peer/retry'
import type { Asking, Line, Operation, Place, Question, Rendered } from './feed'

/** One desk on a channel. `from`: live behind this place; null until it has caught up. */
export interface Member<L extends Line, Asker extends Asking> {
  readonly asker: Asker
  readonly operation: Operation<L>
  readonly question: Question<L, never>
  from: Place | null
}

/** Desks of one rendering with one filter. */
export class Group<L extends Line, Asker extends Asking> {
  readonly members = new Set<Member<L, Asker>>()
  readonly keys: readonly string[] | null

  constructor(readonly rendering: Rendering<L, Asker>, readonly question: Question<L, never>) { this.keys = question.keys }
}

/** Of all renderings of a channel: the last ones made. */
export type KeptRenderings = LRUCache<string, Promise<Rendered>>

/** Lines that may wait to be handed round. */
const WAITING_AT_MOST = 2_048
const DESKS_AT_ONCE = 512
const QUICK_ATTEMPTS = 4

export class Rendering<L extends Line, Asker extends Asking> {
  readonly groups = new Map<string, Group<L, Asker>>()
  readonly #members = new Set<Member<L, Asker>>()
  readonly #over = new AbortController()
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  #last: Place | null = null
  #isFull = false
  /** Null: to be found among the members. */
  #best: Member<L, Asker> | null = null

  constructor(private readonly id: number, private readonly kept: KeptRenderings, private readonly turnAway: (member: Member<L, Asker>, because: unknown) => void, private readonly wait: typeof waitOr) {}

  groupOf(question: Question<L, never>): Group<L, Asker> {
    const known = this.groups.get(question.filter)
    if (known) return known
    const group = new Group(this, question)
    this.groups.set(question.filter, group)
    return group
  }

  add(member: Member<L, Asker>): void {
    this.#members.add(member)
    if (this.#best && lasting(member) > lasting(this.#best)) this.#best = member
  }

  /** True where nobody is left. */
  remove(member: Member<L, Asker>): boolean {
    this.#members.delete(member)
    if (this.#best === member) this.#best = null
    const group = this.groups.get(member.question.filter)
    group?.members.delete(member)
    if (group?.members.size === 0) this.groups.delete(member.question.filter)
    if (this.#members.size > 0) return false
    this.#over.abort()
    return true
  }

  /** Rendering begins at once; handing round keeps the order of the lines. False at the first line that finds no room: see `drained`. */
  tell(line: L, groups: readonly Group<L, Asker>[]): boolean {
    if (this.#isFull) return true
    if (this.#waiting >= WAITING_AT_MOST) return !(this.#isFull = true)
    const rendered = this.rendered(line)
    this.#waiting++
    this.#last = { seq: line.seq, cursor: line.cursor }
    this.#tail = this.#tail.then(async () => {
      await this.#handRound(line, await rendered, groups)
      this.#waiting--
    })
    return true
  }

  /** Everything that found room has been handed round; resolves with the last of it. */
  async drained(): Promise<Place> {
    await this.#tail
    this.#isFull = false
    return this.#last ?? { seq: 0, cursor: '' }
  }

  /** Its live desks, which are live no more. */
  retired(): Member<L, Asker>[] { return [...this.groups.values()].flatMap(group => [...group.members]) }

  /** One line, made once: also for those who come to it later, from the past. */
  rendered(line: L): Promise<Rendered> {
    const key = `${this.id} ${line.seq}`
    const known = this.kept.get(key)
    if (known) return known
    const made = this.#render(line)
    this.kept.set(key, made)
    return made
  }

  async #render(line: L): Promise<Rendered> {
    for (let attempt = 0; !this.#over.signal.aborted; attempt++) {
      const member = this.#speaker()
      if (!member) break
      const rendered = await member.operation.render(line)
      if (rendered.state === 'TOLD' || rendered.state === 'NOTHING') return rendered
      if (rendered.state === 'DENIED') this.turnAway(member, rendered.because)
      else await this.wait(retryDelay(Math.min(attempt, QUICK_ATTEMPTS), Math.random), this.#over.signal)
    }
    return { state: 'NOTHING' }
  }

  /** Whose right lasts longest reads for those whose rights are the same. */
  #speaker(): Member<L, Asker> | null {
    if (!this.#best) for (const member of this.#members) if (!this.#best || lasting(member) > lasting(this.#best)) this.#best = member
    return this.#best
  }

  async #handRound(line: L, rendered: Rendered, groups: readonly Group<L, Asker>[]): Promise<void> {
    if (rendered.state !== 'TOLD') return
    let count = 0
    for (const group of groups) {
      if (!rendered.passes(group.question)) continue
      const now = Date.now()
      for (const member of group.members) {
        if (member.from && line.seq > member.from.seq && lasting(member) > now) member.operation.desk.tell(rendered.told)
        // Others have their turn between some hundred desks.
        if (++count % DESKS_AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve))
      }
    }
  }
}

export const lasting = ({ asker }: { asker: Asking }): number => asker.expiresAt ?? Infinity
