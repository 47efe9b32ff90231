// Hand-overs between the shifts of this authority's desks: entries of the own ledger, seen at home alone. What is said lies in contents.
import type { HandOverOrder, HandOverQuestion } from '../../resolvers/context'
import type { Digest } from '../domain/request'
import { handsOver, type Viewer } from '../domain/viewer'
import { Refusal } from '../refusal'
import { demandSameInput, keyOf, sealActor } from './acts'
import { ownContact } from './contact-points'
import type { Contents } from './contents'
import type { NodeDocket } from './docket'
import type { HandOverRecord } from './fold'
import type { Work } from './work'

interface HandOverSaid { note: string; openItems: { reference: string; note?: string | null }[]; promisedActions: { action: string; reference?: string | null; dueAt?: string | null }[] }

/** A hand-over as the public schema shows it; its desk by id. */
export interface HandOverView {
  __typename: 'HandOver'; id: string; contact: string; at: string; leftBy: string; note: string
  openItems: HandOverSaid['openItems']; promisedActions: HandOverSaid['promisedActions']; acknowledgedAt: string | null; acknowledgedBy: string | null
}

const READ_AT_ONCE = 200
/** Ids sort newest first: ledger positions counted down from here. */
const NEWEST = 999_999_999_999

export class HandOvers {
  constructor(private readonly docket: NodeDocket, private readonly contents: Contents) {}

  async get(id: string): Promise<HandOverView | null> {
    const record = await this.docket.handOvers.get(id)
    return record ? ((await this.#views([record]))[0] ?? null) : null
  }

  /** Newest first. */
  async list({ contactPoint, open, first }: HandOverQuestion): Promise<HandOverView[]> {
    const found: HandOverRecord[] = []
    for (let after: string | undefined; found.length < first;) {
      const page = await this.docket.handOvers.list({ prefix: 'handover:', limit: READ_AT_ONCE, ...(after !== undefined && { after }) })
      found.push(...page.map(({ value }) => value).filter(each => (contactPoint === null || each.contact === contactPoint) && (open === null || open === (each.taken === null))))
      after = page.at(-1)?.key
      if (page.length < READ_AT_ONCE) break
    }
    return this.#views(found.slice(0, first))
  }

  async #views(records: readonly HandOverRecord[]): Promise<HandOverView[]> {
    const contents = await this.contents.readMany<unknown>(records.flatMap(({ said, leftBy, taken }) => [said, leftBy, ...(taken ? [taken.by] : [])]))
    const subject = (digest: Digest): string => (contents.get(digest) as { subject?: string } | undefined)?.subject ?? ''
    return records.map(({ id, contact, at, said, leftBy, taken }) => {
      const words = (contents.get(said) as HandOverSaid | undefined) ?? { note: '', openItems: [], promisedActions: [] }
      return { __typename: 'HandOver', id, contact, at, leftBy: subject(leftBy), ...words, acknowledgedAt: taken?.at ?? null, acknowledgedBy: taken ? subject(taken.by) : null }
    })
  }
}

/** Leaves a note to the next shift; its id. `urgent`: what is left to look after where the order names nothing. */
export function handOverShift(work: Work, viewer: Viewer, order: HandOverOrder, urgent: readonly string[]): string {
  demandDesk(viewer)
  const key = order.idempotencyKey === null ? null : keyOf('handOverShift', order.idempotencyKey, order.input)
  const known = key && work.key(key.name)
  if (key && known) {
    demandSameInput(known.input, key.input)
    return known.ref
  }
  ownContact(work, order.contactPoint, 'input.contactPoint')
  const openItems = order.openItems ?? urgent.map(reference => ({ reference }))
  for (const [i, { reference }] of (order.openItems ?? []).entries()) demandSeen(work, viewer, reference, `input.openItems[${i}].reference`)
  for (const [i, { reference }] of order.promisedActions.entries()) if (reference) demandSeen(work, viewer, reference, `input.promisedActions[${i}].reference`)
  const said = work.fresh.seal({ note: order.note, openItems, promisedActions: order.promisedActions } satisfies HandOverSaid)
  const id = `handover:${work.own.slice(-2)}:${String(NEWEST - work.tally.seq).padStart(12, '0')}`
  work.append({ ref: id, body: { kind: 'hand-over', at: work.now, handOver: { id, contact: order.contactPoint, at: work.now, state: 'LEFT', contents: { said } }, ...(key && { key }), actor: sealActor(work, viewer) } })
  return id
}

/** The shift that begins takes it; whoever comes later finds it taken. */
export function acknowledgeHandOver(work: Work, viewer: Viewer, id: string): void {
  demandDesk(viewer)
  const known = work.handOver(id)
  if (!known) throw new Refusal('NOT_FOUND', 'Your authority has no such hand-over.', { path: 'input.id', hint: 'List them with handOvers.' })
  if (known.taken) return
  const left = work.content<{ subject: string }>(known.leftBy)
  if (left && left.subject === viewer.subject) throw new Refusal('FORBIDDEN', 'Whoever leaves a hand-over does not take it.', { hint: 'The shift that begins takes it, with a token of its own.' })
  const { contact, at, said, leftBy } = known
  work.append({ ref: id, body: { kind: 'hand-over', at: work.now, handOver: { id, contact, at: work.now, state: 'ACKNOWLEDGED', left: { at, by: leftBy }, contents: { said } }, actor: sealActor(work, viewer) } })
}

function demandSeen(work: Work, { authority }: Viewer, reference: string, path: string): void {
  const row = work.row(reference)
  if (!row || authority === null || !row.readers.includes(authority)) throw new Refusal('NOT_FOUND', 'There is no such request for you.', { path, hint: 'Check the reference; you see the requests to which your authority is a party.' })
}

function demandDesk({ role }: Viewer): void {
  if (!handsOver(role)) throw new Refusal('FORBIDDEN', 'Shifts are handed over by the desk.', { hint: 'Use a token with the role LIAISON or OFFICIAL.' })
}
