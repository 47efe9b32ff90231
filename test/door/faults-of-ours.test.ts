// A fault of ours (reliability-security.md §4B 39, §4F 95): one fixed text outside, over every transport, at hub and node alike; inside, one line of the log
// under the request id, whatever stands in it.
import { openStore } from '../../src/cli/stores'
import { houseLog } from '../../src/cli/log'
import type { HouseStart } from '../../src/cli/houses'
import { ASK, codeOf, overHttp, TRANSPORTS } from '../support/asking'
import { RowsRun } from '../support/decent'
import { runHouses, type RunningHouses } from '../support/running-houses'

const SECRET = 'mongodb://comity:ECHO7f3a@10.0.0.7:27017'
const HOSTILE = `E11000 ${SECRET} at Object.<anonymous> (/work/src/store.js:1:1)\r\n{"level":60}\u001b[31m\u202e\u2028\u0085${'x'.repeat(2 ** 20)}`
const rows = new RowsRun('faults of ours')
let houses: RunningHouses
let token: string

/** A store whose requests and register cannot be read, with what a driver might say of it. */
const spoiled: NonNullable<HouseStart['store']> = async (place, house) => {
  const store = await openStore(place, house)
  const fails = (): never => { throw new TypeError(HOSTILE) }
  return { ...store, ping: () => store.ping(), close: () => store.close(), log: name => store.log(name), documents: name => store.documents(name), docket: new Proxy(store.docket, { get: (target, name) => (['getMany', 'get'].includes(String(name)) ? fails : Reflect.get(target, name, target).bind(target) as unknown) }) }
}

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'], store: spoiled })
  token = await houses.token('DE', 'OFFICIAL')
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

const QUESTION = { query: '{ request(reference: "DE-2026-000001") { reference } }' }
const lines = (): { level: number; requestId?: string; err?: { message: string } }[] => houses.logged.map(line => JSON.parse(line) as { level: number })

describe.each(['hub', 'node'] as const)('at the %s', house => {
  const base = (): string => (house === 'hub' ? houses.hub : houses.node('DE'))

  it.each(TRANSPORTS)('B39 a fault is told in one fixed text over %s and logged under its request id', async transport => {
    const answer = await ASK[transport](base(), QUESTION, { token })
    rows.demand(answer)
    expect({ code: codeOf(answer), message: answer.errors[0]?.message, data: answer.data }).toEqual({
      code: 'INTERNAL_SERVER_ERROR', message: 'Comity could not answer because of a fault of its own. It was logged under the request id.', data: { request: null },
    })
    if (transport !== 'WebSocket') expect(answer.status).toBe(200)
    const requestId = answer.errors[0]?.extensions?.['requestId']
    expect(lines().filter(line => line.level === 50 && line.requestId === requestId).length).toBe(1)
  })
})

describe('the log', () => {
  it('F95 holds a hostile text of a megabyte as one line of plain characters, cut short', async () => {
    await overHttp(houses.node('DE'), QUESTION, { token })
    const told = houses.logged.filter(line => line.includes('E11000'))
    expect(told.length).toBeGreaterThan(0)
    for (const line of told) {
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
      expect(line.length).toBeLessThan(16_384)
      expect((JSON.parse(line) as { err: { message: string } }).err.message).toHaveLength(513)
    }
  })

  it('F95 holds nothing of what callers send in names, headers and addresses', async () => {
    const name = 'ECHO7f3a\u202e'
    for (const base of [houses.hub, houses.node('DE')]) {
      rows.demand(await overHttp(base, { query: '{ viewer { role } }', operationName: `${name}\r\n\u001b[31m` }, { token }))
      rows.demand(await overHttp(base, { query: '{ viewer { role } }' }, { token, headers: { 'user-agent': 'ECHO7f3a', referer: 'ECHO7f3a', 'x-request-id': 'ECHO7f3a' } }))
      rows.demand(await overHttp(base, undefined, { method: 'GET', path: '/ECHO7f3a%0d%0a%1b' }))
    }
    expect(houses.logged.filter(line => line.includes('ECHO7f3a') && !line.includes('E11000'))).toEqual([])
  })

  it('F95 cuts and escapes at any depth, and in the words of the line itself', () => {
    const said: string[] = []
    const log = houseLog('info', line => void said.push(line))
    log.warn({ letter: { why: ['\u202e'.repeat(600)] }, err: new TypeError('a\r\nb\u0085') }, `x${'y'.repeat(600)}\u2028`)
    log.child({ house: 'DE' }).info('plain')
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^[\x20-\x7e…]+\n$/)
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ letter: { why: [`${'\u202e'.repeat(512)}…`] }, err: { type: 'TypeError', message: 'a\r\nb\u0085' }, msg: `x${'y'.repeat(511)}…` })
    expect(JSON.parse(said[1] ?? '')).toMatchObject({ house: 'DE', msg: 'plain' })
  })
})
