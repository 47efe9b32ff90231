// The commands of operations.md. Exit codes: 0 ended as asked, 1 something is taken or broken, 2 a bad option or setting.
import './node-env'
import 'reflect-metadata'
import { join } from 'node:path'
import { Argument, Command, CommanderError, Option } from 'commander'
import { ROLES, type Role } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import { dataFolder, demandInitialised, HUB, openHouse } from './data-folder'
import { BadSetting, countryOf, settings, ttlOf, urlOf, type RawSettings, type Settings } from './settings'
import { addTrustCommands } from './trust-commands'
import type { Watched } from './watch'
import type { RawWithdrawal } from './withdraw'

const out = (line: string): void => void process.stdout.write(`${line}\n`)
const STOP_WITHIN_MS = 9_000

const option = {
  port: new Option('--port <number>', 'port of the hub; authorities on the ports that follow (COMITY_PORT)'),
  host: new Option('--host <address>', 'address to listen on'),
  authorities: new Option('--authorities <list>', 'any of the fourteen states of the seed data, with commas (COMITY_AUTHORITIES)'),
  data: new Option('--data <folder>', 'data folder, one sub-folder a house (COMITY_DATA)'),
  mongodb: new Option('--mongodb <uri>', 'MongoDB instead of the embedded store (COMITY_MONGODB)'),
  signer: new Option('--signer <socket>', 'socket of `comity signer`, which holds the signing keys (COMITY_SIGNER)'),
  insecureHouses: new Option('--insecure-houses', 'in the production profile: houses talk over plain HTTP, not over mutual TLS'),
}

const program = new Command('comity')
  .description('GraphQL federation hub between national central authorities')
  .exitOverride()
  .configureOutput({ writeOut: text => process.stdout.write(text), writeErr: text => process.stderr.write(text), outputError: (text, write) => write(`comity: ${text.replace(/^error: /, '')}`) })
  .showHelpAfterError('Say --help for what there is.')

program.command('up').description('hub and authorities in one process, for trials')
  .addOption(option.port).addOption(option.host).addOption(option.authorities).addOption(option.data).addOption(option.mongodb).addOption(option.insecureHouses)
  .option('--no-demo', 'no demo requests at the first start')
  .action(async (raw: RawSettings) => {
    const { up } = await import('./up.js')
    const running = await up(settings(raw, process.env), out)
    out(`comity ready ${running.houses[0]?.url ?? ''}`)
    await untilStopped(() => running.close())
  })

program.command('init').description('makes keys, signed directory and empty stores, and stops')
  .addOption(option.port).addOption(option.host).addOption(option.authorities).addOption(option.data).addOption(option.mongodb)
  .action(async (raw: RawSettings) => {
    const { init } = await import('./up.js')
    const folder = await init(settings(raw, process.env))
    out(`comity: keys and directory are in ${folder.path}`)
  })

program.command('hub').description('the hub as its own process')
  .addOption(option.port).addOption(option.host).addOption(option.data).addOption(option.mongodb).addOption(option.signer).addOption(option.insecureHouses)
  .action((raw: RawSettings) => runOne(settings(raw, process.env), HUB))

program.command('node').argument('<country>', 'state of the authority, DE').description('one authority\'s node as its own process')
  .addOption(option.port).addOption(option.host).addOption(option.data).addOption(option.mongodb).addOption(option.signer).addOption(option.insecureHouses)
  .option('--hub <url>', 'where the hub is, instead of what the directory says')
  .action((country: string, raw: RawSettings & { hub?: string }) => runOne(settings(raw, process.env), countryOf('country', country), raw.hub === undefined ? undefined : urlOf('--hub', raw.hub)))

const tokens = program.command('token').argument('<house>', 'DE, or HUB').argument('<role>', ROLES.join(' ')).description('prints one token')
  .option('--subject <name>', 'who it is for; default: the role in lower case').option('--ttl <duration>', 'how long it is good', '8h').addOption(option.signer).addOption(option.data)
  .action(async (house: string, role: string, raw: RawSettings & { subject?: string; ttl: string }) => out(await token(house, role.toUpperCase(), raw)))

for (const [name, restores, text] of [['withdraw', false, 'takes back a token, or a subject\'s right, at the running house'], ['restore', true, 'gives back what was withdrawn']] as const) {
  tokens.command(name).argument('<house>', 'DE, or HUB').description(text)
    .option('--jti <id>', 'of the token').option('--subject <name>', 'whose right').addOption(new Option('--role <role>', 'in this role alone').choices(ROLES)).addOption(option.data)
    .action(async (house: string, raw: RawSettings & RawWithdrawal) => {
      const { withdraw, withdrawnOf } = await import('./withdraw.js')
      const named = house.toUpperCase() === 'HUB' ? HUB : countryOf('house', house)
      out(await withdraw(dataFolder(settings(raw, process.env).data), named, withdrawnOf(raw), restores))
    })
}

program.command('watch').addArgument(new Argument('<feed>', 'what is followed').choices(['urgent', 'status'])).description('a feed on a pipe: one JSON line an event; keeps its cursor and reconnects')
  .option('--authority <country>', 'whose desk; a token is issued from the data folder, unless COMITY_TOKEN has one').option('--role <role>', 'of that token', 'SYSTEM')
  .option('--url <url>', 'GraphQL endpoint; default: the hub of the directory').option('--cursor <file>', 'where the cursor is kept; default: in the data folder').addOption(option.data)
  .action(async (feed: Watched, raw: RawSettings & RawWatch) => {
    const { watch } = await import('./watch.js')
    const running = watch({ feed, ...(await watchPlan(feed, raw)), print, log: said => void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...said })}\n`) })
    process.stdout.once('error', () => process.exit(0))
    await Promise.race([running.ended, untilStopped(async () => running.close())])
  })

program.command('verify').argument('[country]', 'one house; without it, each that is found').description('re-reads ledgers and checks chain, signatures and contents')
  .option('--checkpoints <file>', 'what another house holds of the ledger, as `comity checkpoints` prints it').addOption(option.data).addOption(option.mongodb)
  .option('--bundle <file>', 'a file that `comity export` has written, read without network and store').option('--root <key>', 'with --bundle: the public root key that you trust, or a file that holds it')
  .action(async (country: string | undefined, raw: RawSettings & { checkpoints?: string; bundle?: string; root?: string }) => {
    if (raw.bundle !== undefined) {
      const { verifyBundle } = await import('./verify-bundle.js')
      process.exitCode = (await verifyBundle(raw.bundle, raw.root, out)) ? 0 : 1
      return
    }
    const { verify } = await import('./verify.js')
    const sound = await verify(settings(raw, process.env), { country: country ? countryOf('country', country) : null, ...(raw.checkpoints !== undefined && { checkpoints: raw.checkpoints }) }, out)
    process.exitCode = sound ? 0 : 1
  })

program.command('export').argument('<country>', 'whose ledger').argument('<reference>', 'of a request, DE-2026-000007').description('writes what a ledger holds of one request, with its proofs, for `comity verify --bundle`')
  .requiredOption('--out <file>', 'where to').option('--contents', 'with what was said, not only its digests').addOption(option.data).addOption(option.mongodb)
  .action(async (country: string, reference: string, raw: RawSettings & { out: string; contents?: boolean }) => {
    const { exportBundle } = await import('./export.js')
    const { entries, root } = await exportBundle(settings(raw, process.env), { country: countryOf('country', country), reference, out: raw.out, contents: raw.contents === true })
    out(`comity: ${entries} entries of ${reference} are in ${raw.out}; \`comity verify --bundle ${raw.out} --root ${root}\` proves them`)
  })

program.command('checkpoints').argument('<country>', 'whose ledger').description('prints the last checkpoint that the hub, or a partner, has seen of a ledger')
  .option('--held-by <house>', 'hub, or the state of a partner', HUB).addOption(option.data).addOption(option.mongodb)
  .action(async (country: string, raw: RawSettings & { heldBy: string }) => {
    const { heldCheckpoints } = await import('./checkpoints.js')
    const holder = raw.heldBy.toLowerCase() === HUB ? HUB : countryOf('--held-by', raw.heldBy)
    for (const line of await heldCheckpoints(settings(raw, process.env), countryOf('country', country), holder)) out(line)
  })

program.command('signer').argument('<file>', 'what `comity keys detach` made').description('holds the private signing keys of a house, which signs through it')
  .requiredOption('--socket <path>', 'where it listens, for this user alone')
  .action(async (file: string, { socket }: { socket: string }) => {
    const { runSigner } = await import('./signer.js')
    const running = await runSigner(file, socket)
    out(`comity ready unix:${socket}`)
    await untilStopped(() => running.close())
  })

interface RawWatch { authority?: string; role: string; url?: string; cursor?: string }

async function watchPlan(feed: Watched, raw: RawSettings & RawWatch): Promise<{ url: string; authorization: () => Promise<string>; cursorFile: string }> {
  const folder = dataFolder(settings(raw, process.env).data)
  const given = process.env['COMITY_TOKEN']
  if (given) {
    if (!raw.url || !raw.cursor) throw new BadSetting(raw.url ? '--cursor' : '--url', '', 'is missing', 'With a token of your own, say the endpoint with --url and the cursor\'s file with --cursor.')
    return { url: raw.url, authorization: async () => `Bearer ${given}`, cursorFile: raw.cursor }
  }
  if (!raw.authority) throw new BadSetting('--authority', '', 'is missing', 'Say whose desk, for instance --authority FR.')
  const country = countryOf('--authority', raw.authority)
  demandInitialised(folder)
  const { directory } = await openHouse(folder, country, new Date())
  const issue = async (): Promise<string> => `Bearer ${await token(country, raw.role.toUpperCase(), { ...raw, subject: `watch-${feed}`, ttl: '1h' })}`
  await issue()
  return { url: raw.url ?? `${directory.hub.url}/graphql`, authorization: issue, cursorFile: raw.cursor ?? join(folder.path, `watch-${feed}-${country.toLowerCase()}.cursor`) }
}

const print = (text: string): Promise<void> => new Promise((resolve, reject) => void process.stdout.write(text, thrown => (thrown ? reject(thrown) : resolve())))

const register = program.command('register').description('the law as rows: checks a folder, or publishes it as the next edition')

register.command('check').argument('[folder]', 'folder like seeds/register; without it, the one that comes with the package').description('names every wrong row by file, path and fault')
  .action(async (folder: string | undefined) => {
    const [{ checkRegister }, { REGISTER_FOLDER }] = await Promise.all([import('./register.js'), import('./seeds.js')])
    out(checkRegister(folder ?? REGISTER_FOLDER))
  })

register.command('publish').argument('<folder>', 'folder like seeds/register, with the next version in register.json').description('checks the whole set and publishes it at the running hub')
  .requiredOption('--from <day>', 'day from which it applies, YYYY-MM-DD').addOption(option.data)
  .action(async (folder: string, raw: RawSettings & { from: string }) => {
    const { publishRegister } = await import('./register.js')
    out(await publishRegister(dataFolder(settings(raw, process.env).data), folder, raw.from))
  })

addTrustCommands(program, out, line => void process.stderr.write(`${line}\n`))

async function runOne(given: Settings, house: string, hubUrl?: string): Promise<void> {
  const folder = dataFolder(given.data, given.signer)
  demandInitialised(folder)
  const [{ runHub, runNode, demandPort, isRunning }, { houseLog }, { loadRegister }, { REGISTER_FOLDER }] = await Promise.all([import('./houses.js'), import('./log.js'), import('../register/load.js'), import('./seeds.js')])
  const { directory } = await openHouse(folder, house, new Date())
  const url = house === HUB ? directory.hub.url : (directory.authority(`authority:${house}`)?.url ?? directory.hub.url)
  const port = demandPort(given, url, given.mongodb !== null && isRunning(folder, house))
  const start = { folder, settings: given, register: loadRegister(REGISTER_FOLDER), log: houseLog(given.log), port, ...(hubUrl && { hubUrl }) }
  const running = await (house === HUB ? runHub(start) : runNode(start, house))
  out(`comity ready ${running.url}`)
  await untilStopped(() => running.close())
}

async function token(house: string, role: string, raw: RawSettings & { subject?: string; ttl: string }): Promise<string> {
  if (!ROLES.includes(role as Role)) throw new BadSetting('role', role, 'is no role', `Choose among ${ROLES.join(', ')}.`)
  if (house === '-' || role === 'PUBLIC') throw new BadSetting('role', role, 'has no token', 'The public asks without one.')
  const ofHub = role === 'OVERSIGHT' || role === 'SECRETARIAT'
  if (ofHub !== (house.toUpperCase() === 'HUB')) throw new BadSetting('role', role, 'is issued elsewhere', ofHub ? `Use \`comity token HUB ${role}\`.` : `Use \`comity token DE ${role}\`.`)
  if (raw.subject?.trim() === '') throw new BadSetting('--subject', raw.subject, 'names nobody', 'Give a name, or leave it out for the role in lower case.')
  const { tokenOf } = await import('./token.js')
  const given = settings(raw, process.env)
  return tokenOf(dataFolder(given.data, given.signer), ofHub ? HUB : countryOf('house', house), role as Role, raw.subject ?? role.toLowerCase(), ttlOf('--ttl', raw.ttl))
}

/** Until SIGTERM or Ctrl-C: then open work ends, sockets close, exit 0. */
function untilStopped(close: () => Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const stop = (): void => {
      setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
      void close().then(() => {
        resolve()
        process.exit(0)
      })
    }
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
}

async function main(): Promise<void> {
  try {
    await program.parseAsync(process.argv)
  } catch (thrown) {
    process.exitCode = report(thrown)
    if (process.exitCode !== 0) setTimeout(() => process.exit(), 500).unref()
  }
}

function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
  if (thrown instanceof BadSetting) return say(thrown.message, 2)
  if (thrown instanceof Refusal) return say(`${thrown.message}${thrown.facts.hint ? ` ${thrown.facts.hint}` : ''}`, thrown.code === 'BAD_USER_INPUT' ? 2 : 1)
  return say(thrown instanceof Error ? (thrown.name === 'Unavailable' ? thrown.message : (thrown.stack ?? thrown.message)) : String(thrown), 1)
}

function say(text: string, code: number): number {
  process.stderr.write(`comity: ${text}\n`)
  return code
}

void main()
