// The network between houses and hub without a socket: the same calls and streams as over HTTP, with whatever a network does to them.
import { setMaxListeners } from 'node:events'
import { Refusal } from '../../../src/refusal'
import type { Exchange } from '../../../src/hub/exchange'
import type { CallOptions, HousePeer, StreamOptions } from '../../../src/peer/client'
import { failure, LineLost, type PeerOutcome } from '../../../src/peer/outcome'
import type { Worded } from '../../support/exchange-oracle'
import { never, type Activity } from './virtual-time'

/** `unheard` loses the answer; `late` too, and brings the call once more at some later time; `sick`: the hub answers that it cannot now. */
export const POST_FATES = ['well', 'lost', 'unheard', 'twice', 'late', 'sick'] as const
export type PostFate = (typeof POST_FATES)[number]
export const LINE_FATES = ['well', 'again', 'cut'] as const
export type LineFate = (typeof LINE_FATES)[number]

export type HubLine = Pick<HousePeer, 'post' | 'stream'>
export interface RunningHub { exchange: Exchange; /** Aborts when the hub's process dies. */ died: AbortSignal }
interface Call { path: string; body: unknown }
interface Fates { posts: PostFate[]; lines: LineFate[] }

const SICK: PeerOutcome = { state: 'ANSWERED', status: 503, body: { errors: [{ message: 'The store does not answer.', extensions: { code: 'STORE_UNAVAILABLE' } }] }, tookMs: 0 }

export class Network {
  readonly receipts: Worded[] = []
  readonly letters: Worded[] = []
  readonly #fates = new Map<string, Fates>()
  readonly #apart = new Set<string>()
  readonly #lines = new Map<string, Set<AbortController>>()
  #late: Call[] = []
  #beats = new Set<() => void>()

  constructor(private readonly hub: () => RunningHub, private readonly activity: Activity) {}

  expect(house: string, fates: Fates): void { this.#fates.set(house, { posts: [...fates.posts], lines: [...fates.lines] }) }

  /** No word passes between this house and the hub until it is joined again. */
  part(house: string): void { this.#apart.add(house); this.cut(house) }
  join(house: string): void { this.#apart.delete(house) }
  cut(house: string): void { for (const line of this.#lines.get(house) ?? []) line.abort() }

  /** A beat on every line, as a hub sends it while nothing else comes. */
  beat(): void {
    for (const heard of this.#beats) heard()
    this.#beats = new Set()
  }

  heal(): void { this.#fates.clear(); this.#apart.clear() }

  /** A call that was held up arrives at last. */
  async replay(which: number): Promise<void> {
    const [call] = this.#late.splice(which % Math.max(1, this.#late.length), 1)
    if (call) await this.#atHub(call)
  }
  get held(): number { return this.#late.length }

  lineOf(house: string, isDead: () => boolean): HubLine {
    return {
      post: async (path: string, body: unknown, _: CallOptions) => {
        if (isDead()) return never()
        this.#watch(body)
        const outcome = await this.#carried(house, { path, body: JSON.parse(JSON.stringify(body)) as unknown })
        return isDead() ? never() : outcome
      },
      stream: (path: string, options: StreamOptions) => this.#streamed(house, path, options, isDead),
    }
  }

  #watch(body: unknown): void {
    const { letters = [], receipts = [] } = body as { letters?: string[]; receipts?: string[] }
    for (const text of letters) this.letters.push({ letter: nameOf('iss', 'aud', text), text })
    for (const text of receipts) this.receipts.push({ letter: nameOf('aud', 'iss', text), text })
  }

  async #carried(house: string, call: Call): Promise<PeerOutcome> {
    const fate = this.#apart.has(house) ? 'lost' : this.#fates.get(house)?.posts.shift() ?? 'well'
    if (fate === 'lost') return failure('NO_CONNECTION', 0)
    if (fate === 'sick') return SICK
    const outcome = await this.#atHub(call)
    if (fate === 'twice') await this.#atHub(call)
    if (fate === 'late') this.#late.push(call)
    return fate === 'unheard' || fate === 'late' ? failure('CUT', 0) : outcome
  }

  #atHub({ path, body }: Call): Promise<PeerOutcome> {
    const { exchange, died } = this.hub()
    const answer = async (): Promise<PeerOutcome> => {
      const said = path === '/exchange/letters' ? { results: await exchange.submit((body as { letters: unknown[] }).letters) } : await exchange.receipts((body as { receipts: unknown[] }).receipts)
      return { state: 'ANSWERED', status: 200, body: JSON.parse(JSON.stringify(said)) as unknown, tookMs: 0 }
    }
    const sick = (thrown: unknown): PeerOutcome => {
      if (thrown instanceof Refusal && thrown.code === 'STORE_UNAVAILABLE') return SICK
      throw thrown
    }
    return this.activity.during(() => Promise.race([answer().catch(sick), aborted(died).then(() => failure('CUT', 0))]))
  }

  async *#streamed(house: string, path: string, { signal, onLine }: StreamOptions, isDead: () => boolean): AsyncGenerator<unknown, void> {
    if (isDead()) await never()
    if (this.#apart.has(house)) throw new LineLost('NO_CONNECTION')
    const { exchange, died } = this.hub()
    const line = new AbortController()
    const lines = this.#lines.get(house) ?? new Set()
    this.#lines.set(house, lines.add(line))
    const over = AbortSignal.any([line.signal, died, signal])
    // Every call that is under way waits for it.
    setMaxListeners(0, over, died)
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'))
    try {
      if (after > ((await unless(over, exchange.last(house))) ?? 0)) throw new LineLost('DENIED')
      const batches = exchange.follow(house, after, over)[Symbol.asyncIterator]()
      let next = batches.next()
      for (;;) {
        const batch = await unless(over, Promise.race([next, new Promise<'beat'>(resolve => this.#beats.add(() => resolve('beat')))]))
        if (signal.aborted) return
        if (batch === 'beat') yield { beat: '' }
        if (batch === 'beat') continue
        if (batch === null || batch.done) throw new LineLost('CUT')
        next = batches.next()
        for (const each of batch.value) {
          const fate = this.#fates.get(house)?.lines.shift() ?? 'well'
          if (fate === 'cut' || over.aborted) throw new LineLost('CUT')
          if (isDead()) await never()
          for (let times = fate === 'again' ? 2 : 1; times > 0; times--) {
            onLine?.(each)
            yield JSON.parse(JSON.stringify(each)) as unknown
          }
        }
      }
    } finally {
      lines.delete(line)
      line.abort()
    }
  }
}

/** Sender, addressee and number, which letter and receipt name the other way round. */
function nameOf(sender: 'iss' | 'aud', addressee: 'iss' | 'aud', jws: string): string {
  const payload = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Record<'iss' | 'aud' | 'n', string | number>
  return `${payload[sender]}>${payload[addressee]}/${payload.n}`
}

const aborted = (signal: AbortSignal): Promise<null> => new Promise(resolve => {
  if (signal.aborted) resolve(null)
  else signal.addEventListener('abort', () => resolve(null), { once: true })
})

/** Null where the line ends first; a store that fails ends the line too. */
const unless = <Result>(over: AbortSignal, work: Promise<Result>): Promise<Result | null> =>
  Promise.race([work.catch(thrown => { if (thrown instanceof Refusal) return null; throw thrown }), aborted(over)])
