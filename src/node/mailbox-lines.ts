// What a hub says on the line of a mailbox and of receipts, as far as it says anything that can be used. Must not know what a letter is for.

/** `letter` is null where the hub has dropped it: it holds the addressee's receipt, or nothing any more. */
export type MailboxItem = { seq: number } & (
  | { kind: 'letter'; letter: string }
  | { kind: 'letter'; letter: null; from: string; n: number; receipt: string | null }
  | { kind: 'receipt'; receipt: string }
)

/** Which of the receipts the hub may take later: it lacks the key that signed them, or has lost the letter. */
export function refusedIn(body: unknown): number[] {
  const { refused } = (body ?? {}) as { refused?: unknown }
  const curable = (value: unknown): value is { index: number } => {
    const { index, code } = (value ?? {}) as Partial<Record<'index' | 'code', unknown>>
    return typeof index === 'number' && (code === 'RECEIPT_INVALID' || code === 'LETTER_UNKNOWN')
  }
  return Array.isArray(refused) ? refused.filter(curable).map(({ index }) => index) : []
}

export const isBeat = (line: unknown): boolean => typeof (line as { beat?: unknown } | null)?.beat === 'string'

export function isItem(line: unknown): line is MailboxItem {
  const { seq, kind, letter, receipt, from, n } = (line ?? {}) as Partial<Record<'seq' | 'kind' | 'letter' | 'receipt' | 'from' | 'n', unknown>>
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return false
  if (kind === 'receipt') return typeof receipt === 'string'
  return kind === 'letter' && (typeof letter === 'string' || (letter === null && typeof from === 'string' && typeof n === 'number' && Number.isSafeInteger(n) && (receipt === null || typeof receipt === 'string')))
}

/** Whatever has come while the last batch was handled, together. */
export async function* batched<Item>(source: AsyncIterable<Item>, most: number): AsyncGenerator<Item[]> {
  const iterator = source[Symbol.asyncIterator]()
  let next = ahead(iterator)
  for (;;) {
    const first = await next
    if (first.done) return
    const batch = [first.value]
    next = ahead(iterator)
    while (batch.length < most) {
      const ready = await Promise.race([next, soon])
      if (ready === null || ready.done) break
      batch.push(ready.value)
      next = ahead(iterator)
    }
    yield batch
  }
}
const soon: Promise<null> = Promise.resolve(null)

/** Its failure is met where it is awaited, not before. */
function ahead<Item>(iterator: AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  const next = iterator.next()
  next.catch(() => undefined)
  return next
}
