// The hub's schema: types whose values nodes give are read by the client's aliases, and the request of an event is read where it is decided.
import { defaultFieldResolver, isObjectType, type GraphQLField, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql'
import type { Context } from '../../resolvers/context'
import type { HubHouse } from './house'
import { answeredKey, remoteFieldResolver, type RemoteObject, type RowOfPage } from './remote'

const PART_NAMES = [
  'Attachment', 'AttachedDocument', 'Validation', 'LegalEntity', 'Asset', 'Sentence', 'PersonConsent', 'ProvisionalArrest', 'Assurance', 'DocumentToServe', 'Hearing',
  'CustodyTransfer', 'InvestigationTeam', 'InfoOffered', 'CivilCase', 'NoticeToPerson', 'Translation', 'RelatedRequest',
]

const REMOTE_TYPES: readonly string[] = [
  'Request', 'RequestLaw', 'RequestOrigin', 'PendingAct', 'CitedBasis', 'Deadline', 'TimelineConnection', 'TimelineEdge', 'TimelineEvent', 'ActRefusal', 'Acknowledgement',
  'InformationWanted', 'Supplement', 'ScopeProposal', 'ScopeAnswer', 'Decision', 'DualCriminalityFinding', 'ConditionsAnswer', 'Postponement', 'Redirection', 'UrgencyChange', 'ResultsReported',
  'Reason', 'ConsultationAsked', 'ConsultationAnswered', 'ConsultationEntry', 'RequestLink', 'SubStateRecorded', 'OverlayChange', 'FurtherUseAsked', 'FurtherUseDecided', 'SafeguardTriggered', 'LimitExtended', 'PersonNotice', 'OverlayMark', 'Escalation', 'FurtherUse', 'ResultItem', 'Dossier', 'Offence', 'Person', 'Identifier', 'TimeWindow', 'Preservation', 'Proportionality', ...PART_NAMES, 'StatusChanged', 'StatusChangedConnection',
  'StatusChangedEdge', 'HandOver', 'HandOverItem', 'PromisedAction', 'HandOverPayload', 'AccessConnection', 'AccessEdge', 'AccessEntry', 'RequestPayload', 'ContactPointPayload', 'Finding', 'PageInfo',
]
/** Read by alias where a node gave them, resolved here where the hub did: rows of the register that a request shows as they stood, the addressee of a notice. */
const EITHER_TYPES: readonly string[] = ['Addressee', 'LegalBasis', 'Treaty', 'TreatyParty', 'TreatyStatement', 'TimeLimit', 'DualCriminalityTest']
const EVENT_TYPES: readonly string[] = ['StatusChanged', 'TimelineEvent']

export function readRemotely(schema: GraphQLSchema): GraphQLSchema {
  for (const name of REMOTE_TYPES) {
    const type = schema.getType(name)
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) field.resolve = remoteFieldResolver as typeof field.resolve
    const request = type.getFields()['request']
    if (request && EVENT_TYPES.includes(name)) request.resolve = requestOfEvent
  }
  readRows(schema)
  for (const name of EITHER_TYPES) {
    const type = schema.getType(name)
    for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) field.resolve = eitherWay(field.resolve ?? defaultFieldResolver)
  }
  return schema
}

/** Rows of a page are read by the selection that they stand in. */
function readRows(schema: GraphQLSchema): void {
  const fieldOf = (type: string, name: string) => (schema.getType(type) as GraphQLObjectType).getFields()[name] as GraphQLField<unknown, unknown>
  fieldOf('RequestConnection', 'nodes').resolve = (({ nodes }: { nodes: RowOfPage[] }, _, __, { path }) => nodes.map(row => row.at(String(path.key)))) as GraphQLFieldResolver<unknown, unknown>
  fieldOf('RequestEdge', 'node').resolve = (({ node }: { node: RowOfPage }, _, __, { path }) => node.at(`${path.prev?.prev?.key}.${path.key}`)) as GraphQLFieldResolver<unknown, unknown>
}

const eitherWays = new WeakMap<object, GraphQLFieldResolver<unknown, unknown>>()

/** How the hub resolves itself what it reads by alias where a node gave it; undefined for all else. */
export const ownOfEither = (resolve: object): GraphQLFieldResolver<unknown, unknown> | undefined => eitherWays.get(resolve)

function eitherWay(own: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
  const resolve: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) =>
    (typeof source === 'object' && source !== null && answeredKey(info) in source ? remoteFieldResolver(source as RemoteObject, args, context, info) : own(source, args, context, info))
  eitherWays.set(resolve, own)
  return resolve
}

function requestOfEvent(source: RemoteObject, _: unknown, context: Context, info: GraphQLResolveInfo): Promise<object> {
  const told = (source[answeredKey(info)] ?? source['line']) as { reference: string }
  return (context.house as HubHouse).eventRequest(context, told, info)
}
