// The table of acts and states: every act from every state by either side, allowed exactly where the specification's table says so.
import { availableActs, CASE_ACTS, FINAL, isAllowed, isDecided, isOpen, OPEN, sideOf, statusAfter, transitions, type CaseAct } from '../../src/domain/lifecycle'
import { ACTS, BESIDE_ACTS, REQUEST_STATUSES, TIMELINE_EVENT_TYPES } from '../../src/domain/vocabulary'
import { act, after, DE, DRAFTER, FR, from, SECOND } from '../support/given'
import { ALL_ACTS, ALL_STATUSES, BOTH, FINAL_STATUSES, ROWS, rowsFor, WAY_TO } from './acts-and-states.table'

const triples = ALL_STATUSES.flatMap(status => BOTH.flatMap(by => ALL_ACTS.map(name => ({ status, by, name }))))

test('the specification names every act of the contract but DRAFT, PUBLISH_CONTACT_POINT and those beside the status', () => {
  expect([...ALL_ACTS].sort()).toEqual(ACTS.filter(name => !['DRAFT', 'PUBLISH_CONTACT_POINT', ...BESIDE_ACTS].includes(name)).sort())
  expect([...CASE_ACTS].sort()).toEqual([...ALL_ACTS].sort())
  expect([...REQUEST_STATUSES].sort()).toEqual([...ALL_STATUSES].sort())
})

test.each(ALL_STATUSES)('a side may take from %s exactly the acts that the specification lists', status => {
  for (const by of BOTH) {
    const listed = ALL_ACTS.filter(name => rowsFor(name, by, status).length > 0)
    expect({ by, acts: ALL_ACTS.filter(name => isAllowed(name, by, status)) }).toEqual({ by, acts: listed })
    expect({ by, acts: availableActs(after(...WAY_TO[status]), by, SECOND).sort() }).toEqual({ by, acts: [...listed].sort() })
  }
})

test('the list of all transitions is the specification, no more and no less', () => {
  const said = (all: readonly { act: string; by: string; from: string }[]) => [...new Set(all.map(each => `${each.by} ${each.act} from ${each.from}`))].sort()
  expect(said(transitions())).toEqual(said(triples.filter(({ name, by, status }) => rowsFor(name, by, status).length > 0).map(({ name, by, status }) => ({ act: name, by, from: status }))))
})

test.each(ROWS.map(row => [row.act, row.by, row.to, row] as const))('%s by the %s side leads to %s', (_, __, ___, row) => {
  for (const status of row.from) {
    const state = after(...WAY_TO[status])
    expect(statusAfter(row.act, state, row.said ?? {})).toBe(row.to === 'same' ? status : row.to)
  }
})

test.each(['ASSESSMENT', 'ACCEPTED', 'EXECUTING', 'PARTIALLY_EXECUTED'] as const)('RESUME leads back to %s, from where it was postponed, whatever was said meanwhile', status => {
  const postponed = [...WAY_TO[status], act('POSTPONE', 'POSTPONED', { by: 'REQUESTED' })]
  expect(statusAfter('RESUME', after(...postponed), {})).toBe(status)
  const busy = after(...postponed, act('CHANGE_URGENCY', 'POSTPONED'), { type: 'DUE_SOON', by: 'HUB', to: 'POSTPONED' }, { type: 'PROPOSAL_REFUSED', by: 'HUB', to: 'POSTPONED', act: 'SUPPLEMENT' })
  from(busy).when('RESUME', { by: 'REQUESTED' }).then({ from: 'POSTPONED', to: status })
})

test('a third authority, and nobody, has no side and no act', () => {
  const state = after(...WAY_TO.ASSESSMENT)
  expect([sideOf(state, DE), sideOf(state, FR), sideOf(state, 'authority:BR'), sideOf(state, null)]).toEqual(['REQUESTING', 'REQUESTED', null, null])
  for (const status of ALL_STATUSES) expect(availableActs(after(...WAY_TO[status]), null, SECOND)).toEqual([])
})

test('a side whose act is pending has no act to take until it is answered', () => {
  const pending = { ...after(...WAY_TO.ASSESSMENT), pending: [{ id: 'p', act: 'WITHDRAW' as const, at: '', contents: {} }] }
  expect(availableActs(pending, 'REQUESTING', SECOND)).toEqual([])
})

test.each(['DRAFT', 'CONSULTATION'] as const)('who drafted or last amended sees no VALIDATE in %s, a second official does', status => {
  const state = after(...WAY_TO[status])
  const seen = (subject: string | null): CaseAct[] => availableActs(state, 'REQUESTING', subject)
  expect(seen(DRAFTER)).not.toContain('VALIDATE')
  expect(seen(SECOND)).toContain('VALIDATE')
  expect(availableActs(after(...WAY_TO[status], act('AMEND', status, { actor: SECOND })), 'REQUESTING', SECOND)).not.toContain('VALIDATE')
  expect(availableActs(after(...WAY_TO[status], act('AMEND', status, { actor: SECOND })), 'REQUESTING', DRAFTER)).not.toContain('VALIDATE')
})

test('a status is open, final or CLOSED, as the specification has it', () => {
  expect([...FINAL].sort()).toEqual([...FINAL_STATUSES].sort())
  for (const status of ALL_STATUSES) expect({ status, open: isOpen(status) }).toEqual({ status, open: !FINAL_STATUSES.includes(status) && status !== 'CLOSED' })
  expect(OPEN).toHaveLength(ALL_STATUSES.length - FINAL_STATUSES.length - 1)
})

test('acts, deliveries and expiries raise the version; refusals and clock notices do not', () => {
  expect(TIMELINE_EVENT_TYPES.filter(isDecided).sort()).toEqual(['ACT', 'DELIVERED', 'EXPIRED'])
})
