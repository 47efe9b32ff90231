// Who read what requests say, for the auditor of the authority whose node it was.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, Info, Int, Query, Resolver } from 'type-graphql'
import { AccessConnection } from '../schema/access-log'
import { CursorScalar } from '../schema/scalars'
import { pageSize } from './bounds'
import type { Context } from './context'

@Resolver()
export class AccessLogResolver {
  @Authorized('READ_ACCESS_LOG')
  @Query(() => AccessConnection, { description: 'Every operation that read what a request says at the node of the viewer\'s authority, oldest first: who, which, when. Role: AUDITOR. FORBIDDEN for all others; AUTHORITY_UNREACHABLE where the node cannot be reached.' })
  accessLog(
    @Ctx() context: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Page size, 1 to 100.' }) first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last row of the page before.' }) after: string | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return context.house.accessLog(context, { first: pageSize(context, first ?? 50), after: after ?? null }, info)
  }
}
