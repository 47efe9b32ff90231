// Requests between DE and FR in which every free text is a canary, in all conditions that decide who may see what: a draft, one in consultation, one far
// on its way with everything that acts say, and one that is urgent. NL is party to none of them; it has sent DE one of its own.
import { take, sent, staff, type Staff } from './case'
import { evidence, supplemented } from './case-words'
import type { RunningHouses } from './running-houses'

export const CANARY = 'CANARY5b1e'
export const CONDITIONS = ['draft', 'consulted', 'far', 'urgent'] as const
export type Condition = (typeof CONDITIONS)[number]
export interface ShownRows { rows: Record<Condition, string>; people: Staff; /** From NL to DE. */ dutch: string; contact: string; handOver: string }

const marked = (text: string): string => `${CANARY} ${text}`
const { facts } = evidence('')['dossier'] as { facts: string }
const input = (key: string, more: Record<string, unknown> = {}): object => evidence(key, {}, { facts: marked(facts), purpose: marked('To find the holder.'), ...more })

async function farOnItsWay(people: Staff): Promise<string> {
  const { reference } = await people.anna.act('draftRequest', input('far'))
  await take(people, reference, 'CONSULT', { question: marked('Would this do?') })
  await people.lucAtHome.until(reference, 'CONSULTATION')
  const seen = await people.luc.look(reference)
  await people.luc.act('answerConsultation', { reference, expectedVersion: seen?.version, answer: marked('It would.') })
  const words: [Parameters<typeof take>[2], object][] = [
    ['VALIDATE', { note: marked('Seen.') }], ['SUBMIT', { note: marked('With thanks.') }], ['ACKNOWLEDGE', {}], ['BEGIN_ASSESSMENT', { note: marked('Taken up.') }],
    ['ASK_FOR_INFORMATION', { missing: [marked('The period')] }], ['SUPPLEMENT', { dossier: supplemented({ facts: marked(facts) }) }], ['PROPOSE_SCOPE', { proposal: marked('One month.') }], ['ANSWER_SCOPE', { counter: marked('Two.') }],
    ['ACCEPT', { reasons: marked('All is met.') }], ['BEGIN_EXECUTION', {}], ['REPORT_PART', { items: [{ label: marked('File'), mediaType: 'application/pdf', bytes: 4, sha256: 'a3'.repeat(32), sensitivity: [] }] }],
  ]
  for (const [step, more] of words) await take(people, reference, step, more)
  const reported = await people.anna.until(reference, 'PARTIALLY_EXECUTED')
  await people.anna.act('askFurtherUse', { reference, expectedVersion: reported?.version, purpose: marked('In the case against the fence.') })
  return reference
}

async function urgent(people: Staff): Promise<string> {
  const { reference } = await sent({ drafter: people.anna, validator: people.vera, receiver: people.luc }, input('urgent'))
  await take(people, reference, 'CHANGE_URGENCY', { reason: marked('A life is at risk.') })
  await take(people, reference, 'ACKNOWLEDGE')
  await take(people, reference, 'BEGIN_ASSESSMENT')
  await take(people, reference, 'REFUSE', { reasons: marked('Acquitted.') })
  await people.annaAtHome.until(reference, 'REFUSED')
  return reference
}

async function deskOf(houses: RunningHouses): Promise<{ contact: string; handOver: string }> {
  const duty = await houses.desk('DE', 'LIAISON')
  const desk = { function: 'Duty desk', channels: [{ kind: 'EMAIL', address: 'desk@example.org' }], languages: ['en'], roundTheClock: true, competences: ['EVIDENCE'], reviewBy: '2027-06-30' }
  const { done } = await duty.read<{ done: { contactPoint: { id: string } } }>('mutation($input: ContactPointInput!) { done: publishContactPoint(input: $input) { contactPoint { id } } }', { input: desk })
  const left = await duty.read<{ done: { handOver: { id: string } } }>('mutation($input: HandOverShiftInput!) { done: handOverShift(input: $input) { handOver { id } } }', { input: { contactPoint: done.contactPoint.id, note: marked('Look after it.') } })
  return { contact: done.contactPoint.id, handOver: left.done.handOver.id }
}

/** That it arrives tells that all that was sent before has come too; and from then on NL's viewers are vouched for at DE. */
async function dutchOne(houses: RunningHouses): Promise<string> {
  const [drafter, validator, receiver] = await Promise.all([houses.desk('NL', 'OFFICIAL', 'jan'), houses.desk('NL', 'VALIDATOR', 'vos'), houses.desk('DE', 'OFFICIAL', 'anna', 'DE')])
  return (await sent({ drafter, validator, receiver }, evidence('from-nl', { requested: 'DE' }, { language: 'de' }))).reference
}

/** Makes them all; `houses` run DE, FR and NL. */
export async function shownRows(houses: RunningHouses): Promise<ShownRows> {
  const people = await staff(houses)
  const draft = (await people.anna.act('draftRequest', input('draft'))).reference
  const [far, late, desk] = await Promise.all([farOnItsWay(people), urgent(people), deskOf(houses)])
  const consulted = (await people.anna.act('draftRequest', input('consulted', { relatedRequests: [{ reference: late, relation: 'PARALLEL' }] }))).reference
  await take(people, consulted, 'CONSULT', { question: marked('Would this do?') })
  await people.lucAtHome.until(consulted, 'CONSULTATION')
  return { rows: { draft, consulted, far, urgent: late }, people, dutch: await dutchOne(houses), ...desk }
}
