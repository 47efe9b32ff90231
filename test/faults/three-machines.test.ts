// README's "Three machines" to the letter: a secretariat, a hub and two ministries, each with a folder of its own, each house a process of its
// own in the production profile over mutual TLS. Only host names are put in place of those of the examples. Then keys change while they run.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { draftInput, take, type Staff } from '../support/case'
import { runNode } from '../support/children'
import { Desk, eventually } from '../support/desk'
import { freePorts } from '../support/ports'
import { COMMAND, ready, type HouseProcess } from '../support/trial'
import { payloadOf } from '../wire/forge'

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8').split('## Three machines')[1]?.split('\n## ')[0] ?? ''
const MACHINES = ['secretariat', 'hub', 'de', 'fr'] as const
type Machine = (typeof MACHINES)[number]

interface Block { machine: Machine; about: string; lines: string[] }
const BLOCKS: readonly Block[] = [...README.matchAll(/```sh\n# (\w+)\.example:? ?(.*)\n([^`]*)```/g)].map(([, machine, about = '', lines = '']) => ({ machine: machine as Machine, about, lines: lines.trim().split('\n') }))

const place = mkdtempSync(join(tmpdir(), 'comity-machines-'))
const running = new Map<Machine, HouseProcess>()
let port: number
const folderOf = (machine: Machine): string => join(place, machine)

const replaced = (line: string): string => line.replaceAll('npx comity', `'${process.execPath}' '${COMMAND}'`)
  .replaceAll('0.0.0.0', '127.0.0.1').replace(/\w+\.example:(400\d)/g, (_, listed: string) => `127.0.0.1:${port + Number(listed) - 4000}`)
  .replace(/^scp (\S+) (\w+)\.example:(\S*)$/, (_, file: string, machine: string, to: string) => `cp ${file} ../${machine}/${to}`)

function run(machine: Machine, line: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', replaced(line)], { cwd: folderOf(machine), encoding: 'utf8' })
  if (status !== 0) throw new TypeError(`${machine}: ${line} ended with ${status}: ${stderr}`)
  return stdout.trim()
}

/** A house that stays: started as it is written there, awaited until it is ready. */
async function start(machine: Machine, line: string): Promise<void> {
  const [, profile = '', hosts = '', command = ''] = /^COMITY_PROFILE=(\S+) COMITY_HOSTS=(\S+) npx comity (.*)$/.exec(line) ?? []
  const child = runNode([COMMAND, ...replaced(command).split(' ')], { cwd: folderOf(machine), env: { PATH: process.env['PATH'], COMITY_PROFILE: profile, COMITY_HOSTS: replaced(hosts) } })
  running.set(machine, await ready(machine, child))
}

const isHouse = (line: string): boolean => /npx comity (hub|node) /.test(line)
const blocksAbout = (about: string): Block[] => BLOCKS.filter(block => block.about === about)
const runAll = (blocks: readonly Block[]): void => { for (const { machine, lines } of blocks) for (const line of lines) run(machine, line) }

const token = (machine: 'de' | 'fr', role: string, subject: string): string => run(machine, `npx comity token ${machine.toUpperCase()} ${role} --subject ${subject}`)
const desks: Desk[] = []
function desk(bearer: string, at: Machine = 'hub'): Desk {
  const seated = new Desk(running.get(at)?.url ?? '', bearer)
  desks.push(seated)
  return seated
}
function staff(): Staff {
  const [anna, luc] = [token('de', 'OFFICIAL', 'anna'), token('fr', 'OFFICIAL', 'luc')]
  return { anna: desk(anna), vera: desk(token('de', 'VALIDATOR', 'vera')), luc: desk(luc), nuit: desk(token('fr', 'LIAISON', 'nuit')), annaAtHome: desk(anna, 'de'), lucAtHome: desk(luc, 'fr') }
}
async function delivered(people: Staff): Promise<string> {
  const { reference } = await people.anna.act('draftRequest', draftInput())
  for (const step of ['VALIDATE', 'SUBMIT', 'ACKNOWLEDGE'] as const) await take(people, reference, step)
  await people.annaAtHome.until(reference, 'ACKNOWLEDGED')
  return reference
}
const directoryAt = (machine: Machine, house: string): { version: number } => payloadOf(readFileSync(join(folderOf(machine), '.comity', house, 'directory.jws'), 'utf8').trim()) as { version: number }
const newest = async (): Promise<number[]> => [directoryAt('hub', 'hub').version, directoryAt('de', 'de').version, directoryAt('fr', 'fr').version]
const everywhere = (version: number) => eventually(newest, versions => versions.every(each => each === version), `version ${version} is everywhere`)
const keyIn = (bearer: string): string => (JSON.parse(Buffer.from(bearer.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid

beforeAll(async () => {
  port = await freePorts(3)
  for (const machine of MACHINES) mkdirSync(folderOf(machine))
  for (const { machine, about, lines } of BLOCKS) {
    if (['daily', 'new keys'].includes(about)) continue
    for (const line of lines) {
      if (isHouse(line)) await start(machine, line)
      else run(machine, line)
    }
  }
}, 120_000)
afterAll(async () => {
  for (const each of desks) each.close()
  await Promise.all([...running.values()].map(house => house.kill()))
  rmSync(place, { recursive: true, force: true })
})

test('a request of Germany comes to France; no private key has left its machine', async () => {
  expect([...running.keys()]).toEqual(['hub', 'de', 'fr'])
  await delivered(staff())
  for (const house of ['de', 'fr'] as const) expect(run(house, `npx comity verify ${house.toUpperCase()}`)).toMatch(/entries, chain, contents, letters/)
  const folders = MACHINES.flatMap(machine => ['hub', 'de', 'fr', 'root'].filter(each => existsSync(join(folderOf(machine), '.comity', each))).map(each => `${machine}: ${each}`))
  expect(folders).toEqual(['secretariat: root', 'hub: hub', 'de: de', 'fr: fr'])
})

test('a renewed directory goes from the secretariat to the hub, and from there to every node', async () => {
  runAll(blocksAbout('daily'))
  await everywhere(2)
})

test('new keys take over while all run: the old token holds, letters under the new keys arrive; a revoked key counts for what was seen before, not for what is new', async () => {
  const before = staff()
  const old = before.anna.token ?? ''
  const feed = await before.anna.listen('subscription($after: Cursor) { statusChanged(after: $after) { cursor } }')
  runAll(blocksAbout('new keys'))
  await everywhere(3)
  const after = staff()
  expect(keyIn(after.anna.token ?? '')).not.toBe(keyIn(old))
  expect(await before.anna.look(await delivered(after))).toMatchObject({ status: 'ACKNOWLEDGED' })
  await feed.until(events => events.length > 0)

  for (const { kid } of run('de', 'npx comity keys list DE').split('\n').slice(0, 4).map(line => ({ kid: line.split(' ')[0] ?? '' }))) run('de', `npx comity keys revoke DE ${kid} > de.json`)
  runAll(blocksAbout('new keys').flatMap(block => (block.machine === 'de' ? [{ ...block, lines: block.lines.slice(1) }] : [block])))
  await everywhere(4)
  expect(await before.anna.refusal('{ viewer { role } }')).toBe('UNAUTHENTICATED')
  expect(await before.annaAtHome.refusal('{ viewer { role } }')).toBe('UNAUTHENTICATED')
  expect(await feed.ended).toMatchObject({ code: 4403 })
  await delivered(after)
  for (const house of ['de', 'fr'] as const) expect(run(house, `npx comity verify ${house.toUpperCase()}`)).toMatch(/entries, chain, contents, letters/)
})
