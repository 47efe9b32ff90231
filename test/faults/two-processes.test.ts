// On MongoDB two hubs serve one database, and two processes each authority's: requests go in through both at once, one of each is killed
// in the midst, and nothing is lost or comes twice.
import { describeWithMongo, ownMongo, ownMongoAvailable, type MongoServer } from '../support/mongo-server'
import { freePorts } from '../support/ports'
import { Trial, type HouseProcess } from '../support/trial'
import { desksAt, expectDeliveredOnce, insist, submit, validated, type Desks } from './submission'

const EACH = 6

describeWithMongo('two hubs on one database and two processes of each node on another', () => {
  let server: MongoServer
  let trial: Trial
  let first: Desks
  let second: Desks
  let others: HouseProcess[]
  beforeAll(async () => {
    server = await ownMongo()
    trial = await Trial.make({ authorities: ['DE', 'FR'], mongodb: server.uri })
    await trial.startAll()
    const listed = [trial.house('hub'), trial.house('DE'), trial.house('FR')]
    first = await desksAt(trial)
    const port = await freePorts(3)
    const hub = await trial.start('hub', { args: ['--port', String(port)] })
    const atOther = (offset: number): string[] => ['--port', String(port + offset), '--hub', hub.url.replace('/graphql', '')]
    const german = await trial.start('DE', { args: atOther(1) })
    const french = await trial.start('FR', { args: atOther(2) })
    second = await desksAt(trial, { de: german.url, fr: french.url })
    others = [hub, german, french]
    doomed = listed
  })
  let doomed: HouseProcess[]
  afterAll(async () => {
    await trial.remove()
    await server.remove()
  })

  const sent = async (desks: Desks, key: string): Promise<string> => {
    const reference = await validated(desks, key)
    await insist(() => submit(desks, reference))
    return reference
  }
  const all = (desks: Desks, name: string): Promise<string>[] => Array.from({ length: EACH }, (_, index) => sent(desks, `${name} ${index}`))

  test('what both take in at once is delivered once, under references of its own', async () => {
    const references = await Promise.all([...all(first, 'one'), ...all(second, 'other')])
    expect(new Set(references).size).toBe(2 * EACH)
    for (const reference of references) {
      await expectDeliveredOnce(first, reference)
      await expectDeliveredOnce(second, reference)
    }
  })

  test('an act that was shown at a hub stands in the past of the own feed at once, whichever process took its letter', async () => {
    const [anna, luc] = await Promise.all([trial.desk('DE', 'OFFICIAL', 'anna'), trial.desk('FR', 'OFFICIAL', 'luc')])
    for (const key of ['shown first', 'shown second']) {
      const reference = await sent(first, key)
      await luc.actOnceOffered('ACKNOWLEDGE', 'acknowledgeRequest', reference, { handler: 'Unit 4', ownReference: 'N 26/17' })
      expect(await anna.look(reference)).toMatchObject({ status: 'ACKNOWLEDGED' })
      const { statusChanges } = await anna.read<{ statusChanges: { nodes: { to: string }[] } }>('query($of: String!) { statusChanges(first: 10, filter: { references: [$of] }) { nodes { to } } }', { of: reference })
      expect(statusChanges.nodes.at(-1)).toEqual({ to: 'ACKNOWLEDGED' })
    }
  })

  test.each([['hub', 0], ['DE', 1], ['FR', 2]] as const)('kill -9 of one %s while both take in requests loses and doubles nothing', async (name, index) => {
    const sending = Promise.all([...all(first, `one, ${name}`), ...all(second, `other, ${name}`)])
    const killed = doomed[index]?.kill()
    expect(await killed).toBeNull()
    await trial.start(name)
    const references = await sending
    expect(new Set(references).size).toBe(2 * EACH)
    for (const reference of references) await expectDeliveredOnce(second, reference)
  })

  test('what one leaves undone the other one does: alone it delivers what was sent through both', async () => {
    const sending = all(second, 'left')
    await Promise.all(['hub', 'DE', 'FR'].map(name => trial.house(name).kill()))
    for (const reference of await Promise.all(sending)) await expectDeliveredOnce(second, reference)
    expect(others.map(({ child }) => child.lines.length)).toEqual([1, 1, 1])
  })

  test('afterwards every ledger verifies', async () => {
    expect(await trial.verify()).toMatchObject({ code: 0, stderr: '' })
  })
}, ownMongoAvailable)
