// A time window begins before it ends.
import { faultAt, type Rule } from '../draft-check'

export const timeWindow: Rule = ({ draft }) => {
  const window = draft.dossier.timeWindow
  if (!window || Date.parse(window.from) < Date.parse(window.to)) return []
  return [faultAt('dossier.timeWindow', 'TIME_WINDOW_REVERSED', 'The time window does not begin before it ends.', 'Let `from` lie before `to`.', null)]
}
