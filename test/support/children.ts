// Child processes of tests: read line by line, ended by their own handle, and never left behind when the test process goes.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Child {
  readonly pid: number
  /** Lines of stdout so far. */
  readonly lines: string[]
  /** What it said on stderr so far. */
  said(): string
  /** Waits until this many lines were said; throws where the child ends before. */
  until(lines: number): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Ends it and waits for its end; resolves with the exit code, null after a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>
  ended(): Promise<number | null>
}

const running = new Set<ChildProcess>()
/** Whatever a failed test left running would keep jest from ending. */
const endAll = (): void => { for (const child of running) child.kill('SIGKILL') }
if (typeof afterAll === 'function') afterAll(endAll)
else process.once('exit', endAll)

/** Our TypeScript as it stands. */
export const runTypeScript = (file: string, ...args: string[]): Child => runNode(['-r', join(__dirname, 'typescript.cjs'), join(__dirname, file), ...args])

export function runNode(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Child {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const lines: string[] = []
  let said = ''
  running.add(child)
  const reader = createInterface({ input: child.stdout })
  reader.on('line', line => lines.push(line))
  child.stderr.on('data', (chunk: Buffer) => { said += String(chunk) })
  const closed = once(child, 'close').then(() => {
    running.delete(child)
    return child.exitCode
  })
  const until = async (count: number): Promise<void> => {
    const over = closed.then(() => true)
    while (lines.length < count) {
      const ended = await Promise.race([once(reader, 'line').then(() => false), over])
      if (ended && lines.length < count) throw new TypeError(`the child ended after ${lines.length} lines: ${said}`)
    }
  }
  return { pid: pidOf(child), lines, said: () => said, until, signal: signal => void child.kill(signal), ended: () => closed, end: signal => { child.kill(signal); return closed } }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new TypeError('the child did not start')
  return child.pid
}
