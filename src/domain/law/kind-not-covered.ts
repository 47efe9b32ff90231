// KIND_NOT_COVERED: another matter, another kind, or a kind that is covered only from a day on or through another instrument.
import { cited, type Asked, type ExclusionRule } from './exclusion'
import { bindsBoth } from './parties'
import type { KindLimitRow } from './register'
import { instrumentOf } from './register-index'

export const kindNotCovered: ExclusionRule = (instrument, asked) => {
  const { kind, matter } = asked.question
  if (!instrument.matters.includes(matter)) return `${instrument.code} is for ${instrument.matters.join(', ')} matters, not ${matter}${cited(instrument)}`
  if (instrument.kinds.length === 0) return `${instrument.code} is no basis for a request of its own: the register names no kind that it covers${cited(instrument)}`
  if (!instrument.kinds.includes(kind)) return `${instrument.code} does not cover ${kind}${cited(instrument)}`
  const limit = instrument.kindLimits?.find(row => row.kind === kind && !holds(row, asked))
  return limit ? `${instrument.code} does not cover ${kind} here: ${limit.because}${when(limit, asked)}${cited(limit)}` : null
}

function holds({ from, until, through }: KindLimitRow, { register, question: { requesting, requested, on } }: Asked): boolean {
  if ((from !== undefined && on < from) || (until !== undefined && until < on)) return false
  const other = through === undefined ? null : instrumentOf(register, through)
  return through === undefined || (other !== null && bindsBoth(other, requesting, requested, on))
}

function when({ from, until, through }: KindLimitRow, { question: { requesting, requested, on } }: Asked): string {
  if (from !== undefined && on < from) return `, from ${from} on`
  if (until !== undefined && until < on) return `, until ${until}`
  return through === undefined ? '' : `; ${through} is not in force between ${requesting} and ${requested} on ${on}`
}
