// What an evil hub does to what passes through it, exchange by exchange. `later`: what it has swallowed comes again only by its sender's slow repeat.
import { keysFile } from '../../src/cli/data-folder'
import { keptRootKey } from '../../src/cli/secretariat'
import { makeCheckpoint, makeCountersignature, type Standing } from '../../src/wire/checkpoints'
import { createRootKey, signDirectory, type RootKey } from '../../src/wire/directory'
import { openHouseKeys } from '../../src/wire/house-keys'
import { readKeysFile } from '../../src/wire/keys'
import { makeReceipt } from '../../src/wire/receipts'
import { keysOf, type RunningHouses } from '../support/running-houses'
import type { Call, Reply, Spoiling } from '../support/hub-between'
import { payloadOf, signRaw, keyOf } from '../wire/forge'
import { FR } from '../wire/houses'

export interface EvilCase { name: string; evil: (houses: RunningHouses) => Promise<Spoiling> | Spoiling; later?: true; /** Bytes at most that are taken of an endless answer. */ bounded?: true; /** How often a house that begins and ends meets it. */ meets?: number }

const LETTERS = '/exchange/letters', RECEIPTS = '/exchange/receipts', MAILBOX = '/exchange/mailbox', CHECKPOINTS = '/exchange/checkpoints'
const at = (path: string | readonly string[], change: (call: Call) => Reply | Call | null): Spoiling => ({ call: call => ([path].flat().includes(call.path) ? change(call) : null) })
const saying = (path: string | readonly string[], text: string | ((call: Call) => string), more: Partial<Reply> = {}): Spoiling => at(path, call => ({ status: 200, text: typeof text === 'string' ? text : text(call), ...more }))
const lettersIn = ({ body }: Call): string[] => (JSON.parse(body) as { letters: string[] }).letters
const idOf = (letter: string): string => String(payloadOf(letter)['id'])
const errors = (count: number): string => JSON.stringify({ errors: Array.from({ length: count }, () => ({ message: 'e' })) })
const each = (answer: (letter: string) => object): Spoiling => saying(LETTERS, call => JSON.stringify({ results: lettersIn(call).map(answer) }))
const refusing = (error: unknown): Spoiling => each(letter => ({ id: idOf(letter), error }))

/** Answers that no hub gives, at these paths. */
function nonsense(what: string, ...path: string[]): EvilCase[] {
  const texts: readonly [string, string][] = [
    ['nothing', ''], ['no JSON', '<html>'], ['null', 'null'], ['a list', '[]'], ['a text', '"x"'], ['an empty object', '{}'],
    ['members of other types', '{"results":{"length":1},"refused":{"length":1},"ok":"x","countersignature":7,"last":{"checkpoint":{},"countersignature":[]},"directory":{},"edition":[]}'],
    ['members that are null', '{"results":null,"refused":null,"ok":null,"countersignature":null,"last":null,"directory":null,"edition":null}'],
    ['lists of null', '{"results":[null],"refused":[null],"ok":[null]}'],
    ['a key of the prototype', '{"__proto__":{"polluted":1},"results":[],"constructor":{"prototype":{"polluted":1}}}'],
    ['10^6 errors', errors(1_000_000)],
  ]
  const swallows = path.includes(LETTERS) || path.includes(RECEIPTS)
  return [
    ...texts.map(([name, text]): EvilCase => ({ name: `${what}: ${name} with status 200`, evil: () => saying(path, text), ...(swallows && { later: true }) })),
    ...[401, 403, 404, 409, 500].map((status): EvilCase => ({ name: `${what}: status ${status}`, evil: () => saying(path, errors(1), { status }) })),
    { name: `${what}: an answer without an end`, evil: () => saying(path, '{"x":"', { end: 'endless' }), bounded: true },
    { name: `${what}: an answer that is cut off`, evil: () => saying(path, '{"x":"', { end: 'cut' }) },
  ]
}

const flipped = (text: string): string => `${text.slice(0, -10)}${text.at(-10) === 'A' ? 'B' : 'A'}${text.slice(-9)}`
interface Line { seq?: number; kind?: string; letter?: string | null; receipt?: string; beat?: string }
const parsed = (line: string): Line => JSON.parse(line) as Line
const isLetter = (line: string): boolean => typeof parsed(line).letter === 'string'
const isReceipt = (line: string): boolean => parsed(line).kind === 'receipt'
const lines = (change: (line: string) => readonly string[]): Spoiling => ({ lines: () => change })
/** Each letter otherwise than it is; the rest as it comes. */
const letters = (change: (line: Line) => object | null): Spoiling => lines(line => {
  const said = isLetter(line) ? change(parsed(line)) : parsed(line)
  return said === null ? [] : [isLetter(line) ? JSON.stringify(said) : line]
})
/** Numbers of its own making, so that nothing shows what was left out or put in. */
function renumbered(change: (line: string, next: (item: object) => string) => readonly string[]): Spoiling {
  return { lines: () => {
    let shift: number | null = null
    return line => {
      const { seq, ...item } = parsed(line)
      if (seq === undefined) return [line]
      shift ??= 0
      const from = seq
      let used = 0
      const said = change(line, more => JSON.stringify({ seq: from + (shift ?? 0) + used++, ...more }))
      shift += used - 1
      return said.length > 0 && used === 0 ? [JSON.stringify({ seq: from + shift, ...item })] : said
    }
  } }
}
const itemOf = (line: string): object => { const { seq: _, ...item } = parsed(line); return item }

async function forgedReceipt(houses: RunningHouses, signer: string, letter: string, changes: object = {}): Promise<string> {
  const { iss, n, id } = payloadOf(letter) as { iss: string; n: number; id: string }
  const keys = await openHouseKeys(readKeysFile(keysFile(houses.folder, signer)))
  return makeReceipt({ signer: keys.signer, iss: FR, aud: iss, n, id, digest: '0'.repeat(64), status: 'REJECTED', reason: 'FORGED', head: '', at: new Date().toISOString(), ...changes })
}

const hubsHand = async (houses: RunningHouses, letter: string): Promise<string> => {
  const file = readKeysFile(keysFile(houses.folder, 'hub'))
  return signRaw(file, { alg: 'Ed25519', kid: keyOf(file, 'sign').kid, typ: 'comity-letter+jws' }, payloadOf(letter))
}

const MANY_LINES = Array.from({ length: 1_000_000 }, () => '{"error":"e"}').join('\n')

const OTHERS: EvilCase[] = [
  // What nodes hand over.
  { name: 'letters: swallowed with a forged relay receipt', evil: () => each(letter => ({ id: idOf(letter), relay: 'x' })), later: true },
  { name: 'letters: an answer for other letters', evil: () => each(() => ({ id: 'other', relay: 'x' })), later: true },
  { name: 'letters: refused for good', evil: () => refusing({ code: 'LETTER_INVALID', message: 'x', reason: 'LETTER_SIGNATURE' }), later: true },
  { name: 'letters: another letter has the number', evil: () => refusing({ code: 'ENVELOPE_CONFLICT', message: 'x' }), later: true },
  { name: 'letters: a gap without an end', evil: () => refusing({ code: 'GAP', message: 'x', expected: 1 }) },
  { name: 'letters: a gap at a number that is none', evil: () => refusing({ code: 'GAP', message: 'x', expected: { $gt: '' } }) },
  { name: 'letters: a gap beyond all numbers', evil: () => refusing({ code: 'GAP', message: 'x', expected: 1e300 }) },
  { name: 'letters: handed on twice', evil: () => at(LETTERS, call => ({ ...call, body: JSON.stringify({ letters: lettersIn(call).flatMap(letter => [letter, letter]) }) })) },
  { name: 'letters: handed on with another signature', evil: () => at(LETTERS, call => ({ ...call, body: JSON.stringify({ letters: lettersIn(call).map(flipped) }) })), later: true },
  { name: 'letters: 10^5 results', evil: () => saying(LETTERS, JSON.stringify({ results: Array.from({ length: 100_000 }, () => ({ id: 'x', relay: 'y' })) })), later: true },
  {
    name: 'letters: receipts under other houses\' keys beside the answer',
    evil: async houses => {
      const known = new Map<string, Promise<string>>()
      for (const signer of ['hub', 'BR', 'DE']) known.set(signer, forgedReceipt(houses, signer, `x.${Buffer.from('{"iss":"authority:DE","n":1,"id":"x"}').toString('base64url')}`))
      const forged = await Promise.all(known.values())
      return each(letter => ({ id: idOf(letter), relay: 'x', receipt: forged[payloadOf(letter)['n'] as number % 3] }))
    }, later: true,
  },
  { name: 'receipts: swallowed', evil: () => saying(RECEIPTS, '{"ok":1,"refused":[]}'), later: true },
  { name: 'receipts: all refused', evil: () => saying(RECEIPTS, '{"ok":0,"refused":[{"index":0,"code":"RECEIPT_INVALID","message":"x"},{"index":1e9,"code":"RECEIPT_INVALID"},{"index":"__proto__","code":"LETTER_UNKNOWN"}]}'), later: true },
  { name: 'receipts: handed on twice, in another order', evil: () => at(RECEIPTS, call => ({ ...call, body: JSON.stringify({ receipts: (JSON.parse(call.body) as { receipts: string[] }).receipts.flatMap(each => [each, each]).reverse() }) })) },
  { name: 'receipts: handed on with another signature', evil: () => at(RECEIPTS, call => ({ ...call, body: JSON.stringify({ receipts: (JSON.parse(call.body) as { receipts: string[] }).receipts.map(flipped) }) })), later: true },

  // What lies in their mailboxes.
  { name: 'mailbox: letters left out', evil: () => letters(() => null) },
  { name: 'mailbox: letters left out, and nothing shows it', evil: () => renumbered((line, next) => (isLetter(line) ? [] : [next(itemOf(line))])), later: true },
  { name: 'mailbox: receipts left out, and nothing shows it', evil: () => renumbered((line, next) => (isReceipt(line) ? [] : [next(itemOf(line))])), later: true },
  { name: 'mailbox: each line five times', evil: () => lines(line => Array.from({ length: 5 }, () => line)) },
  { name: 'mailbox: each item once more, further on', evil: () => renumbered((line, next) => [next(itemOf(line)), next(itemOf(line))]), later: true },
  { name: 'mailbox: another signature', evil: () => letters(line => ({ ...line, letter: flipped(String(line.letter)) })) },
  { name: 'mailbox: the hub\'s own signature under it', evil: async houses => {
    const made = new Map<string, string>()
    return { lines: () => line => {
      const text = parsed(line).letter
      if (typeof text !== 'string') return [line]
      void hubsHand(houses, text).then(forged => made.set(text, forged))
      return [JSON.stringify({ ...parsed(line), letter: made.get(text) ?? flipped(text) })]
    } }
  } },
  { name: 'mailbox: letters that are said to be dropped', evil: () => letters(({ letter: _, ...line }) => ({ ...line, letter: null, from: 'authority:DE', n: 900, receipt: 'x' })) },
  { name: 'mailbox: numbers that jump', evil: () => lines(line => (parsed(line).seq === undefined ? [line] : [JSON.stringify({ ...parsed(line), seq: 1e9 })])) },
  { name: 'mailbox: numbers that are none', evil: () => lines(line => (parsed(line).seq === undefined ? [line] : [JSON.stringify({ ...parsed(line), seq: '1' }), JSON.stringify({ ...parsed(line), seq: -1 }), JSON.stringify({ ...parsed(line), seq: 0.5 })])) },
  { name: 'mailbox: lines that are nothing', evil: () => lines(() => ['null', '[]', '7', '{"seq":{}}']) },
  { name: 'mailbox: a line that is no JSON', evil: () => lines(() => ['<html>']) },
  { name: 'mailbox: a key of the prototype', evil: () => lines(line => [`{"__proto__":{"polluted":1},${line.slice(1)}`]) },
  { name: 'mailbox: a line of 2 MB', evil: () => lines(() => [JSON.stringify({ x: 'y'.repeat(2 ** 21) })]) },
  { name: 'mailbox: 10^6 errors', evil: () => lines(() => [MANY_LINES]) },
  { name: 'mailbox: 3,000 letters that nobody sent', evil: () => renumbered((line, next) => (isLetter(line) || isReceipt(line) ? Array.from({ length: 3_000 }, (_, i) => next({ kind: 'letter', letter: `x${i}` })) : [line])), later: true },
  { name: 'mailbox: no line at all', evil: () => saying(MAILBOX, '', { end: 'silent' }) },
]

export const EVIL_CASES: readonly EvilCase[] = [...nonsense('letters', LETTERS), ...nonsense('receipts', RECEIPTS), ...nonsense('mailbox', MAILBOX), ...OTHERS]
/** What a house asks and shows when it begins and ends. */
export const ON_THE_SIDE: readonly EvilCase[] = [
  ...nonsense('directory, register and checkpoints', '/directory', '/register', CHECKPOINTS, `${CHECKPOINTS}/last`),
  witnessing('a countersignature in its name under another house\'s key', async (houses, standing) => ({ countersignature: await countersigned(houses, 'FR', standing) })),
  witnessing('its own countersignature under what the house has not shown', async (houses, standing) => ({ countersignature: await countersigned(houses, 'hub', { ...standing, seq: standing.seq + 1_000_000 }) })),
  witnessing('its own countersignature under another house\'s ledger', async (houses, standing) => ({ countersignature: await countersigned(houses, 'hub', standing, 'authority:FR') })),
  witnessing('a checkpoint of the house further on, under its own key', (houses, standing) => heldBy(houses, 'hub', standing, 'authority:BR')),
  witnessing('a checkpoint of the house further on, under another house\'s key', (houses, standing) => heldBy(houses, 'FR', standing, 'authority:BR')),
  witnessing('another house\'s checkpoint further on', (houses, standing) => heldBy(houses, 'FR', standing, 'authority:FR')),
  // Every house's keys revoked: who believed it could send and take nothing any more.
  { name: 'directory: a newer one under the hub\'s own root key', evil: async houses => offering(houses, (await createRootKey()).privateJwk, 100) },
  { name: 'directory: one that the root key has signed, with the version that is known', evil: houses => offering(houses, keptRootKey(houses.folder).privateJwk, 0) },
]

/** What it says of a house's ledger: when it is asked which checkpoint it saw last, and when it is shown the next one. */
function witnessing(name: string, answer: (houses: RunningHouses, shown: Standing) => Promise<object>): EvilCase {
  const asked: Standing = { seq: 1, digest: '1'.repeat(64), root: '2'.repeat(64) }
  const shown = ({ path, body }: Call): Standing => (path === CHECKPOINTS ? (payloadOf((JSON.parse(body) as { checkpoint: string }).checkpoint) as unknown as Standing) : asked)
  return {
    name: `checkpoints: ${name}`, meets: 2,
    evil: houses => ({ call: async call => (call.path.startsWith(CHECKPOINTS) ? { status: 200, text: JSON.stringify(await answer(houses, shown(call))) } : null) }),
  }
}

async function countersigned(houses: RunningHouses, signer: string, { seq, digest, root }: Standing, of = 'authority:BR'): Promise<string> {
  const { signer: hand } = await openHouseKeys(readKeysFile(keysFile(houses.folder, signer)))
  return makeCountersignature({ signer: hand, iss: 'hub', of, seq, digest, root, at: new Date().toISOString() })
}

async function heldBy(houses: RunningHouses, signer: string, { digest, root }: Standing, iss: string): Promise<object> {
  const { signer: hand } = await openHouseKeys(readKeysFile(keysFile(houses.folder, signer)))
  const further: Standing = { seq: 1_000_000, digest, root }
  const checkpoint = await makeCheckpoint({ signer: hand, iss, ...further, prev: 0, at: new Date().toISOString() })
  return { last: { checkpoint, countersignature: await countersigned(houses, 'hub', further, iss) } }
}

async function offering(houses: RunningHouses, root: RootKey['privateJwk'], later: number): Promise<Spoiling> {
  const { directory: { snapshot } } = await keysOf(houses, 'DE')
  const revoked = snapshot.authorities.map(each => ({ ...each, keys: each.keys.map(key => ({ ...key, revokedAt: snapshot.issuedAt })) }))
  return saying('/directory', JSON.stringify({ directory: await signDirectory(root, { ...snapshot, version: snapshot.version + later, authorities: revoked }) }))
}
