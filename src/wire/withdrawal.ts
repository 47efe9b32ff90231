// What a house takes back of what its issuer gave: one token, or all of a subject's, in one role or in any. Signed like a token: who may issue may take back.
import { randomUUID } from 'node:crypto'
import { ROLES, type Role } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import type { HouseKeys } from './house-keys'
import { isShortText, readClaims, seconds, unauthenticated, type Verify } from './tokens'

/** A token by its `jti`, or a subject; `role` null: in every role. */
export type Withdrawn = { readonly token: string } | { readonly subject: string; readonly role: Role | null }

/** `restores`: what was withdrawn is good again. */
export interface Withdrawal { readonly withdrawn: Withdrawn; readonly restores: boolean }

const TYP = 'comity-withdrawal+jws'
const SECONDS = 60

export function issueWithdrawal({ keys, issuer, now, withdrawn, restores }: Withdrawal & { keys: HouseKeys; issuer: string; now: Date }): Promise<string> {
  const iat = seconds(now)
  return keys.tokenSigner.sign(TYP, bytesOf(JSON.stringify({ iss: issuer, aud: issuer, iat, exp: iat + SECONDS, jti: randomUUID(), withdrawn, restores })))
}

/** Of this house alone, and made a moment ago: an old one shall not undo what came after it. */
export async function readWithdrawal(jws: string, house: string, { directory, now }: Verify): Promise<Withdrawal> {
  const { claims, iat, exp } = await readClaims(jws, { typ: TYP, use: 'token', audience: house }, directory, now)
  if (claims['iss'] !== house || exp - iat > SECONDS || typeof claims['restores'] !== 'boolean') throw unauthenticated()
  return { withdrawn: withdrawnOf(claims['withdrawn']), restores: claims['restores'] }
}

function withdrawnOf(value: unknown): Withdrawn {
  const { token, subject, role } = (value ?? {}) as Record<string, unknown>
  if (isShortText(token) && subject === undefined) return { token }
  const known = role === null ? null : ROLES.find(each => each === role)
  if (isShortText(subject) && token === undefined && known !== undefined) return { subject, role: known }
  throw new Refusal('BAD_REQUEST', 'The statement names neither a token nor a subject.', { path: 'statement' })
}
