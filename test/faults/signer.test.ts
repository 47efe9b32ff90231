// The private signing keys of a house in a process of their own: the house signs through it and never has them; where it dies, acts are refused
// with a clear word, nothing that was taken is lost, and all goes on once it is back.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouseKeys } from '../../src/wire/house-keys'
import { readKeysFile } from '../../src/wire/keys'
import type { SigningAnswer } from '../../src/wire/remote-signer'
import { draftInput, take, type Staff } from '../support/case'
import type { Child } from '../support/children'
import { Desk, eventually } from '../support/desk'
import { comity, launch, Trial } from '../support/trial'

let trial: Trial
let elsewhere: string
let file: string
let socket: string
let signer: Child
const desks: Desk[] = []

async function startSigner(): Promise<Child> {
  const child = launch(['signer', file, '--socket', socket])
  await child.until(1)
  expect(child.lines[0]).toBe(`comity ready unix:${socket}`)
  return child
}
async function bearer(country: string, role: string, subject: string): Promise<string> {
  const { code, stdout, stderr } = await comity(['token', country, role, '--subject', subject, ...trial.options, ...(country === 'DE' ? ['--signer', socket] : [])])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim()
}
async function desk(country: string, role: string, subject: string, at = 'hub'): Promise<Desk> {
  const seated = new Desk(trial.urlOf(at), await bearer(country, role, subject))
  desks.push(seated)
  return seated
}

beforeAll(async () => {
  trial = await Trial.make({ authorities: ['DE', 'FR'] })
  elsewhere = mkdtempSync(join(tmpdir(), 'comity-signer-'))
  ;[file, socket] = [join(elsewhere, 'de.signer.json'), join(elsewhere, 'de.sock')]
  expect(await comity(['keys', 'detach', 'DE', '--to', file, '--data', trial.folder])).toMatchObject({ code: 0 })
})
afterAll(async () => {
  for (const each of desks) each.close()
  signer.signal('SIGKILL')
  await trial.remove()
  rmSync(elsewhere, { recursive: true, force: true })
})

test('a house whose signing keys lie elsewhere does not start without a signer, and a signer not from a file that others may read', async () => {
  expect(readKeysFile(join(trial.folder, 'de/keys.json')).keys.map(({ use }) => use)).toEqual(['encrypt', 'tls'])
  expect(await comity(['node', 'DE', ...trial.options])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--signer: .*Give the socket on which `comity signer` listens/) as string })
  expect(await comity(['node', 'DE', ...trial.options, '--signer', socket])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/signer of this house does not answer\. .*--signer/) as string })
  chmodSync(file, 0o640)
  expect(await comity(['signer', file, '--socket', socket])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`Run \`chmod 600 ${file}\``) as string })
  chmodSync(file, 0o600)
  signer = await startSigner()
})

test('the signer signs under a key only what that key is for, and nothing under one that it does not hold', async () => {
  const { publicKeys } = readKeysFile(join(trial.folder, 'de/keys.json'))
  const kid = (use: string): string => publicKeys.find(key => key.use === use)?.kid ?? ''
  const line = connect(socket)
  const answers = createInterface({ input: line })
  const asked = async (question: object): Promise<SigningAnswer> => {
    const said = once(answers, 'line')
    line.write(`${JSON.stringify({ id: 1, payload: 'e30', ...question })}\n`)
    return JSON.parse(String((await said)[0])) as SigningAnswer
  }
  expect(await asked({ kid: kid('sign'), typ: 'comity-letter+jws' })).toMatchObject({ jws: expect.any(String) as string })
  for (const question of [{ kid: kid('sign'), typ: 'JWT' }, { kid: kid('token'), typ: 'comity-letter+jws' }, { kid: kid('sign'), typ: 'comity-directory+jws' }, { kid: kid('encrypt'), typ: 'comity-letter+jws' }]) {
    expect(await asked(question)).toEqual({ id: 1, fault: expect.any(String) as string })
  }
  line.destroy()
})

test('through it a request is sent; while it is dead an act is refused and nothing is lost; back again, all goes on', async () => {
  await Promise.all([trial.start('hub'), trial.start('FR'), trial.start('DE', { args: ['--signer', socket] })])
  const people: Staff = {
    anna: await desk('DE', 'OFFICIAL', 'anna'), vera: await desk('DE', 'VALIDATOR', 'vera'), luc: await desk('FR', 'OFFICIAL', 'luc'), nuit: await desk('FR', 'LIAISON', 'nuit'),
    annaAtHome: await desk('DE', 'OFFICIAL', 'anna', 'DE'), lucAtHome: await desk('FR', 'OFFICIAL', 'luc', 'FR'),
  }
  const { anna, nuit, annaAtHome } = people
  const first = (await anna.act('draftRequest', draftInput())).reference
  for (const step of ['VALIDATE', 'SUBMIT'] as const) await take(people, first, step)
  await anna.until(first, 'DELIVERED')

  await signer.end('SIGKILL')
  const refused = await annaAtHome.refusedAct('draftRequest', draftInput())
  expect(refused).toMatchObject({ message: 'The signer of this house does not answer.', extensions: { code: 'STORE_UNAVAILABLE', hint: expect.stringContaining('comity signer') as string } })
  expect((await anna.refusedAct('draftRequest', draftInput())).extensions.code).toBe('STORE_UNAVAILABLE')
  // What partners send meanwhile is taken, and answered once the signer is back.
  const seen = await people.luc.look(first)
  await nuit.act('acknowledgeRequest', { reference: first, expectedVersion: seen?.version, handler: 'Unit 4', ownReference: 'N 1' })
  await eventually(async () => (await annaAtHome.read<{ requests: { nodes: unknown[] } }>('{ requests { nodes { reference } } }')).requests.nodes.length, count => count === 1, 'the node reads on')

  signer = await startSigner()
  const second = (await anna.act('draftRequest', draftInput())).reference
  for (const step of ['VALIDATE', 'SUBMIT', 'ACKNOWLEDGE'] as const) await take(people, second, step)
  for (const reference of [first, second]) await annaAtHome.until(reference, 'ACKNOWLEDGED')
  expect(await trial.verify()).toMatchObject({ code: 0 })
})

test('the next keys go to the signer too, and it signs with them without a restart', async () => {
  const rotate = ['keys', 'rotate', 'DE', '--data', trial.folder]
  expect(await comity(rotate)).toMatchObject({ code: 2, stderr: expect.stringContaining('--signer-keys') as string })
  const before = await bearer('DE', 'OFFICIAL', 'anna')
  expect(await comity([...rotate, '--signer-keys', file])).toMatchObject({ code: 0 })
  const keyIn = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  const after = await eventually(() => bearer('DE', 'OFFICIAL', 'anna'), token => JSON.stringify(keyIn(token)) !== JSON.stringify(keyIn(before)), 'the new key signs')
  for (const token of [before, after]) expect(await eventually(() => new Desk(trial.urlOf('hub'), token).ask('{ viewer { role } }'), ({ errors }) => !errors, 'the token is good')).toMatchObject({ data: { viewer: { role: 'OFFICIAL' } } })
  await expect(openHouseKeys(readKeysFile(join(trial.folder, 'de/keys.json')))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})
