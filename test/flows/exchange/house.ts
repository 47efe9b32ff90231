// One authority's node without its door: the real parts over an embedded store in a folder, wired as the node's own start wires them.
import pino from 'pino'
import { Clock } from '../../../src/node/clock'
import { Collector, type CollectorParts } from '../../../src/node/collector'
import { Contents, type ContentDocument } from '../../../src/node/contents'
import { Courier, type CourierParts } from '../../../src/node/courier'
import { NodeDocket } from '../../../src/node/docket'
import { digestOf, type EntryBody } from '../../../src/node/entry'
import { HistoryTree } from '../../../src/node/history-tree'
import { nodeLaw } from '../../../src/node/law'
import { Outbox } from '../../../src/node/outbox'
import { PartnerWitness } from '../../../src/node/partner-witness'
import { Writer } from '../../../src/node/writer'
import { Ledger } from '../../../src/ledger/ledger'
import { calendars } from '../../../src/register/calendar'
import { scopedToHouse, type Store } from '../../../src/store/store'
import { register } from '../../law/register'
import type { World as Wire } from '../../wire/houses'
import type { HubLine } from './network'
import type { VirtualTime } from './virtual-time'
import type { LetterLimits } from '../../../src/hub/letter-quota'

const law = register()
export const LAW = nodeLaw({ register: () => law, calendarOf: calendars(), countryOf: authority => authority.slice(-2) })

export type HouseId = 'authority:DE' | 'authority:FR'
export interface RunningNode { own: HouseId; store: Store; ledger: Ledger<EntryBody>; docket: NodeDocket; writer: Writer; clock: Clock; stop: () => void }

/** Where a test puts a broken part in the place of a good one. */
export interface Breakage {
  store?: (store: Store) => Store
  courier?: (parts: CourierParts) => CourierParts
  collector?: (parts: CollectorParts) => CollectorParts
  /** What one authority may send at the hub. */
  quota?: LetterLimits
}

export interface NodePlan { own: HouseId; store: Store; wire: Wire; line: HubLine; time: VirtualTime; now: () => Date; breakage: Breakage; logged: (line: string) => void }

export async function openNode({ own, store: bare, wire, line, time, now, breakage, logged }: NodePlan): Promise<RunningNode> {
  const store = breakage.store?.(bare) ?? bare
  const contents = new Contents(store.documents<ContentDocument>('content'))
  const ledger = await Ledger.open(store.log<EntryBody>('ledger'), digestOf, store.exclusive)
  const docket = new NodeDocket(store, ledger, contents, own)
  await docket.open()
  const writer = new Writer(ledger, docket, contents, () => now().toISOString())
  const log = pino({ level: 'warn' }, { write: text => logged(`${own} ${text}`) })
  const shared = { own, store, ledger, contents, outbox: new Outbox(store), directory: () => wire.directory, hub: line, now, log, crash: () => undefined, wait: time.wait }
  const tree = new HistoryTree(store, ledger)
  const witness = new PartnerWitness({ store, tree, directory: shared.directory, now, log, newest: () => null })
  const collectorParts: CollectorParts = { ...shared, witness, writer, law: LAW, keys: wire.keys[own] }
  const collector = new Collector(breakage.collector?.(collectorParts) ?? collectorParts)
  const courierParts: CourierParts = { ...shared, witness, signer: wire.keys[own].signer, readable: () => docket.seq, takeReceipt: jws => collector.takeReceipt(jws) }
  const courier = new Courier(breakage.courier?.(courierParts) ?? courierParts)
  const over = new AbortController()
  for (const loop of [courier.run(over.signal), collector.run(over.signal)]) loop.catch((thrown: unknown) => logged(`${own} a loop of the node ended: ${String(thrown)}`))
  return { own, store, ledger, docket, writer, clock: new Clock({ store, scope: scopedToHouse(own), writer, law: LAW, now, log }), stop: () => over.abort() }
}
