// The certificate that a house shows to another: self-signed over its `tls` key. Who a house is says the signed directory, never the certificate.
import { createPrivateKey, webcrypto, type JsonWebKey, type X509Certificate } from 'node:crypto'
import type { JWK } from 'jose'
import { ALGORITHM } from './jws'

/** PEM, both. */
export interface HouseCertificate { cert: string; key: string }

const CLOCKS_APART_MS = 10 * 60_000

export async function certificateOf(house: string, { privateJwk, notBefore, notAfter }: { privateJwk: JWK; notBefore: string; notAfter: string }): Promise<HouseCertificate> {
  // Loaded where it is needed: trials on one machine do without.
  const { X509CertificateGenerator } = await import('@peculiar/x509')
  const { d: _, ...publicJwk } = privateJwk
  const [privateKey, publicKey] = await Promise.all([importKey(privateJwk, 'sign'), importKey(publicJwk, 'verify')])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${house}`, keys: { privateKey, publicKey }, signingAlgorithm: { name: ALGORITHM },
    notBefore: new Date(Date.parse(notBefore) - CLOCKS_APART_MS), notAfter: new Date(notAfter),
  }, webcrypto as Parameters<typeof X509CertificateGenerator.createSelfSigned>[1])
  return { cert: certificate.toString('pem'), key: createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }) as string }
}

const importKey = (jwk: JWK, use: 'sign' | 'verify') => webcrypto.subtle.importKey('jwk', { ...jwk, key_ops: undefined } as JsonWebKey, { name: ALGORITHM }, true, [use])

/** Asked of one line before whatever is said on it. */
const PINS = new WeakMap<X509Certificate, string | null>()

/** The public key in a certificate as the directory lists keys; null where it is none of ours. */
export function pinOf(certificate: X509Certificate): string | null {
  const known = PINS.get(certificate)
  if (known !== undefined) return known
  const { crv, x } = certificate.publicKey.export({ format: 'jwk' })
  const pin = crv === ALGORITHM && x ? x : null
  PINS.set(certificate, pin)
  return pin
}
