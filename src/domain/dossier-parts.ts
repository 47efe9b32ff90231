// The parts of a dossier that single kinds need: who signed, what is to be frozen, served, heard, whom to hand over. Pure types;
// every part may be missing until `checkDraft` asks for it. Days are `YYYY-MM-DD`, instants RFC 3339 UTC.
import type { NoticeTime, RequestRelation, ServiceMethod } from './vocabulary'

/** A document that is attached: `sha256` names it among the attachments. */
export interface AttachedDocument { label: string; issuedBy: string; issuedOn: string; certified?: boolean | null; sha256: string }

export interface Attachment { label: string; mediaType: string; bytes: number; sha256: string }
export interface Validation { authority: string; on: string }
export interface LegalEntity { name: string; registerNumber?: string | null; seat?: string | null }
export interface Asset { kind: string; description: string; location?: string | null; value?: number | null; currency?: string | null; holder?: string | null; orderSha256?: string | null }
/** `endsOn` null: no last day is set. */
export interface Sentence { length: string; served?: string | null; endsOn?: string | null; final: boolean }
export interface PersonConsent { given: boolean; on?: string | null; document?: AttachedDocument | null }
export interface ProvisionalArrest { requested: boolean; arrestedOn?: string | null }
export interface Assurance { code: string; text: string }
export interface DocumentToServe { title: string; summary: string; actBy?: string | null; method?: ServiceMethod | null; specialMethod?: string | null; sha256?: string | null }
export interface Hearing {
  from: string; to: string; technicalMeans: string; questions?: string[] | null; oath?: string | null; interpreter?: string | null; lawApplied?: string | null
}
export interface CustodyTransfer { person: string; from: string; returnOn: string; terms?: string | null }
export interface InvestigationTeam {
  parties: string[]; purpose: string; from: string; until: string; leader: string; members: string[]; powers: string; evidenceRule: string; disclosure?: string | null
}
export interface InfoOffered { content: string; conditionsOfUse?: string[] | null; answerBy?: string | null }
export interface CivilCase { court: string; parties: string[]; counsel?: string[] | null; claim: string; privilege?: string | null }
export interface NoticeToPerson { when: NoticeTime; reason?: string | null; reviewOn?: string | null }
export interface Translation { language: string; certified: boolean; translator?: string | null; sha256?: string | null }
export interface RelatedRequest { reference: string; relation: RequestRelation }

export interface DossierParts {
  validation?: Validation | null; warrant?: AttachedDocument | null; order?: AttachedDocument | null; attachments?: Attachment[] | null
  legalEntities?: LegalEntity[] | null; assets?: Asset[] | null
  sentence?: Sentence | null; personConsent?: PersonConsent | null; provisionalArrest?: ProvisionalArrest | null; assurances?: Assurance[] | null
  documentsToServe?: DocumentToServe[] | null; hearing?: Hearing | null; custodyTransfer?: CustodyTransfer | null
  investigationTeam?: InvestigationTeam | null; infoOffered?: InfoOffered | null; civilCase?: CivilCase | null
  presenceOfOfficials?: string | null; confidentialityReason?: string | null; noticeToPerson?: NoticeToPerson | null; retentionBasis?: string | null
  sensitivity?: string[] | null; translations?: Translation[] | null; relatedRequests?: RelatedRequest[] | null; remedies?: string | null; costs?: string | null
}
