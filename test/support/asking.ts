// One GraphQL operation over each transport, as a stranger's client would send it: nothing of ours but the wire.
import { request, type IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'

export const TRANSPORTS = ['HTTP', 'WebSocket', 'SSE'] as const
export type Transport = (typeof TRANSPORTS)[number]

export interface GraphqlError { message: string; path?: unknown[]; extensions?: Record<string, unknown> }

export interface Answer {
  /** HTTP status; null on a WebSocket that stayed open. */
  status: number | null
  /** Close code of a WebSocket that the house closed. */
  closed: number | null
  headers: IncomingHttpHeaders
  text: string
  data: Record<string, unknown> | null | undefined
  errors: GraphqlError[]
  tookMs: number
}

export interface Sending { token?: string | undefined; headers?: Record<string, string | string[]>; method?: string; path?: string; withinMs?: number }

export const codeOf = ({ errors }: Answer): unknown => errors[0]?.extensions?.['code']

/** A body as it stands, or an object as JSON. */
const bodyText = (body: unknown): string | Buffer | undefined => (typeof body === 'string' || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body))

export function overHttp(base: string, body: unknown, { token, headers = {}, method = 'POST', path = '/graphql', withinMs = 15_000 }: Sending = {}): Promise<Answer> {
  const begun = performance.now()
  const text = bodyText(body)
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, {
      method, timeout: withinMs, agent: false,
      headers: { ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    }, response => {
      let answered = ''
      const finish = () => resolve({ status: response.statusCode ?? null, closed: null, headers: response.headers, text: answered, ...parsed(answered), tookMs: performance.now() - begun })
      response.setEncoding('utf8').on('data', (chunk: string) => { answered += chunk }).on('end', finish).on('error', finish)
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new TypeError('no answer in time')))
    sent.end(text)
  })
}

/** The first event of a stream, which is then left; or the refusal that came instead of a stream. */
export function overSse(base: string, body: unknown, { token, headers = {}, method = 'POST', path = '/graphql/stream', withinMs = 15_000 }: Sending = {}): Promise<Answer> {
  const begun = performance.now()
  const text = bodyText(body)
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, {
      method, timeout: withinMs, agent: false,
      headers: { ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    }, response => {
      let answered = ''
      const finish = () => {
        const event = /^event: next\ndata: (.*)$/m.exec(answered)?.[1]
        resolve({ status: response.statusCode ?? null, closed: null, headers: response.headers, text: answered, ...parsed(event ?? answered), tookMs: performance.now() - begun })
        sent.destroy()
      }
      response.setEncoding('utf8').on('data', (chunk: string) => {
        answered += chunk
        if (/^event: next\ndata: .*\n\n/m.test(answered)) finish()
      }).on('end', finish).on('error', () => undefined)
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new TypeError('no event in time')))
    sent.end(text)
  })
}

/** The first message of an operation on a socket of its own, or the close that came instead. */
export function overWebSocket(base: string, body: unknown, { token, headers = {}, withinMs = 15_000 }: Sending = {}): Promise<Answer> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: headers as Record<string, string> })
    const late = setTimeout(() => socket.terminate(), withinMs)
    const answer = (text: string, closed: number | null): void => {
      clearTimeout(late)
      const message = closed === null ? (JSON.parse(text) as { type: string; payload: unknown }) : null
      const result = message?.type === 'error' ? { errors: message.payload } : message?.payload
      resolve({ status: null, closed, headers: {}, text, ...parsed(JSON.stringify(result ?? {})), tookMs: performance.now() - begun })
      socket.close()
    }
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: token === undefined ? {} : { authorization: `Bearer ${token}` } })))
    socket.on('message', (frame: Buffer) => {
      const text = frame.toString()
      const { type } = JSON.parse(text) as { type: string }
      if (type === 'connection_ack') socket.send(typeof body === 'string' ? `{"id":"1","type":"subscribe","payload":${body}}` : JSON.stringify({ id: '1', type: 'subscribe', payload: body }))
      else if (type === 'next' || type === 'error') answer(text, null)
    })
    socket.on('close', (code, reason) => answer(reason.toString(), code)).on('error', thrown => { if (socket.readyState === WebSocket.CONNECTING) reject(thrown) })
  })
}

export const ASK: Readonly<Record<Transport, (base: string, body: unknown, sending?: Sending) => Promise<Answer>>> = { HTTP: overHttp, WebSocket: overWebSocket, SSE: overSse }

function parsed(text: string): Pick<Answer, 'data' | 'errors'> {
  try {
    const { data, errors = [] } = JSON.parse(text) as { data?: Answer['data']; errors?: GraphqlError[] }
    return { data, errors }
  } catch { return { data: undefined, errors: [] } }
}

/** The data of an answer that has to be good. */
export function dataOf(answer: Answer): Record<string, unknown> {
  if (answer.errors.length > 0 || !answer.data) throw new TypeError(`refused: ${answer.text.slice(0, 1_000)}`)
  return answer.data
}
