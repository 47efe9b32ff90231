// A consultation before a request: a draft shown to the other side, with a question and answers. No evidence, and no request yet. What of it the
// other side gets to know is said here.
import type { Fact } from './request'

type Step = Pick<Fact, 'from' | 'to'>

/** Taken while the draft is shown to the other side, or showing it: nothing that is said with it is evidence. */
export const isInConsultation = ({ from, to }: Step): boolean => from === 'CONSULTATION' || to === 'CONSULTATION'

/** From then on the request is the requesting side's alone again, until it is delivered. */
export const endsConsultation = ({ from, to }: Step): boolean => from === 'CONSULTATION' && to !== 'CONSULTATION'

/** A fact as the other side gets it: what is said as a consultation ends stays at home. */
export const asSent = (fact: Fact): Fact => (endsConsultation(fact) ? { ...fact, contents: {} } : fact)
