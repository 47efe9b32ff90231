// Contact points and partners: answered by each authority's own store, one slot for each that was asked.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, FieldResolver, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { ContactPoint, ContactPointAnswer, ContactPointPayload, PartnerStatus } from '../schema/authority'
import { ContactPointInput, RetireContactPointInput } from '../schema/contact-inputs'
import { ContactPointFilter } from '../schema/filters'
import { plain } from './acts'
import { demandListBound, demandListed } from './bounds'
import type { ContactPointRow, Context } from './context'
import { dutyOf, fits, isOnDuty, partnerStatus, sourceOf } from './duty'

@Resolver(() => ContactPoint)
export class ContactPointResolver {
  @Query(() => ContactPointAnswer, { description: 'Desks in force. An authority that cannot be asked is named in `sources`. PUBLIC sees no channels.' })
  async contactPoints(@Ctx() context: Context, @Arg('filter', () => ContactPointFilter, { nullable: true, description: 'All given parts must fit.' }) filter: ContactPointFilter | null): Promise<object> {
    demandListBound(filter?.jurisdictions, 'filter.jurisdictions')
    const feedCursor = await context.house.feedCursor(context)
    const asked = context.house.authorities().filter(profile => !filter?.jurisdictions || filter.jurisdictions.includes(profile.country))
    const slots = await dutyOf(context, asked.map(profile => profile.id))
    return { nodes: slots.flatMap(slot => slot.points ?? []).filter(point => fits(context, point, filter)), sources: slots.map(sourceOf), feedCursor }
  }

  @FieldResolver(() => Boolean)
  onDuty(@Root() point: ContactPointRow, @Ctx() context: Context): boolean { return isOnDuty(context, point) }

  @Authorized('PUBLISH_CONTACT_POINT')
  @Mutation(() => ContactPointPayload, { description: 'Publishes a contact point of the own authority, or the new text of one; all authorities get it. Role: LIAISON. NOT_FOUND for an id that is no own contact point in force.' })
  publishContactPoint(@Ctx() context: Context, @Arg('input', () => ContactPointInput, { description: 'What to publish.' }) input: ContactPointInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    demandListed(context, 'LANGUAGE', input.languages, 'input.languages')
    const { id, ...said } = plain<{ id?: string | null } & Omit<ContactPointRow, 'id' | 'authority'>>(input)
    return context.house.contactAct(context, { mutation: 'publishContactPoint', id: id ?? null, said, reason: null }, info)
  }

  @Authorized('PUBLISH_CONTACT_POINT')
  @Mutation(() => ContactPointPayload, { description: 'Takes a contact point of the own authority out of force; all authorities get it. Role: LIAISON.' })
  retireContactPoint(@Ctx() context: Context, @Arg('input', () => RetireContactPointInput, { description: 'Which one, and why.' }) input: RetireContactPointInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return context.house.contactAct(context, { mutation: 'retireContactPoint', id: input.id, said: null, reason: input.reason ?? null }, info)
  }
}

@Resolver(() => PartnerStatus)
export class PartnerResolver {
  @Query(() => [PartnerStatus], { description: 'Every other authority: whether it is reachable, who is on duty there now, how fast it acknowledges.' })
  async partners(@Ctx() context: Context): Promise<object[]> {
    const others = context.house.authorities().map(profile => profile.id).filter(id => id !== context.viewer.authority)
    return (await dutyOf(context, others)).map(slot => partnerStatus(context, slot))
  }

  @FieldResolver(() => Int, { nullable: true })
  openRequests(@Root() { authority }: { authority: { id: string } }, @Ctx() context: Context): Promise<number | null> { return context.house.openRequests(context, authority.id) }
}
