// One token of a house's built-in issuer.
import type { Role } from '../domain/vocabulary'
import { issueToken } from '../wire/tokens'
import { HUB, openHouse, type DataFolder } from './data-folder'

export async function tokenOf(folder: DataFolder, house: string, role: Role, subject: string, ttlSeconds: number): Promise<string> {
  const { keys } = await openHouse(folder, house, new Date())
  return issueToken({ keys, issuer: house === HUB ? HUB : `authority:${house}`, subject, role, ttlSeconds, now: new Date() })
}
