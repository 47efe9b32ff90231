// What bears witness to a ledger beside its chain: letters that left the house and receipts that it signed, as the house itself and the hub
// keep them. A chain that was cut, rolled back or made anew is sound in itself; it cannot take back what others hold.
import { letterKey, type Entry } from '../node/entry'
import type { OutgoingLetter } from '../node/outbox'
import type { Documents, Log, Store } from '../store/store'
import type { Directory } from '../wire/directory'
import { readReceipt } from '../wire/receipts'
import type { MailboxItem } from '../hub/mailbox'

export interface Witnesses {
  /** Digest of the entry that took a letter, by the letter's key: said in this house's own signed receipt. */
  heads: Map<string, { digest: string; by: string }>
  /** Number of the last letter to each partner. */
  sent: Map<string, { n: number; by: string }>
  /** Position up to which the house's docket was folded. */
  folded: number
}

const READ_AT_ONCE = 512

/** To be read before the ledger: what these name was durable there before. */
export async function witnessesOf(own: string, store: Store, hub: Store | null, directory: Directory): Promise<Witnesses> {
  const folded = (await store.documents<{ seq: number }>('docket-cursor').get('tally'))?.seq ?? 0
  const witnesses: Witnesses = { heads: new Map(), sent: new Map(), folded }
  for await (const { value } of each(store.documents<string>('receipts'))) await takeReceipt(witnesses, own, value, 'this house', directory)
  for await (const { value } of each(store.documents<OutgoingLetter>('outbox'))) takeSent(witnesses, value.to, value.n, 'this house')
  for await (const { key } of each(store.documents('sent'))) takeSent(witnesses, key.slice(0, key.lastIndexOf('/')), Number(key.slice(key.lastIndexOf('/') + 1)), 'this house')
  if (hub) for (const { id } of directory.authorities) if (id !== own) await takeMailbox(witnesses, own, id, hub.log<MailboxItem>(`mailbox:${id}`), directory)
  return witnesses
}

async function takeMailbox(witnesses: Witnesses, own: string, owner: string, mailbox: Log<MailboxItem>, directory: Directory): Promise<void> {
  for (let after = 0; ;) {
    const entries = await mailbox.read({ after, limit: READ_AT_ONCE })
    for (const { body } of entries.filter(entry => entry.body.from === own)) {
      if (body.kind === 'letter') takeSent(witnesses, owner, body.n, 'the hub')
      else await takeReceipt(witnesses, own, body.receipt, 'the hub', directory)
    }
    const last = entries.at(-1)
    if (!last) return
    after = last.seq
  }
}

async function takeReceipt({ heads }: Witnesses, own: string, jws: string, by: string, directory: Directory): Promise<void> {
  const receipt = await readReceipt(jws, directory).catch(() => null)
  if (receipt?.iss === own) heads.set(letterKey(receipt.aud, receipt.n), { digest: receipt.head, by })
}

function takeSent({ sent }: Witnesses, to: string, n: number, by: string): void {
  if (n > (sent.get(to)?.n ?? 0)) sent.set(to, { n, by })
}

/** What a witness says against this entry; strikes out of the witnesses what it bears out. */
export function contradiction({ heads, sent }: Witnesses, { body }: Entry): string | null {
  for (const [to, n] of Object.entries(body.to ?? {})) if (n >= (sent.get(to)?.n ?? Infinity)) sent.delete(to)
  const key = body.from && letterKey(body.from.authority, body.from.n)
  const head = key && heads.get(key)
  if (!key || !head) return null
  heads.delete(key)
  return head.digest === body.digest ? null : `it is not the entry that the signed receipt names which ${head.by} holds`
}

/** What the ledger should go on to hold behind its last entry; null where nothing is missing. */
export function missing({ heads, sent, folded }: Witnesses, count: number): string | null {
  const [letter, head] = [...heads][0] ?? []
  if (letter) return `the ledger ends before letter ${letter} was taken, of which ${head?.by} holds the signed receipt`
  const [to, last] = [...sent][0] ?? []
  if (to) return `the ledger ends before letter ${last?.n} to ${to}, which ${last?.by} holds`
  return folded > count ? `the ledger ends, but the house has read it up to position ${folded}` : null
}

async function* each<Value>(documents: Documents<Value>): AsyncGenerator<{ key: string; value: Value }> {
  for (let after: string | undefined; ;) {
    const page = await documents.list({ prefix: '', limit: READ_AT_ONCE, ...(after !== undefined && { after }) })
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.key
  }
}
