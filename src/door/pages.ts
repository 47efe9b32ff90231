// The pages of a house as static files, read once into memory, and the identities of a trial. Knows no file but those
// that the build has put down: what is asked for is looked up by name and never made into a path.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { Refusal } from '../refusal'
import type { Role } from '../domain/vocabulary'
import { sendJson } from './plain'
import type { Route } from './route'

/** Someone whom a person may play in a trial. `token` is null for the public. */
export interface DemoIdentity { label: string; role: Role; authority: string | null; token: string | null }

export interface PageOptions {
  playground: boolean
  desk: boolean
  /** Only where the door listens on loopback and a person tries things out: whoever asks gets the tokens. */
  identities?: () => Promise<DemoIdentity[]>
  /** Where the build has put the pages. */
  folder?: string
}

interface PageFile { body: Buffer; packed: Buffer | null; type: string; tag: string; lasting: boolean }
type PageFiles = ReadonlyMap<string, PageFile>

const BUILT = 'built.txt'
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.txt': 'text/plain; charset=utf-8',
}

export function pageRoutes(options: PageOptions): Route[] {
  const folder = options.folder ?? builtFolder()
  const { identities } = options
  return [
    ...(identities ? [{ method: 'GET' as const, path: '/playground/identities', handle: sendIdentities(identities) }] : []),
    ...(options.playground ? page('playground', folder) : []),
    ...(options.desk ? page('desk', folder) : []),
  ]
}

/** Beside the compiled code, or, run from the sources, in `dist`. */
function builtFolder(): string {
  const places = [join(__dirname, '../../web'), join(__dirname, '../../dist/web')]
  return places.find(place => existsSync(join(place, BUILT))) ?? join(__dirname, '../../web')
}

function page(name: string, folder: string): Route[] {
  let files: PageFiles | null = null
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    files ??= readPage(folder, name)
    sendFile(req, res, fileAsked(files, name, req.url ?? ''))
  }
  return [{ method: 'GET', path: `/${name}`, handle }, { method: 'GET', path: `/${name}/`, handle }]
}

function readPage(folder: string, name: string): PageFiles {
  const root = join(folder, name)
  if (!existsSync(join(folder, BUILT)) || !existsSync(join(root, 'index.html'))) throw new Refusal('NOT_FOUND', 'The pages of this house have not been built.', { hint: 'Run `npm run build`.' })
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
  const plain = names.filter(each => !each.endsWith('.gz'))
  return new Map(plain.map(each => [each.split(sep).join('/'), readPageFile(join(root, each), names.includes(`${each}.gz`))]))
}

function readPageFile(path: string, hasPacked: boolean): PageFile {
  const body = readFileSync(path)
  return {
    body, packed: hasPacked ? readFileSync(`${path}.gz`) : null, type: TYPES[extname(path)] ?? 'application/octet-stream',
    tag: createHash('sha256').update(body).digest('base64url').slice(0, 22), lasting: path.includes(`${sep}assets${sep}`),
  }
}

function fileAsked(files: PageFiles, name: string, url: string): PageFile {
  const path = (url.split(/[?#]/)[0] ?? '').slice(name.length + 1)
  const file = files.get(path === '' || path === '/' ? 'index.html' : path.slice(1))
  if (!file) throw new Refusal('NOT_FOUND', 'There is no such file.', { hint: `The page itself is at /${name}.` })
  return file
}

function sendFile(req: IncomingMessage, res: ServerResponse, file: PageFile): void {
  const packed = takesGzip(req) ? file.packed : null
  const body = packed ?? file.body
  const etag = packed ? `"${file.tag}-gzip"` : `"${file.tag}"`
  res.appendHeader('vary', 'accept-encoding')
  res.setHeader('etag', etag)
  res.setHeader('cache-control', file.lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
  for (const [header, value] of Object.entries(guards(req))) res.setHeader(header, value)
  if (isKnown(req, etag)) return void res.writeHead(304).end()
  res.writeHead(200, { 'content-type': file.type, 'content-length': body.length, ...(packed && { 'content-encoding': 'gzip' }) })
  res.end(body)
}

function takesGzip(req: IncomingMessage): boolean {
  const gzip = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)/i.exec(String(req.headers['accept-encoding'] ?? ''))
  return gzip !== null && Number(gzip[1] ?? 1) > 0
}

const isKnown = (req: IncomingMessage, etag: string): boolean =>
  (req.headers['if-none-match'] ?? '').split(',').some(each => [etag, '*'].includes(each.trim().replace(/^W\//, '')))

/** Nothing is loaded from elsewhere. `'self'` covers the socket in some browsers only, so it is named. */
function guards(req: IncomingMessage): Record<string, string> {
  const host = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.exec(req.headers.host ?? '')?.[0]
  return {
    'content-security-policy': [
      "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "font-src 'self' data:", "img-src 'self' data:",
      `connect-src 'self'${host ? ` ws://${host} wss://${host}` : ''}`, "worker-src 'self' blob:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
  }
}

/** A name that leads here by DNS, a page of another origin and another machine get no tokens. */
const sendIdentities = (identities: () => Promise<DemoIdentity[]>) => async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
  res.removeHeader('access-control-allow-origin')
  if (!isOwnPage(req)) throw new Refusal('FORBIDDEN', 'The identities of a trial are for the pages of this house, on this machine.', { hint: 'Open /playground on the machine where `comity up` runs.' })
  sendJson(res, 200, await identities())
}

function isOwnPage({ headers, socket }: IncomingMessage): boolean {
  const local = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')
  const named = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '')
  const origin = headers.origin === undefined || headers.origin === `http://${headers.host}`
  return local && named && origin && ['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined)
}
