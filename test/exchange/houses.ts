// Letters, receipts and node tokens as the houses of test/wire make them, for a hub that knows these houses.
import { randomUUID } from 'node:crypto'
import { readLetter, sealLetter } from '../../src/wire/letters'
import { makeReceipt, readRelayReceipt, type Receipt, type RelayReceipt } from '../../src/wire/receipts'
import { issueNodeToken, verifyNodeToken } from '../../src/wire/tokens'
import { payloadOf, signRaw } from '../wire/forge'
import { NOW, world, type House, type World } from '../wire/houses'

export { BR, DE, FR } from '../wire/houses'

/** Made before the first test of a file. */
export let houses: World
beforeAll(async () => { houses = await world() })

export const now = (): Date => NOW

/** Each call seals another letter, even under the same number. */
export async function letterOf(from: House, to: House, n: number, body = ''): Promise<string> {
  const { directory, keys } = houses
  return (await sealLetter({ signer: keys[from].signer, directory, from, to, n, id: randomUUID(), kind: 'fact', body: JSON.stringify({ body }), contents: [], now: NOW })).jws
}

/** A letter under the sender's true key that is addressed to whoever. */
export async function addressedTo(aud: string, letter: string): Promise<string> {
  const { keys, files } = houses
  const payload = payloadOf(letter)
  return signRaw(files[payload['iss'] as House], { alg: 'Ed25519', kid: keys[payload['iss'] as House].signer.kid, typ: 'comity-letter+jws' }, { ...payload, aud })
}

/** Signed by a house that is not the sender it names. */
export async function strangersLetter(signedBy: House, letter: string): Promise<string> {
  return signRaw(houses.files[signedBy], { alg: 'Ed25519', kid: houses.keys[signedBy].signer.kid, typ: 'comity-letter+jws' }, payloadOf(letter))
}

export async function receiptOf(by: House, letter: string, changes: Partial<Receipt> = {}): Promise<string> {
  const { iss, n, id, digest } = await readLetter(letter, houses.directory)
  return makeReceipt({ signer: houses.keys[by].signer, iss: by, aud: iss, n, id, digest, status: 'APPLIED', head: 'f'.repeat(64), at: NOW.toISOString(), ...changes })
}

export const relayOf = (jws: string): Promise<RelayReceipt> => readRelayReceipt(jws, houses.directory)

export const tokenOf = (authority: House): Promise<string> => issueNodeToken({ keys: houses.keys[authority], issuer: authority, audience: 'hub', now: NOW })

export const authorityOfToken = (token: string): Promise<string> => verifyNodeToken(token, { directory: houses.directory, now: NOW, audience: 'hub' })
