// The commands with which trust is made: an authority's keys on its own machine, the directory at the secretariat's.
import { existsSync } from 'node:fs'
import { Argument, type Command, Option } from 'commander'
import type { DirectorySnapshot, Listing } from '../wire/directory'
import { dataFolder, HUB, idOf, keysFile, type DataFolder } from './data-folder'
import type { Times } from './secretariat'
import { countryOf, settings, ttlOf, urlOf, type RawSettings } from './settings'

type Out = (line: string) => void

const DIRECTORY_VALID = '72h'
const OVERLAP = '24h'

const data = (): Option => new Option('--data <folder>', 'data folder (COMITY_DATA)')
const valid = (): Option => new Option('--valid <duration>', 'how long the directory holds').default(DIRECTORY_VALID)
const house = (): Argument => new Argument('<house>', 'DE, or HUB').argParser((value: string) => (value.toUpperCase() === 'HUB' ? HUB : countryOf('house', value)))

const folderOf = (raw: RawSettings): DataFolder => dataFolder(settings(raw, process.env).data)

function timesOf(raw: { valid: string }): Required<Times> {
  const now = new Date()
  return { now, expiresAt: new Date(now.getTime() + ttlOf('--valid', raw.valid) * 1_000) }
}

/** `out` is for what goes on to the next command, `note` for who reads along. */
export function addTrustCommands(program: Command, out: Out, note: Out): void {
  addEnrolment(program, out, note)
  addKeys(program, out, note)
  addDirectory(program, out)
}

function addEnrolment(program: Command, out: Out, note: Out): void {
  program.command('enroll').addArgument(house()).description('makes the keys of a house on its own machine; prints address and public halves for the secretariat')
    .requiredOption('--url <address>', 'where the other houses reach it, http://de.example:4001')
    .option('--root <file>', 'the root key\'s public half, from the secretariat').addOption(data())
    .action(async (name: string, raw: RawSettings & { url: string; root?: string }) => {
      const { enroll } = await import('./enrolment.js')
      const folder = folderOf(raw)
      out(printed(await enroll(folder, name, { url: urlOf('--url', raw.url), rootFile: raw.root, now: new Date() })))
      note(`comity: the keys are in ${folder.path}; what is printed goes to the secretariat`)
    })
}

const printed = (listing: Listing): string => JSON.stringify(listing, null, 1)

function addKeys(program: Command, out: Out, note: Out): void {
  const keys = program.command('keys').description('the keys of a house: lays in the next ones, takes one back')
  keys.command('rotate').addArgument(house()).description('lays in new keys; the ones before hold until the overlap ends')
    .option('--overlap <duration>', 'how long the keys before still hold', OVERLAP).option('--signer-keys <file>', 'the file of `comity signer`, where the signing keys lie with it').addOption(data())
    .action(async (name: string, raw: RawSettings & { overlap: string; signerKeys?: string }) => {
      const { rotateKeys } = await import('./enrolment.js')
      await listed(folderOf(raw), await rotateKeys(folderOf(raw), name, { now: new Date(), overlapSeconds: ttlOf('--overlap', raw.overlap), signerKeys: raw.signerKeys }), out, note)
    })
  keys.command('revoke').addArgument(house()).argument('<key>', 'its name, as `comity keys list` shows it').description('takes a key back: nothing that is first seen after the next directory counts')
    .addOption(data())
    .action(async (name: string, kid: string, raw: RawSettings) => {
      const [folder, { revokeKey }, { withoutKey }] = [folderOf(raw), await import('./enrolment.js'), await import('./secretariat.js')]
      const isOwners = existsSync(keysFile(folder, name))
      await listed(folder, isOwners ? await revokeKey(folder, name, kid, new Date()) : await withoutKey(folder, idOf(name), kid, new Date()), out, note)
    })
  keys.command('detach').addArgument(house()).description('moves the private signing keys into a file of their own, for `comity signer`; the house then signs through that process')
    .requiredOption('--to <file>', 'file that is not there yet').addOption(data())
    .action(async (name: string, raw: RawSettings & { to: string }) => {
      const { detachSigningKeys } = await import('./enrolment.js')
      detachSigningKeys(folderOf(raw), name, raw.to)
      out(`comity: the signing keys are in ${raw.to}; start \`comity signer ${raw.to} --socket …\`, and the house with --signer`)
    })
  keys.command('list').addArgument(house()).description('names, uses and times of the keys of a house').addOption(data())
    .action(async (name: string, raw: RawSettings) => {
      const { openedKeys } = await import('./data-folder.js')
      for (const { kid, use, notBefore, notAfter, revokedAt } of openedKeys(folderOf(raw), name).publicKeys) out(`${kid}  ${use}  ${notBefore}  ${notAfter}${revokedAt ? `  revoked ${revokedAt}` : ''}`)
    })
}

/** Where the root key lies in the same folder, as in a trial, the next directory is signed at once; elsewhere the secretariat signs it. */
async function listed(folder: DataFolder, listing: Listing, out: Out, note: Out): Promise<void> {
  const { hasRootKey } = await import('./secretariat.js')
  if (!hasRootKey(folder)) {
    out(printed(listing))
    note('comity: the keys are changed; what is printed goes to the secretariat, and holds once its directory lists it')
    return
  }
  out(saidOf(await added(folder, [listing], { now: new Date() })))
}

async function added(folder: DataFolder, listings: readonly Listing[], times: Times): Promise<DirectorySnapshot> {
  const [{ addToDirectory }, { loadRegister }, { REGISTER_FOLDER }] = await Promise.all([import('./secretariat.js'), import('../register/load.js'), import('./seeds.js')])
  return addToDirectory(folder, listings, loadRegister(REGISTER_FOLDER).authorities, times)
}

const saidOf = ({ version, expiresAt, authorities }: DirectorySnapshot): string => `comity: directory version ${version} names the hub and ${authorities.map(({ country }) => country).join(', ')}; it ends on ${expiresAt}`

function addDirectory(program: Command, out: Out): void {
  const directory = program.command('directory').description('the secretariat\'s: the root key, and the directory that it signs')
  directory.command('root').description('makes the root key where there is none; prints its public half').addOption(data())
    .action(async (raw: RawSettings) => {
      const { rootKeyOf } = await import('./secretariat.js')
      out(JSON.stringify((await rootKeyOf(folderOf(raw))).publicJwk))
    })
  directory.command('add').argument('<files...>', 'what `comity enroll` or `comity keys` printed').description('signs the next directory with these houses in it')
    .addOption(valid()).addOption(data())
    .action(async (files: string[], raw: RawSettings & { valid: string }) => {
      const { readListing } = await import('./secretariat.js')
      out(saidOf(await added(folderOf(raw), files.map(readListing), timesOf(raw))))
    })
  directory.command('renew').description('signs the next directory with the same houses').addOption(valid()).addOption(data())
    .action(async (raw: RawSettings & { valid: string }) => {
      const { renewDirectory } = await import('./secretariat.js')
      out(saidOf(await renewDirectory(folderOf(raw), timesOf(raw))))
    })
}
