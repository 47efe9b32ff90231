// RESERVATION: a statement of one of the two states takes the kind, a measure, or every article for the kind out of the instrument.
import { cited, reservationsOf, type Asked, type ExclusionRule } from './exclusion'
import type { InstrumentRow } from './register'
import { stateName } from './register-index'

export const reservation: ExclusionRule = (instrument, asked) => {
  const { kind, measures } = asked.question
  const named = instrument.articles[kind] ?? instrument.articles['*'] ?? []
  const noneLeft = named.length > 0 && articlesOf(instrument, asked).length === 0
  const found = reservationsOf(instrument, asked).find(({ statement: { excludes } }) =>
    excludes?.kinds?.includes(kind) || excludes?.measures?.some(measure => measures.includes(measure)) || (noneLeft && excludes?.articles?.some(article => named.includes(article))))
  if (!found) return null
  const { state, statement } = found
  return `${stateName(asked.register, state)}${statement.from ? ` since ${statement.from}` : ''}: ${statement.text}${cited(statement)}`
}

/** Articles to cite for the kind, without those that a reservation between the two takes out. */
export function articlesOf(instrument: InstrumentRow, asked: Asked): string[] {
  const out = reservationsOf(instrument, asked).flatMap(({ statement }) => statement.excludes?.articles ?? [])
  return (instrument.articles[asked.question.kind] ?? instrument.articles['*'] ?? []).filter(article => !out.includes(article))
}
