// The command as one file, with what V8 made of it when the build ran it: to find, read and compile every module anew would be half of a house's start.
import { existsSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import { join } from 'node:path'
import { constants, Script } from 'node:vm'

/** Both are made by one build and put in place together: V8 compares no more than their length. */
const ONE_FILE = 'comity.cjs'
const COMPILED = 'comity.compiled'

type Body = (this: unknown, exports: unknown, require: NodeJS.Require, module: Module, file: string, folder: string) => void

export const compiledOf = (folder: string): string => join(folder, COMPILED)

/** What another version of Node.js has compiled, V8 leaves aside. */
export function runOneFile(folder = join(__dirname, '../../one')): Script {
  const [file, compiled] = [join(folder, ONE_FILE), compiledOf(folder)]
  // All of it is ASCII: so read, it takes a byte a character for as long as the house runs.
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER, ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
  })
  const command = new Module(file)
  ;(script.runInThisContext() as Body).call(command.exports, command.exports, Module.createRequire(file), command, file, folder)
  return script
}
