// Signs by asking another process over a local socket: the private keys are there, and nowhere in this one. One JSON line a question, one an answer.
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Refusal } from '../refusal'
import type { DetachedSigner } from './house-keys'
import type { Signer } from './jws'

export interface SigningQuestion { id: number; kid?: string; typ?: string; /** base64url. */ payload?: string }
export interface SigningAnswer { id: number; jws?: string; fault?: string }

interface Waiting { answered(answer: SigningAnswer): void; failed(thrown: unknown): void }

const ANSWER_WITHIN_MS = 5_000

export class RemoteSigner implements DetachedSigner {
  #socket: Socket | null = null
  #asked = 0
  readonly #waiting = new Map<number, Waiting>()

  /** `path`: of the socket on which `comity signer` listens. */
  constructor(private readonly path: string) {}

  signerOf(kid: string): Signer {
    return { kid, sign: async (typ, payload) => (await this.#ask({ kid, typ, payload: Buffer.from(payload).toString('base64url') })).jws ?? '' }
  }

  async ping(): Promise<void> { await this.#ask({}) }

  async #ask(question: Omit<SigningQuestion, 'id'>): Promise<SigningAnswer> {
    const id = ++this.#asked
    const socket = (this.#socket ??= this.#connected())
    const answer = await new Promise<SigningAnswer>((resolve, reject) => {
      const late = setTimeout(() => socket.destroy(), ANSWER_WITHIN_MS)
      const settled = (): void => {
        clearTimeout(late)
        this.#waiting.delete(id)
        if (this.#waiting.size === 0) socket.unref()
      }
      this.#waiting.set(id, { answered: said => { settled(); resolve(said) }, failed: thrown => { settled(); reject(thrown) } })
      socket.ref()
      socket.write(`${JSON.stringify({ id, ...question })}\n`)
    })
    if (answer.fault === undefined) return answer
    throw new Refusal('STORE_UNAVAILABLE', 'The signer of this house does not sign this.', { hint: answer.fault })
  }

  #connected(): Socket {
    const socket = connect(this.path)
    createInterface({ input: socket }).on('line', line => {
      const answer = answerIn(line)
      if (answer) this.#waiting.get(answer.id)?.answered(answer)
      else socket.destroy()
    }).on('error', () => undefined)
    socket.on('error', () => undefined).on('close', () => {
      if (this.#socket === socket) this.#socket = null
      for (const { failed } of [...this.#waiting.values()]) failed(unavailable())
    })
    return socket
  }
}

function answerIn(line: string): SigningAnswer | null {
  try {
    const answer = JSON.parse(line) as SigningAnswer
    return typeof answer.id === 'number' ? answer : null
  } catch { return null }
}

const unavailable = (): Refusal => new Refusal('STORE_UNAVAILABLE', 'The signer of this house does not answer.', {
  hint: 'Try again; if it lasts, its operators see that `comity signer` runs and listens on the socket that --signer names. What was taken before is signed once it is back.',
})

/** Where the keys lie elsewhere and nobody said where: what needs no signature works. */
export const missingSigner = (thrown: () => Error): DetachedSigner => ({
  signerOf: kid => ({ kid, sign: async () => { throw thrown() } }),
  ping: async () => { throw thrown() },
})
