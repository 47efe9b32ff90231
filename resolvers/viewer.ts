// Who asks, and anything by its global id.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql'
import { Node } from '../schema/node'
import { Viewer } from '../schema/viewer'
import { actsOfRole } from '../src/domain/viewer'
import type { Context } from './context'
import { treatyView } from './law-views'

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who the caller is: authority, role, what it may do. Anonymous callers get role PUBLIC.' })
  viewer(@Ctx() { viewer }: Context): object {
    return { role: viewer.role, authority: viewer.authority === null ? null : { id: viewer.authority }, subject: viewer.subject, acts: actsOfRole(viewer.role) }
  }

  @Query(() => Node, { nullable: true, description: 'Anything by its global id; null where it does not exist for the viewer.' })
  async node(@Ctx() context: Context, @Arg('id', () => ID, { description: 'As it came in a field `id`.' }) id: string, @Info() info: GraphQLResolveInfo): Promise<object | null> {
    const [, kind, rest = ''] = /^([a-z]+):(.+)$/s.exec(id) ?? []
    switch (kind) {
      case 'authority': return context.house.authority(id) ? { __typename: 'Authority', id } : null
      case 'treaty': {
        const row = context.house.register().instruments.find(each => each.code === rest)
        return row ? treatyView(row) : null
      }
      case 'request': return context.house.request(context, rest, info)
      case 'contact': {
        const point = await context.house.contactPoint(context, id)
        return point && { __typename: 'ContactPoint', ...point }
      }
      case undefined: return null
    }
    return null
  }
}
