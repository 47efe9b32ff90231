// A token key is rotated while its tokens are in use: they hold until the overlap ends, and then end by themselves, on HTTP, at connection start and in the
// middle of open streams, without anybody revoking anything; tokens under the next key go on.
import { rotateKeys } from '../../src/cli/enrolment'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { addToDirectory } from '../../src/cli/secretariat'
import { loadRegister } from '../../src/register/load'
import { openHouse } from '../../src/cli/data-folder'
import { eventually } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'

const OVERLAP_SECONDS = 30
const VIEWER = '{ viewer { role } }'
const FEED = 'subscription($after: Cursor) { statusChanged(after: $after) { cursor } }'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR'] }) }, 60_000)
afterAll(() => houses.close())

const everywhere = (version: number): Promise<unknown> => eventually(
  () => Promise.all(['hub', 'DE', 'FR'].map(async house => (await openHouse(houses.folder, house, new Date())).directory.version)),
  versions => versions.every(each => each === version), `version ${version} is everywhere`, 60_000)

test('the old token holds for the overlap and then ends by itself, wherever it is used; the new one goes on', async () => {
  const old = await houses.desk('DE', 'OFFICIAL', 'anna')
  const oldAtHome = await houses.desk('DE', 'OFFICIAL', 'anna', 'DE')
  const feeds = await Promise.all([old.listen(FEED), old.listen(FEED, { over: 'SSE' }), oldAtHome.listen(FEED)])
  const listing = await rotateKeys(houses.folder, 'DE', { now: new Date(), overlapSeconds: OVERLAP_SECONDS })
  const { version } = await addToDirectory(houses.folder, [listing], loadRegister(REGISTER_FOLDER).authorities, { now: new Date() })
  await everywhere(version)
  const end = Math.min(...listing.keys.map(({ notAfter }) => Date.parse(notAfter)))
  const refusals = [await old.refusal(VIEWER), await oldAtHome.refusal(VIEWER)]
  if (Date.now() < end) expect(refusals).toEqual([null, null])

  const ends = await Promise.all(feeds.map(feed => feed.ended))
  expect(Date.now()).toBeGreaterThanOrEqual(end)
  expect(ends[0]).toMatchObject({ code: 4403 })
  expect(JSON.stringify(ends[1]) + JSON.stringify(feeds[1]?.errors)).toContain('UNAUTHENTICATED')
  expect(ends[2]).toMatchObject({ code: 4403 })
  for (const desk of [old, oldAtHome]) await eventually(() => desk.refusal(VIEWER), code => code === 'UNAUTHENTICATED', 'the old token is refused')
  for (const desk of [old, oldAtHome]) expect(await (await desk.listen(FEED, { after: null })).ended).toMatchObject({ code: 4403 })
  expect(await (await old.listen(FEED, { after: null, over: 'SSE' })).ended).toBeTruthy()

  const next = await houses.desk('DE', 'OFFICIAL', 'anna')
  expect(next.token).not.toBe(old.token)
  expect(await next.refusal(VIEWER)).toBeNull()
}, 180_000)

test('letters under the next keys come, though the ones before have ended', async () => {
  const desk = await houses.desk('DE', 'LIAISON', 'nacht', 'DE')
  const french = await houses.desk('FR', 'LIAISON', 'nuit', 'FR')
  const point = { function: 'After the end', channels: [{ kind: 'PHONE', address: '+49 30 1' }], languages: ['de'], roundTheClock: true, competences: ['EVIDENCE'], reviewBy: '2030-01-01' }
  await desk.read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input: point })
  const known = async (): Promise<string[]> => (await french.read<{ contactPoints: { nodes: { function: string }[] } }>('{ contactPoints(filter: { jurisdictions: ["DE"] }) { nodes { function } } }')).contactPoints.nodes.map(node => node.function)
  expect(await eventually(known, names => names.length > 0, 'it comes', 60_000)).toEqual(['After the end'])
}, 90_000)
