// A hub's exchange on a real socket over a real store, and what a test asks of it.
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { Exchange, type LetterResult, type ReceiptsResult } from '../../src/hub/exchange'
import { exchangeRoutes, type ExchangeDoorParts } from '../../src/hub/exchange-door'
import { HouseCheckpoints } from '../../src/hub/house-checkpoints'
import type { LetterQuota } from '../../src/hub/letter-quota'
import type { MailboxItem } from '../../src/hub/mailbox'
import { HousePeer } from '../../src/peer/client'
import { Refusal } from '../../src/refusal'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { Documents, LogEntry, Store } from '../../src/store/store'
import { authorityOfToken, houses, now } from './houses'

export interface Hub {
  url: string
  peer: HousePeer
  exchange: Exchange
  warnings: Record<string, unknown>[]
  faults: unknown[]
  submit(letters: unknown[]): Promise<LetterResult[]>
  receipts(receipts: unknown[]): Promise<ReceiptsResult>
  /** Sockets that are open at the hub. */
  connections(): Promise<number>
  close(): Promise<void>
}

export async function temporaryStore(): Promise<Store & { remove(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-exchange-'))
  const store = await openEmbeddedStore(folder)
  return { ...store, remove: async () => { await store.close(); rmSync(folder, { recursive: true }) } }
}

export function exchangeOver(store: Store, warnings: Record<string, unknown>[] = [], quota?: LetterQuota): Exchange {
  return new Exchange({ ...(quota && { quota }), store, directory: () => houses.directory, signer: houses.keys.hub.signer, now, log: { warn: (facts, message) => warnings.push({ ...facts, message }) } })
}

export async function openHub(store: Store, options: Partial<ExchangeDoorParts> = {}): Promise<Hub> {
  const warnings: Record<string, unknown>[] = []
  const faults: unknown[] = []
  const exchange = exchangeOver(store, warnings)
  const routes = exchangeRoutes({
    exchange, checkpoints: new HouseCheckpoints({ store, directory: () => houses.directory, signer: houses.keys.hub.signer, now, log: { warn: (facts, message) => warnings.push({ ...facts, message }) } }), authorityOf: authorityOfToken, directoryAfter: version => (version < 1 ? 'the.signed.directory' : null), editionAfter: () => Promise.resolve(null), stopping: new AbortController().signal,
    now: () => new Date(), onFault: error => faults.push(error), ...options,
  })
  const server = createServer((req, res) => {
    const route = routes.find(one => one.method === req.method && one.path === req.url?.split('?')[0])
    if (!route) throw new Refusal('NOT_FOUND', `no route ${req.url ?? ''}`)
    void route.handle(req, res, { requestId: 'request-1' })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const peer = new HousePeer(url)
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const outcome = await peer.post(path, body, { deadlineMs: 20_000 })
    if (outcome.state !== 'ANSWERED' || outcome.status !== 200) throw new TypeError(`not taken: ${JSON.stringify(outcome)}`)
    return outcome.body
  }
  return {
    url, peer, exchange, warnings, faults,
    submit: async letters => (await post('/exchange/letters', { letters }) as { results: LetterResult[] }).results,
    receipts: async receipts => await post('/exchange/receipts', { receipts }) as ReceiptsResult,
    connections: () => new Promise(resolve => server.getConnections((_, count) => resolve(count))),
    close: async () => {
      await peer.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export const entriesOf = (store: Store, owner: string): Promise<LogEntry<MailboxItem>[]> => store.log<MailboxItem>(`mailbox:${owner}`).read({ after: 0, limit: 10_000 })

export async function keysOf(store: Store, documents: string): Promise<string[]> {
  return (await store.documents(documents).list({ prefix: '', limit: 10_000 })).map(({ key }) => key)
}

/** The store with something between: what `change` answers is used in place of a collection's own methods. */
export function storeWith(store: Store, change: <Value>(kept: Documents<Value>, name: string) => Partial<Documents<Value>>): Store {
  const documents = <Value>(name: string): Documents<Value> => {
    const kept = store.documents<Value>(name)
    return {
      get: key => kept.get(key), getMany: keys => kept.getMany(keys), insert: (key, value) => kept.insert(key, value), put: (key, value) => kept.put(key, value),
      putMany: values => kept.putMany(values), delete: key => kept.delete(key), list: query => kept.list(query), ...change(kept, name),
    }
  }
  return { ...store, documents }
}
