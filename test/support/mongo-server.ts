// A MongoDB-protocol server for tests: the one named by COMITY_TEST_MONGODB, else the built test/mongo-server/bin/mongo-server
// on a free port over a folder of its own, which can be killed like a real one.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './ports'

const BINARY = join(__dirname, '../mongo-server/bin/mongo-server')
const NAMED = process.env.COMITY_TEST_MONGODB ?? ''
const REQUIRED = process.env.COMITY_REQUIRE_MONGODB === '1'

/** Whether tests against MongoDB can run here; a name for the suite that says so. */
export const mongoAvailable: boolean = NAMED !== '' || existsSync(BINARY)
/** Tests that need to kill the server can run only on one of our own. */
export const ownMongoAvailable: boolean = existsSync(BINARY)

/** `describe`, or a skipped one whose name says what is missing; with COMITY_REQUIRE_MONGODB=1 a missing server fails. */
export function describeWithMongo(name: string, body: () => void, available: boolean = mongoAvailable): void {
  if (available) return describe(name, body)
  const missing = `${name}: NOT RUN, no MongoDB server (set COMITY_TEST_MONGODB or run test/mongo-server/build.sh)`
  if (REQUIRED) return test(missing, () => { throw new TypeError(missing) })
  process.stderr.write(`${missing}\n`)
  describe.skip(missing, body)
}

export interface MongoServer {
  readonly uri: string
  /** Stops it in order; its data stay until `remove`. */
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  /** Starts again on the same port and data. */
  start(): Promise<void>
  remove(): Promise<void>
}

const READY_WITHIN_MS = 15_000

/** The named server as it is; it can be neither stopped nor killed. */
export async function testMongo(): Promise<MongoServer> {
  const nothing = async (): Promise<void> => {}
  return NAMED === '' ? ownMongo() : { uri: NAMED, stop: nothing, kill: nothing, start: nothing, remove: nothing }
}

export async function ownMongo(): Promise<MongoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-mongo-'))
  const port = await freePorts(1)
  let child: ChildProcess | null = null
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill(signal)
    await once(running, 'exit')
  }
  const start = async (): Promise<void> => {
    child = spawn(BINARY, ['-listen', `127.0.0.1:${port}`, '-folder', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    await answers(port, child)
  }
  await start()
  return {
    uri: `mongodb://127.0.0.1:${port}/`, start, stop: () => end('SIGTERM'), kill: () => end('SIGKILL'),
    remove: async () => { await end('SIGKILL'); rmSync(folder, { recursive: true, force: true }) },
  }
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new TypeError(`mongo-server does not answer on port ${port}`)
    await pause(20)
  }
}

const accepts = (port: number): Promise<boolean> => new Promise(resolve => {
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => { socket.destroy(); resolve(true) }).once('error', () => resolve(false))
})
