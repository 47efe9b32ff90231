import { loadRegister } from '../../src/register/load'
import { legalBases } from '../../src/domain/law/legal-bases'
test('try', () => {
  let r
  try { r = loadRegister('seeds/register') } catch (e: any) { console.log(e.message); throw e }
  const show = (a: string, b: string, kind: any, on: string, measures: any[] = []) => { const x = legalBases(r, { requesting: a, requested: b, kind, matter: 'CRIMINAL', measures, on }); console.log(a, b, kind, on, JSON.stringify(x.usable.map(u => [u.instrument.code, u.articles, u.languages, u.dualCriminality, u.timeLimits.length, u.conditions, u.verified])), x.excluded.map(e => `${e.instrument.code} ${e.because} ${e.explanation}`).join('\n')) }
  show('DE', 'FR', 'EVIDENCE', '2026-11-24'); show('DE', 'PL', 'SUBSCRIBER_INFORMATION', '2026-11-24'); show('BR', 'NG', 'EXTRADITION', '1950-01-01'); show('GB', 'FR', 'EVIDENCE', '2026-11-24')
})
