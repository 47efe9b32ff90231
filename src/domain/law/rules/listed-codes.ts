// Every code is listed as of today: a draft may outlive a code.
import { draftCodeFaults } from '../code-faults'
import { faultAt, type Rule } from '../draft-check'

export const listedCodes: Rule = ({ register, draft, facts }) =>
  draftCodeFaults(register, draft, facts.today, '').map(({ path, message, hint }) => faultAt(path, 'CODE_UNLISTED', message, hint, null))
