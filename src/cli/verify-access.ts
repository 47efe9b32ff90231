// Re-reads a node's access log as its ledger is re-read: chain, positions, who read, and the checkpoints that the house signed.
import { verifyChain } from '../ledger/ledger'
import { accessCheckpointsOf, signedDigest } from '../node/access-checkpoints'
import { accessLogOf } from '../node/access-log'
import { matchesDigest, type ContentDocument } from '../node/contents'
import { digestOf } from '../node/entry'
import type { Store } from '../store/store'
import type { Directory } from '../wire/directory'
import { each } from './witnesses'

/** Says what it found; silent where nobody has ever read anything. */
export async function verifyAccessLog(store: Store, directory: Directory, country: string, say: (line: string) => void): Promise<boolean> {
  const signed = await signedPositions(store, directory, `authority:${country}`)
  const readers = store.documents<ContentDocument>('content')
  const sound = new Set<string>()
  const { count, broken } = await verifyChain(accessLogOf(store), digestOf, async ({ seq, body: { reader, digest } }) => {
    const named = sound.has(reader) ? null : await readers.get(reader)
    if (named && !matchesDigest(reader, named)) return 'who read does not match the digest'
    sound.add(reader)
    if (!signed.has(seq) || signed.get(seq) === digest) return null
    return signed.get(seq) === null ? 'the checkpoint here is not signed by the house' : 'it is not what the checkpoint here was signed for'
  })
  const cut = broken ? undefined : [...signed.keys()].find(seq => seq > count)
  const fault = broken ?? (cut === undefined ? null : { seq: count + 1, what: `it ends here, but a checkpoint was signed at ${cut}` })
  if (fault) say(`${country}: access log broken at position ${fault.seq}: ${fault.what}`)
  else if (count > 0) say(`${country}: access log: ${count} entries, chain, readers and ${signed.size} checkpoints hold`)
  return fault === null
}

/** Position → digest that the house signed for it; null where the signature is not its own. */
async function signedPositions(store: Store, directory: Directory, house: string): Promise<Map<number, string | null>> {
  const signed = new Map<number, string | null>()
  for await (const { key, value } of each(accessCheckpointsOf(store))) signed.set(Number(key), await signedDigest(value, house, Number(key), directory))
  return signed
}
