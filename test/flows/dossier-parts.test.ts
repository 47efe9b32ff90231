// A complete request of every kind through the public API: nothing is missing, its parts arrive as they were drafted, and both sides see the law
// that it relied on; then the decision with what the test of double criminality found.
import type { Dossier } from '../../src/domain/request'
import { REQUEST_KINDS, type RequestKind } from '../../src/domain/vocabulary'
import { COMPLETE } from '../law/drafts'
import { sent } from '../support/case'
import type { Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR', 'CH', 'NL'] }) }, 60_000)
afterAll(() => houses.close())

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
/** The complete drafts whose states all run here; the others are asked of a state that does, under an instrument that binds both. */
const PLACED: Partial<Record<RequestKind, object>> = {
  SUBSCRIBER_INFORMATION: { requesting: 'FR', requested: 'DE', language: 'de' }, SERVICE_OF_DOCUMENTS: { requesting: 'FR', requested: 'CH' },
  TRANSFER_OF_SENTENCED_PERSON: { requesting: 'NL', requested: 'DE' }, CIVIL_EVIDENCE: { requesting: 'DE', requested: 'FR', language: 'fr' },
}

function placed(kind: RequestKind): { from: string; to: string; input: { dossier: Dossier } & Record<string, unknown> } {
  const { requesting, requested, language, ...more } = { ...COMPLETE[kind], ...PLACED[kind] } as typeof COMPLETE.EVIDENCE & { language?: string }
  const dossier = { ...more.dossier, ...(language && { language }), ...(more.dossier.preservation && { preservation: { until: inDays(60), followUpIntended: true } }) }
  return { from: requesting, to: requested, input: { ...more, requested, dossier, idempotencyKey: `parts-${kind}` } }
}

const PARTS = `validation { authority on } warrant { label issuedBy issuedOn certified sha256 } order { label issuedBy issuedOn certified sha256 } attachments { label mediaType bytes sha256 }
  legalEntities { name registerNumber seat } assets { kind description location value currency holder orderSha256 } sentence { length served endsOn final } personConsent { given on document { label } }
  provisionalArrest { requested arrestedOn } assurances { code text } documentsToServe { title summary actBy method specialMethod sha256 } hearing { from to technicalMeans questions oath interpreter lawApplied }
  custodyTransfer { person from returnOn terms } investigationTeam { parties purpose from until leader members powers evidenceRule disclosure } infoOffered { content conditionsOfUse answerBy }
  civilCase { court parties counsel claim privilege } presenceOfOfficials confidentialityReason noticeToPerson { when reason reviewOn } retentionBasis sensitivity translations { language certified translator sha256 }
  relatedRequests { reference relation } remedies costs`
const LAW = 'law { registerVersion on dualCriminality { needed reason } bases { treaty { id code title parties { state inForceOn } } articles languages dualCriminalityTest { needed source verified } timeLimits { obligation limit source } } }'
const SEE = `query($reference: String!) { request(reference: $reference) { version dossier { digest ${PARTS} } ${LAW} decision { codes dualCriminality { result matchedOffence note } } } }`

interface Seen { version: number; dossier: Record<string, unknown>; law: Record<string, unknown> | null; decision: Record<string, unknown> | null }
const look = async (desk: Desk, reference: string): Promise<Seen> => (await desk.read<{ request: Seen }>(SEE, { reference })).request

/** What was drafted, as the answer writes it: null where nothing was said. */
function expectSaid(shown: unknown, drafted: unknown): void {
  if (Array.isArray(drafted)) return drafted.forEach((each, i) => expectSaid((shown as unknown[])[i], each))
  if (typeof drafted !== 'object' || drafted === null) return expect(shown).toEqual(drafted)
  for (const [key, value] of Object.entries(drafted)) expectSaid((shown as Record<string, unknown>)[key], value)
}

/** The parts asked for above, without what stands in their braces. */
const SHOWN: readonly string[] = PARTS.replace(/\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, '').split(/\s+/)

test.each(REQUEST_KINDS)('a complete %s is found complete, arrives whole, and keeps the law that it relied on', async kind => {
  const { from, to, input } = placed(kind)
  const [drafter, drafterAtHome, validator, receiver] = await Promise.all([
    houses.desk(from, 'OFFICIAL'), houses.desk(from, 'OFFICIAL', 'official', from), houses.desk(from, 'VALIDATOR'), houses.desk(to, 'OFFICIAL'),
  ])
  const drafted = await drafter.act('draftRequest', input)
  const found = await drafter.read('query($reference: String!) { checkDraft(reference: $reference) { severity path code message } }', { reference: drafted.reference })
  expect(found['checkDraft']).toEqual([])
  expect((await look(drafter, drafted.reference)).law).toBeNull()
  const { reference } = await sent({ drafter, validator, receiver }, input)
  const [home, there] = await Promise.all([look(drafterAtHome, reference), look(receiver, reference)])
  for (const [part, value] of Object.entries(input.dossier)) if (SHOWN.includes(part)) expectSaid(there.dossier[part], value)
  expect(there.dossier).toEqual(home.dossier)
  expect(there.law).toEqual(home.law)
  expect(there.law).toMatchObject({ registerVersion: 1, bases: [{ treaty: { code: (COMPLETE[kind].legalBases[0] ?? {}).treatyCode } }] })
  const [{ treaty }] = (there.law as { bases: [{ treaty: { parties: { state: string }[] } }] }).bases
  expect(treaty.parties.map(party => party.state).sort()).toEqual([from, to].sort())
}, 30_000)

describe('the decision', () => {
  test('records what the test of double criminality found, seen by both sides; a result that contradicts itself is refused', async () => {
    const { input } = placed('ASSET_FREEZING')
    const [drafter, drafterAtHome, validator, receiver] = await Promise.all([
      houses.desk('DE', 'OFFICIAL'), houses.desk('DE', 'OFFICIAL', 'official', 'DE'), houses.desk('DE', 'VALIDATOR'), houses.desk('CH', 'OFFICIAL'),
    ])
    const { reference, version } = await sent({ drafter, validator, receiver }, { ...input, idempotencyKey: 'decided' })
    const acknowledged = await receiver.act('acknowledgeRequest', { reference, expectedVersion: version, handler: 'Unit 4', ownReference: 'B 12' })
    const assessed = await receiver.act('beginAssessment', { reference, expectedVersion: acknowledged.version })
    const decision = { reference, expectedVersion: assessed.version, reasons: 'Nothing stands against it.' }
    expect((await receiver.refusedAct('acceptRequest', { ...decision, dualCriminality: { result: 'MET' } })).extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.dualCriminality.matchedOffence' })
    const found = { result: 'MET', matchedOffence: 'Theft, art. 139 of the Criminal Code', note: 'On the face of the facts.' }
    await receiver.act('acceptRequest', { ...decision, dualCriminality: found })
    expect((await look(receiver, reference)).decision).toMatchObject({ dualCriminality: found })
    await drafterAtHome.until(reference, 'ACCEPTED')
    expect((await look(drafterAtHome, reference)).decision).toMatchObject({ dualCriminality: found })
  })

  test('that names bank secrecy is refused, with its source', async () => {
    const receiver = await houses.desk('CH', 'OFFICIAL')
    expect(await receiver.refusedAct('refuseRequest', { reference: 'DE-2026-000001', expectedVersion: 1, grounds: ['BANK_SECRECY'], reasons: 'x' })).toMatchObject({ message: expect.stringContaining('UNTOC art. 18(8)'), extensions: { code: 'BAD_USER_INPUT', path: 'input.grounds[0]' } })
  })
})

describe('the bounds of parts hold at any depth', () => {
  const long = 'x'.repeat(20_001)
  test.each<[string, object, string]>([
    ['a text in a part', { hearing: { from: '2027-01-01T00:00:00.000Z', to: '2027-01-02T00:00:00.000Z', technicalMeans: long } }, 'dossier.hearing.technicalMeans'],
    ['a text in a list of parts', { assets: [{ kind: 'CASH', description: 'x' }, { kind: 'CASH', description: long }] }, 'dossier.assets'],
    ['a list that is too long', { attachments: Array.from({ length: 101 }, () => ({ label: 'x', mediaType: 'x', bytes: 1, sha256: 'a'.repeat(64) })) }, 'dossier.attachments'],
    ['a part of a part', { personConsent: { given: true, document: { label: 'x'.repeat(201), issuedBy: 'x', issuedOn: '2026-01-01', sha256: 'a'.repeat(64) } } }, 'dossier.personConsent.document.label'],
    ['an entry of a list of texts', { civilCase: { court: 'x', parties: ['x'.repeat(201)], claim: 'x' } }, 'dossier.civilCase.parties'],
    ['a value below nought', { assets: [{ kind: 'CASH', description: 'x', value: -1 }] }, 'dossier.assets'],
    ['a currency that is none', { assets: [{ kind: 'CASH', description: 'x', currency: 'euro' }] }, 'dossier.assets'],
  ])('%s', async (_, dossier, path) => {
    const { extensions } = await (await houses.desk('DE', 'OFFICIAL')).refusedAct('draftRequest', { ...placed('EVIDENCE').input, idempotencyKey: path, dossier })
    expect(extensions.code).toBe('BAD_USER_INPUT')
    expect(String(extensions['path'])).toContain(`input.${path}`)
  })
})
