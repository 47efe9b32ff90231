// Warns of a request that fishes: a window too long, or measures without window, identifier and person.
import { addDuration, parseDuration } from '../../calendar-days'
import { isMissing } from '../draft-paths'
import { warningAt, type Rule } from '../draft-check'
import { requiredFields } from '../template'

export const overBroad: Rule = ({ register, draft, circumstances }) => {
  const { dossier } = draft
  const most = register.templates.thresholds.find(row => row.name === 'WINDOW_AT_MOST'), window = dossier.timeWindow
  if (most && window && window.to.slice(0, 10) > addDuration(window.from.slice(0, 10), parseDuration(most.limit))) {
    return [warningAt('dossier.timeWindow', 'OVER_BROAD', `The time window is longer than ${inWords(most.limit)}.`, 'Narrow it to what the case needs, or say why it must be so long.', most.source)]
  }
  if (!circumstances.measures?.length || window || !isMissing(dossier.identifiers) || !isMissing(dossier.persons)) return []
  // Where a person must be named, that one is missed already.
  if (requiredFields(register, draft.kind, circumstances).some(({ row }) => row.path === 'dossier.persons')) return []
  return [warningAt('dossier', 'OVER_BROAD', 'The request names no time window, no identifier and no person.', 'Bound it by at least one of them.', most?.source ?? null)]
}

const UNITS = { Y: 'years', M: 'months', W: 'weeks', D: 'days', h: 'hours', m: 'minutes' } as const

function inWords(limit: string): string {
  const { amount, unit } = parseDuration(limit)
  return `${amount} ${UNITS[unit]}`
}
