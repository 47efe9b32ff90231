// The one way in which a caller says who it is: `Authorization: Bearer …`. Present and unusable is refused, never read as PUBLIC.
import { Refusal } from '../refusal'

export function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(authorization) ?? []
  if (token) return token
  throw new Refusal('UNAUTHENTICATED', 'The token is not good.', { hint: 'Send `Authorization: Bearer …` with a token of your authority, or no such header to ask as PUBLIC.' })
}
