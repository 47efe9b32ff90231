// What officials do through the public API: draft, validate, submit, and wait until a letter has come.
import { setTimeout as pause } from 'node:timers/promises'
import { COMPLETE } from '../law/drafts'
import { dataOf, overHttp } from './asking'

export interface Seen { reference: string; version: number; status: string }

const { requesting: _, ...EVIDENCE } = COMPLETE.EVIDENCE
/** A draft that lacks nothing, under a key of its own. */
export const draftInput = (idempotencyKey: string, more: object = {}): Record<string, unknown> => ({ ...EVIDENCE, idempotencyKey, ...more })

export async function draft(base: string, token: string, input: object): Promise<Seen> {
  const answer = await overHttp(base, { query: 'mutation($input: DraftRequestInput!) { draftRequest(input: $input) { request { reference version status } } }', variables: { input } }, { token })
  return (dataOf(answer)['draftRequest'] as { request: Seen }).request
}

/** One act; `what` is the mutation with its input type, `submitRequest SubmitInput`. */
export async function act(base: string, token: string, what: string, input: object): Promise<Seen> {
  const [mutation = '', type = ''] = what.split(' ')
  const answer = await overHttp(base, { query: `mutation($input: ${type}!) { done: ${mutation}(input: $input) { request { reference version status } } }`, variables: { input } }, { token })
  return (dataOf(answer)['done'] as { request: Seen }).request
}

/** The request once it is what `holds` asks for. */
export async function seenOnce(base: string, token: string, reference: string, holds: (seen: Seen | null) => boolean): Promise<Seen> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await overHttp(base, { query: 'query($reference: String!) { request(reference: $reference) { reference version status } }', variables: { reference } }, { token })
    const seen = dataOf(answer)['request'] as Seen | null
    if (seen && holds(seen)) return seen
    await pause(25)
  }
  throw new TypeError(`${reference} never became what was waited for`)
}

export interface Officials { drafter: string; validator: string; receiver: string; home: string; there: string }

/** A request drafted, validated and sent, as the requested side has it. */
export async function sent({ drafter, validator, receiver, home, there }: Officials, input: object): Promise<Seen> {
  const drafted = await draft(home, drafter, input)
  const validated = await act(home, validator, 'validateRequest ValidateInput', { reference: drafted.reference, expectedVersion: drafted.version })
  await act(home, drafter, 'submitRequest SubmitInput', { reference: drafted.reference, expectedVersion: validated.version })
  return seenOnce(there, receiver, drafted.reference, seen => seen?.status === 'DELIVERED')
}
