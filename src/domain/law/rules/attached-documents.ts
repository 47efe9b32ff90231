// A document that a part names by its digest is among the attachments.
import { partsAt } from '../draft-paths'
import { faultAt, type Rule } from '../draft-check'
import { fieldsOf } from '../template'

export const attachedDocuments: Rule = ({ register, draft }) => {
  const attached = new Set((draft.dossier.attachments ?? []).map(each => each.sha256))
  // Where none is attached and some must be, that is missed already.
  if (attached.size === 0 && fieldsOf(register, draft.kind).some(({ row, presence }) => row.path === 'dossier.attachments' && presence === 'MANDATORY')) return []
  return fieldsOf(register, draft.kind).flatMap(({ row }) => (row.documents ?? []).flatMap(at => partsAt(draft, row.path + at)))
    .filter(({ value }) => typeof value === 'string' && !attached.has(value))
    .map(({ path }) => faultAt(path, 'DOCUMENT_NOT_ATTACHED', 'No attachment has this digest.', 'Attach the document, or correct the digest.', null))
}
