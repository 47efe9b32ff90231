// The order of usable instruments: by level, then the more specific to kind and measure, then the newer.
import type { InstrumentRow, LegalBasisQuestion } from './register'

const LEVELS: Readonly<Record<InstrumentRow['level'], number>> = { EU: 0, BILATERAL: 1, REGIONAL: 2, UNIVERSAL: 3, SCHEME: 4 }

/** Made for one of the measures counts more than made for the kind. */
function specificity({ specificTo }: InstrumentRow, { kind, measures }: LegalBasisQuestion): number {
  return (specificTo?.measures?.some(measure => measures.includes(measure)) ? 2 : 0) + (specificTo?.kinds?.includes(kind) ? 1 : 0)
}

const newness = ({ signedOn, inForceOn, knownInForceOn }: InstrumentRow): string => signedOn ?? inForceOn ?? knownInForceOn ?? ''

export const bestFirst = (question: LegalBasisQuestion) => (one: InstrumentRow, other: InstrumentRow): number =>
  LEVELS[one.level] - LEVELS[other.level] || specificity(other, question) - specificity(one, question) ||
  compare(newness(other), newness(one)) || compare(one.code, other.code)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
