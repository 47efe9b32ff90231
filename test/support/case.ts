// One request from DE to FR through the public API: drafted complete, and brought to any state by the acts that lead there.
import type { Act, RequestStatus } from '../../src/domain/vocabulary'
import { evidence, inDays, supplemented } from './case-words'
import type { Acted, Desk } from './desk'
import type { RunningHouses } from './running-houses'

export interface Staff {
  anna: Desk
  /** Validates what others drafted. */
  vera: Desk
  luc: Desk
  /** The desk on duty. */
  nuit: Desk
  annaAtHome: Desk
  lucAtHome: Desk
}

/** Officials of both sides, a validator of the one and the desk on duty of the other, all asking the hub; two of them at their own nodes too. */
export async function staff(houses: RunningHouses): Promise<Staff> {
  const [anna, vera, luc, nuit, annaAtHome, lucAtHome] = await Promise.all([
    houses.desk('DE', 'OFFICIAL', 'anna'), houses.desk('DE', 'VALIDATOR', 'vera'), houses.desk('FR', 'OFFICIAL', 'luc'), houses.desk('FR', 'LIAISON', 'nuit'),
    houses.desk('DE', 'OFFICIAL', 'anna', 'DE'), houses.desk('FR', 'OFFICIAL', 'luc', 'FR'),
  ])
  return { anna, vera, luc, nuit, annaAtHome, lucAtHome }
}

export interface Step { act: Act; mutation: string; by: Exclude<keyof Staff, `${string}AtHome`>; words?: object }

const LATER = inDays(400)
const ITEM = { label: 'Account opening file', mediaType: 'application/pdf', bytes: 4_821_130_000, sha256: 'a3'.repeat(32), sensitivity: [] }

export const STEPS = {
  CONSULT: { act: 'CONSULT', mutation: 'consultRequest', by: 'anna', words: { question: 'Would this do?' } },
  VALIDATE: { act: 'VALIDATE', mutation: 'validateRequest', by: 'vera', words: { note: 'Seen and agreed.' } },
  SUBMIT: { act: 'SUBMIT', mutation: 'submitRequest', by: 'anna', words: { note: 'With thanks.' } },
  WITHDRAW: { act: 'WITHDRAW', mutation: 'withdrawRequest', by: 'anna', words: { reason: 'The suspect confessed.' } },
  ACKNOWLEDGE: { act: 'ACKNOWLEDGE', mutation: 'acknowledgeRequest', by: 'nuit', words: { handler: 'Unit 4', ownReference: 'N 26/17' } },
  REDIRECT: { act: 'REDIRECT', mutation: 'redirectRequest', by: 'nuit', words: { to: 'authority:BR', reason: 'The provider sits in Brazil.' } },
  BEGIN_ASSESSMENT: { act: 'BEGIN_ASSESSMENT', mutation: 'beginAssessment', by: 'luc', words: { note: 'Taken up.' } },
  ASK_FOR_INFORMATION: { act: 'ASK_FOR_INFORMATION', mutation: 'askForInformation', by: 'luc', words: { missing: ['The period'], answerBy: LATER, note: 'Please.' } },
  SUPPLEMENT: { act: 'SUPPLEMENT', mutation: 'supplementRequest', by: 'anna', words: { note: 'The period is added.', dossier: supplemented() } },
  PROPOSE_SCOPE: { act: 'PROPOSE_SCOPE', mutation: 'proposeScope', by: 'luc', words: { objections: ['TIME_WINDOW_TOO_WIDE'], proposal: 'One month.', measures: ['BANK_TRANSACTIONS'], timeWindow: { from: inDays(-220), to: inDays(-190) } } },
  ANSWER_SCOPE: { act: 'ANSWER_SCOPE', mutation: 'answerScopeProposal', by: 'anna', words: { accept: true } },
  ACCEPT: { act: 'ACCEPT', mutation: 'acceptRequest', by: 'luc', words: { reasons: 'All is met.' } },
  ACCEPT_ON_CONDITIONS: { act: 'ACCEPT', mutation: 'acceptRequest', by: 'luc', words: { reasons: 'All but one is met.', conditions: ['SPECIALITY'] } },
  ANSWER_CONDITIONS: { act: 'ANSWER_CONDITIONS', mutation: 'answerConditions', by: 'anna', words: { accept: true, note: 'Agreed.' } },
  REFUSE: { act: 'REFUSE', mutation: 'refuseRequest', by: 'luc', words: { grounds: ['NE_BIS_IN_IDEM'], reasons: 'Acquitted.', remedies: 'A narrowed request.' } },
  POSTPONE: { act: 'POSTPONE', mutation: 'postponeRequest', by: 'luc', words: { ground: 'ONGOING_INVESTIGATION', until: LATER, note: 'Own trial first.' } },
  RESUME: { act: 'RESUME', mutation: 'resumeRequest', by: 'luc' },
  BEGIN_EXECUTION: { act: 'BEGIN_EXECUTION', mutation: 'beginExecution', by: 'luc' },
  REPORT_PART: { act: 'REPORT_RESULTS', mutation: 'reportResults', by: 'luc', words: { items: [ITEM], complete: false } },
  REPORT_ALL: { act: 'REPORT_RESULTS', mutation: 'reportResults', by: 'luc', words: { items: [ITEM], complete: true, note: 'That is all.' } },
  DECLARE_IMPOSSIBLE: { act: 'DECLARE_IMPOSSIBLE', mutation: 'declareImpossible', by: 'luc', words: { reason: 'The data were deleted.' } },
  CONFIRM_RESULTS: { act: 'CONFIRM_RESULTS', mutation: 'confirmResults', by: 'anna' },
  CHANGE_URGENCY: { act: 'CHANGE_URGENCY', mutation: 'changeUrgency', by: 'luc', words: { urgency: 'URGENT', reason: 'A life is at risk.' } },
  CLOSE: { act: 'CLOSE', mutation: 'closeRequest', by: 'luc' },
} as const satisfies Record<string, Step>
export type StepName = keyof typeof STEPS

const ASSESSED: readonly StepName[] = ['VALIDATE', 'SUBMIT', 'ACKNOWLEDGE', 'BEGIN_ASSESSMENT']

/** Which steps lead to a state. */
const WAYS = {
  DRAFT: [], DELIVERED: ['VALIDATE', 'SUBMIT'], INFO_REQUESTED: [...ASSESSED, 'ASK_FOR_INFORMATION'], NEGOTIATION: [...ASSESSED, 'PROPOSE_SCOPE'],
  EXECUTING: [...ASSESSED, 'ACCEPT', 'BEGIN_EXECUTION'], EXECUTED: [...ASSESSED, 'ACCEPT', 'BEGIN_EXECUTION', 'REPORT_ALL'],
} as const satisfies Partial<Record<RequestStatus, readonly StepName[]>>

let drafts = 0
const RUN = Date.now()

/** The input of a complete draft from DE to FR with a fresh key. */
export const draftInput = (more: Record<string, unknown> = {}, dossier: Record<string, unknown> = {}): Record<string, unknown> => evidence(`${RUN}-${++drafts}`, more, dossier)

export const drafted = ({ anna }: Staff, more: Record<string, unknown> = {}, dossier: Record<string, unknown> = {}): Promise<Acted> => anna.act('draftRequest', draftInput(more, dossier))

/** A request drafted, validated and sent, as the requested side has it. */
export async function sent({ drafter, validator, receiver }: Record<'drafter' | 'validator' | 'receiver', Desk>, input: object): Promise<Acted> {
  const { reference, version } = await drafter.act('draftRequest', input)
  const validated = await validator.act('validateRequest', { reference, expectedVersion: version })
  await drafter.act('submitRequest', { reference, expectedVersion: validated.version })
  return (await receiver.until(reference, 'DELIVERED')) as Acted
}

/** Takes a step on the request as its actor sees it, once that side may. */
export function take(people: Staff, reference: string, name: StepName, words: object = {}): Promise<Acted> {
  const step: Step = STEPS[name]
  return people[step.by].actOnceOffered(step.act, step.mutation, reference, { ...step.words, ...words })
}

/** A fresh request in a state, settled on both sides. */
export async function requestIn(people: Staff, status: keyof typeof WAYS, more: Record<string, unknown> = {}): Promise<string> {
  const { reference } = await drafted(people, more)
  for (const step of WAYS[status]) await take(people, reference, step)
  await settled(people, reference, status)
  return reference
}

/** Both stores have the request in this state. */
export async function settled({ annaAtHome, lucAtHome }: Staff, reference: string, status: RequestStatus): Promise<void> {
  await annaAtHome.until(reference, status)
  if (status !== 'DRAFT' && status !== 'VALIDATED') await lucAtHome.until(reference, status)
}

/** One field of a request, whatever is selected of it. */
export async function field<Value>(desk: Desk, reference: string, selection: string): Promise<Value> {
  const { request } = await desk.read<{ request: { field: Value } | null }>(`query($reference: String!) { request(reference: $reference) { field: ${selection} } }`, { reference })
  if (!request) throw new TypeError(`${reference} does not exist for this desk`)
  return request.field
}

