// §4H against the real hub and, behind an evil hub, against a real node: what is forged is refused, kept and answered, and the letters behind it flow.
import { createServer, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keysFile, storeFolder } from '../../src/cli/data-folder'
import type { Entry } from '../../src/node/entry'
import type { ParkedLetter } from '../../src/node/parked'
import { openEmbeddedStore } from '../../src/store/embedded'
import type { Store } from '../../src/store/store'
import { openDirectory, signDirectory, type RootKey } from '../../src/wire/directory'
import { openHouseKeys } from '../../src/wire/house-keys'
import { createHouseKeys, readKeysFile, type KeysFile, type PublicKey } from '../../src/wire/keys'
import { makeReceipt } from '../../src/wire/receipts'
import { draftInput, requestIn, staff } from '../support/case'
import { eventually } from '../support/desk'
import { RowsRun } from '../support/decent'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'
import { payloadOf } from '../wire/forge'
import { BR, DE, FR } from '../wire/houses'
import { FORGERIES, goodLetter, type Forger } from './forged-letters.table'

type Payload = Record<'id' | 'status' | 'reason' | 'digest' | 'iss', string> & { n: number }

let houses: RunningHouses
let forger: Forger
/** Number of the sender's next letter at the hub, and at the node. */
let atHub = 0, atNode = 0
const rows = new RowsRun('forged letters')

const filesOf = (country: string): KeysFile => readKeysFile(keysFile(houses.folder, country))

/** A revoked key of the sender's, and one that has ended, go into the directory, as the secretariat would sign it. */
async function keysThatHoldNoMore(): Promise<Pick<Forger, 'revoked' | 'ended'>> {
  const file = join(houses.folder.path, 'directory.jws')
  const root = JSON.parse(readFileSync(join(houses.folder.path, 'root', 'root.key.json'), 'utf8')) as RootKey
  const { snapshot } = await openDirectory(readFileSync(file, 'utf8'), root.publicJwk, { now: new Date() })
  const [yesterday, past] = [new Date(Date.now() - 86_400_000), new Date(Date.now() - 3_600_000).toISOString()]
  const [revoked, ended] = await Promise.all([createHouseKeys(FR, yesterday), createHouseKeys(FR, yesterday)])
  const signing = ({ publicKeys }: typeof revoked, change: object): PublicKey[] => publicKeys.filter(({ use }) => use === 'sign').map(key => ({ ...key, ...change }))
  const authorities = snapshot.authorities.map(authority => (authority.id === FR ? { ...authority, keys: [...authority.keys, ...signing(revoked, { revokedAt: past }), ...signing(ended, { notAfter: past })] } : authority))
  writeFileSync(file, await signDirectory(root.privateJwk, { ...snapshot, version: snapshot.version + 1, authorities }))
  return { revoked: { ...filesOf('FR'), keys: revoked.keys }, ended: { ...filesOf('FR'), keys: ended.keys } }
}

async function posted<Body>(path: string, body: object): Promise<Body> {
  const begun = performance.now()
  const response = await fetch(`${houses.hub}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const text = await response.text()
  rows.demandText(text, begun)
  return JSON.parse(text) as Body
}

interface HubResult { relay?: string; error?: { code: string; reason?: string; expected?: number } }
const handedOver = async (...letters: string[]): Promise<HubResult[]> => (await posted<{ results: HubResult[] }>('/exchange/letters', { letters })).results
const saidOf = ({ relay, error }: HubResult = {}): string => (relay ? 'RELAYED' : `${error?.code}${error?.reason ? ` ${error.reason}` : ''}`)

/** What lies in the German store, read beside the running node. */
async function stored<Value>(read: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await openEmbeddedStore(storeFolder(houses.folder, 'DE'), { readOnly: true })
  try { return await read(store) } finally { await store.close() }
}
const parked = (prefix = ''): Promise<{ key: string; value: ParkedLetter }[]> => stored(store => store.documents<ParkedLetter>('parked').list({ prefix, limit: 1_000 }))

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'] })
  const people = await staff(houses)
  const own = await requestIn(people, 'DELIVERED')
  const foreign = (await people.anna.act('draftRequest', draftInput({ requested: 'BR' }, { language: 'pt' }))).reference
  await Promise.all(['FR', 'BR', 'DE', 'hub'].map(house => houses.stop(house)))
  const over = await keysThatHoldNoMore()
  await houses.start('hub')
  const { directory } = await keysOf(houses, 'DE')
  forger = { directory, files: { fr: filesOf('FR'), br: filesOf('BR'), de: filesOf('DE') }, ...over, own, foreign }
  atHub = atNode = (await stored(store => store.documents('received').list({ prefix: `${FR}/`, limit: 100 }))).length + 1
})
afterAll(async () => {
  await houses.close()
  rows.print()
})

describe('the hub', () => {
  it.each(FORGERIES)('$row $name is $atHub', async ({ atHub: expected, forge }) => {
    const forged = await forge(forger, atHub)
    expect(saidOf((await handedOver(forged))[0])).toBe(expected)
    if (expected === 'RELAYED' && payloadOf(forged)['aud'] === DE) atHub += 1
    expect(saidOf((await handedOver(await goodLetter(forger, atHub)))[0])).toBe('RELAYED')
    atHub += 1
  })

  it('H119 H121 a gap is named, another letter under a number that is taken is a conflict, the same letter again has the same relay receipt', async () => {
    const [letter, other, ahead] = await Promise.all([goodLetter(forger, atHub), goodLetter(forger, atHub), goodLetter(forger, atHub + 1)])
    expect((await handedOver(ahead))[0]?.error).toMatchObject({ code: 'GAP', expected: atHub })
    const [first] = await handedOver(letter)
    expect((await handedOver(other))[0]?.error).toMatchObject({ code: 'ENVELOPE_CONFLICT' })
    expect((await handedOver(letter))[0]).toEqual(first)
  })

  it('H128 a receipt for a letter never sent, by a house that is not the addressee, or of another digest is refused', async () => {
    const letter = await goodLetter(forger, atHub + 1)
    await handedOver(letter)
    const { id } = payloadOf(letter) as Payload
    const receipt = async (by: KeysFile, iss: string, changes: object = {}): Promise<string> =>
      makeReceipt({ signer: (await openHouseKeys(by)).signer, iss, aud: FR, n: atHub + 1, id, digest: '0'.repeat(64), status: 'APPLIED', head: '', at: new Date().toISOString(), ...changes })
    const forged = await Promise.all([receipt(forger.files.de, DE, { n: 900 }), receipt(forger.files.br, BR), receipt(forger.files.de, DE), receipt(forger.files.br, DE)])
    const { ok, refused } = await posted<{ ok: number; refused: { code: string }[] }>('/exchange/receipts', { receipts: forged })
    expect({ ok, codes: refused.map(({ code }) => code).sort() }).toEqual({ ok: 0, codes: ['LETTER_UNKNOWN', 'LETTER_UNKNOWN', 'LETTER_UNKNOWN', 'RECEIPT_INVALID'] })
  })
})

describe('a node behind an evil hub', () => {
  let hub: Server
  let position = 0
  const lines: { seq: number; text: string }[] = []
  const readers = new Set<{ after: number; res: ServerResponse }>()
  const receipts = new Map<string, string[]>()

  const pour = (): void => {
    for (const reader of readers) for (const { seq, text } of lines) if (seq > reader.after) { reader.res.write(`${text}\n`); reader.after = seq }
  }
  const lay = (item: object): number => {
    position += 1
    lines.push({ seq: position, text: JSON.stringify({ seq: position, ...item }) })
    pour()
    return position
  }
  const layLetter = (letter: string): number => lay({ kind: 'letter', letter })
  const receiptsOf = (letter: string): Payload[] => (receipts.get((payloadOf(letter) as Payload).id) ?? []).map(receipt => payloadOf(receipt) as Payload)
  const answered = (letter: string): Promise<Payload[]> => eventually(async () => receiptsOf(letter), found => found.length > 0, 'the letter is answered')

  beforeAll(async () => {
    await houses.stop('hub')
    position = await stored(async store => (await store.documents<{ seq: number }>('cursors').get('collector'))?.seq ?? 0)
    hub = createServer((req, res) => {
      const url = new URL(req.url ?? '/', houses.hub)
      const json = (status: number, body: object): void => void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (url.pathname === '/exchange/mailbox') {
        const reader = { after: Number(url.searchParams.get('after')), res }
        res.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(`{"beat":"${new Date().toISOString()}"}\n`)
        res.on('close', () => readers.delete(reader))
        readers.add(reader)
        return pour()
      }
      let text = ''
      req.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => {
        if (url.pathname !== '/exchange/receipts') return json(404, {})
        for (const receipt of (JSON.parse(text) as { receipts: string[] }).receipts) {
          const { id } = payloadOf(receipt) as Payload
          receipts.set(id, [...(receipts.get(id) ?? []), receipt])
        }
        json(200, { ok: 1 })
      })
    }).listen(Number(new URL(houses.hub).port), '127.0.0.1')
    await once(hub, 'listening')
    await houses.start('DE')
  })
  afterAll(async () => {
    await houses.stop('DE')
    hub.closeAllConnections()
    hub.close()
    await once(hub, 'close')
  })

  it.each(FORGERIES)('$row $name: $atNode, and the next letter is applied', async ({ atNode: expected, forge }) => {
    const forged = await forge(forger, atNode)
    const seq = layLetter(forged)
    if ('status' in expected) atNode += 1
    const good = await goodLetter(forger, atNode++)
    layLetter(good)
    expect(await answered(good)).toMatchObject([{ status: 'APPLIED', iss: DE }])
    rows.demandText(JSON.stringify(receiptsOf(forged)))
    if ('status' in expected) expect(receiptsOf(forged)).toMatchObject([{ ...expected, iss: DE }])
    else expect(await parked(`waiting/${String(seq).padStart(10, '0')}`)).toMatchObject([{ value: { jws: forged, why: expected.waits } }])
  })

  it('H119 a letter ahead of its turn waits, the gap is named, and both are applied in their order', async () => {
    const [first, second] = await Promise.all([goodLetter(forger, atNode), goodLetter(forger, atNode + 1)])
    layLetter(second)
    const [early] = await eventually(() => parked('early/'), found => found.length > 0, 'the gap is known')
    expect(early?.value.why).toBe(`GAP: expected ${atNode}`)
    layLetter(first)
    for (const letter of [first, second]) expect(await answered(letter)).toMatchObject([{ status: 'APPLIED' }])
    atNode += 2
    expect(await eventually(() => parked('early/'), found => found.length === 0, 'nothing is early any more')).toEqual([])
  })

  it('H119 H121 another letter under a number that is taken is evidence, the same letter again has the stored receipt, byte for byte', async () => {
    const [letter, other, next] = await Promise.all([goodLetter(forger, atNode), goodLetter(forger, atNode), goodLetter(forger, atNode + 1)])
    for (const each of [letter, other, letter, next]) layLetter(each)
    await answered(next)
    atNode += 2
    const { id } = payloadOf(letter) as Payload
    expect(receipts.get(id)).toHaveLength(2)
    expect(new Set(receipts.get(id)).size).toBe(1)
    expect(receiptsOf(other)).toEqual([])
    expect((await parked('conflict/')).map(({ value }) => value)).toEqual([{ jws: other, why: 'LETTER_CONFLICT' }])
  })

  it('H128 a receipt for a letter never sent, by another house, to another, or of another digest is not believed, and changes nothing', async () => {
    const { key, value } = await stored(async store => (await store.documents<{ id: string; digest: string; receipt: string }>('sent').list({ prefix: `${FR}/`, limit: 1 }))[0]) ?? { key: '', value: { id: '', digest: '', receipt: '' } }
    const receipt = async (by: KeysFile, changes: object): Promise<string> =>
      makeReceipt({ signer: (await openHouseKeys(by)).signer, iss: FR, aud: DE, n: 1, id: value.id, digest: value.digest, status: 'REJECTED', reason: 'X', head: '', at: new Date().toISOString(), ...changes })
    const before = houses.logged.filter(line => line.includes('a receipt was not believed')).length
    const forged = await Promise.all([receipt(forger.files.fr, { n: 900 }), receipt(forger.files.br, {}), receipt(forger.files.fr, { aud: BR }), receipt(forger.files.fr, { digest: '0'.repeat(64) })])
    for (const each of forged) lay({ kind: 'receipt', receipt: each })
    const next = await goodLetter(forger, atNode++)
    layLetter(next)
    await answered(next)
    const whys = houses.logged.filter(line => line.includes('a receipt was not believed')).slice(before).map(line => (JSON.parse(line) as { why: string }).why)
    expect(whys).toEqual(['RECEIPT_UNKNOWN', 'RECEIPT_INVALID', 'RECEIPT_AUDIENCE', 'RECEIPT_UNKNOWN'])
    expect((await stored(store => store.documents<{ receipt: string }>('sent').get(key)))?.receipt).toBe(value.receipt)
  })

  it('what the hub had spoiled is taken as soon as it has it whole again, and what waited behind it with it', async () => {
    const [spoiled, behind] = await Promise.all([goodLetter(forger, atNode), goodLetter(forger, atNode + 1)])
    const seq = layLetter(`${spoiled.slice(0, -10)}AAAAAAAAAA`)
    layLetter(behind)
    await eventually(() => parked('early/'), found => found.length > 0, 'the letter behind it waits')
    expect(receiptsOf(spoiled)).toEqual([])
    const line = lines.find(each => each.seq === seq)
    if (line) line.text = JSON.stringify({ seq, kind: 'letter', letter: spoiled })
    for (const { res } of readers) res.destroy()
    for (const letter of [spoiled, behind]) expect(await answered(letter)).toMatchObject([{ status: 'APPLIED' }])
    atNode += 2
  })

  it('H126 a letter that an older version of this house has put aside is taken by one that knows its schema, and what came behind it too', async () => {
    await houses.stop('DE')
    const [letter, behind] = await Promise.all([goodLetter(forger, atNode), goodLetter(forger, atNode + 1)])
    const store = await openEmbeddedStore(storeFolder(houses.folder, 'DE'))
    await store.documents<ParkedLetter>('parked').put(`waiting/${String(position + 1).padStart(10, '0')}`, { jws: letter, why: 'LETTER_SCHEMA' })
    await store.documents<ParkedLetter>('parked').put(`early/${FR}/${String(atNode + 1).padStart(10, '0')}`, { seq: position + 2, jws: behind, why: 'GAP' } as ParkedLetter)
    await store.close()
    await houses.start('DE')
    for (const each of [letter, behind]) expect(await answered(each)).toMatchObject([{ status: 'APPLIED' }])
    atNode += 2
  })

  it('every letter that took a number stands in the ledger, rejected ones with their reason, in the sender\'s order', async () => {
    const entries = await stored(store => store.log<Entry['body']>('ledger').read({ after: 0, limit: 10_000 }))
    const taken = entries.flatMap(({ body }) => (body.from?.authority === FR ? [body] : []))
    expect(taken.map(({ from }) => from?.n)).toEqual(Array.from({ length: atNode - 1 }, (_, i) => i + 1))
    const reasons = FORGERIES.flatMap(({ atNode: expected }) => ('status' in expected ? [expected.reason] : []))
    expect(taken.filter(({ kind }) => kind === 'rejected').map(({ reason }) => reason)).toEqual(reasons)
  })
})
