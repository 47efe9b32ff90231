// A ledger as a house would have it after years: requests that it sent to many authorities, each from its draft until it is confirmed, many at once;
// its own acts with key, words and actor, the partner's with the letters they came in.
import { GENESIS, Ledger } from '../../src/ledger/ledger'
import { letterKey, digestOf, type Entry, type EntryBody, type NodeEntryDraft } from '../../src/node/entry'
import { eventIndex } from '../../src/node/append'
import type { Deadline, Fact, RequestIndex } from '../../src/domain/request'
import type { RequestStatus, TimelineEventType, Act, Side } from '../../src/domain/vocabulary'
import type { Store } from '../../src/store/store'
import { sealContent } from '../../src/wire/canonical'

export const OWN = 'authority:DE'
const WRITTEN_AT_ONCE = 500
const PARTNERS = 'FR NL BR NG JP GB CH IT ES PL AT BE SE'.split(' ').map(country => `authority:${country}`)
const START = Date.UTC(2020, 0, 1)
const MINUTE = 60_000

interface Step { type: TimelineEventType; act: Act | null; by: Side; from: RequestStatus | null; to: RequestStatus }
const own = (act: Act, from: RequestStatus | null, to: RequestStatus): Step => ({ type: 'ACT', act, by: 'REQUESTING', from, to })
const theirs = (act: Act, from: RequestStatus, to: RequestStatus): Step => ({ type: 'ACT', act, by: 'REQUESTED', from, to })
/** The life of a request, an entry each. */
const LIFE: readonly Step[] = [
  own('DRAFT', null, 'DRAFT'), own('VALIDATE', 'DRAFT', 'VALIDATED'), own('SUBMIT', 'VALIDATED', 'SUBMITTED'), { type: 'DELIVERED', act: null, by: 'REQUESTED', from: 'SUBMITTED', to: 'DELIVERED' },
  theirs('ACKNOWLEDGE', 'DELIVERED', 'ACKNOWLEDGED'), theirs('BEGIN_ASSESSMENT', 'ACKNOWLEDGED', 'ASSESSMENT'), theirs('ACCEPT', 'ASSESSMENT', 'ACCEPTED'),
  theirs('BEGIN_EXECUTION', 'ACCEPTED', 'EXECUTING'), theirs('REPORT_RESULTS', 'EXECUTING', 'EXECUTED'), own('CONFIRM_RESULTS', 'EXECUTED', 'CONFIRMED'),
]

/** Writes so many entries, chained, with the contents that they name; `atOnce` requests are under way at the same time. */
export async function longLedger(store: Store, entries: number, atOnce: number): Promise<void> {
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const numbers = { sent: new Map<string, number>(), received: new Map<string, number>() }
  let head = GENESIS
  for (let block = 0; head.seq < entries; block += atOnce) {
    for (const [step, what] of LIFE.entries()) {
      const contents = new Map<string, unknown>()
      const made: Entry[] = []
      for (let i = block; i < block + atOnce && head.seq < entries; i++) {
        const entry = ledger.chain(head, draftOf(i, step, what, contents, numbers))
        made.push(entry)
        head = { seq: entry.seq, digest: entry.body.digest }
      }
      for (const group of groups([...contents], WRITTEN_AT_ONCE)) await store.documents('content').putMany(new Map(group))
      for (const group of groups(made, WRITTEN_AT_ONCE)) await ledger.commit(group)
    }
  }
}

function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

type Numbers = Readonly<Record<'sent' | 'received', Map<string, number>>>

function draftOf(i: number, step: number, { type, act, by, from, to }: Step, contents: Map<string, unknown>, numbers: Numbers): NodeEntryDraft {
  const partner = PARTNERS[i % PARTNERS.length] ?? ''
  const year = 2020 + Math.floor(i / 20_000)
  const reference = `DE-${year}-${String((i % 20_000) + 1).padStart(6, '0')}`
  const at = new Date(START + (i * 10 + step) * MINUTE).toISOString()
  const kept = (body: object): string => {
    const { digest, ...document } = sealContent(body)
    contents.set(digest, document)
    return digest
  }
  const index: RequestIndex = { kind: 'EVIDENCE', matter: 'CRIMINAL', urgency: i % 10 === 0 ? 'URGENT' : 'ROUTINE', measures: ['BANK_ACCOUNTS'], requesting: OWN, requested: partner }
  const said = kept({ note: `Step ${step} of ${reference}.`, ownReference: `12 Js ${i}/26`, ...(step === 0 && { legalBases: [{ treatyCode: 'UNTOC', article: '18' }] }) })
  const fact: Fact = {
    reference, type, act, by, at, from, to, version: step + 1, contents: { said, ...(step === 0 && { dossier: kept({ facts: 'Between March and June a group opened accounts under stolen identities. '.repeat(4) }) }) },
    ...(act && ['DRAFT', 'SUBMIT'].includes(act) && { index, createdAt: at }), ...(step >= 3 && step < 9 && { deadlines: deadlinesAt(at, step) }), ...(act === 'ACCEPT' && { decision: 'ACCEPTED' as const }), prev: step > 2 ? digestOf({ reference, step }) : null,
  }
  const eventsIndex = eventIndex(step === 0 ? null : ({ ...index, deadlines: [] } as never), fact)
  const next = (which: keyof Numbers): number => {
    const n = (numbers[which].get(partner) ?? 0) + 1
    numbers[which].set(partner, n)
    return n
  }
  if (by === 'REQUESTED') {
    const n = next('received')
    return { ref: reference, unique: letterKey(partner, n), body: { kind: 'received', at, fact, index: eventsIndex, from: { authority: partner, n, id: `${partner}-${n}`, digest: digestOf(n) } } }
  }
  const actor = kept({ subject: 'anna' })
  return { ref: reference, body: { kind: 'act', at, fact, index: eventsIndex, actor, key: { name: digestOf({ i, step }), input: digestOf({ i, step, input: true }) }, ...(step >= 2 && { to: { [partner]: next('sent') } }) } }
}

const deadlinesAt = (at: string, step: number): Deadline[] => [
  { obligation: 'ACKNOWLEDGE', of: 'REQUESTED', dueAt: later(at, 1), state: step > 3 ? 'MET' : 'RUNNING', source: 'default', pausedSince: null, unit: 'DAYS', tell: [] },
  { obligation: 'DECIDE', of: 'REQUESTED', dueAt: later(at, 30), state: step > 6 ? 'MET' : 'RUNNING', source: 'default', pausedSince: null, unit: 'DAYS', tell: [{ type: 'DUE_SOON', at: later(at, 25) }, { type: 'OVERDUE', at: later(at, 30) }] },
  { obligation: 'EXECUTE', of: 'REQUESTED', dueAt: later(at, 90), state: 'RUNNING', source: 'default', pausedSince: null, unit: 'DAYS', tell: [{ type: 'OVERDUE', at: later(at, 90) }] },
]

const later = (at: string, days: number): string => new Date(Date.parse(at) + days * 86_400_000).toISOString()
