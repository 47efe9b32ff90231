// What changes in a running house's folder: the secretariat lays a newer directory there, an operator adds or revokes a key. Each is taken
// within a moment, without a restart; and the end of the directory is announced before it comes.
import type { Logger } from 'pino'
import { readKeysFile } from '../wire/keys'
import type { HouseLines } from '../wire/house-lines'
import type { OpenedHouse } from './data-folder'
import { stamp } from './files'

const EVERY_MS = 1_000
const WARNED_BEFORE_MS = 24 * 3_600_000
const SAID_AGAIN_MS = 3_600_000

export class Upkeep {
  readonly #timer: NodeJS.Timeout
  #working: Promise<void> = Promise.resolve()
  #said = ''
  #saidAt = 0

  #keysSeen: string

  constructor(private readonly house: Pick<OpenedHouse, 'keys' | 'kept' | 'keysFile'>, private readonly lines: HouseLines | undefined, private readonly log: Logger) {
    this.#keysSeen = stamp(house.keysFile)
    house.kept.keep()
    this.#timer = setInterval(() => { this.#working = this.#working.then(() => this.#look()).catch((err: unknown) => this.log.error({ err }, 'what lies in the data folder is not taken')) }, EVERY_MS)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#working
  }

  async #look(): Promise<void> {
    const { kept, keys, keysFile } = this.house
    if (await kept.look()) this.log.info({ version: kept.version }, 'a newer directory holds')
    if (stamp(keysFile) !== this.#keysSeen) {
      this.#keysSeen = stamp(keysFile)
      await keys.reload(readKeysFile(keysFile))
      this.log.info({}, 'the key file was read again')
    }
    const certificate = await keys.certificate()
    if (certificate) this.lines?.show(certificate)
    this.#warn(Date.now())
  }

  #warn(now: number): void {
    const { expiresAt } = this.house.kept.newest.snapshot
    const left = Date.parse(expiresAt) - now
    if (left > WARNED_BEFORE_MS) return
    const said = `${expiresAt} ${left > 0}`
    if (said === this.#said && now - this.#saidAt < SAID_AGAIN_MS) return
    this.#said = said
    this.#saidAt = now
    if (left > 0) this.log.warn({ expiresAt }, 'the directory ends soon; the secretariat signs the next one with `comity directory renew`')
    else this.log.error({ expiresAt }, 'the directory has ended: no token and no letter is believed until the secretariat has signed the next one')
  }
}
