// Copies of a stopped house's embedded store, put back later; and what `comity verify` says of the one that lies there.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { storeFolder } from '../../src/cli/data-folder'
import { verify } from '../../src/cli/verify'
import type { RunningHouses } from './running-houses'

export class StoreCopies {
  constructor(private readonly houses: RunningHouses, private readonly country: string) {}

  get folder(): string { return storeFolder(this.houses.folder, this.country) }

  keep(name: string): string {
    const copy = join(this.houses.folder.path, `copy-${name}`)
    cpSync(this.folder, copy, { recursive: true })
    return copy
  }

  restore(copy: string): void {
    rmSync(this.folder, { recursive: true })
    cpSync(copy, this.folder, { recursive: true })
  }

  async verified(checkpoints?: string): Promise<{ sound: boolean; said: string }> {
    const lines: string[] = []
    const sound = await verify(this.houses.settings, { country: this.country, ...(checkpoints !== undefined && { checkpoints }) }, line => void lines.push(line))
    return { sound, said: lines.join('\n') }
  }
}
