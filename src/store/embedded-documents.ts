// Documents by key in an embedded store.
import type { EmbeddedFiles } from './embedded-files'
import type { Documents } from './store'
import { checkedLimit, decoded, encoded, isStorable, LAST_TEXT, storable } from './text'

export class EmbeddedDocuments<Value> implements Documents<Value> {
  constructor(private readonly files: EmbeddedFiles, private readonly name: string) {}

  async get(key: string): Promise<Value | null> {
    const text = isStorable(key) ? this.files.table('documents').get([this.name, key]) : undefined
    return text === undefined ? null : decoded(text)
  }

  async getMany(keys: readonly string[]): Promise<Map<string, Value>> {
    const found = new Map<string, Value>()
    for (const key of new Set(keys)) {
      const value = await this.get(key)
      if (value !== null) found.set(key, value)
    }
    return found
  }

  async insert(key: string, value: Value): Promise<boolean> {
    const { place, text } = this.files.prepare(() => ({ place: this.#place(key), text: encoded(value, 'a document') }))
    return this.files.write(() => {
      const table = this.files.table('documents')
      return !table.doesExist(place) && (table.putSync(place, text), true)
    })
  }

  put(key: string, value: Value): Promise<void> { return this.putMany(new Map([[key, value]])) }

  async putMany(values: ReadonlyMap<string, Value>): Promise<void> {
    const texts = this.files.prepare(() => Array.from(values, ([key, value]) => ({ place: this.#place(key), text: encoded(value, 'a document') })))
    await this.files.write(() => { for (const { place, text } of texts) this.files.table('documents').putSync(place, text) })
  }

  async delete(key: string): Promise<void> {
    if (isStorable(key)) await this.files.write(() => { this.files.table('documents').removeSync([this.name, key]) })
  }

  async list({ prefix, after, limit }: { prefix: string; after?: string; limit: number }): Promise<{ key: string; value: Value }[]> {
    const behind = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
    const range = this.files.table('documents').getRange({ start: [this.name, behind ? after : prefix], end: [this.name, prefix + LAST_TEXT], limit: checkedLimit(limit) + 1 })
    const all = Array.from(range, ({ key, value }) => ({ key: String(key[1]), text: value }))
    return all.filter(({ key }) => key.startsWith(prefix) && key !== after).slice(0, limit).map(({ key, text }) => ({ key, value: decoded<Value>(text) }))
  }

  #place(key: string): [string, string] { return [this.name, storable(key, 'the key of a document')] }
}
