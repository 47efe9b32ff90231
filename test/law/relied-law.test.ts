// What a sent request rests on stays as it was, whatever the register says later.
import type { InstrumentRow, Register } from '../../src/domain/law/register'
import { asReliedOn, reliedLaw, type RelyingRequest } from '../../src/domain/law/relied-law'
import { deadlineLaw, openDeadlines } from '../../src/domain/deadlines'
import { calendars } from '../../src/register/calendar'
import { register } from './register'

const law = register()
const request: RelyingRequest = { requesting: 'DE', requested: 'FR', kind: 'EVIDENCE', matter: 'CRIMINAL', measures: ['SEARCH_PREMISES'], legalBases: [{ treatyCode: 'EIO', article: '1' }] }
const newer: Register = {
  ...law, version: 2, asOf: '2030-01-01', urgencyLimits: [],
  instruments: law.instruments.map((row): InstrumentRow => (row.code === 'EIO' ? { ...row, title: 'Rewritten', endsOn: '2029-12-31', timeLimits: row.timeLimits.map(limit => ({ ...limit, limit: 'P1D' })) } : row)),
}

test('a request keeps the version of the register and the rows of what it cites, of the two states alone', () => {
  const relied = reliedLaw(law, request, '2026-11-24')
  expect(relied).toMatchObject({ registerVersion: law.version, registerAsOf: law.asOf, on: '2026-11-24', bases: [{ dualCriminality: 'COERCIVE_ONLY', dualCriminalityTest: { needed: 'YES' }, languages: ['fr'] }] })
  const [eio] = relied.bases
  expect(eio?.instrument.parties.map(party => party.state).sort()).toEqual(['DE', 'FR'])
  expect(eio?.instrument).not.toHaveProperty('absent')
  expect(eio?.timeLimits).toEqual(law.instruments.find(row => row.code === 'EIO')?.timeLimits.slice(0, 3))
})

test('what rests on reciprocity keeps the rule of the requested state', () => {
  const relied = reliedLaw(law, { ...request, requested: 'NG', legalBases: [{ reciprocity: 'We would do the same.' }] }, '2026-11-24')
  expect(relied).toMatchObject({ bases: [], dualCriminality: { needed: 'YES', verified: true, reason: expect.stringContaining('Nigeria') } })
})

test('years later, under a newer register, its clocks run by the rows that it relied on', () => {
  const relied = JSON.parse(JSON.stringify(reliedLaw(law, request, '2026-11-24'))) as ReturnType<typeof reliedLaw>
  const calendar = calendars()({ code: 'FR', capitalTimeZone: 'Europe/Paris' })
  const of = (rows: Register): string[] => openDeadlines(deadlineLaw(rows, { kind: 'EVIDENCE', measures: ['SEARCH_PREMISES'], urgency: 'PRIORITY', legalBases: request.legalBases }, calendar), '2030-03-04T09:00:00.000Z').map(each => `${each.obligation} ${each.source}`)
  expect(of(asReliedOn(newer, relied))).toEqual(of(law))
  expect(of(asReliedOn(newer, relied))).not.toEqual(of(newer))
  expect(asReliedOn(newer, relied).instruments.map(row => row.title)).toEqual([law.instruments.find(row => row.code === 'EIO')?.title])
  expect(asReliedOn(newer, null)).toBe(newer)
})
