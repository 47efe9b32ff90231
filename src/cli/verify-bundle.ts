// `comity verify --bundle`: reads nothing but the file and the root key it is given, and says what they prove.
import { readFileSync } from 'node:fs'
import { readBundle, type ProvenEntry } from './bundle'
import { BadSetting } from './settings'

export async function verifyBundle(file: string, root: string | undefined, say: (line: string) => void): Promise<boolean> {
  const verdict = await readBundle(textOf(file), rootOf(root))
  if (!('proven' in verdict)) {
    const { line, position, what } = verdict
    say(`bundle: broken at ${position === null ? `line ${line}` : `position ${position} (line ${line})`}: ${what}`)
    return false
  }
  const { of, reference, checkpoint, entries, countersigned } = verdict.proven
  say(`bundle: ${reference} in the ledger of ${of}: ${entries.length} entries hold, in this order, under the checkpoint at position ${checkpoint.seq} of ${checkpoint.at}`)
  for (const entry of entries) say(wordsOf(entry))
  for (const { by, seq } of countersigned) say(`  countersigned by ${by} up to position ${seq}`)
  return true
}

function wordsOf({ seq, at, what, by, letters }: ProvenEntry): string {
  const carried = letters.map(({ from, to, n, receivedAt, status }) => `letter ${n} ${from} > ${to}${receivedAt ? ` ${status} ${receivedAt}` : ', not receipted yet'}`)
  return [`  ${seq}  ${at}  ${what} by ${by}`, ...carried].join('; ')
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch { throw new BadSetting('--bundle', file, 'cannot be read', 'Name a file that `comity export` has written.') }
}

/** The key itself, or a file that holds it: whoever verifies has it from the secretariat, not from the bundle. */
function rootOf(given: string | undefined): string {
  if (given === undefined) throw new BadSetting('--root', '', 'is missing', 'Give the public root key that the secretariat has told you; `comity export` prints the one of its own house.')
  const key = /^[A-Za-z0-9_-]{43}$/.test(given) ? given : keyIn(given)
  if (key !== null) return key
  throw new BadSetting('--root', given, 'is no root key', 'Give its 43 characters (the member x of its JWK), or a file that holds the JWK.')
}

function keyIn(file: string): string | null {
  try {
    const { x, publicJwk, rootKey } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<'publicJwk' | 'rootKey', { x?: unknown }>> & { x?: unknown }
    const key = x ?? publicJwk?.x ?? rootKey?.x
    return typeof key === 'string' ? key : null
  } catch { return null }
}
