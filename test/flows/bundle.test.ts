// One request as a bundle: what it proves without network and store, to whoever has the root key; and that nothing of it can be changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBundle, signBundle, bundleText, type BundleLine } from '../../src/cli/bundle'
import { exportBundle } from '../../src/cli/export'
import { verifyBundle } from '../../src/cli/verify-bundle'
import { createRootKey } from '../../src/wire/directory'
import { draftInput, requestIn, staff, take, type Staff } from '../support/case'
import { keysOf, runHouses, type RunningHouses } from '../support/running-houses'

const SEED = Number(process.env['COMITY_SEED'] ?? Date.now() % 1_000_000)

let houses: RunningHouses
let people: Staff
let reference: string, root: string
const files: Record<'DE' | 'FR', string> = { DE: '', FR: '' }

const textOf = (country: 'DE' | 'FR'): string => readFileSync(files[country], 'utf8')
const linesOf = (country: 'DE' | 'FR'): BundleLine[] => textOf(country).trimEnd().split('\n').map(line => JSON.parse(line) as BundleLine)

beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR'] })
  people = await staff(houses)
  // Others' entries lie between.
  await people.annaAtHome.act('draftRequest', draftInput())
  reference = await requestIn(people, 'INFO_REQUESTED')
  await take(people, reference, 'SUPPLEMENT')
  await people.annaAtHome.until(reference, 'ASSESSMENT')
  await people.annaAtHome.act('draftRequest', draftInput())
  for (const country of ['DE', 'FR'] as const) {
    await houses.stop(country)
    files[country] = join(houses.folder.path, `${country}.bundle`)
    root = (await exportBundle(houses.settings, { country, reference, out: files[country], contents: true })).root
  }
})
afterAll(() => houses.close())

test('both sides\' bundles prove the same acts in the same order, who sent them and who received them', async () => {
  const proven = await Promise.all((['DE', 'FR'] as const).map(async country => {
    const verdict = await readBundle(textOf(country), root)
    if (!('proven' in verdict)) throw new TypeError(JSON.stringify(verdict))
    return verdict.proven
  }))
  const acts = proven.map(({ entries }) => entries.filter(({ what }) => !what.endsWith('(proposed)')).map(({ what, by }) => `${what} ${by}`))
  const shared = ['SUBMIT authority:DE', 'DELIVERED authority:FR', 'ACKNOWLEDGE authority:FR', 'BEGIN_ASSESSMENT authority:FR', 'ASK_FOR_INFORMATION authority:FR']
  expect(acts[0]).toEqual(['DRAFT authority:DE', 'VALIDATE authority:DE', ...shared, 'SUPPLEMENT authority:FR'])
  expect(acts[1]?.slice(0, shared.length)).toEqual(shared)
  const [german] = proven
  expect(german?.countersigned.map(({ by }) => by).sort()).toEqual(expect.arrayContaining(['hub']))
  const submitted = german?.entries.find(({ what }) => what === 'SUBMIT')
  expect(submitted?.letters).toMatchObject([{ from: 'authority:DE', to: 'authority:FR', status: 'APPLIED' }])
  for (const entry of german?.entries ?? []) for (const letter of entry.letters) expect(letter.status).toBe('APPLIED')
})

test('it says what it proves, and needs the root key that was told', async () => {
  const said: string[] = []
  expect(await verifyBundle(files.DE, root, line => said.push(line))).toBe(true)
  expect(said[0]).toMatch(new RegExp(`^bundle: ${reference} in the ledger of authority:DE: \\d+ entries hold, in this order`))
  const { publicJwk } = await createRootKey()
  expect(await readBundle(textOf('DE'), String(publicJwk.x))).toMatchObject({ line: 1, what: expect.stringContaining('the directory is not signed by the root key') as string })
  await expect(verifyBundle(files.DE, undefined, () => undefined)).rejects.toThrow('--root')
})

test(`no byte of it can be changed, dropped or put in without the line being named (seed ${SEED})`, async () => {
  const text = textOf('DE')
  const lines = linesOf('DE')
  let state = SEED
  const random = (below: number): number => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return state % below }
  const marks = ['A', 'z', '0', '9', '"', '{', '}', ',', ':', ' ', '\n', '\\', '.', '-', 'é', '\u0000']
  const starts = text.split('\n').reduce<number[]>((found, line) => [...found, (found.at(-1) ?? 0) + line.length + 1], [0])
  const lineAt = (at: number): number => starts.filter(start => start <= at).length
  for (let run = 0; run < 250; run++) {
    // Every line as often: the long ones would else take all.
    const line = random(lines.length)
    const start = starts[line] ?? 0
    const at = start + random((starts[line + 1] ?? start + 1) - start)
    const mark = marks[random(marks.length)] ?? 'A'
    const changed = [text.slice(0, at) + mark + text.slice(at + 1), text.slice(0, at) + text.slice(at + 1), text.slice(0, at) + mark + text.slice(at)][random(3)] ?? ''
    if (changed === text) continue
    const verdict = await readBundle(changed, root)
    if ('proven' in verdict) throw new TypeError(`seed ${SEED}, run ${run}: ${JSON.stringify(mark)} at ${at} was believed`)
    // A line that was cut in two, or joined with the next, is met at the first or second of them; what is signed as a whole, at the end.
    expect([lineAt(at), lineAt(at) + 1, lines.length, lines.length + 1]).toContain(verdict.line)
  }
})

test('a head that names another request is named itself, not the first entry that is not of that request', async () => {
  const year = reference.slice(3, 7)
  expect(await readBundle(textOf('DE').replace(`"reference":"${reference}"`, `"reference":"${reference.replace(year, '1999')}"`), root)).toMatchObject({ line: 1, position: null })
})

test('not the house itself can leave an act out, exchange two, show another house\'s, or say that a letter said something else', async () => {
  const { keys: { signer } } = await keysOf(houses, 'DE')
  const resigned = async (change: (lines: BundleLine[]) => BundleLine[]): Promise<string> => {
    const lines = change(linesOf('DE').slice(0, -1))
    return bundleText([...lines, { part: 'signature', jws: await signBundle(signer, 'authority:DE', reference, lines) }])
  }
  const isAct = (line: BundleLine, act: string): boolean => line.part === 'entry' && line.entry.body.fact?.act === act
  const entryOf = (act: string): Extract<BundleLine, { part: 'entry' }> => linesOf('DE').find(line => isAct(line, act)) as Extract<BundleLine, { part: 'entry' }>
  const at = (act: string): number => entryOf(act).entry.seq
  const edited = (act: string, change: (line: Extract<BundleLine, { part: 'entry' }>) => void) => resigned(lines => lines.map(line => { if (line.part === 'entry' && isAct(line, act)) change(line); return line }))

  expect(await readBundle(await resigned(lines => lines), root)).toHaveProperty('proven')
  expect(await readBundle(await resigned(lines => lines.filter(line => !isAct(line, 'ACKNOWLEDGE'))), root)).toMatchObject({ position: at('BEGIN_ASSESSMENT'), what: 'it does not follow the decided act before it' })
  expect(await readBundle(await resigned(lines => lines.filter(line => !isAct(line, 'VALIDATE'))), root)).toMatchObject({ position: at('SUBMIT'), what: 'a decided act before it is missing' })
  const swapped = await resigned(lines => {
    const [one, other] = [lines.findIndex(line => isAct(line, 'DRAFT')), lines.findIndex(line => isAct(line, 'VALIDATE'))]
    const [first, second] = [lines[one], lines[other]]
    if (first && second) { lines[one] = second; lines[other] = first }
    return lines
  })
  expect(await readBundle(swapped, root)).toMatchObject({ position: at('DRAFT'), what: 'the entries are not in their order' })
  expect(await readBundle(await edited('SUBMIT', line => { line.letters = [] }), root)).toMatchObject({ position: at('SUBMIT'), what: 'a letter that the entry names is not there' })
  expect(await readBundle(await edited('SUBMIT', line => { line.letters = line.letters.map(letter => ({ ...letter, said: entryOf('ACKNOWLEDGE').letters[0]?.said ?? '' })) }), root)).toMatchObject({ position: at('SUBMIT') })
  expect(await readBundle(await edited('SUBMIT', line => { line.letters = line.letters.map(letter => ({ ...letter, receipt: entryOf('ACKNOWLEDGE').letters[0]?.receipt ?? '' })) }), root)).toMatchObject({ position: at('SUBMIT'), what: expect.stringContaining('the receipt for letter') as string })
  expect(await readBundle(await edited('DRAFT', line => { line.contents = line.contents.map(content => ({ ...content, body: 'another' })) }), root)).toMatchObject({ position: at('DRAFT'), what: 'what was said does not match its digest' })
  const moved = await edited('SUBMIT', line => { line.entry = { ...line.entry, body: { ...line.entry.body, at: '2020-01-01T00:00:00.000Z' } } })
  expect(await readBundle(moved, root)).toMatchObject({ position: at('SUBMIT'), what: 'the entry does not match its digest' })
})

test('without contents it proves the same and tells nothing', async () => {
  const out = join(houses.folder.path, 'bare.bundle')
  await exportBundle(houses.settings, { country: 'DE', reference, out, contents: false })
  expect(await readBundle(readFileSync(out, 'utf8'), root)).toHaveProperty('proven')
  expect(readFileSync(out, 'utf8')).not.toContain(String((draftInput()['dossier'] as { facts: string }).facts.slice(0, 40)))
  await expect(exportBundle(houses.settings, { country: 'DE', reference: 'DE-2026-999999', out, contents: false })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  writeFileSync(out, '')
  expect(await verifyBundle(out, root, () => undefined)).toBe(false)
})
