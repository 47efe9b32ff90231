// The routes that a hub calls at a node (docs/inside.md, "Reads"): one read with what a merge needs, assertions about the viewer, and the feed.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { execute, getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Context } from '../../resolvers/context'
import type { Caller, Withdrawals } from '../access/withdrawals'
import { readsRequests } from '../domain/viewer'
import type { DoorOptions, Identity } from '../door/door'
import { drained } from '../door/drained'
import { maskedError } from '../door/masking'
import { jsonIn, readJson, refusedAnswer, sendJson, sendRefusal, sendText, textIn } from '../door/plain'
import type { TrunkAnswer, TrunkQuestion } from '../door/trunks'
import { LINES } from '../peer/lines'
import { nodesIn, type StandingAnswer } from '../peer/reading'
import { Refusal } from '../refusal'
import { listAskIn, readDocument } from './asked'
import type { DeskFeed } from './desk-feed'
import type { NodeContext, NodeHouse } from './house'

export interface HouseDoorParts {
  house: NodeHouse; feed: DeskFeed; schema: GraphQLSchema; identify: DoorOptions['identify']; withdrawals: Withdrawals; own: string
  current: () => Promise<void>; log: Logger; now: () => Date
}

type Routes = DoorOptions['routes']
type Meta = Pick<Parameters<Routes[number]['handle']>[2], 'requestId' | 'signal'>
type Answer = (identity: Identity, req: IncomingMessage, res: ServerResponse, meta: Meta) => Promise<void>

const DOCUMENTS_KEPT = 500
/** Of query text; a parsed document weighs many times that. */
const DOCUMENT_CHARACTERS_KEPT = 1024 * 1024
export const BODY_AT_MOST = 512 * 1024
const BEAT_MS = 5_000
const STANDING_LOOKED_AT_MS = 2_000
const CALLERS_AT_MOST = 1_000

export function houseRoutes(parts: HouseDoorParts): { routes: Routes; onTrunk: (question: TrunkQuestion) => Promise<TrunkAnswer> } {
  const documents = new LRUCache<string, DocumentNode>({ max: DOCUMENTS_KEPT, maxSize: DOCUMENT_CHARACTERS_KEPT, sizeCalculation: (_, query) => query.length || 1 })
  const reading: Reading = { ...parts, documents }
  const route = (method: 'GET' | 'POST', path: string, answer: Answer): Routes[number] => ({
    method, path, forHouses: true,
    handle: async (req, res, meta) => {
      try {
        await answer(await parts.identify(req.headers.authorization), req, res, meta)
      } catch (thrown) {
        sendRefusal(res, thrown, meta, parts.log)
      }
    },
  })
  const routes = [
    route('POST', '/house/read', async (identity, req, res, meta) => {
      const { type, text } = await read(reading, identity, questionIn(await readJson(req, BODY_AT_MOST)), meta, { inLines: req.headers.accept?.startsWith(LINES) ?? false })
      sendText(res, 200, text, { 'content-type': type })
    }),
    route('POST', '/house/assertions', (identity, req, res) => assertions(parts, identity, req, res)),
    route('GET', '/house/feed/past', (identity, req, res) => past(parts, identity, req, res)),
    route('GET', '/house/feed', (identity, req, res, meta) => feed(parts, identity, req, res, meta)),
    route('POST', '/house/standing', (_, req, res) => standing(parts, req, res)),
    route('GET', '/house/duty', (identity, req, res, meta) => duty(parts, identity, req, res, meta)),
  ]
  return { routes, onTrunk: question => readOnTrunk(reading, question) }
}

type Reading = HouseDoorParts & { documents: LRUCache<string, DocumentNode> }

const JSON_TYPE = 'application/json'

/** A read as over HTTP, but for acts: what is asked here may be asked twice. */
async function readOnTrunk(reading: Reading, { authorization, body, requestId, signal }: TrunkQuestion): Promise<TrunkAnswer> {
  try {
    const identity = await reading.identify(authorization)
    return { status: 200, ...(await read(reading, identity, questionIn(jsonIn(textIn(body), BODY_AT_MOST)), { requestId, signal }, { inLines: true, readsAlone: true })) }
  } catch (thrown) {
    const { status, body } = refusedAnswer(thrown, { requestId }, reading.log)
    return { status, type: JSON_TYPE, text: JSON.stringify(body) }
  }
}

interface Manner { /** A list may be told row by row. */ inLines: boolean; readsAlone?: boolean }

async function read(reading: Reading, identity: Identity, { query, variables, ask }: Question, meta: Meta, { inLines, readsAlone }: Manner): Promise<{ type: string; text: string }> {
  const { schema, house, log } = reading
  const document = documentOf(reading, query)
  if (readsAlone && getOperationAST(document)?.operation !== 'query') fail('Only queries are answered on a trunk.', 'query')
  const list = listAskIn(ask)
  const told: NonNullable<NodeContext['told']> = {}
  const context: NodeContext = { told, ...(list && { ask: list }), ...contextOf(reading, identity, meta) }
  const result = await execute({ schema, document, contextValue: context, variableValues: variablesIn(variables) })
  await house.onRecord(context)
  const errors = result.errors?.map(error => maskedError(error, meta, log))
  const beside = { ...(errors && { errors }), ...(told.list && { told: told.list }) }
  const rows = nodesIn(result.data)
  // A merge looks at few of the rows that it is told of.
  if (rows && told.list && inLines) return { type: LINES, text: [beside, ...rows].map(line => JSON.stringify(line)).join('\n') }
  return { type: JSON_TYPE, text: JSON.stringify({ data: result.data ?? null, ...beside }) }
}

/** An object; of which kind its members are, whoever uses them judges. */
type Question = Partial<Record<'query' | 'variables' | 'ask' | 'audiences' | 'callers', unknown>>
const questionIn = (body: unknown): Question => (isObject(body) ? body : fail('A question is an object.'))

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function variablesIn(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {}
  return isObject(value) ? value : fail('Variables are an object.', 'variables')
}

function fail(what: string, path?: string): never { throw new Refusal('BAD_REQUEST', what, { ...(path !== undefined && { path }) }) }

function documentOf({ schema, documents }: Reading, query: unknown): DocumentNode {
  if (typeof query !== 'string') throw new Refusal('BAD_REQUEST', 'A read needs a query.', { path: 'query' })
  const known = documents.get(query)
  if (known) return known
  const document = readDocument(schema, query)
  documents.set(query, document)
  return document
}

const contextOf = (parts: HouseDoorParts, identity: Identity, meta: Meta): Context =>
  ({ requestId: meta.requestId, signal: meta.signal, house: parts.house, shared: new Map(), ...identity })

function demandOwnReader(parts: HouseDoorParts, { viewer }: Identity): void {
  if (viewer.authority === parts.own && readsRequests(viewer.role)) return
  throw new Refusal('FORBIDDEN', 'This is for readers of this authority alone.', { hint: 'Use a token of this authority.' })
}

async function assertions(parts: HouseDoorParts, identity: Identity, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { audiences } = questionIn(await readJson(req, BODY_AT_MOST))
  if (!Array.isArray(audiences) || audiences.length > 300 || !audiences.every(audience => typeof audience === 'string')) throw new Refusal('BAD_REQUEST', 'Audiences are a list of authority ids.', { path: 'audiences' })
  if (identity.viewer.authority !== parts.own) throw new Refusal('FORBIDDEN', 'A node vouches for its own authority\'s people alone.', {})
  sendJson(res, 200, await parts.house.vouch(identity.viewer, audiences))
}

/** Which of these callers' rights were taken back. The hub asks about those whose tokens it was shown. */
async function standing({ withdrawals }: HouseDoorParts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { callers } = questionIn(await readJson(req, BODY_AT_MOST))
  if (!Array.isArray(callers) || callers.length > CALLERS_AT_MOST || !callers.every(isCaller)) throw new Refusal('BAD_REQUEST', 'Callers are a list of token, subject and role.', { path: 'callers' })
  const withdrawn = await withdrawals.among(callers)
  sendJson(res, 200, { withdrawn: callers.flatMap((caller, i) => (withdrawn.has(caller) ? [i] : [])) } satisfies StandingAnswer)
}

const isCaller = (value: unknown): value is Caller => {
  const { token, subject, role } = (value ?? {}) as Record<string, unknown>
  return [token, subject, role].every(each => typeof each === 'string')
}

/** A page of the past, positions, references and the clear index alone. */
async function past(parts: HouseDoorParts, identity: Identity, req: IncomingMessage, res: ServerResponse): Promise<void> {
  demandOwnReader(parts, identity)
  await parts.current()
  const after = new URL(req.url ?? '/', 'http://node').searchParams.get('after') ?? ''
  sendJson(res, 200, await parts.feed.page(parts.feed.positionOf(after)))
}

/** The same, live and for ever. */
async function feed(parts: HouseDoorParts, identity: Identity, req: IncomingMessage, res: ServerResponse, meta: Meta): Promise<void> {
  demandOwnReader(parts, identity)
  await parts.current()
  const after = new URL(req.url ?? '/', 'http://node').searchParams.get('after')
  const from = after === null ? parts.feed.head : parts.feed.positionOf(after)
  await parts.feed.demandWhole(from)
  res.writeHead(200, { 'content-type': LINES, 'cache-control': 'no-store' })
  const write = (line: unknown): boolean => res.write(`${JSON.stringify(line)}\n`)
  await writeLive(parts, identity, res, meta, write, from)
  res.end()
}

async function writeLive(parts: HouseDoorParts, identity: Identity, res: ServerResponse, meta: Meta, write: (line: unknown) => boolean, from: number): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  res.on('close', end)
  meta.signal.addEventListener('abort', end, { once: true })
  const beat = setInterval(() => write({ beat: parts.now().toISOString() }), BEAT_MS)
  const look = setInterval(() => void parts.withdrawals.among([identity.viewer]).then(gone => { if (gone.size > 0) end() }, (err: unknown) => parts.log.warn({ err }, 'who reads the feed cannot be looked up')), STANDING_LOOKED_AT_MS)
  const expiry = setTimeout(end, Math.max(0, (identity.viewer.expiresAt ?? 0) - parts.now().getTime()))
  try {
    write({ hello: { seq: from, cursor: parts.feed.cursorAt(from) } })
    for await (const line of parts.feed.follow(from, over.signal)) if (!write(line)) await drained(res, over.signal)
  } finally {
    clearInterval(beat)
    clearInterval(look)
    clearTimeout(expiry)
  }
}

async function duty(parts: HouseDoorParts, identity: Identity, req: IncomingMessage, res: ServerResponse, meta: Meta): Promise<void> {
  const contact = new URL(req.url ?? '/', 'http://node').searchParams.get('contact')
  const context = contextOf(parts, identity, meta)
  if (contact !== null) return sendJson(res, 200, { contactPoint: await parts.house.contactPointEver(context, contact) })
  const [slot] = await parts.house.duty(context, [parts.own])
  sendJson(res, 200, { asOf: slot?.asOf, contactPoints: slot?.points, medianAcknowledgeMinutes: slot?.medianAcknowledgeMinutes, feedCursor: await parts.house.feedCursor(context) })
}
