// Letters and receipts through a hub: hostile, repeated, shuffled, raced. Real socket, real store, real signatures.
import * as fc from 'fast-check'
import { MAX_LETTER_BYTES, type LetterResult } from '../../src/hub/exchange'
import { LetterQuota } from '../../src/hub/letter-quota'
import { Refusal } from '../../src/refusal'
import type { Store } from '../../src/store/store'
import { addressedTo, BR, DE, FR, letterOf, receiptOf, relayOf, strangersLetter } from './houses'
import { entriesOf, exchangeOver, keysOf, openHub, storeWith, temporaryStore, type Hub } from './hub'

let store: Awaited<ReturnType<typeof temporaryStore>>
let hub: Hub
beforeEach(async () => {
  store = await temporaryStore()
  hub = await openHub(store)
})
afterEach(async () => {
  await hub.close()
  await store.remove()
  expect(hub.faults).toEqual([])
})

const range = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const lettersOf = (count: number) => Promise.all(range(count).map(n => letterOf(DE, FR, n)))
const codeOf = (result: LetterResult | undefined) => result && ('error' in result ? result.error.code : 'RELAYED')
const relayIn = (result: LetterResult | undefined) => result && 'relay' in result ? result.relay : null

test('a letter sent fifty times in parallel lies in the mailbox once, and all fifty answers are one relay receipt, byte for byte', async () => {
  const letter = await letterOf(DE, FR, 1)
  const answers = (await Promise.all(range(50).map(() => hub.submit([letter])))).flat()
  expect(new Set(answers.map(relayIn)).size).toBe(1)
  expect(await relayOf(relayIn(answers[0]) ?? '')).toMatchObject({ iss: 'hub', from: DE, to: FR, n: 1 })
  expect(await entriesOf(store, FR)).toHaveLength(1)
  expect(hub.exchange.tally).toMatchObject({ relayed: 1, repeated: 49 })
})

test('a letter sent again after a year, behind others and behind its receipt, gets the relay receipt of the first time with the addressee\'s beside it, and has no effect', async () => {
  const letters = await lettersOf(3)
  const [first] = await hub.submit(letters)
  const receipt = await receiptOf(FR, letters[0] ?? '')
  await hub.receipts([receipt])
  const [again] = await exchangeOver(store).submit([letters[0]])
  expect(again).toEqual({ ...first, receipt })
  expect(await entriesOf(store, FR)).toHaveLength(3)
  expect(await keysOf(store, 'sealed')).toHaveLength(2)
})

test('a letter ahead of its turn is not kept, and the sender is told from which number to send', async () => {
  const letters = await lettersOf(5)
  expect(await hub.submit([letters[2]])).toMatchObject([{ error: { code: 'GAP', expected: 1 } }])
  expect(await keysOf(store, 'sealed')).toEqual([])
  expect((await hub.submit([letters[4], letters[0], letters[1], letters[3]])).map(codeOf)).toEqual(['GAP', 'RELAYED', 'RELAYED', 'GAP'])
  expect(await hub.submit([letters[4]])).toMatchObject([{ error: { code: 'GAP', expected: 3 } }])
  expect((await hub.submit(letters)).map(codeOf)).toEqual(Array(5).fill('RELAYED'))
  expect((await entriesOf(store, FR)).map(({ body }) => body.n)).toEqual([1, 2, 3, 4, 5])
})

test('numbers are counted for each pair of houses alone', async () => {
  const letters = await Promise.all([letterOf(DE, FR, 1), letterOf(BR, FR, 1), letterOf(DE, BR, 1), letterOf(FR, DE, 1)])
  expect((await hub.submit(letters)).map(codeOf)).toEqual(Array(4).fill('RELAYED'))
  // Who of two senders comes first is left to chance.
  expect((await entriesOf(store, FR)).map(({ body }) => body.from).sort()).toEqual([BR, DE])
})

test('another letter under a number that is taken is refused and kept as evidence; the first one stands', async () => {
  const [letter, other, third] = await Promise.all(['a', 'b', 'c'].map(body => letterOf(DE, FR, 1, body)))
  const [stood] = await hub.submit([letter])
  for (const conflict of [other, other, third]) expect(await hub.submit([conflict])).toMatchObject([{ error: { code: 'ENVELOPE_CONFLICT' } }])
  expect(await hub.submit([letter])).toEqual([stood])
  expect(await store.documents('conflicts').list({ prefix: '', limit: 10 })).toMatchObject([{ value: { evidence: other } }])
  expect(await keysOf(store, 'sealed')).toHaveLength(1)
  expect(hub.warnings.filter(({ code }) => code === 'ENVELOPE_CONFLICT')).toHaveLength(3)
})

test('two letters that fight for a number at the same moment leave one entry, one sealed letter and one refusal', async () => {
  const rivals = await Promise.all(['a', 'b'].map(body => letterOf(DE, FR, 1, body)))
  const answers = (await Promise.all([...rivals, ...rivals].map(letter => hub.submit([letter])))).flat()
  expect(answers.map(codeOf).sort()).toEqual(['ENVELOPE_CONFLICT', 'ENVELOPE_CONFLICT', 'RELAYED', 'RELAYED'])
  expect(await entriesOf(store, FR)).toHaveLength(1)
  expect(await keysOf(store, 'sealed')).toEqual((await entriesOf(store, FR)).map(({ body }) => body.digest))
})

test('what is wrong with one letter of a batch is no harm to the others', async () => {
  const good = await letterOf(DE, FR, 1)
  const altered = good.slice(0, -20) + (good.at(-20) === 'A' ? 'B' : 'A') + good.slice(-19)
  const batch = [
    null, 7, {}, [good], '', 'a.b.c', altered, `${good}=`, ` ${good}`, 'x'.repeat(MAX_LETTER_BYTES + 1), await strangersLetter(BR, good),
    await receiptOf(FR, good), await addressedTo('authority:XX', good), await addressedTo('hub', good), good,
  ]
  const codes = (await hub.submit(batch)).map(codeOf)
  expect(codes).toEqual([...Array(9).fill('LETTER_INVALID'), 'PAYLOAD_TOO_LARGE', 'LETTER_INVALID', 'LETTER_INVALID', 'ADDRESSEE_UNKNOWN', 'ADDRESSEE_UNKNOWN', 'RELAYED'])
  expect(await entriesOf(store, FR)).toHaveLength(1)
  expect(hub.warnings).toHaveLength(14)
})

test('the hub drops the sealed bytes once the addressee has signed, keeps digest and receipt, and tells the sender', async () => {
  const letters = await lettersOf(2)
  await hub.submit(letters)
  const receipt = await receiptOf(FR, letters[0] ?? '')
  expect(await hub.receipts([receipt])).toEqual({ ok: 1, refused: [] })
  const [first, second] = await entriesOf(store, FR)
  expect(await keysOf(store, 'sealed')).toEqual([second?.body.digest])
  expect(await keysOf(store, 'receipts')).toEqual([first?.body.digest])
  expect((await entriesOf(store, DE)).map(({ body }) => body)).toMatchObject([{ kind: 'receipt', from: FR, n: 1, receipt }])
})

test('a receipt sent again and again reaches the sender once', async () => {
  const letters = await lettersOf(2)
  await hub.submit(letters)
  const receipts = await Promise.all(letters.map(letter => receiptOf(FR, letter)))
  const answers = await Promise.all(range(10).map(() => hub.receipts([...receipts, ...receipts])))
  expect(answers).toEqual(Array(10).fill({ ok: 4, refused: [] }))
  expect((await entriesOf(store, DE)).map(({ body }) => body.n)).toEqual([1, 2])
})

test.each<[string, (letter: string) => Promise<unknown>, string]>([
  ['by a house that is not the addressee', letter => receiptOf(BR, letter), 'LETTER_UNKNOWN'],
  ['by the sender itself', letter => receiptOf(DE, letter), 'LETTER_UNKNOWN'],
  ['for a letter that was never sent', letter => receiptOf(FR, letter, { n: 2 }), 'LETTER_UNKNOWN'],
  ['for a letter of another sender', letter => receiptOf(FR, letter, { aud: BR }), 'LETTER_UNKNOWN'],
  ['with another digest', letter => receiptOf(FR, letter, { digest: '0'.repeat(64) }), 'LETTER_UNKNOWN'],
  ['with another id', letter => receiptOf(FR, letter, { id: '00000000-0000-4000-8000-000000000000' }), 'LETTER_UNKNOWN'],
  ['that is a letter', async letter => letter, 'RECEIPT_INVALID'],
  ['with an altered signature', async letter => (await receiptOf(FR, letter)).slice(0, -6) + 'AAAAAA', 'RECEIPT_INVALID'],
  ['that is no string', async () => ({ receipt: 1 }), 'RECEIPT_INVALID'],
  ['of a megabyte', async () => 'x'.repeat(1_000_000), 'PAYLOAD_TOO_LARGE'],
])('a receipt %s is refused and logged, and the sealed bytes stay', async (_, make, code) => {
  const letter = await letterOf(DE, FR, 1)
  await hub.submit([letter])
  expect(await hub.receipts([await make(letter)])).toMatchObject({ ok: 0, refused: [{ index: 0, code }] })
  expect(hub.warnings).toMatchObject([{ code }])
  expect(await keysOf(store, 'sealed')).toHaveLength(1)
  expect([await entriesOf(store, DE), await entriesOf(store, BR)]).toEqual([[], []])
})

test('a receipt in other words than the first is refused: the first word stands', async () => {
  const letter = await letterOf(DE, FR, 1)
  await hub.submit([letter])
  const first = await receiptOf(FR, letter)
  await hub.receipts([first])
  expect(await hub.receipts([await receiptOf(FR, letter, { status: 'REJECTED', reason: 'UNREADABLE' })])).toMatchObject({ ok: 0, refused: [{ code: 'RECEIPT_CONFLICT' }] })
  expect((await entriesOf(store, DE)).map(({ body }) => body)).toMatchObject([{ receipt: first }])
})

test('two hub processes on one store act as one: order, repeats, conflicts and receipts', async () => {
  const shared: Store = { ...store, exclusive: false }
  const [one, two] = [exchangeOver(shared), exchangeOver(shared)]
  const letters = await lettersOf(4)
  expect((await one.submit([letters[0], letters[1]])).map(codeOf)).toEqual(['RELAYED', 'RELAYED'])
  expect((await two.submit([letters[3]]))).toMatchObject([{ error: { code: 'GAP', expected: 3 } }])
  expect((await two.submit([letters[2]])).map(codeOf)).toEqual(['RELAYED'])
  expect((await one.submit([letters[3]])).map(codeOf)).toEqual(['RELAYED'])
  expect(await two.submit(letters)).toEqual(await one.submit(letters))
  expect(await two.submit([await letterOf(DE, FR, 2, 'other')])).toMatchObject([{ error: { code: 'ENVELOPE_CONFLICT' } }])
  expect(await two.receipts([await receiptOf(FR, letters[1] ?? '')])).toMatchObject({ ok: 1 })
  expect((await entriesOf(store, FR)).map(({ seq, body }) => [seq, body.n])).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]])
})

test('two hub processes that are given the same letters at the same moment answer with the same relay receipts', async () => {
  const shared: Store = { ...store, exclusive: false }
  const letters = await lettersOf(30)
  const answers = await Promise.all(range(6).map(() => exchangeOver(shared).submit(letters)))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect((await entriesOf(store, FR)).map(({ body }) => body.n)).toEqual(range(30))
})

test('a store that does not answer is said with 503, nothing counts as taken, and the same letters go in later', async () => {
  let down = true
  const shaky = await openHub(storeWith(store, kept => ({
    putMany: values => down ? Promise.reject(new Refusal('STORE_UNAVAILABLE', 'the store does not answer')) : kept.putMany(values),
  })))
  const letters = await lettersOf(2)
  expect(await shaky.peer.post('/exchange/letters', { letters }, { deadlineMs: 5_000 })).toMatchObject({ state: 'ANSWERED', status: 503, body: { errors: [{ extensions: { code: 'STORE_UNAVAILABLE' } }] } })
  expect(await entriesOf(store, FR)).toEqual([])
  down = false
  expect((await shaky.submit(letters)).map(codeOf)).toEqual(['RELAYED', 'RELAYED'])
  await shaky.close()
})

type Move = { hub: number; from: string } & ({ send: number[] } | { sign: number[] })
const numbers = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 })
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ hub: fc.nat(1), from: fc.constantFrom(DE, BR), send: numbers }) },
  { weight: 2, arbitrary: fc.record({ hub: fc.nat(1), from: fc.constantFrom(DE, BR), sign: numbers }) },
)

test('any interleaving of repeats, shuffles and receipts at two hubs keeps each sender\'s order, one entry each and no byte too much', async () => {
  const letters = new Map<string, string>()
  const receipts = new Map<string, string>()
  for (const from of [DE, BR]) {
    for (const n of range(6)) {
      const letter = await letterOf(from, FR, n)
      letters.set(`${from}/${n}`, letter)
      receipts.set(`${from}/${n}`, await receiptOf(FR, letter))
    }
  }
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(move, fc.boolean()), { minLength: 1, maxLength: 30 }), async moves => {
    const own = await temporaryStore()
    const hubs = [exchangeOver({ ...own, exclusive: false }), exchangeOver({ ...own, exclusive: false })]
    const make = async (one: Move) => {
      const taken = (texts: Map<string, string>, of: number[]) => of.map(n => texts.get(`${one.from}/${n}`))
      return 'send' in one ? hubs[one.hub]?.submit(taken(letters, one.send)) : hubs[one.hub]?.receipts(taken(receipts, one.sign))
    }
    let running: Promise<unknown>[] = []
    for (const [one, waits] of moves) {
      running.push(make(one))
      if (waits) { await Promise.all(running); running = [] }
    }
    await Promise.all(running)
    await holds(own)
    await own.remove()
  }), { numRuns: 60 })
}, 120_000)

async function holds(own: Store): Promise<void> {
  const entries = await entriesOf(own, FR)
  expect(entries.map(({ seq }) => seq)).toEqual(range(entries.length))
  for (const from of [DE, BR]) {
    const sent = entries.flatMap(({ body }) => body.from === from ? [body.n] : [])
    expect(sent).toEqual(range(sent.length))
  }
  const receipted = new Set(await keysOf(own, 'receipts'))
  expect((await keysOf(own, 'sealed')).sort()).toEqual(entries.map(({ body }) => body.digest).filter(digest => !receipted.has(digest)).sort())
  const told = [...await entriesOf(own, DE), ...await entriesOf(own, BR)].map(({ body }) => body.digest)
  expect(told.sort()).toEqual([...receipted].sort())
}

test('an authority that floods is told to wait, keeps its order, and takes nothing from others; repeats weigh nothing', async () => {
  let at = 0
  const exchange = exchangeOver(store, [], new LetterQuota({ perSecond: 2, burst: 3 }, () => at))
  const letters = await lettersOf(6)
  expect((await exchange.submit(letters)).map(codeOf)).toEqual(['RELAYED', 'RELAYED', 'RELAYED', 'RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED'])
  expect((await exchange.submit([await letterOf(FR, DE, 1), await letterOf(BR, FR, 1)])).map(codeOf)).toEqual(['RELAYED', 'RELAYED'])
  expect((await exchange.submit([...letters.slice(0, 3), ...letters.slice(0, 3)])).map(codeOf)).toEqual(Array.from({ length: 6 }, () => 'RELAYED'))
  expect((await exchange.submit([await letterOf(DE, BR, 1)])).map(codeOf)).toEqual(['RATE_LIMITED'])
  at = 1_000
  expect((await exchange.submit(letters)).map(codeOf)).toEqual(['RELAYED', 'RELAYED', 'RELAYED', 'RELAYED', 'RELAYED', 'RATE_LIMITED'])
  at = 2_000
  expect((await exchange.submit(letters)).map(codeOf)).toEqual(letters.map(() => 'RELAYED'))
  expect((await entriesOf(store, FR)).filter(({ body }) => body.from === DE).map(({ body }) => body.n)).toEqual([1, 2, 3, 4, 5, 6])
})

test('letters weigh by their size, and the clock that steps back gives nothing', () => {
  let at = 0
  const quota = new LetterQuota({ perSecond: 10, burst: 100 }, () => at)
  expect(quota.admit(DE, Array.from({ length: 9 }, () => 256 * 1024))).toBe(6)
  expect(quota.admit(DE, [1, 1, 1, 1, 1])).toBe(4)
  at = -60_000
  expect(quota.admit(DE, [1])).toBe(0)
  expect(quota.admit(FR, [10 * 2 ** 20])).toBe(1)
})
