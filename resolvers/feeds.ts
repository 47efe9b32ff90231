// The four live feeds: a predicate over the ledger's lines each; the cursor of an event is its position, so resuming is reading on.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, FieldResolver, Info, Resolver, Root, Subscription } from 'type-graphql'
import { ContactPointChanged, StatusChanged, UrgentNotice } from '../schema/feed'
import { ContactPointFilter, RequestFilter } from '../schema/filters'
import { Request } from '../schema/request'
import { CursorScalar } from '../schema/scalars'
import { TimelineEvent } from '../schema/timeline'
import { letsThrough, type FeedLine, type RequestLine } from '../src/domain/feed'
import { Refusal } from '../src/refusal'
import type { Context, RequestFilterInput } from './context'
import { fits } from './duty'
import { feedFilter } from './feed-filter'

const AFTER = 'Resumes exclusively behind this cursor; without it the feed begins about when it is accepted.'

/** Lines turned into events; `null` passes over a line. Ends with the operation. */
async function* events(context: Context, after: string | null | undefined, eventOf: (line: FeedLine) => Promise<object | null> | object | null): AsyncGenerator<object> {
  for await (const line of context.house.feed(context, after ?? context.lastEventId ?? null, context.signal)) {
    const event = await eventOf(line)
    if (event) yield event
  }
}

const authorityOf = (context: Context): string => context.viewer.authority ?? ''

const countriesOf = (context: Context) => (countries: readonly string[]): string[] =>
  countries.map(country => context.house.authorities().find(profile => profile.country === country)?.id ?? `none:${country}`)

interface EventRoot { cursor: string; line: RequestLine }

@Resolver(() => StatusChanged)
export class StatusFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => StatusChanged, {
    description: 'Status changes of the requests that the viewer may see. Roles: those that read requests. CURSOR_INVALID, CURSOR_EXPIRED end the stream.',
    subscribe: ({ args, context }) => {
      const filter = feedFilter((args as { filter?: RequestFilterInput | null }).filter ?? null, countriesOf(context as Context))
      return events(context as Context, (args as { after?: string }).after, ({ cursor, request }) =>
        request?.statusChange && letsThrough(filter, request, authorityOf(context as Context)) ? { __typename: 'StatusChanged', ...request, cursor, line: request } : null)
    },
  })
  statusChanged(
    @Root() event: object,
    @Arg('filter', () => RequestFilter, { nullable: true, description: 'Judged on the state before and after; `dueBefore` and `updatedAfter` are refused with BAD_USER_INPUT.' }) _filter: RequestFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }

  @FieldResolver(() => Request, { description: 'The request when the event was sent: as of then or later.' })
  request(@Root() { line }: EventRoot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<object | null> { return context.house.eventRequest(context, line, info) }
}

@Resolver(() => UrgentNotice)
export class UrgentFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => UrgentNotice, {
    description: 'URGENT and EMERGENCY requests that reach the viewer\'s desk, their acknowledgements and escalations. Roles: those that read requests.',
    subscribe: ({ args, context }) => events(context as Context, (args as { after?: string }).after, ({ cursor, request }) =>
      request?.urgent ? { __typename: 'UrgentNotice', cursor, cause: request.urgent, at: request.at, respondBy: request.respondBy, line: request } : null),
  })
  urgentRequests(@Root() event: object, @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null): object { return event }

  @FieldResolver(() => Request, { description: 'The request when the notice was sent: as of then or later.' })
  request(@Root() { line }: EventRoot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<object | null> { return context.house.eventRequest(context, line, info) }
}

@Resolver()
export class TimelineFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => TimelineEvent, {
    description: 'Every entry, refusals of proposals and of delivery included; without `reference`, of every request that the viewer may see. NOT_FOUND for a reference that does not exist for the viewer.',
    subscribe: async ({ args, context, info }) => {
      const { reference, after } = args as { reference?: string | null; after?: string | null }
      if (reference) await demandVisible(context as Context, reference, info)
      return events(context as Context, after, line => (line.request && (!reference || line.request.reference === reference) ? (context as Context).house.eventEntry(context as Context, line, info) : null))
    },
  })
  requestTimeline(
    @Root() event: object,
    @Arg('reference', () => String, { nullable: true, description: 'One request; without it, all.' }) _reference: string | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }
}

async function demandVisible(context: Context, reference: string, info: GraphQLResolveInfo): Promise<void> {
  if (!(await context.house.exists(context, reference, info))) {
    throw new Refusal('NOT_FOUND', 'There is no such request for you.', { path: 'reference', hint: 'Check the reference; you see the requests to which your authority is a party.' })
  }
}

@Resolver(() => ContactPointChanged)
export class ContactFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => ContactPointChanged, {
    description: 'Contact points of all authorities, as they are published and retired. Roles: those that read requests.',
    subscribe: ({ args, context }) => {
      const { filter, after } = args as { filter?: ContactPointFilter | null; after?: string | null }
      return events(context as Context, after, async ({ cursor, contact }) => {
        const point = contact ? await (context as Context).house.eventContact(context as Context, contact) : null
        return point && contact && fits(context as Context, point, filter ?? null) ? { __typename: 'ContactPointChanged', cursor, contactPoint: point, retired: contact.retired } : null
      })
    },
  })
  contactPointChanged(
    @Root() event: object,
    @Arg('filter', () => ContactPointFilter, { nullable: true, description: 'All given parts must fit.' }) _filter: ContactPointFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null,
  ): object { return event }
}
