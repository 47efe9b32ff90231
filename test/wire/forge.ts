// What a forger has: segments spelled by hand, and jose without our rules. Refusals, as the tests want to see them.
import { CompactSign, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../../src/refusal'
import type { KeyUse, KeysFile } from '../../src/wire/keys'

export const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
export const payloadOf = (jws: string): Record<string, unknown> => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
export const headerOf = (jws: string): Record<string, unknown> => JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>

export function keyOf(file: KeysFile, use: KeyUse): KeysFile['keys'][number] {
  const found = file.keys.find(key => key.use === use)
  if (!found) throw new Refusal('NOT_FOUND', 'no such key')
  return found
}

export const privateKey = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, 'Ed25519')) as CryptoKey

/** Signed with a house's true key, whatever header and payload say. */
export async function signRaw(file: KeysFile, header: string | object, payload: string | object, use: KeyUse = 'sign'): Promise<string> {
  const { privateJwk } = keyOf(file, use)
  const head = b64(typeof header === 'string' ? header : JSON.stringify(header))
  const body = b64(typeof payload === 'string' ? payload : JSON.stringify(payload))
  const key = await privateKey(privateJwk)
  const signature = await crypto.subtle.sign('Ed25519', key, Buffer.from(`${head}.${body}`))
  return `${head}.${body}.${b64(new Uint8Array(signature))}`
}

/** jose's own signer, for headers that it allows. */
export const signJose = async (file: KeysFile, header: { alg: string; kid: string; typ?: string }, payload: object): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(await privateKey(keyOf(file, 'sign').privateJwk))

/** The code and reason of the refusal that comes; a resolved promise or another error fails the test. */
export async function refusalOf(attempt: () => unknown): Promise<{ code: string; reason: unknown; message: string; facts: Record<string, unknown> }> {
  let value: unknown
  try {
    value = await attempt()
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { code: thrown.code, reason: thrown.facts['reason'], message: thrown.message, facts: thrown.facts }
  }
  throw new TypeError(`was taken: ${JSON.stringify(value)?.slice(0, 200)}`)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The same bytes in another spelling: the loose bits of the last character set. Needs a text that has loose bits. */
export function loosened(text: string): string {
  const last = ALPHABET.indexOf(text.slice(-1))
  const other = text.slice(0, -1) + ALPHABET.charAt(last | 1)
  if (other === text || !Buffer.from(other, 'base64url').equals(Buffer.from(text, 'base64url'))) throw new TypeError('this text has no loose bits')
  return other
}
