// The law as this node applies it to its requests, from the node's own copy of the register.
import { overlayOf } from '../domain/beside'
import { deadlineLaw, deadlinesAfter, type AskedTerms } from '../domain/deadlines'
import { offenceOf } from '../domain/law/draft-check'
import { findings } from '../domain/law/findings'
import type { Register } from '../domain/law/register'
import { asReliedOn, reliedLaw, type ReliedLaw } from '../domain/law/relied-law'
import type { Dossier, Fact, RequestState, Said } from '../domain/request'
import { fault } from '../refusal'
import type { CalendarOf } from '../register/calendar'
import type { NodeLaw, OtherRequests } from './acts'

export interface LawParts { register: () => Register; countryOf: (authority: string) => string; calendarOf: CalendarOf }

const NO_OTHERS: OtherRequests = { openRequests: [], known: new Set() }

export function nodeLaw({ register, countryOf, calendarOf }: LawParts): NodeLaw {
  return {
    findings({ index, legalBases, ownReference, dossier }, now, others = NO_OTHERS) {
      const draft = { ...index, requesting: countryOf(index.requesting), requested: countryOf(index.requested), legalBases, ownReference, dossier }
      return findings(register(), draft, { now, today: now.slice(0, 10), ...others })
    },
    deadlinesAfter(before, fact, said, dossier, law) {
      const after = deadlinesAfter(before.deadlines, clockEvent(before, fact, said), lawOf(before, fact, dossier, law))
      return after === before.deadlines ? undefined : after
    },
    ladder: () => register().templates.escalationLadder ?? [],
    timeZoneOf: authority => jurisdictionOf(countryOf(authority)).capitalTimeZone,
    reliedLaw({ index, legalBases, dossier }, now) {
      const offence = offenceOf(dossier)
      const request = { ...index, requesting: countryOf(index.requesting), requested: countryOf(index.requested), legalBases, ...(offence && { offence }) }
      return reliedLaw(register(), request, now.slice(0, 10))
    },
  }

  function jurisdictionOf(country: string) {
    return register().jurisdictions.find(row => row.code === country) ?? fault(`no jurisdiction ${country} in the register`)
  }

  function lawOf(before: RequestState, fact: Fact, dossier: Dossier | null, law: ReliedLaw | null) {
    const state = fact.index ? { ...before, ...fact.index } : before
    return deadlineLaw(asReliedOn(register(), law), state, calendarOf(jurisdictionOf(countryOf(before.requested))), askedTerms(dossier))
  }
}

const askedTerms = (dossier: Dossier | null): AskedTerms => ({
  preserveUntil: dossier?.preservation?.until, reviewNoticeOn: dossier?.noticeToPerson?.reviewOn, neededBy: dossier?.neededBy, withReasons: Boolean(dossier?.urgencyGround),
})

function clockEvent(before: RequestState, fact: Fact, said: Said) {
  const { type, act, at, from, to, urgency, beside } = fact
  const remedyPending = overlayOf(before, 'LEGAL_REMEDY_PENDING') !== null
  return { type, act, at, from, to, resumeTo: before.resumeTo, sentAt: before.submittedAt, ...(said.answerBy && { answerBy: said.answerBy }), ...(said.until && { until: said.until }), ...(urgency && { urgency }), ...(beside && { beside }), remedyPending }
}

