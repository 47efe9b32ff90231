// Fetches from an address that the directory pins: small answers, no redirects, and after a failure none for a moment, so that no flood of tokens becomes one of calls.
import { LRUCache } from 'lru-cache'

export type Fetch = (url: string, options: { method: 'GET'; headers: Headers; redirect: 'manual'; signal: AbortSignal }) => Promise<Response>

const BYTES_AT_MOST = 128 * 1024
const REST_MS = 2_000

export function boundedFetch(): Fetch {
  const failing = new LRUCache<string, true>({ max: 1_000, ttl: REST_MS })
  return async (url, options) => {
    if (failing.has(url)) throw new TypeError('this address failed a moment ago')
    try {
      const answer = await fetch(url, options)
      if (answer.status !== 200) throw new TypeError(`answered with ${answer.status}`)
      const text = await capped(answer)
      if (!isSound(JSON.parse(text.toString()))) throw new TypeError('the answer is none')
      return new Response(text, { status: 200, headers: { 'content-type': 'application/json' } })
    } catch (thrown) {
      failing.set(url, true)
      throw thrown instanceof TypeError || (thrown instanceof Error && thrown.name === 'TimeoutError') ? thrown : new TypeError('no usable answer', { cause: thrown })
    }
  }
}

/** An object; what it calls its keys is a list. */
const isSound = (said: unknown): boolean => typeof said === 'object' && said !== null && (!('keys' in said) || Array.isArray(said.keys))

async function capped({ body }: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > BYTES_AT_MOST) throw new TypeError(`the answer has more than ${BYTES_AT_MOST} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
