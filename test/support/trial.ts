// A trial of real processes: one data folder made by `comity init`, hub and nodes each in a process of its own, started, killed and
// started again by their own handles, spoken to over real sockets. Runs what is built: dist must be no older than the sources.
//
//   const trial = await Trial.make({ authorities: ['DE', 'FR', 'BR'] })      // afterAll(() => trial.remove())
//   await trial.startAll()                                                   // hub, DE, FR, BR
//   await trial.house('FR').kill(); await trial.start('FR', { env: { COMITY_CRASH_AT: 'afterApply' } })
//   const anna = await trial.desk('DE', 'OFFICIAL', 'anna')                  // at the hub; { at: 'DE' } at her own node
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '../../src/domain/vocabulary'
import { dataFolder } from '../../src/cli/data-folder'
import { tokenOf } from '../../src/cli/token'
import { runNode, type Child } from './children'
import { Desk } from './desk'
import { freePorts } from './ports'

const ROOT = join(__dirname, '../..')
export const COMMAND = join(ROOT, 'dist/src/cli/main.js')
const READY_WITHIN_MS = 60_000
/** Over the MongoDB protocol of the test server, on a machine that has other work, a ledger of hundreds of entries takes half a minute. */
const VERIFIED_WITHIN_MS = 100_000

export interface StartOptions { env?: NodeJS.ProcessEnv; args?: readonly string[] }
export interface Ended { code: number | null; stdout: string; stderr: string; tookMs: number }

/** One command, to its end; what does not end is killed. */
export async function comity(args: readonly string[], { env = {}, withinMs = 30_000 }: { env?: NodeJS.ProcessEnv; withinMs?: number } = {}): Promise<Ended> {
  const begun = performance.now()
  const child = launch(args, env)
  const limit = setTimeout(() => child.signal('SIGKILL'), withinMs)
  const code = await child.ended()
  clearTimeout(limit)
  return { code, stdout: child.lines.map(line => `${line}\n`).join(''), stderr: child.said(), tookMs: performance.now() - begun }
}

/** The process as it stands, ready or not. */
export function launch(args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  demandBuilt()
  return runNode([COMMAND, ...args], { cwd: ROOT, env: { ...withoutSettings(process.env), ...env } })
}

/** A running house. */
export class HouseProcess {
  readonly url: string
  constructor(readonly name: string, readonly child: Child, ready: string) { this.url = ready.replace('comity ready ', '') }

  get pid(): number { return this.child.pid }
  /** `kill -9`. */
  kill(): Promise<number | null> { return this.child.end('SIGKILL') }
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null> { return this.child.end('SIGTERM') }
  freeze(): void { this.child.signal('SIGSTOP') }
  thaw(): void { this.child.signal('SIGCONT') }
  ended(): Promise<number | null> { return this.child.ended() }
  /** Its log: JSON lines of stderr. */
  log(): Record<string, unknown>[] { return this.child.said().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>) }
}

/** Waits for the line `comity ready URL`; throws with what the house said where it ends before or stays silent. */
export async function ready(name: string, child: Child): Promise<HouseProcess> {
  const late = setTimeout(() => child.signal('SIGKILL'), READY_WITHIN_MS)
  try {
    for (let lines = 1; ; lines += 1) {
      await child.until(lines)
      const line = child.lines[lines - 1]
      if (line?.startsWith('comity ready ')) return new HouseProcess(name, child, line)
    }
  } finally { clearTimeout(late) }
}

export interface TrialOptions {
  authorities?: readonly string[]
  /** Its databases `comity_hub`, `comity_de`, … are this trial's alone. */
  mongodb?: string
}

export class Trial {
  readonly #houses = new Map<string, HouseProcess>()
  readonly #started: HouseProcess[] = []
  readonly #desks: Desk[] = []

  private constructor(readonly folder: string, readonly port: number, readonly authorities: readonly string[], private readonly mongodb: string | null) {}

  static async make({ authorities = ['DE', 'FR', 'BR'], mongodb }: TrialOptions = {}): Promise<Trial> {
    const folder = mkdtempSync(join(tmpdir(), 'comity-trial-'))
    const port = await freePorts(authorities.length + 1)
    const { code, stderr } = await comity(['init', '--data', folder, '--port', String(port), '--authorities', authorities.join()])
    if (code !== 0) throw new TypeError(`comity init ended with ${code}: ${stderr}`)
    return new Trial(folder, port, authorities, mongodb ?? null)
  }

  /** What every command of this trial is given. */
  get options(): string[] { return ['--data', this.folder, ...(this.mongodb ? ['--mongodb', this.mongodb] : [])] }

  /** Starts `hub`, or an authority's node, and waits until it is ready. */
  async start(name: string, { env = {}, args = [] }: StartOptions = {}): Promise<HouseProcess> {
    const house = await ready(name, launch([...(name === 'hub' ? ['hub'] : ['node', name]), ...this.options, ...args], env))
    this.#houses.set(name, house)
    this.#started.push(house)
    return house
  }

  async startAll(options: StartOptions = {}): Promise<void> {
    await Promise.all(['hub', ...this.authorities].map(name => this.start(name, options)))
  }

  /** The process of this name that was started last. */
  house(name: string): HouseProcess {
    const house = this.#houses.get(name)
    if (!house) throw new TypeError(`${name} was never started`)
    return house
  }

  /** Where the directory says that a house is, running or not. */
  urlOf(name: string): string { return `http://127.0.0.1:${name === 'hub' ? this.port : this.port + 1 + this.authorities.indexOf(name)}/graphql` }

  token(country: string, role: Role, subject: string = role.toLowerCase(), ttlSeconds = 3_600): Promise<string> {
    return tokenOf(dataFolder(this.folder), country, role, subject, ttlSeconds)
  }

  /** Somebody with a token, at the hub or at another house. */
  async desk(country: string, role: Role, subject?: string, { at = 'hub' }: { at?: string } = {}): Promise<Desk> {
    return this.#seated(new Desk(at.startsWith('http') ? at : this.urlOf(at), await this.token(country, role, subject)))
  }

  public({ at = 'hub' }: { at?: string } = {}): Desk { return this.#seated(new Desk(this.urlOf(at), null)) }

  #seated(desk: Desk): Desk {
    this.#desks.push(desk)
    return desk
  }

  verify(...countries: string[]): Promise<Ended> { return comity(['verify', ...countries, ...this.options], { withinMs: VERIFIED_WITHIN_MS }) }

  async remove(): Promise<void> {
    for (const desk of this.#desks) desk.close()
    await Promise.all(this.#started.map(house => house.kill()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Settings of the one who runs the tests are not the trial's. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COMITY_')))

let built = false

/** A test of an older build would say nothing about the code as it stands. */
function demandBuilt(): void {
  if (built) return
  const since = existsSync(COMMAND) ? statSync(COMMAND).mtimeMs : 0
  const newer = ['src', 'schema', 'resolvers'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => join(ROOT, folder, name)))
    .find(path => path.endsWith('.ts') && statSync(path).mtimeMs > since)
  if (newer) throw new TypeError(`dist is older than ${newer}: run \`npm run build\` first`)
  built = true
}
