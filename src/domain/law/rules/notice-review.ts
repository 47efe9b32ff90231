// A deferral of the notice to the person is reviewed on a day to come.
import { faultAt, type Rule } from '../draft-check'

export const noticeReview: Rule = ({ draft, facts }) => {
  const on = draft.dossier.noticeToPerson?.reviewOn
  if (!on || on > facts.today) return []
  return [faultAt('dossier.noticeToPerson.reviewOn', 'NOTICE_REVIEW_PAST', 'The day of review is not in the future.', 'Name a later day, or say that the person is told now.', null)]
}
