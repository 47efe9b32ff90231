// A store whose process dies at a chosen write, before it, behind it or in its middle: from then on nothing answers any more. Or whose
// server does not answer for a while. Around the real store; what was under way when the process died may still land, as in life.
import type { Docket, Documents, Log, LogEntry, Store } from '../../../src/store/store'
import { Refusal } from '../../../src/refusal'
import { never, type Activity } from './virtual-time'

export const HARMS = ['before', 'after', 'part', 'down'] as const
export type Harm = (typeof HARMS)[number]

const DOWN_FOR_CALLS = 4

export class Fragile {
  dead = false
  #armed: { writes: number; harm: Harm } | null = null
  #down = 0
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(private readonly activity: Activity, private readonly died: () => void) {}

  /** The harm comes to the `writes`-th write from now on. */
  arm(writes: number, harm: Harm): void { this.#armed = { writes, harm } }
  disarm(): void { this.#armed = null; this.#down = 0 }

  /** Ends the process now. */
  kill(): void {
    if (this.dead) return
    this.dead = true
    this.died()
  }

  /** Resolves when nothing that the dead process began can land any more. */
  async landed(): Promise<void> { await Promise.allSettled([...this.#underWay]) }

  around(store: Store): Store {
    return { exclusive: store.exclusive, log: name => this.#log(store.log(name)), documents: name => this.#documents(store.documents(name)), docket: this.#docket(store.docket), ping: () => store.ping(), close: () => store.close() }
  }

  #log<Body>(log: Log<Body>): Log<Body> {
    return {
      append: entries => this.#write(() => log.append(entries), () => log.append(half(entries))),
      read: query => this.#read(() => log.read(query)), readBack: query => this.#read(() => log.readBack(query)),
      last: () => this.#read(() => log.last()), find: unique => this.#read(() => log.find(unique)),
    }
  }

  #documents<Value>(kept: Documents<Value>): Documents<Value> {
    return {
      get: key => this.#read(() => kept.get(key)), getMany: keys => this.#read(() => kept.getMany(keys)), list: query => this.#read(() => kept.list(query)),
      insert: (key, value) => this.#write(() => kept.insert(key, value)), put: (key, value) => this.#write(() => kept.put(key, value)),
      putMany: values => this.#write(() => kept.putMany(values), () => kept.putMany(new Map(half([...values])))), delete: key => this.#write(() => kept.delete(key)),
    }
  }

  #docket(docket: Docket): Docket {
    return {
      put: rows => this.#write(() => docket.put(rows), () => docket.put(half(rows))), drop: () => this.#write(() => docket.drop()),
      get: (scope, reference) => this.#read(() => docket.get(scope, reference)), getMany: (scope, references) => this.#read(() => docket.getMany(scope, references)),
      find: (scope, query) => this.#read(() => docket.find(scope, query)), count: (scope, filter) => this.#read(() => docket.count(scope, filter)),
      due: (scope, query) => this.#read(() => docket.due(scope, query)),
    }
  }

  #read<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.dead) return never()
    return this.#isDown() ? Promise.reject(down()) : this.#guarded(work)
  }

  #write<Result>(whole: () => Promise<Result>, part: () => Promise<unknown> = () => Promise.resolve()): Promise<Result> {
    if (this.dead) return never()
    if (this.#isDown()) return Promise.reject(down())
    const armed = this.#armed
    if (!armed || --armed.writes > 0) return this.#guarded(whole)
    this.#armed = null
    if (armed.harm === 'down') {
      this.#down = DOWN_FOR_CALLS
      return Promise.reject(down())
    }
    if (armed.harm !== 'before') void this.#guarded<unknown>(armed.harm === 'after' ? whole : part)
    this.kill()
    return never()
  }

  #isDown(): boolean { return this.#down > 0 && this.#down-- > 0 }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    const begun = this.activity.during(work)
    this.#underWay.add(begun)
    try {
      const result = await begun
      return this.dead ? await never<Result>() : result
    } catch (thrown) {
      if (this.dead) return await never<Result>()
      throw thrown
    } finally { this.#underWay.delete(begun) }
  }
}

const down = (): Refusal => new Refusal('STORE_UNAVAILABLE', 'The store does not answer.', { hint: 'Try again.' })
const half = <Item>(items: readonly Item[]): Item[] => items.slice(0, Math.floor(items.length / 2))

export type { LogEntry }
