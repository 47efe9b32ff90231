// A complete request of every kind goes its own whole way between two separate nodes, over the public API: the shared status, the kind's own
// states beside it, and what both sides then see.
import { COMPLETE } from '../law/drafts'
import { REQUEST_KINDS, type RequestKind } from '../../src/domain/vocabulary'
import { eventually, type Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

const COUNTRIES = ['DE', 'FR', 'CH', 'US', 'PL', 'NL', 'GB'] as const

interface Seen {
  reference: string; version: number; status: string; kind: string; subState: string | null; availableSubStates: string[]; availableActs: string[]; pending: { act: string }[]
  overlays: { overlay: string; by: string }[]; deadlines: { obligation: string; state: string; source: string; dueAt: string; extension: string | null }[]
  furtherUses: { asked: number; purpose: string; granted: boolean | null; reasons: string | null }[]
  timeline: { nodes: { version: number; act: string | null; by: string; details: Record<string, unknown> | null }[] }
}

const SEEN = `query($reference: String!) { request(reference: $reference) {
  reference version status kind subState availableSubStates availableActs pending { act } overlays { overlay by } deadlines { obligation state source dueAt extension } furtherUses { asked purpose granted reasons }
  timeline(first: 100) { nodes { version act by details {
    __typename ... on SubStateRecorded { subState on } ... on OverlayChange { overlay raised reason } ... on FurtherUseAsked { purpose } ... on FurtherUseDecided { asked granted }
    ... on SafeguardTriggered { safeguard } ... on PersonNotice { reviewOn } ... on LimitExtended { obligation reasons } } } } } }`

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: COUNTRIES }) }, 60_000)
afterAll(() => houses.close())

const soon = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

interface Pair { requesting: Desk; requested: Desk; validator: Desk; reference: string }
type SideName = 'requesting' | 'requested'

async function pairOf(kind: RequestKind): Promise<Pair> {
  const { requesting: from, requested: to } = COMPLETE[kind]
  const [requesting, validator, requested] = await Promise.all([houses.desk(from, 'OFFICIAL', 'drafter'), houses.desk(from, 'VALIDATOR', 'second'), houses.desk(to, 'OFFICIAL', 'luc')])
  return { requesting, requested, validator, reference: '' }
}

const read = async (desk: Desk, reference: string): Promise<Seen> => {
  const { request } = await desk.read<{ request: Seen | null }>(SEEN, { reference })
  if (!request) throw new TypeError(`${reference} does not exist for this desk`)
  return request
}

let drafts = 0

/** Draws up the complete draft of the law's tests as of now, and has it sent. */
async function delivered(pair: Pair, kind: RequestKind): Promise<void> {
  const { requesting: _, dossier, ...draft } = COMPLETE[kind]
  const preservation = dossier.preservation && { ...dossier.preservation, until: soon(60).slice(0, 10) }
  const input = { idempotencyKey: `every-${kind}-${++drafts}`, ...draft, dossier: { ...dossier, ...(preservation && { preservation }) } }
  pair.reference = (await pair.requesting.act('draftRequest', input)).reference
  await pair.validator.act('validateRequest', { reference: pair.reference, expectedVersion: 1 })
  await pair.requesting.act('submitRequest', { reference: pair.reference, expectedVersion: 2 })
  await eventually(() => pair.requested.look(pair.reference), request => request?.status === 'DELIVERED', `${kind} is delivered`)
}

const act = (pair: Pair, side: SideName, name: string, mutation: string, words: object = {}) => pair[side].actOnceOffered(name, mutation, pair.reference, words)

/** An act beside the status, once the desk sees the request at rest. */
async function beside(pair: Pair, side: SideName, mutation: string, words: object): Promise<void> {
  const before = await eventually(() => read(pair[side], pair.reference), seen => seen.pending.length === 0 && offers(seen, words), `${mutation} ${JSON.stringify(words)} is offered`)
  await pair[side].act(mutation, { reference: pair.reference, expectedVersion: before.version, ...words })
  await eventually(() => read(pair[side], pair.reference), seen => seen.version > before.version && seen.pending.length === 0, `${mutation} ${JSON.stringify(words)} is decided`)
}

const offers = (seen: Seen, words: { subState?: string }): boolean => words.subState === undefined || seen.availableSubStates.includes(words.subState)

type Move = readonly [side: SideName, subState: string, on?: number]
interface Way { assessed?: readonly Move[]; accepted?: readonly Move[]; executing?: readonly Move[]; confirmed?: readonly Move[] }

const WAYS: Readonly<Record<Exclude<RequestKind, 'EVIDENCE' | 'SUBSCRIBER_INFORMATION'>, Way>> = {
  EXTRADITION: {
    assessed: [['requested', 'PROVISIONAL_ARREST'], ['requesting', 'DOCUMENTS_AWAITED'], ['requested', 'JUDICIAL_PHASE'], ['requested', 'EXECUTIVE_DECISION']],
    accepted: [['requested', 'SURRENDER_SCHEDULED', 20]], executing: [['requested', 'SURRENDERED']],
  },
  TRANSFER_OF_SENTENCED_PERSON: {
    assessed: [['requesting', 'CONSENT_OF_PERSON'], ['requesting', 'CONSENT_OF_REQUESTING_STATE'], ['requested', 'CONSENT_OF_REQUESTED_STATE']],
    accepted: [['requested', 'CONTINUED_ENFORCEMENT']], executing: [['requested', 'TRANSFERRED']],
  },
  JOINT_INVESTIGATION_TEAM: {
    assessed: [['requesting', 'PROPOSED'], ['requested', 'NEGOTIATED']], accepted: [['requested', 'SIGNED']],
    executing: [['requesting', 'OPERATING'], ['requested', 'EXTENDED', 300], ['requesting', 'ENDED']], confirmed: [['requested', 'EVALUATED']],
  },
  SPONTANEOUS_INFORMATION: { assessed: [['requesting', 'OFFERED'], ['requested', 'CONDITIONS_ACCEPTED']], accepted: [['requesting', 'HANDED_OVER']] },
  SERVICE_OF_DOCUMENTS: { executing: [['requested', 'NOT_SERVED'], ['requested', 'SERVED', -1]] },
  PRESERVATION: { accepted: [['requested', 'PRESERVED'], ['requested', 'EXTENDED', 120]], executing: [['requested', 'KEPT_FOR_FOLLOW_UP']] },
  ASSET_FREEZING: { executing: [['requested', 'FROZEN'], ['requested', 'CONFISCATED']], confirmed: [['requested', 'ASSETS_SHARED']] },
  CIVIL_EVIDENCE: { accepted: [['requested', 'HEARING_SCHEDULED', 30]], executing: [['requested', 'HEARD']] },
  VIDEO_HEARING: { accepted: [['requested', 'HEARING_SCHEDULED', 30]], executing: [['requested', 'NOT_HEARD'], ['requested', 'HEARING_SCHEDULED', 40], ['requested', 'HEARD']] },
}

test.each(REQUEST_KINDS)('%s goes its own whole way, and both sides see the same of it', async kind => {
  const pair = await pairOf(kind)
  await delivered(pair, kind)
  const way: Way = kind === 'EVIDENCE' || kind === 'SUBSCRIBER_INFORMATION' ? {} : WAYS[kind]
  const go = async (moves: readonly Move[] = []): Promise<void> => {
    for (const [side, subState, on] of moves) await beside(pair, side, 'recordSubState', { subState, ...(on !== undefined && { on: soon(on) }) })
  }
  await act(pair, 'requested', 'ACKNOWLEDGE', 'acknowledgeRequest', { handler: 'Unit 4', ownReference: 'N 1/26' })
  await act(pair, 'requested', 'BEGIN_ASSESSMENT', 'beginAssessment')
  await go(way.assessed)
  await act(pair, 'requested', 'ACCEPT', 'acceptRequest', { reasons: 'All is met.' })
  await go(way.accepted)
  await act(pair, 'requested', 'BEGIN_EXECUTION', 'beginExecution')
  await go(way.executing)
  await act(pair, 'requested', 'REPORT_RESULTS', 'reportResults', { items: [], complete: true })
  await act(pair, 'requesting', 'CONFIRM_RESULTS', 'confirmResults')
  await eventually(() => read(pair.requesting, pair.reference), seen => seen.status === 'CONFIRMED' && seen.pending.length === 0, `${kind} is confirmed`)
  await go(way.confirmed)
  await act(pair, 'requesting', 'CLOSE', 'closeRequest')
  const [one, other] = [await eventually(() => read(pair.requesting, pair.reference), seen => seen.status === 'CLOSED' && seen.timeline.nodes.at(-1)?.act === 'CLOSE' && seen.pending.length === 0, `${kind} is closed`), await read(pair.requested, pair.reference)]
  const moves = Object.values(way as Record<string, readonly Move[]>).flat()
  expect(one).toMatchObject({ kind, status: 'CLOSED', subState: moves.at(-1)?.[1] ?? null, availableSubStates: [] })
  const recorded = (seen: Seen): unknown[] => seen.timeline.nodes.filter(event => event.act === 'RECORD_SUB_STATE').map(({ by, details }) => [by, details?.['subState']])
  expect(recorded(one)).toEqual(['assessed', 'accepted', 'executing', 'confirmed'].flatMap(part => (way as Record<string, readonly Move[] | undefined>)[part] ?? []).map(([side, subState]) => [side.toUpperCase(), subState]))
  expect(other.timeline.nodes).toEqual(one.timeline.nodes.slice(2))
  expect({ ...other, timeline: null }).toEqual({ ...one, timeline: null })
  expect(one.timeline.nodes.map(({ version }) => version)).toEqual(one.timeline.nodes.map((_, i) => i + 1))
}, 60_000)

test('clocks, overlays, safeguards and the use of evidence elsewhere are seen by both sides of an extradition', async () => {
  const pair = await pairOf('EXTRADITION')
  await delivered(pair, 'EXTRADITION')
  const seenBy = (side: SideName, holds: (seen: Seen) => boolean, what: string): Promise<Seen> => eventually(() => read(pair[side], pair.reference), holds, what)
  await act(pair, 'requested', 'ACKNOWLEDGE', 'acknowledgeRequest', { handler: 'Unit 4', ownReference: 'N 1/26' })
  await beside(pair, 'requested', 'recordSubState', { subState: 'PROVISIONAL_ARREST', on: soon(-1) })
  const arrested = await seenBy('requesting', seen => seen.subState === 'PROVISIONAL_ARREST', 'the arrest is seen')
  const releases = arrested.deadlines.filter(({ obligation }) => obligation === 'RELEASE')
  expect(releases).toMatchObject([{ state: 'RUNNING', source: 'COE024 art. 16(4)' }, { state: 'RUNNING', source: 'COE024 art. 16(4)' }])
  await beside(pair, 'requesting', 'raiseOverlay', { overlay: 'DISPUTED', reason: 'The arrest came too early.' })
  expect((await pair.requesting.refusedAct('raiseOverlay', { reference: pair.reference, expectedVersion: (await read(pair.requesting, pair.reference)).version, overlay: 'LEGAL_REMEDY_PENDING', reason: 'x' })).extensions.code).toBe('ACT_NOT_ALLOWED')
  await act(pair, 'requested', 'BEGIN_ASSESSMENT', 'beginAssessment')
  await act(pair, 'requested', 'ACCEPT', 'acceptRequest', { reasons: 'All is met.' })
  await act(pair, 'requested', 'BEGIN_EXECUTION', 'beginExecution')
  await beside(pair, 'requested', 'raiseOverlay', { overlay: 'LEGAL_REMEDY_PENDING', reason: 'He appealed.' })
  const suspended = await read(pair.requested, pair.reference)
  expect(suspended.overlays).toEqual([{ overlay: 'DISPUTED', by: 'REQUESTING' }, { overlay: 'LEGAL_REMEDY_PENDING', by: 'REQUESTED' }])
  expect((await pair.requested.refusedAct('reportResults', { reference: pair.reference, expectedVersion: suspended.version, items: [], complete: true })).extensions.code).toBe('ACT_NOT_ALLOWED')
  const found = async (desk: Desk, overlay: string): Promise<string[]> =>
    (await desk.read<{ requests: { nodes: { reference: string }[] } }>('query($filter: RequestFilter) { requests(filter: $filter) { nodes { reference } } }', { filter: { overlays: [overlay] } })).requests.nodes.map(({ reference }) => reference)
  for (const desk of [pair.requesting, pair.requested]) expect([await found(desk, 'LEGAL_REMEDY_PENDING'), await found(desk, 'ON_HOLD_BY_COURT')]).toEqual([[pair.reference], []])
  await beside(pair, 'requested', 'triggerSafeguard', { safeguard: 'His counsel was heard by the Federal Court.' })
  await beside(pair, 'requested', 'tellPerson', { reviewOn: soon(30).slice(0, 10), reason: 'Others would be warned.' })
  expect((await read(pair.requesting, pair.reference)).deadlines).toContainEqual(expect.objectContaining({ obligation: 'NOTIFY_PERSON', state: 'RUNNING' }))
  await beside(pair, 'requested', 'liftOverlay', { overlay: 'LEGAL_REMEDY_PENDING', reason: 'Dismissed.' })
  await act(pair, 'requested', 'REPORT_RESULTS', 'reportResults', { items: [], complete: true })
  await seenBy('requesting', seen => seen.status === 'EXECUTED', 'it is executed')
  await beside(pair, 'requesting', 'askFurtherUse', { purpose: 'In the case against the fence.' })
  const { furtherUses: [question] } = await read(pair.requested, pair.reference)
  expect(question).toMatchObject({ purpose: 'In the case against the fence.', granted: null, reasons: null })
  await beside(pair, 'requested', 'decideFurtherUse', { asked: question?.asked, granted: true, reasons: 'The same facts.', conditions: ['USE_ONLY_FOR_CASE'] })
  const end = await seenBy('requesting', seen => seen.furtherUses[0]?.granted === true && seen.timeline.nodes.at(-1)?.act === 'DECIDE_FURTHER_USE', 'the decision is seen')
  expect(end).toMatchObject({ status: 'EXECUTED', overlays: [{ overlay: 'DISPUTED' }], furtherUses: [{ reasons: 'The same facts.' }] })
  expect(end.timeline.nodes.map(({ details }) => details?.['__typename'])).toEqual(expect.arrayContaining(['OverlayChange', 'SafeguardTriggered', 'PersonNotice', 'FurtherUseAsked', 'FurtherUseDecided']))
}, 60_000)

test('a limit whose rule knows a prolongation is prolonged once, with reasons that both sides read', async () => {
  const pair = await pairOf('EVIDENCE')
  await delivered(pair, 'EVIDENCE')
  const decide = async (side: SideName) => (await read(pair[side], pair.reference)).deadlines.find(({ obligation, source }) => obligation === 'DECIDE' && source.startsWith('EIO'))
  await act(pair, 'requested', 'ACKNOWLEDGE', 'acknowledgeRequest', { handler: 'Unit 4', ownReference: 'N 1/26' })
  // Its own node, for the hub shows it what the other side has too.
  const { requesting: from } = COMPLETE.EVIDENCE
  const home = await houses.desk(from, 'OFFICIAL', 'drafter', from)
  await eventually(() => read(home, pair.reference), seen => seen.status === 'ACKNOWLEDGED', 'it is acknowledged')
  const before = await decide('requesting')
  expect(before).toMatchObject({ state: 'RUNNING', extension: 'P30D' })
  const refused = async (side: SideName, obligation: string) =>
    (await pair[side].refusedAct('extendLimit', { reference: pair.reference, expectedVersion: (await read(pair[side], pair.reference)).version, obligation, reasons: 'x' })).extensions.code
  expect([await refused('requesting', 'DECIDE'), await refused('requested', 'EXECUTE')]).toEqual(['ACT_NOT_ALLOWED', 'ACT_NOT_ALLOWED'])
  await beside(pair, 'requested', 'extendLimit', { obligation: 'DECIDE', reasons: 'The bank answers in June.' })
  expect(await refused('requested', 'DECIDE')).toBe('ACT_NOT_ALLOWED')
  const seen = await eventually(() => read(pair.requesting, pair.reference), ({ timeline }) => timeline.nodes.at(-1)?.act === 'EXTEND_LIMIT', 'the prolongation is seen')
  expect(seen.timeline.nodes.at(-1)?.details).toEqual({ __typename: 'LimitExtended', obligation: 'DECIDE', reasons: 'The bank answers in June.' })
  const after = await decide('requesting')
  expect(after).toMatchObject({ state: 'RUNNING', extension: null })
  expect((Date.parse(after?.dueAt ?? '') - Date.parse(before?.dueAt ?? '')) / 86_400_000).toBeGreaterThan(29)
}, 60_000)
