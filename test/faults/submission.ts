// One submission from Germany to France at the public API of their own nodes, in the words that fault tests share: what a case system does
// that meets a dead house (it says the same again), and what must be true of the request afterwards.
import { preservation } from '../support/case-words'
import { eventually, type Acted, type Desk } from '../support/desk'
import type { Trial } from '../support/trial'

interface Entry { type: string; act: string | null; version: number; status: string; at: string }
interface Told { reference: string; version: number; status: string; timeline: { nodes: Entry[] } }
interface Change { from: string | null; to: string; version: number; request: { reference: string } }
interface Page { nodes: Change[]; pageInfo: { hasNextPage: boolean; endCursor: string } }

export const WITHIN_MS = 60_000
const TOLD = 'query($reference: String!) { request(reference: $reference) { reference version status timeline(first: 100) { nodes { type act version status at } } } }'
const CHANGES = 'query($after: Cursor) { statusChanges(first: 100, after: $after) { nodes { from to version request { reference } } pageInfo { hasNextPage endCursor } } }'

export interface Desks { anna: Desk; vera: Desk; luc: Desk }

/** `de` and `fr`: at which house the desks of each side ask. */
export async function desksAt(trial: Trial, { de = 'DE', fr = 'FR' } = {}): Promise<Desks> {
  return { anna: await trial.desk('DE', 'OFFICIAL', 'anna', { at: de }), vera: await trial.desk('DE', 'VALIDATOR', 'vera', { at: de }), luc: await trial.desk('FR', 'OFFICIAL', 'luc', { at: fr }) }
}

/** Drafted and validated; what remains is SUBMIT at version 2. */
export async function validated({ anna, vera }: Desks, key: string): Promise<string> {
  const { reference } = await insist(() => anna.act('draftRequest', preservation(key)))
  await insist(() => vera.act('validateRequest', { reference, expectedVersion: 1, idempotencyKey: `validate ${key}` }))
  return reference
}

export const submit = ({ anna }: Desks, reference: string): Promise<Acted> =>
  anna.act('submitRequest', { reference, expectedVersion: 2, idempotencyKey: `submit ${reference}` })

/** Says the same again while no answer comes; a refusal is an answer. */
export async function insist<Answered>(ask: () => Promise<Answered>): Promise<Answered> {
  const answered = await eventually(async () => ask().catch((thrown: unknown) => {
    if (thrown instanceof Error && thrown.message.startsWith('refused')) throw thrown
    return null
  }), answer => answer !== null, 'the house answers', WITHIN_MS)
  if (answered === null) throw new TypeError('no answer')
  return answered
}

/** Delivered once: both sides tell the same from SUBMITTED on, the receiver's feed tells of it once, and its list holds it once. */
export async function expectDeliveredOnce(desks: Desks, reference: string): Promise<void> {
  const told = async (desk: Desk): Promise<Told | null> => (await insist(() => desk.read<{ request: Told | null }>(TOLD, { reference }))).request
  const german = await eventually(() => told(desks.anna), request => request?.status === 'DELIVERED', `${reference} is delivered at its sender`, WITHIN_MS)
  const french = await eventually(() => told(desks.luc), request => request?.status === 'DELIVERED', `${reference} is delivered`, WITHIN_MS)
  expect(german?.timeline.nodes.map(({ act, version, status }) => [version, act, status])).toEqual([[1, 'DRAFT', 'DRAFT'], [2, 'VALIDATE', 'VALIDATED'], [3, 'SUBMIT', 'SUBMITTED'], [4, null, 'DELIVERED']])
  expect(french?.timeline.nodes).toEqual(german?.timeline.nodes.slice(2))
  expect((await changesOf(desks.luc)).filter(({ request }) => request.reference === reference).map(({ from, to, version }) => [from, to, version])).toEqual([['SUBMITTED', 'DELIVERED', 4]])
  const { requests } = await desks.luc.read<{ requests: { nodes: { reference: string }[] } }>('query($of: [String!]) { requests(filter: { references: $of }) { nodes { reference } } }', { of: [reference] })
  expect(requests.nodes).toEqual([{ reference }])
}

async function changesOf(desk: Desk): Promise<Change[]> {
  const found: Change[] = []
  for (let after: string | null = null; ;) {
    const { statusChanges }: { statusChanges: Page } = await desk.read<{ statusChanges: Page }>(CHANGES, { after })
    found.push(...statusChanges.nodes)
    if (!statusChanges.pageInfo.hasNextPage) return found
    after = statusChanges.pageInfo.endCursor
  }
}
