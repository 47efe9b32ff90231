// Which groups of desks a line may concern, without asking each: a group stands under its narrowest keys, or under all lines.
export interface Keyed { readonly keys: readonly string[] | null }

export class KeyIndex<Group extends Keyed> {
  readonly #any = new Set<Group>()
  readonly #under = new Map<string, Set<Group>>()

  add(group: Group): void {
    if (group.keys === null) this.#any.add(group)
    for (const key of group.keys ?? []) {
      const groups = this.#under.get(key)
      if (groups) groups.add(group)
      else this.#under.set(key, new Set([group]))
    }
  }

  delete(group: Group): void {
    this.#any.delete(group)
    for (const key of group.keys ?? []) {
      const groups = this.#under.get(key)
      groups?.delete(group)
      if (groups?.size === 0) this.#under.delete(key)
    }
  }

  /** Each group once. */
  of(keys: readonly string[]): Set<Group> {
    const found = new Set(this.#any)
    for (const key of keys) for (const group of this.#under.get(key) ?? []) found.add(group)
    return found
  }
}
