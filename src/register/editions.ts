// The editions of the register that a house has: the one that came with the package, and those that the secretariat published since. Of those
// that apply on a day the newest counts; none is ever changed. Must not know how an edition is signed or travels.
import type { Register } from '../domain/law/register'
import { registerOf, type RegisterFiles } from './load'

/** As it was signed. */
interface Signed { version: number; appliesFrom: string; files: RegisterFiles }
interface Edition extends Signed { register: Register; jws: string | null }

/** Where signed editions are kept. */
export interface Shelf {
  insert(key: string, value: string): Promise<boolean>
  list(query: { prefix: string; after?: string; limit: number }): Promise<{ key: string; value: string }[]>
}

const ALWAYS = '0001-01-01'
const AT_ONCE = 20
const keyOf = (version: number): string => `edition:${String(version).padStart(10, '0')}`

export class Editions {
  /** By version. */
  #known: Edition[]
  #read = ''

  constructor(first: Register, files: RegisterFiles, private readonly shelf: Shelf, private readonly open: (jws: string) => Promise<Signed>) {
    this.#known = [{ version: first.version, appliesFrom: ALWAYS, register: first, files, jws: null }]
  }

  /** The last of them, whether it applies yet or not. */
  get newest(): Signed { return this.#known.at(-1) as Edition }

  on(day: string): Register { return (this.#known.findLast(({ appliesFrom }) => appliesFrom <= day) ?? (this.#known[0] as Edition)).register }

  /** Newest first; the last of them came with the package. */
  get all(): readonly { version: number; asOf: string; appliesFrom: string | null }[] {
    return this.#known.map(({ version, appliesFrom, register, jws }) => ({ version, asOf: register.asOf, appliesFrom: jws === null ? null : appliesFrom })).reverse()
  }

  /** What was published behind a version, oldest first. */
  next(version: number): string | null { return this.#known.find(each => each.version > version && each.jws !== null)?.jws ?? null }

  /** Takes in what is on the shelf: at the start, and what another process of this house put there. */
  async refresh(): Promise<void> {
    for (;;) {
      const rows = await this.shelf.list({ prefix: 'edition:', limit: AT_ONCE, ...(this.#read && { after: this.#read }) })
      for (const { key, value } of rows) {
        this.#add(await this.#checked(value))
        this.#read = key
      }
      if (rows.length < AT_ONCE) return
    }
  }

  /** Keeps an edition once its signature and its whole set are sound. False where this house has that version already. */
  async take(jws: string): Promise<boolean> {
    const edition = await this.#checked(jws)
    if (edition.version <= this.newest.version || !(await this.shelf.insert(keyOf(edition.version), jws))) return false
    this.#add(edition)
    return true
  }

  async #checked(jws: string): Promise<Edition> {
    const signed = await this.open(jws)
    return { ...signed, register: registerOf(signed.files, 'Have the secretariat publish it again.'), jws }
  }

  #add(edition: Edition): void {
    if (this.#known.some(({ version }) => version === edition.version)) return
    this.#known = [...this.#known, edition].sort((one, other) => one.version - other.version)
  }
}
