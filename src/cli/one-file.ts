// The command as one file, with what V8 made of it when the build ran it: to find, read and compile every module anew would be half of a house's start.
import { existsSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'

const FOLDER = join(__dirname, '../../one')
const ONE_FILE = join(FOLDER, 'comity.cjs')
/** Made of just this file: V8 compares no more than their length. */
export const COMPILED = join(FOLDER, 'comity.compiled')

type Body = (this: unknown, exports: unknown, require: NodeJS.Require, module: Module, file: string, folder: string) => void

/** What another version of Node.js has compiled, V8 leaves aside. */
export function runOneFile(): Script {
  // All of it is ASCII: so read, it takes a byte a character for as long as the house runs.
  const script = new Script(Module.wrap(readFileSync(ONE_FILE, 'latin1')), { filename: ONE_FILE, ...(existsSync(COMPILED) && { cachedData: readFileSync(COMPILED) }) })
  const command = new Module(ONE_FILE)
  ;(script.runInThisContext() as Body).call(command.exports, command.exports, Module.createRequire(ONE_FILE), command, ONE_FILE, FOLDER)
  return script
}
