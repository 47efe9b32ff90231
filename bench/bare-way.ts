// The way of an act to the desk with nothing on it: as many processes, lines and flushed writes as between Germany's node, the hub, France's node and its desk,
// each handing on the same bytes unread. What the machine needs for that, nobody on it comes below; its spread is the machine's own.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fdatasync, mkdtempSync, openSync, rmSync, write } from 'node:fs'
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { WebSocket, WebSocketServer } from 'ws'
import { freePorts } from '../test/support/ports'

/** A sealed letter. */
const LETTER = 'x'.repeat(6_000)
const HOUSES = ['hub', 'DE', 'FR'] as const
type House = (typeof HOUSES)[number]
/** `first`: that of the hub. */
const portOf = (first: number, house: House): number => first + HOUSES.indexOf(house)

export class BareWay {
  private constructor(private readonly folder: string, private readonly port: number, private readonly children: ChildProcess[], private readonly screen: WebSocket) {}

  static async open(): Promise<BareWay> {
    const folder = mkdtempSync(join(tmpdir(), 'comity-bare-'))
    const port = await freePorts(HOUSES.length)
    const children: ChildProcess[] = []
    // The nodes open their lines to the hub, and the hub its own to France.
    for (const house of HOUSES) {
      const child = fork(__filename, [house, String(port), folder])
      children.push(child)
      await once(child, 'message')
    }
    const screen = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(screen, 'open')
    return new BareWay(folder, port, children, screen)
  }

  /** One act on its way: milliseconds until the screen has it. */
  async act(): Promise<number> {
    const begun = performance.now()
    const shown = once(this.screen, 'message').then(() => performance.now())
    await post(portOf(this.port, 'DE'), '/act', LETTER)
    return (await shown) - begun
  }

  close(): void {
    this.screen.terminate()
    for (const child of this.children) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const agent = new Agent({ keepAlive: true })

function post(port: number, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, port, path, host: '127.0.0.1', method: 'POST' }, answer => void bodyOf(answer).then(resolve, reject))
    asked.once('error', reject).end(body)
  })
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Each line of an endless answer. */
async function follow(port: number, path: string, each: (line: string) => Promise<void>): Promise<void> {
  const asked = request({ port, path, host: '127.0.0.1' }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  void (async () => { for await (const line of createInterface({ input: answer })) await each(line) })()
}

/** A house as a child process: keeps what it is told, and hands it on. */
class BareHouse {
  readonly #file: number
  readonly #readers: ServerResponse[] = []

  constructor(private readonly house: House, private readonly port: number, folder: string) { this.#file = openSync(join(folder, house), 'a') }

  /** `taken`: what becomes of a body that was posted, by path; resolves with the answer. */
  async serve(taken: Readonly<Record<string, (text: string) => Promise<string>>>): Promise<Server> {
    const server = createServer((req, res) => void (async () => {
      if (req.method === 'GET') return this.#admit(res)
      res.end(await taken[req.url ?? '']?.(await bodyOf(req)))
    })())
    server.listen(portOf(this.port, this.house), '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  async keep(text: string): Promise<void> {
    await promisify(write)(this.#file, text)
    await promisify(fdatasync)(this.#file)
  }

  /** On each endless answer. */
  tell(text: string): void { for (const reader of this.#readers) reader.write(`${text}\n`) }

  #admit(res: ServerResponse): void {
    this.#readers.push(res)
    res.writeHead(200).flushHeaders()
  }
}

const RUN: Readonly<Record<House, (house: BareHouse, port: number) => Promise<unknown>>> = {
  DE: (house, at) => house.serve({
    '/act': async letter => {
      await house.keep(letter)
      // The act is answered; its letter is kept, and carried.
      void house.keep(letter).then(() => post(portOf(at, 'hub'), '/letters', letter))
      return 'taken'
    },
  }),
  hub: async (house, at) => {
    const screens: WebSocket[] = []
    const server = await house.serve({
      '/letters': async letter => {
        await house.keep(letter)
        house.tell(letter)
        return 'taken'
      },
      '/feed': async () => {
        await follow(portOf(at, 'FR'), '/feed', async () => {
          const row = await post(portOf(at, 'FR'), '/read', '')
          for (const screen of screens) screen.send(row)
        })
        return 'followed'
      },
    })
    new WebSocketServer({ server }).on('connection', screen => screens.push(screen))
  },
  FR: async (house, at) => {
    await house.serve({ '/read': () => Promise.resolve(LETTER.slice(0, 1_000)) })
    await follow(portOf(at, 'hub'), '/mailbox', async letter => {
      await house.keep(letter)
      house.tell('an event')
    })
    await post(portOf(at, 'hub'), '/feed', '')
  },
}

const [, , named, port, folder = ''] = process.argv
const house = HOUSES.find(each => each === named)
if (process.send && house) void RUN[house](new BareHouse(house, Number(port), folder), Number(port)).then(() => process.send?.('ready'))
