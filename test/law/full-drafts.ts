// Of every kind a draft that fills every field that its form has, and still breaks no rule.
import type { Draft } from '../../src/domain/law/findings'
import { fieldsOf } from '../../src/domain/law/template'
import { isMissing, valueAt } from '../../src/domain/law/draft-paths'
import type { Register } from '../../src/domain/law/register'
import type { Dossier } from '../../src/domain/request'
import { REQUEST_KINDS, type MeasureCode, type RequestKind } from '../../src/domain/vocabulary'
import { COMPLETE } from './drafts'

export const RELATED = 'DE-2026-000001'
const digest = 'd'.repeat(64)
const document = { label: 'Record', issuedBy: 'Regional court', issuedOn: '2026-06-12', certified: true, sha256: digest }
const whole = COMPLETE.EVIDENCE.dossier

/** What a field says where the complete draft leaves it out. */
const SAID: Readonly<Record<string, unknown>> = {
  'dossier.facts': whole.facts, 'dossier.nexus': whole.nexus, 'dossier.offences': whole.offences, 'dossier.persons': whole.persons, 'dossier.stage': whole.stage, 'dossier.proportionality': whole.proportionality,
  'dossier.urgencyGround': 'He is released tomorrow.', 'dossier.neededBy': '2026-12-01T09:00:00.000Z', 'dossier.emergencyStatement': 'A child will be killed unless it is found.',
  'dossier.identifiers': whole.identifiers, 'dossier.custodian': 'Provider', 'dossier.dataClasses': ['CONTENT'], 'dossier.timeWindow': whole.timeWindow,
  'dossier.preservation': { until: '2027-01-23' }, 'dossier.preservation.reference': 'DE-2026-000001', 'dossier.formalities': ['Two witnesses'], 'dossier.dualCriminalityStatement': 'Theft is an offence in both states.',
  'dossier.validation': { authority: 'Investigating judge', on: '2026-11-20' }, 'dossier.legalEntities': [{ name: 'Example Inc.', registerNumber: 'HRB 1', seat: 'Hamburg' }],
  'dossier.assets': [{ kind: 'CASH', description: 'Notes', location: 'Safe', value: 1000, currency: 'EUR', holder: 'A. Example', orderSha256: digest }], 'dossier.warrant': document,
  'dossier.sentence': { length: 'P5Y', served: 'P17M', endsOn: '2030-06-11', final: true }, 'dossier.provisionalArrest': { requested: true, arrestedOn: '2026-11-20' },
  'dossier.personConsent': { given: true, on: '2026-10-01', document }, 'dossier.assurances': [{ code: 'SPECIALITY', text: 'He will be tried for these facts alone.' }],
  'dossier.hearing': { from: '2027-01-11T09:00:00.000Z', to: '2027-01-22T16:00:00.000Z', technicalMeans: 'H.323', interpreter: 'de' }, 'dossier.custodyTransfer': { person: 'A. Example', from: '2027-01-11', returnOn: '2027-02-11' },
  'dossier.civilCase': { court: 'Regional court', parties: ['F. Example'], counsel: ['H. Example'], claim: 'Damages' }, 'dossier.presenceOfOfficials': 'Two investigators',
  'dossier.confidentialityReason': 'He would destroy the rest.', 'dossier.noticeToPerson': { when: 'DEFERRED', reason: 'He would destroy the rest.', reviewOn: '2027-02-01' }, 'dossier.retentionBasis': 'Section 489',
  'dossier.sensitivity': ['MEDICAL'], 'dossier.translations': [{ language: 'en', certified: true, sha256: digest }], 'dossier.relatedRequests': [{ reference: RELATED, relation: 'PARALLEL' }],
  'dossier.remedies': 'Complaint to the regional court.', 'dossier.costs': 'Each state bears its own.', 'dossier.useRestrictions': ['USE_ONLY_FOR_CASE'], 'dossier.retainUntil': '2036-12-31',
}
const MEASURES: Partial<Record<RequestKind, MeasureCode[]>> = { TRANSFER_OF_SENTENCED_PERSON: ['TRANSIT'], JOINT_INVESTIGATION_TEAM: ['DOCUMENTS'] }

/** The draft with a value at a path; without one, where `value` is undefined. */
export function at(draft: Draft, path: string, value: unknown): Draft {
  const copy = structuredClone(draft), steps = path.split('.'), last = steps.pop() ?? ''
  const holder = steps.reduce<Record<string, unknown>>((part, step) => part[step] as Record<string, unknown>, copy as unknown as Record<string, unknown>)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return copy
}

/** What the complete draft says goes first; parts that it leaves out are filled. */
function together(said: unknown, own: unknown): unknown {
  if (isMissing(own)) return said
  const isPart = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
  return isPart(said) && isPart(own) ? { ...said, ...own } : own
}

function full(register: Register, kind: RequestKind): Draft {
  const draft = { ...COMPLETE[kind], measures: MEASURES[kind] ?? COMPLETE[kind].measures }
  const filled = fieldsOf(register, kind).filter(({ row, presence }) => presence !== 'UNUSED' && row.path.startsWith('dossier.') && row.path !== 'dossier.attachments')
    .reduce((made, { row: { path } }) => at(made, path, together(SAID[path], valueAt(made, path))), draft as Draft)
  return at(filled, 'dossier.attachments', [...(draft.dossier.attachments ?? []), { label: 'Record', mediaType: 'application/pdf', bytes: 48_211, sha256: digest }] satisfies Dossier['attachments'])
}

export const fullDrafts = (register: Register): Readonly<Record<RequestKind, Draft>> =>
  Object.fromEntries(REQUEST_KINDS.map(kind => [kind, full(register, kind)])) as Record<RequestKind, Draft>
