// Decides acts: one fact, or a coded refusal. Pure; the clock, the law and the digests of what was said come in as arguments.
// Order of checks (semantics.md): version, side and status, who validates, completeness. Existence and repeats are the caller's.
import { Refusal } from '../refusal'
import { isBesideAct, isSuspended, mayTakeBeside, type Beside } from './beside'
import { ANSWERS, availableActs, isAllowed, isDecided, isWriter, statusAfter, type CaseAct, type PartySide } from './lifecycle'
import type { CitedBasis, ContentRefs, Deadline, Fact, Proposal, RequestIndex, RequestState, Said } from './request'
import type { RelatedRequest } from './dossier-parts'
import type { Finding } from './law/register'
import type { BesideAct, DecisionResult, MeasureCode, RequestStatus, Urgency } from './vocabulary'

export interface Command {
  act: CaseAct | BesideAct
  expectedVersion: number
  said: Said
  contents: ContentRefs
  /** AMEND and CHANGE_URGENCY. */
  urgency?: Urgency
  /** AMEND. */
  measures?: MeasureCode[]
  /** Acts beside the status. */
  beside?: Beside
  /** With a dossier: the related requests that the other side may be told. */
  relations?: RelatedRequest[]
}

/** What a decision rests on besides the state. */
export interface Facts {
  now: string
  side: PartySide
  subject: string
  /** Faults and warnings of the request as it would stand after the act; asked only where completeness counts. */
  findings: () => readonly Finding[]
  /** Deadlines after the act; undefined where it changes none. */
  deadlines: (before: RequestState, fact: Fact) => Deadline[] | undefined
  /** What was said with the scope on the table, for ANSWER_SCOPE. */
  scope: Said | null
}

export interface Draft { reference: string; index: RequestIndex; contents: ContentRefs; legalBases: CitedBasis[] }

export const decideDraft = (draft: Draft, now: string): Fact => ({
  reference: draft.reference, type: 'ACT', act: 'DRAFT', by: 'REQUESTING', at: now, from: null, to: 'DRAFT', version: 1,
  index: draft.index, createdAt: now, contents: draft.contents, prev: null,
})

/** An act at the store that decides the request. */
export function decide(state: RequestState, command: Command, facts: Facts): Fact {
  if (command.expectedVersion !== state.version) throw versionConflict(state)
  demandAllowed(state, command, facts)
  if (command.act === 'VALIDATE' || command.act === 'SUBMIT') demandComplete(facts)
  return actFact(state, command, facts)
}

/** An act of the side that does not decide, before it is sent: judged only as far as the own copy knows. */
export function propose(state: RequestState, command: Command, facts: Facts): void {
  if (command.expectedVersion < state.version) throw versionConflict(state)
  if (state.pending.length > 0) throw notAllowed(state, command.act, facts, 'An act of your side waits for the other side to confirm it.')
  if (command.expectedVersion === state.version) demandAllowed(state, command, facts)
  if (command.act === 'SUPPLEMENT') demandComplete(facts)
}

/** A proposal that arrived at the deciding store: it becomes fact, or is refused by code. Never throws for what the other side did. */
export function judge(state: RequestState, proposal: Proposal, said: Said, urgency: Urgency | undefined, facts: Facts): Fact {
  const act = proposal.act as CaseAct | BesideAct
  const outdated = (ANSWERS as readonly string[]).includes(act) && proposal.expectedVersion < state.statusSince
  const beside = proposal.beside ?? {}
  const allowed = isBesideAct(act) ? mayTakeBeside(state, facts.side, act, beside) : isAllowed(act, facts.side, state.status)
  if (outdated || !allowed) return refusedProposal(state, proposal, outdated ? 'VERSION_CONFLICT' : 'ACT_NOT_ALLOWED', facts.now)
  const command: Command = { act, expectedVersion: proposal.expectedVersion, said, contents: proposal.contents, ...(urgency && { urgency }), ...(isBesideAct(act) && { beside }), ...(proposal.relations && { relations: proposal.relations }) }
  return { ...actFact(state, command, facts), answers: proposal.id }
}

const refusedProposal = (state: RequestState, proposal: Proposal, code: string, now: string): Fact => ({
  reference: state.reference, type: 'PROPOSAL_REFUSED', act: proposal.act, by: 'HUB', at: now, from: state.status, to: state.status,
  version: state.version, answers: proposal.id, refusal: { code }, contents: proposal.contents, prev: state.head,
})

function actFact(state: RequestState, command: Command, facts: Facts): Fact {
  const { act, said } = command
  const bare: Fact = {
    reference: state.reference, type: 'ACT', act, by: facts.side, at: facts.now, from: state.status, to: isBesideAct(act) ? state.status : statusAfter(act, state, said),
    version: state.version + 1, contents: command.contents, prev: state.head, ...(command.relations && { relations: command.relations }), ...extras(state, command, facts),
  }
  const deadlines = facts.deadlines(state, bare)
  return deadlines ? { ...bare, deadlines } : bare
}

/** The clear facts that an act adds beyond its status. */
function extras(state: RequestState, command: Command, facts: Facts): Partial<Fact> {
  switch (command.act) {
    case 'AMEND': return { index: indexOf(state, { urgency: command.urgency, measures: command.measures }) }
    case 'CONSULT': case 'SUBMIT': return { index: indexOf(state, {}), createdAt: state.createdAt, prev: null }
    case 'CHANGE_URGENCY': {
      const after = command.urgency ?? state.urgency
      return { index: indexOf(state, { urgency: after }), urgency: { before: state.urgency, after } }
    }
    case 'ANSWER_SCOPE': return command.said.accept && facts.scope?.measures ? { index: indexOf(state, { measures: facts.scope.measures }) } : {}
    case 'ACCEPT': return { decision: command.said.conditions?.length ? 'CONDITIONALLY_ACCEPTED' : 'ACCEPTED' }
    case 'REFUSE': case 'DECLARE_IMPOSSIBLE': return { decision: DECISIONS[command.act] }
    default: return command.beside ? { beside: command.beside } : {}
  }
}

const DECISIONS: Record<'REFUSE' | 'DECLARE_IMPOSSIBLE', DecisionResult> = { REFUSE: 'REFUSED', DECLARE_IMPOSSIBLE: 'IMPOSSIBLE' }

export function indexOf(state: RequestState, change: { urgency?: Urgency; measures?: MeasureCode[] }): RequestIndex {
  const { kind, matter, urgency, measures, requesting, requested } = state
  return { kind, matter, urgency: change.urgency ?? urgency, measures: change.measures ?? measures, requesting, requested }
}

/** Facts that no human did. */
export function hubFact(state: RequestState, type: Fact['type'], now: string, more: Partial<Fact> & { to?: RequestStatus } = {}): Fact {
  return {
    reference: state.reference, type, act: null, by: 'HUB', at: now, from: state.status, to: state.status,
    version: state.version + (isDecided(type) ? 1 : 0), contents: {}, prev: state.head, ...more,
  }
}

function demandAllowed(state: RequestState, { act, beside = {} }: Command, facts: Facts): void {
  if (isBesideAct(act)) {
    if (mayTakeBeside(state, facts.side, act, beside)) return
    throw notAllowed(state, act, facts, 'The request does not stand where this can be recorded, or you are not on the side that records it.')
  }
  if (isSuspended(state, act)) throw notAllowed(state, act, facts, 'A legal remedy is pending: nothing is transmitted until it is lifted.')
  if (!isAllowed(act, facts.side, state.status)) throw notAllowed(state, act, facts, 'The request is not in a state, or you are not on the side, for this act.')
  if (act === 'VALIDATE' && isWriter(state, facts.subject)) {
    throw new Refusal('FORBIDDEN', 'Who drafted or last amended a request cannot validate it.', { hint: 'Let a second official with the role VALIDATOR sign off.' })
  }
}

function demandComplete(facts: Facts): void {
  const findings = facts.findings()
  if (findings.some(finding => finding.severity === 'FAULT')) {
    throw new Refusal('DRAFT_INCOMPLETE', 'The request lacks what its kind, basis and measures need.', {
      path: 'input.reference', hint: 'Mend every finding of severity FAULT with amendDraft (or in the dossier that you supplement) and try again.', findings,
    })
  }
}

const versionConflict = (state: RequestState): Refusal =>
  new Refusal('VERSION_CONFLICT', 'The request has another version by now.', {
    path: 'input.expectedVersion', currentVersion: state.version, hint: 'Read the request again and decide on what stands now.',
  })

function notAllowed(state: RequestState, act: CaseAct | BesideAct, facts: Facts, why: string): Refusal {
  return new Refusal('ACT_NOT_ALLOWED', why, {
    path: 'input.reference', act, status: state.status, availableActs: availableActs(state, facts.side, facts.subject), hint: 'Take one of `availableActs`, or read the request again.',
  })
}

/** Why a proposal or a delivery was not taken, in words, from the clear facts alone. */
export function refusalText(fact: Fact): string {
  const code = fact.refusal?.code
  if (fact.type === 'DELIVERY_REFUSED') return `The letter could not be taken by the requested authority (${code ?? 'unknown reason'}); the request is yours again.`
  if (code === 'VERSION_CONFLICT') return `${fact.act ?? 'The act'} answers something else than what stood: the request is ${fact.to} at version ${fact.version}.`
  return `${fact.act ?? 'The act'} came too late or does not fit: the request was ${fact.to} at version ${fact.version}.`
}
