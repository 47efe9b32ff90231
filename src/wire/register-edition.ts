// An edition of the register as the hub signs it: the files of the whole set, and the day from which they apply. Knows no row.
import { Refusal } from '../refusal'
import { bytesOf } from './base64url'
import { canonical } from './canonical'
import type { Directory } from './directory'
import { payloadObject, verifyJws, type Signer } from './jws'

export interface RegisterEdition {
  version: number
  /** `YYYY-MM-DD`. */
  appliesFrom: string
  publishedAt: string
  /** Text by file name, as under seeds/register. */
  files: Record<string, string>
}

/** Characters of the whole as signed. */
export const EDITION_AT_MOST = 4 * 1024 * 1024
const DAY = /^\d{4}-\d{2}-\d{2}$/

export const signEdition = (signer: Signer, edition: RegisterEdition): Promise<string> => signer.sign('comity-register+jws', bytesOf(canonical(edition)))

/** Signed by the hub's own key as the directory lists it; whether the rows are sound, the reader checks itself. */
export async function openEdition(jws: string, directory: Directory): Promise<RegisterEdition> {
  const { payload } = await verifyJws(jws, {
    typ: 'comity-register+jws', atMost: EDITION_AT_MOST,
    key: kid => {
      const listed = directory.key(kid, 'sign')
      return listed?.owner === 'hub' ? listed : null
    },
  })
  const edition: unknown = payloadObject(payload, EDITION_AT_MOST)
  if (isEdition(edition)) return edition
  throw new Refusal('BAD_REQUEST', 'This edition of the register is signed, but none.', { hint: 'Have the secretariat publish it again.' })
}

function isEdition(value: unknown): value is RegisterEdition {
  const { version, appliesFrom, publishedAt, files } = value as Partial<RegisterEdition>
  return Number.isSafeInteger(version) && typeof appliesFrom === 'string' && DAY.test(appliesFrom) && typeof publishedAt === 'string'
    && typeof files === 'object' && files !== null && Object.values(files).every(text => typeof text === 'string')
}
