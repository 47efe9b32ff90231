// Appends a second in one authority's ledger, as a ratio to plain inserts of the same store in the same run: the entry alone (chained,
// digested, committed in groups), an entry decided in the writer's queue and folded, and a whole act until a query can read it.
import { Ledger } from '../src/ledger/ledger'
import { draftRequest, type NodeLaw } from '../src/node/acts'
import { Contents } from '../src/node/contents'
import { NodeDocket } from '../src/node/docket'
import { digestOf, type EntryBody } from '../src/node/entry'
import { Writer } from '../src/node/writer'
import type { Store } from '../src/store/store'
import { mongoAvailable } from '../test/support/mongo-server'
import { overRounds, rate, type Figure } from './figures'
import { onEmbedded, onMongo } from './stores'

const OWN = 'authority:DE'
const WRITERS = [1, 8, 64]
const ROUNDS = 3
const FOR_MS = 1_500
const OFFICIAL = { role: 'OFFICIAL' as const, authority: OWN, subject: 'anna', expiresAt: null, token: null, signedInAt: null }
const NO_LAW: NodeLaw = { findings: () => [], deadlinesAfter: () => undefined, ladder: () => [], timeZoneOf: () => 'UTC', reliedLaw: () => { throw new TypeError('nothing is sent here') } }

export async function ledgerFigures(say: (figure: Figure) => void): Promise<void> {
  await onEmbedded(store => measured('embedded', store, say))
  if (mongoAvailable) await onMongo(store => measured('MongoDB protocol', store, say))
}

async function measured(adapter: string, store: Store, say: (figure: Figure) => void): Promise<void> {
  const { plain, entry, append, act } = await calls(store)
  for (const writers of WRITERS) {
    const rounds: { plain: number; entry: number; append: number; act: number }[] = []
    await rate(writers, FOR_MS / 3, act)
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ plain: await rate(writers, FOR_MS, plain), entry: await rate(writers, FOR_MS, entry), append: await rate(writers, FOR_MS, append), act: await rate(writers, FOR_MS, act) })
    }
    const ratio = (of: 'entry' | 'append' | 'act') => overRounds(rounds.map(round => round[of] / round.plain))
    const perSecond = (of: 'entry' | 'append' | 'act' | 'plain') => Math.round(overRounds(rounds.map(round => round[of])).value)
    say({ name: `ledger, ${adapter}, ${writers} writers: entry / plain insert`, unit: '×', ...ratio('entry'), goal: { atLeast: 0.8 }, beside: `${perSecond('entry')} / ${perSecond('plain')} a second` })
    say({ name: `ledger, ${adapter}, ${writers} writers: append / plain insert`, unit: '×', ...ratio('append'), goal: { atLeast: 0.8 }, beside: `${perSecond('append')} / ${perSecond('plain')} a second` })
    say({ name: `ledger, ${adapter}, ${writers} writers: whole act / plain insert`, unit: '×', ...ratio('act'), goal: { atLeast: 0.5 }, beside: `${perSecond('act')} / ${perSecond('plain')} a second` })
  }
}

async function calls(store: Store) {
  const contents = new Contents(store.documents('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, contents, OWN)
  await docket.open()
  const writer = new Writer(ledger, docket, contents, () => new Date().toISOString())
  const documents = store.documents('plain')
  let inserted = 0
  const size = { ...bodyAt(new Date().toISOString()), prev: '0'.repeat(64), digest: '0'.repeat(64) }
  return {
    plain: () => documents.insert(`p${String(inserted++).padStart(12, '0')}`, size),
    entry: grouped(await Ledger.open(store.log<EntryBody>('entries'), digestOf, store.exclusive)),
    append: () => writer.write(work => { work.append({ body: bodyAt(work.now) }) }),
    act: () => {
      const order = orderOf(String(inserted++))
      return writer.write(work => draftRequest({ work, viewer: OFFICIAL, law: NO_LAW }, order, 'authority:FR'))
    },
  }
}

/** An entry as a letter makes it that was refused: it names no request and no key, so that what is kept beside it does not count; a whole act keeps all of that. */
const bodyAt = (at: string) => ({ kind: 'rejected' as const, at, reason: 'LETTER_SHAPE', from: { authority: 'authority:FR', n: 1, id: 'a3'.repeat(16), digest: 'c5'.repeat(32) } })

/** What waits when a commit ends is chained and committed together. */
function grouped(ledger: Ledger<EntryBody>): () => Promise<void> {
  let waiting = 0
  let under = Promise.resolve()
  const commit = async (): Promise<void> => {
    const entries: ReturnType<typeof ledger.chain>[] = []
    for (let head = ledger.head; waiting > 0; waiting--) {
      const entry = ledger.chain(head, { body: bodyAt(new Date().toISOString()) })
      entries.push(entry)
      head = { seq: entry.seq, digest: entry.body.digest }
    }
    await ledger.commit(entries)
  }
  let next: Promise<void> | null = null
  return () => {
    waiting++
    next ??= under.then(() => { next = null; under = commit(); return under })
    return next
  }
}

const orderOf = (key: string): Parameters<typeof draftRequest>[1] => {
  const order = { idempotencyKey: key, kind: 'EVIDENCE' as const, matter: 'CRIMINAL' as const, urgency: 'ROUTINE' as const, measures: ['BANK_ACCOUNTS' as const], requested: 'FR', ownReference: '12 Js 34/26', legalBases: [{ treatyCode: 'EIO', article: '1' }], dossier: { confidentiality: 'CONFIDENTIAL' as const, facts: 'Between March and June a group opened accounts under stolen identities. '.repeat(4) } }
  return { ...order, input: order }
}
