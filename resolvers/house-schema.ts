// The one schema of both houses: TypeGraphQL classes and resolvers, joined by graphql-tools. The printed SDL is the contract, reviewed as a diff.
import 'reflect-metadata'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { lexicographicSortSchema, printSchema, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql'
import { buildSchemaSync, getMetadataStorage } from 'type-graphql'
import { actsOfRole, checksDrafts, handsOver, publishesRegister, readsAccessLog, readsRequests, takesBeside } from '../src/domain/viewer'
import type { Act } from '../src/domain/vocabulary'
import { Refusal } from '../src/refusal'
import { AccessLogResolver } from './access-log'
import { ActResolver } from './acts'
import { BesideResolver } from './beside-acts'
import { demandBounds } from './bounds'
import { AddresseeResolver, HandOverFeedResolver, HandOverResolver } from './hand-overs'
import { ContactPointResolver, PartnerResolver } from './contact-points'
import type { Context } from './context'
import { AuthorityResolver, JurisdictionResolver } from './directory'
import { ContactFeedResolver, StatusFeedResolver, TimelineFeedResolver, UrgentFeedResolver } from './feeds'
import { RegisterResolver, TimeLimitResolver } from './register'
import { RegisterEditionResolver } from './register-editions'
import { RequestFieldResolver, TimelineFieldResolver } from './request-fields'
import { RequestResolver } from './requests'
import { ViewerResolver } from './viewer'

const RESOLVERS = [
  ViewerResolver, JurisdictionResolver, AuthorityResolver, ContactPointResolver, PartnerResolver, RegisterResolver, TimeLimitResolver, RegisterEditionResolver, RequestResolver, RequestFieldResolver, TimelineFieldResolver,
  AccessLogResolver, ActResolver, BesideResolver, StatusFeedResolver, UrgentFeedResolver, TimelineFeedResolver, ContactFeedResolver, AddresseeResolver, HandOverResolver, HandOverFeedResolver,
] as const

/** The right that an operation names: an act, CHECK_DRAFT, SUBSCRIBE, HAND_OVER, READ_ACCESS_LOG or PUBLISH_REGISTER. The same for every row. */
function mayDo({ viewer }: Context, [right = '']: readonly string[]): boolean {
  if (right === 'SUBSCRIBE') return readsRequests(viewer.role)
  if (right === 'HAND_OVER') return handsOver(viewer.role)
  if (right === 'CHECK_DRAFT') return checksDrafts(viewer.role)
  if (right === 'READ_ACCESS_LOG') return readsAccessLog(viewer.role)
  if (right === 'PUBLISH_REGISTER') return publishesRegister(viewer.role)
  return actsOfRole(viewer.role).includes(right as Act) || takesBeside(viewer.role, right)
}

export function houseSchema(): GraphQLSchema {
  // What has no resolver of its own is read as it stands.
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers = true
  const schema = buildSchemaSync({
    resolvers: [...RESOLVERS],
    // That the schema is sound is shown where its text is compared, not at each start.
    skipCheck: true,
    validateFn: (value, type, data) => demandBounds(value, type, data as { info: GraphQLResolveInfo }),
    authChecker: ({ context }, rights) => {
      if (mayDo(context as Context, rights)) return true
      throw new Refusal('FORBIDDEN', 'Your role has no right to this.', { hint: 'See `viewer { role acts }`; use a token with a role that may.' })
    },
    // Every subscription brings its own `subscribe`; type-graphql asks for a bus all the same.
    pubSub: { publish: () => undefined, subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true as const, value: undefined }) }) }) } as never,
  })
  // Taken as it is: to print it, read it and join it to its resolvers anew would be an eighth of a house's start.
  return makeExecutableSchema({ typeDefs: schema, updateResolversInPlace: true })
}

const printed = new WeakMap<GraphQLSchema, string>()

export function printedSdl(schema: GraphQLSchema): string {
  const sdl = printed.get(schema) ?? `${printSchema(lexicographicSortSchema(schema))}\n`
  printed.set(schema, sdl)
  return sdl
}
