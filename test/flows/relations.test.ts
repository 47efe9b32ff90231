// Links between requests over the public API: each side sees a link only as far as it may see the other end, in both directions; what it may not see looks
// like nothing, here as in its store. A preservation that a follow-up names is kept.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftInput, drafted, field, staff, take, type Staff } from '../support/case'
import { evidence, preservation, supplemented } from '../support/case-words'
import { eventually, type Desk } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

interface Link { reference: string; relation: string; direction: string }
interface Related { reference: string; relation: string }

let houses: RunningHouses
let people: Staff
let bia: Desk, biaAtHome: Desk, vito: Desk
beforeAll(async () => {
  houses = await runHouses({ countries: ['DE', 'FR', 'BR'] })
  people = await staff(houses)
  ;[bia, biaAtHome, vito] = await Promise.all([houses.desk('BR', 'OFFICIAL', 'bia'), houses.desk('BR', 'OFFICIAL', 'bia', 'BR'), houses.desk('FR', 'VALIDATOR', 'vito')])
})
afterAll(() => houses.close())

const links = (desk: Desk, reference: string): Promise<Link[]> => field(desk, reference, 'relations { reference relation direction }')
const related = async (desk: Desk, reference: string): Promise<Related[] | null> => (await field<{ relatedRequests: Related[] | null }>(desk, reference, 'dossier { relatedRequests { reference relation } }')).relatedRequests
const names = (relation: string, reference: string): Related => ({ reference, relation })
const RUN = Date.now()

async function send(reference: string, by = { validator: people.vera, official: people.anna }): Promise<string> {
  await by.validator.actOnceOffered('VALIDATE', 'validateRequest', reference)
  await by.official.actOnceOffered('SUBMIT', 'submitRequest', reference)
  await by.official.until(reference, 'DELIVERED')
  return reference
}
/** A request of DE's to FR that names others, sent. */
const sent = async (relatedRequests: Related[] = [], more: object = {}): Promise<string> => send((await drafted(people, { ...more }, { relatedRequests })).reference)

describe('a draft that names requests to several states', () => {
  let earlier = '', parallel = '', foreign = '', later = ''
  const absent = 'DE-2026-999999'
  beforeAll(async () => {
    earlier = await sent()
    parallel = await send((await people.anna.act('draftRequest', preservation(`relations-${RUN}`, 'BR'))).reference)
    foreign = await send((await people.luc.act('draftRequest', preservation(`relations-fr-${RUN}`, 'BR'))).reference, { validator: vito, official: people.luc })
    ;({ reference: later } = await drafted(people, {}, { relatedRequests: [names('SUPPLEMENT', earlier), names('PARALLEL', parallel), names('FOLLOW_UP', foreign), names('DUPLICATE', absent)] }))
  }, 60_000)

  const SUPPLEMENTED = (): Link[] => [{ reference: later, relation: 'SUPPLEMENT', direction: 'NAMED_BY' }]

  test('shows its own authority those that it has, and they show the draft', async () => {
    const seen = [{ reference: earlier, relation: 'SUPPLEMENT', direction: 'NAMES' }, { reference: parallel, relation: 'PARALLEL', direction: 'NAMES' }]
    for (const desk of [people.anna, people.annaAtHome, people.vera]) expect(await links(desk, later)).toEqual(seen)
    expect(await related(people.anna, later)).toEqual([names('SUPPLEMENT', earlier), names('PARALLEL', parallel)])
    expect(await links(people.anna, earlier)).toEqual(SUPPLEMENTED())
    expect(await links(people.anna, parallel)).toEqual([{ reference: later, relation: 'PARALLEL', direction: 'NAMED_BY' }])
  })

  test('is warned of those that it has not, whether they exist or not, in the same words', async () => {
    const { checkDraft } = await people.anna.read<{ checkDraft: { code: string; path: string; message: string }[] }>('query($reference: String!) { checkDraft(reference: $reference) { code path message } }', { reference: later })
    const [one, other, ...rest] = checkDraft.filter(({ code }) => code === 'RELATED_REQUEST_UNKNOWN')
    expect([one?.path, other?.path, rest]).toEqual(['dossier.relatedRequests[2].reference', 'dossier.relatedRequests[3].reference', []])
    expect(one?.message).toBe(other?.message)
  })

  test('stays unseen from the other end until it is sent', async () => {
    expect(await links(people.luc, earlier)).toEqual([])
    expect(await links(bia, parallel)).toEqual([])
  })

  test('shows the other side, once sent, what that is a party to, in both directions, and no more', async () => {
    await send(later)
    await people.annaAtHome.until(later, 'DELIVERED')
    for (const desk of [people.luc, people.lucAtHome]) {
      expect(await links(desk, later)).toEqual([{ reference: earlier, relation: 'SUPPLEMENT', direction: 'NAMES' }])
      expect(await links(desk, earlier)).toEqual(SUPPLEMENTED())
      expect(await links(desk, foreign)).toEqual([])
    }
    for (const desk of [people.anna, people.annaAtHome]) {
      expect((await links(desk, later)).map(({ reference }) => reference)).toEqual([earlier, parallel])
      expect(await links(desk, earlier)).toEqual(SUPPLEMENTED())
    }
    for (const desk of [people.luc, people.lucAtHome, people.anna, people.annaAtHome]) expect(await related(desk, later)).toEqual([names('SUPPLEMENT', earlier)])
  })

  test('shows a third state nothing: its own request looks like one that nobody names', async () => {
    for (const desk of [bia, biaAtHome]) {
      for (const own of [parallel, foreign]) expect([await links(desk, own), await related(desk, own)]).toEqual([[], null])
      expect(await desk.look(later)).toBeNull()
    }
    expect(await links(people.nuit, later)).toEqual(await links(people.luc, later))
  })

  test('is not in the store of who may not see it', () => {
    const holds = (house: string, reference: string): boolean => {
      const folder = join(houses.folder.path, house)
      return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).some(entry => readFileSync(join(entry.parentPath, entry.name)).includes(reference))
    }
    expect([holds('de', parallel), holds('br', parallel), holds('fr', earlier)]).toEqual([true, true, true])
    expect([holds('fr', parallel), holds('fr', absent), holds('br', later), holds('br', earlier)]).toEqual([false, false, false, false])
  })

  test('a new dossier replaces what was named, on both sides', async () => {
    await take(people, later, 'ACKNOWLEDGE')
    await take(people, later, 'ASK_FOR_INFORMATION')
    await take(people, later, 'SUPPLEMENT', { dossier: supplemented({ relatedRequests: [names('PARALLEL', parallel)] }) })
    await people.annaAtHome.until(later, 'ASSESSMENT')
    expect([await links(people.luc, later), await links(people.luc, earlier), await related(people.luc, later)]).toEqual([[], [], null])
    expect(await links(people.anna, later)).toEqual([{ reference: parallel, relation: 'PARALLEL', direction: 'NAMES' }])
    expect(await links(people.anna, earlier)).toEqual([])
  })
})

test('an amended dossier replaces what a draft names, anything else leaves it; a reference that is none is refused', async () => {
  const earlier = await sent()
  const { reference } = await drafted(people, {}, { relatedRequests: [names('NARROWED', earlier)] })
  await people.anna.act('amendDraft', { reference, expectedVersion: 1, urgency: 'PRIORITY' })
  expect(await links(people.anna, reference)).toMatchObject([{ reference: earlier, relation: 'NARROWED' }])
  await people.anna.act('amendDraft', { reference, expectedVersion: 2, dossier: supplemented() })
  expect([await links(people.anna, reference), await links(people.anna, earlier)]).toEqual([[], []])
  const refused = await people.anna.refusedAct('draftRequest', draftInput({}, { relatedRequests: [names('FOLLOW_UP', earlier), names('FOLLOW_UP', 'the letter of May')] }))
  expect(refused.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.dossier.relatedRequests[1].reference' })
})

test('a draft that is shown in a consultation shows what it names, and no more once the consultation is over', async () => {
  const earlier = await sent()
  const { reference } = await drafted(people, {}, { relatedRequests: [names('NARROWED', earlier)] })
  await take(people, reference, 'CONSULT')
  await people.lucAtHome.until(reference, 'CONSULTATION')
  for (const desk of [people.luc, people.lucAtHome]) {
    expect(await links(desk, reference)).toEqual([{ reference: earlier, relation: 'NARROWED', direction: 'NAMES' }])
    expect(await links(desk, earlier)).toEqual([{ reference, relation: 'NARROWED', direction: 'NAMED_BY' }])
  }
  await take(people, reference, 'VALIDATE')
  await eventually(() => links(people.lucAtHome, earlier), seen => seen.length === 0, 'the link is gone with the draft')
  expect(await links(people.luc, earlier)).toEqual([])
})

describe('a preservation with a follow-up', () => {
  interface Kept { status: string; version: number; subState: string | null; deadlines: { obligation: string; state: string }[]; timeline: { nodes: { act: string | null; by: string; version: number; details: { subState: string } | null }[] } }
  const KEPT = 'query($reference: String!) { request(reference: $reference) { status version subState deadlines { obligation state } timeline(first: 100) { nodes { act by version details { ... on SubStateRecorded { subState } } } } } }'
  const kept = async (desk: Desk, reference: string): Promise<Kept> => (await desk.read<{ request: Kept }>(KEPT, { reference })).request

  async function preserved(key: string): Promise<string> {
    const reference = await send((await people.anna.act('draftRequest', preservation(`${key}-${RUN}`))).reference)
    await take(people, reference, 'ACKNOWLEDGE')
    await take(people, reference, 'BEGIN_ASSESSMENT')
    return reference
  }
  const followedUp = (reference: string): Promise<string> => sent([names('FOLLOW_UP', reference)])

  async function expectKept(reference: string, status: string): Promise<void> {
    for (const desk of [people.luc, people.lucAtHome, people.annaAtHome, people.anna]) {
      const seen = await eventually(() => kept(desk, reference), ({ subState, timeline }) => subState !== null && timeline.nodes.at(-1)?.act === 'RECORD_SUB_STATE', 'it is kept')
      expect(seen).toMatchObject({ status, subState: 'KEPT_FOR_FOLLOW_UP' })
      expect(seen.timeline.nodes.at(-1)).toEqual({ act: 'RECORD_SUB_STATE', by: 'HUB', version: seen.version, details: { subState: 'KEPT_FOR_FOLLOW_UP' } })
      expect(seen.deadlines.filter(({ obligation }) => obligation === 'PRESERVE')).toEqual([{ obligation: 'PRESERVE', state: 'MET' }])
    }
  }

  test('that came once it was accepted is kept: the term ends no more', async () => {
    const reference = await preserved('before')
    await take(people, reference, 'ACCEPT')
    await people.annaAtHome.until(reference, 'ACCEPTED')
    expect((await kept(people.luc, reference)).deadlines).toContainEqual({ obligation: 'PRESERVE', state: 'RUNNING' })
    const later = await followedUp(reference)
    await expectKept(reference, 'ACCEPTED')
    expect(await links(people.luc, reference)).toEqual([{ reference: later, relation: 'FOLLOW_UP', direction: 'NAMED_BY' }])
  })

  test('that came before is kept as soon as it is accepted', async () => {
    const reference = await preserved('after')
    await followedUp(reference)
    expect((await kept(people.luc, reference)).subState).toBeNull()
    await take(people, reference, 'ACCEPT')
    await expectKept(reference, 'ACCEPTED')
  })

  test('that only stands beside it, was withdrawn, or is another authority\'s keeps nothing', async () => {
    const reference = await preserved('none')
    await sent([names('PARALLEL', reference)])
    const withdrawn = await followedUp(reference)
    await take(people, withdrawn, 'WITHDRAW')
    await people.lucAtHome.until(withdrawn, 'WITHDRAWN')
    await send((await bia.act('draftRequest', evidence(`foreign-${RUN}`, { legalBases: [{ treatyCode: 'UNTOC', article: '18' }] }, { relatedRequests: [names('FOLLOW_UP', reference)] }))).reference, { validator: await houses.desk('BR', 'VALIDATOR', 'vitoria'), official: bia })
    await take(people, reference, 'ACCEPT')
    await people.annaAtHome.until(reference, 'ACCEPTED')
    const seen = await kept(people.luc, reference)
    expect([seen.subState, seen.timeline.nodes.at(-1)?.act]).toEqual([null, 'ACCEPT'])
    expect(seen.deadlines).toContainEqual({ obligation: 'PRESERVE', state: 'RUNNING' })
  })
})
