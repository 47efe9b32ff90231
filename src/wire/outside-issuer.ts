// An OpenID Connect issuer outside Comity, as the signed directory pins it for one authority. Nothing of it ever comes from a token.
import type { JWK } from 'jose'

/** What an outside issuer may sign with; the directory names which. No symmetric one, none that is none. */
export const OUTSIDE_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'] as const
export type OutsideAlgorithm = (typeof OUTSIDE_ALGORITHMS)[number]

export interface OutsideIssuer {
  /** `iss` of its tokens, and where its discovery document lies. */
  issuer: string
  /** Address of its keys, or the keys themselves; null: as its discovery document says. */
  jwks: string | { keys: JWK[] } | null
  /** `aud` of tokens for Comity. */
  audience: string
  algorithms: OutsideAlgorithm[]
  /** Claim that carries the role. */
  roleClaim: string
}

const AT_MOST = 2_000
const KEYS_AT_MOST = 50
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= AT_MOST

/** Over TLS, or on this machine for a trial. */
export function isIssuerUrl(value: unknown): value is string {
  if (!isText(value) || !URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)))
}

export function isOutsideIssuer(value: unknown): value is OutsideIssuer {
  const { issuer, jwks, audience, algorithms, roleClaim } = (value ?? {}) as Partial<OutsideIssuer>
  const isAlgorithm = (each: unknown): boolean => OUTSIDE_ALGORITHMS.some(known => known === each)
  return isIssuerUrl(issuer) && isText(audience) && isText(roleClaim) && Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every(isAlgorithm)
    && (jwks === null || isIssuerUrl(jwks) || isKeySet(jwks))
}

/** Public keys alone. */
const isKeySet = (value: unknown): boolean => {
  const keys = (value as { keys?: unknown } | null | undefined)?.keys
  return Array.isArray(keys) && keys.length > 0 && keys.length <= KEYS_AT_MOST && keys.every((key: JWK | null) => typeof key === 'object' && key !== null && isText(key.kid) && isText(key.kty) && key.kty !== 'oct' && key.d === undefined)
}
