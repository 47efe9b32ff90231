// Houses as separate processes that die by kill -9 at each named moment of a submission, stay away, or hang: nothing is lost, nothing comes twice.
import { preservation } from '../support/case-words'
import { eventually, type Desk } from '../support/desk'
import { Trial } from '../support/trial'
import { desksAt, expectDeliveredOnce, insist, submit, validated, WITHIN_MS, type Desks } from './submission'

const MOMENTS = [
  ['DE', 'the sender, before it writes the act', 'beforeWrite'],
  ['DE', 'the sender, once the act is written', 'afterWrite'],
  ['DE', 'the sender, before it hands the letter over', 'beforeHandOver'],
  ['DE', 'the sender, once the letter is handed over', 'afterHandOver'],
  ['hub', 'the hub, before it writes the letter', 'beforeWrite'],
  ['hub', 'the hub, once the letter is written and before it says so', 'afterWrite'],
  ['hub', 'the hub, before it writes the receipt', 'beforeReceipt'],
  ['FR', 'the receiver, before it applies the letter', 'beforeApply'],
  ['FR', 'the receiver, before it writes the letter\'s entries', 'beforeWrite'],
  ['FR', 'the receiver, once the letter\'s entries are written', 'afterWrite'],
  ['FR', 'the receiver, once it has applied the letter', 'afterApply'],
  ['FR', 'the receiver, before the receipt leaves', 'beforeReceipt'],
] as const

describe('a request is delivered exactly once, and both sides tell the same of it, where kill -9 strikes', () => {
  let trial: Trial
  let desks: Desks
  beforeAll(async () => {
    trial = await Trial.make({ authorities: ['DE', 'FR'] })
    await trial.startAll()
    desks = await desksAt(trial)
  })
  afterAll(() => trial.remove())

  test.each(MOMENTS)('%s: %s', async (name, _, moment) => {
    const reference = await validated(desks, `${name} ${moment}`)
    await trial.house(name).stop()
    const doomed = await trial.start(name, { env: { COMITY_CRASH_AT: moment } })
    const first = submit(desks, reference).catch(() => null)
    expect(await doomed.ended()).toBeNull()
    await first
    await trial.start(name)
    const { status } = await insist(() => submit(desks, reference))
    expect(['SUBMITTED', 'DELIVERED']).toContain(status)
    await expectDeliveredOnce(desks, reference)
  })

  test('afterwards every ledger verifies', async () => {
    expect(await trial.verify()).toMatchObject({ code: 0, stderr: '' })
  })

  test('in the production profile no house dies of the setting', async () => {
    await trial.house('DE').stop()
    const node = await trial.start('DE', { env: { COMITY_CRASH_AT: 'beforeWrite', COMITY_PROFILE: 'production', COMITY_HOSTS: `127.0.0.1:${trial.port + 1}` }, args: ['--insecure-houses'] })
    const reference = await validated(desks, 'production')
    expect((await desks.anna.look(reference))?.status).toBe('VALIDATED')
    expect(await node.stop()).toBe(0)
  })
})

describe('houses that are away', () => {
  const LIST = 'query($of: [String!]) { requests(filter: { references: $of }) { nodes { reference status origin { authority stale } } sources { authority state } } }'
  interface Listed { requests: { nodes: { reference: string; status: string; origin: { authority: string; stale: boolean } }[]; sources: { authority: string; state: string }[] } }
  let trial: Trial
  let own: Desks
  let atHub: Desks
  beforeAll(async () => {
    trial = await Trial.make({ authorities: ['DE', 'FR', 'BR'] })
    await trial.startAll()
    own = await desksAt(trial)
    atHub = await desksAt(trial, { de: 'hub', fr: 'hub' })
  })
  afterAll(() => trial.remove())

  const sent = async (key: string, desks = own): Promise<string> => {
    const reference = await validated(desks, key)
    await submit(desks, reference)
    return reference
  }
  const listed = async (desk: Desk, of: readonly string[]): Promise<Listed['requests']> => (await desk.read<Listed>(LIST, { of })).requests

  test('without the hub nodes serve and decide their own, and what they wrote travels once it is back', async () => {
    const earlier = await sent('before')
    await expectDeliveredOnce(own, earlier)
    await trial.house('hub').kill()
    const waiting = await sent('meanwhile')
    await own.luc.act('acknowledgeRequest', { reference: earlier, expectedVersion: 4, handler: '24/7 desk', ownReference: 'N 1' })
    expect((await own.luc.look(earlier))?.status).toBe('ACKNOWLEDGED')
    expect((await own.anna.look(waiting))?.status).toBe('SUBMITTED')
    expect(await own.luc.look(waiting)).toBeNull()
    await trial.start('hub')
    await expectDeliveredOnce(own, waiting)
    await eventually(() => own.anna.look(earlier), request => request?.status === 'ACKNOWLEDGED', 'the sender hears of the acknowledgement', WITHIN_MS)
  })

  test('while a node is down its letters wait, its rows are stale and its own desk is told so', async () => {
    const earlier = await sent('there')
    await expectDeliveredOnce(own, earlier)
    await trial.house('FR').kill()
    const waiting = await sent('waits', atHub)
    const { nodes, sources } = await listed(atHub.anna, [earlier, waiting])
    expect(Object.fromEntries(nodes.map(({ reference, status, origin }) => [reference, [status, origin.stale]]))).toEqual({ [earlier]: ['DELIVERED', true], [waiting]: ['SUBMITTED', false] })
    expect(sources).toEqual(expect.arrayContaining([{ authority: 'authority:DE', state: 'ANSWERED' }, { authority: 'authority:FR', state: 'UNREACHABLE' }]))
    expect(await atHub.luc.refusal('{ requests { nodes { reference } } }')).toBe('AUTHORITY_UNREACHABLE')
    await trial.start('FR')
    await expectDeliveredOnce(own, waiting)
  })

  test('where a node hangs, its rows are stale once its two seconds are over, and the others come fresh', async () => {
    const french = await sent('hangs')
    await expectDeliveredOnce(own, french)
    const brazilian = await own.anna.act('draftRequest', preservation('brazil', 'BR'))
    await own.vera.act('validateRequest', { reference: brazilian.reference, expectedVersion: 1 })
    await own.anna.act('submitRequest', { reference: brazilian.reference, expectedVersion: 2 })
    await eventually(() => own.anna.look(brazilian.reference), request => request?.status === 'DELIVERED', 'it is delivered in Brazil', WITHIN_MS)
    trial.house('FR').freeze()
    try {
      const begun = performance.now()
      const { nodes, sources } = await listed(atHub.anna, [french, brazilian.reference])
      const tookMs = performance.now() - begun
      expect(Object.fromEntries(nodes.map(({ reference, origin }) => [reference, origin.stale]))).toEqual({ [french]: true, [brazilian.reference]: false })
      expect(sources).toEqual(expect.arrayContaining([{ authority: 'authority:FR', state: 'TIMED_OUT' }, { authority: 'authority:BR', state: 'ANSWERED' }]))
      expect(tookMs).toBeLessThan(10_000)
      expect(await atHub.luc.refusal('{ requests { nodes { reference } } }')).toBe('AUTHORITY_UNREACHABLE')
    } finally { trial.house('FR').thaw() }
    await eventually(() => listed(atHub.anna, [french]), ({ nodes }) => nodes[0]?.origin.stale === false, 'the row is fresh again', WITHIN_MS)
  })

  test('afterwards every ledger verifies', async () => {
    expect(await trial.verify()).toMatchObject({ code: 0, stderr: '' })
  })
})
