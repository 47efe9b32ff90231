// Who a node believes: tokens of its own authority's issuer whose right still stands, and assertions of other authorities' nodes addressed to it. Nothing else.
import { viewerOf, type SignIn } from '../access/sign-in'
import type { Withdrawals } from '../access/withdrawals'
import { PUBLIC_VIEWER, type Viewer } from '../domain/viewer'
import { bearerOf } from '../door/bearer'
import type { Identity } from '../door/door'
import type { Directory } from '../wire/directory'
import { unauthenticated, verifyAssertion } from '../wire/tokens'

interface IdentityParts { own: string; directory: () => Directory; now: () => Date; signIn: SignIn; withdrawals: Withdrawals }

export function identifyAtNode({ own, directory, now, signIn, withdrawals }: IdentityParts): (authorization: string | undefined) => Promise<Identity> {
  return async authorization => {
    const bearer = bearerOf(authorization)
    if (bearer === null) return { viewer: PUBLIC_VIEWER, bearer: null }
    const claims = await signIn.claims(bearer, [own]).catch(thrown =>
      verifyAssertion(bearer, { directory: directory(), now: now(), audience: own }).catch(() => { throw thrown }))
    const viewer = viewerOf(claims)
    if ((await withdrawnAtNode(own, withdrawals)([viewer])).size > 0) throw unauthenticated()
    return { viewer, bearer }
  }
}

/** A node knows its own people's standing; who is vouched for by another node, that node has looked up. */
export const withdrawnAtNode = (own: string, withdrawals: Withdrawals) => (viewers: readonly Viewer[]): Promise<Set<Viewer>> =>
  withdrawals.among(viewers.filter(viewer => viewer.authority === own))
