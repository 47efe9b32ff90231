// What a house has taken back of its own people's rights. Looked up at each operation: the store is the truth, so that all processes of the house see it at once.
import type { Viewer } from '../domain/viewer'
import type { Documents, Store } from '../store/store'
import { canonical, sha256Hex } from '../wire/canonical'
import type { Directory } from '../wire/directory'
import { readWithdrawal, type Withdrawn } from '../wire/withdrawal'

/** Who a viewer is to its own house. */
export type Caller = Pick<Viewer, 'token' | 'subject' | 'role'>

export class Withdrawals {
  /** The statement that took it back, by a digest of what it took: a name is none to look for in a store. */
  readonly #kept: Documents<string>

  constructor(store: Store, private readonly house: string, private readonly directory: () => Directory, private readonly now: () => Date) {
    this.#kept = store.documents('withdrawn')
  }

  /** Those among these callers, all of this house, whose right was taken back. */
  async among<C extends Caller>(callers: readonly C[]): Promise<Set<C>> {
    const kept = await this.#kept.getMany(callers.flatMap(keysOf))
    return new Set(kept.size === 0 ? [] : callers.filter(caller => keysOf(caller).some(key => kept.has(key))))
  }

  /** Takes a statement that this house's own issuer has signed. */
  async take(statement: string): Promise<void> {
    const { withdrawn, restores } = await readWithdrawal(statement, this.house, { directory: this.directory(), now: this.now() })
    const key = keyOf(withdrawn)
    if (restores) await this.#kept.delete(key)
    else await this.#kept.put(key, statement)
  }
}

const keyOf = (withdrawn: Withdrawn): string => sha256Hex(canonical(withdrawn))

const keysOf = ({ token, subject, role }: Caller): string[] =>
  token === null || subject === null ? [] : [keyOf({ token }), keyOf({ subject, role: null }), keyOf({ subject, role })]
