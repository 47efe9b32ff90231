// What bears witness to a ledger beside its chain: checkpoints that were signed and countersigned, letters that left the house and receipts that it
// signed, as the house itself, the hub and partners keep them. A chain that was cut, rolled back or made anew is sound in itself; it cannot take
// back what others hold.
import { checkpointKey, checkpointsOf } from '../node/checkpoints'
import { letterKey, type Entry } from '../node/entry'
import { countersignedOf, type Countersigned } from '../node/hub-witness'
import type { LetterEvidence, OutgoingLetter } from '../node/outbox'
import { countersignedLog } from '../hub/house-checkpoints'
import type { MailboxItem } from '../hub/mailbox'
import type { Documents, Log, LogEntry, Store } from '../store/store'
import { isSameStanding, readCheckpoint, readCountersignature, type Standing } from '../wire/checkpoints'
import type { Directory } from '../wire/directory'
import { GrowingTree, leafHash } from '../wire/merkle'
import { readReceipt, readWitnessingReceipt } from '../wire/receipts'

export interface Witnesses {
  /** Digest of the entry that took a letter, by the letter's key: said in this house's own signed receipt. */
  heads: Map<string, { digest: string; by: string }>
  /** Number of the last letter to each partner. */
  sent: Map<string, { n: number; by: string }>
  /** By partner, the number below which each letter of its was answered, the receipt being kept before it was sent. */
  answeredBelow: Map<string, number>
  /** Where the ledger stood, as was signed; null where a kept checkpoint is none. */
  standings: Map<number, { standing: Standing | null; by: string }[]>
  /** Position up to which the house's docket was folded. */
  folded: number
  /** Position up to which its letters were handed over. */
  handedOver: number
  /** Checkpoints of the house itself in its own store. */
  checkpoints: number
}

export interface WitnessPlaces { own: string; store: Store; hub: Store | null; directory: Directory; /** Signed lines that others have handed out. */ lines?: readonly string[] }

const READ_AT_ONCE = 512

/** To be read before the ledger: what these name was durable there before. */
export async function witnessesOf({ own, store, hub, directory, lines = [] }: WitnessPlaces): Promise<Witnesses> {
  const at = async (name: string, key: string): Promise<number> => (await store.documents<{ seq: number }>(name).get(key))?.seq ?? 0
  const witnesses: Witnesses = { heads: new Map(), sent: new Map(), answeredBelow: new Map(), standings: new Map(), folded: await at('docket-cursor', 'tally'), handedOver: await at('cursors', 'courier'), checkpoints: 0 }
  const taking = new Taking(witnesses, own, directory)
  await taking.checkpoints(checkpointsOf(store))
  for await (const { key, value } of each(countersignedOf(store))) await taking.countersigned(key, value)
  for await (const { key, value } of each(store.documents<string>('receipts'))) {
    await taking.receipt(value, 'this house')
    raise(witnesses.answeredBelow, key.slice(0, key.lastIndexOf('/')), Number(key.slice(key.lastIndexOf('/') + 1)))
  }
  for await (const { value } of each(store.documents<OutgoingLetter>('outbox'))) taking.sent(value.to, value.n, 'this house')
  for await (const { key, value } of each(store.documents<LetterEvidence>('sent'))) {
    taking.sent(key.slice(0, key.lastIndexOf('/')), Number(key.slice(key.lastIndexOf('/') + 1)), 'this house')
    await taking.receipt(value.receipt, 'this house')
  }
  if (hub) await takeHub(taking, hub, own, directory)
  for (const line of lines) await taking.signed(line, 'who handed it out')
  await taking.demandOwnCopies(checkpointsOf(store))
  return witnesses
}

async function takeHub(taking: Taking, hub: Store, own: string, directory: Directory): Promise<void> {
  for await (const { body } of entriesOf(countersignedLog(hub, own))) for (const jws of [body.checkpoint, body.countersignature]) await taking.signed(jws, 'the hub')
  for (const { id } of directory.authorities) {
    for await (const { body } of entriesOf(hub.log<MailboxItem>(`mailbox:${id}`))) {
      if (body.kind === 'receipt' && (id === own || body.from === own)) await taking.receipt(body.receipt, 'the hub')
      if (body.kind === 'letter' && body.from === own) taking.sent(id, body.n, 'the hub')
    }
  }
}

class Taking {
  /** Positions for which the house's own checkpoint is kept. */
  readonly #own = new Set([0])

  constructor(private readonly witnesses: Witnesses, private readonly own: string, private readonly directory: Directory) {}

  /** The house's own, each naming the one before it. */
  async checkpoints(kept: Documents<string>): Promise<void> {
    for await (const { key, value } of each(kept)) {
      const checkpoint = await readCheckpoint(value, this.directory).catch(() => null)
      const isOwn = checkpoint?.iss === this.own && checkpointKey(checkpoint.seq) === key
      this.#stands(Number(key), isOwn ? checkpoint : null, 'this house')
      if (isOwn && !this.#own.has(checkpoint.prev)) this.#stands(checkpoint.prev, null, 'this house')
      this.#own.add(Number(key))
      this.witnesses.checkpoints += 1
    }
  }

  /** A checkpoint is kept before it is shown to anybody; a running house may have signed one since its own were read. */
  async demandOwnCopies(kept: Documents<string>): Promise<void> {
    for (const seq of [...this.witnesses.standings.keys()]) {
      if (!this.#own.has(seq) && (await kept.get(checkpointKey(seq))) === null) this.#stands(seq, null, 'this house')
    }
  }

  /** The newest countersignature of one house, as this house keeps it. */
  async countersigned(by: string, { seq, digest, root, jws }: Countersigned): Promise<void> {
    const hubs = await readCountersignature(jws, this.directory).catch(() => null)
    const receipt = hubs ? null : await readWitnessingReceipt(jws, this.directory).catch(() => null)
    const said = hubs?.of === this.own && hubs.iss === by ? hubs : receipt?.aud === this.own && receipt.iss === by ? receipt.witnessed : undefined
    if (said && isSameStanding(said, { seq, digest, root })) this.#stands(seq, said, by)
    else this.#stands(said?.seq ?? (Number.isSafeInteger(seq) && seq > 0 ? seq : 1), null, 'this house')
  }

  /** A checkpoint, a countersignature or a receipt, whichever it is. */
  async signed(jws: string, by: string): Promise<boolean> {
    const checkpoint = await readCheckpoint(jws, this.directory).catch(() => null)
    if (checkpoint?.iss === this.own) return this.#stands(checkpoint.seq, checkpoint, by)
    const countersigned = await readCountersignature(jws, this.directory).catch(() => null)
    if (countersigned?.of === this.own) return this.#stands(countersigned.seq, countersigned, by)
    return this.receipt(jws, by)
  }

  /** One that this house gave names the entry that took the letter; one that it got may countersign a checkpoint. */
  async receipt(jws: string, by: string): Promise<boolean> {
    const receipt = await readReceipt(jws, this.directory).catch(() => null)
    if (receipt?.iss === this.own) {
      this.witnesses.heads.set(letterKey(receipt.aud, receipt.n), { digest: receipt.head, by })
      if (by !== 'this house') raise(this.witnesses.answeredBelow, receipt.aud, receipt.n + 1)
    }
    if (receipt?.aud === this.own && receipt.witnessed) this.#stands(receipt.witnessed.seq, receipt.witnessed, by)
    return receipt !== null && (receipt.iss === this.own || receipt.aud === this.own)
  }

  sent(to: string, n: number, by: string): void {
    if (n > (this.witnesses.sent.get(to)?.n ?? 0)) this.witnesses.sent.set(to, { n, by })
  }

  #stands(seq: number, standing: Standing | null, by: string): true {
    this.witnesses.standings.set(seq, [...(this.witnesses.standings.get(seq) ?? []), { standing, by }])
    return true
  }
}

function raise(numbers: Map<string, number>, name: string, n: number): void {
  if (n > (numbers.get(name) ?? 0)) numbers.set(name, n)
}

/** Says of each entry in turn what the witnesses say against it; strikes out of them what it bears out. */
export class Hearing {
  readonly #tree = new GrowingTree()

  constructor(private readonly witnesses: Witnesses) {}

  contradiction({ seq, body }: Entry): string | null {
    this.#tree.add(leafHash(body.digest))
    return this.#headFault(body) ?? this.#standingFault(seq, body.digest)
  }

  #headFault(body: Entry['body']): string | null {
    const { heads, sent } = this.witnesses
    for (const [to, n] of Object.entries(body.to ?? {})) if (n >= (sent.get(to)?.n ?? Infinity)) sent.delete(to)
    const key = body.from && letterKey(body.from.authority, body.from.n)
    const head = key && heads.get(key)
    if (!key || !head) return null
    heads.delete(key)
    return head.digest === body.digest ? null : `it is not the entry that the signed receipt names which ${head.by} holds`
  }

  #standingFault(seq: number, digest: string): string | null {
    const said = this.witnesses.standings.get(seq) ?? []
    this.witnesses.standings.delete(seq)
    for (const { standing, by } of said) {
      if (!standing) return 'the checkpoint here is not signed by the house, or gone'
      if (standing.digest !== digest) return `it is not what the checkpoint here was signed for which ${by} holds`
      if (standing.root !== this.#tree.root().toString('hex')) return `the entries up to here are not those for which the checkpoint was signed which ${by} holds`
    }
    return null
  }
}

/** What the ledger should go on to hold behind its last entry; null where nothing is missing. */
export function missing({ heads, sent, standings, folded }: Witnesses, count: number): string | null {
  const [letter, head] = [...heads][0] ?? []
  if (letter) return `the ledger ends before letter ${letter} was taken, of which ${head?.by} holds the signed receipt`
  const [to, last] = [...sent][0] ?? []
  if (to) return `the ledger ends before letter ${last?.n} to ${to}, which ${last?.by} holds`
  const [seq, said] = [...standings].find(([position]) => position > count) ?? []
  if (seq !== undefined) return `the ledger ends here, but a checkpoint was signed at ${seq}, which ${said?.[0]?.by} holds`
  return folded > count ? `the ledger ends, but the house has read it up to position ${folded}` : null
}

export async function* each<Value>(documents: Documents<Value>): AsyncGenerator<{ key: string; value: Value }> {
  for (let after: string | undefined; ;) {
    const page = await documents.list({ prefix: '', limit: READ_AT_ONCE, ...(after !== undefined && { after }) })
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.key
  }
}

/** Of one request where `ref` names it. */
export async function* entriesOf<Body>(log: Log<Body>, ref?: string): AsyncGenerator<LogEntry<Body>> {
  for (let after = 0; ;) {
    const entries = await log.read({ after, limit: READ_AT_ONCE, ...(ref !== undefined && { ref }) })
    yield* entries
    const last = entries.at(-1)
    if (!last) return
    after = last.seq
  }
}
