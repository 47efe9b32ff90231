// The signed directory as one house keeps it: the newest that it has ever seen, in its own sub-folder, so that it never goes back to an
// older one, whatever is laid into the data folder or offered by the hub, and whether or not it was restarted since.
import { existsSync, readFileSync } from 'node:fs'
import type { JWK } from 'jose'
import { Refusal } from '../refusal'
import { openDirectory, readDirectory, type Directory } from '../wire/directory'
import { stamp, writeAtomically } from './files'
import { broken } from './settings'

export interface DirectoryFiles {
  /** What the secretariat lays there for every house. */
  public: string
  /** This house's own copy. */
  own: string
}

interface Read { directory: Directory; jws: string; file: string }

export class KeptDirectory {
  #directory: Directory
  #jws: string
  /** Of the public file, when it was read. */
  #seen: string

  private constructor(private readonly files: DirectoryFiles, private readonly rootKey: JWK, { directory, jws }: Read) {
    this.#directory = directory
    this.#jws = jws
    this.#seen = stamp(files.public)
  }

  /** The newer of the two files; one that is broken, or a directory that has ended, is named with its fix. */
  static async open(files: DirectoryFiles, rootKey: JWK, now: Date): Promise<KeptDirectory> {
    const read = await Promise.all([files.own, files.public].filter(existsSync).map(file => readFile(file, rootKey)))
    const newest = read.reduce((one, other) => (other.directory.version > one.directory.version ? other : one))
    await openDirectory(newest.jws, rootKey, { now }).catch((thrown: unknown) => { throw broken(thrown, `${newest.file}: `) })
    return new KeptDirectory(files, rootKey, newest)
  }

  /** The newest, ended or not. */
  get newest(): Directory { return this.#directory }
  get version(): number { return this.#directory.version }
  get jws(): string { return this.#jws }

  /** Once the directory has ended nobody is believed any more: a house that cannot tell which keys hold stops. */
  current(): Directory {
    if (this.#directory.isExpired(new Date())) {
      throw new Refusal('STORE_UNAVAILABLE', 'The signed directory of this house has ended.', { hint: 'Its operators have the secretariat sign a new one; nothing is lost meanwhile.', reason: 'DIRECTORY_EXPIRED' })
    }
    return this.#directory
  }

  /** True where this is a newer one that holds; it is on disk then. */
  async take(jws: string): Promise<boolean> {
    const directory = await openDirectory(jws, this.rootKey, { now: new Date() })
    if (directory.version <= this.#directory.version) return false
    this.#directory = directory
    this.#jws = jws.trim()
    this.keep()
    return true
  }

  /** Takes what was laid into the data folder since; an older one is left lying there. */
  async look(): Promise<boolean> {
    const seen = stamp(this.files.public)
    if (seen === this.#seen) return false
    this.#seen = seen
    return seen !== '' && this.take(readFileSync(this.files.public, 'utf8'))
  }

  keep(): void { writeAtomically(this.files.own, this.#jws) }
}

async function readFile(file: string, rootKey: JWK): Promise<Read> {
  try {
    const jws = readFileSync(file, 'utf8').trim()
    return { directory: await readDirectory(jws, rootKey), jws, file }
  } catch (thrown) {
    throw broken(thrown, `${file}: `)
  }
}
