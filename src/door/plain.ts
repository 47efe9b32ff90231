// Plain HTTP: bounded bodies in, JSON out, refusals with their status. Knows no GraphQL.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { Refusal, type RefusalCode } from '../refusal'
import { parseStrictJson } from '../wire/strict-json'
import { maskedError } from './masking'

const STATUS: Partial<Record<RefusalCode, number>> = {
  UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, PAYLOAD_TOO_LARGE: 413, UNSUPPORTED_MEDIA_TYPE: 415, RATE_LIMITED: 429, STORE_UNAVAILABLE: 503, AUTHORITY_UNREACHABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
}

export const statusOf = (code: RefusalCode): number => STATUS[code] ?? 400

export function sendJson(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  sendText(res, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers })
}

export function sendText(res: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  if (res.headersSent) return void res.end()
  res.writeHead(status, { 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', ...headers })
  res.end(text)
}

export function sendRefusal(res: ServerResponse, thrown: unknown, meta: { requestId: string }, log: Logger, status?: number, headers: Record<string, string> = {}): void {
  const refused = refusedAnswer(thrown, meta, log)
  sendJson(res, status ?? refused.status, refused.body, { ...(refused.status === 401 && { 'www-authenticate': 'Bearer' }), ...headers })
}

export function refusedAnswer(thrown: unknown, meta: { requestId: string }, log: Logger): { status: number; body: object } {
  const error = maskedError(thrown, meta, log)
  return { status: statusOf((error.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR') as RefusalCode), body: { errors: [error] } }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function textIn(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch { throw new Refusal('BAD_REQUEST', 'The body is no UTF-8 text.', { hint: 'Send JSON in UTF-8.' }) }
}

/** The body as text: bounded, complete, UTF-8, not compressed; in what time it has to come is the server's to see to. */
export async function readText(req: IncomingMessage, maxBytes: number): Promise<string> {
  demandJson(req)
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  return textIn(await whole(req, maxBytes))
}

/** An iterator over it would cost more than the rest of a small call's reading. */
function whole(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    if (req.destroyed) return reject(cutShort())
    req.on('data', (part: Buffer) => {
      length += part.length
      if (length <= maxBytes) return void parts.push(part)
      reject(tooLarge(maxBytes))
      req.destroy()
    })
    req.once('end', () => resolve(Buffer.concat(parts))).once('close', () => { if (!req.readableEnded) reject(cutShort()) })
    req.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ECONNRESET' ? cutShort() : error))
  })
}

const cutShort = (): Refusal => new Refusal('BAD_REQUEST', 'The body ended before its end.', { hint: 'Send it whole.' })
const tooLarge = (maxBytes: number): Refusal => new Refusal('PAYLOAD_TOO_LARGE', `At most ${maxBytes} bytes are taken here.`, { hint: 'Send less at once.' })

/** Of the type that is taken here, in UTF-8, not compressed. */
export function demandJson(req: IncomingMessage): void {
  const type = req.headers['content-type'] ?? ''
  const charset = /charset="?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase()
  const unusable = (charset !== undefined && charset !== 'utf-8') || (req.headers['content-encoding'] ?? 'identity') !== 'identity'
  if (unusable || !/^application\/json\s*(;|$)/i.test(type)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'Only application/json in UTF-8 without compression is taken here.', { hint: 'Set content-type: application/json.' })
}

export async function readJson(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  return jsonIn(await readText(req, maxBytes), maxBytes)
}

const DEPTH_AT_MOST = 64

export const jsonIn = (text: string, maxBytes: number): unknown => parseStrictJson(text, { maxDepth: DEPTH_AT_MOST, maxBytes })
