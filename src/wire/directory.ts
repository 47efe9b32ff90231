// The signed directory: authorities, addresses and public keys, under a root key that the hub only carries. Keys come from here, never from a message.
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { Refusal } from '../refusal'
import { canonical } from './canonical'
import { ALGORITHM, bytesOf, keySigner, payloadObject, verifiedPayload } from './jws'
import { importPublic, type KeyUse, type PublicKey } from './keys'
import type { RequestKind } from '../domain/vocabulary'

export interface DirectoryHub { id: 'hub'; url: string; keys: PublicKey[] }
export interface DirectoryAuthority {
  id: string; code: string; country: string; name: string; competences: RequestKind[]; languages: string[]; url: string; keys: PublicKey[]
}
export interface DirectorySnapshot {
  version: number
  issuedAt: string
  expiresAt: string
  /** Digest of the snapshot before; null for the first. */
  prev: string | null
  hub: DirectoryHub | { id: string; url: string; keys: PublicKey[] }
  authorities: DirectoryAuthority[]
}

export interface RootKey { publicJwk: JWK; privateJwk: JWK }

const ROOT_KID = 'root'
const DIRECTORY_AT_MOST = 4 * 1024 * 1024

export async function createRootKey(): Promise<RootKey> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true })
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)])
  return { publicJwk, privateJwk }
}

export async function signDirectory(privateJwk: JWK, snapshot: DirectorySnapshot): Promise<string> {
  const key = (await importJWK(privateJwk, ALGORITHM)) as CryptoKey
  return keySigner(ROOT_KID, key).sign('comity-directory+jws', bytesOf(canonical(JSON.parse(JSON.stringify(snapshot)))))
}

/** A key as the directory lists it. */
export interface ListedKey { owner: string; key: PublicKey; imported: Promise<CryptoKey> }

export class Directory {
  readonly #authorities: ReadonlyMap<string, DirectoryAuthority>
  readonly #keys = new Map<string, ListedKey>()

  constructor(readonly snapshot: DirectorySnapshot) {
    this.#authorities = new Map(snapshot.authorities.map(authority => [authority.id, authority]))
    for (const { id, keys } of [...snapshot.authorities, snapshot.hub]) for (const key of keys) this.#keys.set(key.kid, { owner: id, key, imported: importPublic(key) })
  }

  get version(): number { return this.snapshot.version }
  get hub(): DirectorySnapshot['hub'] { return this.snapshot.hub }
  get authorities(): readonly DirectoryAuthority[] { return this.snapshot.authorities }
  authority(id: string): DirectoryAuthority | undefined { return this.#authorities.get(id) }
  authorityOf(country: string): DirectoryAuthority | undefined { return this.snapshot.authorities.find(authority => authority.country === country) }

  /** A key in use for this purpose; null where it is not listed, or revoked. */
  key(kid: string, use: KeyUse): ListedKey | null {
    const listed = this.#keys.get(kid)
    return listed && listed.key.use === use && !listed.key.revokedAt ? listed : null
  }

  /** The newest key with which to seal for an owner. */
  encryptionKey(owner: string): ListedKey | null {
    const keys = [...this.#keys.values()].filter(listed => listed.owner === owner && listed.key.use === 'encrypt' && !listed.key.revokedAt)
    return keys.sort((one, other) => (one.key.notBefore < other.key.notBefore ? 1 : -1))[0] ?? null
  }

  isExpired(now: Date): boolean { return this.snapshot.expiresAt <= now.toISOString() }
}

/** Signed by the root key that the reader has pinned, not expired, never an older one than the reader knows. */
export async function openDirectory(jws: string, rootPublicJwk: JWK, { now, atLeastVersion = 0 }: { now: Date; atLeastVersion?: number }): Promise<Directory> {
  const key = (await importJWK(rootPublicJwk, ALGORITHM)) as CryptoKey
  const snapshot = payloadObject(await verifiedPayload(jws.trim(), 'comity-directory+jws', key), DIRECTORY_AT_MOST) as unknown as DirectorySnapshot
  if (snapshot.version < atLeastVersion) throw new Refusal('BAD_REQUEST', 'The directory is older than the one that is known.', { reason: 'DIRECTORY_OLDER' })
  const directory = new Directory(snapshot)
  if (directory.isExpired(now)) throw new Refusal('BAD_REQUEST', `The directory ended on ${snapshot.expiresAt}.`, { reason: 'DIRECTORY_EXPIRED', hint: 'Have the secretariat sign a new one.' })
  return directory
}
