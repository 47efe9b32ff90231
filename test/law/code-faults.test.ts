// Unlisted codes in drafts and acts: all at once, each with its path, never echoed.
import { actCodeFaults, draftCodeFaults } from '../../src/domain/law/code-faults'
import type { CodeRow, Register } from '../../src/domain/law/register'
import { register } from './register'
import { COMPLETE, TODAY } from './drafts'

const law = register()
const draft = COMPLETE.EVIDENCE
const paths = (faults: { path: string }[]): string[] => faults.map(each => each.path)

test('a complete draft has no fault', () => { for (const each of Object.values(COMPLETE)) expect(draftCodeFaults(law, each, TODAY)).toEqual([]) })

test('every unlisted code of a draft is named with its path', () => {
  const dossier = {
    ...draft.dossier, persons: [{ role: 'SUSPECT', name: 'a' }, { role: 'VILLAIN', name: 'b' }], identifiers: [{ kind: 'TELEX', value: '1' }, { kind: 'ACCOUNT', value: '2' }, { kind: 'account', value: '3' }],
    useRestrictions: ['USE_ONLY_FOR_CASE', 'NONE'], language: 'tlh',
  }
  expect(paths(draftCodeFaults(law, { ...draft, dossier }, TODAY)).sort()).toEqual([
    'input.dossier.identifiers[0].kind', 'input.dossier.identifiers[2].kind', 'input.dossier.language', 'input.dossier.persons[1].role', 'input.dossier.useRestrictions[1]',
  ])
})

test.each(['', ' ', '__proto__', 'constructor', 'SUSPECT ', 'suspect', 'SUSPECT\u0000', 'LANGUAGE fr', 'a'.repeat(20_000)])('the hostile role %j is no code and is not echoed', role => {
  const [fault, ...rest] = draftCodeFaults(law, { dossier: { persons: [{ role, name: 'x' }] } }, TODAY)
  expect(rest).toEqual([])
  expect(fault?.path).toBe('input.dossier.persons[0].role')
  if (role.length > 10) expect(JSON.stringify(fault)).not.toContain(role)
})

test.each<[object]>([[{}], [{ dossier: null }], [{ dossier: { persons: null } }], [{ dossier: { persons: 'SUSPECT' } }], [{ dossier: { persons: [null] } }]])('a draft without the parts is no fault: %j', input =>
  expect(draftCodeFaults(law, input, TODAY)).toEqual([]))

test('bank secrecy is no ground, and the error says so with its source', () => {
  const [fault] = actCodeFaults(law, { grounds: ['BANK_SECRECY'] }, TODAY)
  expect(fault).toMatchObject({ path: 'input.grounds[0]', list: 'REFUSAL_GROUND' })
  expect(fault?.message).toMatch(/bank secrecy is no ground.*UNTOC art\. 18\(8\)/i)
})

test('a refusal without a ground is refused', () => expect(paths(actCodeFaults(law, { grounds: [] }, TODAY))).toEqual(['input.grounds']))

test('codes of acts are checked at their places', () => {
  expect(actCodeFaults(law, { grounds: ['NO_LEGAL_BASIS'] }, TODAY)).toEqual([])
  const input = { grounds: ['NO_LEGAL_BASIS', 'WEATHER'], ground: 'NAP', conditions: ['TEA'], objections: ['HUH'], items: [{ sensitivity: ['MEDICAL'] }, { sensitivity: ['MEDICAL', 'SPICY'] }], dossier: { persons: [{ role: 'VILLAIN' }] } }
  expect(paths(actCodeFaults(law, input, TODAY))).toEqual([
    'input.grounds[1]', 'input.ground', 'input.conditions[0]', 'input.objections[0]', 'input.items[1].sensitivity[1]', 'input.dossier.persons[0].role',
  ])
})

test('what is said of a test of double criminality agrees with itself and with the grounds', () => {
  expect(actCodeFaults(law, { dualCriminality: { result: 'MET', matchedOffence: 'Theft, art. 139 of the Criminal Code' } }, TODAY)).toEqual([])
  expect(actCodeFaults(law, { grounds: ['NO_DUAL_CRIMINALITY'], dualCriminality: { result: 'NOT_MET' } }, TODAY)).toEqual([])
  expect(paths(actCodeFaults(law, { dualCriminality: { result: 'MET', matchedOffence: ' ' } }, TODAY))).toEqual(['input.dualCriminality.matchedOffence'])
  expect(paths(actCodeFaults(law, { grounds: ['NO_DUAL_CRIMINALITY'], dualCriminality: { result: 'MET', matchedOffence: 'Theft' } }, TODAY))).toEqual(['input.dualCriminality.result'])
})

describe('a code with days', () => {
  const row = (more: Partial<CodeRow>): CodeRow => ({ list: 'PERSON_ROLE', code: 'CULPRIT', text: 'Culprit', source: 'x', verified: false, ...more })
  const at = (day: string, more: Partial<CodeRow>): ReturnType<typeof draftCodeFaults> =>
    draftCodeFaults({ ...law, codes: [...law.codes, row(more)] } as Register, { dossier: { persons: [{ role: 'CULPRIT', name: 'x' }] } }, day)
  test('is refused after its last day, with its successor named', () => {
    expect(at('2026-06-30', { until: '2026-06-30', replacedBy: 'SUSPECT' })).toEqual([])
    const [fault] = at('2026-07-01', { until: '2026-06-30', replacedBy: 'SUSPECT' })
    expect(fault?.hint).toContain('SUSPECT')
    expect(fault?.message).toContain('2026-06-30')
  })
  test('is refused before its first day', () => {
    expect(at('2026-06-30', { from: '2026-07-01' })[0]?.message).toContain('2026-07-01')
    expect(at('2026-07-01', { from: '2026-07-01' })).toEqual([])
  })
})
