// Contact points: the own authority's, published and retired by its liaison desk, and the copies that partners' letters brought.
import type { Shift } from '../domain/duty'
import type { AuthorityId } from '../domain/request'
import { actsOfRole, type Viewer } from '../domain/viewer'
import type { EscalationLevel, RequestKind } from '../domain/vocabulary'
import { Refusal } from '../refusal'
import type { ContactFact } from './entry'
import { sealActor } from './acts'
import { numbered } from './append'
import type { Contents } from './contents'
import type { NodeDocket } from './docket'
import type { ContactRecord } from './fold'
import type { Work } from './work'

/** What a contact point says; the content document of its entry. */
export interface ContactSaid {
  function: string
  channels: { kind: string; address: string }[]
  languages: string[]
  roundTheClock: boolean
  competences: RequestKind[]
  reviewBy: string
  /** Absent in contact points from before there were rosters. */
  shifts?: Shift[]
  level?: EscalationLevel
  rank?: number
  reason?: string | null
}

export interface ContactPoint extends ContactSaid { id: string; authority: AuthorityId; retired: boolean }

export class ContactPoints {
  constructor(private readonly docket: NodeDocket, private readonly contents: Contents) {}

  /** Those in force, of one authority or of all. */
  async list(authority: AuthorityId | null): Promise<ContactPoint[]> {
    const records = await this.docket.contactList()
    return this.#read(records.filter(({ contact }) => !contact.retired && (authority === null || contact.authority === authority)))
  }

  async get(id: string): Promise<ContactPoint | null> {
    const record = await this.docket.contacts.get(id)
    return record ? ((await this.#read([record]))[0] ?? null) : null
  }

  async #read(records: readonly ContactRecord[]): Promise<ContactPoint[]> {
    const said = await this.contents.readMany<ContactSaid>(records.map(({ contact }) => contact.contents.said))
    return records.flatMap(({ contact }) => {
      const words = said.get(contact.contents.said)
      return words ? [{ ...words, id: contact.id, authority: contact.authority, retired: contact.retired }] : []
    })
  }
}

/** Publishes a new contact point, or a new text of a known one. All authorities get it as a letter. */
export function publishContactPoint(work: Work, viewer: Viewer, partners: readonly AuthorityId[], id: string | null, said: ContactSaid, freshId: string): string {
  demandPublisher(viewer)
  if (id !== null) ownContact(work, id)
  const contactId = id ?? freshId
  append(work, viewer, partners, contactId, said, false)
  return contactId
}

export function retireContactPoint(work: Work, viewer: Viewer, partners: readonly AuthorityId[], id: string, reason: string | null): void {
  demandPublisher(viewer)
  const known = ownContact(work, id)
  const said = work.content<ContactSaid>(known.contents.said)
  if (said) append(work, viewer, partners, id, { ...said, reason }, true)
}

function append(work: Work, viewer: Viewer, partners: readonly AuthorityId[], id: string, said: ContactSaid, retired: boolean): void {
  const contact: ContactFact = { id, authority: work.own, at: work.now, retired, contents: { said: work.fresh.seal(said) } }
  work.append({ ref: id, body: { kind: 'contact', at: work.now, contact, to: numbered(work, partners), actor: sealActor(work, viewer) } })
}

export function ownContact(work: Work, id: string, path = 'input.id'): ContactFact {
  const known = work.contact(id)?.contact
  if (known && known.authority === work.own && !known.retired) return known
  throw new Refusal('NOT_FOUND', 'Your authority has no such contact point.', { path, hint: 'List your contact points with contactPoints(filter: { jurisdictions: [...] }).' })
}

function demandPublisher(viewer: Viewer): void {
  if (!actsOfRole(viewer.role).includes('PUBLISH_CONTACT_POINT')) throw new Refusal('FORBIDDEN', 'Contact points are published by the liaison desk.', { hint: 'Use a token with the role LIAISON.' })
}

export const contactId = (country: string, uuid: string): string => `contact:${country}:${uuid}`
