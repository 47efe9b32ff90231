// Takes back a token, or a subject's right, at the running house whose issuer gave it; or gives it back. Acts on the next call and on open lines.
import { request } from 'undici'
import { WITHDRAWALS_PATH } from '../access/withdrawal-route'
import type { Role } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import { issueWithdrawal, type Withdrawn } from '../wire/withdrawal'
import { HUB, openHouse, type DataFolder } from './data-folder'
import { BadSetting, Unavailable } from './settings'

export interface RawWithdrawal { jti?: string; subject?: string; role?: Role }

export function withdrawnOf({ jti, subject, role }: RawWithdrawal): Withdrawn {
  if ((jti === undefined) === (subject === undefined)) throw new BadSetting('--jti', jti ?? '', 'or --subject says what is taken back', 'Give one of the two: a token by its `jti`, or a subject.')
  if (jti !== undefined && role !== undefined) throw new BadSetting('--role', role, 'has no meaning beside --jti', 'Leave it out; a token has one role.')
  return jti !== undefined ? { token: jti } : { subject: subject ?? '', role: role ?? null }
}

export async function withdraw(folder: DataFolder, house: string, withdrawn: Withdrawn, restores: boolean): Promise<string> {
  const { keys, directory } = await openHouse(folder, house, new Date())
  const issuer = house === HUB ? HUB : `authority:${house}`
  const url = house === HUB ? directory.hub.url : (directory.authority(issuer)?.url ?? '')
  const statement = await issueWithdrawal({ keys, issuer, now: new Date(), withdrawn, restores })
  const answer = await told(url, statement)
  const [error] = answer.errors ?? []
  if (error) throw new Refusal('BAD_REQUEST', error.message, { hint: error.extensions?.hint ?? 'See the log of the house.' })
  const what = 'token' in withdrawn ? `token ${withdrawn.token}` : `${withdrawn.subject} as ${withdrawn.role ?? 'any role'}`
  return restores ? `${house}: ${what} is good again` : `${house}: ${what} is withdrawn; open lines end within 5 seconds`
}

interface Answer { errors?: { message: string; extensions?: { hint?: string } }[] }

async function told(url: string, statement: string): Promise<Answer> {
  try {
    const { body } = await request(new URL(WITHDRAWALS_PATH, url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ statement }) })
    return (await body.json()) as Answer
  } catch { throw new Unavailable(`The house at ${url} does not answer. Start it, and say it again: a house that is down lets nobody in.`) }
}
