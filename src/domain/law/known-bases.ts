// Legal bases that were asked for before. The same question on days of the same law has the same answer, so that a page of a form, or many systems at once,
// do not work it out again. Bounded, and gone with the register.
import { LRUCache } from 'lru-cache'
import { ChangeDays } from './change-days'
import { legalBases } from './legal-bases'
import type { ExclusionReason } from '../vocabulary'
import type { ExcludedInstrument, InstrumentRow, LegalBasisAnswer, LegalBasisQuestion, Register } from './register'

const ANSWERS_KEPT = 2_000

interface Known { days: ChangeDays; answers: LRUCache<string, LegalBasisAnswer> }

const registers = new WeakMap<Register, Known>()

export function knownLegalBases(register: Register, question: LegalBasisQuestion): LegalBasisAnswer {
  const { days, answers } = knownOf(register)
  const { on, ...rest } = question
  const key = JSON.stringify([days.eraOf(on), rest])
  const known = answers.get(key) ?? legalBases(register, question)
  answers.set(key, known)
  return known.on === on ? known : { ...known, on, excluded: known.excluded.map(each => new ExcludedOn(each, known.on, on)) }
}

/** The same reason, told of another day. An answer is shared by days of which no row speaks, so that the day in its words is the one that was asked for. */
class ExcludedOn implements ExcludedInstrument {
  readonly instrument: InstrumentRow
  readonly because: ExclusionReason

  constructor(private readonly known: ExcludedInstrument, private readonly day: string, private readonly on: string) {
    this.instrument = known.instrument
    this.because = known.because
  }

  get explanation(): string { return this.known.explanation.replaceAll(this.day, this.on) }
}

function knownOf(register: Register): Known {
  const known = registers.get(register) ?? { days: new ChangeDays(register), answers: new LRUCache<string, LegalBasisAnswer>({ max: ANSWERS_KEPT }) }
  registers.set(register, known)
  return known
}
