// The keys of one house at work: which of them signs, opens and is shown at this moment. What the signed directory says of a key counts, not
// what the house's own file says: nobody else would believe otherwise. A private key for signing may live in another process.
import type { CryptoKey } from 'jose'
import { Refusal } from '../refusal'
import { certificateOf, type HouseCertificate } from './certificate'
import { keySigner, type Signer } from './jws'
import { importPrivate, isCurrent, newestFirst, type KeysFile, type KeyUse, type PrivateKey, type PublicKey } from './keys'

/** Signers whose private keys lie elsewhere. */
export interface DetachedSigner {
  signerOf(kid: string): Signer
  /** Resolves where it answers; a Refusal STORE_UNAVAILABLE where not. */
  ping(): Promise<void>
}

export interface KeyTerms {
  now?: () => Date
  /** A key of this house as the directory lists it; null where it does not, or has it revoked. */
  listed?: (kid: string, use: KeyUse) => PublicKey | null
  detached?: DetachedSigner
}

interface SigningKey { key: PublicKey; signer: Signer }
interface Opened { sign: SigningKey[]; token: SigningKey[]; tls: PrivateKey[]; openers: Map<string, CryptoKey> }

export class HouseKeys {
  readonly signer: Signer
  readonly tokenSigner: Signer
  #opened: Opened
  #shown: { kid: string; certificate: Promise<HouseCertificate> } | null = null

  constructor(readonly house: string, opened: Opened, private readonly terms: KeyTerms) {
    this.#opened = opened
    this.signer = this.#rotating('sign')
    this.tokenSigner = this.#rotating('token')
  }

  /** Takes what was added, revoked or shortened in the key file since. */
  async reload(file: KeysFile): Promise<void> { this.#opened = await opened(file, this.terms.detached) }

  /** Resolves where this house can sign now; a Refusal STORE_UNAVAILABLE where not. */
  async demandSigner(): Promise<void> {
    if (!this.signer.kid) throw lacking(this.house, 'to sign')
    await this.terms.detached?.ping()
  }

  /** What this house shows to others over mutual TLS; null where it holds no such key. */
  certificate(): Promise<HouseCertificate> | null {
    const key = this.#opened.tls.filter(each => this.#holds(each)).sort(newestFirst)[0]
    if (!key) return null
    if (this.#shown?.kid !== key.kid) this.#shown = { kid: key.kid, certificate: certificateOf(this.house, key) }
    return this.#shown.certificate
  }

  /** The key that opens what was sealed for this `kid`; older ones stay, archives must be readable. */
  opener(kid: string): CryptoKey | null { return this.#opened.openers.get(kid) ?? null }

  /** Signs with the newest key that holds at that moment: one that was laid in ahead takes over once the directory lists it. */
  #rotating(use: 'sign' | 'token'): Signer {
    const current = (): Signer => {
      const found = this.#opened[use].filter(({ key }) => this.#holds(key)).sort((one, other) => newestFirst(one.key, other.key))[0]
      if (!found) throw lacking(this.house, use === 'sign' ? 'to sign' : 'to issue tokens')
      return found.signer
    }
    return { get kid() { return current().kid }, sign: async (typ, payload) => current().sign(typ, payload) }
  }

  #holds(key: PublicKey): boolean {
    const listed = this.terms.listed ? this.terms.listed(key.kid, key.use) : key
    return listed !== null && !key.revokedAt && !listed.revokedAt && isCurrent(listed, this.terms.now?.() ?? new Date())
  }
}

export async function openHouseKeys(file: KeysFile, terms: KeyTerms = {}): Promise<HouseKeys> {
  const keys = new HouseKeys(file.house, await opened(file, terms.detached), terms)
  if (!keys.signer.kid || !keys.tokenSigner.kid) throw lacking(file.house, 'to sign')
  return keys
}

async function opened(file: KeysFile, detached: DetachedSigner | undefined): Promise<Opened> {
  const of = (use: KeyUse): PrivateKey[] => file.keys.filter(key => key.use === use)
  const openers = new Map(await Promise.all(of('encrypt').map(async key => [key.kid, await importPrivate(file.house, key)] as const)))
  if (openers.size === 0) throw lacking(file.house, 'to open letters')
  const signing = async (use: 'sign' | 'token'): Promise<SigningKey[]> => {
    const own = await Promise.all(of(use).map(async key => ({ key, signer: keySigner(key.kid, await importPrivate(file.house, key)) })))
    const elsewhere = detached ? file.publicKeys.filter(key => key.use === use && !own.some(each => each.key.kid === key.kid)) : []
    return [...own, ...elsewhere.map(key => ({ key, signer: detached?.signerOf(key.kid) ?? lost(file.house) }))]
  }
  return { sign: await signing('sign'), token: await signing('token'), tls: of('tls'), openers }
}

const lost = (house: string): never => { throw lacking(house, 'to sign') }

const lacking = (house: string, what: string): Refusal => new Refusal('STORE_UNAVAILABLE', `${house} holds no key ${what} that the directory lists and that is valid now.`, {
  hint: 'Restore its key file from a copy, set the clock right, or make new keys with `comity keys rotate` and have the directory signed anew.',
})
