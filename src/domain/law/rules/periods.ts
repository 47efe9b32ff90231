// A period of a part begins before it ends.
import { partsAt, valueAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { fieldsOf } from '../template'

export const periods: Rule = ({ register, draft }) =>
  fieldsOf(register, draft.kind).flatMap(({ row }) => {
    const [first = '', last = ''] = row.period ?? []
    return row.period ? partsAt(draft, row.path).flatMap(({ path, value }) => reversed(path, valueAt(value, first.slice(1)), valueAt(value, last.slice(1)))) : []
  })

function reversed(path: string, from: unknown, to: unknown): ReturnType<Rule> {
  if (typeof from !== 'string' || typeof to !== 'string' || Date.parse(from) <= Date.parse(to)) return []
  return [faultAt(path, 'PERIOD_REVERSED', 'The period does not begin before it ends.', 'Let the first moment lie before the last.', null)]
}
