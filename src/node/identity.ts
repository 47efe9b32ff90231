// Who a node believes: tokens of its own authority's issuer, and assertions of other authorities' nodes addressed to it. Nothing else.
import { PUBLIC_VIEWER } from '../domain/viewer'
import type { Identity } from '../door/door'
import type { Directory } from '../wire/directory'
import { verifyAssertion, verifyToken } from '../wire/tokens'
import { bearerOf } from '../door/bearer'

export function identifyAtNode(own: string, directory: () => Directory, now: () => Date): (authorization: string | undefined) => Promise<Identity> {
  return async authorization => {
    const bearer = bearerOf(authorization)
    if (bearer === null) return { viewer: PUBLIC_VIEWER, bearer: null }
    const claims = await verifyToken(bearer, { directory: directory(), now: now(), issuers: [own] }).catch(thrown =>
      verifyAssertion(bearer, { directory: directory(), now: now(), audience: own }).catch(() => { throw thrown }))
    return { viewer: { role: claims.role, authority: claims.issuer, subject: claims.subject, expiresAt: claims.expiresAt }, bearer }
  }
}
