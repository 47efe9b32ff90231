// What one entry of a node's ledger holds. No free text: what was said lies in content documents, by salted digest.
import type { RelatedRequest } from '../domain/dossier-parts'
import type { AuthorityId, Digest, Fact, Proposal, Reference } from '../domain/request'
import type { RequestKind, RequestStatus, Urgency } from '../domain/vocabulary'
import type { Chained, EntryDraft } from '../ledger/ledger'
import type { LogEntry } from '../store/store'
import { canonical, sha256Hex } from '../wire/canonical'

/** The clear index of a request before and after an entry: all that a feed's filter needs. */
export interface EventIndex {
  kind: RequestKind
  requesting: AuthorityId
  requested: AuthorityId
  before: { status: RequestStatus; urgency: Urgency } | null
  after: { status: RequestStatus; urgency: Urgency }
  /** Earliest running deadline after the entry. */
  respondBy: string | null
}

export interface LetterOrigin { authority: AuthorityId; n: number; id: string; digest: Digest }

/** A contact point published or retired; its texts and channels lie in the content document `said`. */
export interface ContactFact {
  id: string
  authority: AuthorityId
  at: string
  retired: boolean
  contents: { said: Digest }
}

/** A shift handed over, or that hand-over taken; own store only. Its words lie in the content document `said`. */
export interface HandOverFact { id: string; contact: string; at: string; state: 'LEFT' | 'ACKNOWLEDGED'; /** ACKNOWLEDGED: when it was left, and the content that names who left it. */ left?: { at: string; by: Digest }; contents: { said: Digest } }

export interface EntryBody extends Chained {
  kind: 'act' | 'received' | 'proposal' | 'rejected' | 'contact' | 'contact-received' | 'hand-over'
  fact?: Fact
  proposal?: Proposal
  contact?: ContactFact
  handOver?: HandOverFact
  /** Why a letter was rejected: a code. */
  reason?: string
  /** The letter that this entry came with. */
  from?: LetterOrigin
  /** The letters that this entry makes: recipient → number, gapless for each recipient. */
  to?: Record<AuthorityId, number>
  /** Idempotency: digest of mutation and key, digest of the whole input. */
  key?: { name: Digest; input: Digest }
  /** All requests that the act names as related; own store only. */
  relations?: RelatedRequest[]
  /** Content document that names the subject that acted; own store only. */
  actor?: Digest
  index?: EventIndex
}

export type Entry = LogEntry<EntryBody>
export type NodeEntryDraft = EntryDraft<EntryBody>

export const digestOf = (value: unknown): Digest => sha256Hex(canonical(value))

export const letterKey = (authority: AuthorityId, n: number): string => `${authority}/${String(n).padStart(10, '0')}`

export const entryReference = (entry: Entry): Reference | null => entry.body.fact?.reference ?? entry.body.proposal?.reference ?? null
