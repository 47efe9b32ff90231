// Who stays connected under a token whose key has ended, was revoked, or stands in no directory that holds.
import type { Viewer } from '../domain/viewer'
import type { Directory } from '../wire/directory'
import { keyStands } from '../wire/tokens'

type Withdrawn = (viewers: readonly Viewer[]) => Promise<ReadonlySet<Viewer>>

/** Those whose right was taken back, and those whose key was. */
export const orKeyLost = (withdrawn: Withdrawn, directory: () => Directory, now: () => Date): Withdrawn => async viewers => {
  const lost = viewers.filter(({ key }) => key !== undefined && !keyStands(key, directory, now()))
  return new Set([...lost, ...(await withdrawn(viewers.filter(viewer => !lost.includes(viewer))))])
}
