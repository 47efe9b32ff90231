// Between nodes and an honest hub: hands on what they say to each other, and spoils it as it is told. What a node meets is real but for that.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { drained } from '../../src/door/drained'

export interface Call { method: string; path: string; query: string; body: string }
/** `endless`: a body that never ends; `silent`: a head and nothing more; `cut`: the line ends in the middle. */
export interface Reply { status: number; text: string; end?: 'endless' | 'silent' | 'cut' }
export interface Spoiling {
  /** Answers in the hub's place, or changes what is handed on; null hands it on as it is. */
  call?: (call: Call) => Reply | Call | null | Promise<Reply | Call | null>
  answer?: (call: Call, reply: Reply) => Reply
  /** What becomes of each line of a mailbox; one such function for each stream that is opened. */
  lines?: () => (line: string) => readonly string[]
}

const isReply = (value: Reply | Call): value is Reply => 'status' in value
const CHUNK = 'x'.repeat(64 * 1024)

export class HubBetween {
  #evil: Spoiling = {}
  /** How often something was spoiled. */
  met = 0
  /** The most that one endless body was taken of, in bytes. */
  poured = 0
  readonly #server: Server
  readonly #streams = new Set<ServerResponse>()

  private constructor(private readonly hub: string) {
    this.#server = createServer((req, res) => void this.#serve(req, res).catch(() => res.destroy()))
  }

  static async open(hub: string): Promise<HubBetween> {
    const between = new HubBetween(hub)
    between.#server.listen(0, '127.0.0.1')
    await once(between.#server, 'listening')
    return between
  }

  get url(): string { return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` }

  /** From now on; mailboxes are opened anew under it. */
  turn(evil: Spoiling): void {
    this.#evil = evil
    this.met = this.poured = 0
    for (const res of this.#streams) res.destroy()
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (req.url ?? '/').split('?')
    const chunks: Buffer[] = []
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
    const call = { method: req.method ?? 'GET', path, query, body: Buffer.concat(chunks).toString() }
    const evil = this.#evil
    const spoiled = (await evil.call?.(call)) ?? null
    if (spoiled) this.met += 1
    if (spoiled && isReply(spoiled)) return this.#reply(res, spoiled)
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const answer = await this.#atHub(spoiled ?? call, req, gone.signal)
    if (path === '/exchange/mailbox' && answer.ok) return this.#pour(answer, res, evil)
    const honest = { status: answer.status, text: await answer.text() }
    const said = evil.answer?.(call, honest) ?? honest
    if (said !== honest) this.met += 1
    return this.#reply(res, said)
  }

  #atHub({ method, path, query, body }: Call, { headers }: IncomingMessage, signal: AbortSignal): Promise<Response> {
    const names = ['authorization', 'content-type', 'accept'] as const
    const kept = names.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]] as [string, string]]))
    return fetch(`${this.hub}${path}${query && `?${query}`}`, { method, headers: kept, signal, ...(method === 'POST' && { body }) })
  }

  async #pour(answer: Response, res: ServerResponse, { lines }: Spoiling): Promise<void> {
    const spoil = lines?.() ?? ((line: string) => [line])
    this.#streams.add(res)
    res.once('close', () => this.#streams.delete(res))
    res.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const end = endOf(res)
    let rest = ''
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const whole = (rest + Buffer.from(chunk).toString()).split('\n')
      rest = whole.pop() ?? ''
      for (const line of whole) {
        for (const said of this.#counted(line, spoil(line))) {
          if (res.destroyed) return
          if (!res.write(`${said}\n`)) await drained(res, end)
        }
      }
    }
    res.end()
  }

  #counted(line: string, said: readonly string[]): readonly string[] {
    if (said.length !== 1 || said[0] !== line) this.met += 1
    return said
  }

  async #reply(res: ServerResponse, { status, text, end }: Reply): Promise<void> {
    res.writeHead(status, { 'content-type': 'application/json' })
    if (end === undefined) return void res.end(text)
    res.write(text)
    if (end === 'cut') return void res.destroy()
    const over = endOf(res)
    for (let poured = 0; end === 'endless' && !res.destroyed; poured += CHUNK.length) {
      if (!res.write(CHUNK)) await drained(res, over)
      this.poured = Math.max(this.poured, poured)
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Ends with this answer. */
function endOf(res: ServerResponse): AbortSignal {
  const over = new AbortController()
  res.once('close', () => over.abort())
  return over.signal
}
