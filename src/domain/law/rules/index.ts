// All rules of a draft, in the order in which their findings are shown. One rule a file; a new one is added here.
import type { Rule } from '../draft-check'
import { attachedDocuments } from './attached-documents'
import { blankParts } from './blank-parts'
import { emergencyKinds } from './emergency-kinds'
import { language } from './language'
import { legalBases } from './legal-bases'
import { likelyDuplicate } from './likely-duplicate'
import { listedCodes } from './listed-codes'
import { mandatoryFields } from './mandatory-fields'
import { measuresOfKind } from './measures-of-kind'
import { noticeReview } from './notice-review'
import { overBroad } from './over-broad'
import { penaltyThreshold } from './penalty-threshold'
import { periods } from './periods'
import { personConsents } from './person-consents'
import { personsOfKind } from './persons-of-kind'
import { preservationTerm } from './preservation-term'
import { relatedRequests } from './related-requests'
import { retention } from './retention'
import { sentenceLeft } from './sentence-left'
import { textLengths } from './text-lengths'
import { timeWindow } from './time-window'

export const RULES: readonly Rule[] = Object.freeze([
  mandatoryFields, textLengths, blankParts, listedCodes, measuresOfKind, legalBases, language, emergencyKinds, personsOfKind, penaltyThreshold,
  sentenceLeft, personConsents, attachedDocuments, timeWindow, periods, retention, preservationTerm, noticeReview, relatedRequests, overBroad, likelyDuplicate,
])
