// What a page costs beside a partner that gives no answer: one call at a time waits for it, the others are told at once; none takes its next answer for missing.
import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Houses, type Outcome } from '../../src/hub/houses'
import { Breaker } from '../../src/peer/breaker'
import { failure, type PeerOutcome, type Reason } from '../../src/peer/outcome'

const ANSWER: PeerOutcome = { state: 'ANSWERED', status: 200, body: {}, tookMs: 1 }
const ends = (outcome: PeerOutcome) => () => Promise.resolve(outcome)
const silent = (reason: Reason = 'DEADLINE') => ends(failure(reason, 2_000))
const never = (): Promise<PeerOutcome> => Promise.reject(new TypeError('nothing was to be asked'))

/** A call under way and the way to end it. */
function pending(): { call: () => Promise<PeerOutcome>; end: (outcome: PeerOutcome) => void } {
  let end: (outcome: PeerOutcome) => void = () => undefined
  const outcome = new Promise<PeerOutcome>(resolve => { end = resolve })
  return { call: () => outcome, end: given => end(given) }
}
async function broken(reason?: Reason): Promise<Breaker> {
  const breaker = new Breaker()
  for (let i = 0; i < 3; i++) await breaker.ask(silent(reason))
  return breaker
}

test.each<[string, Reason, string]>([['no answer in time', 'DEADLINE', 'TIMED_OUT'], ['no connection', 'NO_CONNECTION', 'UNREACHABLE'], ['lines that are cut', 'CUT', 'UNREACHABLE'], ['a proxy before it that finds nobody', 'GATEWAY', 'UNREACHABLE']])('after three times %s one call at a time is made, and the others are told the same at once', async (_, reason, state) => {
  const breaker = await broken(reason)
  const trial = pending()
  const tried = breaker.ask(trial.call)
  expect(await breaker.ask(never)).toEqual({ state, reason, tookMs: 0 })
  trial.end(failure(reason, 2_000))
  expect(await tried).toEqual({ state, reason, tookMs: 2_000 })
  const next = pending()
  const again = breaker.ask(next.call)
  expect(await breaker.ask(never)).toMatchObject({ state })
  next.end(ANSWER)
  expect(await again).toBe(ANSWER)
  expect(await Promise.all([breaker.ask(ends(ANSWER)), breaker.ask(ends(ANSWER))])).toEqual([ANSWER, ANSWER])
})

test('two in a row are an accident: all calls are made', async () => {
  const breaker = new Breaker()
  for (let i = 0; i < 10; i++) {
    for (let calls = 0; calls < 2; calls++) await breaker.ask(silent())
    expect(await Promise.all([breaker.ask(ends(ANSWER)), breaker.ask(ends(ANSWER))])).toEqual([ANSWER, ANSWER])
  }
})

test.each<Reason>(['DENIED', 'BAD_ANSWER', 'TOO_LARGE', 'TLS'])('a house that refuses (%s) has spoken: all calls are made', async reason => {
  const breaker = await broken(reason)
  const first = breaker.ask(pending().call)
  expect(await breaker.ask(ends(ANSWER))).toBe(ANSWER)
  expect(first).toBeInstanceOf(Promise)
})

test('a caller that went away says nothing of the house, and leaves the trial to the next one', async () => {
  const breaker = await broken('ABORTED')
  expect(await Promise.all([breaker.ask(ends(ANSWER)), breaker.ask(ends(ANSWER))])).toEqual([ANSWER, ANSWER])
  const silenced = await broken()
  await silenced.ask(silent('ABORTED'))
  const trial = pending()
  const tried = silenced.ask(trial.call)
  expect(await silenced.ask(never)).toMatchObject({ state: 'TIMED_OUT' })
  trial.end(ANSWER)
  expect(await tried).toBe(ANSWER)
})

test('a call that throws leaves the trial to the next one', async () => {
  const breaker = await broken()
  await expect(breaker.ask(never)).rejects.toThrow('nothing was to be asked')
  expect(await breaker.ask(ends(ANSWER))).toBe(ANSWER)
})

test('a partner that hangs costs the pages of others one wait, not one each, and its first answer is everybody\'s', async () => {
  const held: ServerResponse[] = []
  let isSilent = true
  const node = createServer((req, res) => {
    if (req.headers.upgrade) return void res.writeHead(404).end()
    if (isSilent) return void held.push(res)
    res.setHeader('content-type', 'application/json').end('{"data":{}}')
  }).listen(0, '127.0.0.1')
  await once(node, 'listening')
  const houses = new Houses(() => `http://127.0.0.1:${(node.address() as AddressInfo).port}`)
  const ask = (): Promise<Outcome> => houses.partner('authority:FR', 'assertion', '{}', new AbortController().signal)
  const asked = (count: number): Promise<Outcome[]> => Promise.all(Array.from({ length: count }, ask))
  for (const outcome of await asked(3)) expect(outcome).toMatchObject({ state: 'TIMED_OUT', reason: 'DEADLINE' })
  const before = held.length
  const waiting = await asked(32)
  expect(waiting.map(outcome => 'state' in outcome && outcome.state)).toEqual(Array.from({ length: 32 }, () => 'TIMED_OUT'))
  expect(waiting.filter(({ tookMs }) => tookMs > 0)).toHaveLength(1)
  expect(held.length - before).toBe(1)
  isSilent = false
  expect(await ask()).toMatchObject({ answer: { data: {} } })
  for (const outcome of await asked(32)) expect(outcome).toMatchObject({ answer: { data: {} } })
  await houses.close()
  node.closeAllConnections()
  node.close()
})
