// An authority may ask its people for a fresh sign-in before they send or decide (COMITY_FRESH_SIGN_IN): the age of `auth_time` counts, at hub and node alike, and
// nothing else is asked for more.
import { join } from 'node:path'
import { settings } from '../../src/cli/settings'
import { readKeysFile } from '../../src/wire/keys'
import { codeOf, dataOf, overHttp, type Answer } from '../support/asking'
import { evidence } from '../support/case-words'
import { Desk, type Acted } from '../support/desk'
import { runHouses, type RunningHouses } from '../support/running-houses'
import { keyOf, signRaw } from '../wire/forge'

let houses: RunningHouses
beforeAll(async () => { houses = await runHouses({ countries: ['DE', 'FR'], env: { COMITY_FRESH_SIGN_IN: '15m' } }) })
afterAll(() => houses.close())

/** A good token of somebody who signed in so many minutes ago; null: that says nothing of it. */
async function signedIn(minutes: number | null, role = 'OFFICIAL', subject = 'anna'): Promise<string> {
  const file = readKeysFile(join(houses.folder.path, 'de', 'keys.json'))
  const now = Math.floor(Date.now() / 1_000)
  const claims = { iss: 'authority:DE', sub: subject, aud: 'comity', role, iat: now - 3_600, exp: now + 600, jti: `signed-in-${Math.random()}`, ...(minutes !== null && { auth_time: now - minutes * 60 }) }
  return signRaw(file, { alg: 'Ed25519', kid: keyOf(file, 'token').kid, typ: 'JWT' }, claims, 'token')
}

const act = (base: string, token: string, mutation: string, input: object): Promise<Acted> => new Desk(`${base}/graphql`, token).act(mutation, input)
const submit = (base: string, token: string, reference: string, expectedVersion: number): Promise<Answer> => overHttp(base, {
  query: 'mutation($input: SubmitInput!) { submitRequest(input: $input) { request { status } } }', variables: { input: { reference, expectedVersion } },
}, { token })

it.each(['hub', 'node'])('sending at the %s needs a fresh one; reading, drafting and validating do not', async place => {
  const base = place === 'hub' ? houses.hub : houses.node('DE')
  const old = await signedIn(16)
  const { reference, version } = await act(base, old, 'draftRequest', evidence(`fresh-${place}`))
  const validated = await act(base, await signedIn(60, 'VALIDATOR', 'vera'), 'validateRequest', { reference, expectedVersion: version })
  for (const token of [old, await signedIn(null)]) {
    const refused = await submit(base, token, reference, validated.version)
    expect({ code: codeOf(refused), maxAgeSeconds: refused.errors[0]?.extensions?.['maxAgeSeconds'], hint: refused.errors[0]?.extensions?.['hint'] }).toEqual({ code: 'UNAUTHENTICATED', maxAgeSeconds: 900, hint: 'Sign in again and repeat the act with the new token.' })
  }
  // The same for a request that is not there: nothing is told by it.
  expect(codeOf(await submit(base, old, 'DE-2026-999999', 1))).toBe('UNAUTHENTICATED')
  expect(dataOf(await submit(base, await signedIn(14), reference, validated.version))).toMatchObject({ submitRequest: { request: { status: 'SUBMITTED' } } })
})

it('a national case system signs nobody in and is not asked', async () => {
  const system = await signedIn(null, 'SYSTEM', 'case-system')
  const { reference, version } = await act(houses.hub, system, 'draftRequest', evidence('fresh-system'))
  const validated = await act(houses.hub, await signedIn(60, 'VALIDATOR', 'vera'), 'validateRequest', { reference, expectedVersion: version })
  expect(dataOf(await submit(houses.hub, system, reference, validated.version))).toMatchObject({ submitRequest: { request: { status: 'SUBMITTED' } } })
})

it('a wrong setting is named with its value and the fix', () => {
  expect(() => settings({}, { COMITY_FRESH_SIGN_IN: 'soon' })).toThrow('COMITY_FRESH_SIGN_IN: "soon" is no duration. Give a number with s, m, h or d, for instance 8h.')
  expect(settings({}, {}).freshSignInMs).toBeNull()
})
