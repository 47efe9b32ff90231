// Queries on requests, and the fields of a request that its own node reads on demand.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, Info, Int, Query, Resolver } from 'type-graphql'
import { RequestOrderEnum } from '../schema/enums'
import { RequestFilter } from '../schema/filters'
import { Finding } from '../schema/finding'
import { StatusChangedConnection } from '../schema/feed'
import { Request, RequestConnection } from '../schema/request'
import { CursorScalar } from '../schema/scalars'
import { TimelineEvent } from '../schema/timeline'
import type { Finding as FindingRow } from '../src/domain/law/register'
import type { RequestOrder } from '../src/domain/vocabulary'
import { pageSize } from './bounds'
import type { Context } from './context'

@Resolver()
export class RequestResolver {
  @Query(() => Request, { nullable: true, description: 'One request as the store that decides it has it now; the own copy, marked stale, where that store cannot be reached. Null where it does not exist for the viewer.' })
  request(@Ctx() context: Context, @Arg('reference', () => String, { description: 'As given at the draft, `DE-2026-000123`.' }) reference: string, @Info() info: GraphQLResolveInfo): Promise<object | null> {
    return context.house.request(context, reference, info)
  }

  @Query(() => RequestConnection, { description: 'All requests to which the viewer\'s authority is a party, as the store that decides about each one has it now; the viewer\'s own copy stands in, marked stale, where that store cannot be reached. Newest activity first unless ordered otherwise. Empty for roles without right; AUTHORITY_UNREACHABLE where the viewer\'s own node cannot be reached.' })
  requests(
    @Ctx() context: Context,
    @Arg('filter', () => RequestFilter, { nullable: true, description: 'All given parts must fit.' }) filter: RequestFilter | null,
    @Arg('orderBy', () => RequestOrderEnum, { nullable: true, defaultValue: 'LAST_ACTIVITY', description: 'The order of the list.' }) orderBy: RequestOrder | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'Page size, 1 to 100 (SYSTEM: 500).' }) first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the row behind which the page begins; same filter and order.' }) after: string | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return context.house.requests(context, { filter: filter ?? null, orderBy: orderBy ?? 'LAST_ACTIVITY', first: pageSize(context, first ?? 20), after: after ?? null }, info)
  }

  @Query(() => StatusChangedConnection, { description: 'The past of `statusChanged`, oldest first, with the same cursors: what happened behind `after`. Without `after`, from the beginning. CURSOR_INVALID, CURSOR_EXPIRED where `after` is none, or what followed it is gone.' })
  statusChanges(
    @Ctx() context: Context,
    @Arg('filter', () => RequestFilter, { nullable: true, description: 'Judged on the state before and after; `dueBefore` and `updatedAfter` are refused.' }) filter: RequestFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'A feed\'s cursor.' }) after: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Page size, 1 to 100 (SYSTEM: 500).' }) first: number | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return context.house.statusChanges(context, { filter: filter ?? null, first: pageSize(context, first ?? 50), after: after ?? null }, info)
  }

  @Authorized('CHECK_DRAFT')
  @Query(() => [Finding], { description: 'All faults of a draft at once; changes nothing. Roles: OFFICIAL, VALIDATOR, SYSTEM. NOT_FOUND where the request does not exist for the viewer.' })
  checkDraft(@Ctx() context: Context, @Arg('reference', () => String, { description: 'The draft.' }) reference: string, @Info() info: GraphQLResolveInfo): Promise<readonly FindingRow[]> {
    return context.house.checkDraft(context, reference, info)
  }

  @Query(() => TimelineEvent, { nullable: true, description: 'One entry of a timeline by its cursor, from the viewer\'s own store. Null where it does not exist for the viewer; CURSOR_INVALID for a cursor that is none of a feed.' })
  timelineEvent(@Ctx() context: Context, @Arg('cursor', () => CursorScalar, { description: 'The cursor of the entry.' }) cursor: string, @Info() info: GraphQLResolveInfo): Promise<object | null> {
    return context.house.timelineEvent(context, cursor, info)
  }
}
