// Decisions: one fact or one coded refusal, at the store that decides, at the one that proposes, and where a proposal arrives.
import { decideDraft, hubFact, refusalText } from '../../src/domain/decide'
import type { Finding } from '../../src/domain/law/register'
import type { Fact } from '../../src/domain/request'
import { act, after, at, DE, DELIVERED, digestOf, DRAFTER, FR, from, given, INDEX, REFERENCE, SECOND, type Happened } from '../support/given'
import { ALL_ACTS, ALL_STATUSES, BOTH, FINAL_STATUSES, ROWS, rowsFor, WAY_TO } from './acts-and-states.table'

const FAULT: Finding = { severity: 'FAULT', path: 'dossier.facts', code: 'TOO_SHORT', message: 'Too short.', hint: 'Say more.', source: null }
const WARNING: Finding = { ...FAULT, severity: 'WARNING' }
const cases = ALL_STATUSES.flatMap(status => BOTH.map(by => [by, status] as const))

describe('at the store that decides', () => {
  test.each(cases)('the %s side in %s gets one fact for each listed act and ACT_NOT_ALLOWED for any other', (by, status) => {
    for (const name of ALL_ACTS) {
      const before = after(...WAY_TO[status])
      const rows = rowsFor(name, by, status)
      for (const row of rows) {
        from(before).when(name, { by, said: row.said ?? {} }).then({
          type: 'ACT', act: name, by, from: status, to: row.to === 'same' ? status : row.to, version: before.version + 1, reference: REFERENCE, at: at(59), ...(name !== 'SUBMIT' && { prev: before.head }),
        })
      }
      if (rows.length > 0) continue
      const { facts } = from(before).when(name, { by }).thenRefused('ACT_NOT_ALLOWED', { act: name, status })
      expect([...(facts['availableActs'] as string[])].sort()).toEqual(ALL_ACTS.filter(each => rowsFor(each, by, status).length > 0).sort())
    }
  })

  test.each([-1, 1, 100])('an act on a version that is off by %i is a VERSION_CONFLICT that names the current one, whatever the act', off => {
    for (const { act: name, by, from: statuses, said } of ROWS) {
      const { state, when } = from(after(...WAY_TO[statuses[0] ?? 'DRAFT']))
      when(name, { by, said: said ?? {}, expectedVersion: state.version + off }).thenRefused('VERSION_CONFLICT', { currentVersion: state.version, path: 'input.expectedVersion' })
    }
  })

  test('the version is looked at before side and status, these before who validates, that before completeness', () => {
    const drafted = given()
    drafted.when('ACCEPT', { by: 'REQUESTED', expectedVersion: 7 }).thenRefused('VERSION_CONFLICT')
    given(...WAY_TO.VALIDATED).when('VALIDATE', { by: 'REQUESTING', subject: DRAFTER, findings: [FAULT] }).thenRefused('ACT_NOT_ALLOWED')
    drafted.when('VALIDATE', { by: 'REQUESTING', subject: DRAFTER, findings: [FAULT] }).thenRefused('FORBIDDEN')
    drafted.when('VALIDATE', { by: 'REQUESTING', findings: [FAULT] }).thenRefused('DRAFT_INCOMPLETE', { findings: [FAULT] })
  })

  test('who drafted cannot validate, who amended last cannot either, the drafter then can', () => {
    given().when('VALIDATE', { by: 'REQUESTING', subject: DRAFTER }).thenRefused('FORBIDDEN')
    given().when('VALIDATE', { by: 'REQUESTING', subject: SECOND }).then({ to: 'VALIDATED', version: 2 })
    const amended = given(act('AMEND', 'DRAFT', { actor: SECOND }))
    amended.when('VALIDATE', { by: 'REQUESTING', subject: SECOND }).thenRefused('FORBIDDEN')
    amended.when('VALIDATE', { by: 'REQUESTING', subject: DRAFTER }).thenRefused('FORBIDDEN')
    amended.when('VALIDATE', { by: 'REQUESTING', subject: 'a third' }).then({ to: 'VALIDATED', version: 3 })
  })

  test('an amended validation is void: the request is a draft again and has to be validated anew', () => {
    given(act('VALIDATE', 'VALIDATED')).when('AMEND', { by: 'REQUESTING' }).then({ from: 'VALIDATED', to: 'DRAFT', version: 3 })
    given(act('VALIDATE', 'VALIDATED'), act('AMEND', 'DRAFT')).when('SUBMIT', { by: 'REQUESTING' }).thenRefused('ACT_NOT_ALLOWED')
  })

  test('completeness is judged at VALIDATE and again at SUBMIT, with all findings; a warning bars neither', () => {
    for (const [name, way] of [['VALIDATE', WAY_TO.DRAFT], ['SUBMIT', WAY_TO.VALIDATED]] as const) {
      given(...way).when(name, { by: 'REQUESTING', findings: [WARNING, FAULT] }).thenRefused('DRAFT_INCOMPLETE', { findings: [WARNING, FAULT] })
      given(...way).when(name, { by: 'REQUESTING', findings: [WARNING] }).then({ act: name })
    }
    given(...WAY_TO.DRAFT).when('AMEND', { by: 'REQUESTING', findings: [FAULT] }).then({ act: 'AMEND' })
  })

  test('a draft is version 1 of a request that begins its chain with SUBMIT', () => {
    expect(decideDraft({ reference: REFERENCE, index: INDEX, contents: {}, legalBases: [] }, at(0))).toEqual({
      reference: REFERENCE, type: 'ACT', act: 'DRAFT', by: 'REQUESTING', at: at(0), from: null, to: 'DRAFT', version: 1, index: INDEX, createdAt: at(0), contents: {}, prev: null,
    })
    given(...WAY_TO.VALIDATED).when('SUBMIT', { by: 'REQUESTING' }).then({ prev: null, index: INDEX, createdAt: at(0) })
    given(...WAY_TO.DELIVERED).when('ACKNOWLEDGE', { by: 'REQUESTED' }).then({ prev: digestOf(3) })
  })

  test('AMEND and CHANGE_URGENCY say the index as it is afterwards, an accepted scope takes over its measures, a refused one nothing', () => {
    given().when('AMEND', { by: 'REQUESTING', urgency: 'URGENT', measures: ['SEIZE'] }).then({ index: { ...INDEX, urgency: 'URGENT', measures: ['SEIZE'] } })
    given(...WAY_TO.ASSESSMENT).when('CHANGE_URGENCY', { by: 'REQUESTED', urgency: 'PRIORITY' }).then({ index: { ...INDEX, urgency: 'PRIORITY' }, urgency: { before: 'ROUTINE', after: 'PRIORITY' } })
    const scope = { proposal: 'Less.', measures: ['DOCUMENTS' as const] }
    given(...WAY_TO.NEGOTIATION).when('ANSWER_SCOPE', { by: 'REQUESTING', said: { accept: true }, scope }).then({ index: { ...INDEX, measures: ['DOCUMENTS'] } })
    expect(given(...WAY_TO.NEGOTIATION).when('ANSWER_SCOPE', { by: 'REQUESTING', said: { accept: false }, scope }).then({})).not.toHaveProperty('index')
    expect(given(...WAY_TO.NEGOTIATION).when('ANSWER_SCOPE', { by: 'REQUESTING', said: { accept: true }, scope: { proposal: 'Sooner.' } }).then({})).not.toHaveProperty('index')
  })

  test.each([['ACCEPT', 'ASSESSMENT', {}, 'ACCEPTED'], ['ACCEPT', 'ASSESSMENT', { conditions: ['X'] }, 'CONDITIONALLY_ACCEPTED'], ['ACCEPT', 'ASSESSMENT', { conditions: [] }, 'ACCEPTED'],
    ['REFUSE', 'INFO_REQUESTED', {}, 'REFUSED'], ['DECLARE_IMPOSSIBLE', 'ACCEPTED', {}, 'IMPOSSIBLE']] as const)('%s in %s saying %j is the decision %s', (name, status, said, decision) => {
    given(...WAY_TO[status]).when(name, { by: 'REQUESTED', said: said as object }).then({ decision })
  })

  test('a request whose delivery was refused is withdrawn at once by the side that sent it', () => {
    const refused: Happened[] = [...WAY_TO.SUBMITTED, { type: 'DELIVERY_REFUSED', by: 'HUB', refusal: { code: 'LETTER_CONTENT' } }]
    const { state, when } = given(...refused)
    expect(state).toMatchObject({ status: 'SUBMITTED', decider: 'REQUESTING', deliveryRefused: true, version: 3 })
    when('WITHDRAW', { by: 'REQUESTING' }).then({ to: 'WITHDRAWN', version: 4 })
  })
})

describe('at the side that proposes', () => {
  test.each(ALL_STATUSES)('an act on the own copy\'s version in %s is judged by side and status at once', status => {
    for (const name of ALL_ACTS) {
      const proposed = given(...WAY_TO[status]).whenProposed(name, { by: 'REQUESTING' })
      if (rowsFor(name, 'REQUESTING', status).length > 0) proposed.then({})
      else proposed.thenRefused('ACT_NOT_ALLOWED', { act: name, status })
    }
  })

  test('a version below the own copy is refused, one above is sent unjudged', () => {
    const { state, whenProposed } = given(...WAY_TO.ASSESSMENT)
    whenProposed('WITHDRAW', { by: 'REQUESTING', expectedVersion: state.version - 1 }).thenRefused('VERSION_CONFLICT', { currentVersion: state.version })
    whenProposed('CONFIRM_RESULTS', { by: 'REQUESTING', expectedVersion: state.version }).thenRefused('ACT_NOT_ALLOWED')
    whenProposed('CONFIRM_RESULTS', { by: 'REQUESTING', expectedVersion: state.version + 1 }).then({})
  })

  test('while one act is pending any other is ACT_NOT_ALLOWED and nothing is offered; an old version stays VERSION_CONFLICT', () => {
    const pending = { ...after(...WAY_TO.ASSESSMENT), pending: [{ id: 'p', act: 'CHANGE_URGENCY' as const, at: at(9), contents: {} }] }
    for (const ahead of [0, 1]) from(pending).whenProposed('WITHDRAW', { by: 'REQUESTING', expectedVersion: pending.version + ahead }).thenRefused('ACT_NOT_ALLOWED', { availableActs: [] })
    from(pending).whenProposed('WITHDRAW', { by: 'REQUESTING', expectedVersion: 1 }).thenRefused('VERSION_CONFLICT')
  })

  test('a SUPPLEMENT is checked for completeness at home, no other proposal is', () => {
    given(...WAY_TO.INFO_REQUESTED).whenProposed('SUPPLEMENT', { by: 'REQUESTING', findings: [FAULT] }).thenRefused('DRAFT_INCOMPLETE', { findings: [FAULT] })
    given(...WAY_TO.INFO_REQUESTED).whenProposed('SUPPLEMENT', { by: 'REQUESTING', findings: [WARNING] }).then({})
    given(...WAY_TO.INFO_REQUESTED).whenProposed('WITHDRAW', { by: 'REQUESTING', findings: [FAULT] }).then({})
  })
})

describe('where a proposal arrives', () => {
  test.each(ALL_STATUSES)('in %s it becomes the listed fact or a PROPOSAL_REFUSED that keeps the version, and answers the proposal', status => {
    for (const name of ALL_ACTS) {
      const { state, whenArrives } = given(...WAY_TO[status])
      const rows = rowsFor(name, 'REQUESTING', status)
      for (const row of rows) whenArrives(name, { by: 'REQUESTING', said: row.said ?? {} }).then({ type: 'ACT', act: name, by: 'REQUESTING', to: row.to === 'same' ? status : row.to, version: state.version + 1, answers: 'proposal-1' })
      if (rows.length > 0) continue
      whenArrives(name, { by: 'REQUESTING' }).then({ type: 'PROPOSAL_REFUSED', act: name, by: 'HUB', from: status, to: status, version: state.version, answers: 'proposal-1', refusal: { code: 'ACT_NOT_ALLOWED' }, prev: state.head })
    }
  })

  test.each(['DRAFT', 'PUBLISH_CONTACT_POINT'] as const)('the act %s, which no request can take, is refused like any other that does not fit', name => {
    given(...WAY_TO.ASSESSMENT).whenArrives(name, { by: 'REQUESTING' }).then({ type: 'PROPOSAL_REFUSED', refusal: { code: 'ACT_NOT_ALLOWED' } })
  })

  test.each([1, 5, 6, 7, 100])('no expected version, here %i, makes a withdrawal a conflict', expectedVersion => {
    given(...WAY_TO.EXECUTING).whenArrives('WITHDRAW', { by: 'REQUESTING', expectedVersion }).then({ type: 'ACT', to: 'WITHDRAWN' })
  })

  const asked = act('ASK_FOR_INFORMATION', 'INFO_REQUESTED', { by: 'REQUESTED' })
  const answered: readonly (readonly ['SUPPLEMENT' | 'ANSWER_SCOPE' | 'ANSWER_CONDITIONS', Happened])[] = [
    ['SUPPLEMENT', asked], ['ANSWER_SCOPE', act('PROPOSE_SCOPE', 'NEGOTIATION', { by: 'REQUESTED' })], ['ANSWER_CONDITIONS', act('ACCEPT', 'CONDITIONS_PENDING', { by: 'REQUESTED' })],
  ]
  test.each(answered)('%s answers what stands now: from before the present status it is refused, from its first version on it is taken', (name, question) => {
    const again = given(...WAY_TO.ASSESSMENT, question, act('BEGIN_ASSESSMENT', 'ASSESSMENT', { by: 'REQUESTED' }), question, act('CHANGE_URGENCY', question.to ?? 'DRAFT', { by: 'REQUESTED' }))
    const { statusSince, version } = again.state
    expect(statusSince).toBe(version - 1)
    again.whenArrives(name, { by: 'REQUESTING', expectedVersion: statusSince - 1 }).then({ type: 'PROPOSAL_REFUSED', refusal: { code: 'VERSION_CONFLICT' }, version })
    for (const expectedVersion of [statusSince, version, version + 1]) again.whenArrives(name, { by: 'REQUESTING', expectedVersion }).then({ type: 'ACT', version: version + 1 })
  })

  test('a withdrawal that races execution has one outcome: withdrawn, or too late once the results are complete', () => {
    given(...WAY_TO.PARTIALLY_EXECUTED).whenArrives('WITHDRAW', { by: 'REQUESTING', expectedVersion: 4 }).then({ type: 'ACT', to: 'WITHDRAWN' })
    given(...WAY_TO.EXECUTED).whenArrives('WITHDRAW', { by: 'REQUESTING', expectedVersion: 4 }).then({ type: 'PROPOSAL_REFUSED', to: 'EXECUTED' })
  })

  test('a change of urgency that names no level changes none', () => {
    given(...WAY_TO.ASSESSMENT).whenArrives('CHANGE_URGENCY', { by: 'REQUESTING' }).then({ urgency: { before: 'ROUTINE', after: 'ROUTINE' }, index: INDEX })
  })
})

describe('what no human did', () => {
  test('delivery and expiry raise the version, refusals and notices keep it', () => {
    const state = after(...WAY_TO.SUBMITTED)
    expect(hubFact(state, 'DELIVERED', at(9), { to: 'DELIVERED' })).toMatchObject({ by: 'HUB', act: null, from: 'SUBMITTED', to: 'DELIVERED', version: 4, prev: digestOf(2) })
    expect(hubFact(state, 'DELIVERY_REFUSED', at(9), { refusal: { code: 'LETTER_KEY' } })).toMatchObject({ by: 'HUB', from: 'SUBMITTED', to: 'SUBMITTED', version: 3 })
    for (const status of ['ACCEPTED', 'EXECUTED'] as const) {
      const term = after(...WAY_TO[status])
      expect(hubFact(term, 'EXPIRED', at(9), { to: 'EXPIRED' })).toMatchObject({ by: 'HUB', from: status, to: 'EXPIRED', version: term.version + 1 })
      expect(hubFact(term, 'OVERDUE', at(9))).toMatchObject({ to: status, version: term.version })
    }
  })

  test('no act is left behind a final status but CLOSE, and behind CLOSED none', () => {
    for (const status of [...FINAL_STATUSES, 'CLOSED'] as const) {
      for (const by of BOTH) for (const name of ALL_ACTS.filter(each => each !== 'CLOSE' || status === 'CLOSED')) given(...WAY_TO[status]).when(name, { by }).thenRefused('ACT_NOT_ALLOWED', { availableActs: status === 'CLOSED' ? [] : ['CLOSE'] })
    }
  })

  test('a refusal says in words what was met, without any text of the parties', () => {
    const refused = (more: Partial<Fact>): string => refusalText({ ...hubFact(after(...WAY_TO.EXECUTED, DELIVERED), 'PROPOSAL_REFUSED', at(9)), act: 'WITHDRAW', to: 'EXECUTED', version: 8, ...more })
    expect(refused({ refusal: { code: 'ACT_NOT_ALLOWED' } })).toBe('WITHDRAW came too late or does not fit: the request was EXECUTED at version 8.')
    expect(refused({ refusal: { code: 'VERSION_CONFLICT' } })).toContain('answers something else than what stood')
    expect(refused({ type: 'DELIVERY_REFUSED', refusal: { code: 'LETTER_KEY' } })).toContain('LETTER_KEY')
    expect([DE, FR].some(id => refused({}).includes(id))).toBe(false)
  })
})
