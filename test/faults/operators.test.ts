// What an operator gets who starts Comity in a way that cannot work: an exit code, nothing that listens, and one message with key, value and fix.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNode } from '../support/children'
import { freePorts } from '../support/ports'
import { comity, type Ended, Trial } from '../support/trial'

const ROOT = join(__dirname, '../..')
const NOWHERE = 'mongodb://clerk:secret@127.0.0.1:9/'

/** One message, no stack; then the code, and that nothing was ever ready. */
function expectRefused({ code, stdout, stderr }: Ended, wanted: number, said: readonly (string | RegExp)[]): void {
  for (const part of said) expect(stderr).toMatch(part)
  expect(stderr).not.toMatch(/\n\s+at |:secret/)
  expect(stderr.split('\n').filter(line => line.startsWith('comity: '))).toHaveLength(1)
  expect({ code, stdout }).toEqual({ code: wanted, stdout: '' })
}

async function listener(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

describe('a start that cannot work', () => {
  let trial: Trial
  let scratch: string
  beforeAll(async () => {
    trial = await Trial.make({ authorities: ['DE', 'FR'] })
    scratch = mkdtempSync(join(tmpdir(), 'comity-operator-'))
  })
  afterAll(async () => {
    await trial.remove()
    rmSync(scratch, { recursive: true, force: true })
  })

  const SETTINGS: readonly [string, (at: { data: string; port: number; scratch: string }) => string[], NodeJS.ProcessEnv, readonly (string | RegExp)[]][] = [
    ['an unknown option', () => ['up', '--frobnicate', '1'], {}, ['--frobnicate', '--help']],
    ['an unknown command', () => ['frobnicate'], {}, ['frobnicate', '--help']],
    ['a port that is none', ({ data }) => ['up', '--data', data, '--port', '99999'], {}, ['--port: "99999" is no port', 'from 1 to 65535']],
    ['a port that is none, by environment', ({ data }) => ['up', '--data', data], { COMITY_PORT: 'http' }, ['COMITY_PORT: "http"']],
    ['a port that contradicts the directory', ({ data, port }) => ['up', '--data', data, '--port', String(port + 5)], {}, [/--port: "\d+" contradicts the directory/, 'Leave it out']],
    ['a port of one house that contradicts the directory', ({ data, port }) => ['hub', '--data', data, '--port', String(port + 1)], {}, ['contradicts the directory']],
    ['a state that is none', ({ data }) => ['up', '--data', data, '--authorities', 'DE,XX'], {}, ['--authorities: "XX"', 'Choose among DE, FR']],
    ['a house that the folder has not', ({ data }) => ['node', 'JP', '--data', data], {}, ['--data', 'no house JP', 'comity init --authorities']],
    ['a profile that is none', ({ data }) => ['up', '--data', data], { COMITY_PROFILE: 'prod' }, ['COMITY_PROFILE: "prod"', 'trial or production']],
    ['a level of the log that is none', ({ data }) => ['up', '--data', data], { COMITY_LOG: 'loud' }, ['COMITY_LOG: "loud" is no level', 'silent, fatal, error']],
    ['a variable that is misspelt', ({ data }) => ['up', '--data', data], { COMITY_PORFILE: 'production' }, ['COMITY_PORFILE: no command reads this variable', 'Did you mean COMITY_PROFILE?']],
    ['a misspelt variable that holds a secret', ({ data }) => ['up', '--data', data], { COMITY_MONGODBS: `${NOWHERE}?secret` }, [/COMITY_MONGODBS: no command reads this variable\. Did you mean COMITY_MONGODB\?(?!.*secret)/s]],
    ['a host with a scheme', ({ data }) => ['hub', '--data', data], { COMITY_PROFILE: 'production', COMITY_HOSTS: 'hub.example:4000,https://hub.example' }, ['COMITY_HOSTS: "https://hub.example" is no host', 'without a scheme']],
    ['an origin without a scheme', ({ data }) => ['hub', '--data', data], { COMITY_PROFILE: 'production', COMITY_ORIGINS: 'desk.example' }, ['COMITY_ORIGINS: "desk.example" is no origin', 'https://desk.example']],
    ['an origin with a path', ({ data }) => ['hub', '--data', data], { COMITY_PROFILE: 'production', COMITY_ORIGINS: 'https://desk.example/' }, ['COMITY_ORIGINS: "https://desk.example/" is no origin', 'without a path']],
    ['a hub that is no address', ({ data }) => ['node', 'DE', '--data', data, '--hub', 'hub'], {}, ['--hub: "hub"', 'http://']],
    ['a MongoDB address that is none', ({ data }) => ['hub', '--data', data, '--mongodb', 'postgres://clerk:secret@db/'], {}, ['--mongodb: "postgres://', 'mongodb://']],
    ['a MongoDB address that weakens what is written', ({ data }) => ['up', '--data', data, '--mongodb', `${NOWHERE}?w=1`], {}, [/--mongodb: "mongodb:/, 'w=1', 'Remove w']],
    ['the same by environment', ({ data }) => ['node', 'DE', '--data', data], { COMITY_MONGODB: `${NOWHERE}?journal=false` }, ['COMITY_MONGODB: ', 'journal=false', 'Remove journal']],
    ['a file in the place of the data folder', ({ scratch: at }) => { writeFileSync(join(at, 'file'), ''); return ['up', '--data', join(at, 'file')] }, {}, ['--data: ', 'cannot be made', 'may write to']],
    ['a folder that nobody may make', () => ['init', '--data', '/proc/comity'], {}, ['--data: "/proc/comity" cannot be made', 'may write to']],
    ['a node without init', ({ scratch: at }) => ['node', 'DE', '--data', join(at, 'none')], {}, ['--data: ', 'holds no directory', 'comity init']],
    ['a token without init', ({ scratch: at }) => ['token', 'DE', 'OFFICIAL', '--data', join(at, 'none')], {}, ['--data: ', 'holds no directory', 'comity init']],
    ['verify without init', ({ scratch: at }) => ['verify', '--data', join(at, 'none')], {}, ['--data: ', 'holds no directory', 'comity init']],
    ['a token for the public', ({ data }) => ['token', '-', 'PUBLIC', '--data', data], {}, ['role: "PUBLIC" has no token']],
    ['a time that is none', ({ data }) => ['token', 'DE', 'OFFICIAL', '--ttl', 'soon', '--data', data], {}, ['--ttl: "soon"', '8h']],
  ]

  test.each(SETTINGS)('%s ends with 2', async (_, args, env, said) => {
    expectRefused(await comity(args({ data: trial.folder, port: trial.port, scratch }), { env }), 2, said)
  })

  test('a database that is not there ends with 1, its name without the password', async () => {
    for (const command of [['hub'], ['node', 'DE'], ['up']]) expectRefused(await comity([...command, '--data', trial.folder, '--mongodb', NOWHERE], { withinMs: 60_000 }), 1, ['--mongodb: "mongodb://…@127.0.0.1:9/"', 'does not answer', 'see that the database runs'])
  })

  test('a port that is taken before the first start ends with 1 and binds nobody to it', async () => {
    const port = await freePorts(2)
    const other = await listener(port + 1)
    const data = join(scratch, 'new')
    try {
      expectRefused(await comity(['up', '--data', data, '--authorities', 'DE', '--port', String(port)]), 1, [`--port: 127.0.0.1:${port + 1}`, 'another --port'])
    } finally { other.close() }
    expect(await comity(['init', '--data', data, '--authorities', 'DE', '--port', String(port + 1)])).toMatchObject({ code: 0, stderr: '' })
  })

  test('a port that somebody took after init ends with 1', async () => {
    const other = await listener(trial.port + 1)
    try {
      expectRefused(await comity(['node', 'DE', ...trial.options]), 1, [`Port ${trial.port + 1}`, 'is taken', 'Stop it'])
      expectRefused(await comity(['up', '--authorities', 'DE,FR', ...trial.options], { env: { COMITY_LOG: 'silent' } }), 1, [`Port ${trial.port + 1}`, 'is taken', 'Stop it'])
    } finally { other.close() }
  })

  test('a second process on the same store, and a second `up`, end with 1 and the first one\'s pid', async () => {
    const node = await trial.start('DE')
    expectRefused(await comity(['node', 'DE', ...trial.options]), 1, [`in use by process ${node.pid}`, `Stop process ${node.pid}`])
    expectRefused(await comity(['up', '--authorities', 'DE,FR', ...trial.options], { env: { COMITY_LOG: 'silent' } }), 1, [`in use by process ${node.pid}`])
    expect(await node.stop()).toBe(0)
  })

  test.each([
    ['the keys of a house', 'de/keys.json', (text: string) => text.slice(0, 300), [/The key file .*de\/keys\.json is corrupted/, 'Restore it from a copy']],
    ['the keys of another house in its place', 'de/keys.json', () => readFileSync(join(trial.folder, 'fr/keys.json'), 'utf8'), [/de\/keys\.json holds the keys of authority:FR, not of authority:DE/, 'Restore']],
    ['the directory', 'directory.jws', (text: string) => `${text.slice(0, 200)}x${text.slice(201)}`, [/directory\.jws: /, 'Fetch it again']],
  ] as const)('%s, broken, end with 1 and the name of the file', async (_, name, spoilt, said) => {
    const path = join(trial.folder, name)
    const sound = readFileSync(path, 'utf8')
    writeFileSync(path, spoilt(sound))
    try {
      for (const command of [['node', 'DE'], ['token', 'DE', 'OFFICIAL'], ['up', '--authorities', 'DE,FR']]) expectRefused(await comity([...command, '--data', trial.folder], { env: { COMITY_LOG: 'silent' } }), 1, said)
    } finally { writeFileSync(path, sound) }
  })

  test('a broken root key ends `up` with 1 and the name of the file', async () => {
    const path = join(trial.folder, 'root/root.key.json')
    const sound = readFileSync(path, 'utf8')
    writeFileSync(path, '{')
    try {
      expectRefused(await comity(['up', ...trial.options]), 1, [/The key file .*root\.key\.json is corrupted/, 'Restore it'])
    } finally { writeFileSync(path, sound) }
  })

  test('keys that others may read end with 1 and the command that helps', async () => {
    const path = join(trial.folder, 'de/keys.json')
    chmodSync(path, 0o644)
    try {
      expectRefused(await comity(['node', 'DE', ...trial.options]), 1, ['can be read by others', `chmod 600 ${path}`])
    } finally { chmodSync(path, 0o600) }
  })

  test('a wrong row of the register ends with 2 and file, path and fault', async () => {
    const copy = join(scratch, 'copy')
    mkdirSync(copy)
    for (const part of ['dist', 'seeds', 'schema']) cpSync(join(ROOT, part), join(copy, part), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    const row = join(copy, 'seeds/register/instruments/EIO.json')
    writeFileSync(row, JSON.stringify({ ...(JSON.parse(readFileSync(row, 'utf8')) as object), signedOn: 'yesterday' }))
    for (const command of [['up', '--authorities', 'DE,FR'], ['node', 'DE']]) {
      const child = runNode([join(copy, 'dist/src/cli/main.js'), ...command, ...trial.options], { env: { PATH: process.env['PATH'] ?? '' } })
      expectRefused({ code: await child.ended(), stdout: child.lines.join('\n'), stderr: child.said(), tookMs: 0 }, 2, ['The register cannot be used', 'instruments/EIO.json: /signedOn: ', 'Correct the rows under'])
    }
  })
})
