// What the oracle is shown of a house: read from its store as it lies there, past all of the node's own code but the chain's check.
import { isBesideAct } from '../../../src/domain/beside'
import { asSent, isInConsultation } from '../../../src/domain/consultation'
import { isDecided } from '../../../src/domain/lifecycle'
import { verifyChain } from '../../../src/ledger/ledger'
import { matchesDigest, type ContentDocument } from '../../../src/node/contents'
import { digestOf, letterKey, type Entry, type EntryBody } from '../../../src/node/entry'
import { scopedToHouse, type DocketRow, type Store } from '../../../src/store/store'
import type { EntrySeen, HouseSeen, LetterSeen, Seen } from '../../support/exchange-oracle'
import type { Network } from './network'

export interface Shown { id: string; store: Store; accepted: ReadonlySet<string>; refused: ReadonlySet<string>; /** Names of keys as the ledger has them. */ keyNames: ReadonlyMap<string, string> }

const ALL = { after: 0, limit: 100_000 }
export const entriesOf = (store: Store): Promise<Entry[]> => store.log<EntryBody>('ledger').read(ALL)
export const rowsOf = (id: string, store: Store): Promise<DocketRow[]> => store.docket.find(scopedToHouse(id), { filter: {}, order: 'CREATED', limit: 10_000 })

/** In an order in which nothing that moves meanwhile looks wrong: what was told, receipts, what was applied, and last what was sent. */
export async function seen(houses: readonly Shown[], network: Network, wholly: boolean): Promise<Seen> {
  const told = houses.map(({ accepted, refused }) => ({ accepted: new Set(accepted), refused: new Set(refused) }))
  const acked = await Promise.all(houses.map(({ store }) => sentWith(store)))
  const ledgers = await Promise.all(houses.map(({ store }) => entriesOf(store)))
  const faults = await Promise.all(houses.map(({ store }) => (wholly ? faultOf(store) : null)))
  const later = await Promise.all(houses.map(({ store }) => entriesOf(store)))
  const sealed = await Promise.all(houses.map(({ store }) => sealedIn(store)))
  const pending = await Promise.all(houses.map(({ id, store }) => rowsOf(id, store)))
  return {
    receipts: network.receipts, letters: network.letters,
    houses: houses.map(({ id, keyNames }, i): HouseSeen => ({
      house: id, sent: sentBy(later[i] ?? [], sealed[i] ?? new Map()), applied: appliedBy(ledgers[i] ?? []), acked: acked[i] ?? [], fault: faults[i] ?? null,
      timelines: timelinesOf(ledgers[i] ?? []), pending: (pending[i] ?? []).flatMap(({ state }) => state.pending.map(each => `${state.reference} ${each.act}`)),
      accepted: told[i]?.accepted ?? new Set(), refused: told[i]?.refused ?? new Set(), recorded: (ledgers[i] ?? []).flatMap(({ body }) => (body.key ? [keyNames.get(body.key.name) ?? body.key.name] : [])),
    })),
  }
}

const splitKey = (key: string): { peer: string; n: number } => ({ peer: key.slice(0, key.lastIndexOf('/')), n: Number(key.slice(key.lastIndexOf('/') + 1)) })

async function sentWith(store: Store): Promise<LetterSeen[]> {
  const kept = await store.documents<{ digest: string }>('sent').list({ prefix: '', limit: 10_000 })
  return kept.map(({ key, value }) => ({ ...splitKey(key), body: null, letter: value.digest }))
}

async function sealedIn(store: Store): Promise<Map<string, string>> {
  const lists = await Promise.all(['outbox', 'sent'].map(name => store.documents<{ digest: string }>(name).list({ prefix: '', limit: 10_000 })))
  return new Map(lists.flat().map(({ key, value }) => [key, value.digest]))
}

const sentBy = (entries: readonly Entry[], sealed: ReadonlyMap<string, string>): LetterSeen[] =>
  entries.flatMap(({ body }) => Object.entries(body.to ?? {}).map(([peer, n]) => ({ peer, n, body: body.proposal?.id ?? digestOf(body.fact ? asSent(body.fact) : body.contact), letter: sealed.get(letterKey(peer, n)) ?? null })))

function appliedBy(entries: readonly Entry[]): LetterSeen[] {
  const words = ({ kind, fact, contact }: EntryBody): string | null => (kind === 'act' ? fact?.answers ?? null : kind === 'rejected' ? null : digestOf(fact ?? contact))
  return entries.flatMap(({ body }) => (body.from ? [{ peer: body.from.authority, n: body.from.n, body: words(body), letter: body.from.digest }] : []))
}

function timelinesOf(entries: readonly Entry[]): Map<string, EntrySeen[]> {
  const timelines = new Map<string, EntrySeen[]>()
  for (const { body: { fact, kind } } of entries) {
    if (!fact || !isDecided(fact.type)) continue
    const timeline = timelines.get(fact.reference) ?? []
    const shared = fact.act === 'SUBMIT' || timeline.some(entry => entry.shared)
    timelines.set(fact.reference, [...timeline, { version: fact.version, status: fact.to, digest: digestOf(fact), shared, beside: fact.act !== null && isBesideAct(fact.act), shown: kind === 'received' && (fact.act === 'CONSULT' || fact.act === 'SUBMIT') }])
  }
  return timelines
}

/** Everything of a request that both sides have to have alike: all facts from SUBMIT on, but what a house notes for itself. */
export function sharedFacts(id: string, entries: readonly Entry[]): Map<string, string[]> {
  const shared = new Map<string, string[]>()
  for (const { body: { fact, kind } } of entries) {
    if (!fact || (fact.act !== 'SUBMIT' && !shared.has(fact.reference)) || fact.act === 'ANSWER_CONSULTATION' || (kind === 'act' && fact.by === 'HUB' && fact.reference.startsWith(id.slice(-2)))) continue
    shared.set(fact.reference, [...(shared.get(fact.reference) ?? []), `${fact.version} ${fact.type} ${fact.act ?? ''} ${fact.to} ${digestOf(fact)}`])
  }
  return shared
}

/** What both sides have to have alike of the consultations before a request. */
export function consulted(entries: readonly Entry[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { body: { fact } } of entries) {
    if (fact && isDecided(fact.type) && isInConsultation(fact)) found.set(fact.reference, [...(found.get(fact.reference) ?? []), `${fact.version} ${fact.act ?? ''} ${digestOf(asSent(fact))}`])
  }
  return found
}

/** The chain, what was said with each entry, and the letter that it came with. */
async function faultOf(store: Store): Promise<string | null> {
  const contents = store.documents<ContentDocument>('content')
  const received = store.documents<{ digest: string }>('received')
  const { broken } = await verifyChain(store.log<EntryBody>('ledger'), digestOf, async ({ body }) => {
    const named = [...Object.values((body.fact ?? body.proposal ?? body.contact)?.contents ?? {}) as string[], ...(body.actor ? [body.actor] : [])]
    const found = await contents.getMany(named)
    const missing = named.find(digest => { const document = found.get(digest); return !document || !matchesDigest(digest, document) })
    if (missing) return 'what was said with it is not there'
    return body.from && (await received.get(letterKey(body.from.authority, body.from.n)))?.digest !== body.from.digest ? 'the letter that it came with is not there' : null
  })
  return broken && `entry ${broken.seq}: ${broken.what}`
}
