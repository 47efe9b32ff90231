// Run by the build: starts a hub and a node in a folder of their own, until both are ready, and keeps what V8 has compiled for that.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPILED, runOneFile } from './one-file'

// Of a trial, whatever this machine is set up for: no database of anybody's is touched.
for (const name of Object.keys(process.env)) if (name.startsWith('COMITY_')) Reflect.deleteProperty(process.env, name)

const [, , port = ''] = process.argv
const data = mkdtempSync(join(tmpdir(), 'comity-build-'))
process.once('exit', () => rmSync(data, { recursive: true, force: true }))
process.argv.splice(2, Infinity, 'up', '--data', data, '--port', port, '--authorities', 'DE', '--no-demo')
process.env['COMITY_LOG'] = 'silent'
process.stdout.write = (text: Uint8Array | string): boolean => {
  if (String(text).startsWith('comity ready')) setImmediate(keep)
  return true
}
const command = runOneFile()

/** Put in place whole: a house may start meanwhile. */
function keep(): void {
  const aside = `${COMPILED}.${process.pid}`
  writeFileSync(aside, command.createCachedData())
  renameSync(aside, COMPILED)
  process.kill(process.pid, 'SIGTERM')
}
