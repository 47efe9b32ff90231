// Which instruments may be cited between two states on a day, best first, and why each other falls out. Every instrument of the register is in
// exactly one of the two lists. Knows only the kinds of rule; each has a file of its own.
import { EXCLUSION_REASONS, type ExclusionReason } from '../vocabulary'
import { bestFirst } from './best-first'
import { displaced } from './displaced'
import { dualCriminalityFor } from './dual-criminality'
import { ended } from './ended'
import { cited, statementsOf, type Asked, type ExclusionRule } from './exclusion'
import { kindNotCovered } from './kind-not-covered'
import { languagesFor } from './languages'
import { measureExcluded } from './measure-excluded'
import { notInForce } from './not-in-force'
import { offenceExcluded } from './offence-excluded'
import { partyMissing } from './party-missing'
import { partyOn, startOf } from './parties'
import { consultationsFor } from './refusal-findings'
import type { ExcludedInstrument, InstrumentRow, LegalBasisAnswer, LegalBasisQuestion, PartyRow, Register, UsableBasis } from './register'
import { stateName } from './register-index'
import { articlesOf, reservation } from './reservation'
import { timeLimitsFor } from './time-limits'

export { partiesOn } from './parties'

const RULES: Readonly<Record<Exclude<ExclusionReason, 'DISPLACED'>, ExclusionRule>> = {
  NOT_IN_FORCE: notInForce, ENDED: ended, PARTY_MISSING: partyMissing, KIND_NOT_COVERED: kindNotCovered,
  MEASURE_EXCLUDED: measureExcluded, OFFENCE_EXCLUDED: offenceExcluded, RESERVATION: reservation,
}

/** The first reason of the enum's order counts. */
const ORDER = EXCLUSION_REASONS.flatMap(because => (because === 'DISPLACED' ? [] : [{ because, rule: RULES[because] }]))
const SAME_STATE = ORDER.filter(({ because }) => because === 'PARTY_MISSING')

export function legalBases(register: Register, question: LegalBasisQuestion): LegalBasisAnswer {
  const asked: Asked = { register, question }
  const excluded: ExcludedInstrument[] = [], standing: InstrumentRow[] = []
  for (const instrument of register.instruments) {
    const why = exclusion(instrument, asked)
    if (why) excluded.push(why)
    else standing.push(instrument)
  }
  const usable: UsableBasis[] = []
  for (const instrument of standing.sort(bestFirst(question))) {
    const explanation = displaced(instrument, standing)
    if (explanation) excluded.push({ instrument, because: 'DISPLACED', explanation })
    else usable.push(usableBasis(instrument, asked))
  }
  return usable.length > 0 ? { on: question.on, usable, excluded } : byReciprocity(asked, excluded)
}

function exclusion(instrument: InstrumentRow, asked: Asked): ExcludedInstrument | null {
  for (const { because, rule } of asked.question.requesting === asked.question.requested ? SAME_STATE : ORDER) {
    const explanation = rule(instrument, asked)
    if (explanation !== null) return { instrument, because, explanation }
  }
  return null
}

/** Nothing is usable: each explanation points to what is left. */
function byReciprocity({ register, question: { requesting, requested, kind, measures, offence, on } }: Asked, excluded: readonly ExcludedInstrument[]): LegalBasisAnswer {
  if (requesting === requested) return { on, usable: [], excluded: [...excluded] }
  const explanation = `Nothing is usable between ${stateName(register, requesting)} and ${stateName(register, requested)} for this: a request may rest on an offer of reciprocity, as far as the law of ${stateName(register, requested)} lets it`
  return {
    on, usable: [], excluded: excluded.map(each => ({ ...each, explanation: `${each.explanation}. ${explanation}` })),
    reciprocity: {
      explanation: `${explanation}.`, languages: languagesFor(register, null, requested, kind),
      dualCriminalityTest: dualCriminalityFor(register, { instrument: null, requested, kind, measures, ...(offence && { offence }) }).test,
    },
  }
}

function usableBasis(instrument: InstrumentRow, asked: Asked): UsableBasis {
  const { register, question: { requesting, requested, kind, measures, offence, on } } = asked
  const parties = [requesting, requested].flatMap(state => partyOn(instrument, state, on) ?? [])
  const applied = statementsOf(instrument, asked).map(({ statement }) => statement).filter(row => row.condition || row.excludes)
  const { rule, test } = dualCriminalityFor(register, { instrument, requested, kind, measures, ...(offence && { offence }) })
  return {
    instrument, articles: articlesOf(instrument, asked), channel: instrument.channel, urgentChannel: instrument.urgentChannel ?? null,
    languages: languagesFor(register, instrument, requested, kind), dualCriminality: rule, dualCriminalityTest: test,
    timeLimits: timeLimitsFor(register, instrument, kind, measures, null), conditions: conditionsOf(instrument, asked, parties),
    verified: instrument.verified && parties.every(party => party.verified && party.inForceOn !== undefined) && applied.every(statement => statement.verified),
  }
}

/** What goes with the answer: the instrument's own conditions, statements, a kind that rests on another instrument, and days that are not known. */
function conditionsOf(instrument: InstrumentRow, asked: Asked, parties: readonly PartyRow[]): string[] {
  const { register, question: { kind } } = asked
  return [
    ...(instrument.conditions ?? []),
    ...consultationsFor(instrument, kind).map(row => `${row.because} (${row.source})`),
    ...statementsOf(instrument, asked).filter(({ statement }) => statement.condition || statement.excludes).map(({ state, statement }) => `${stateName(register, state)}: ${statement.text}${cited(statement)}`),
    ...(instrument.kindLimits ?? []).filter(row => row.kind === kind && row.through !== undefined).map(row => `${row.because}; cite ${row.through} too`),
    ...parties.filter(party => party.inForceOn === undefined)
      .map(party => `From which day ${stateName(register, party.state)} is bound is not known; counted from ${startOf(instrument)}${cited(party)}`),
  ]
}
