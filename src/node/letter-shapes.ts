// The shapes that a letter's body must have before it is looked at. Unknown optional fields are kept: they were signed.
import Ajv, { type JSONSchemaType, type ValidateFunction } from 'ajv'
import type { Fact, Proposal } from '../domain/request'
import { ACTS, DEADLINE_STATES, DECISION_RESULTS, ESCALATION_LEVELS, MATTERS, MEASURE_CODES, OBLIGATIONS, OVERLAYS, REQUEST_KINDS, REQUEST_RELATIONS, REQUEST_STATUSES, SIDES, SUB_STATES, TIMELINE_EVENT_TYPES, URGENCIES } from '../domain/vocabulary'
import type { ContactFact } from './entry'

const digest = { type: 'string', pattern: '^[0-9a-f]{64}$' }
const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' }
const short = { type: 'string', minLength: 1, maxLength: 200 }
const reference = { type: 'string', pattern: '^[A-Z]{2}-\\d{4}-\\d{6,12}$' }
const oneOf = (values: readonly string[]) => ({ type: 'string', enum: [...values] })
const version = { type: 'integer', minimum: 1, maximum: 1_000_000 }
const contents = { type: 'object', properties: { said: digest, dossier: digest, law: digest }, additionalProperties: false }

const index = {
  type: 'object', required: ['kind', 'matter', 'urgency', 'measures', 'requesting', 'requested'],
  properties: {
    kind: oneOf(REQUEST_KINDS), matter: oneOf(MATTERS), urgency: oneOf(URGENCIES), requesting: short, requested: short,
    measures: { type: 'array', items: oneOf(MEASURE_CODES), maxItems: 100 },
  },
}
const deadline = {
  type: 'object', required: ['obligation', 'of', 'dueAt', 'state', 'source'],
  properties: { obligation: oneOf(OBLIGATIONS), of: oneOf(SIDES), dueAt: instant, state: oneOf(DEADLINE_STATES), source: { type: 'string', maxLength: 500 }, pausedSince: { anyOf: [instant, { type: 'null' }] }, extension: { type: 'string', pattern: '^P(\\d{1,5}[YMWD]|T\\d{1,5}[HM])$' } },
}
const addressee = { type: 'object', required: ['level', 'authority', 'contact'], properties: { level: oneOf(ESCALATION_LEVELS), authority: short, contact: { anyOf: [short, { type: 'null' }] } } }
const beside = {
  type: 'object',
  properties: { subState: oneOf(SUB_STATES), on: instant, overlay: oneOf(OVERLAYS), asked: version, granted: { type: 'boolean' }, reviewOn: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, obligation: oneOf(OBLIGATIONS) },
}

const relations = { type: 'array', maxItems: 100, items: { type: 'object', required: ['reference', 'relation'], properties: { reference, relation: oneOf(REQUEST_RELATIONS) } } }

const factShape = {
  type: 'object', required: ['reference', 'type', 'act', 'by', 'at', 'from', 'to', 'version', 'contents', 'prev'],
  properties: {
    reference, type: oneOf(TIMELINE_EVENT_TYPES), act: { anyOf: [oneOf(ACTS), { type: 'null' }] }, by: oneOf(SIDES), at: instant,
    from: { anyOf: [oneOf(REQUEST_STATUSES), { type: 'null' }] }, to: oneOf(REQUEST_STATUSES), version, contents, prev: { anyOf: [digest, { type: 'null' }] },
    index, createdAt: instant, deadlines: { type: 'array', items: deadline, maxItems: 100 }, answers: short,
    urgency: { type: 'object', required: ['before', 'after'], properties: { before: oneOf(URGENCIES), after: oneOf(URGENCIES) } },
    refusal: { type: 'object', required: ['code'], properties: { code: short } }, decision: oneOf(DECISION_RESULTS), obligation: oneOf(OBLIGATIONS), addressee, beside, relations,
  },
}
const proposalShape = {
  type: 'object', required: ['id', 'reference', 'act', 'by', 'at', 'expectedVersion', 'contents'],
  properties: { id: short, reference, act: oneOf(ACTS), by: oneOf(SIDES), at: instant, expectedVersion: version, contents, urgency: oneOf(URGENCIES), beside, relations },
}
const contactShape = {
  type: 'object', required: ['id', 'authority', 'at', 'retired', 'contents'],
  properties: { id: short, authority: short, at: instant, retired: { type: 'boolean' }, contents: { ...contents, required: ['said'] } },
}

const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false })
const shape = <T>(schema: object): ValidateFunction<T> => ajv.compile<T>(schema as unknown as JSONSchemaType<T>)

export const isFact = shape<Fact>(factShape)
export const isProposal = shape<Proposal>(proposalShape)
export const isContactFact = shape<ContactFact>(contactShape)
