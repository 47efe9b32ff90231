// Run by the build: starts a hub and a node in a folder of their own, until both are ready, and keeps what V8 has compiled for that.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiledOf, runOneFile } from './one-file'

const [, , folder = '', port = ''] = process.argv
const data = mkdtempSync(join(tmpdir(), 'comity-build-'))
process.once('exit', () => rmSync(data, { recursive: true, force: true }))
process.argv.splice(2, Infinity, 'up', '--data', data, '--port', port, '--authorities', 'DE', '--no-demo')
process.env['COMITY_LOG'] = 'silent'

process.stdout.write = (text: Uint8Array | string): boolean => {
  if (String(text).startsWith('comity ready')) setImmediate(keep)
  return true
}
const command = runOneFile(folder)

function keep(): void {
  writeFileSync(compiledOf(folder), command.createCachedData())
  process.kill(process.pid, 'SIGTERM')
}
