// The four live feeds: a predicate over the ledger's lines each; the cursor of an event is its position, so resuming is reading on.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, FieldResolver, Info, Resolver, Root, Subscription } from 'type-graphql'
import { ContactPointChanged, StatusChanged, UrgentNotice } from '../schema/feed'
import { ContactPointFilter, RequestFilter } from '../schema/filters'
import { Request } from '../schema/request'
import { CursorScalar } from '../schema/scalars'
import { TimelineEvent } from '../schema/timeline'
import { filterKeys, keyOfReference, letsThrough, type RequestLine } from '../src/domain/feed'
import { noSuchRequest } from '../src/refusal'
import { demandWithin } from './bounds'
import type { ContactPointRow, Context, FeedQuestion, RequestFilterInput } from './context'
import { addresseeView, fits } from './duty'
import { feedFilter } from './feed-filter'

export const AFTER = 'Resumes exclusively behind this cursor; without it the feed begins about when it is accepted.'

/** `after`, or where `Last-Event-ID` resumes. */
export const feed = (context: unknown, args: { after?: string | null }, question: FeedQuestion): AsyncIterable<never> => {
  const { house, lastEventId } = context as Context
  return house.feed(context as Context, question, args.after ?? lastEventId ?? null)
}

const countriesOf = (context: Context) => (countries: readonly string[]): string[] =>
  countries.map(country => context.house.authorities().find(profile => profile.country === country)?.id ?? `none:${country}`)

interface EventRoot { cursor: string; line: RequestLine }

@Resolver(() => StatusChanged)
export class StatusFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => StatusChanged, {
    description: 'Status changes of the requests that the viewer may see. Roles: those that read requests. CURSOR_INVALID, CURSOR_EXPIRED end the stream.',
    subscribe: async ({ args, context }) => {
      const asked = (args as { filter?: RequestFilterInput | null }).filter ?? null
      if (asked) await demandWithin(Object.assign(new RequestFilter(), asked), 'filter')
      const filter = feedFilter(asked, countriesOf(context as Context))
      const own = (context as Context).viewer.authority ?? ''
      return feed(context, args, {
        filter: JSON.stringify(filter),
        get keys() { return filterKeys(filter) },
        accepts: ({ request }) => request?.statusChange === true && letsThrough(filter, request, own),
        root: (_, { cursor, request }) => ({ __typename: 'StatusChanged', ...request, cursor, line: request }),
      })
    },
  })
  statusChanged(
    @Root() event: object,
    @Arg('filter', () => RequestFilter, { nullable: true, description: 'Judged on the state before and after; `dueBefore` and `updatedAfter` are refused with BAD_USER_INPUT.' }) _filter: RequestFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }

  @FieldResolver(() => Request, { description: 'The request when the event was sent: as of then or later.' })
  request(@Root() { line }: EventRoot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<object> { return context.house.eventRequest(context, line, info) }
}

@Resolver(() => UrgentNotice)
export class UrgentFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => UrgentNotice, {
    description: 'URGENT and EMERGENCY requests that reach the viewer\'s desk, their acknowledgements and escalations. Roles: those that read requests.',
    subscribe: ({ args, context }) => feed(context, args, {
      filter: '', keys: ['urgent'],
      accepts: ({ request }) => Boolean(request?.urgent),
      root: (_, { seq, cursor, request }) => ({ __typename: 'UrgentNotice', cursor, cause: request?.urgent, at: request?.at, respondBy: request?.respondBy, addressee: addresseeView(request?.addressee), line: request, place: { seq, cursor } }),
    }),
  })
  urgentRequests(@Root() event: object, @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null): object { return event }

  @FieldResolver(() => String, { nullable: true })
  reason(@Root() { line, place }: EventRoot & { place: { seq: number; cursor: string } }, @Ctx() context: Context): Promise<string | null> {
    return line.urgent === 'RAISED' || line.urgent === 'LOWERED' ? context.house.eventReason(context, place) : Promise.resolve(null)
  }

  @FieldResolver(() => Request, { description: 'The request when the notice was sent: as of then or later.' })
  request(@Root() { line }: EventRoot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<object> { return context.house.eventRequest(context, line, info) }
}

@Resolver()
export class TimelineFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => TimelineEvent, {
    description: 'Every entry, refusals of proposals and of delivery included; without `reference`, of every request that the viewer may see. NOT_FOUND for a reference that does not exist for the viewer.',
    subscribe: async ({ args, context, info }) => {
      const { reference, after } = args as { reference?: string | null; after?: string | null }
      if (reference) await demandVisible(context as Context, reference, info)
      return feed(context, { after: after ?? null }, {
        filter: reference ?? '', keys: [reference ? keyOfReference(reference) : 'request'],
        accepts: ({ request }) => request !== undefined && (!reference || request.reference === reference),
        root: (reading, line) => reading.house.eventEntry(reading, line, info),
      })
    },
  })
  requestTimeline(
    @Root() event: object,
    @Arg('reference', () => String, { nullable: true, description: 'One request; without it, all.' }) _reference: string | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }
}

async function demandVisible(context: Context, reference: string, info: GraphQLResolveInfo): Promise<void> {
  if (!(await context.house.exists(context, reference, info))) throw noSuchRequest('reference')
}

@Resolver(() => ContactPointChanged)
export class ContactFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => ContactPointChanged, {
    description: 'Contact points of all authorities, as they are published and retired. Roles: those that read requests.',
    subscribe: async ({ args, context }) => {
      const { filter, after } = args as { filter?: ContactPointFilter | null; after?: string | null }
      if (filter) await demandWithin(Object.assign(new ContactPointFilter(), filter), 'filter')
      return feed(context, { after: after ?? null }, {
        filter: JSON.stringify(filter ?? null), keys: ['contact'],
        accepts: ({ contact }) => contact !== undefined,
        root: async (reading, { cursor, contact }) => {
          const point = contact ? await reading.house.eventContact(reading, contact) : null
          return point && contact ? { __typename: 'ContactPointChanged', cursor, contactPoint: point, retired: contact.retired } : null
        },
        passes: (reading, root) => fits(reading, (root as ContactPointChanged & { contactPoint: ContactPointRow }).contactPoint, filter ?? null),
      })
    },
  })
  contactPointChanged(
    @Root() event: object,
    @Arg('filter', () => ContactPointFilter, { nullable: true, description: 'All given parts must fit.' }) _filter: ContactPointFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }
}
