// The fold of facts into what stands: total, gapless, and the same on both sides.
import { evolve } from '../../src/domain/evolve'
import type { RequestState } from '../../src/domain/request'
import { act, after, at, DELIVERED, digestOf, DRAFTER, given, INDEX, SECOND, type Happened } from '../support/given'
import { ALL_STATUSES, WAY_TO } from './acts-and-states.table'

test.each(ALL_STATUSES)('the way to %s ends there, each step one version', status => {
  const state = after(...WAY_TO[status])
  expect(state).toMatchObject({ status, version: WAY_TO[status].length + 1 })
})

test('a draft begins with version 1, decided by the side that drafts, with nothing pending', () => {
  expect(after()).toMatchObject({ ...INDEX, version: 1, status: 'DRAFT', statusSince: 1, decider: 'REQUESTING', head: null, pending: [], createdAt: at(0), lastActivityAt: at(0), submittedAt: null, draftedBy: DRAFTER, amendedBy: DRAFTER, dossier: null })
})

test('a request that arrives begins with SUBMITTED, at the version that the other side counted', () => {
  const first = { fact: { reference: 'FR-2026-000009', type: 'ACT' as const, act: 'SUBMIT' as const, by: 'REQUESTING' as const, at: at(5), from: 'VALIDATED' as const, to: 'SUBMITTED' as const, version: 6, index: INDEX, createdAt: at(0), contents: { dossier: digestOf(77) }, prev: null }, digest: digestOf(5), said: { ownReference: 'Js 1', legalBases: [{ treatyCode: 'EIO' }] }, actor: '' }
  expect(evolve(null, first)).toMatchObject({ version: 6, status: 'SUBMITTED', statusSince: 6, decider: 'REQUESTED', createdAt: at(0), submittedAt: at(5), head: digestOf(5), requestingReference: 'Js 1', legalBases: [{ treatyCode: 'EIO' }], dossier: digestOf(77) })
  expect(() => evolve(null, { ...first, fact: { ...first.fact, index: undefined as never } })).toThrow(/no index/)
})

test('authority passes with SUBMITTED, comes back where the delivery is refused, and passes again with a later delivery', () => {
  const deciders = (...events: Happened[]): RequestState['decider'] => after(...WAY_TO.VALIDATED, ...events).decider
  const refused: Happened = { type: 'DELIVERY_REFUSED', by: 'HUB', refusal: { code: 'LETTER_CONTENT' } }
  expect(deciders()).toBe('REQUESTING')
  expect(deciders(act('SUBMIT', 'SUBMITTED'))).toBe('REQUESTED')
  expect(deciders(act('SUBMIT', 'SUBMITTED'), refused)).toBe('REQUESTING')
  expect(after(...WAY_TO.VALIDATED, act('SUBMIT', 'SUBMITTED'), refused)).toMatchObject({ status: 'SUBMITTED', version: 3, deliveryRefused: true })
  expect(after(...WAY_TO.VALIDATED, act('SUBMIT', 'SUBMITTED'), refused, DELIVERED)).toMatchObject({ decider: 'REQUESTED', deliveryRefused: false, status: 'DELIVERED', version: 4 })
})

test.each(['PROPOSAL_REFUSED', 'DELIVERY_REFUSED', 'DUE_SOON', 'OVERDUE', 'ESCALATED'] as const)('%s changes neither version nor status nor head, and is activity', type => {
  const before = after(...WAY_TO.ASSESSMENT)
  const notice = after(...WAY_TO.ASSESSMENT, { type, by: 'HUB' })
  expect(notice).toMatchObject({ version: before.version, status: before.status, statusSince: before.statusSince, head: before.head, lastActivityAt: at(6) })
})

test('a fact that an earlier clock wrote does not turn the activity back', () => {
  expect(after(...WAY_TO.ASSESSMENT, act('ACCEPT', 'ACCEPTED', { by: 'REQUESTED', at: at(1) })).lastActivityAt).toBe(at(5))
})

test('a status begins with the fact that changed it: an act that leaves it alone does not begin it anew', () => {
  expect(after(...WAY_TO.NEGOTIATION).statusSince).toBe(7)
  expect(after(...WAY_TO.NEGOTIATION, act('CHANGE_URGENCY', 'NEGOTIATION')).statusSince).toBe(7)
  expect(after(...WAY_TO.NEGOTIATION, act('ANSWER_SCOPE', 'ASSESSMENT'), act('PROPOSE_SCOPE', 'NEGOTIATION', { by: 'REQUESTED' })).statusSince).toBe(9)
  expect(after(...WAY_TO.PARTIALLY_EXECUTED, act('REPORT_RESULTS', 'PARTIALLY_EXECUTED', { by: 'REQUESTED' }))).toMatchObject({ version: 10, statusSince: 9 })
})

test('the chain of a request begins with SUBMIT and follows decided facts alone', () => {
  expect(after(...WAY_TO.VALIDATED).head).toBeNull()
  expect(after(...WAY_TO.SUBMITTED).head).toBe(digestOf(2))
  expect(after(...WAY_TO.DELIVERED, { type: 'OVERDUE', by: 'HUB' }).head).toBe(digestOf(3))
})

test('the answer to a pending act takes it away, whether it is the act or its refusal; another answer leaves it', () => {
  const waiting = { ...after(...WAY_TO.ASSESSMENT), pending: [{ id: 'p', act: 'WITHDRAW' as const, at: at(6), contents: {} }] }
  const answer = (type: 'ACT' | 'PROPOSAL_REFUSED', answers: string) => evolve(waiting, {
    fact: { reference: waiting.reference, type, act: 'WITHDRAW', by: 'REQUESTING', at: at(7), from: 'ASSESSMENT', to: type === 'ACT' ? 'WITHDRAWN' : 'ASSESSMENT', version: 7, contents: {}, prev: waiting.head, answers }, digest: digestOf(9), said: null, actor: '',
  })
  expect(answer('ACT', 'p').pending).toEqual([])
  expect(answer('PROPOSAL_REFUSED', 'p').pending).toEqual([])
  expect(answer('PROPOSAL_REFUSED', 'q').pending).toHaveLength(1)
})

test('where a request was postponed from is known until it is resumed, and forgotten then', () => {
  expect(after(...WAY_TO.POSTPONED).resumeTo).toBe('ASSESSMENT')
  expect(after(...WAY_TO.EXECUTING, act('POSTPONE', 'POSTPONED', { by: 'REQUESTED' }), act('CHANGE_URGENCY', 'POSTPONED')).resumeTo).toBe('EXECUTING')
  expect(after(...WAY_TO.POSTPONED, act('RESUME', 'ASSESSMENT', { by: 'REQUESTED' })).resumeTo).toBeNull()
  expect(after(...WAY_TO.POSTPONED, act('WITHDRAW', 'WITHDRAWN')).resumeTo).toBeNull()
})

test('an expired preservation is final: one version on, nothing left but CLOSE', () => {
  for (const status of ['ACCEPTED', 'EXECUTED'] as const) {
    const before = after(...WAY_TO[status])
    const { state, when } = given(...WAY_TO[status], { type: 'EXPIRED', by: 'HUB', to: 'EXPIRED' })
    expect(state).toMatchObject({ status: 'EXPIRED', version: before.version + 1, statusSince: before.version + 1 })
    when('WITHDRAW', { by: 'REQUESTING' }).thenRefused('ACT_NOT_ALLOWED', { availableActs: ['CLOSE'] })
    when('CLOSE', { by: 'REQUESTED' }).then({ from: 'EXPIRED', to: 'CLOSED', version: before.version + 2 })
  }
})

test('each act leaves behind what it said: references, scope, decision, results, dossier', () => {
  const acknowledged = act('ACKNOWLEDGE', 'ACKNOWLEDGED', { by: 'REQUESTED', said: { handler: 'x', ownReference: 'N 17' } })
  expect(after(...WAY_TO.DELIVERED, acknowledged)).toMatchObject({ requestedReference: 'N 17', acknowledgedAt: at(4), deliveredAt: at(3) })
  const proposed = act('PROPOSE_SCOPE', 'NEGOTIATION', { by: 'REQUESTED', contents: { said: digestOf(50) } })
  expect(after(...WAY_TO.ASSESSMENT, proposed).scope).toBe(digestOf(50))
  expect(after(...WAY_TO.ASSESSMENT, proposed, act('ANSWER_SCOPE', 'ASSESSMENT', { index: { ...INDEX, measures: ['DOCUMENTS'] }, contents: { dossier: digestOf(51) } }))).toMatchObject({ scope: null, measures: ['DOCUMENTS'], dossier: digestOf(51) })
  expect(after(...WAY_TO.ASSESSMENT, act('REFUSE', 'REFUSED', { by: 'REQUESTED', decision: 'REFUSED', contents: { said: digestOf(52) } })).decision).toEqual({ at: at(6), result: 'REFUSED', said: digestOf(52) })
  // An acceptance on conditions that are not taken is none.
  expect(after(...WAY_TO.CONDITIONS_PENDING, act('ANSWER_CONDITIONS', 'ASSESSMENT')).decision).toBeNull()
  expect(after(...WAY_TO.CONDITIONS_PENDING, act('ANSWER_CONDITIONS', 'ACCEPTED')).decision).toMatchObject({ result: 'CONDITIONALLY_ACCEPTED' })
  const report = (nth: number): Happened => act('REPORT_RESULTS', 'PARTIALLY_EXECUTED', { by: 'REQUESTED', contents: { said: digestOf(nth) } })
  expect(after(...WAY_TO.EXECUTING, report(53), report(54)).results).toEqual([digestOf(53), digestOf(54)])
})

test('who drafted and who amended last is remembered by the own store; a text that was deleted leaves the words as they were', () => {
  expect(after(act('AMEND', 'DRAFT', { actor: SECOND, said: { ownReference: 'Js 2' } }))).toMatchObject({ draftedBy: DRAFTER, amendedBy: SECOND, requestingReference: 'Js 2' })
  expect(after(act('AMEND', 'DRAFT', { said: { ownReference: 'Js 2' } }), act('AMEND', 'DRAFT', { said: null })).requestingReference).toBe('Js 2')
})
