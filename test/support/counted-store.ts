// A store that tells of every read, by the port's own words: what a question costs is seen where it costs.
import { openStore } from '../../src/cli/stores'
import type { HouseStart } from '../../src/cli/houses'
import type { Store } from '../../src/store/store'

const READS: readonly string[] = ['get', 'getMany', 'find', 'count', 'due', 'list', 'read', 'readBack', 'last']

export class ReadCounts {
  #counts = new Map<string, number>()

  /** Reads by house and kind since the last look. */
  take(): Record<string, number> {
    const counts = Object.fromEntries([...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1)))
    this.#counts = new Map()
    return counts
  }

  readonly open: NonNullable<HouseStart['store']> = async (place, house) => this.#counted(await openStore(place, house), house)

  #counted(store: Store, house: string): Store {
    const telling = <Part extends object>(part: Part, name: string): Part => this.#telling(part, `${house} ${name}`)
    return {
      exclusive: store.exclusive, docket: telling(store.docket, 'docket'), ping: () => store.ping(), close: () => store.close(),
      log: <Body>(name: string) => telling(store.log<Body>(name), `log ${name}`), documents: <Value>(name: string) => telling(store.documents<Value>(name), `documents ${name}`),
    }
  }

  #telling<Part extends object>(part: Part, name: string): Part {
    return new Proxy(part, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method, target)
        if (typeof value !== 'function') return value
        return (...given: unknown[]): unknown => {
          const what = `${name}.${String(method)}`
          if (READS.includes(String(method))) this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
          return Reflect.apply(value, target, given)
        }
      },
    })
  }
}
