// Who asks, and which acts a role may take at all (operations.md, "Roles").
import { ACTS, BESIDE_ACTS, type Act, type Role } from './vocabulary'

export interface Viewer {
  readonly role: Role
  /** Authority id; null for PUBLIC and for the hub's own roles (OVERSIGHT, SECRETARIAT). */
  readonly authority: string | null
  /** The token's `sub`; null for PUBLIC. */
  readonly subject: string | null
  /** Epoch milliseconds at which the token or assertion ends; null for PUBLIC. */
  readonly expiresAt: number | null
  /** The token's `jti`; null for PUBLIC. */
  readonly token: string | null
  /** Name of the key under which the house that issued the token signed it. */
  readonly key?: string
  /** When the person signed in, epoch milliseconds; null where nothing says it. */
  readonly signedInAt: number | null
}

export const PUBLIC_VIEWER: Viewer = { role: 'PUBLIC', authority: null, subject: null, expiresAt: null, token: null, signedInAt: null }

const LIAISON_ACTS: readonly Act[] = ['ACKNOWLEDGE', 'REDIRECT', 'CHANGE_URGENCY', 'PUBLISH_CONTACT_POINT']
const OFFICIAL_ACTS: readonly Act[] = ACTS.filter(act => act !== 'VALIDATE' && act !== 'PUBLISH_CONTACT_POINT' && !(BESIDE_ACTS as readonly Act[]).includes(act))

const ACTS_OF_ROLE: Readonly<Record<Role, readonly Act[]>> = {
  PUBLIC: [], OFFICIAL: OFFICIAL_ACTS, VALIDATOR: ['VALIDATE'], LIAISON: LIAISON_ACTS, SYSTEM: OFFICIAL_ACTS, AUDITOR: [], OVERSIGHT: [], SECRETARIAT: [],
}

export const actsOfRole = (role: Role): readonly Act[] => ACTS_OF_ROLE[role]

/** Acts beside the status are no part of `actsOfRole`: what of them a side may take stands in fields of the request. */
export const takesBeside = (role: Role, act: string): boolean => (role === 'OFFICIAL' || role === 'SYSTEM') && (BESIDE_ACTS as readonly string[]).includes(act)

/** Roles that see the requests of their own authority. */
export const readsRequests = (role: Role): boolean => role === 'OFFICIAL' || role === 'VALIDATOR' || role === 'LIAISON' || role === 'SYSTEM'

/** Roles that may read what a request says: all that read requests, a LIAISON only where it is urgent. */
export const readsContent = (role: Role, urgency: string): boolean =>
  role === 'LIAISON' ? urgency === 'URGENT' || urgency === 'EMERGENCY' : readsRequests(role)

/** Roles that may publish the next edition of the register. */
export const publishesRegister = (role: Role): boolean => role === 'SECRETARIAT'

/** Roles that hand a shift over and take one. */
export const handsOver = (role: Role): boolean => role === 'LIAISON' || role === 'OFFICIAL'

/** Roles that read who read the own authority's dossiers. */
export const readsAccessLog = (role: Role): boolean => role === 'AUDITOR'

/** Acts that send or decide, for which an authority may ask its people for a fresh sign-in. A national case system signs nobody in. */
export const needsFreshSignIn = (role: Role, act: string): boolean => role !== 'SYSTEM' && ['SUBMIT', 'ACCEPT', 'REFUSE', 'DECIDE_FURTHER_USE'].includes(act)

/** Roles that may ask for all faults of a draft. */
export const checksDrafts = (role: Role): boolean => readsRequests(role) && role !== 'LIAISON'
