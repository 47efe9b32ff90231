// Editions of the register over plain HTTP: the secretariat's command hands in a whole set here, which may hold more than an operation of
// the public API. The right is the same, and so is every check.
import type { RegisterChange } from '../../resolvers/context'
import type { Identity } from '../door/door'
import { publishesRegister } from '../domain/viewer'
import { Refusal } from '../refusal'
import { answering, jsonBody, type ExchangeRoute } from './exchange-door'
import type { RegisterPublication } from './publication'

export interface RegisterDoorParts {
  identify: (authorization: string | undefined) => Promise<Pick<Identity, 'viewer'>>
  publication: RegisterPublication
  onFault: (error: unknown, requestId: string) => void
}

const FILES_AT_MOST = 2_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

export const registerRoute = ({ identify, publication, onFault }: RegisterDoorParts): ExchangeRoute => answering('POST', '/register/editions', onFault, async req => {
  const { viewer } = await identify(req.headers.authorization)
  if (!publishesRegister(viewer.role)) throw new Refusal('FORBIDDEN', 'Your role has no right to this.', { hint: 'Use a token with the role SECRETARIAT.' })
  return publication.publish(changeOf(await jsonBody(req)))
})

function changeOf(body: unknown): RegisterChange {
  const { expectedVersion, appliesFrom, files } = (body ?? {}) as Partial<RegisterChange>
  if (!Number.isSafeInteger(expectedVersion)) throw wrong('expectedVersion', 'a whole number')
  if (typeof appliesFrom !== 'string' || !DAY.test(appliesFrom)) throw wrong('appliesFrom', 'a day, YYYY-MM-DD')
  const sound = Array.isArray(files) && files.length <= FILES_AT_MOST && files.every(file => typeof file?.name === 'string' && typeof file.text === 'string')
  if (!sound) throw wrong('files', `a list of at most ${FILES_AT_MOST} objects with name and text`)
  return { expectedVersion: expectedVersion as number, appliesFrom, files: files.map(({ name, text }) => ({ name, text })) }
}

const wrong = (path: string, what: string): Refusal => new Refusal('BAD_USER_INPUT', `${path} has to be ${what}.`, { path })
