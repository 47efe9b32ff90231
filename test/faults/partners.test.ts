// How a partner stands, as real heartbeats have it: one node is killed and comes back, and every desk is told, at the hub and at its own node.
import { preservation } from '../support/case-words'
import { eventually, type Desk } from '../support/desk'
import { Trial } from '../support/trial'

const STATUS = '{ partners { authority { id } reachability checkedAt lastSeenAt medianAcknowledgeMinutes openRequests onDutyNow { function } } }'
const CHANGED = 'subscription { partnerChanged { before at partner { authority { id } reachability lastSeenAt openRequests onDutyNow { function } } } }'
interface Status { authority: { id: string }; reachability: string; checkedAt: string; lastSeenAt: string | null; medianAcknowledgeMinutes: number | null; openRequests: number | null; onDutyNow: { function: string }[] | null }
interface Changed { before: string | null; at: string; partner: Status }
const FR = 'authority:FR'

let trial: Trial
let desks: Desk[]

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR', 'BR'] })
  await trial.startAll()
  desks = await Promise.all([trial.desk('DE', 'OFFICIAL', 'anna'), trial.desk('DE', 'OFFICIAL', 'anna', { at: 'DE' })])
})
afterAll(() => trial.remove())

const statusOf = async (desk: Desk): Promise<Status | undefined> => (await desk.read<{ partners: Status[] }>(STATUS)).partners.find(({ authority }) => authority.id === FR)

test('a partner whose node is killed is told as unreachable, stands so with the time it was last seen, and is told again once it is back', async () => {
  const nuit = await trial.desk('FR', 'LIAISON', 'nuit')
  const shifts = [{ days: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'], from: '00:00', to: '00:00', timeZone: 'Europe/Paris' }]
  await nuit.read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', {
    input: { function: 'Night desk', channels: [{ kind: 'PHONE', address: '+33 1' }], languages: ['fr'], roundTheClock: false, competences: ['PRESERVATION'], reviewBy: '2027-06-30', shifts },
  })
  const vera = await trial.desk('DE', 'VALIDATOR', 'vera')
  const { reference } = await desks[0]?.act('draftRequest', preservation('partners')) ?? { reference: '' }
  await vera.actOnceOffered('VALIDATE', 'validateRequest', reference)
  await desks[0]?.actOnceOffered('SUBMIT', 'submitRequest', reference)
  await nuit.actOnceOffered('ACKNOWLEDGE', 'acknowledgeRequest', reference, { handler: 'Night desk', ownReference: 'N 1' })
  // A house that started before its partners has held them for gone.
  for (const desk of desks) await eventually(() => desk.read<{ partners: Status[] }>(STATUS), ({ partners }) => partners.every(({ reachability }) => reachability === 'ANSWERED'), 'all partners are there')
  const feeds = await Promise.all(desks.map(desk => desk.listen<Changed>(CHANGED, { after: null })))
  const ofFrance = (events: readonly Changed[]): Changed[] => events.filter(({ partner }) => partner.authority.id === FR)
  for (const [i, feed] of feeds.entries()) {
    const [first] = ofFrance(await feed.until(events => ofFrance(events).length > 0, 'how France stands'))
    expect(first).toMatchObject({ partner: { reachability: 'ANSWERED', openRequests: 1, onDutyNow: [{ function: 'Night desk' }] } })
    const desk = desks[i] as Desk
    expect(await eventually(() => statusOf(desk), status => status?.medianAcknowledgeMinutes === 0 && status.onDutyNow?.length === 1, 'the figures')).toMatchObject({ reachability: 'ANSWERED', openRequests: 1, lastSeenAt: expect.any(String) })
  }

  const killedAt = new Date().toISOString()
  await trial.house('FR').kill()
  for (const [i, feed] of feeds.entries()) {
    const gone = ofFrance(await feed.until(events => ofFrance(events).length > 1, 'that it is gone', 60_000))[1]
    expect(gone).toMatchObject({ before: 'ANSWERED', partner: { reachability: 'UNREACHABLE', onDutyNow: null } })
    const status = await statusOf(desks[i] as Desk)
    expect(status).toMatchObject({ reachability: 'UNREACHABLE', openRequests: 1 })
    expect(Date.parse(status?.lastSeenAt ?? '')).toBeLessThan(Date.parse(killedAt) + 2_000)
    expect((status?.checkedAt ?? '') > killedAt).toBe(true)
  }

  await trial.start('FR')
  for (const [i, feed] of feeds.entries()) {
    const back = ofFrance(await feed.until(events => ofFrance(events).length > 2, 'that it is back', 60_000))[2]
    expect(back).toMatchObject({ before: 'UNREACHABLE', partner: { reachability: 'ANSWERED' } })
    expect((await statusOf(desks[i] as Desk))?.reachability).toBe('ANSWERED')
    expect(feed.events.filter(({ partner }) => partner.authority.id === 'authority:BR')).toHaveLength(1)
  }
}, 240_000)
