// Plays the demo requests through the public API of the hub, as their officials would: nothing is written past it.
import { setTimeout as pause } from 'node:timers/promises'
import type { Act, Role } from '../domain/vocabulary'
import { fault } from '../refusal'
import type { DataFolder } from './data-folder'
import { demoDesks } from './demo-desks'
import { DEMO_REQUESTS, type DemoRequest } from './demo-requests'
import { tokenOf } from './token'

interface Played { reference: string; version: number; status: string; pending: unknown[] }
type Ask = (country: string, role: Role, query: string, variables: Record<string, unknown>) => Promise<Record<string, unknown>>

interface Step { mutation: string; input: string; by: 'from' | 'to'; role: Role; words?: () => Record<string, unknown> }

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

const STEPS: Partial<Record<Act, Step>> = {
  VALIDATE: { mutation: 'validateRequest', input: 'ValidateInput', by: 'from', role: 'VALIDATOR' },
  SUBMIT: { mutation: 'submitRequest', input: 'SubmitInput', by: 'from', role: 'OFFICIAL' },
  ACKNOWLEDGE: { mutation: 'acknowledgeRequest', input: 'AcknowledgeInput', by: 'to', role: 'LIAISON', words: () => ({ handler: 'Unit for international cooperation', ownReference: 'N 26/17' }) },
  BEGIN_ASSESSMENT: { mutation: 'beginAssessment', input: 'BeginAssessmentInput', by: 'to', role: 'OFFICIAL' },
  ASK_FOR_INFORMATION: { mutation: 'askForInformation', input: 'AskForInformationInput', by: 'to', role: 'OFFICIAL', words: () => ({ missing: ['The period in which the account was used'], answerBy: inDays(20) }) },
  PROPOSE_SCOPE: { mutation: 'proposeScope', input: 'ProposeScopeInput', by: 'to', role: 'OFFICIAL', words: () => ({ objections: ['TIME_WINDOW_TOO_WIDE'], proposal: 'Account movements of the three months in which the transfers were made.' }) },
  ACCEPT: { mutation: 'acceptRequest', input: 'AcceptInput', by: 'to', role: 'OFFICIAL', words: () => ({ reasons: 'The conditions of the instrument are met.' }) },
  REFUSE: { mutation: 'refuseRequest', input: 'RefuseInput', by: 'to', role: 'OFFICIAL', words: () => ({ grounds: ['NE_BIS_IN_IDEM'], reasons: 'The person was acquitted of the same acts by a final judgment.', remedies: 'A narrowed request on the other acts remains possible.' }) },
  BEGIN_EXECUTION: { mutation: 'beginExecution', input: 'BeginExecutionInput', by: 'to', role: 'OFFICIAL' },
  REPORT_RESULTS: { mutation: 'reportResults', input: 'ReportResultsInput', by: 'to', role: 'OFFICIAL', words: () => ({ items: [{ label: 'Account opening file', mediaType: 'application/pdf', bytes: 482_113, sha256: 'a3'.repeat(32), sensitivity: [] }], complete: true }) },
  CONFIRM_RESULTS: { mutation: 'confirmResults', input: 'ConfirmResultsInput', by: 'from', role: 'OFFICIAL' },
}

const TOLD_WITHIN_MS = 10_000

export async function playDemo(folder: DataFolder, countries: readonly string[], url: string, say: (line: string) => void): Promise<void> {
  const ask = asking(folder, url)
  await Promise.all(countries.map(country => publishDesks(ask, country)))
  const requests = DEMO_REQUESTS.filter(({ from, to }) => countries.includes(from) && countries.includes(to))
  if (requests.length > 0) say(`playing ${requests.length} demo requests through the public API …`)
  await Promise.all(requests.map(request => play(ask, request)))
}

/** The roster first, so that what is sent finds somebody on duty. */
async function publishDesks(ask: Ask, country: string): Promise<void> {
  for (const input of demoDesks(country)) await ask(country, 'LIAISON', 'mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input })
}

async function play(ask: Ask, request: DemoRequest): Promise<void> {
  const { from, to, acts, basis, kind, urgency, ownReference, measures, dossier } = request
  const input = { idempotencyKey: `demo ${ownReference}`, kind, matter: 'CRIMINAL', urgency, requested: to, ownReference, legalBases: [basis], measures, dossier }
  let state = requestIn(await ask(from, 'OFFICIAL', 'mutation($input: DraftRequestInput!) { done: draftRequest(input: $input) { request { reference version status pending { act } } } }', { input }))
  for (const act of acts) {
    const step = STEPS[act] ?? fault(`the demo has no step ${act}`)
    const country = step.by === 'from' ? from : to
    state = await settled(ask, country, state.reference, step)
    const query = `mutation($input: ${step.input}!) { done: ${step.mutation}(input: $input) { request { reference version status pending { act } } } }`
    state = requestIn(await ask(country, step.role, query, { input: { reference: state.reference, expectedVersion: state.version, ...step.words?.() } }))
  }
}

const requestIn = (data: Record<string, unknown>): Played => (data['done'] as { request: Played }).request

/** The request as this side sees it once it can act on it: a letter needs a moment. */
async function settled(ask: Ask, country: string, reference: string, { mutation }: Step): Promise<Played> {
  const until = Date.now() + TOLD_WITHIN_MS
  const offered = ACT_OF[mutation]
  for (;;) {
    const { request } = (await ask(country, mutation === 'validateRequest' ? 'VALIDATOR' : 'OFFICIAL', 'query($reference: String!) { request(reference: $reference) { reference version status pending { act } availableActs } }', { reference })) as { request: (Played & { availableActs: string[] }) | null }
    if (request && offered && request.availableActs.includes(offered)) return request
    if (Date.now() > until) fault(`the demo waited in vain for ${reference} to allow ${offered ?? mutation}`)
    await pause(20)
  }
}

const ACT_OF: Record<string, Act | undefined> = Object.fromEntries(Object.entries(STEPS).map(([act, step]) => [step?.mutation, act as Act]))

function asking(folder: DataFolder, url: string): Ask {
  const tokens = new Map<string, Promise<string>>()
  const SUBJECTS: Partial<Record<Role, string>> = { OFFICIAL: 'demo-official', VALIDATOR: 'demo-validator', LIAISON: 'demo-desk' }
  return async (country, role, query, variables) => {
    const key = `${country} ${role}`
    const token = tokens.get(key) ?? tokenOf(folder, country, role, SUBJECTS[role] ?? 'demo', 600)
    tokens.set(key, token)
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${await token}` }, body: JSON.stringify({ query, variables }) })
    const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: { message: string; extensions?: unknown }[] }
    if (errors?.[0] || !data) fault(`the demo was refused: ${JSON.stringify(errors?.[0] ?? null).slice(0, 1_000)}`)
    return data
  }
}
