// The nodes as the hub asks them: one peer an authority, one credential a question. A partner that does not answer is an outcome, never an error.
import type { AuthorityId } from '../domain/request'
import type { Viewer } from '../domain/viewer'
import { Breaker } from '../peer/breaker'
import { HousePeer, type PeerOptions } from '../peer/client'
import type { PeerOutcome } from '../peer/outcome'
import type { AssertionsAnswer, ReadAnswer, ReadBody, ReadText, RemoteError } from '../peer/reading'
import { fault, Refusal, REFUSAL_CODES, type RefusalCode } from '../refusal'
import { LRUCache } from 'lru-cache'

/** Who asks, with the token that proves it at home. */
export interface Asker { viewer: Viewer; bearer: string; /** Told once it did. */ proof?: { give(): void } | undefined }

export interface Answered { authority: AuthorityId; answer: ReadAnswer; tookMs: number }
export type Outcome = Answered | { authority: AuthorityId; state: 'REFUSED' | 'UNREACHABLE' | 'TIMED_OUT'; tookMs: number; reason: string }

const STANDING_DEADLINE_MS = 1_000
export const PARTNER_DEADLINE_MS = 2_000
export const HOME_DEADLINE_MS = 5_000
const ACT_DEADLINE_MS = 15_000
/** Callers whose assertions are kept, each for at most as many partners as there are houses. */
const CALLERS_KEPT = 1_000
/** An assertion is used no more shortly before its end. */
const ASSERTION_MARGIN_MS = 5_000

const NO_HOUSE: PeerOutcome = { state: 'UNREACHABLE', tookMs: 0, reason: 'NO_CONNECTION' }

/** `breaker`: of the reads of others' people, whose page is whole without it but for its rows. */
interface House { url: string; peer: HousePeer; breaker: Breaker }
interface KeptAssertion { jws: string; expiresAt: number }

export class Houses {
  readonly #houses = new Map<AuthorityId, House>()
  /** By the caller's token, then by audience. */
  readonly #assertions = new LRUCache<string, Map<AuthorityId, KeptAssertion>>({ max: CALLERS_KEPT })

  constructor(private readonly urlOf: (authority: AuthorityId) => string | null, private readonly optionsOf: (authority: AuthorityId) => PeerOptions = () => ({})) {}

  peer(authority: AuthorityId): HousePeer | null { return this.#house(authority)?.peer ?? null }

  #house(authority: AuthorityId): House | null {
    const url = this.urlOf(authority)
    const known = this.#houses.get(authority)
    if (!url || known?.url === url) return known ?? null
    void known?.peer.close()
    const house = { url, peer: new HousePeer(url, this.optionsOf(authority)), breaker: new Breaker() }
    this.#houses.set(authority, house)
    return house
  }

  /** A read at the viewer's own node; a Refusal where that cannot be had. */
  home(asker: Asker, question: ReadBody | ReadText, signal: AbortSignal, deadlineMs = HOME_DEADLINE_MS): Promise<Answered> {
    return this.#ofHome(asker, peer => peer.read(textOf(question), asker.bearer, { deadlineMs, signal }))
  }

  /** An act at the viewer's own node, sent once; a Refusal where its outcome cannot be had. */
  actAtHome(asker: Asker, question: ReadBody, signal: AbortSignal): Promise<Answered> {
    return this.#ofHome(asker, peer => peer.post('/house/read', question, { headers: authorization(asker.bearer), deadlineMs: ACT_DEADLINE_MS, signal }))
  }

  async #ofHome({ viewer, proof }: Asker, ask: (peer: HousePeer) => Promise<PeerOutcome>): Promise<Answered> {
    const peer = this.peer(homeOf(viewer))
    const outcome = peer ? await ask(peer) : NO_HOUSE
    if (outcome.state !== 'ANSWERED') throw unreachable(outcome)
    if (outcome.status !== 200) throw refusalOf(outcome)
    proof?.give()
    return { authority: homeOf(viewer), answer: readAnswer(outcome.body), tookMs: outcome.tookMs }
  }

  /** A read at a partner's node under an assertion for it; of one that gives no answers, one at a time waits for it. */
  async partner(authority: AuthorityId, assertion: string | undefined, question: ReadBody | ReadText, signal: AbortSignal): Promise<Outcome> {
    if (!assertion) return { authority, state: 'REFUSED', tookMs: 0, reason: 'DENIED' }
    const house = this.#house(authority)
    const outcome = (await house?.breaker.ask(() => house.peer.read(textOf(question), assertion, { deadlineMs: PARTNER_DEADLINE_MS, signal }))) ?? NO_HOUSE
    if (outcome.state !== 'ANSWERED') return { authority, state: outcome.state, tookMs: outcome.tookMs, reason: outcome.reason }
    if (outcome.status !== 200) return { authority, state: outcome.status === 503 ? 'UNREACHABLE' : 'REFUSED', tookMs: outcome.tookMs, reason: outcome.status === 503 ? 'GATEWAY' : 'BAD_ANSWER' }
    if (!isAnswer(outcome.body)) return { authority, state: 'REFUSED', tookMs: outcome.tookMs, reason: 'BAD_ANSWER' }
    return { authority, answer: outcome.body, tookMs: outcome.tookMs }
  }

  /** Assertions of the viewer's own node for these partners, reused within their life. */
  async assertions(asker: Asker, audiences: readonly AuthorityId[], signal: AbortSignal): Promise<Map<AuthorityId, string>> {
    const missing = audiences.filter(audience => !this.#kept(asker, audience))
    if (missing.length > 0) await this.vouched(asker, missing, signal)
    return new Map(audiences.flatMap(audience => {
      const kept = this.#kept(asker, audience)
      return kept ? [[audience, kept]] : []
    }))
  }

  async vouched(asker: Asker, audiences: readonly AuthorityId[], signal: AbortSignal): Promise<AssertionsAnswer> {
    const outcome = (await this.peer(homeOf(asker.viewer))?.post('/house/assertions', { audiences }, { headers: authorization(asker.bearer), deadlineMs: HOME_DEADLINE_MS, signal })) ?? NO_HOUSE
    if (outcome.state !== 'ANSWERED') throw unreachable(outcome)
    if (outcome.status !== 200) throw refusalOf(outcome)
    const answer = outcome.body as AssertionsAnswer
    this.keep(asker, answer.assertions, answer.expiresAt)
    return answer
  }

  keep(asker: Asker, assertions: Record<AuthorityId, string>, expiresAt: number): void {
    const kept = this.#assertions.get(asker.bearer) ?? new Map<AuthorityId, KeptAssertion>()
    this.#assertions.set(asker.bearer, kept)
    for (const [audience, jws] of Object.entries(assertions)) if (this.urlOf(audience) !== null) kept.set(audience, { jws, expiresAt })
  }

  #kept(asker: Asker, audience: AuthorityId): string | undefined {
    const kept = this.#assertions.get(asker.bearer)?.get(audience)
    return kept && kept.expiresAt - ASSERTION_MARGIN_MS > Date.now() ? kept.jws : undefined
  }

  /** Asks an authority's node which of its people's rights were taken back. */
  async standing(authority: AuthorityId, callers: readonly object[], signal: AbortSignal): Promise<PeerOutcome> {
    return this.peer(authority)?.post('/house/standing', { callers }, { deadlineMs: STANDING_DEADLINE_MS, signal }) ?? NO_HOUSE
  }

  /** A plain read of a node's own route. */
  async plain(authority: AuthorityId, path: string, bearer: string | null, signal: AbortSignal, deadlineMs = PARTNER_DEADLINE_MS): Promise<PeerOutcome> {
    return this.peer(authority)?.get(path, { headers: authorization(bearer), deadlineMs, signal }) ?? NO_HOUSE
  }

  async close(): Promise<void> {
    await Promise.all([...this.#houses.values()].map(({ peer }) => peer.close()))
  }
}

const textOf = (question: ReadBody | ReadText): ReadText => (typeof question === 'string' ? question : JSON.stringify(question))

export const authorization = (bearer: string | null): Record<string, string> => (bearer ? { authorization: `Bearer ${bearer}` } : {})

export const homeOf = (viewer: Viewer): AuthorityId => viewer.authority ?? fault('a viewer without an authority has no home node')

const isAnswer = (body: unknown): body is ReadAnswer => typeof body === 'object' && body !== null

function readAnswer(body: unknown): ReadAnswer {
  if (!isAnswer(body)) throw unreachable({ state: 'REFUSED' })
  return body
}

export const unreachable = (outcome: { state: string; body?: unknown; status?: number }): Refusal => {
  const said = outcome.body as { errors?: RemoteError[] } | undefined
  if (outcome.status === 401 && said?.errors?.[0]) return remoteRefusal(said.errors[0])
  return new Refusal('AUTHORITY_UNREACHABLE', 'Your own authority\'s node cannot be reached.', { hint: 'Try again in a moment; repeat acts with the same idempotencyKey. Your authority\'s operators see its state at /health/ready.', reachability: outcome.state })
}

const refusalOf = (outcome: { body: unknown }): Refusal => {
  const errors = (outcome.body as { errors?: RemoteError[] } | null)?.errors
  return errors?.[0] ? remoteRefusal(errors[0]) : unreachable({ state: 'REFUSED' })
}

/** A node's refusal as ours: the same code, facts and hint, never its request id. */
export function remoteRefusal(error: RemoteError): Refusal {
  const { code, requestId: _, ...facts } = error.extensions ?? {}
  const known = REFUSAL_CODES.find(each => each === code)
  if (!known || known === 'INTERNAL_SERVER_ERROR') return new Refusal('INTERNAL_SERVER_ERROR' satisfies RefusalCode, 'The node could not answer because of a fault of its own.', {})
  return new Refusal(known, String(error.message).slice(0, 500), facts)
}
