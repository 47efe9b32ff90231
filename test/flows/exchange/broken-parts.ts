// Parts that break one promise each, put in the place of the good ones. Kept so that the property can prove that it would notice.
import type { CollectorParts } from '../../../src/node/collector'
import type { EntryBody } from '../../../src/node/entry'
import { letterKey } from '../../../src/node/entry'
import { Outbox, type OutgoingLetter } from '../../../src/node/outbox'
import type { Work } from '../../../src/node/work'
import type { StreamOptions } from '../../../src/peer/client'
import type { DocketRow, Documents, Log, LogEntry, Store } from '../../../src/store/store'
import { readLetter } from '../../../src/wire/letters'

import { makeReceipt } from '../../../src/wire/receipts'
import { DE, FR } from '../../wire/houses'
import type { Breakage } from './house'
import type { Space } from './schedules'

interface Line { seq?: number; kind?: string; letter?: string | null }

/** Something happens to each line of the mailbox before the collector sees it. */
const beforeEachLine = (parts: CollectorParts, happens: (line: Line) => Promise<void>): CollectorParts => {
  async function* stream(path: string, options: StreamOptions): AsyncGenerator<unknown, void> {
    for await (const line of parts.hub.stream(path, options)) {
      await happens(line as Line)
      yield line
    }
  }
  return { ...parts, hub: { post: (path, body, options) => parts.hub.post(path, body, options), stream } }
}

const withDocuments = (store: Store, change: (name: string, kept: Documents) => Partial<Documents>): Store => ({
  ...store,
  documents: <Value>(name: string): Documents<Value> => {
    const kept = store.documents<Value>(name)
    const whole: Documents<Value> = {
      get: key => kept.get(key), getMany: keys => kept.getMany(keys), insert: (key, value) => kept.insert(key, value), put: (key, value) => kept.put(key, value),
      putMany: values => kept.putMany(values), delete: key => kept.delete(key), list: query => kept.list(query),
    }
    return { ...whole, ...(change(name, kept as Documents) as Partial<Documents<Value>>) }
  },
})

const withLedger = (store: Store, change: (log: Log<EntryBody>) => Partial<Log<EntryBody>>): Store => ({
  ...store,
  log: <Body>(name: string): Log<Body> => {
    const log = store.log<Body>(name)
    const whole: Log<Body> = { append: entries => log.append(entries), read: query => log.read(query), readBack: query => log.readBack(query), last: () => log.last(), find: unique => log.find(unique) }
    return name === 'ledger' ? { ...whole, ...(change(log as unknown as Log<EntryBody>) as unknown as Partial<Log<Body>>) } : whole
  },
})

class OnceOutbox extends Outbox {
  override unreceipted(): Promise<OutgoingLetter[]> { return Promise.resolve([]) }
}

/** Keeps no letter as it was sealed: the next time it is sealed anew. */
class ForgetfulOutbox extends Outbox {
  constructor(private readonly store: Store) { super(store) }
  override async keep(letter: OutgoingLetter): Promise<OutgoingLetter> {
    await this.store.documents<OutgoingLetter>('outbox').put(letterKey(letter.to, letter.n), letter)
    return letter
  }
  override get(): Promise<OutgoingLetter | null> { return Promise.resolve(null) }
}

/** The work as a receiver sees it that never compares a letter's number, and lets it fence off nothing. */
function unnumbered(work: Work): Work {
  const tally = { ...work.tally, received: { [DE]: NaN, [FR]: NaN } }
  return new Proxy(work, {
    get(target, name) {
      if (name === 'tally') return tally
      if (name === 'append') return (draft: Parameters<Work['append']>[0]) => target.append({ body: draft.body, ...(draft.ref !== undefined && { ref: draft.ref }) })
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value
    },
  })
}

/** Signs and sends the receipt of a letter that nobody has looked at yet. */
async function receiptedAhead(parts: CollectorParts, jws: string | null | undefined, kept?: (name: string, receipt: string) => Promise<unknown>): Promise<void> {
  if (!jws) return
  const { id, n, digest, iss } = await readLetter(jws, parts.directory())
  const receipt = await makeReceipt({ signer: parts.keys.signer, iss: parts.own, aud: iss, n, id, digest, status: 'APPLIED', head: '0'.repeat(64), at: parts.now().toISOString() })
  await kept?.(letterKey(iss, n), receipt)
  await parts.hub.post('/exchange/receipts', { receipts: [receipt] }, { deadlineMs: 1_000 })
}

/** A collector that moves its cursor before the effect: what was lost of a letter then, its sender and the hub bring again. */
export const HASTY: Breakage & { space: Space } = {
  space: 'deaths',
  collector: parts => beforeEachLine(parts, async ({ seq }) => { if (seq !== undefined) await parts.store.documents('cursors').put('collector', { seq }) }),
}

export const BROKEN: Readonly<Record<string, Breakage & { /** Which schedules meet it soonest. */ space: Space }>> = {
  'a collector that sends its receipt before the letter is applied': {
    space: 'mixed',
    collector: parts => beforeEachLine(parts, ({ letter }) => receiptedAhead(parts, letter)),
  },
  // The same bytes for ever, so that nothing gives it away but that a letter is lost which its sender holds the receipt for.
  'a collector that keeps and sends its receipt, and reads on, before the letter is applied': {
    space: 'deaths',
    collector: parts => beforeEachLine(parts, async ({ seq, letter }) => {
      await receiptedAhead(parts, letter, (name, receipt) => parts.store.documents<string>('receipts').insert(name, receipt))
      if (seq !== undefined) await parts.store.documents('cursors').put('collector', { seq })
    }),
  },
  'a receiver that ignores the letter\'s number': {
    space: 'lines',
    collector: parts => ({ ...parts, writer: { write: decide => parts.writer.write(work => decide(unnumbered(work))) } }),
  },
  'a courier that takes the hub\'s acceptance for delivery': {
    space: 'mixed',
    courier: parts => ({
      ...parts,
      hub: {
        post: async (path, body, options) => {
          const outcome = await parts.hub.post(path, body, options)
          if (outcome.state !== 'ANSWERED' || outcome.status !== 200) return outcome
          const accepted = (outcome.body as { results: { id: string; relay?: string }[] }).results.filter(result => result.relay)
          for (const letter of await parts.outbox.unreceipted(1_000)) if (accepted.some(result => result.id === letter.id)) await parts.outbox.receipted(letter, 'accepted')
          return outcome
        },
      },
    }),
  },
  'a courier that goes on without the hub\'s acceptance and never comes back': {
    space: 'lines',
    courier: parts => ({ ...parts, outbox: new OnceOutbox(parts.store), hub: { post: async (path, body, options) => { await parts.hub.post(path, body, options); return { state: 'ANSWERED', status: 200, body: { results: [] }, tookMs: 0 } } } }),
  },
  'a courier that seals a letter anew for each sending': {
    space: 'deaths',
    courier: parts => ({ ...parts, outbox: new ForgetfulOutbox(parts.store) }),
  },
  'a docket that moves its cursor before its rows': {
    space: 'deaths',
    store: store => {
      let waiting: readonly DocketRow[] = []
      const rows = async (): Promise<void> => { const late = waiting; waiting = []; if (late.length > 0) await store.docket.put(late) }
      const docket = { ...store.docket, put: async (late: readonly DocketRow[]) => { waiting = late } }
      return withDocuments({ ...store, docket }, (name, kept) => (name === 'docket-cursor' ? { put: async (key, value) => { await kept.put(key, value); await rows() } } : {}))
    },
  },
  'a writer that names contents before they are there': {
    space: 'deaths',
    store: store => {
      const late: (() => Promise<void>)[] = []
      const contents = withDocuments(store, (name, kept) => (name === 'content' ? { putMany: async values => void late.push(() => kept.putMany(values)) } : {}))
      return withLedger(contents, log => ({ append: async entries => { const done = await log.append(entries); for (const write of late.splice(0)) await write(); return done } }))
    },
  },
  'a store that acknowledges entries before they last': {
    space: 'deaths',
    store: store => {
      let waiting: LogEntry<EntryBody>[] = []
      let written = Promise.resolve()
      const write = (log: Log<EntryBody>): Promise<void> => {
        written = written.then(async () => {
          const late = waiting
          waiting = []
          if (late.length > 0) await log.append(late)
        }).catch(() => undefined)
        return written
      }
      const ledger = store.log<EntryBody>('ledger')
      const late = withDocuments(store, (name, kept) => (name === 'docket-cursor' ? { put: async (key, value) => { await kept.put(key, value); void write(ledger) } } : {}))
      return withLedger(late, log => ({
        append: async entries => { waiting.push(...entries); return { inserted: entries.length, clash: null } },
        read: async query => { await write(log); return log.read(query) },
        find: async unique => { await write(log); return log.find(unique) },
      }))
    },
  },
}
