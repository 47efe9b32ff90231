// given(what happened).when(an act).then(what comes of it), for the pure rules. Facts are made here by hand, not by the code under test.
import { decide, judge, propose, type Command, type Facts } from '../../src/domain/decide'
import { evolve } from '../../src/domain/evolve'
import type { CaseAct, PartySide } from '../../src/domain/lifecycle'
import type { Fact, Proposal, RequestIndex, RequestState, Said } from '../../src/domain/request'
import type { Act, BesideAct, RequestStatus } from '../../src/domain/vocabulary'
import { Refusal } from '../../src/refusal'

export const [DE, FR] = ['authority:DE', 'authority:FR'] as const
export const REFERENCE = 'DE-2026-000001'
export const DRAFTER = 'drafter', SECOND = 'second-official'
export const INDEX: RequestIndex = { kind: 'EVIDENCE', matter: 'CRIMINAL', urgency: 'ROUTINE', measures: ['BANK_ACCOUNTS'], requesting: DE, requested: FR }

/** One thing that happened: an act and the status that it led to, with whatever else the fact carries. */
export interface Happened extends Omit<Partial<Fact>, 'act' | 'to'> { act?: Act | null; to?: RequestStatus; said?: Said | null; actor?: string; digest?: string }

export const act = (name: Act, to: RequestStatus, more: Happened = {}): Happened => ({ act: name, to, ...more })
export const DELIVERED: Happened = { type: 'DELIVERED', to: 'DELIVERED' }

export const at = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 9, minute)).toISOString()
export const digestOf = (nth: number): string => nth.toString(16).padStart(64, 'd')

/** The state after all of it; the first is the draft. */
export function after(...events: Happened[]): RequestState {
  let state: RequestState | null = null
  for (const [i, event] of [act('DRAFT', 'DRAFT'), ...events].entries()) state = evolve(state, recordedOf(state, event, i))
  if (!state) throw new TypeError('nothing happened')
  return state
}

function recordedOf(state: RequestState | null, { said = {}, actor, digest, ...event }: Happened, i: number) {
  const decided = !event.type || event.type === 'ACT' || event.type === 'DELIVERED' || event.type === 'EXPIRED'
  const fact: Fact = {
    reference: REFERENCE, type: 'ACT', by: 'REQUESTING', at: at(i), from: state?.status ?? null, version: (state?.version ?? 0) + (decided ? 1 : 0),
    contents: {}, prev: state?.head ?? null, ...(i === 0 && { index: INDEX }), ...event, act: event.act ?? null, to: event.to ?? state?.status ?? 'DRAFT',
  }
  return { fact, digest: digest ?? digestOf(i), said, actor: actor ?? (fact.act === 'DRAFT' || fact.act === 'AMEND' ? DRAFTER : '') }
}

export interface Attempt extends Partial<Omit<Command, 'act'>> { by: PartySide; subject?: string; findings?: ReturnType<Facts['findings']>; scope?: Said | null }

const factsOf = ({ by, subject = SECOND, findings = [], scope = null }: Attempt): Facts =>
  ({ now: at(59), side: by, subject, findings: () => findings, deadlines: () => undefined, scope })

const commandOf = (state: RequestState, name: CaseAct | BesideAct, { said = {}, contents = {}, urgency, measures, beside, expectedVersion = state.version }: Attempt): Command =>
  ({ act: name, expectedVersion, said, contents, ...(urgency && { urgency }), ...(measures && { measures }), ...(beside && { beside }) })

export function given(...events: Happened[]) {
  return from(after(...events))
}

/** The three places at which an act is looked at: where it is decided, where it is proposed, where a proposal arrives. */
export function from(state: RequestState) {
  return {
    state,
    when: (name: CaseAct | BesideAct, attempt: Attempt) => outcome(() => decide(state, commandOf(state, name, attempt), factsOf(attempt))),
    whenProposed: (name: CaseAct | BesideAct, attempt: Attempt) => outcome(() => propose(state, commandOf(state, name, attempt), factsOf(attempt))),
    whenArrives: (name: Act, attempt: Attempt) => outcome(() => judge(state, proposalOf(state, name, attempt), attempt.said ?? {}, attempt.urgency, factsOf(attempt))),
  }
}

const proposalOf = (state: RequestState, name: Act, { by, expectedVersion = state.version, contents = {}, beside }: Attempt): Proposal =>
  ({ id: 'proposal-1', reference: REFERENCE, act: name, by, at: at(58), expectedVersion, contents, ...(beside && { beside }) })

export interface Outcome<Result> {
  /** The result has these parts. */
  then(expected: Partial<Fact>): Result
  /** Nothing came of it but a refusal of this code. */
  thenRefused(code: Refusal['code'], facts?: Record<string, unknown>): Refusal
}

function outcome<Result>(attempt: () => Result): Outcome<Result> {
  return {
    then: expected => {
      const result = attempt()
      if (Object.keys(expected).length > 0) expect(result).toMatchObject(expected)
      return result
    },
    thenRefused: (code, facts = {}) => {
      const refusal = refusalOf(attempt)
      expect({ code: refusal.code, ...refusal.facts }).toMatchObject({ code, ...facts })
      return refusal
    },
  }
}

export function refusalOf(attempt: () => unknown): Refusal {
  try {
    attempt()
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown
    throw thrown
  }
  throw new TypeError('nothing was refused')
}
