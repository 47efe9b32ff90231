// The embedded store: one folder, one process, nothing to install. Keeps the port over LMDB; imitates no server.
import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { Refusal } from '../refusal'
import { claim } from './claim'
import { EmbeddedDocket } from './embedded-docket'
import { EmbeddedDocuments } from './embedded-documents'
import { EmbeddedFiles } from './embedded-files'
import { EmbeddedLog } from './embedded-log'
import type { Store } from './store'
import { storable } from './text'

export interface EmbeddedOptions {
  /** Reads beside the process that holds the store: takes no lock, writes nothing. */
  readOnly?: boolean
}

/** Opens the store in a folder, made where it is missing. Refused with the holder's pid while another process has it open. */
export async function openEmbeddedStore(folder: string, { readOnly = false }: EmbeddedOptions = {}): Promise<Store> {
  let release = (): void => {}
  try {
    if (!readOnly) release = claimed(folder)
    return storeOf(new EmbeddedFiles(join(folder, 'lmdb'), readOnly), release)
  } catch (error) {
    release()
    throw error instanceof Refusal ? error : unopened(folder, error)
  }
}

function unopened(folder: string, cause: unknown): Refusal {
  const { code } = cause as NodeJS.ErrnoException
  const refusal = new Refusal('STORE_UNAVAILABLE', `The store in ${folder} cannot be opened${code ? ` (${code})` : ''}.`, {
    hint: 'See that this process may write to the folder and that its disk is not full and is well.', folder,
  })
  return Object.assign(refusal, { cause })
}

function claimed(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return claim(folder)
}

function storeOf(files: EmbeddedFiles, release: () => void): Store {
  return {
    exclusive: true,
    log: name => new EmbeddedLog(files, storable(name, 'the name of a log')),
    documents: name => new EmbeddedDocuments(files, storable(name, 'the name of a collection')),
    docket: new EmbeddedDocket(files),
    together: begin => files.together(begin),
    ping: async () => { files.table('entries') },
    close: () => files.close().finally(release),
  }
}
