// The one file that `comity` runs: compiled code is taken where it fits, left aside where it does not, and never missed.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNode } from '../support/children'

const ROOT = join(__dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'comity-one-file-'))
const compiled = join(scratch, 'dist/one/comity.compiled')

beforeAll(() => {
  mkdirSync(join(scratch, 'dist'))
  for (const part of ['dist/one', 'dist/src', 'seeds']) cpSync(join(ROOT, part), join(scratch, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const comity = async (...args: string[]): Promise<{ code: number | null; said: string; lines: string[] }> => {
  const child = runNode(args, { cwd: scratch, env: { PATH: process.env['PATH'] } })
  const code = await child.ended()
  return { code, said: child.said(), lines: child.lines }
}
/** Whether V8 refused what was compiled: null where there was nothing. */
const refused = async (): Promise<unknown> => {
  const { lines } = await comity('-e', `process.argv.push('register', 'check')
    const { cachedDataRejected } = require('./dist/src/cli/one-file.js').runOneFile()
    process.once('exit', () => console.log(JSON.stringify(cachedDataRejected ?? null)))`)
  return JSON.parse(lines.at(-1) ?? '')
}
const checks = async (): Promise<void> => {
  const { code, said, lines } = await comity(join(scratch, 'dist/src/cli/main.js'), 'register', 'check')
  expect({ code, said, lines }).toEqual({ code: 0, said: '', lines: [expect.stringMatching(/; no fault$/)] })
}

test('what the build has compiled is taken', async () => {
  await checks()
  expect(await refused()).toBe(false)
})

test('what another Node.js has compiled, or what is spoiled, is left aside, and the command runs all the same', async () => {
  const bytes = readFileSync(compiled)
  const ofAnother = Buffer.from(bytes)
  // Of V8's head: magic number, then a hash of its version.
  ofAnother.writeUInt32LE((ofAnother.readUInt32LE(4) ^ 1) >>> 0, 4)
  for (const spoiled of [ofAnother, Buffer.alloc(bytes.length), bytes.subarray(0, bytes.length >> 1), Buffer.alloc(0)]) {
    writeFileSync(compiled, spoiled)
    await checks()
    expect(await refused()).toBe(true)
  }
})

const ASK = "const { registerFiles } = require('./dist/src/register/load.js'); console.log(require('./dist/src/register/checked.js').wasChecked(registerFiles('seeds/register')))"

test('a start takes the register that the build has checked as it is, and checks any other', async () => {
  const starts = (): ReturnType<typeof comity> => comity(join(scratch, 'dist/src/cli/main.js'), 'init', '--data', mkdtempSync(join(scratch, 'data-')))
  expect((await comity('-e', ASK)).lines).toEqual(['true'])
  expect(await starts()).toMatchObject({ code: 0, said: '' })
  const file = join(scratch, 'seeds/register/instruments/EIO.json')
  const text = readFileSync(file, 'utf8')
  try {
    writeFileSync(file, text.replace('{', '{ "unheardOf": 1,'))
    expect((await comity('-e', ASK)).lines).toEqual(['false'])
    const { code, said } = await starts()
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining('instruments/EIO.json: /: unknown field unheardOf') as string })
  } finally { writeFileSync(file, text) }
})

test('without it the command runs too', async () => {
  rmSync(compiled)
  await checks()
  expect(await refused()).toBeNull()
})
