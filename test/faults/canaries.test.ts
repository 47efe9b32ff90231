// What people write goes nowhere but to the two nodes: a canary stands in every free-text field that the schema has, all sent through the hub, in drafts, in letters
// and in acts. It must stand in no log, no file of the hub, no metric, no error, and, once all is delivered, nowhere in the hub's memory.
import { getNamedType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { houseSchema } from '../../resolvers/house-schema'
import { evidence } from '../support/case-words'
import { take, type Staff, type StepName } from '../support/case'
import { eventually } from '../support/desk'
import { Trial } from '../support/trial'

const CANARY = 'CANARY7d1f'
const schema = houseSchema()
let trial: Trial
let people: Staff
let heaps: string
beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  heaps = mkdtempSync(join(tmpdir(), 'comity-heap-'))
  await Promise.all([trial.start('hub', { env: { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heaps}` } }), trial.start('DE'), trial.start('FR')])
  const [anna, vera, luc, nuit] = await Promise.all([trial.desk('DE', 'OFFICIAL', 'anna'), trial.desk('DE', 'VALIDATOR', 'vera'), trial.desk('FR', 'OFFICIAL', 'luc'), trial.desk('FR', 'LIAISON', 'nuit')])
  people = { anna, vera, luc, nuit, annaAtHome: anna, lucAtHome: luc }
}, 60_000)
afterAll(async () => {
  await trial.remove()
  rmSync(heaps, { recursive: true, force: true })
})

type Path = readonly string[]

/** Every `String` below an input type; `[]` is an entry of a list. */
function textsOf(type: GraphQLInputType, path: Path = [], above: Path = []): Path[] {
  if (isNonNullType(type)) return textsOf(type.ofType, path, above)
  if (isListType(type)) return textsOf(type.ofType, [...path, '[]'], above)
  if (!isInputObjectType(type)) return String(type) === 'String' ? [path] : []
  return above.includes(type.name) ? [] : Object.values(type.getFields()).flatMap(field => textsOf(field.type, [...path, field.name], [...above, type.name]))
}

/** What stands beside a text where its list has codes alone. */
const CODED: Readonly<Record<string, string>> = { 'assets.kind': 'BANK_ACCOUNT', 'assets.currency': 'EUR', 'assurances.code': 'SPECIALITY', 'identifiers.kind': 'EMAIL', 'persons.role': 'SUSPECT', 'translations.language': 'fr' }

/** The least value of a type that has the canary at a path. */
function planted(type: GraphQLInputType, path: Path, at = ''): unknown {
  if (isNonNullType(type)) return planted(type.ofType, path, at)
  const [head, ...rest] = path
  if (isListType(type)) return head === '[]' ? [planted(type.ofType, rest, at)] : []
  if (isInputObjectType(type)) return Object.fromEntries(Object.values(type.getFields()).filter(field => field.name === head || (isNonNullType(field.type) && field.defaultValue === undefined)).map(field => [field.name, field.name === head ? planted(field.type, rest, field.name) : (CODED[`${at}.${field.name}`] ?? planted(field.type, ['-']))]))
  const name = getNamedType(type).name
  const values = (type as { getValues?: () => { name: string }[] }).getValues?.()
  if (values) return values[0]?.name
  return name === 'String' ? (path.length === 0 ? `${CANARY} text` : 'x') : name === 'Int' || name === 'ByteCount' || name === 'Float' ? 1 : name === 'Boolean' ? true : name === 'Sha256' ? 'ab'.repeat(32) : name === 'LocalDate' ? '2027-01-01' : name === 'Instant' ? '2027-01-01T00:00:00Z' : name === 'Duration' ? 'P1Y' : name === 'CountryCode' ? 'FR' : 'authority:FR'
}

const inputOf = (mutation: string): GraphQLInputType => {
  const type = schema.getMutationType()?.getFields()[mutation]?.args[0]?.type
  if (!type) throw new TypeError(`no ${mutation}`)
  return type
}
const named = (path: Path): string => path.join('.').replaceAll('.[]', '[]')
const withText = (base: Record<string, unknown>, mutation: string, path: Path): Record<string, unknown> => {
  const [head = ''] = path
  const one = planted(inputOf(mutation), path) as Record<string, unknown>
  if (head !== 'dossier') return { ...base, [head]: one[head] }
  return { ...base, dossier: { ...(base['dossier'] as object), ...Object.fromEntries(Object.entries(one['dossier'] as Record<string, unknown>).filter(([part]) => part === path[1])) } }
}

/** Names of codes, references and languages: the canary is none of theirs, so that it is refused, and not said again. */
const CODES = [
  'dossier.assets[].currency', 'dossier.assets[].kind', 'dossier.assurances[].code', 'dossier.hearing.interpreter', 'dossier.identifiers[].kind', 'dossier.infoOffered.conditionsOfUse[]', 'dossier.language', 'dossier.offences[].category', 'dossier.persons[].role', 'dossier.relatedRequests[].reference',
  'dossier.sensitivity[]', 'dossier.translations[].language', 'dossier.useRestrictions[]',
]

const taken: Path[] = []

test('every text of a draft is taken, or refused as no code of its list without being said again', async () => {
  const texts = textsOf(inputOf('draftRequest')).filter(path => path[0] !== 'idempotencyKey')
  const refused: string[] = []
  for (const path of texts) {
    const answer = await people.anna.tryAct('draftRequest', withText(evidence(`canary-${named(path)}`), 'draftRequest', path))
    if (answer.errors) expect(JSON.stringify(answer)).not.toContain(CANARY)
    if (answer.errors) refused.push(named(path))
    else taken.push(path)
  }
  expect(refused.sort()).toEqual([...CODES].sort())
  process.stdout.write(`canaries: ${taken.length} texts of a draft taken, ${refused.length} codes refused\n`)
})

const SAID = `${CANARY} said`
const LIFE: readonly [StepName, object][] = [
  ['VALIDATE', { note: SAID }], ['SUBMIT', { note: SAID }], ['ACKNOWLEDGE', { handler: SAID, ownReference: SAID }], ['BEGIN_ASSESSMENT', { note: SAID }], ['ASK_FOR_INFORMATION', { missing: [SAID], note: SAID }],
  ['SUPPLEMENT', { note: SAID }], ['PROPOSE_SCOPE', { proposal: SAID }], ['ANSWER_SCOPE', { accept: false, counter: SAID }], ['ACCEPT_ON_CONDITIONS', { reasons: SAID }], ['ANSWER_CONDITIONS', { note: SAID }], ['POSTPONE', { note: SAID }],
  ['RESUME', { note: SAID }], ['CHANGE_URGENCY', { reason: SAID }], ['BEGIN_EXECUTION', { note: SAID }],
  ['REPORT_ALL', { note: SAID, items: [{ label: SAID, mediaType: 'application/pdf', bytes: 1, sha256: 'ab'.repeat(32), sensitivity: [] }] }], ['CONFIRM_RESULTS', { note: SAID }], ['CLOSE', { note: SAID }],
]

/** A draft with all texts that it may have and lacks nothing: what makes it incomplete is left out, and counted. */
async function fullest(): Promise<{ reference: string; texts: number }> {
  const left = new Set<string>()
  for (let attempt = 0; ; attempt++) {
    const paths = taken.filter(path => !left.has(path[1] ?? ''))
    const base = evidence(`fullest-${attempt}`)
    const facts = (base['dossier'] as { facts: string }).facts
    const input = paths.reduce<Record<string, unknown>>((made, path) => withText(made, 'draftRequest', path), base)
    const whole = { ...input, legalBases: base['legalBases'], dossier: { ...(input['dossier'] as object), facts: `${CANARY} ${facts}` } }
    const { reference } = await people.anna.act('draftRequest', whole)
    const { checkDraft } = await people.anna.read<{ checkDraft: { severity: string; path: string }[] }>('query($r: String!) { checkDraft(reference: $r) { severity path } }', { r: reference })
    const faults = checkDraft.filter(({ severity }) => severity === 'FAULT').map(({ path }) => /^dossier\.(\w+)/.exec(path)?.[1] ?? path)
    if (faults.length === 0) return { reference, texts: paths.length }
    expect(faults.some(part => !left.has(part))).toBe(true)
    for (const part of faults) left.add(part)
  }
}

test('a request goes its whole way with a canary in all that is said', async () => {
  const { reference, texts } = await fullest()
  expect(texts).toBeGreaterThan(40)
  for (const [step, words] of LIFE) await take(people, reference, step, words)
  await people.luc.until(reference, 'CLOSED')
  const seen = await people.luc.read<object>('query($r: String!) { request(reference: $r) { dossier { facts } timeline(first: 50) { nodes { note } } } }', { r: reference })
  expect(JSON.stringify(seen).split(CANARY).length).toBeGreaterThan(10)
  process.stdout.write(`canaries: ${texts} texts of one draft sent, ${LIFE.length} acts\n`)
}, 120_000)

test('an act that is refused says nothing again', async () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})
  let asked = 0
  for (const mutation of mutations) for (const path of textsOf(inputOf(mutation)).filter(each => !/^(dossier|idempotencyKey|files)/.test(each[0] ?? ''))) for (const desk of [people.anna, people.luc, people.nuit]) {
    const answer = await desk.ask(`mutation($input: ${String(inputOf(mutation))}) { ${mutation}(input: $input) { __typename } }`, { input: planted(inputOf(mutation), path) })
    if (answer.errors) expect(JSON.stringify(answer)).not.toContain(CANARY)
    asked++
  }
  expect(asked).toBeGreaterThan(100)
}, 120_000)

describe('the canary', () => {
  const filesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const holding = (house: string): number => filesOf(join(trial.folder, house)).filter(file => readFileSync(file).includes(CANARY)).length

  test('stands in the stores of both nodes and in no file of the hub', () => {
    expect([holding('de') > 0, holding('fr') > 0, holding('hub')]).toEqual([true, true, 0])
  })

  test('stands in no line that a house logged and in no metric', async () => {
    for (const house of ['hub', 'DE', 'FR']) {
      expect(trial.house(house).child.said().split('\n').filter(line => line.includes(CANARY))).toEqual([])
      expect(() => trial.house(house).log()).not.toThrow()
      expect(await (await fetch(trial.urlOf(house).replace('/graphql', '/metrics'))).text()).not.toContain(CANARY)
    }
  })

  test('stands nowhere in the memory of the hub once all is delivered', async () => {
    trial.house('hub').child.signal('SIGUSR2')
    const isWhole = (): boolean => readdirSync(heaps).some(file => { try { JSON.parse(readFileSync(join(heaps, file), 'utf8')); return true } catch { return false } })
    await eventually(() => Promise.resolve(isWhole()), Boolean, 'the snapshot of the heap is written', 60_000)
    const heap = readFileSync(join(heaps, readdirSync(heaps)[0] ?? ''), 'utf8')
    expect(heap).toContain('authority:DE')
    expect(heap.split(CANARY).length - 1).toBe(0)
  }, 120_000)
})
